//! Several instances of a service, and what they share.

use std::time::Duration;

use ::auth_dev::Fault;
use auth_core::session::SessionsBuilder;
use futures_util::future::join_all;
use reqwest::Client;

use super::browser::set_cookies;
use super::service::{Framework, PASSWORD, Setup};
use crate::client::answer;
use crate::eventually::eventually;

on_both! {
    a_hundred_requests_at_two_instances_cause_one_refresh,
    a_sign_out_is_heard_of_by_the_others,
    what_the_store_is_not_told_at_once_it_is_told_later,
    while_the_store_is_away_good_tokens_go_on_and_nobody_is_signed_out,
    what_could_not_be_left_in_the_store_is_left_later,
}

const AUTHENTICATE: &str = "/user_management/authenticate";

fn in_cookie(sessions: SessionsBuilder) -> SessionsBuilder {
    sessions.several_instances()
}

fn in_store(sessions: SessionsBuilder) -> SessionsBuilder {
    sessions.several_instances().keep_in_store()
}

const PLACES: [fn(SessionsBuilder) -> SessionsBuilder; 2] = [in_cookie, in_store];

/// Requests with one cookie, whatever answers say.
async fn statuses(setups: &[&Setup], cookie: &str, times: usize) -> Vec<u16> {
    // One for all: a client takes so long to build that WorkOS's clock runs away from the service's.
    let client = Client::new();
    let requests = (0..times)
        .flat_map(|_| setups)
        .map(|setup| answer(client.get(setup.at("/me")).header("cookie", cookie)));
    join_all(requests).await.into_iter().map(|answer| answer.status).collect()
}

async fn a_hundred_requests_at_two_instances_cause_one_refresh(on: Framework) {
    for place in PLACES {
        let (one, _) = Setup::with_store(on, place).await;
        let other = one.beside(PASSWORD, place).await;
        let browser = one.signed_in("member@example.org").await;
        let before = browser.cookies(&one.url);
        one.advance(301);
        // It takes its time, so that the others come while it is under way.
        let slow = Fault { delay: Duration::from_millis(200), ..Fault::at(AUTHENTICATE) };
        one.workos.fail(slow);
        assert_eq!(statuses(&[&one, &other], &before, 50).await, [200; 100]);
        assert_eq!(one.token_calls(), 2);

        // A late one, at whichever instance, that still bears the old cookie.
        one.advance(59);
        let third = one.beside(PASSWORD, place).await;
        assert_eq!(statuses(&[&one, &other, &third], &before, 1).await, [200; 3]);
        assert_eq!(one.token_calls(), 2);
    }
}

async fn a_sign_out_is_heard_of_by_the_others(on: Framework) {
    for place in PLACES {
        let (one, _) = Setup::with_store(on, place).await;
        let other = one.beside(PASSWORD, place).await;
        let browser = one.signed_in("member@example.org").await;
        let before = browser.cookies(&one.url);
        assert_eq!(statuses(&[&one, &other], &before, 1).await, [200, 200]);
        assert_eq!(browser.post(&one.at("/auth/sign-out")).await.status, 200);
        assert_eq!(statuses(&[&one], &before, 1).await, [401]);
        heard_of(&other, &before).await;
    }
}

async fn what_the_store_is_not_told_at_once_it_is_told_later(on: Framework) {
    let (one, store) = Setup::with_store(on, in_cookie).await;
    let other = one.beside(PASSWORD, in_cookie).await;
    let browser = one.signed_in("member@example.org").await;
    let before = browser.cookies(&one.url);
    store.be_away(true);
    assert_eq!(browser.post(&one.at("/auth/sign-out")).await.status, 200);
    assert_eq!(statuses(&[&one, &other], &before, 1).await, [401, 200]);
    store.be_away(false);
    heard_of(&other, &before).await;
}

/// Within two seconds, if nothing else is slow.
async fn heard_of(other: &Setup, cookie: &str) {
    let mut status = 200;
    for _ in 0..1000 {
        status = statuses(&[other], cookie, 1).await[0];
        if status != 200 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(status, 401);
}

async fn while_the_store_is_away_good_tokens_go_on_and_nobody_is_signed_out(on: Framework) {
    let (one, store) = Setup::with_store(on, in_cookie).await;
    let browser = one.signed_in("member@example.org").await;
    let bearer = one.workos.token("member", &Default::default()).unwrap();
    store.be_away(true);
    assert_eq!(browser.get(&one.at("/me")).await.status, 200);
    let with_token = Client::new().get(one.at("/me")).bearer_auth(bearer);
    assert_eq!(answer(with_token).await.status, 200);

    one.advance(301);
    let over = browser.get(&one.at("/me")).await;
    assert_eq!(over.outcome(), (503, Some("session_unavailable".to_owned())));
    assert_eq!(set_cookies(&over).len(), 0);
    assert_eq!(one.token_calls(), 1, "nobody refreshes without the lock");
    store.be_away(false);
    one.advance(2);
    assert_eq!(browser.get(&one.at("/me")).await.status, 200);
}

async fn what_could_not_be_left_in_the_store_is_left_later(on: Framework) {
    for place in PLACES {
        let (one, store) = Setup::with_store(on, place).await;
        let other = one.beside(PASSWORD, place).await;
        let browser = one.signed_in("member@example.org").await;
        let before = browser.cookies(&one.url);
        one.advance(301);
        // The store goes while WorkOS is asked, and comes back.
        one.workos.fail(Fault { delay: Duration::from_millis(300), ..Fault::at(AUTHENTICATE) });
        let request =
            tokio::spawn(answer(Client::new().get(one.at("/me")).header("cookie", before.clone())));
        eventually(|| async { one.token_calls() == 2 }).await;
        store.be_away(true);
        assert_eq!(request.await.unwrap().status, 200, "this instance has it");
        store.be_away(false);
        assert_eq!(statuses(&[&other], &before, 1).await, [200]);
        assert_eq!(one.token_calls(), 2);
    }
}
