//! Web pages reach this machine, too. What they cannot do.

use auth_dev::Config;
use serde_json::json;

use crate::client::{Answer, Pairs, authorize_url, http, start};

#[tokio::test]
async fn requests_that_mean_somebody_else_or_come_from_a_page_are_refused() {
    let workos = start(Config::default()).await;
    let token = format!("{}/_dev/token/admin", workos.url());
    let requests = format!("{}/_dev/requests", workos.url());
    let style = format!("{}/_dev/style.css", workos.url());
    let callback = format!("{}/_dev/callback?code=x", workos.url());
    let authorize = authorize_url(&workos, &[]).to_string();
    let log_out = format!("{}/user_management/sessions/logout?session_id=x", workos.url());
    let cross_site = ("sec-fetch-site", "cross-site");
    let same_site = ("sec-fetch-site", "same-site");
    let no_cors = ("sec-fetch-mode", "no-cors");
    let cases: [(&str, Pairs<'_>, u16); 21] = [
        (&token, &[], 200),
        (&token, &[("host", "localhost:4100")], 200),
        (&token, &[("host", "[::1]:4100")], 200),
        // A page whose name has been made to point here.
        (&token, &[("host", "evil.test")], 421),
        (&token, &[("host", "evil.test:4100")], 421),
        (&token, &[("host", "localhost.evil.test")], 421),
        (&token, &[("sec-fetch-site", "none")], 200),
        (&token, &[("sec-fetch-site", "same-origin")], 200),
        // `fetch` and links of other pages, also of those on another port of this machine.
        (&token, &[("sec-fetch-mode", "cors"), cross_site], 421),
        (&token, &[("sec-fetch-mode", "navigate"), cross_site], 421),
        (&token, &[("sec-fetch-mode", "cors"), same_site], 421),
        (&authorize, &[("sec-fetch-mode", "navigate"), cross_site], 200),
        // `<script src>`.
        (&authorize, &[no_cors, cross_site], 421),
        (&log_out, &[no_cors, same_site], 302),
        (&log_out, &[("host", "evil.test")], 421),
        // Links to pages that tell nothing that is closed.
        (workos.url(), &[("sec-fetch-mode", "navigate"), cross_site], 200),
        (&style, &[("sec-fetch-mode", "navigate"), same_site], 200),
        (&callback, &[("sec-fetch-mode", "navigate"), cross_site], 400),
        (&callback, &[no_cors, cross_site], 421),
        (&requests, &[("sec-fetch-mode", "navigate"), cross_site], 421),
        (&requests, &[("sec-fetch-mode", "navigate"), same_site], 421),
    ];
    for (url, headers, status) in cases {
        let mut request = http().get(url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        assert_eq!(Answer::to(request).await.status, status, "{url} {headers:?}");
    }
    let fault = http()
        .post(format!("{}/_dev/faults", workos.url()))
        .header("sec-fetch-site", "cross-site")
        .json(&json!({ "path": "/sso/*", "status": 500 }));
    assert_eq!(Answer::to(fault).await.status, 421);
}

#[tokio::test]
async fn its_own_name_is_no_strangers() {
    let url = Some("http://auth-dev.test:4100".to_owned());
    let workos = start(Config { url, ..Config::default() }).await;
    assert_eq!(workos.url(), "http://auth-dev.test:4100");
    let token = format!("http://{}/_dev/token/admin", workos.address());
    for (host, status) in [("auth-dev.test:4100", 200), ("auth-dev.test", 200), ("x.test", 421)] {
        let answer = Answer::to(http().get(&token).header("host", host)).await;
        assert_eq!(answer.status, status, "{host}");
    }
}

#[tokio::test]
async fn a_path_that_is_not_there_says_what_is() {
    let workos = start(Config::default()).await;
    for path in ["/user_management/invitations", "/organizations", "/%2e%2e/etc", "//sso/jwks"] {
        let answer = Answer::to(http().get(format!("{}{path}", workos.url()))).await;
        assert_eq!(answer.refusal(), (404, "not_found".to_owned()), "{path}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    }
}
