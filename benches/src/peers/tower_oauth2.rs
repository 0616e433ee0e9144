//! tower-oauth2-resource-server: a tower layer, on `jsonwebtoken` 11.

use tower_oauth2_resource_server::server::OAuth2ResourceServer;
use tower_oauth2_resource_server::tenant::TenantConfiguration;
use tower_oauth2_resource_server::validation::ClaimsValidationSpec;

use super::{Claims, ISSUERS};
use crate::workload::AUDIENCE;

/// With a tenant for each issuer, since it checks `iss` for one alone.
///
/// # Errors
/// If the key set cannot be read.
pub(crate) async fn resource_server(key_set: &str) -> anyhow::Result<OAuth2ResourceServer<Claims>> {
    let audiences = vec![AUDIENCE.to_owned()];
    let mut server = OAuth2ResourceServer::builder();
    for issuer in ISSUERS {
        let checks = ClaimsValidationSpec::new().exp(true).iss(issuer).aud(&audiences);
        let tenant = TenantConfiguration::static_builder(key_set)
            .identifier(issuer)
            .claims_validation(checks)
            .build()?;
        server = server.add_tenant(tenant);
    }
    Ok(server.build().await?)
}
