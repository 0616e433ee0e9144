//! How sessions end.

use auth_dev::Config;
use serde_json::json;

use crate::client::{Answer, authenticate, claims, http, refresh_grant, sign_in, start};

#[tokio::test]
async fn signing_out_ends_the_session_and_leads_to_a_configured_uri() {
    let cases = [
        (Some("http://localhost:5173/"), Some("http://localhost:5173/")),
        (Some("http://localhost:3000"), Some("http://localhost:3000")),
        (None, Some("http://localhost:5173/")),
        (Some("http://localhost:5173/elsewhere"), None),
        (Some("//evil.test"), None),
        (Some("https://evil.test/"), None),
        (Some(""), None),
    ];
    let workos = start(Config::default()).await;
    for (return_to, target) in cases {
        let session = sign_in(&workos, "admin@example.com").await;
        let sid = claims(&session["access_token"])["sid"].as_str().unwrap().to_owned();
        let url = format!("{}/user_management/sessions/logout?session_id={sid}", workos.url());
        let mut url: url::Url = url.parse().unwrap();
        url.query_pairs_mut().extend_pairs(return_to.map(|uri| ("return_to", uri)));
        let answer = Answer::to(http().get(url.clone())).await;
        match target {
            Some(target) => assert_eq!(answer.header("location"), Some(target), "{return_to:?}"),
            None => {
                assert_eq!(
                    (answer.status, answer.header("location")),
                    (400, None),
                    "{return_to:?}"
                );
                assert!(answer.body.contains("sign_out_uris"), "{}", answer.body);
            }
        }
        let refresh =
            authenticate(&workos, refresh_grant(&workos, &session["refresh_token"])).await;
        assert_eq!(refresh.json()["error_description"], "Session has already ended.");
        // No blank page for a session that is gone.
        assert_eq!(Answer::to(http().get(url)).await.status, answer.status);
    }
    let without = format!("{}/user_management/sessions/logout", workos.url());
    let answer = Answer::to(http().get(without)).await;
    assert_eq!(answer.status, 400);
    assert!(answer.body.contains("session_id"));
}

#[tokio::test]
async fn the_api_key_revokes_sessions_and_deletes_users() {
    let workos = start(Config::default()).await;
    let session = sign_in(&workos, "admin@example.com").await;
    let sid = claims(&session["access_token"])["sid"].clone();
    let revoke = |key: &str| {
        let url = format!("{}/user_management/sessions/revoke", workos.url());
        Answer::to(http().post(url).bearer_auth(key).json(&json!({ "session_id": sid })))
    };
    assert_eq!(revoke("sk_test_other").await.status, 401);
    let refresh = refresh_grant(&workos, &session["refresh_token"]);
    let second = authenticate(&workos, refresh).await;
    assert_eq!(second.status, 200);
    assert_eq!(revoke(workos.api_key()).await.status, 200);
    assert_eq!(revoke(workos.api_key()).await.status, 404);
    let refresh = refresh_grant(&workos, &second.json()["refresh_token"]);
    assert_eq!(authenticate(&workos, refresh).await.status, 400);

    let url = format!("{}/user_management/users/user_01DEVADMIN", workos.url());
    assert_eq!(Answer::to(http().get(&url)).await.status, 401);
    let key = format!("bearer {}", workos.api_key());
    let user = Answer::to(http().get(&url).header("authorization", key)).await.json();
    assert_eq!((&user["object"], &user["email"]), (&json!("user"), &json!("admin@example.com")));
    assert_eq!(Answer::to(http().delete(&url)).await.status, 401);
    assert_eq!(Answer::to(http().delete(&url).bearer_auth(workos.api_key())).await.status, 202);
    let gone = Answer::to(http().get(&url).bearer_auth(workos.api_key())).await;
    assert_eq!(gone.refusal(), (404, "entity_not_found".to_owned()));
}
