//! jwt-authorizer: a layer for axum 0.7, on `jsonwebtoken` 9, which verifies with *ring*.

use jwt_authorizer::layer::AuthorizationLayer;
use jwt_authorizer::{IntoLayer, JwtAuthorizer, Validation};

use super::{Claims, ISSUERS};
use crate::workload::AUDIENCE;

/// # Errors
/// If the key set cannot be read.
pub(crate) async fn jwt_authorizer_layer(
    key_set: &str,
) -> anyhow::Result<AuthorizationLayer<Claims>> {
    let validation = Validation::new().iss(&ISSUERS).aud(&[AUDIENCE]);
    let authorizer = JwtAuthorizer::from_jwks_text(key_set).validation(validation).build().await?;
    Ok(authorizer.into_layer())
}
