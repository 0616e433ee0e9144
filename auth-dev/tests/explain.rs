//! `auth-dev explain` and what it says about tokens, run as a user runs it.
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use std::process::{Output, Stdio};
use std::time::Duration;

use auth_dev::{
    AudienceOf, AuthDev, Config, Fault, Issuer, Membership, Organization, TokenOptions, User,
};
use axum::http::StatusCode;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

const RECIPE: &str = r#"{"email": "{{user.email}}", "name": "{{user.first_name}}"}"#;

/// The command, without what the environment of the tests sets.
fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_auth-dev"));
    for name in ["WORKOS_CLIENT_ID", "WORKOS_API_URL", "ADMIN_DOMAIN", "CLICOLOR_FORCE"] {
        command.env_remove(name);
    }
    command.args(arguments);
    command
}

async fn auth_dev(arguments: &[&str]) -> Output {
    command(arguments).output().await.unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

async fn server(change: impl FnOnce(&mut Config)) -> AuthDev {
    let mut config = Config::default();
    change(&mut config);
    AuthDev::start(config).await.unwrap()
}

/// A token that nobody has signed.
fn unsigned(header: &Value, claims: &Value) -> String {
    let encode = |part: &Value| URL_SAFE_NO_PAD.encode(part.to_string());
    format!("{}.{}.{}", encode(header), encode(claims), "A".repeat(342))
}

/// What is said about a token, as text and as JSON. Both are the same answer, and neither has the
/// signature, or anything that a terminal obeys.
async fn explained(token: &str, arguments: &[&str]) -> (i32, String, Value) {
    let for_people = [&["explain", token], arguments].concat();
    let for_scripts = [&["explain", token, "--json"], arguments].concat();
    let (text, json) = tokio::join!(auth_dev(&for_people), auth_dev(&for_scripts));
    assert_eq!(text.status.code(), json.status.code(), "{arguments:?}");
    for output in [&text, &json] {
        let said = stdout(output) + &stderr(output);
        assert!(token.is_empty() || !said.contains(token), "the token is told");
        for segment in token.split('.').skip(2).filter(|segment| segment.len() > 8) {
            assert!(!said.contains(segment), "the signature is told");
        }
        let obeyed = said.chars().find(|c| c.is_control() && *c != '\n');
        assert_eq!(obeyed, None, "{said}");
    }
    let (code, text, json) = (text.status.code().unwrap(), stdout(&text), stdout(&json));
    let json: Value = serde_json::from_str(&json).unwrap_or_else(|error| panic!("{error}: {json}"));
    for step in json["steps"].as_array().unwrap() {
        let label = label(&text, step["name"].as_str().unwrap());
        let label = label.to_ascii_lowercase().replace(' ', "_");
        assert_eq!(step["outcome"], label.as_str(), "{step}\n{text}");
    }
    (code, text, json)
}

/// How a step has come out.
fn label<'a>(text: &'a str, step: &str) -> &'a str {
    let lines = text.lines().filter_map(|line| line.strip_prefix("  "));
    let mut columns = lines.filter_map(|line| line.split_at_checked(11));
    let found = columns.find(|(_, rest)| rest.split_whitespace().next() == Some(step));
    found.unwrap_or_else(|| panic!("no {step} in\n{text}")).0.trim()
}

struct Case<'a> {
    name: &'a str,
    token: String,
    arguments: &'a [&'a str],
    /// The exit code, the last line, the step that decides and how it has come out.
    code: i32,
    verdict: &'a str,
    step: (&'a str, &'a str),
    words: &'a [&'a str],
}

impl Case<'_> {
    async fn check(self, server: &AuthDev) {
        let Self { name, token, arguments, code, verdict, step, words } = self;
        let own = ["--client-id", server.client_id(), "--api-url", server.url()];
        let is_of_key_set = arguments.contains(&"--jwks");
        let arguments = [if is_of_key_set { &[] } else { &own[..] }, arguments].concat();
        let (came, text, json) = explained(&token, &arguments).await;
        assert_eq!(came, code, "{name}:\n{text}");
        assert_eq!(text.lines().last(), Some(verdict), "{name}:\n{text}");
        assert_eq!(label(&text, step.0), step.1, "{name}:\n{text}");
        for word in words {
            assert!(text.contains(word), "{name}: no {word:?} in\n{text}");
        }
        let refused = verdict.split_once(": ").map(|(_, code)| code);
        let told = json["code"].as_str().or(json["administrator_code"].as_str());
        assert_eq!(told, refused, "{name}:\n{json:#}");
        let expected = ["accepted", "refused", "", "unavailable"][usize::try_from(code).unwrap()];
        assert_eq!(json["verdict"], expected, "{name}");
        assert_eq!(json["identity"].is_null(), code != 0, "{name}");
        check_order(&json, step.0, code, name);
    }
}

/// Before the step that refuses all is well, or at least known; behind it nothing is reached.
fn check_order(json: &Value, refusing: &str, code: i32, name: &str) {
    if code == 0 {
        return;
    }
    let mut is_behind = false;
    for step in json["steps"].as_array().unwrap() {
        let (step, outcome) = (step["name"].as_str().unwrap(), step["outcome"].as_str().unwrap());
        if step == refusing {
            is_behind = true;
        } else if is_behind && !(refusing == "header" && step == "issuer") {
            assert_eq!(outcome, "not_reached", "{name}: {step}");
        } else if !is_behind {
            assert_eq!(outcome, "ok", "{name}: {step}");
        }
    }
}

#[tokio::test]
async fn every_verdict_names_the_step_the_rule_and_the_mend() {
    let workos = server(|_| {}).await;
    let url = workos.url();
    let token = |options: &TokenOptions| workos.token("admin", options).unwrap();
    let plain = || token(&TokenOptions::default());
    let named = |name: &str| {
        token(&TokenOptions { issuer_name: Some(name.to_owned()), ..TokenOptions::default() })
    };
    let of_sso = || TokenOptions { issuer: Issuer::Sso, ..TokenOptions::default() };
    let user_management = format!("{url}/user_management/client_01DEV");
    let kid = workos.signing_key();
    let header = |changes: &[(&str, Value)]| {
        let mut header = json!({ "alg": "RS256", "kid": kid, "typ": "JWT" });
        for (name, value) in changes {
            header[name] = value.clone();
        }
        unsigned(&header, &json!({ "iss": user_management, "sub": "s", "exp": 9_999_999_999_u64 }))
    };
    let cut = |by: usize| {
        let whole = plain();
        whole[..whole.len() - by].to_owned()
    };
    let refused = |name, token, verdict, step, words| Case {
        name,
        token,
        arguments: &[],
        code: 1,
        verdict,
        step: (step, "REFUSED"),
        words,
    };
    let cases = [
        Case {
            name: "accepted",
            token: plain(),
            arguments: &[],
            code: 0,
            verdict: "accepted",
            step: ("time", "ok"),
            words: &[
                "User Management",
                "1 usable key at",
                "expires in ",
                "to live 5 minutes",
                "admin@example.com (verified)",
                "client_id client_01DEV",
            ],
        },
        Case {
            name: "of single sign-on",
            token: format!("Bearer {}", token(&of_sso())),
            arguments: &["--admin-domain", "example.com"],
            code: 0,
            verdict: "accepted, as an administrator",
            step: ("administrator", "ok"),
            words: &["single sign-on", "aud client_01DEV"],
        },
        refused(
            "expired",
            token(&TokenOptions { expired: true, ..TokenOptions::default() }),
            "refused: token_expired",
            "time",
            &["expired 1 minute", ", to live 5 minutes", "getAccessToken"],
        ),
        refused(
            "forged",
            token(&TokenOptions { forged: true, ..TokenOptions::default() }),
            "refused: signature_invalid",
            "signature",
            &["not by the key"],
        ),
        refused(
            "a stranger's",
            named("https://issuer.test/"),
            "refused: issuer_unknown",
            "issuer",
            &["it is of another server: `https://issuer.test`", "compared to the letter"],
        ),
        refused(
            "a slash too many",
            named(&format!("{user_management}/")),
            "refused: issuer_unknown",
            "issuer",
            &["it has one slash too many at its end"],
        ),
        refused(
            "another client",
            named(&format!("{url}/user_management/client_01OTHER")),
            "refused: issuer_unknown",
            "issuer",
            &["`client_01OTHER`, where this service has `client_01DEV`"],
        ),
        refused(
            "a client that was not set",
            named(&format!("{url}/user_management/undefined")),
            "refused: issuer_unknown",
            "issuer",
            &["it ends in `undefined`"],
        ),
        refused(
            "for somebody else",
            token(&TokenOptions { audience: Some("client_01OTHER".to_owned()), ..of_sso() }),
            "refused: audience_mismatch",
            "audience",
            &[
                "aud client_01OTHER",
                "for somebody else than `client_01DEV`",
                "VITE_WORKOS_CLIENT_ID",
            ],
        ),
        refused("no token", "hello".to_owned(), "refused: token_malformed", "form", &["1 segment"]),
        refused("nothing", String::new(), "refused: invalid_request", "form", &["no token behind"]),
        refused(
            "without a signature",
            plain().rsplit_once('.').unwrap().0.to_owned(),
            "refused: token_malformed",
            "form",
            &["2 segments", "cut off"],
        ),
        // By so many characters that the rest is base64url still.
        refused("cut off", cut(14), "refused: signature_invalid", "signature", &["cut off"]),
        refused(
            "in quotes",
            format!("\"{}\"", plain()),
            "refused: invalid_request",
            "form",
            &["'\"', which no token has", "no quotes, spaces or line breaks"],
        ),
        refused(
            "on two lines",
            plain().replace('.', ".\n"),
            "refused: invalid_request",
            "form",
            &["'\\n', which no token has"],
        ),
        refused(
            "not signed at all",
            header(&[("alg", json!("none"))]),
            "refused: alg_not_allowed",
            "header",
            &["alg none", "forged"],
        ),
        refused(
            "signed in a way that the issuer does not use",
            header(&[("alg", json!("ES256"))]),
            "refused: alg_not_allowed",
            "header",
            &["not configured to use ES256", "ok           issuer"],
        ),
        refused(
            "another kind of token",
            header(&[("typ", json!("logout+jwt"))]),
            "refused: typ_mismatch",
            "header",
            &["typ logout+jwt", "send the access token", "ok           issuer"],
        ),
        refused(
            "a header of the wrong type",
            header(&[("kid", json!(7))]),
            "refused: token_malformed",
            "header",
            &["a `kid` that is no string"],
        ),
        refused(
            "claims that are no object",
            unsigned(&json!({ "alg": "RS256" }), &json!([])),
            "refused: token_malformed",
            "issuer",
            &["the claims are no JSON object"],
        ),
        refused(
            "no issuer",
            unsigned(&json!({ "alg": "RS256" }), &json!({ "sub": "s" })),
            "refused: claim_invalid",
            "issuer",
            &["the claim `iss` is missing"],
        ),
        Case {
            name: "an administrator elsewhere",
            token: plain(),
            arguments: &["--admin-domain", "sub.example.com"],
            code: 0,
            verdict: "accepted, but as no administrator: admin_required",
            step: ("administrator", "no"),
            words: &["admin@example.com is not in sub.example.com"],
        },
        Case {
            name: "an address that nobody has verified",
            token: workos.token("unverified", &TokenOptions::default()).unwrap(),
            arguments: &["--admin-domain", "example.com"],
            code: 0,
            verdict: "accepted, but as no administrator: email_unverified",
            step: ("administrator", "no"),
            words: &["it is not verified", "verify it at the next sign-in"],
        },
        Case {
            name: "by a key set, which lacks the slash that the token has",
            token: token(&of_sso()),
            arguments: &["--jwks", &format!("{url}/sso/jwks/client_01DEV"), "--issuer", url],
            code: 1,
            verdict: "refused: issuer_unknown",
            step: ("issuer", "REFUSED"),
            words: &["it has one slash too many at its end", "give --issuer"],
        },
        Case {
            name: "by a key set, with the slash that the token lacks",
            token: named(url),
            arguments: &[
                "--jwks",
                &format!("{url}/sso/jwks/client_01DEV"),
                "--issuer",
                &format!("{url}/"),
            ],
            code: 1,
            verdict: "refused: issuer_unknown",
            step: ("issuer", "REFUSED"),
            words: &["it lacks the slash at its end"],
        },
        Case {
            name: "by a key set, whoever it is for",
            token: plain(),
            arguments: &[
                "--jwks",
                &format!("{url}/sso/jwks/client_01DEV"),
                "--issuer",
                "x",
                "--issuer",
                &user_management,
            ],
            code: 0,
            verdict: "accepted",
            step: ("audience", "not asked"),
            words: &["give --audience"],
        },
        Case {
            name: "by a key set, for somebody",
            token: plain(),
            arguments: &[
                "--jwks",
                &format!("{url}/sso/jwks/client_01DEV"),
                "--issuer",
                &user_management,
                "--audience",
                "me",
            ],
            code: 1,
            verdict: "refused: audience_mismatch",
            step: ("audience", "REFUSED"),
            words: &["add `\"aud\": \"me\"` to the JWT template"],
        },
    ];
    for case in cases {
        case.check(&workos).await;
    }
}

#[tokio::test]
async fn a_token_that_does_not_say_whom_it_is_for() {
    let workos = server(|config| {
        config.audience = AudienceOf::None;
        config.client_id_claim = false;
    })
    .await;
    let token = |issuer| workos.token("admin", &TokenOptions { issuer, ..TokenOptions::default() });
    let case = |token, code, verdict, outcome, words| Case {
        name: "no aud and no client_id",
        token,
        arguments: &[],
        code,
        verdict,
        step: ("audience", outcome),
        words,
    };
    let (sso, own) = (token(Issuer::Sso).unwrap(), token(Issuer::UserManagement).unwrap());
    let mend = &["no aud and no client_id", "add `\"aud\": \"client_01DEV\"` to the JWT template"];
    case(sso, 1, "refused: audience_mismatch", "REFUSED", mend).check(&workos).await;
    case(own, 0, "accepted", "ok", &["the issuer's name is enough"]).check(&workos).await;
}

#[tokio::test]
async fn claims_that_no_access_token_has() {
    for (template, verdict, words) in [
        (r#"{"nonce": "n"}"#, "refused: claim_invalid", "the claim `nonce` marks an ID"),
        (r#"{"email": 7}"#, "refused: claim_invalid", "the claim `email` is no string"),
        (r#"{"cnf": {"jkt": "x"}}"#, "refused: binding_required", "bound to a key of its holder"),
    ] {
        let workos = server(|config| config.jwt_template = template.to_owned()).await;
        Case {
            name: template,
            token: workos.token("admin", &TokenOptions::default()).unwrap(),
            arguments: &[],
            code: 1,
            verdict,
            step: ("claims", "REFUSED"),
            words: &["not those of an access token", words],
        }
        .check(&workos)
        .await;
    }
}

#[tokio::test]
async fn keys_that_are_withdrawn_or_not_to_be_had() {
    let workos = server(|_| {}).await;
    let kid = workos.signing_key();
    let token = workos.token("admin", &TokenOptions::default()).unwrap();
    let other = workos.rotate_key().unwrap();
    assert!(workos.withdraw_key(&kid));
    let told = [format!("{kid} is not one of the 1 usable key at"), format!(": {other}")];
    let words = [&*told[0], &*told[1], "rotated"];
    let case = |code, verdict, outcome, words| Case {
        name: "keys",
        token: token.clone(),
        arguments: &[],
        code,
        verdict,
        step: ("key", outcome),
        words,
    };
    let withdrawn = case(1, "refused: key_not_found", "REFUSED", &words);
    withdrawn.check(&workos).await;

    workos.fail(Fault {
        status: Some(StatusCode::SERVICE_UNAVAILABLE),
        count: None,
        ..Fault::at("/sso/jwks/*")
    });
    let verdict = "cannot be said: keys_unavailable";
    let words = &["the answer is 503 Service Unavailable", "services answer 503"];
    case(3, verdict, "UNAVAILABLE", words).check(&workos).await;
}

#[tokio::test]
async fn a_clock_that_is_behind_is_told() {
    let workos = server(|_| {}).await;
    workos.advance_clock(Duration::from_secs(3600));
    Case {
        name: "from the future",
        token: workos.token("admin", &TokenOptions::default()).unwrap(),
        arguments: &[],
        code: 1,
        verdict: "refused: claim_invalid",
        step: ("time", "REFUSED"),
        words: &["ahead of this machine's clock", "set the clock of this machine"],
    }
    .check(&workos)
    .await;
}

#[tokio::test]
async fn a_template_without_what_the_admin_rule_needs() {
    for (template, verdict, words) in [
        (
            RECIPE,
            "accepted, but as no administrator: email_unverified",
            &[
                "add `\"email_verified\": {{user.email_verified}}` to the JWT template",
                "makes administrators of nobody",
            ][..],
        ),
        (
            r#"{"email": "{{user.email}}", "email_verified": "{{user.email_verified}}"}"#,
            "accepted, but as no administrator: email_unverified",
            &["`email_verified` is \"true\"", "without quotes"],
        ),
        (
            r#"{"name": "{{user.first_name}}"}"#,
            "accepted, but as no administrator: email_missing",
            &[
                "add `\"email\": \"{{user.email}}\"` and `\"email_verified\": {{user.email_verified}}`",
            ],
        ),
    ] {
        let workos = server(|config| config.jwt_template = template.to_owned()).await;
        Case {
            name: template,
            token: workos.token("admin", &TokenOptions::default()).unwrap(),
            arguments: &["--admin-domain", "example.com"],
            code: 0,
            verdict,
            step: ("administrator", "no"),
            words,
        }
        .check(&workos)
        .await;
    }
}

#[tokio::test]
async fn who_it_is_as_the_token_has_it() {
    let workos = server(|config| {
        config.roles.insert("editor".to_owned(), vec!["posts:write".to_owned()]);
        config.organizations = vec![Organization {
            id: "org_01ACME".to_owned(),
            name: "Acme".to_owned(),
            ..Organization::default()
        }];
        config.users = vec![User {
            first_name: Some("Ann\u{1b}[31m\u{202e}".to_owned()),
            memberships: vec![Membership::new("org_01ACME", ["editor"])],
            ..User::new("ann@acme.test")
        }];
    })
    .await;
    let impersonator = Some("help@acme.test".to_owned());
    let token = workos.token("ann", &TokenOptions { impersonator, ..TokenOptions::default() });
    let own = ["--client-id", workos.client_id(), "--api-url", workos.url()];
    let (_, text, json) = explained(&token.unwrap(), &own).await;
    for line in [
        "identity       user_01DEVANN",
        "email: ann@acme.test (verified)",
        "name: Ann\\u{1b}[31m\\u{202e} ",
        "session: session_",
        "organization: org_01ACME",
        "roles: editor",
        "permissions: posts:write",
        "impersonated by: help@acme.test",
    ] {
        assert!(text.contains(line), "no {line:?} in\n{text}");
    }
    let identity = &json["identity"];
    for (name, expected) in [
        ("subject", json!("user_01DEVANN")),
        ("email", json!("ann@acme.test")),
        ("email_verified", json!(true)),
        ("organization_id", json!("org_01ACME")),
        ("roles", json!(["editor"])),
        ("permissions", json!(["posts:write"])),
        ("impersonator", json!("help@acme.test")),
        ("session_id", json["claims"]["sid"].clone()),
    ] {
        assert_eq!(identity[name], expected, "{name}");
    }
    assert_eq!(identity["name"].as_str().unwrap().chars().nth(3), Some('\u{1b}'));
}

#[tokio::test]
async fn a_header_is_no_way_to_the_terminal_either() {
    let header = json!({ "alg": "RS256", "kid": "\u{1b}]0;x\u{7}\u{9b}2J", "typ": "JWT" });
    let token = unsigned(&header, &json!({ "iss": "\u{1b}[2J", "sub": "\r\u{1b}c" }));
    let (code, text, _) = explained(&token, &[]).await;
    assert_eq!(code, 1);
    assert!(text.contains("kid \\u{1b}]0;x\\u{7}\\u{9b}2J"), "{text}");
}

#[tokio::test]
async fn with_nothing_configured_it_is_the_local_server() {
    let (_, text, json) = explained("hello", &[]).await;
    assert!(text.starts_with("Judged as by a service beside `auth-dev serve`"), "{text}");
    assert!(text.contains("nothing is configured"), "{text}");
    let judged_by = json!({
        "client_id": "client_01DEV",
        "api_url": "http://localhost:4100",
        "admin_domain": null,
        "by_default": true,
    });
    assert_eq!(json["judged_by"], judged_by);

    let output = command(&["explain", "hello", "--json"])
        .env("WORKOS_CLIENT_ID", "client_01ENV")
        .env("ADMIN_DOMAIN", "example.com")
        .output();
    let json: Value = serde_json::from_slice(&output.await.unwrap().stdout).unwrap();
    let judged_by = json!({
        "client_id": "client_01ENV",
        "api_url": "https://api.workos.com",
        "admin_domain": "example.com",
        "by_default": false,
    });
    assert_eq!(json["judged_by"], judged_by);
}

#[tokio::test]
async fn a_key_set_may_be_a_file_and_a_token_come_from_standard_input() {
    let workos = server(|_| {}).await;
    let token = workos.token("admin", &TokenOptions::default()).unwrap();
    let issuer = format!("{}/user_management/client_01DEV", workos.url());
    let url = format!("{}/sso/jwks/client_01DEV", workos.url());
    let file = format!("{}/explain-keys.json", env!("CARGO_TARGET_TMPDIR"));
    let keys = reqwest::get(url).await.unwrap().bytes().await.unwrap();
    std::fs::write(&file, keys).unwrap();
    drop(workos);

    for (given, said) in [("Bearer ", "accepted"), ("Authorization: bearer ", "accepted")] {
        let arguments = ["explain", "-", "--jwks", &file, "--issuer", &issuer];
        let mut command = command(&arguments);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let line = format!("{given}{token}\n");
        child.stdin.take().unwrap().write_all(line.as_bytes()).await.unwrap();
        let output = child.wait_with_output().await.unwrap();
        assert_eq!(stdout(&output).lines().last(), Some(said), "{given}");
    }

    std::fs::write(&file, r#"{"keys": []}"#).unwrap();
    let output = auth_dev(&["explain", &token, "--jwks", &file, "--issuer", &issuer]).await;
    assert_eq!(output.status.code(), Some(3));
    assert!(stderr(&output).contains("the key set has no usable key"), "{}", stderr(&output));
}

#[tokio::test]
async fn a_token_in_the_wrong_place_is_not_told() {
    let workos = server(|_| {}).await;
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

#[tokio::test]
async fn what_cannot_be_meant_is_told_with_a_mend() {
    let cases: [(&[&str], i32, &str); 5] = [
        (&["explain"], 2, "<TOKEN>"),
        (&["explain", "x", "--client-id", "undefined"], 2, "set WORKOS_CLIENT_ID"),
        (&["explain", "x", "--admin-domain", "@example.com"], 2, "without `@`"),
        (&["explain", "x", "--jwks", "keys.json"], 2, "--issuer"),
        (
            &["explain", "x", "--jwks", "no-such-file", "--issuer", "i"],
            3,
            "cannot read no-such-file",
        ),
    ];
    for (arguments, code, expected) in cases {
        let output = auth_dev(arguments).await;
        let said = stderr(&output);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
        assert!(said.contains(expected), "{arguments:?}: {said}");
    }
}

#[tokio::test]
async fn colours_are_for_terminals() {
    let coloured = |name: &'static str| async move {
        let output = command(&["explain", "hello"]).env(name, "1").output().await.unwrap();
        stdout(&output).contains('\u{1b}')
    };
    assert!(!coloured("NOTHING").await);
    assert!(coloured("CLICOLOR_FORCE").await);
    let both =
        command(&["explain", "hello"]).env("CLICOLOR_FORCE", "1").env("NO_COLOR", "1").output();
    assert!(!stdout(&both.await.unwrap()).contains('\u{1b}'));
}

#[tokio::test]
async fn every_shell_has_completions() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let output = auth_dev(&["completions", shell]).await;
        assert!(output.status.success(), "{shell}");
        let script = stdout(&output);
        for word in ["explain", "doctor", "admin-domain", "env-file"] {
            assert!(script.contains(word), "{shell}: {word}");
        }
    }
    assert_eq!(auth_dev(&["completions", "tcsh"]).await.status.code(), Some(2));
}
