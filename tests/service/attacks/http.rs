//! HTTP: the credential in the request, and the answer.

use serde_json::{Value, json};

use super::fixture::{Fixture, Outcome, accepted, bad_request, claims, forbidden, unauthorized};
use super::suite::Suite;

fn no_credentials() -> Outcome {
    (401, "no_credentials".to_owned(), None)
}

#[tokio::test]
async fn credentials() {
    let fixture = Fixture::start().await;
    let mut suite = Suite::new();
    let good = fixture.token(json!({}));
    let other = fixture.token(json!({ "sub": "user_02" }));

    let none: &[(&str, &str)] = &[];
    suite.expect(
        "HTTP-01",
        "no header",
        fixture.send("GET", "/me", none).await.outcome(),
        no_credentials(),
    );

    let one: Vec<(&str, Vec<u8>, Outcome)> = vec![
        ("HTTP-02", b"Basic dTpw".to_vec(), no_credentials()),
        ("HTTP-02", b"Digest username=\"u\"".to_vec(), no_credentials()),
        ("HTTP-02", format!("DPoP {good}").into_bytes(), no_credentials()),
        ("HTTP-03", b"Bearer".to_vec(), bad_request("invalid_request")),
        ("HTTP-03", b"Bearer ".to_vec(), bad_request("invalid_request")),
        ("HTTP-03", b"Bearer\t".to_vec(), bad_request("invalid_request")),
        ("HTTP-03", format!("Bearer\t{good}").into_bytes(), bad_request("invalid_request")),
        ("HTTP-04", format!("bearer {good}").into_bytes(), accepted()),
        ("HTTP-04", format!("BEARER {good}").into_bytes(), accepted()),
        (
            "HTTP-05",
            format!("Bearer {good}, Bearer {good}").into_bytes(),
            bad_request("invalid_request"),
        ),
        ("HTTP-05", format!("Bearer {good} extra").into_bytes(), bad_request("invalid_request")),
        ("HTTP-05", format!("Bearer  {good}").into_bytes(), bad_request("invalid_request")),
        ("HTTP-05", format!("Bearer {good},").into_bytes(), bad_request("invalid_request")),
    ];
    for (id, value, expected) in one {
        let answer = fixture.send("GET", "/me", &[("authorization", &value)]).await;
        suite.expect(id, String::from_utf8_lossy(&value), answer.outcome(), expected);
    }

    let bearer = |token: &str| format!("Bearer {token}");
    for (first, second) in [
        (bearer(&good), bearer("bad")),
        (bearer("bad"), bearer(&good)),
        (bearer(&good), bearer(&good)),
        (bearer(&good), bearer(&other)),
        (bearer(&good), "Basic dTpw".to_owned()),
        ("Basic dTpw".to_owned(), bearer(&good)),
    ] {
        let headers = [("authorization", first.as_str()), ("authorization", second.as_str())];
        let came = fixture.send("GET", "/me", &headers).await.outcome();
        suite.expect("HTTP-06", headers, came, bad_request("ambiguous_credentials"));
    }

    // A token that is anywhere else is no credential.
    for (path, headers) in [
        (format!("/me?access_token={good}"), vec![]),
        ("/me".to_owned(), vec![("x-access-token", good.as_str())]),
        ("/me".to_owned(), vec![("proxy-authorization", good.as_str())]),
        ("/me".to_owned(), vec![("cookie", good.as_str())]),
    ] {
        let came = fixture.send("GET", &path, &headers).await.outcome();
        suite.expect("HTTP-07", (path, headers), came, no_credentials());
    }

    for value in [
        [b"Bearer a\xff".to_vec(), good.clone().into_bytes()].concat(),
        [b"Bearer \x80".to_vec(), good.clone().into_bytes()].concat(),
        b"\xff\xfe".to_vec(),
        [b"Bearer ".to_vec(), good.clone().into_bytes(), b"\0".to_vec()].concat(),
        [b"Bearer a\rb".to_vec(), good.clone().into_bytes()].concat(),
    ] {
        let answer = fixture.send("GET", "/me", &[("authorization", &value)]).await;
        suite.expect("HTTP-10", String::from_utf8_lossy(&value), answer.status, 400);
    }

    let head = fixture.send("HEAD", "/me", none).await;
    suite.expect("HTTP-12", "HEAD", head.status, 401);
    for method in ["OPTIONS", "TRACE", "BREW", "POST", "PUT"] {
        let answer = fixture.send(method, "/me", none).await;
        suite.expect("HTTP-12", method, answer.status, 405);
    }

    let member = fixture.token(json!({ "email": "ann@example.org" }));
    let came = fixture.get("/admin", &member).await.outcome();
    suite.expect("HTTP-15", "403", came, forbidden("admin_required"));
    suite.finish();
}

/// Text of a token never comes back, and what comes back is well-formed.
#[tokio::test]
async fn answers_are_made_of_fixed_text() {
    let fixture = Fixture::start().await;
    let mut suite = Suite::new();
    for hostile in
        ["\"", "\\", "\r\nset-cookie: a=b", "\u{e4}\u{20ac}", "\u{1b}[31m", "\", scope=\"admin"]
    {
        let marked = format!("marker{hostile}");
        let header = json!({ "alg": "RS256", "kid": &marked }).to_string();
        for token in [
            fixture.k1.token(header, claims(json!({}))),
            fixture.token(json!({ "iss": &marked })),
            fixture.token(json!({ "aud": &marked })),
            fixture.token(json!({ "email": &marked })),
        ] {
            for path in ["/me", "/admin"] {
                let answer = fixture.get(path, &token).await;
                let echoed = answer.head.contains("marker") || answer.body.contains("marker");
                suite.expect("HTTP-11", (hostile, path), echoed, false);
                let challenge = answer.header("www-authenticate").unwrap_or("none");
                let known = [
                    "none",
                    r#"Bearer realm="api", error="invalid_token""#,
                    r#"Bearer realm="api", error="insufficient_scope""#,
                ];
                suite.expect("HTTP-11", challenge, known.contains(&challenge), true);
                let body: Result<Value, _> = serde_json::from_str(&answer.body);
                suite.expect("HTTP-11", &answer.body, body.is_ok() || answer.body == "in", true);
            }
        }
    }
    let bad = fixture.me(&fixture.token(json!({ "iss": "https://evil.com" }))).await.outcome();
    suite.expect("HTTP-11", "control", bad, unauthorized("issuer_unknown"));
    suite.finish();
}

/// RFC 9728, section 5.1.
#[tokio::test]
async fn a_challenge_names_the_metadata_of_the_service() {
    let url = "https://app.test/.well-known/oauth-protected-resource";
    let fixture = Fixture::with(|builder| builder.resource_metadata(url)).await;
    let mut suite = Suite::new();
    let member = fixture.token(json!({ "email": "ann@example.org" }));
    let with =
        |rest: &str| Some(format!("Bearer realm=\"api\"{rest}, resource_metadata=\"{url}\""));
    for (path, token, expected) in [
        ("/me", "", with("")),
        ("/me", "bad", with(", error=\"invalid_token\"")),
        ("/admin", &member, with(", error=\"insufficient_scope\"")),
    ] {
        let headers = [("authorization", format!("Bearer {token}"))];
        let headers = if token.is_empty() { &headers[..0] } else { &headers[..] };
        let headers: Vec<(&str, &str)> =
            headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let answer = fixture.send("GET", path, &headers).await;
        let came = answer.header("www-authenticate").map(str::to_owned);
        suite.expect("HTTP-16", (path, token), came, expected);
    }
    suite.finish();
}
