//! From nobody to somebody and back.

use auth_core::session::SessionsBuilder;

use super::browser::{Browser, header, set_cookies};
use super::service::{Framework, Pairs, Setup};
use crate::client::answer;

on_both! {
    sign_in_stay_in_and_sign_out,
    the_cookie_is_for_the_service_alone_and_no_cache_keeps_what_hangs_on_it,
    a_browser_comes_back_to_where_it_was_and_nowhere_else,
    pages_sign_in_and_everything_else_gets_the_401,
    two_tabs_sign_in_side_by_side,
    a_page_that_wants_a_fresh_sign_in_says_how_fresh,
    answers_say_that_they_depend_on_the_cookie,
    the_routes_are_where_the_service_wants_them,
}

async fn sign_in_stay_in_and_sign_out(on: Framework) {
    let setup = Setup::new(on).await;
    let browser = Browser::new();
    assert_eq!(browser.get(&setup.at("/me")).await.status, 401);
    let session = browser.get(&setup.at("/auth/session")).await;
    assert_eq!(session.json()["state"], "signed_out");

    let path = "/auth/sign-in?return_to=/me&login_hint=admin@example.com";
    let answer = browser.get(&setup.at(path)).await;
    assert_eq!((answer.status, answer.body.as_str()), (200, "admin@example.com"));
    assert_eq!(browser.post(&setup.at("/admin")).await.status, 200);
    let session = browser.get(&setup.at("/auth/session")).await.json();
    assert_eq!(session["state"], "signed_in");
    assert_eq!(session["user"]["email"], "admin@example.com");
    assert_eq!(session["isAdmin"], true);
    assert_eq!(setup.token_calls(), 1);

    let answer = browser.post(&setup.at("/auth/sign-out")).await;
    assert_eq!((answer.status, answer.body.as_str()), (200, "open"), "back by way of WorkOS");
    assert_eq!(setup.workos.requests("/user_management/sessions/logout"), 1);
    assert_eq!(browser.cookies(&setup.url), "");
    assert_eq!(browser.get(&setup.at("/me")).await.status, 401);
}

async fn the_cookie_is_for_the_service_alone_and_no_cache_keeps_what_hangs_on_it(on: Framework) {
    let setup = Setup::new(on).await;
    let browser = Browser::new().without_redirects();
    let begun = browser.get(&setup.at("/auth/sign-in?login_hint=member@example.org")).await;
    assert_eq!(begun.status, 303);
    let authorize = header(&begun, "location").unwrap();
    assert!(authorize.contains("&code_challenge_method=S256"), "{authorize}");
    let [transaction] = set_cookies(&begun).try_into().unwrap();
    assert!(transaction.starts_with("sign-in-"), "{transaction}");
    assert!(
        transaction.ends_with("; Path=/; Max-Age=600; HttpOnly; SameSite=Lax"),
        "{transaction}"
    );
    let at_workos = browser.get(header(&begun, "location").unwrap()).await;
    let back = browser.get(header(&at_workos, "location").unwrap()).await;
    assert_eq!((back.status, header(&back, "location")), (303, Some("/")));
    let [gone, session] = set_cookies(&back).try_into().unwrap();
    assert!(gone.starts_with("sign-in-") && gone.contains("=; ") && gone.contains("Max-Age=0"));
    assert!(session.starts_with("session="), "{session}");
    assert!(session.ends_with("; Path=/; Max-Age=1209600; HttpOnly; SameSite=Lax"), "{session}");
    assert!(!session.contains("eyJ"), "a token in the clear: {session}");
    let me = browser.get(&setup.at("/me")).await;
    for answer in [&begun, &back, &me] {
        assert_eq!(header(answer, "cache-control"), Some("no-store"));
        assert_eq!(header(answer, "vary"), Some("Cookie"));
    }
    assert_eq!(set_cookies(&me).len(), 0);
    let open = Browser::new().get(&setup.at("/open")).await;
    assert_eq!(header(&open, "cache-control"), None);
}

async fn a_browser_comes_back_to_where_it_was_and_nowhere_else(on: Framework) {
    let setup = Setup::new(on).await;
    let cases = [
        ("/me?a=b%26c", "/me?a=b%26c"),
        ("//evil.test", "/"),
        ("https://evil.test/", "/"),
        ("/%5cevil.test", "/"),
        ("", "/"),
    ];
    for (wanted, target) in cases {
        let browser = Browser::new().without_redirects();
        let mut url: url::Url = setup.at("/auth/sign-in").parse().unwrap();
        url.query_pairs_mut()
            .append_pair("return_to", wanted)
            .append_pair("login_hint", "member@example.org");
        let begun = browser.get(url.as_str()).await;
        let at_workos = browser.get(header(&begun, "location").unwrap()).await;
        let callback = header(&at_workos, "location").unwrap().to_owned();
        // What the address says on the way back does not count.
        let back = browser.get(&format!("{callback}&return_to=/elsewhere")).await;
        assert_eq!(header(&back, "location"), Some(target), "{wanted}");
    }
}

async fn pages_sign_in_and_everything_else_gets_the_401(on: Framework) {
    let setup = Setup::with(on, |sessions| sessions.pages_sign_in(), |config| config).await;
    let browser = Browser::new().without_redirects();
    let page = [("accept", "text/html,application/xhtml+xml"), ("sec-fetch-mode", "navigate")];
    let cases: [(&str, &str, Pairs<'_>, u16); 5] = [
        ("GET", "/me?tab=1", &page, 303),
        ("GET", "/me", &[("accept", "application/json")], 401),
        ("GET", "/me", &[("accept", "text/html"), ("sec-fetch-mode", "cors")], 401),
        ("POST", "/change", &page, 401),
        ("GET", "/open", &page, 200),
    ];
    for (method, path, headers, status) in cases {
        let mut request = browser.request(method, &setup.at(path));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = answer(request).await;
        assert_eq!(answer.status, status, "{method} {path} {headers:?}");
        if status == 303 {
            let target = "/auth/sign-in?return_to=%2Fme%3Ftab%3D1";
            assert_eq!(header(&answer, "location"), Some(target));
            assert_eq!(header(&answer, "cache-control"), Some("no-store"));
        }
    }
}

async fn two_tabs_sign_in_side_by_side(on: Framework) {
    let setup = Setup::new(on).await;
    let browser = Browser::new().without_redirects();
    let begin = async |path: &str| {
        setup.advance(1);
        let path = format!("/auth/sign-in?return_to={path}&login_hint=member@example.org");
        let begun = browser.get(&setup.at(&path)).await;
        let at_workos = browser.get(header(&begun, "location").unwrap()).await;
        header(&at_workos, "location").unwrap().to_owned()
    };
    let (first, second) = (begin("/me").await, begin("/open").await);
    assert_eq!(header(&browser.get(&first).await, "location"), Some("/me"));
    assert_eq!(header(&browser.get(&second).await, "location"), Some("/open"));
    for _ in 0..20 {
        begin("/me").await;
    }
    assert!(browser.cookies(&setup.url).matches("sign-in-").count() <= 5);
    // The last tabs are good, whatever was begun before.
    let tabs = [begin("/me").await, begin("/open").await, begin("/sid").await];
    for (tab, path) in tabs.iter().zip(["/me", "/open", "/sid"]) {
        assert_eq!(header(&browser.get(tab).await, "location"), Some(path));
    }
}

/// Whoever is signed in and has to be so more freshly is not sent around in a circle.
async fn a_page_that_wants_a_fresh_sign_in_says_how_fresh(on: Framework) {
    let setup = Setup::with(on, |sessions| sessions.pages_sign_in(), |config| config).await;
    let browser = setup.signed_in("member@example.org").await.without_redirects();
    let page = |path: &str| {
        let request = browser.request("GET", &setup.at(path)).header("accept", "text/html");
        answer(request)
    };
    assert_eq!(page("/pay").await.status, 200);
    setup.advance(200);
    let answer = page("/pay").await;
    let target = "/auth/sign-in?return_to=%2Fpay&max_age=120";
    assert_eq!((answer.status, header(&answer, "location")), (303, Some(target)));
    let begun = browser.get(&setup.at(target)).await;
    assert!(header(&begun, "location").unwrap().contains("&max_age=120"));
}

async fn answers_say_that_they_depend_on_the_cookie(on: Framework) {
    let setup = Setup::new(on).await;
    let browser = setup.signed_in("member@example.org").await;
    for answer in
        [Browser::new().get(&setup.at("/open")).await, browser.get(&setup.at("/open")).await]
    {
        let vary: Vec<_> = answer.headers.get_all("vary").iter().collect();
        assert!(vary.iter().any(|it| it.to_str().unwrap().eq_ignore_ascii_case("cookie")));
    }
    for path in ["/auth/sign-in", "/callback?code=x&state=y", "/auth/session"] {
        let head = answer(browser.request("HEAD", &setup.at(path))).await;
        assert_eq!(head.status, 405, "{path}: who only looks begins and ends nothing");
    }
}

async fn the_routes_are_where_the_service_wants_them(on: Framework) {
    let elsewhere = |sessions: SessionsBuilder| sessions.paths("/in", "/out", "/session/now");
    let setup = Setup::with(on, |it| elsewhere(it).pages_sign_in(), |config| config).await;
    let browser = Browser::new();
    let page = browser.without_redirects().request("GET", &setup.at("/me"));
    let led = answer(page.header("sec-fetch-mode", "navigate").header("accept", "text/html")).await;
    assert_eq!(header(&led, "location"), Some("/in?return_to=%2Fme"));
    let signed_in = browser.get(&setup.at("/in?return_to=/me&login_hint=admin@example.com")).await;
    assert_eq!((signed_in.status, signed_in.body.as_str()), (200, "admin@example.com"));
    let session = browser.get(&setup.at("/session/now")).await.json();
    assert_eq!(session["user"]["email"], "admin@example.com");
    assert_eq!(browser.post(&setup.at("/out")).await.body, "open");
    let session = browser.get(&setup.at("/session/now")).await.json();
    assert_eq!(session["state"], "signed_out");

    for path in ["/auth/sign-in", "/auth/session"] {
        assert_eq!(browser.get(&setup.at(path)).await.status, 404, "{path}");
    }
    assert_eq!(browser.post(&setup.at("/auth/sign-out")).await.status, 404);
}
