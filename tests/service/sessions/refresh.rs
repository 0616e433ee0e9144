//! How sessions go on: one call for all who wait, and nobody thrown out by an outage.

use std::time::Duration;

use ::auth_dev::Fault;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use futures_util::future::join_all;
use http::StatusCode;
use serde_json::json;

use super::browser::{header, set_cookies};
use super::service::{Framework, Setup};
use crate::client::answer;

on_both! {
    fifty_requests_with_an_expired_token_cause_one_refresh,
    a_token_is_refreshed_before_its_end_and_nobody_waits_for_it,
    a_browser_stays_signed_in_for_hours,
    an_outage_throws_nobody_out,
    who_pauses_after_a_refresh_stays_signed_in,
    a_token_that_cannot_be_verified_now_ends_no_session,
    an_organization_that_a_template_renames_ends_no_session,
    a_session_that_becomes_another_users_or_organizations_is_over,
    more_sessions_than_calls_at_once_are_all_refreshed,
    a_session_that_workos_has_ended_is_over,
    a_session_that_is_idle_or_old_is_over,
}

const AUTHENTICATE: &str = "/user_management/authenticate";

async fn fifty_requests_with_an_expired_token_cause_one_refresh(on: Framework) {
    let setup = Setup::new(on).await;
    let browser = setup.signed_in("member@example.org").await;
    let before = browser.cookies(&setup.url);
    setup.advance(301);
    let url = setup.at("/me");
    let client = reqwest::Client::new();
    let requests = (0..50).map(|_| answer(client.get(&url).header("cookie", &before)));
    let answers = join_all(requests).await;
    assert_eq!(setup.token_calls(), 2);
    for answer in &answers {
        assert_eq!((answer.status, answer.body.as_str()), (200, "member@example.org"));
        assert_eq!(set_cookies(answer).len(), 1);
    }
    // Late ones that still bear the old cookie, as long as they can be under way.
    setup.advance(59);
    let late = reqwest::Client::new().get(&url).header("cookie", &before);
    assert_eq!(answer(late).await.status, 200);
    assert_eq!(setup.token_calls(), 2);
    setup.advance(2);
    let too_late = reqwest::Client::new().get(&url).header("cookie", &before);
    assert_eq!(answer(too_late).await.outcome().1.unwrap(), "session_ended");
}

async fn a_token_is_refreshed_before_its_end_and_nobody_waits_for_it(on: Framework) {
    let setup = Setup::new(on).await;
    let browser = setup.signed_in("member@example.org").await;
    setup.advance(269);
    assert_eq!(browser.get(&setup.at("/me")).await.status, 200);
    assert_eq!(setup.token_calls(), 1);
    setup.advance(2);
    setup.workos.fail(Fault { hang: true, ..Fault::at(AUTHENTICATE) });
    for _ in 0..5 {
        assert_eq!(browser.get(&setup.at("/me")).await.status, 200);
    }
    crate::eventually::eventually(|| async { setup.token_calls() == 2 }).await;
}

async fn a_browser_stays_signed_in_for_hours(on: Framework) {
    let setup = Setup::new(on).await;
    let browser = setup.signed_in("member@example.org").await;
    for _ in 0..24 {
        setup.advance(600);
        assert_eq!(browser.get(&setup.at("/me")).await.status, 200);
    }
    assert_eq!(setup.token_calls(), 25);
}

async fn an_outage_throws_nobody_out(on: Framework) {
    let setup = Setup::new(on).await;
    let browser = setup.signed_in("member@example.org").await;
    setup.advance(301);
    let faults = [
        Fault { status: Some(StatusCode::INTERNAL_SERVER_ERROR), ..Fault::at(AUTHENTICATE) },
        Fault { status: Some(StatusCode::TOO_MANY_REQUESTS), ..Fault::at(AUTHENTICATE) },
        Fault { status: Some(StatusCode::REQUEST_TIMEOUT), ..Fault::at(AUTHENTICATE) },
        Fault { status: Some(StatusCode::TEMPORARY_REDIRECT), ..Fault::at(AUTHENTICATE) },
        Fault {
            status: Some(StatusCode::BAD_REQUEST),
            body: Some(json!({ "error": "invalid_client" })),
            ..Fault::at(AUTHENTICATE)
        },
        Fault { status: Some(StatusCode::UNAUTHORIZED), ..Fault::at(AUTHENTICATE) },
        Fault { status: Some(StatusCode::OK), body: Some(json!({})), ..Fault::at(AUTHENTICATE) },
        // Without an effect on the refresh token, whose answer would be lost else.
        Fault {
            status: Some(StatusCode::OK),
            truncate: true,
            body: Some("x".repeat(100).into()),
            ..Fault::at(AUTHENTICATE)
        },
        Fault {
            delay: Duration::from_millis(10),
            status: Some(StatusCode::BAD_GATEWAY),
            ..Fault::at(AUTHENTICATE)
        },
    ];
    for fault in faults {
        // For a second after it could not be asked, WorkOS is left alone.
        setup.advance(2);
        setup.workos.fail(Fault { count: None, ..fault.clone() });
        let answer = browser.get(&setup.at("/me")).await;
        assert_eq!(answer.outcome(), (503, Some("session_unavailable".to_owned())), "{fault:?}");
        assert!(header(&answer, "retry-after").is_some());
        assert_eq!(set_cookies(&answer).len(), 0);
        assert_eq!(browser.get(&setup.at("/open")).await.status, 200, "others go on");
        let calls = setup.token_calls();
        assert_eq!(browser.get(&setup.at("/me")).await.status, 503);
        assert_eq!(setup.token_calls(), calls, "not for each request");
        setup.workos.heal();
    }
    setup.advance(2);
    assert_eq!(browser.get(&setup.at("/me")).await.status, 200);
}

/// Whoever comes back after a while has the token that was fetched in time.
async fn who_pauses_after_a_refresh_stays_signed_in(on: Framework) {
    let setup = Setup::new(on).await;
    let browser = setup.signed_in("member@example.org").await;
    setup.advance(271);
    let answer = browser.get(&setup.at("/me")).await;
    assert_eq!((answer.status, set_cookies(&answer).len()), (200, 1), "the browser has it at once");
    setup.advance(3600);
    assert_eq!(browser.get(&setup.at("/me")).await.status, 200);
    assert_eq!(setup.token_calls(), 3);
}

/// Somebody leaves while the refresh is under way, so no answer has brought the browser anything. On
/// axum: actix runs a request to its end, whether or not anybody is there to take the answer.
#[tokio::test]
async fn a_refresh_that_nobody_waited_for_is_kept_for_who_comes_back() {
    let setup = Setup::new(Framework::Axum).await;
    let browser = setup.signed_in("member@example.org").await;
    let before = browser.cookies(&setup.url);
    setup.advance(301);
    setup.workos.fail(Fault { delay: Duration::from_secs(1), ..Fault::at(AUTHENTICATE) });
    let request = reqwest::Client::new().get(setup.at("/me")).header("cookie", &before);
    let request = tokio::spawn(request.send());
    crate::eventually::eventually(|| async { setup.token_calls() == 2 }).await;
    request.abort();
    // The answer of WorkOS arrives, and time goes by. (Had it not arrived, the next request waits for it.)
    tokio::time::sleep(Duration::from_secs(2)).await;
    setup.advance(3600);
    assert_eq!(browser.get(&setup.at("/me")).await.status, 200);
    assert_eq!(browser.get(&setup.at("/me")).await.status, 200);
}

/// WorkOS gives a refresh token once. What it has given is kept, whether or not the new access token
/// can be verified just now.
async fn a_token_that_cannot_be_verified_now_ends_no_session(on: Framework) {
    let setup = Setup::new(on).await;
    let browser = setup.signed_in("member@example.org").await;
    let key_set = format!("/sso/jwks/{}", setup.workos.client_id());
    setup.advance(301);
    setup.workos.rotate_key().unwrap();
    let down = Fault { status: Some(StatusCode::SERVICE_UNAVAILABLE), ..Fault::at(key_set) };
    setup.workos.fail(Fault { count: None, ..down });
    let answer = browser.get(&setup.at("/me")).await;
    assert_eq!(answer.outcome(), (503, Some("keys_unavailable".to_owned())));
    assert_eq!(set_cookies(&answer).len(), 1, "the browser has what WorkOS has given");
    setup.workos.heal();
    setup.advance(61);
    let answer = browser.get(&setup.at("/me")).await;
    assert_eq!((answer.status, setup.token_calls()), (200, 2));
}

/// The template may put another `org_id` into tokens; WorkOS's own is in its answer.
async fn an_organization_that_a_template_renames_ends_no_session(on: Framework) {
    let template =
        r#"{"email": "{{user.email}}", "email_verified": true, "org_id": "org_of_ours"}"#;
    let renamed = |config| ::auth_dev::Config { jwt_template: template.to_owned(), ..config };
    let setup = Setup::with(on, |sessions| sessions, renamed).await;
    let browser = setup.signed_in("member@example.org").await;
    setup.advance(301);
    assert_eq!(browser.get(&setup.at("/me")).await.status, 200);
}

/// Whether or not its token can be verified just now.
async fn a_session_that_becomes_another_users_or_organizations_is_over(on: Framework) {
    for (user, organization) in
        [("user_01DEVADMIN", json!(null)), ("user_01DEVMEMBER", json!("org_of_somebody_else"))]
    {
        let setup = Setup::new(on).await;
        let browser = setup.signed_in("member@example.org").await;
        setup.advance(301);
        let claims =
            json!({ "sub": user, "sid": "session_01", "iat": 1, "exp": 4_102_444_800_u64 });
        let body = json!({
            "access_token": format!("e30.{}.c2ln", URL_SAFE_NO_PAD.encode(claims.to_string())),
            "refresh_token": "the next",
            "user": { "id": user },
            "organization_id": organization,
        });
        let status = Some(StatusCode::OK);
        let fault = Fault { status, body: Some(body), ..Fault::at(AUTHENTICATE) };
        setup.workos.fail(Fault { count: None, ..fault });
        let answer = browser.get(&setup.at("/me")).await;
        assert_eq!(answer.outcome(), (401, Some("session_ended".to_owned())), "{user}");
    }
}

async fn more_sessions_than_calls_at_once_are_all_refreshed(on: Framework) {
    let setup = Setup::new(on).await;
    let mut cookies = Vec::new();
    for _ in 0..80 {
        cookies.push(setup.signed_in("member@example.org").await.cookies(&setup.url));
    }
    setup.advance(301);
    let slow = Fault { delay: Duration::from_millis(200), ..Fault::at(AUTHENTICATE) };
    setup.workos.fail(Fault { count: None, ..slow });
    let (client, url) = (reqwest::Client::new(), setup.at("/me"));
    let requests = cookies.iter().map(|cookie| answer(client.get(&url).header("cookie", cookie)));
    let answers = join_all(requests).await;
    assert!(answers.iter().all(|answer| answer.status == 200));
    assert_eq!(setup.token_calls(), 160);
}

async fn a_session_that_workos_has_ended_is_over(on: Framework) {
    let setup = Setup::new(on).await;
    let browser = setup.signed_in("member@example.org").await;
    assert!(setup.workos.delete_user("user_01DEVMEMBER"));
    setup.advance(301);
    let answer = browser.get(&setup.at("/me")).await;
    assert_eq!(answer.outcome(), (401, Some("session_ended".to_owned())));
    let [gone] = set_cookies(&answer).try_into().unwrap();
    assert!(gone.starts_with("session=;") && gone.contains("Max-Age=0"), "{gone}");
    assert_eq!(browser.cookies(&setup.url), "");
    assert_eq!(browser.get(&setup.at("/me")).await.outcome().1.unwrap(), "no_credentials");
}

async fn a_session_that_is_idle_or_old_is_over(on: Framework) {
    let day = Duration::from_secs(24 * 3600);
    let setup = Setup::with(on, |it| it.idle_timeout(day).lifetime(3 * day), |config| config).await;
    let idle = setup.signed_in("member@example.org").await;
    let busy = setup.signed_in("admin@example.com").await;
    for _ in 0..5 {
        setup.advance(12 * 3600);
        assert_eq!(busy.get(&setup.at("/me")).await.status, 200);
    }
    assert_eq!(idle.get(&setup.at("/me")).await.outcome().1.unwrap(), "session_expired");
    setup.advance(12 * 3600);
    assert_eq!(busy.get(&setup.at("/me")).await.outcome().1.unwrap(), "session_expired");
    assert_eq!(busy.cookies(&setup.url), "");
}
