//! `auth-dev token`.

use jsonwebtoken::dangerous::insecure_decode_claims;
use serde_json::Value;

use crate::run::{auth_dev, server, stdout};

#[tokio::test]
async fn token_prints_a_token_of_the_running_server() {
    let workos = server().await;
    let url = workos.url();
    let cases: [(&[&str], &str, &str); 4] = [
        (&["admin"], "iss", &format!("{url}/user_management/client_01DEV")),
        (&["member", "--issuer", "sso"], "iss", &format!("{url}/")),
        (&["member", "--issuer", "sso"], "aud", "client_01DEV"),
        (&["unverified", "--audience", "client_01OTHER"], "aud", "client_01OTHER"),
    ];
    for (arguments, claim, expected) in cases {
        let output = auth_dev(&[&["token", "--url", url], arguments].concat()).await;
        assert!(output.status.success(), "{arguments:?}");
        let token = stdout(&output);
        let claims: Value = insecure_decode_claims(token.trim()).unwrap();
        assert_eq!(claims[claim], expected, "{arguments:?}");
    }

    let output = auth_dev(&["token", "admin", "--expired", "--url", url]).await;
    let token = stdout(&output);
    let claims: Value = insecure_decode_claims(token.trim()).unwrap();
    assert!(claims["exp"].as_u64().unwrap() < jsonwebtoken::get_current_timestamp());
}
