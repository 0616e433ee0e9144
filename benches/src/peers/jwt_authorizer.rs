//! jwt-authorizer: a layer for axum 0.7, on `jsonwebtoken` 9, which verifies with *ring*.

use jwt_authorizer::layer::AuthorizationLayer;
use jwt_authorizer::{Authorizer, IntoLayer, JwtAuthorizer, Validation};

use super::{Claims, ISSUERS};
use crate::workload::AUDIENCE;

/// # Errors
/// If the key set cannot be read.
pub(crate) async fn jwt_authorizer_layer(
    key_set: &str,
) -> anyhow::Result<AuthorizationLayer<Claims>> {
    Ok(jwt_authorizer(JwtAuthorizer::from_jwks_text(key_set)).await?.into_layer())
}

/// Its check alone.
///
/// # Errors
/// If the key set cannot be read.
pub(crate) async fn jwt_authorizer(
    keys: JwtAuthorizer<Claims>,
) -> anyhow::Result<Authorizer<Claims>> {
    let validation = Validation::new().iss(&ISSUERS).aud(&[AUDIENCE]);
    Ok(keys.validation(validation).build().await?)
}
