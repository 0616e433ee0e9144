//! Other attributes beside a guard, in both orders: they compile, and they do what they do alone.

use ::auth_dev::{AuthDev, Config, Person, TokenOptions};
use auth_core::axum::{Router, get};
use auth_core::{Identity, authenticated};
use axum::extract::Path;
use utoipa::OpenApi;

use crate::client::send;
use crate::log::Log;
use crate::service::{auth, serve};

#[tracing::instrument(skip(caller))]
#[authenticated]
async fn traced_above(Path(id): Path<u32>, caller: Identity) -> String {
    tracing::info!("inside");
    format!("{id} {}", caller.subject())
}

#[authenticated]
#[tracing::instrument(skip(caller))]
async fn traced_below(Path(id): Path<u32>, caller: Identity) -> String {
    tracing::info!("inside");
    format!("{id} {}", caller.subject())
}

#[utoipa::path(get, path = "/above/{id}", responses((status = 200, body = String)))]
#[authenticated]
async fn documented_above(Path(id): Path<u32>, caller: Identity) -> String {
    format!("{id} {}", caller.subject())
}

#[authenticated]
#[utoipa::path(get, path = "/below/{id}", responses((status = 200, body = String)))]
async fn documented_below(Path(id): Path<u32>, caller: Identity) -> String {
    format!("{id} {}", caller.subject())
}

#[derive(OpenApi)]
#[openapi(paths(documented_above, documented_below))]
struct Document;

#[tokio::test]
async fn handlers_are_guarded_whatever_stands_above_and_below() {
    let (log, _guard) = Log::capture();
    let workos = AuthDev::start(Config::default()).await.unwrap();
    let app = Router::new()
        .route("/traced_above/{id}", get(traced_above))
        .route("/traced_below/{id}", get(traced_below))
        .route("/documented_above/{id}", get(documented_above))
        .route("/documented_below/{id}", get(documented_below))
        .with_state(auth(&workos).build().unwrap())
        .finish()
        .unwrap();
    let url = serve(app).await;
    let member = workos.token(Person::Member, &TokenOptions::default()).unwrap();
    for path in ["traced_above", "traced_below", "documented_above", "documented_below"] {
        let url = format!("{url}/{path}/7");
        assert_eq!(send("GET", url.clone(), None).await.status, 401, "{path}");
        assert!(!log.text().contains(&format!("{path}{{")), "the body of {path} has been entered");
        let answer = send("GET", url, Some(&member)).await;
        assert_eq!((answer.status, answer.body.as_str()), (200, "7 user_01DEVMEMBER"), "{path}");
    }
    for span in ["traced_above{id=7}", "traced_below{id=7}"] {
        assert_eq!(log.text().matches(&format!("{span}: ")).count(), 1, "{}", log.text());
    }
    assert!(!log.text().contains(&member));
}

/// The guard is no parameter of the operation.
#[test]
fn the_document_describes_what_the_author_wrote() {
    let document = serde_json::to_value(Document::openapi()).unwrap();
    for path in ["/above/{id}", "/below/{id}"] {
        let operation = &document["paths"][path]["get"];
        assert!(operation["responses"]["200"].is_object(), "{operation}");
        let parameters = operation["parameters"].as_array();
        assert!(parameters.is_none_or(|parameters| parameters.len() <= 1), "{operation}");
    }
}
