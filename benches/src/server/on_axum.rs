//! Services with axum, on one thread.

use std::net::TcpListener;
use std::sync::Arc;

use auth_core::Auth;
use auth_core::axum as guarded;
use axum::Router;
use axum::body::Body;
use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::routing::get;
use jwt_authorizer::{Authorizer, JwtAuthorizer};

use super::handlers::{authenticated_only, unguarded, with_a_role};
use super::{ANSWER, PATH, Service};
use crate::ours::{self, CACHE, NO_CACHE};
use crate::peers::{self, ByHand, Claims, Crypto};

pub(super) fn serve(
    service: Service,
    key_set: String,
    listener: TcpListener,
) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let app = app(service, key_set).await?;
        listener.set_nonblocking(true)?;
        axum::serve(tokio::net::TcpListener::from_std(listener)?, app).await?;
        Ok(())
    })
}

async fn app(service: Service, key_set: String) -> anyhow::Result<Router> {
    Ok(match service {
        Service::AxumUnguarded => Router::new().route(PATH, get(unguarded)),
        Service::AxumOursHot => ours(CACHE, &key_set, guarded::get(authenticated_only)).await?,
        Service::AxumOursRole => ours(CACHE, &key_set, guarded::get(with_a_role)).await?,
        Service::AxumOursCold => ours(NO_CACHE, &key_set, guarded::get(authenticated_only)).await?,
        Service::AxumJsonwebtoken => {
            Crypto::AwsLc.install()?;
            let state = Arc::new(ByHand::new(&key_set)?);
            Router::new().route(PATH, get(by_hand)).with_state(state)
        }
        Service::AxumJwtAuth => jwt_auth(&key_set, Crypto::RustCrypto)?,
        Service::AxumJwtAuthAwsLc => jwt_auth(&key_set, Crypto::AwsLc)?,
        Service::AxumJwtAuthorizer => {
            let keys = JwtAuthorizer::from_jwks_text(&key_set);
            let state = Arc::new(peers::jwt_authorizer(keys).await?);
            Router::new().route(PATH, get(by_jwt_authorizer)).with_state(state)
        }
        Service::AxumOauth2ResourceServer => oauth2(&key_set, Crypto::RustCrypto).await?,
        Service::AxumOauth2ResourceServerAwsLc => oauth2(&key_set, Crypto::AwsLc).await?,
        _ => anyhow::bail!("{} is not for axum", service.name()),
    })
}

async fn ours(
    cache_bytes: usize,
    key_set: &str,
    handlers: guarded::MethodRouter<Auth>,
) -> anyhow::Result<Router> {
    let auth = ours::workos(cache_bytes, key_set).build()?;
    auth.ready().await?;
    let app = guarded::Router::new().route(PATH, handlers).with_state(auth).finish()?;
    Ok(app.into_unguarded())
}

impl FromRequestParts<Arc<ByHand>> for Claims {
    type Rejection = StatusCode;

    async fn from_request_parts(
        parts: &mut Parts,
        state: &Arc<ByHand>,
    ) -> Result<Self, Self::Rejection> {
        state.authenticate(&parts.headers).ok_or(StatusCode::UNAUTHORIZED)
    }
}

async fn by_hand(_: Claims) -> &'static str {
    ANSWER
}

fn jwt_auth(key_set: &str, crypto: Crypto) -> anyhow::Result<Router> {
    crypto.install()?;
    Ok(Router::new().route(PATH, get(by_jwt_auth)).with_state(peers::decoder(key_set)?))
}

async fn by_jwt_auth(_: axum_jwt_auth::Claims<Claims>) -> &'static str {
    ANSWER
}

/// Its layer is for axum 0.7, and this is what that does.
pub(crate) struct ByJwtAuthorizer;

impl FromRequestParts<Arc<Authorizer<Claims>>> for ByJwtAuthorizer {
    type Rejection = StatusCode;

    async fn from_request_parts(
        parts: &mut Parts,
        authorizer: &Arc<Authorizer<Claims>>,
    ) -> Result<Self, Self::Rejection> {
        let token = authorizer.extract_token(&parts.headers).ok_or(StatusCode::UNAUTHORIZED)?;
        let data = authorizer.check_auth(&token).await.map_err(|_| StatusCode::UNAUTHORIZED)?;
        parts.extensions.insert(data);
        Ok(Self)
    }
}

async fn by_jwt_authorizer(_: ByJwtAuthorizer) -> &'static str {
    ANSWER
}

async fn oauth2(key_set: &str, crypto: Crypto) -> anyhow::Result<Router> {
    crypto.install()?;
    let layer = peers::resource_server(key_set).await?.into_layer::<Body>();
    Ok(Router::new().route(PATH, get(unguarded)).layer(layer))
}
