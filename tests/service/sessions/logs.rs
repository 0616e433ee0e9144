//! Secrets of sessions stay out of the log, errors and addresses.

use super::browser::{Browser, header};
use super::service::{Framework, PASSWORD, Setup};
use crate::log::Log;

/// axum alone: everything runs on the thread whose log is captured.
#[tokio::test]
async fn no_token_and_no_cookie_is_logged() {
    let (log, _guard) = Log::capture();
    let setup = Setup::new(Framework::Axum).await;
    let browser = setup.signed_in("member@example.org").await;
    let mut secrets = vec![browser.cookies(&setup.url)];
    browser.get(&setup.at("/me")).await;
    setup.advance(301);
    browser.get(&setup.at("/me")).await;
    secrets.push(browser.cookies(&setup.url));
    let shown = browser.without_redirects();
    browser.request("POST", &setup.at("/change")).send().await.unwrap();
    let broken = secrets[0].replace("session=A", "session=B");
    let refused = reqwest::Client::new().get(setup.at("/me")).header("cookie", &broken);
    let refused = refused.send().await.unwrap().text().await.unwrap();
    let out = shown.post(&setup.at("/auth/sign-out")).await;
    let target = header(&out, "location").unwrap().to_owned();
    assert_eq!(
        Browser::new().get(&setup.at("/callback?code=secret-code&state=x")).await.status,
        400
    );

    secrets.push(setup.workos.api_key().to_owned());
    secrets.extend(["secret-code", PASSWORD, "eyJ"].map(str::to_owned));
    let said = log.text();
    assert!(said.contains("session_invalid") && said.contains("csrf"), "{said}");
    for secret in secrets {
        let secret = secret.trim_start_matches("session=");
        for (place, text) in [("log", &said), ("answer", &refused), ("address", &target)] {
            assert!(!text.contains(secret), "{secret} in the {place}: {text}");
        }
    }
}
