//! Sessions in the wrong place of a router: told at start, and not by requests that nobody knows.

use ::auth_dev::{AuthDev, Config};
use auth_core::session::Sessions;
use auth_core::{Auth, actix, axum, public};

use super::service::PASSWORD;
use crate::service::auth;

#[public(reason = "anybody may see this")]
async fn open() -> &'static str {
    "open"
}

async fn sessions() -> (Auth, Sessions) {
    let workos = AuthDev::start(Config::default()).await.unwrap();
    let auth = auth(&workos).build().unwrap();
    let (id, key) = (workos.client_id(), workos.api_key());
    let sessions = Sessions::workos(id, key, "http://localhost:3000/callback", PASSWORD);
    let sessions = sessions.api_url(workos.url()).build(&auth).unwrap();
    (auth, sessions)
}

#[tokio::test]
async fn on_axum() {
    let (auth, sessions) = sessions().await;
    let routes = |path: &str| axum::Router::<Auth>::new().route(path, axum::get(open));
    let within = "sessions; call `sessions` on the outermost";
    let cases = [
        (routes("/a").sessions(&sessions), None),
        (routes("/a").sessions(&sessions).sessions(&sessions), Some("added twice")),
        (
            routes("/a").sessions(&sessions).route("/b", axum::get(open)),
            Some("GET /b knows no sessions; call `sessions` behind it"),
        ),
        (routes("/a").merge(routes("/b").sessions(&sessions)), Some(within)),
        (routes("/a").nest("/in", routes("/b").sessions(&sessions)), Some(within)),
        (routes("/a").nest("/in", routes("/b")).sessions(&sessions), None),
    ];
    for (router, mistake) in cases {
        let finished = router.with_state(auth.clone()).finish();
        assert_mistake(finished.map(drop).map_err(|error| error.to_string()), mistake);
    }
}

#[tokio::test]
async fn on_actix() {
    let (auth, sessions) = sessions().await;
    let routes =
        |path: &str| actix::Router::new().route(path, actix::get(open)).app_data(auth.clone());
    let cases = [
        (routes("/a").sessions(&sessions), None),
        (routes("/a").sessions(&sessions).sessions(&sessions), Some("added twice")),
        (
            routes("/a").sessions(&sessions).route("/b", actix::get(open)),
            Some("a route was added behind `sessions`; call it last"),
        ),
        (
            routes("/a").nest("/in", routes("/b").sessions(&sessions)),
            Some("a nested router has sessions; call `sessions` on the outermost"),
        ),
        (routes("/a").nest("/in", routes("/b")).sessions(&sessions), None),
    ];
    for (router, mistake) in cases {
        let finished = router.finish();
        assert_mistake(finished.map(drop).map_err(|error| error.to_string()), mistake);
    }
}

fn assert_mistake(finished: Result<(), String>, expected: Option<&str>) {
    match (finished, expected) {
        (Ok(()), None) => {}
        (Err(error), Some(expected)) if error.contains(expected) => {}
        (finished, expected) => panic!("{finished:?}, expected {expected:?}"),
    }
}
