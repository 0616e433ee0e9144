//! What operators see of sessions. On axum, which serves in the thread of the test: actix has its own, where
//! what is set for a thread is not.

use ::auth_dev::Fault;
use http::StatusCode;
use metrics_util::debugging::DebuggingRecorder;

use super::service::{Framework, Setup};
use crate::log::Log;
use crate::observed::count;

const AUTHENTICATE: &str = "/user_management/authenticate";

#[tokio::test]
async fn refreshes_and_refusals_of_the_routes_are_counted() {
    let recorder = DebuggingRecorder::new();
    let snapshotter = recorder.snapshotter();
    let _guard = metrics::set_default_local_recorder(&recorder);
    let setup = Setup::new(Framework::Axum).await;
    let browser = setup.signed_in("member@example.org").await;

    setup.advance(301);
    assert_eq!(browser.get(&setup.at("/me")).await.status, 200);
    setup.advance(301);
    let down = Fault { status: Some(StatusCode::BAD_GATEWAY), ..Fault::at(AUTHENTICATE) };
    setup.workos.fail(down);
    assert_eq!(browser.get(&setup.at("/me")).await.status, 503);
    setup.advance(2);
    assert!(setup.workos.delete_user("user_01DEVMEMBER"));
    assert_eq!(browser.get(&setup.at("/me")).await.status, 401);
    let stranger = browser.get(&setup.at("/callback?code=a&state=b")).await;
    assert_eq!(stranger.status, 400);

    let values = snapshotter.snapshot().into_vec();
    for (name, label, expected) in [
        ("auth_session_refreshes_total", ("outcome", "refreshed"), 1),
        ("auth_session_refreshes_total", ("outcome", "unavailable"), 1),
        ("auth_session_refreshes_total", ("outcome", "ended"), 1),
        ("auth_session_refresh_seconds", ("", ""), 3),
        ("auth_refusals_total", ("code", "session_unavailable"), 1),
        ("auth_refusals_total", ("code", "session_ended"), 1),
        ("auth_refusals_total", ("code", "state_mismatch"), 1),
    ] {
        assert_eq!(count(&values, name, label), expected, "{name} {label:?}");
    }
}

#[tokio::test]
async fn a_refresh_is_a_span_and_a_refusal_of_a_route_names_it() {
    let (log, _guard) = Log::capture();
    let setup = Setup::new(Framework::Axum).await;
    let browser = setup.signed_in("member@example.org").await;
    let id = browser.get(&setup.at("/sid")).await.body;
    assert!(setup.workos.delete_user("user_01DEVMEMBER"));
    setup.advance(301);
    assert_eq!(browser.get(&setup.at("/me")).await.status, 401);
    browser.get(&setup.at("/callback?code=a&state=b")).await;

    let text = log.take();
    let line = |what: &str| text.lines().find(|line| line.contains(what)).unwrap_or(&text);
    let ended = line("a session has ended");
    assert!(ended.contains(&format!("auth.session.refresh{{session={id:?}}}")), "{ended}");
    let refused = line("state_mismatch");
    assert!(refused.contains("request=GET /callback"), "{refused}");
}
