//! The services of the examples over real sockets: each person, each route, each kind of token.

use ::auth_dev::{AuthDev, Config, Issuer, Person, TokenOptions};
use serde_json::{Value, json};

use crate::actix;
use crate::client::send;
use crate::service::{auth, example, serve};

const ROUTES: [(&str, &str); 5] = [
    ("GET", "/health"),
    ("GET", "/isAdmin"),
    ("GET", "/loggedInUser"),
    ("GET", "/me"),
    ("DELETE", "/posts/7"),
];

#[derive(Clone, Copy, Debug, PartialEq)]
enum Token {
    Good(Issuer),
    Missing,
    Expired,
    WrongIssuer,
    WrongAudience,
    Forged,
}

impl Token {
    const ALL: [Self; 7] = [
        Self::Good(Issuer::Sso),
        Self::Good(Issuer::UserManagement),
        Self::Missing,
        Self::Expired,
        Self::WrongIssuer,
        Self::WrongAudience,
        Self::Forged,
    ];

    fn of(self, workos: &AuthDev, person: Person) -> Option<String> {
        let options = match self {
            Self::Missing => return None,
            Self::Good(issuer) => TokenOptions { issuer, ..TokenOptions::default() },
            Self::Expired => TokenOptions { expired: true, ..TokenOptions::default() },
            Self::WrongIssuer => TokenOptions {
                issuer_name: Some(format!("{}/user_management/client_01OTHER", workos.url())),
                ..TokenOptions::default()
            },
            Self::WrongAudience => TokenOptions {
                audience: Some("client_01OTHER".to_owned()),
                ..TokenOptions::default()
            },
            Self::Forged => TokenOptions { forged: true, ..TokenOptions::default() },
        };
        Some(workos.token(person, &options).unwrap())
    }

    /// The code of the refusal, if the token is not good.
    fn refusal(self) -> Option<&'static str> {
        match self {
            Self::Good(_) => None,
            Self::Missing => Some("no_credentials"),
            Self::Expired => Some("token_expired"),
            Self::WrongIssuer => Some("issuer_unknown"),
            Self::WrongAudience => Some("audience_mismatch"),
            Self::Forged => Some("signature_invalid"),
        }
    }
}

fn expected(path: &str, person: Person, token: Token) -> (u16, Option<&'static str>) {
    match (path, token.refusal(), person) {
        // Nobody looks at the credentials of a probe.
        ("/health", _, _) => (200, None),
        ("/isAdmin" | "/loggedInUser", Some("no_credentials"), _) => (200, None),
        (_, Some(code), _) => (401, Some(code)),
        ("/posts/7", None, Person::Admin) => (204, None),
        ("/posts/7", None, Person::Member) => (403, Some("admin_required")),
        ("/posts/7", None, Person::Unverified) => (403, Some("email_unverified")),
        (_, None, _) => (200, None),
    }
}

/// One service for each framework.
async fn start() -> (AuthDev, [String; 2]) {
    let workos = AuthDev::start(Config::default()).await.unwrap();
    let auth = auth(&workos).build().unwrap();
    let on_axum = serve(example(auth.clone())).await;
    let on_actix = actix::serve(actix::example(auth));
    (workos, [on_axum, on_actix])
}

#[tokio::test]
async fn every_person_on_every_route_with_every_token() {
    let (workos, urls) = start().await;
    for url in &urls {
        let mut cases = 0;
        for (method, path) in ROUTES {
            for person in Person::ALL {
                for token in Token::ALL {
                    let credential = token.of(&workos, person);
                    let answer = send(method, format!("{url}{path}"), credential.as_deref()).await;

                    let case = format!("{method} {url}{path} as {person:?} with {token:?}");
                    let (status, code) = expected(path, person, token);
                    assert_eq!(answer.outcome(), (status, code.map(str::to_owned)), "{case}");
                    let challenge = match (status, code) {
                        (401, Some("no_credentials")) => Some(r#"Bearer realm="api""#),
                        (401, _) => Some(r#"Bearer realm="api", error="invalid_token""#),
                        (403, _) => Some(r#"Bearer realm="api", error="insufficient_scope""#),
                        _ => None,
                    };
                    assert_eq!(answer.challenge(), challenge, "{case}");
                    cases += 1;
                }
            }
        }
        assert_eq!(cases, ROUTES.len() * Person::ALL.len() * Token::ALL.len());
    }
}

#[tokio::test]
async fn the_recipes_functions_answer_as_the_recipe_says() {
    let (workos, urls) = start().await;
    for url in &urls {
        let get = async |path: &str, person: Option<Person>| -> Value {
            let token =
                person.map(|person| workos.token(person, &TokenOptions::default()).unwrap());
            send("GET", format!("{url}{path}"), token.as_deref()).await.json()
        };

        assert_eq!(get("/loggedInUser", None).await, Value::Null);
        assert_eq!(
            get("/loggedInUser", Some(Person::Member)).await,
            json!({
                "email": "member@example.org",
                "name": "Member Example",
                "pictureUrl": "https://example.com/pictures/member.png",
            })
        );
        for (person, is_admin) in [
            (None, false),
            (Some(Person::Admin), true),
            (Some(Person::Member), false),
            (Some(Person::Unverified), false),
        ] {
            assert_eq!(get("/isAdmin", person).await, json!(is_admin), "{person:?}");
        }
        assert_eq!(
            get("/me", Some(Person::Admin)).await,
            json!({ "tokenIdentifier":
            format!("{}/user_management/client_01DEV|user_01DEVADMIN", workos.url()) })
        );
    }
}

#[tokio::test]
async fn a_refusal_is_a_problem_document_that_says_the_code_and_no_more() {
    let (workos, urls) = start().await;
    for url in &urls {
        for (method, path, person, token, status, title, code) in [
            (
                "GET",
                "/me",
                Person::Admin,
                Token::Expired,
                401,
                "The token has expired",
                "token_expired",
            ),
            (
                "GET",
                "/me",
                Person::Admin,
                Token::WrongIssuer,
                401,
                "The issuer of the token is not known",
                "issuer_unknown",
            ),
            (
                "GET",
                "/me",
                Person::Admin,
                Token::WrongAudience,
                401,
                "The token is for somebody else",
                "audience_mismatch",
            ),
            (
                "DELETE",
                "/posts/7",
                Person::Unverified,
                Token::Good(Issuer::Sso),
                403,
                "The e-mail address is not verified",
                "email_unverified",
            ),
        ] {
            let token = token.of(&workos, person);
            let answer = send(method, format!("{url}{path}"), token.as_deref()).await;
            assert_eq!(answer.headers["content-type"], "application/problem+json");
            let came = answer.json();
            let uri = came["type"].as_str().unwrap();
            assert!(uri.starts_with("https://docs.rs/auth-core/"), "{uri}");
            assert_eq!(
                came,
                json!({ "type": uri, "title": title, "status": status, "code": code })
            );
        }
    }
}

#[tokio::test]
async fn two_credentials_are_refused_whatever_their_order() {
    let (workos, urls) = start().await;
    for url in &urls {
        let good = Token::Good(Issuer::Sso).of(&workos, Person::Admin).unwrap();
        for (first, second) in [(good.as_str(), "bad"), ("bad", good.as_str())] {
            let response = reqwest::Client::new()
                .get(format!("{url}/me"))
                .header("authorization", format!("Bearer {first}"))
                .header("authorization", format!("Bearer {second}"))
                .send()
                .await
                .unwrap();
            assert_eq!(response.status(), 400);
            let challenge = response.headers()["www-authenticate"].to_str().unwrap().to_owned();
            assert_eq!(challenge, r#"Bearer realm="api", error="invalid_request""#);
            let body: Value = response.json().await.unwrap();
            assert_eq!(body["code"], "ambiguous_credentials");
            assert!(body["detail"].as_str().unwrap().contains("`Authorization`"), "{body}");
        }
    }
}

#[tokio::test]
async fn the_access_tables_tell_who_may_do_what() {
    let workos = AuthDev::start(Config::default()).await.unwrap();
    let auth = auth(&workos).build().unwrap();
    let on_axum = example(auth.clone()).access_table().to_string();
    let on_actix = actix::example(auth).access_table().to_string();
    let expected = "\
GET     /health        public (load balancer probe)         api::health
GET     /isAdmin       public (answers false to strangers)  api::is_admin
GET     /loggedInUser  public (answers null to strangers)   api::logged_in_user
GET     /me            authenticated                        api::me
GET     /posts         authenticated                        api::list_posts
DELETE  /posts/{id}    admin                                api::delete_post
";
    assert_eq!(on_axum, expected);
    assert_eq!(on_actix.replace("actix::api::", "api::"), expected);
}
