//! `auth-dev` and a guarded service: what one issues, the other accepts.

use ::auth_dev::{AuthDev, Config, DEFAULT_TEMPLATE, Issuer, Person, TokenOptions};
use auth_core::Clock;
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use reqwest::Client;
use reqwest::redirect::Policy;
use serde_json::{Value, json};
use url::Url;

use crate::client::send;
use crate::clock::TestClock;
use crate::log::Log;
use crate::service::{auth, example, serve};
use crate::verification::{authenticate, outcome};

#[tokio::test]
async fn jsonwebtoken_reads_the_tokens_of_both_issuers() {
    let workos = AuthDev::start(Config::default()).await.unwrap();
    let url = workos.url();
    let answer = send("GET", format!("{url}/sso/jwks/client_01DEV"), None).await;
    assert_eq!(answer.headers["content-type"], "application/jwk-set+json");
    let keys: JwkSet = serde_json::from_str(&answer.body).unwrap();

    for (issuer, name, audience) in [
        (Issuer::Sso, format!("{url}/"), json!("client_01DEV")),
        (Issuer::UserManagement, format!("{url}/user_management/client_01DEV"), Value::Null),
    ] {
        let options = TokenOptions { issuer, ..TokenOptions::default() };
        let token = workos.token(Person::Admin, &options).unwrap();

        let key_id = decode_header(&token).unwrap().kid.unwrap();
        let key = DecodingKey::from_jwk(keys.find(&key_id).unwrap()).unwrap();
        let mut validation = Validation::new(Algorithm::RS256);
        validation.set_issuer(&[&name]);
        validation.validate_aud = false;
        let claims = decode::<Value>(&token, &key, &validation).unwrap().claims;

        assert_eq!(claims["sub"], "user_01DEVADMIN");
        assert_eq!(claims["aud"], audience);
        assert_eq!(claims["email"], "admin@example.com");
        assert_eq!(claims["email_verified"], true);
        assert_eq!(claims["exp"].as_u64().unwrap() - claims["iat"].as_u64().unwrap(), 300);
    }
}

/// The access token of somebody who signs in as a page has it done.
async fn sign_in(workos: &AuthDev, person: Person) -> String {
    // The challenge and its verifier are those of RFC 7636, appendix B.
    let query = [
        ("client_id", workos.client_id()),
        ("redirect_uri", "http://localhost:5173/callback"),
        ("response_type", "code"),
        ("provider", "authkit"),
        ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
        ("code_challenge_method", "S256"),
        ("login_hint", person.email()),
    ];
    let api = format!("{}/user_management", workos.url());
    let authorize = Url::parse_with_params(&format!("{api}/authorize"), query).unwrap();
    let client = Client::builder().redirect(Policy::none()).build().unwrap();
    let response = client.get(authorize).send().await.unwrap();
    let callback: Url = response.headers()["location"].to_str().unwrap().parse().unwrap();
    let code = callback.query_pairs().find(|(name, _)| name == "code").unwrap().1.into_owned();
    let grant = json!({
        "grant_type": "authorization_code",
        "client_id": workos.client_id(),
        "code": code,
        "code_verifier": "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
    });
    let session = client.post(format!("{api}/authenticate")).json(&grant).send().await.unwrap();
    session.json::<Value>().await.unwrap()["access_token"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn signing_in_leads_to_a_token_that_a_guard_accepts() {
    let workos = AuthDev::start(Config::default()).await.unwrap();
    let service = serve(example(auth(&workos).build().unwrap())).await;
    for (person, status) in [(Person::Admin, 204), (Person::Member, 403)] {
        let token = sign_in(&workos, person).await;
        let answer = send("DELETE", format!("{service}/posts/7"), Some(&token)).await;
        assert_eq!(answer.status, status, "{person:?}");
    }
}

const TEMPLATE_OF_THE_RECIPE: &str = r#"{
    "email": "{{user.email}}",
    "name": "{{user.first_name}} {{user.last_name}}",
    "picture": "{{user.profile_picture_url}}"
}"#;

/// The runtime has one thread, so that one subscriber sees everything.
#[tokio::test]
async fn with_the_recipes_template_nobody_is_verified_and_the_log_says_how_to_mend_it() {
    let (log, _guard) = Log::capture();
    let cases = [
        (TEMPLATE_OF_THE_RECIPE, (403, Some("email_unverified".to_owned())), true),
        (DEFAULT_TEMPLATE, (204, None), false),
    ];
    for (template, expected, is_told) in cases {
        let jwt_template = template.to_owned();
        let workos = AuthDev::start(Config { jwt_template, ..Config::default() }).await.unwrap();
        let service = serve(example(auth(&workos).build().unwrap())).await;
        let token = workos.token(Person::Admin, &TokenOptions::default()).unwrap();
        let before = log.text().len();
        let answer = send("DELETE", format!("{service}/posts/7"), Some(&token)).await;
        assert_eq!(answer.outcome(), expected);
        let said = log.text().split_off(before);
        let mend = "\"email_verified\": {{user.email_verified}}";
        assert_eq!(said.contains(mend), is_told, "{said}");
        let who = send("GET", format!("{service}/loggedInUser"), Some(&token)).await.json();
        assert_eq!(who["name"], "Admin Example");
        assert_eq!(who["pictureUrl"], "https://example.com/pictures/admin.png");
    }
}

#[tokio::test]
async fn a_service_goes_with_keys_as_they_come_and_go() {
    let workos = AuthDev::start(Config::default()).await.unwrap();
    let clock = TestClock::new();
    let advance = |seconds| {
        clock.advance(seconds);
        workos.set_clock(clock.now());
    };
    advance(0);
    workos.publish_odd_keys(true);
    let auth = auth(&workos).clock(clock.clone()).build().unwrap();
    let token = || workos.token(Person::Member, &TokenOptions::default()).unwrap();
    let first = workos.signing_key();
    assert_eq!(outcome(authenticate(&auth, &token()).await), "accepted");

    // As soon as a fetch is due that brings the new key.
    advance(31);
    workos.rotate_key().unwrap();
    assert_eq!(outcome(authenticate(&auth, &token()).await), "accepted");
    assert_eq!(workos.requests("/sso/jwks/client_01DEV"), 2);

    let old = token();
    advance(31);
    assert!(workos.withdraw_key(&first) && workos.withdraw_key(&workos.signing_key()));
    workos.rotate_key().unwrap();
    assert_eq!(outcome(authenticate(&auth, &token()).await), "accepted");
    assert_eq!(outcome(authenticate(&auth, &old).await), "key_not_found");
}
