use axum::{Router, routing::get};
use jwt_authorizer::error::InitError;
use jwt_authorizer::{IntoLayer, JwtAuthorizer, JwtClaims, Validation};

#[derive(Clone, serde::Deserialize)]
struct User {
    sub: String,
    roles: Vec<String>,
}

async fn protected(JwtClaims(user): JwtClaims<User>) -> String {
    user.sub
}

async fn app() -> Result<Router, InitError> {
    let validation = Validation::new().iss(&["https://issuer.example"]).aud(&["my-api"]).nbf(true);
    let authorizer = JwtAuthorizer::from_oidc("https://issuer.example")
        .validation(validation)
        .check(|claims: &User| claims.roles.iter().any(|role| role == "editor"))
        .build()
        .await?;
    Ok(Router::new().route("/protected", get(protected)).layer(authorizer.into_layer()))
}
