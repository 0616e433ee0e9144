//! What is revoked is refused, whether or not its token is known.

use ::auth_dev::{Config, Fault, WebhookEndpoint};
use http::StatusCode;

use super::browser::Browser;
use super::service::{Framework, PASSWORD, Setup};
use crate::client::answer;
use crate::eventually::eventually;

on_both! {
    a_cookie_of_before_the_sign_out_is_worth_nothing,
    a_sign_out_ends_the_session_at_workos_though_no_browser_goes_there,
    a_session_can_be_ended_by_the_service,
    a_session_that_workos_does_not_end_is_told,
    whoever_is_revoked_does_not_come_back_by_a_refresh,
    what_ends_at_workos_ends_here,
    a_webhook_of_somebody_else_has_no_effect,
}

async fn a_cookie_of_before_the_sign_out_is_worth_nothing(on: Framework) {
    let setup = Setup::new(on).await;
    let browser = setup.signed_in("member@example.org").await;
    let other = setup.signed_in("member@example.org").await;
    let before = browser.cookies(&setup.url);
    assert_eq!(browser.get(&setup.at("/me")).await.status, 200);
    assert_eq!(browser.post(&setup.at("/auth/sign-out")).await.status, 200);
    let replayed = reqwest::Client::new().get(setup.at("/me")).header("cookie", &before);
    assert_eq!(answer(replayed).await.outcome(), (401, Some("token_revoked".to_owned())));
    // After its token, too, and the other session of the same user goes on.
    setup.advance(301);
    let replayed = reqwest::Client::new().get(setup.at("/me")).header("cookie", &before);
    assert_eq!(answer(replayed).await.status, 401);
    assert_eq!(other.get(&setup.at("/me")).await.status, 200);
}

const REVOKE: &str = "/user_management/sessions/revoke";

async fn a_sign_out_ends_the_session_at_workos_though_no_browser_goes_there(on: Framework) {
    let setup = Setup::new(on).await;
    let browser = setup.signed_in("member@example.org").await;
    let before = browser.cookies(&setup.url);
    let signed_out = browser.without_redirects().post(&setup.at("/auth/sign-out")).await;
    assert_eq!(signed_out.status, 303);
    assert_eq!(setup.workos.requests("/user_management/sessions/logout"), 0);
    for _ in 0..3 {
        let again = Browser::new().without_redirects().request("POST", &setup.at("/auth/sign-out"));
        let again = again.header("sec-fetch-site", "same-origin").header("cookie", &before);
        assert_eq!(answer(again).await.status, 303);
    }
    eventually(|| async { setup.workos.requests(REVOKE) > 0 }).await;
    assert_eq!(setup.workos.requests(REVOKE), 1, "once, however often it is asked for");
    // An instance that has never heard of the sign-out.
    let other = setup.beside(PASSWORD, |sessions| sessions).await;
    setup.advance(301);
    let replayed = reqwest::Client::new().get(other.at("/me")).header("cookie", before);
    assert_eq!(answer(replayed).await.outcome(), (401, Some("session_ended".to_owned())));
}

async fn a_session_can_be_ended_by_the_service(on: Framework) {
    let setup = Setup::new(on).await;
    let browser = setup.signed_in("member@example.org").await;
    let id = browser.get(&setup.at("/sid")).await.body;
    setup.sessions().end(&id).await.unwrap();
    assert_eq!(setup.workos.requests(REVOKE), 1);
    assert_eq!(browser.get(&setup.at("/me")).await.outcome().1.unwrap(), "token_revoked");
}

async fn a_session_that_workos_does_not_end_is_told(on: Framework) {
    let setup = Setup::new(on).await;
    let browser = setup.signed_in("member@example.org").await;
    let id = browser.get(&setup.at("/sid")).await.body;
    for (status, is_ended) in [(401, false), (403, false), (429, false), (500, false), (404, true)]
    {
        let status = StatusCode::from_u16(status).unwrap();
        setup.workos.fail(Fault { status: Some(status), ..Fault::at(REVOKE) });
        let ended = setup.sessions().end(&id).await;
        assert_eq!(ended.is_ok(), is_ended, "{status}: {ended:?}");
        assert_eq!(browser.get(&setup.at("/me")).await.status, 401, "refused here all the same");
    }
}

async fn whoever_is_revoked_does_not_come_back_by_a_refresh(on: Framework) {
    let setup = Setup::new(on).await;
    let browser = setup.signed_in("member@example.org").await;
    setup.advance(10);
    setup.auth().revoke_user("user_01DEVMEMBER").await.unwrap();
    assert_eq!(browser.get(&setup.at("/me")).await.outcome().1.unwrap(), "token_revoked");
    setup.advance(301);
    assert_eq!(browser.get(&setup.at("/me")).await.outcome().1.unwrap(), "session_ended");
    assert_eq!(setup.token_calls(), 1, "WorkOS was not asked for more");
    let again = setup.signed_in("member@example.org").await;
    assert_eq!(again.get(&setup.at("/me")).await.status, 200, "by signing in anew");
}

const SECRET: &str = "whsec_of_this_test";

/// A service that WorkOS sends its webhooks to.
async fn with_webhooks(on: Framework) -> Setup {
    let (listener, url) = super::service::listen();
    let webhook =
        WebhookEndpoint { url: format!("{url}/auth/webhooks"), secret: SECRET.to_owned() };
    Setup::at_listener(
        on,
        (listener, url),
        |sessions| sessions.webhook_secret(SECRET),
        |config| Config { webhook: Some(webhook), ..config },
    )
    .await
}

async fn what_ends_at_workos_ends_here(on: Framework) {
    let setup = with_webhooks(on).await;
    let member = setup.signed_in("member@example.org").await;
    let admin = setup.signed_in("admin@example.com").await;
    for (browser, is_deleted) in [(&member, false), (&admin, true)] {
        assert_eq!(browser.get(&setup.at("/me")).await.status, 200);
        if is_deleted {
            assert!(setup.workos.delete_user("user_01DEVADMIN"));
        } else {
            let session = browser.get(&setup.at("/sid")).await.body;
            assert!(setup.workos.revoke_session(&session));
        }
        let mut status = 200;
        for _ in 0..200 {
            status = browser.get(&setup.at("/me")).await.status;
            if status != 200 {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        assert_eq!(status, 401);
    }
}

async fn a_webhook_of_somebody_else_has_no_effect(on: Framework) {
    let setup = with_webhooks(on).await;
    let browser = setup.signed_in("member@example.org").await;
    let session = browser.get(&setup.at("/sid")).await.body;
    let body = format!(
        r#"{{"object":"event","id":"event_1","event":"session.revoked","data":{{"id":"{session}"}}}}"#
    );
    let url = setup.at("/auth/webhooks");
    for signature in [None, Some(""), Some("t=1800000000000, v1=00"), Some("v1=00")] {
        let mut request = Browser::new().request("POST", &url).body(body.clone());
        if let Some(signature) = signature {
            request = request.header("workos-signature", signature);
        }
        assert_eq!(answer(request).await.status, 400, "{signature:?}");
    }
    let large = Browser::new().request("POST", &url).body("x".repeat(1024 * 1024 + 1));
    assert_eq!(answer(large).await.status, 413);
    assert_eq!(browser.get(&setup.at("/me")).await.status, 200);
}
