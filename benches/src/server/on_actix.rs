//! Services with actix-web, with one worker.

use std::collections::HashSet;
use std::net::TcpListener;

use actix_web::dev::ServiceRequest;
use actix_web::error::ErrorUnauthorized;
use actix_web::http::header::AUTHORIZATION;
use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{App, Error, HttpMessage, HttpServer};
use actix_web_grants::{GrantsMiddleware, protect};
use actix_web_httpauth::extractors::bearer::BearerAuth;
use actix_web_httpauth::middleware::HttpAuthentication;
use auth_core::actix as guarded;

use super::handlers::{authenticated_only, unguarded, with_a_role};
use super::{ANSWER, PATH, Service};
use crate::ours::{self, CACHE, NO_CACHE};
use crate::peers::{ByHand, Crypto};

pub(super) fn serve(
    service: Service,
    key_set: String,
    listener: TcpListener,
) -> anyhow::Result<()> {
    actix_web::rt::System::new().block_on(async move {
        match service {
            Service::ActixUnguarded => {
                run(listener, |app| {
                    app.route(PATH, web::get().to(unguarded));
                })
                .await
            }
            Service::ActixOursHot => {
                ours(CACHE, &key_set, guarded::get(authenticated_only), listener).await
            }
            Service::ActixOursRole => {
                ours(CACHE, &key_set, guarded::get(with_a_role), listener).await
            }
            Service::ActixOursCold => {
                ours(NO_CACHE, &key_set, guarded::get(authenticated_only), listener).await
            }
            Service::ActixHttpauth => {
                Crypto::AwsLc.install()?;
                let decoder = Data::new(ByHand::new(&key_set)?);
                run(listener, move |app| {
                    let guard = HttpAuthentication::bearer(by_httpauth);
                    let route = web::resource(PATH).wrap(guard).route(web::get().to(unguarded));
                    app.app_data(decoder.clone()).service(route);
                })
                .await
            }
            Service::ActixGrants => {
                Crypto::AwsLc.install()?;
                let decoder = Data::new(ByHand::new(&key_set)?);
                run(listener, move |app| {
                    let grants = GrantsMiddleware::with_extractor(authorities);
                    let route = web::resource(PATH).wrap(grants).route(web::get().to(protected));
                    app.app_data(decoder.clone()).service(route);
                })
                .await
            }
            _ => anyhow::bail!("{} is not for actix", service.name()),
        }
    })
}

async fn run(
    listener: TcpListener,
    configure: impl Fn(&mut ServiceConfig) + Clone + Send + 'static,
) -> anyhow::Result<()> {
    let server = HttpServer::new(move || App::new().configure(configure.clone()));
    Ok(server.workers(1).listen(listener)?.run().await?)
}

async fn ours(
    cache_bytes: usize,
    key_set: &str,
    handlers: guarded::MethodRouter,
    listener: TcpListener,
) -> anyhow::Result<()> {
    let auth = ours::workos(cache_bytes, key_set).build()?;
    auth.ready().await?;
    let guarded = guarded::Router::new().route(PATH, handlers).app_data(auth).finish()?;
    run(listener, move |app| {
        app.service(guarded.clone());
    })
    .await
}

async fn by_httpauth(
    request: ServiceRequest,
    credential: BearerAuth,
) -> Result<ServiceRequest, (Error, ServiceRequest)> {
    let decoder = request.app_data::<Data<ByHand>>();
    match decoder.and_then(|decoder| decoder.decode(credential.token())) {
        Some(claims) => {
            request.extensions_mut().insert(claims);
            Ok(request)
        }
        None => Err((ErrorUnauthorized("the token is not good"), request)),
    }
}

async fn authorities(request: &ServiceRequest) -> Result<HashSet<String>, Error> {
    let credential = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = credential.and_then(|credential| credential.strip_prefix("Bearer "));
    let decoder = request.app_data::<Data<ByHand>>();
    let claims = decoder.zip(token).and_then(|(decoder, token)| decoder.decode(token));
    let claims = claims.ok_or_else(|| ErrorUnauthorized("the token is not good"))?;
    Ok(claims.permissions.into_iter().chain(claims.role).collect())
}

#[protect("admin")]
async fn protected() -> &'static str {
    ANSWER
}
