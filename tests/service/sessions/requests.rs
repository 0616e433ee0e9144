//! Requests with cookies: which are meant, which are whole, and whose they are.

use super::browser::{Browser, header, set_cookies};
use super::service::{Framework, PASSWORD, Pairs, Setup};
use crate::client::answer;

on_both! {
    what_changes_something_must_come_from_the_services_own_page,
    a_token_and_a_session_are_one_too_many,
    a_cookie_that_is_not_whole_is_taken_away_and_routes_for_everybody_go_on,
    the_same_name_twice_is_ambiguous_and_another_name_is_another_cookie,
    a_password_is_changed_without_signing_anybody_out,
    a_long_session_is_split_and_whole_again,
    over_https_no_other_host_can_set_the_cookie,
    a_strict_cookie_is_on_request,
    a_sign_out_leads_where_the_service_says,
    a_session_is_shared_with_the_javascript_sdks,
}

async fn what_changes_something_must_come_from_the_services_own_page(on: Framework) {
    let setup = Setup::new(on).await;
    let browser = setup.signed_in("member@example.org").await;
    let own = setup.url.clone();
    let cases: [(&str, Pairs<'_>, u16); 12] = [
        ("POST", &[("sec-fetch-site", "same-origin")], 200),
        ("POST", &[("origin", &own)], 200),
        ("POST", &[("x-csrf", "1")], 200),
        ("POST", &[], 403),
        ("POST", &[("sec-fetch-site", "cross-site")], 403),
        ("POST", &[("sec-fetch-site", "same-site")], 403),
        ("POST", &[("sec-fetch-site", "cross-site"), ("origin", &own)], 403),
        ("POST", &[("origin", "null")], 403),
        ("POST", &[("origin", "http://localhost:1")], 403),
        ("POST", &[("origin", "https://evil.test")], 403),
        ("POST", &[("referer", &own)], 403),
        ("GET", &[("sec-fetch-site", "cross-site")], 200),
    ];
    for (method, headers, status) in cases {
        let path = if method == "GET" { "/me" } else { "/change" };
        let mut request = browser.request(method, &setup.at(path));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = answer(request).await;
        assert_eq!(answer.status, status, "{headers:?}");
        if status == 403 {
            assert_eq!(answer.outcome().1.unwrap(), "csrf");
        }
    }
    for headers in [&[("sec-fetch-site", "cross-site")][..], &[]] {
        let mut request = browser.request("POST", &setup.at("/auth/sign-out"));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        assert_eq!(answer(request).await.status, 403);
    }
    assert_eq!(
        browser.request("GET", &setup.at("/auth/sign-out")).send().await.unwrap().status(),
        405
    );
    assert_eq!(browser.get(&setup.at("/me")).await.status, 200, "the session is as it was");
    // A bearer of a token is not sent by browsers on their own.
    let token = setup.workos.token("member", &Default::default()).unwrap();
    let request = Browser::new().request("POST", &setup.at("/change")).bearer_auth(token);
    assert_eq!(answer(request).await.status, 200);
}

async fn a_token_and_a_session_are_one_too_many(on: Framework) {
    let setup = Setup::new(on).await;
    let browser = setup.signed_in("member@example.org").await;
    let token = setup.workos.token("admin", &Default::default()).unwrap();
    for credential in [format!("Bearer {token}"), "Bearer x".to_owned(), "Bearer".to_owned()] {
        let request = browser.request("GET", &setup.at("/me")).header("authorization", &credential);
        let both = answer(request).await;
        assert_eq!(both.outcome(), (400, Some("ambiguous_credentials".to_owned())));
        let detail = both.json()["detail"].as_str().unwrap().to_owned();
        assert!(detail.contains("Authorization") && detail.contains("Cookie"), "{detail}");
    }
    let other_scheme = browser.request("GET", &setup.at("/me")).basic_auth("proxy", Some("x"));
    assert_eq!(answer(other_scheme).await.status, 200);
    // One can always sign out.
    let request = browser.request("POST", &setup.at("/auth/sign-out")).bearer_auth(token);
    let request = request.header("sec-fetch-site", "same-origin");
    assert_eq!(answer(request).await.status, 200);
    assert_eq!(browser.cookies(&setup.url), "");
}

async fn a_cookie_that_is_not_whole_is_taken_away_and_routes_for_everybody_go_on(on: Framework) {
    let setup = Setup::new(on).await;
    let browser = setup.signed_in("member@example.org").await;
    let good = browser.cookies(&setup.url);
    let value = good.strip_prefix("session=").unwrap();
    let flipped = |at: usize| {
        let mut bytes = value.as_bytes().to_vec();
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        String::from_utf8(bytes).unwrap()
    };
    let middle = value.len() / 2;
    let cases = [
        String::new(),
        "x".to_owned(),
        value[1..].to_owned(),
        value[..value.len() - 1].to_owned(),
        format!("{value}{value}"),
        format!("\"{value}"),
        flipped(0),
        flipped(3),
        flipped(10),
        flipped(middle),
        flipped(value.len() - 10),
    ];
    for value in cases {
        let cookie = format!("session={value}");
        let send = |path: &str| {
            answer(reqwest::Client::new().get(setup.at(path)).header("cookie", &cookie))
        };
        let refused = send("/me").await;
        assert_eq!(refused.outcome(), (401, Some("session_invalid".to_owned())), "{cookie}");
        assert!(set_cookies(&refused).iter().any(|cookie| cookie.contains("Max-Age=0")));
        assert_eq!(send("/open").await.status, 200);
        assert_eq!(send("/auth/session").await.json()["state"], "signed_out");
        assert_eq!(send("/auth/sign-in").await.status, 200, "the page of WorkOS");
    }
}

async fn the_same_name_twice_is_ambiguous_and_another_name_is_another_cookie(on: Framework) {
    let setup = Setup::new(on).await;
    let good = setup.signed_in("member@example.org").await.cookies(&setup.url);
    let send = |cookies: Vec<String>| {
        let mut request = reqwest::Client::new().get(setup.at("/me"));
        for cookie in cookies {
            request = request.header("cookie", cookie);
        }
        answer(request)
    };
    for cookies in [
        vec![format!("{good}; session=evil")],
        vec![format!("session=evil; {good}")],
        vec![good.clone(), good.clone()],
        vec![good.clone(), "a=b; session=evil".to_owned()],
    ] {
        let answer = send(cookies).await;
        assert_eq!(answer.outcome(), (400, Some("ambiguous_credentials".to_owned())));
    }
    let others = format!("Session=evil; SESSION=evil; \"session\"=evil; sess%69on=evil; {good}");
    assert_eq!(send(vec![others]).await.status, 200);
    assert_eq!(send(vec!["a=b".to_owned(), good.clone(), "c=d".to_owned()]).await.status, 200);
    assert_eq!(send(vec![good.replace("session", "Session")]).await.status, 401);
}

async fn a_password_is_changed_without_signing_anybody_out(on: Framework) {
    let setup = Setup::new(on).await;
    // Cookies know no ports, so the browser has one session at all three.
    let browser = setup.signed_in("member@example.org").await;
    let (new, old) = ("another password, also long enough!!", PASSWORD);
    let changing = setup.beside(new, |sessions| sessions.previous_cookie_password(old)).await;
    let changed = setup.beside(new, |sessions| sessions).await;

    let before = browser.cookies(&setup.url);
    let at_changed = reqwest::Client::new().get(changed.at("/me")).header("cookie", &before);
    assert_eq!(answer(at_changed).await.outcome().1.unwrap(), "session_invalid");

    let me = browser.get(&changing.at("/me")).await;
    assert_eq!((me.status, set_cookies(&me).len()), (200, 1), "sealed anew");
    let me = browser.get(&changing.at("/me")).await;
    assert_eq!((me.status, set_cookies(&me).len()), (200, 0));
    assert_eq!(browser.get(&changed.at("/me")).await.status, 200);
}

async fn a_long_session_is_split_and_whole_again(on: Framework) {
    let template = format!(
        r#"{{"email": "{{{{user.email}}}}", "email_verified": true, "long": "{}"}}"#,
        "x".repeat(2900)
    );
    let long = |config| ::auth_dev::Config { jwt_template: template, ..config };
    let setup = Setup::with(on, |sessions| sessions, long).await;
    let browser = setup.signed_in("member@example.org").await;
    let cookies = browser.cookies(&setup.url);
    assert!(cookies.contains("session.0=") && cookies.contains("session.1="), "{cookies}");
    assert!(cookies.split("; ").all(|cookie| cookie.len() - 1 <= 4096));
    assert_eq!(browser.get(&setup.at("/me")).await.status, 200);

    let one = cookies.split("; ").find(|cookie| cookie.starts_with("session.1=")).unwrap();
    let part = reqwest::Client::new().get(setup.at("/me")).header("cookie", one);
    assert_eq!(answer(part).await.outcome().1.unwrap(), "session_invalid");
    assert_eq!(browser.post(&setup.at("/auth/sign-out")).await.status, 200);
    assert_eq!(browser.cookies(&setup.url), "");
}

async fn over_https_no_other_host_can_set_the_cookie(on: Framework) {
    let add = |config: ::auth_dev::Config| ::auth_dev::Config {
        redirect_uris: vec!["https://app.test/callback".to_owned()],
        ..config
    };
    let setup = Setup::with(on, |sessions| sessions, add).await;
    let service = setup.behind_https().await;
    let browser = Browser::new().without_redirects();
    let begun = browser.get(&service.at("/auth/sign-in?login_hint=member@example.org")).await;
    let [transaction] = set_cookies(&begun).try_into().unwrap();
    let at_workos = browser.get(header(&begun, "location").unwrap()).await;
    let back = header(&at_workos, "location").unwrap().replace("https://app.test", &service.url);
    let cookie = transaction.split(';').next().unwrap();
    let back = answer(browser.request("GET", &back).header("cookie", cookie)).await;
    assert_eq!(back.status, 303, "{}", back.body);
    assert_eq!(header(&back, "cache-control"), Some("no-store"));
    let all = back.headers.get_all("set-cookie").iter().map(|it| it.to_str().unwrap().to_owned());
    let session: Vec<String> = all.chain([transaction]).collect();
    assert!(session.iter().any(|cookie| cookie.starts_with("__Host-session=")), "{session:?}");
    for cookie in session {
        let (pair, attributes) = cookie.split_once("; ").unwrap();
        assert!(pair.starts_with("__Host-") && pair.len() <= 4097, "{cookie}");
        let attributes: Vec<&str> = attributes.split("; ").collect();
        for wanted in ["Secure", "HttpOnly", "SameSite=Lax", "Path=/"] {
            assert!(attributes.contains(&wanted), "{wanted} in {cookie}");
        }
        assert!(!attributes.iter().any(|it| it.starts_with("Domain")), "{cookie}");
    }
}

async fn a_strict_cookie_is_on_request(on: Framework) {
    let setup = Setup::with(on, |sessions| sessions.same_site_strict(), |config| config).await;
    let browser = Browser::new().without_redirects();
    let begun = browser.get(&setup.at("/auth/sign-in?login_hint=member@example.org")).await;
    assert!(set_cookies(&begun)[0].contains("; SameSite=Lax"), "it comes back from WorkOS");
    let at_workos = browser.get(header(&begun, "location").unwrap()).await;
    let back = browser.get(header(&at_workos, "location").unwrap()).await;
    let cookies = set_cookies(&back);
    let session = cookies.iter().find(|cookie| cookie.starts_with("session=")).unwrap();
    assert!(session.ends_with("; SameSite=Strict"), "{session}");
}

async fn a_sign_out_leads_where_the_service_says(on: Framework) {
    let wanted = [
        "https://app.test.evil.com",
        "https://app.test@evil.com",
        "https://evil.com/?https://app.test",
        "//evil.com",
    ];
    let setup = Setup::new(on).await;
    for wanted in wanted {
        let browser = setup.signed_in("member@example.org").await.without_redirects();
        let mut url: url::Url = setup.at("/auth/sign-out").parse().unwrap();
        url.query_pairs_mut().append_pair("return_to", wanted);
        let at_workos = browser.post(url.as_str()).await;
        let target = header(&at_workos, "location").unwrap();
        assert!(target.starts_with(setup.workos.url()) && !target.contains("evil"), "{target}");
        let back = browser.get(target).await;
        assert_eq!(header(&back, "location"), Some(setup.at("/open").as_str()));
    }
}

async fn a_session_is_shared_with_the_javascript_sdks(on: Framework) {
    let setup = Setup::with(on, |sessions| sessions.share_with_javascript(), |config| config).await;
    let browser = setup.signed_in("member@example.org").await;
    let before = browser.cookies(&setup.url);
    assert!(before.starts_with("wos-session=Fe26.2*1*") && before.ends_with("~2"), "{before}");
    assert_eq!(browser.get(&setup.at("/me")).await.body, "member@example.org");
    setup.advance(301);
    assert_eq!(browser.get(&setup.at("/me")).await.status, 200);
    assert_ne!(browser.cookies(&setup.url), before);
    assert_eq!(setup.token_calls(), 2);
    // A service in JavaScript has refreshed it meanwhile, so it is not ours to take away.
    let stale = reqwest::Client::new().get(setup.at("/me")).header("cookie", &before);
    setup.advance(301);
    let stale = answer(stale).await;
    assert_eq!(stale.outcome().1.unwrap(), "session_ended");
    assert_eq!(set_cookies(&stale).len(), 0);
    let broken = before.replace("~2", "~1");
    let refused = reqwest::Client::new().get(setup.at("/me")).header("cookie", broken);
    assert_eq!(answer(refused).await.outcome().1.unwrap(), "session_invalid");
    assert_eq!(browser.post(&setup.at("/auth/sign-out")).await.status, 200);
    assert_eq!(browser.cookies(&setup.url), "");
}
