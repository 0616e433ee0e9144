//! Command lines that cannot be meant, and what is in the way.

use crate::run::{auth_dev, seed_file, server, stderr};

#[tokio::test]
async fn what_cannot_be_done_is_told_with_a_mend() {
    let directory = std::env::temp_dir();
    let directory = directory.to_str().unwrap();
    let cases: [(&[&str], &str, i32); 13] = [
        (&["token", "admin", "--url", "http://127.0.0.1:1"], "auth-dev serve", 3),
        (&["token", "admin", "--url", "no URL"], "--url", 2),
        (&["token", "admin", "--url", "http://a:SECRET@127.0.0.1:1"], "http://127.0.0.1:1 does", 3),
        (&["serve", "--port", "many"], "--port", 2),
        (&["serve", "--port", "0", "--client-id", "undefined"], "is no client id", 2),
        (&["serve", "--port", "0", "--redirect-uri", "x"], "redirect_uris: \"x\"", 2),
        (&["serve", "--port", "0", "--token-lifetime", "0s"], "token_lifetime", 2),
        (&["doctor", "--env-file", directory], "cannot read", 3),
        (&["explain"], "<TOKEN>", 2),
        (&["explain", "x", "--client-id", "undefined"], "set WORKOS_CLIENT_ID", 2),
        (&["explain", "x", "--admin-domain", "@example.com"], "without `@`", 2),
        (&["explain", "x", "--jwks", "keys.json"], "--issuer", 2),
        (&["explain", "x", "--jwks", "no-file", "--issuer", "i"], "cannot read no-file", 3),
    ];
    for (arguments, expected, code) in cases {
        let output = auth_dev(arguments).await;
        let said = stderr(&output);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
        assert!(!said.contains("SECRET"), "{said}");
        assert!(said.contains(expected), "{arguments:?}: {said}");
    }
}

#[tokio::test]
async fn a_port_that_is_taken_is_told() {
    let workos = server().await;
    let port = workos.url().rsplit(':').next().unwrap();
    let output = auth_dev(&["serve", "--port", port]).await;
    let said = stderr(&output);
    assert_eq!(output.status.code(), Some(3));
    assert!(said.contains("is another server running there?"), "{said}");
}

#[tokio::test]
async fn a_seed_file_that_is_wrong_is_told_with_its_name() {
    let seed = seed_file("wrong", "users = [{ email = \"ada\" }]");
    let shown = seed.to_str().unwrap();
    for (file, expected) in [(shown, "\"ada\" is no e-mail address"), ("no/such", "no/such")] {
        let output = auth_dev(&["serve", "--port", "0", "--seed", file]).await;
        let said = stderr(&output);
        assert_eq!(output.status.code(), Some(3), "{said}");
        assert!(said.contains(expected), "{said}");
    }
    std::fs::remove_file(seed).unwrap();
}
