//! Which step refuses a token, by which rule, and how to mend it.

use std::time::Duration;

use auth_dev::{AudienceOf, Fault, Issuer, TokenOptions};
use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{Case, unsigned};
use crate::run::{server, server_with};

#[tokio::test]
async fn every_verdict_names_the_step_the_rule_and_the_mend() {
    let workos = server().await;
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
    ];
    for case in cases {
        case.check(&workos).await;
    }
}

#[tokio::test]
async fn a_token_that_does_not_say_whom_it_is_for() {
    let workos = server_with(|config| {
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
        let workos = server_with(|config| config.jwt_template = template.to_owned()).await;
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
    let workos = server().await;
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
    let workos = server().await;
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
