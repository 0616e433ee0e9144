//! What becomes of a token, without a service around it.

use auth_core::{Auth, AuthError, Identity};

pub(crate) async fn authenticate(auth: &Auth, token: &str) -> Result<Option<Identity>, AuthError> {
    let mut headers = http::HeaderMap::new();
    headers.insert("authorization", format!("Bearer {token}").parse().unwrap());
    auth.authenticate(&headers).await
}

pub(crate) fn outcome(result: Result<Option<Identity>, AuthError>) -> String {
    match result {
        Ok(identity) => if identity.is_some() { "accepted" } else { "nobody" }.to_owned(),
        Err(error) => error.code().to_string(),
    }
}
