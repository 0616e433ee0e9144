//! Tokens where they do not belong.

use auth_dev::TokenOptions;

use crate::run::{auth_dev, server, stderr, stdout};

#[tokio::test]
async fn a_token_in_the_wrong_place_is_not_told() {
    let workos = server().await;
    let token = workos.token("admin", &TokenOptions::default()).unwrap();
    let signature = token.rsplit('.').next().unwrap();
    let url = workos.url();
    let cases: [(&[&str], i32); 11] = [
        (&[&token], 2),
        (&["explain", "Bearer", &token, &token], 2),
        (&["explain", "x", &format!("--{token}")], 2),
        (&["explain", "x", "--jwks", &token, "--issuer", "i"], 3),
        (&["explain", "x", "--client-id", &token], 2),
        (&["explain", "x", "--api-url", &token], 2),
        (&["explain", "x", "--admin-domain", signature], 2),
        (&["token", &token, "--url", url], 3),
        (&["token", "admin", "--issuer", &token], 2),
        (&["doctor", &token], 2),
        (&["doctor", "--env-file", signature], 3),
    ];
    for (arguments, code) in cases {
        let output = auth_dev(arguments).await;
        assert_eq!(output.status.code(), Some(code), "{:?}", &arguments[..1]);
        let said = stdout(&output) + &stderr(&output);
        assert!(!said.contains(signature), "{said}");
        assert!(said.contains("not shown"), "{said}");
    }
}
