//! A token of one's own.

use auth_dev::TokenOptions;

use super::Place;
use crate::run::server;

#[tokio::test]
async fn a_token_of_ones_own_is_looked_at_and_not_told() {
    let server = server().await;
    let place = Place::new("token", &server);
    let token = |options: &TokenOptions| server.token("admin", options).unwrap();
    let unverified = server.token("unverified", &TokenOptions::default()).unwrap();
    for (token, expected) in [
        (token(&TokenOptions::default()), &[][..]),
        (
            token(&TokenOptions { expired: true, ..TokenOptions::default() }),
            &[("token", "failed", "token_expired: expired 1 minute")],
        ),
        (
            token(&TokenOptions { audience: Some("other".to_owned()), ..TokenOptions::default() }),
            &[("token", "failed", "audience_mismatch"), ("token_audience", "failed", "aud")],
        ),
        (unverified, &[("token_email_verified", "warning", "not verified")]),
    ] {
        let found = place.ask(&["--token", &token]).await;
        found.assert(expected, "a token");
        let signature = token.rsplit('.').next().unwrap();
        assert!(!found.text.contains(signature) && !found.json.to_string().contains(signature));
    }
}
