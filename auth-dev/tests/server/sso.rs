//! Single sign-on by itself.

use auth_dev::{AuthDev, Config};
use serde_json::{Value, json};

use crate::client::{Answer, CALLBACK, CHALLENGE, Pairs, VERIFIER, claims, http, start};

async fn code(workos: &AuthDev, with_challenge: bool) -> String {
    let mut query = vec![
        ("client_id", workos.client_id()),
        ("redirect_uri", CALLBACK),
        ("response_type", "code"),
        ("connection", "conn_01DEV"),
        ("login_hint", "member@example.org"),
    ];
    if with_challenge {
        query.extend([("code_challenge", CHALLENGE), ("code_challenge_method", "S256")]);
    }
    let url = format!("{}/sso/authorize", workos.url());
    let url = url::Url::parse_with_params(&url, query).unwrap();
    Answer::to(http().get(url)).await.location().1["code"].as_str().unwrap().to_owned()
}

async fn token(workos: &AuthDev, fields: Pairs<'_>) -> Answer {
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.extend_pairs([("client_id", workos.client_id()), ("grant_type", "authorization_code")]);
    form.extend_pairs(fields);
    let request = http().post(format!("{}/sso/token", workos.url()));
    let request = request.header("content-type", "application/x-www-form-urlencoded");
    Answer::to(request.body(form.finish())).await
}

#[tokio::test]
async fn a_code_gives_a_token_of_that_issuer_and_a_profile() {
    let workos = start(Config::default()).await;
    let code = code(&workos, false).await;
    let answer = token(&workos, &[("code", &code), ("client_secret", workos.api_key())]).await;
    assert_eq!(answer.header("content-type"), Some("application/json"));
    let body = answer.json();
    assert_eq!((&body["token_type"], &body["expires_in"]), (&json!("Bearer"), &json!(300)));
    assert_eq!(body["profile"]["object"], "profile");
    assert_eq!(body["profile"]["email"], "member@example.org");
    let claims = claims(&body["access_token"]);
    assert_eq!(claims["iss"], format!("{}/", workos.url()));
    assert_eq!(claims["aud"], workos.client_id());

    let profile = |bearer: &str| {
        Answer::to(http().get(format!("{}/sso/profile", workos.url())).bearer_auth(bearer))
    };
    let access_token = body["access_token"].as_str().unwrap();
    assert_eq!(profile(access_token).await.json(), body["profile"]);
    let others = workos.token("member", &Default::default()).unwrap();
    for stranger in ["", "x", workos.api_key(), &others] {
        assert_eq!(profile(stranger).await.status, 401);
    }
    workos.advance_clock(std::time::Duration::from_secs(300));
    assert_eq!(profile(access_token).await.status, 401);
}

#[tokio::test]
async fn a_client_proves_itself_here_too() {
    let workos = start(Config::default()).await;
    let secret = workos.api_key();
    let cases: [(bool, Pairs<'_>, u16); 6] = [
        (false, &[("client_secret", secret)], 200),
        (false, &[], 400),
        (false, &[("client_secret", "sk_test_other")], 400),
        (true, &[("code_verifier", VERIFIER)], 200),
        (true, &[("code_verifier", VERIFIER), ("client_secret", secret)], 200),
        (true, &[("client_secret", secret)], 400),
    ];
    for (with_challenge, proof, status) in cases {
        let code = code(&workos, with_challenge).await;
        let answer = token(&workos, &[&[("code", code.as_str())], proof].concat()).await;
        assert_eq!(answer.status, status, "{proof:?}: {}", answer.body);
        let error = answer.json()["error"].clone();
        assert_eq!(error == Value::Null, status == 200);
    }
}

#[tokio::test]
async fn a_connection_brings_single_sign_on_to_user_management() {
    let workos = start(Config::default()).await;
    let changes = [("provider", None), ("connection_id", Some("conn_01DEV"))];
    let code = crate::client::code(&workos, "admin@example.com", &changes).await;
    let session = crate::client::authenticate(&workos, crate::client::code_grant(&workos, &code))
        .await
        .json();
    assert_eq!(session["authentication_method"], "SSO");
    let claims = claims(&session["access_token"]);
    assert_eq!(claims["iss"], format!("{}/", workos.url()));
    assert_eq!(claims["aud"], workos.client_id());
}

#[tokio::test]
async fn what_stands_before_a_session_stands_before_a_profile_too() {
    let seed = "users = [{ email = \"member@example.org\", step_up = \"mfa_challenge\" }]";
    let workos = crate::client::seeded(seed).await;
    let code = code(&workos, false).await;
    let answer = token(&workos, &[("code", &code), ("client_secret", workos.api_key())]).await;
    assert_eq!(answer.refusal(), (403, "mfa_challenge".to_owned()));
}
