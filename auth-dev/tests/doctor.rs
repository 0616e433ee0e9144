//! `auth-dev doctor`, run as a user runs it: each test has one thing wrong.
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::Output;
use std::time::Duration;

use auth_dev::{AudienceOf, AuthDev, Config, Fault, TokenOptions};
use axum::http::StatusCode;
use axum::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CONTENT_TYPE};
use axum::response::Redirect;
use axum::routing::{get, post};
use serde_json::{Value, json};
use tokio::process::Command;

const PASSWORD: &str = "a-password-that-nobody-should-see";
const RECIPE: &str = r#"{"email": "{{user.email}}", "name": "{{user.first_name}}"}"#;

/// A check that comes out wrong: its name, its outcome, and words that are said.
type Wrong<'a> = (&'a str, &'a str, &'a str);

/// A folder with the environment of a service and a page, and where they are to find WorkOS.
struct Place {
    folder: PathBuf,
    variables: BTreeMap<String, String>,
}

impl Place {
    fn new(name: &str, server: &AuthDev) -> Self {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("doctor").join(name);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        let variables = [
            ("WORKOS_CLIENT_ID", server.client_id()),
            ("WORKOS_API_KEY", server.api_key()),
            ("WORKOS_API_URL", server.url()),
            ("WORKOS_REDIRECT_URI", "http://localhost:3000/callback"),
            ("WORKOS_COOKIE_PASSWORD", PASSWORD),
            ("ADMIN_DOMAIN", "example.com"),
            ("VITE_WORKOS_CLIENT_ID", server.client_id()),
            ("VITE_WORKOS_REDIRECT_URI", "http://localhost:5173/callback"),
            ("VITE_WORKOS_API_URL", server.url()),
        ];
        let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
        Self { folder, variables: variables.into() }
    }

    /// A change to nothing takes the variable away.
    fn with(mut self, changes: &[(&str, &str)]) -> Self {
        for (name, value) in changes {
            self.variables.insert((*name).to_owned(), (*value).to_owned());
            if value.is_empty() {
                self.variables.remove(*name);
            }
        }
        self
    }

    /// The command here, without what the environment of the tests sets.
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_auth-dev"));
        for (name, _) in std::env::vars() {
            if name.contains("WORKOS") || name.starts_with("VITE_") {
                command.env_remove(name);
            }
        }
        command.env_remove("ADMIN_DOMAIN").env_remove("CLICOLOR_FORCE");
        command.arg("doctor").args(arguments).current_dir(&self.folder);
        command
    }

    /// The service's variables in `.env`, those of the page in `.env.local`.
    fn write(&self) {
        let of = |is_of_page: bool| -> String {
            let variables = self.variables.iter();
            let wanted = variables.filter(|(name, _)| name.starts_with("VITE_") == is_of_page);
            wanted.map(|(name, value)| format!("{name}='{value}'\n")).collect()
        };
        fs::write(self.folder.join(".env"), of(false)).unwrap();
        fs::write(self.folder.join(".env.local"), of(true)).unwrap();
    }

    /// What is found wrong, by name: what it is, and all that is said about it.
    async fn ask(&self, arguments: &[&str]) -> Found {
        self.write();
        let mut for_people = self.command(arguments);
        let mut for_scripts = self.command(&[arguments, &["--json"]].concat());
        let (text, json) = tokio::join!(for_people.output(), for_scripts.output());
        self.check(&text.unwrap(), &json.unwrap())
    }

    fn check(&self, text: &Output, json: &Output) -> Found {
        for output in [text, json] {
            let said = [&output.stdout[..], &output.stderr].concat();
            let said = String::from_utf8(said).unwrap();
            for name in ["WORKOS_API_KEY", "WORKOS_COOKIE_PASSWORD"] {
                let secret = self.variables.get(name).filter(|secret| secret.len() > 9);
                assert!(secret.is_none_or(|secret| !said.contains(secret)), "{name} in {said}");
            }
            assert!(!said.contains("a-password@") && !said.contains('\u{1b}'), "{said}");
        }
        let code = text.status.code();
        assert_eq!(json.status.code(), code);
        let text = String::from_utf8(text.stdout.clone()).unwrap();
        let json: Value = serde_json::from_slice(&json.stdout).unwrap();
        let mut wrong = BTreeMap::new();
        for check in json["checks"].as_array().unwrap() {
            let (name, outcome) =
                (check["name"].as_str().unwrap(), check["outcome"].as_str().unwrap());
            let label = text.lines().find(|line| line.split_whitespace().nth(1) == Some(name));
            let label = label.unwrap_or_else(|| panic!("no {name} in\n{text}")).trim_start();
            assert!(label.to_ascii_lowercase().starts_with(outcome), "{label}: {outcome}");
            if matches!(outcome, "failed" | "warning") {
                assert!(check["mend"].is_string(), "{name} has no mend\n{text}");
                wrong.insert(name.to_owned(), (outcome.to_owned(), check.to_string()));
            }
        }
        let failed = wrong.values().filter(|(outcome, _)| outcome == "failed").count();
        assert_eq!(json["failed"], failed);
        assert_eq!(json["warnings"], wrong.len() - failed);
        assert_eq!(code, Some(i32::from(failed > 0)), "{text}");
        Found { wrong, text, json }
    }
}

struct Found {
    wrong: BTreeMap<String, (String, String)>,
    text: String,
    json: Value,
}

impl Found {
    /// Just these are wrong.
    fn assert(&self, expected: &[Wrong<'_>], case: &str) {
        let names: Vec<&str> = self.wrong.keys().map(String::as_str).collect();
        let mut wanted: Vec<&str> = expected.iter().map(|(name, ..)| *name).collect();
        wanted.sort_unstable();
        assert_eq!(names, wanted, "{case}:\n{}", self.text);
        for (name, outcome, words) in expected {
            let (came, said) = &self.wrong[*name];
            assert_eq!(came, outcome, "{case}: {said}");
            assert!(said.contains(words), "{case}: no {words:?} in {said}");
        }
    }
}

async fn server(change: impl FnOnce(&mut Config)) -> AuthDev {
    let mut config = Config::default();
    change(&mut config);
    AuthDev::start(config).await.unwrap()
}

#[tokio::test]
async fn what_the_server_prints_is_well() {
    let server = server(|_| {}).await;
    let found = Place::new("well", &server).ask(&[]).await;
    found.assert(&[], "all is well");
    assert_eq!(found.text.lines().last(), Some("all is well"));
    assert_eq!(found.json["server"], "auth-dev");
    let checks = found.json["checks"].as_array().unwrap();
    assert!(checks.iter().all(|check| check["outcome"] == "ok"), "{}", found.text);
}

#[tokio::test]
async fn each_variable_that_is_wrong_is_found() {
    const BOTH: [&str; 2] = ["WORKOS_CLIENT_ID", "VITE_WORKOS_CLIENT_ID"];
    let server = server(|config| {
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
    let server = server(|_| {}).await;
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

#[tokio::test]
async fn each_server_that_is_wrong_is_found() {
    let well = || async { server(|_| {}).await };
    let failing = well().await;
    failing.fail(Fault {
        status: Some(StatusCode::SERVICE_UNAVAILABLE),
        count: None,
        ..Fault::at("/sso/jwks/*")
    });
    let ahead = well().await;
    ahead.advance_clock(Duration::from_secs(600));
    let template = |text: &'static str| server(move |config| config.jwt_template = text.to_owned());
    let unaddressed = server(|config| {
        config.audience = AudienceOf::None;
        config.client_id_claim = false;
    });
    let cases: [(&str, AuthDev, &[Wrong<'_>]); 5] = [
        (
            "keys that cannot be had",
            failing,
            &[("key_set", "failed", "503"), ("token", "failed", "keys_unavailable")],
        ),
        (
            "a clock that is ahead",
            ahead,
            &[("clock", "failed", "behind the server"), ("token", "failed", "claim_invalid")],
        ),
        (
            "the recipe's template",
            template(RECIPE).await,
            &[(
                "token_email_verified",
                "failed",
                "\\\"email_verified\\\": {{user.email_verified}}",
            )],
        ),
        (
            "a template without an address",
            template(r#"{"email_verified": {{user.email_verified}}}"#).await,
            &[("token_email", "failed", "\\\"email\\\": \\\"{{user.email}}\\\"")],
        ),
        (
            "tokens for nobody",
            unaddressed.await,
            &[("token_audience", "warning", "\\\"aud\\\": \\\"client_01DEV\\\"")],
        ),
    ];
    for (number, (case, server, expected)) in cases.iter().enumerate() {
        let place = Place::new(&format!("server-{number}"), server);
        place.ask(&[]).await.assert(expected, case);
    }
    // Without administrators, the recipe's template will do.
    let place = Place::new("no-administrators", &cases[2].1).with(&[("ADMIN_DOMAIN", "")]);
    let expected = [("token_email_verified", "warning", "verified address")];
    place.ask(&[]).await.assert(&expected, "without administrators");
}

/// WorkOS answers with redirects where auth-dev shows pages, and knows nothing of `/_dev/`.
#[tokio::test]
async fn workos_itself_is_understood() {
    let server = server(|_| {}).await;
    let keys = format!("{}/sso/jwks/client_01DEV", server.url());
    let keys = reqwest::get(keys).await.unwrap().text().await.unwrap();
    for (leads_to, error, origin, expected) in [
        ("https://a.authkit.app/?x=y", "invalid_grant", "*", &[][..]),
        (
            "https://error.workos.com/sso/redirect-uri-invalid",
            "invalid_grant",
            "*",
            &[
                ("page_redirect_uri", "failed", "in the WorkOS dashboard under Redirects"),
                ("service_redirect_uri", "failed", "not accepted"),
            ],
        ),
        (
            "/",
            "invalid_client",
            "https://elsewhere.test",
            &[
                ("client_secret", "failed", "the same environment"),
                ("page_origin", "failed", "CORS origins in the WorkOS dashboard"),
            ],
        ),
        ("/", "something_new", "*", &[("client_secret", "warning", "something_new")]),
    ] {
        let place = Place::new("workos", &server);
        let url = stand_in(keys.clone(), leads_to, error, origin).await;
        let place = place.with(&[("WORKOS_API_URL", &url), ("VITE_WORKOS_API_URL", &url)]);
        let found = place.ask(&[]).await;
        found.assert(expected, leads_to);
        assert_eq!(found.json["server"], "a server that is not auth-dev");
        let last = found.json["checks"].as_array().unwrap().last().unwrap();
        assert_eq!((&last["name"], &last["outcome"]), (&json!("token"), &json!("skipped")));
    }
}

async fn stand_in(
    keys: String,
    leads_to: &'static str,
    error: &'static str,
    origin: &'static str,
) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let keys = ([(CONTENT_TYPE, "application/json")], keys);
    let grant = (StatusCode::BAD_REQUEST, axum::Json(json!({ "error": error })));
    let router = axum::Router::new()
        .route("/sso/jwks/client_01DEV", get(async || keys))
        .route("/user_management/authorize", get(async move || Redirect::to(leads_to)))
        .route(
            "/user_management/authenticate",
            post(async || grant).options(async move || [(ACCESS_CONTROL_ALLOW_ORIGIN, origin)]),
        )
        // As servers of pages do.
        .fallback(async || "a page");
    tokio::spawn(async { axum::serve(listener, router).await });
    url
}

#[tokio::test]
async fn a_server_that_is_not_there_is_told() {
    let server = server(|_| {}).await;
    let changes = [("WORKOS_API_URL", "http://127.0.0.1:1"), ("VITE_WORKOS_CLIENT_ID", "")];
    let found = Place::new("no-server", &server).with(&changes).ask(&[]).await;
    found.assert(&[("server", "failed", "auth-dev serve")], "no server");
    assert_eq!(found.json["server"], Value::Null);
}

#[tokio::test]
async fn a_token_of_ones_own_is_looked_at_and_not_told() {
    let server = server(|_| {}).await;
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

#[tokio::test]
async fn files_are_read_in_order_and_the_process_wins() {
    let server = server(|_| {}).await;
    let place = Place::new("files", &server);
    place.write();
    let write = |name: &str, text: &str| fs::write(place.folder.join(name), text).unwrap();
    write("first", "WORKOS_CLIENT_ID=client_01FIRST\nADMIN_DOMAIN=first.test\n");
    write("second", "export ADMIN_DOMAIN = \"second.test\" # the later wins\n");
    write("broken", &format!("ADMIN_DOMAIN=a.test\nWORKOS_COOKIE_PASSWORD={PASSWORD} x\n"));

    let both = ["--env-file", "first", "--env-file", "second"];
    let output = place.command(&both).env("WORKOS_CLIENT_ID", "undefined").output().await.unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    for words in [
        "read first and second",
        "is `undefined`, from the environment, where first has another value",
        "second.test, from second, where first has another value",
    ] {
        assert!(text.contains(words), "no {words:?} in\n{text}");
    }

    let output = place.command(&["--env-file", "broken"]).output().await.unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("broken has a line behind ADMIN_DOMAIN that cannot be read"), "{text}");
    assert!(!text.contains(PASSWORD), "{text}");

    let output = place.command(&["--env-file", "absent"]).output().await.unwrap();
    assert_eq!(output.status.code(), Some(3));
    assert!(String::from_utf8(output.stderr).unwrap().contains("cannot read absent"));
}
