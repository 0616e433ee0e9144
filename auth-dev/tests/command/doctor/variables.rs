//! Environment variables that cannot be meant.

use super::{PASSWORD, Place, Wrong};
use crate::run::{server, server_with};

#[tokio::test]
async fn each_variable_that_is_wrong_is_found() {
    const BOTH: [&str; 2] = ["WORKOS_CLIENT_ID", "VITE_WORKOS_CLIENT_ID"];
    let server = server_with(|config| {
        config.redirect_uris.extend(
            ["http://localhost:5173/", "https://a.test/callback", "https://b.test/callback"]
                .map(str::to_owned),
        );
        config.cors_origins.push("https://a.test".to_owned());
    })
    .await;
    let failed = "failed";
    type Case<'a> = (&'a [(&'a str, &'a str)], &'a [Wrong<'a>]);
    let cases: &[Case<'_>] = &[
        (&[(BOTH[0], ""), (BOTH[1], "")], &[(BOTH[0], failed, "auth-dev serve")]),
        (
            &[(BOTH[0], "undefined"), (BOTH[1], "undefined")],
            &[(BOTH[0], failed, "undefined"), (BOTH[1], failed, "undefined")],
        ),
        (&[(BOTH[0], "\"client_01DEV\""), (BOTH[1], "")], &[(BOTH[0], failed, "quotes")]),
        (&[(BOTH[0], "client_01DEV "), (BOTH[1], "")], &[(BOTH[0], failed, "spaces")]),
        (&[(BOTH[0], "01DEV"), (BOTH[1], "")], &[(BOTH[0], failed, "no WorkOS client id")]),
        (
            &[(BOTH[0], "client_01XXXXXXXXXXXXXXXXXX"), (BOTH[1], "")],
            &[(BOTH[0], failed, "placeholder")],
        ),
        (
            &[(BOTH[0], "client_01OTHER"), (BOTH[1], "client_01OTHER")],
            &[
                ("key_set", failed, "404"),
                ("client_secret", failed, "not of the client"),
                ("service_redirect_uri", failed, "not accepted"),
                ("page_redirect_uri", failed, "not accepted"),
                ("token", failed, "issuer_unknown"),
                ("token_audience", "warning", "client_01OTHER"),
            ],
        ),
        (&[(BOTH[1], "client_01OTHER")], &[(BOTH[1], failed, "is not WORKOS_CLIENT_ID")]),
        (
            &[("WORKOS_API_KEY", "sk_test_of_somebody_else")],
            &[("client_secret", failed, "not of the client")],
        ),
        (&[("WORKOS_API_KEY", "pk_of_something_else")], &[("WORKOS_API_KEY", failed, "sk_test_")]),
        (
            &[("WORKOS_API_KEY", "sk_live_a_real_one")],
            &[("key_mode", failed, "a server on this machine")],
        ),
        (
            &[
                ("WORKOS_REDIRECT_URI", "https://a.test/callback"),
                ("VITE_WORKOS_REDIRECT_URI", "https://a.test/callback"),
            ],
            &[("key_mode", "warning", "sk_live_")],
        ),
        (
            &[("WORKOS_REDIRECT_URI", "http://a.test/callback")],
            &[("WORKOS_REDIRECT_URI", failed, "no https URL")],
        ),
        (
            &[("WORKOS_REDIRECT_URI", "http://localhost:3000/elsewhere/callback")],
            &[(
                "service_redirect_uri",
                failed,
                "--redirect-uri http://localhost:3000/elsewhere/callback",
            )],
        ),
        (
            &[("VITE_WORKOS_REDIRECT_URI", "http://localhost:5173/")],
            &[("VITE_WORKOS_REDIRECT_URI", "warning", "/components")],
        ),
        (
            &[("VITE_WORKOS_REDIRECT_URI", "http://localhost:5174/callback")],
            &[
                ("page_redirect_uri", failed, "not accepted"),
                ("page_origin", failed, "--cors-origin http://localhost:5174"),
            ],
        ),
        (
            &[("VITE_WORKOS_REDIRECT_URI", "https://b.test/callback")],
            &[("page_origin", failed, "pages at https://b.test may not ask")],
        ),
        (
            &[("WORKOS_COOKIE_PASSWORD", "a-password-of-31-characters-abc")],
            &[("WORKOS_COOKIE_PASSWORD", failed, "at least 32 characters")],
        ),
        (
            &[("WORKOS_API_URL", "https://me:a-password@a.test")],
            &[
                ("WORKOS_API_URL", failed, "not shown"),
                ("VITE_WORKOS_API_URL", failed, "not shown"),
            ],
        ),
        (
            &[("WORKOS_REDIRECT_URI", "https://me:a-password@a.test/callback")],
            &[("WORKOS_REDIRECT_URI", failed, "not shown")],
        ),
        (
            // Without a client, WorkOS is not asked.
            &[
                ("WORKOS_API_KEY", "sk_live_a_real_one"),
                ("WORKOS_API_URL", ""),
                (BOTH[0], ""),
                (BOTH[1], ""),
            ],
            &[(BOTH[0], failed, ""), ("key_mode", failed, "a redirect URI on this machine")],
        ),
        (&[("ADMIN_DOMAIN", "@example.com")], &[("ADMIN_DOMAIN", failed, "without `@`")]),
        (&[("ADMIN_DOMAIN", "yourdomain.com")], &[("ADMIN_DOMAIN", failed, "placeholder")]),
        (
            &[("ADMIN_DOMAIN", PASSWORD)],
            &[("ADMIN_DOMAIN", failed, "belongs into another variable")],
        ),
        (
            &[("WORKOS_API_URL", "http://localhost:4100/"), (BOTH[1], "")],
            &[("WORKOS_API_URL", failed, "no slash at the end")],
        ),
        (
            &[("VITE_WORKOS_API_URL", "")],
            &[("VITE_WORKOS_API_URL", failed, "the page asks https://")],
        ),
        (&[("VITE_SECRET", PASSWORD)], &[("page_secrets", failed, "a secret is in VITE_SECRET")]),
        (
            &[("VITE_API_KEY", "sk_test_something")],
            &[("page_secrets", failed, "a secret is in VITE_API_KEY")],
        ),
    ];
    for (number, (changes, expected)) in cases.iter().enumerate() {
        let place = Place::new(&format!("variable-{number}"), &server).with(changes);
        place.ask(&[]).await.assert(expected, &format!("{changes:?}"));
    }
}

#[tokio::test]
async fn a_live_key_is_never_sent_to_this_machine() {
    let server = server().await;
    let path = "/user_management/authenticate";
    // The page's origin is asked about at the same path.
    let place = |key| {
        let changes = [("WORKOS_API_KEY", key), ("VITE_WORKOS_REDIRECT_URI", "")];
        Place::new("live-key", &server).with(&changes)
    };
    place("sk_live_a_real_one").ask(&[]).await;
    assert_eq!(server.requests(path), 0);
    place(server.api_key()).ask(&[]).await;
    assert_eq!(server.requests(path), 2, "once as text and once as JSON");
}
