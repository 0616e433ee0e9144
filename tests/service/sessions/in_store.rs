//! Sessions that a store has, and the browser only what it is known by.

use auth_core::session::SessionsBuilder;

use super::browser::{Browser, header, set_cookies};
use super::service::{Framework, Setup};
use crate::client::answer;

on_both! {
    the_browser_has_no_token_and_the_store_has_none_in_the_clear,
    a_session_of_any_length_is_one_short_cookie,
    a_session_is_known_by_another_number_after_signing_in,
    what_is_signed_out_is_no_more_in_the_store,
    while_the_store_is_away_only_it_could_tell_who_it_is,
    a_session_that_workos_has_ended_leaves_the_store,
    who_is_there_all_the_time_gets_the_cookie_anew,
}

fn in_store(sessions: SessionsBuilder) -> SessionsBuilder {
    sessions.keep_in_store()
}

async fn the_browser_has_no_token_and_the_store_has_none_in_the_clear(on: Framework) {
    let (setup, store) = Setup::with_store(on, in_store).await;
    let browser = setup.signed_in("member@example.org").await;
    let cookie = browser.cookies(&setup.url);
    assert!(cookie.starts_with("session=") && cookie.len() < 200, "{cookie}");
    assert_eq!(browser.get(&setup.at("/me")).await.body, "member@example.org");
    let values = store.values();
    let [(key, value)] = &values.iter().collect::<Vec<_>>()[..] else { panic!("{values:?}") };
    assert!(key.starts_with("session:"), "{key}");
    let value = String::from_utf8_lossy(value);
    assert!(!value.contains("eyJ") && !value.contains("member"), "{value}");
    // Who reads the store cannot make a cookie of what is there.
    for stolen in [key.strip_prefix("session:").unwrap(), &value] {
        let stolen = format!("session={stolen}");
        let request = reqwest::Client::new().get(setup.at("/me")).header("cookie", stolen);
        assert_eq!(answer(request).await.outcome().1.unwrap(), "session_invalid");
    }

    setup.advance(301);
    assert_eq!(browser.get(&setup.at("/me")).await.status, 200);
    assert_eq!((setup.token_calls(), store.values().len()), (2, 1), "refreshed where it is");
}

async fn a_session_of_any_length_is_one_short_cookie(on: Framework) {
    let (setup, _) = Setup::with_store(on, in_store).await;
    let browser = setup.signed_in("member@example.org").await.without_redirects();
    let begun = browser.get(&setup.at("/auth/sign-in?login_hint=admin@example.com")).await;
    let at_workos = browser.get(header(&begun, "location").unwrap()).await;
    let back = browser.get(header(&at_workos, "location").unwrap()).await;
    let cookies = set_cookies(&back);
    let session = cookies.iter().find(|cookie| cookie.starts_with("session=")).unwrap();
    assert!(session.len() < 250, "{session}");
    assert!(session.ends_with("; Path=/; Max-Age=1209600; HttpOnly; SameSite=Lax"), "{session}");
}

async fn a_session_is_known_by_another_number_after_signing_in(on: Framework) {
    let (setup, _) = Setup::with_store(on, in_store).await;
    let browser = setup.signed_in("member@example.org").await;
    let before = browser.cookies(&setup.url);
    browser.get(&setup.at("/auth/sign-in?return_to=/open&login_hint=admin@example.com")).await;
    assert_eq!(browser.get(&setup.at("/me")).await.body, "admin@example.com");
    assert_ne!(browser.cookies(&setup.url), before);
    let old = reqwest::Client::new().get(setup.at("/me")).header("cookie", before);
    assert_eq!(answer(old).await.outcome(), (401, Some("session_ended".to_owned())));
}

async fn what_is_signed_out_is_no_more_in_the_store(on: Framework) {
    let (setup, store) = Setup::with_store(on, in_store).await;
    let browser = setup.signed_in("member@example.org").await;
    let before = browser.cookies(&setup.url);
    store.be_away(true);
    let refused = browser.post(&setup.at("/auth/sign-out")).await;
    assert_eq!(refused.outcome(), (503, Some("session_unavailable".to_owned())));
    assert_eq!(browser.cookies(&setup.url), before, "one can try again");
    store.be_away(false);
    assert_eq!(browser.post(&setup.at("/auth/sign-out")).await.status, 200);
    assert_eq!(browser.cookies(&setup.url), "");
    let old = reqwest::Client::new().get(setup.at("/me")).header("cookie", before);
    assert_eq!(answer(old).await.outcome(), (401, Some("session_ended".to_owned())));
}

async fn while_the_store_is_away_only_it_could_tell_who_it_is(on: Framework) {
    let (setup, store) = Setup::with_store(on, in_store).await;
    let browser = setup.signed_in("member@example.org").await;
    store.be_away(true);
    let refused = browser.get(&setup.at("/me")).await;
    assert_eq!(refused.outcome(), (503, Some("session_unavailable".to_owned())));
    assert_eq!(header(&refused, "retry-after"), Some("1"));
    assert_eq!(browser.get(&setup.at("/auth/session")).await.status, 503);
    assert_eq!(browser.get(&setup.at("/open")).await.status, 200, "others go on");
    let token = setup.workos.token("member", &Default::default()).unwrap();
    let with_token = Browser::new().request("GET", &setup.at("/me")).bearer_auth(token);
    assert_eq!(answer(with_token).await.status, 200);
    // Nobody can sign in meanwhile, and is told so.
    let path = "/auth/sign-in?login_hint=admin@example.com";
    assert_eq!(Browser::new().get(&setup.at(path)).await.status, 503);
    store.be_away(false);
    assert_eq!(browser.get(&setup.at("/me")).await.status, 200);
}

async fn a_session_that_workos_has_ended_leaves_the_store(on: Framework) {
    let (setup, _) = Setup::with_store(on, in_store).await;
    let browser = setup.signed_in("member@example.org").await;
    let before = browser.cookies(&setup.url);
    assert!(setup.workos.delete_user("user_01DEVMEMBER"));
    setup.advance(301);
    for _ in 0..2 {
        let request = reqwest::Client::new().get(setup.at("/me")).header("cookie", &before);
        assert_eq!(answer(request).await.outcome(), (401, Some("session_ended".to_owned())));
    }
    assert_eq!(setup.token_calls(), 2, "the store has it no more, so nobody asks again");
}

async fn who_is_there_all_the_time_gets_the_cookie_anew(on: Framework) {
    let (setup, _) = Setup::with_store(on, in_store).await;
    let browser = setup.signed_in("member@example.org").await;
    let mut times = 0;
    for _ in 0..60 {
        setup.advance(12 * 3600);
        let answer = browser.get(&setup.at("/me")).await;
        assert_eq!(answer.status, 200);
        times += set_cookies(&answer).len();
    }
    assert!(times >= 30, "{times} times in 30 days, of a cookie that lasts 14");
}
