//! `auth-dev` as its clients see it: tokens that others can read, and the way to them.

use ::auth_dev::{AuthDev, Config, Issuer, Person, TokenOptions};
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use reqwest::redirect::Policy;
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};

use crate::api;
use crate::support::{auth, send, serve};

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

const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
/// The challenge to it, from RFC 7636, appendix B.
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// Has a query of its own, which stays.
const CALLBACK: &str = "http://localhost:5173/callback?from=here";

async fn start() -> AuthDev {
    let config = Config { redirect_uris: vec![CALLBACK.to_owned()], ..Config::default() };
    AuthDev::start(config).await.unwrap()
}

/// Signs in as a browser does; gives the code.
async fn sign_in(workos: &AuthDev, person: Person) -> String {
    let query = [
        ("client_id", workos.client_id()),
        ("redirect_uri", CALLBACK),
        ("response_type", "code"),
        ("provider", "authkit"),
        ("state", "a state & more"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
        ("login_hint", person.email()),
    ];
    let url = format!("{}/user_management/authorize", workos.url());
    let url = url::Url::parse_with_params(&url, query).unwrap();
    let client = Client::builder().redirect(Policy::none()).build().unwrap();
    let response = client.get(url).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::FOUND);

    let location: url::Url = response.headers()["location"].to_str().unwrap().parse().unwrap();
    assert_eq!(location.path(), "/callback");
    let value = |name: &str| {
        location.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    };
    assert_eq!(value("from").unwrap(), "here");
    assert_eq!(value("state").unwrap(), "a state & more");
    value("code").unwrap()
}

async fn authenticate(workos: &AuthDev, grant: Value) -> (StatusCode, Value) {
    let url = format!("{}/user_management/authenticate", workos.url());
    let response = Client::new().post(url).json(&grant).send().await.unwrap();
    (response.status(), response.json().await.unwrap())
}

#[tokio::test]
async fn signing_in_leads_to_a_token_that_a_guard_accepts() {
    let workos = start().await;
    let service = serve(api::app(auth(&workos).build().unwrap()).unwrap()).await;
    let code = sign_in(&workos, Person::Admin).await;

    let grant = json!({
        "grant_type": "authorization_code",
        "client_id": workos.client_id(),
        "code": code,
        "code_verifier": VERIFIER,
    });
    let (status, session) = authenticate(&workos, grant.clone()).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(session["user"]["email"], "admin@example.com");
    let token = session["access_token"].as_str();
    assert_eq!(send("DELETE", format!("{service}/posts/7"), token).await.status, 204);

    let (status, error) = authenticate(&workos, grant).await;
    assert_eq!((status, &error["error"]), (StatusCode::BAD_REQUEST, &json!("invalid_grant")));
}

#[tokio::test]
async fn a_code_is_worth_nothing_without_its_verifier() {
    let workos = start().await;
    for verifier in [Value::Null, json!("another-verifier-of-forty-three-characters!")] {
        let code = sign_in(&workos, Person::Admin).await;
        let (status, error) = authenticate(
            &workos,
            json!({
                "grant_type": "authorization_code",
                "client_id": workos.client_id(),
                "code": code,
                "code_verifier": verifier,
            }),
        )
        .await;
        assert_eq!((status, &error["error"]), (StatusCode::BAD_REQUEST, &json!("invalid_grant")));
    }
}

#[tokio::test]
async fn a_refresh_token_is_good_once_and_keeps_the_session() {
    let workos = start().await;
    let code = sign_in(&workos, Person::Member).await;
    let (_, first) = authenticate(
        &workos,
        json!({
            "grant_type": "authorization_code",
            "client_id": workos.client_id(),
            "code": code,
            "code_verifier": VERIFIER,
        }),
    )
    .await;
    let refresh = json!({
        "grant_type": "refresh_token",
        "client_id": workos.client_id(),
        "refresh_token": first["refresh_token"],
    });
    let (status, second) = authenticate(&workos, refresh.clone()).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(session_id(&first), session_id(&second));
    assert_ne!(first["refresh_token"], second["refresh_token"]);

    let (status, error) = authenticate(&workos, refresh).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_eq!(error["error_description"], "Refresh token already exchanged.");
}

fn session_id(session: &Value) -> Value {
    let token = session["access_token"].as_str().unwrap();
    let claims = jsonwebtoken::dangerous::insecure_decode_claims::<Value>(token).unwrap();
    claims["sid"].clone()
}

#[tokio::test]
async fn codes_are_sent_to_this_machine_only() {
    let workos = AuthDev::start(Config::default()).await.unwrap();
    for redirect_uri in ["https://evil.com/", "http://localhost.evil.com", "javascript:x", ""] {
        let query = [
            ("client_id", workos.client_id()),
            ("redirect_uri", redirect_uri),
            ("response_type", "code"),
            ("login_hint", Person::Admin.email()),
        ];
        let url = format!("{}/user_management/authorize", workos.url());
        let url = url::Url::parse_with_params(&url, query).unwrap();
        let answer = send("GET", url.into(), None).await;
        assert_eq!(answer.status, 400, "{redirect_uri}");
    }
}

#[tokio::test]
async fn without_a_hint_the_browser_is_asked_who_it_is() {
    let workos = AuthDev::start(Config::default()).await.unwrap();
    let query = [
        ("client_id", workos.client_id()),
        ("redirect_uri", "http://localhost:5173/callback"),
        ("response_type", "code"),
        ("provider", "authkit"),
        ("state", "\"><script>"),
    ];
    let url = format!("{}/user_management/authorize", workos.url());
    let url = url::Url::parse_with_params(&url, query).unwrap();
    let page = send("GET", url.into(), None).await;
    assert_eq!(page.status, 200);
    assert!(!page.body.contains("<script>"), "{}", page.body);
    for person in Person::ALL {
        assert!(page.body.contains(person.email()));
    }
}

#[tokio::test]
async fn web_pages_are_strangers() {
    let workos = AuthDev::start(Config::default()).await.unwrap();
    let cases: [(&[(&str, &str)], u16); 6] = [
        (&[], 200),
        (&[("host", "localhost:4100")], 200),
        (&[("host", "evil.com")], 421),
        (&[("host", "evil.com:4100")], 421),
        // `<script src>` of another site.
        (&[("sec-fetch-mode", "no-cors"), ("sec-fetch-site", "cross-site")], 421),
        (&[("sec-fetch-mode", "navigate"), ("sec-fetch-site", "cross-site")], 200),
    ];
    for (headers, status) in cases {
        let mut request = Client::new().get(format!("{}/_dev/token/admin", workos.url()));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        assert_eq!(request.send().await.unwrap().status().as_u16(), status, "{headers:?}");
    }
}
