//! `auth-dev serve`: what it prints and logs.

use std::process::Stdio;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::process::Child;
use url::Url;

use crate::run::{command, seed_file};

/// Starts `auth-dev serve` and waits until it says where it is.
async fn serve(arguments: &[&str]) -> (Child, String) {
    let mut server = command(&["serve", "--port", "0"])
        .args(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(server.stdout.as_mut().unwrap()).lines();
    let mut said = String::new();
    while !said.contains("VITE_WORKOS_API_URL") {
        said += &(lines.next_line().await.unwrap().unwrap() + "\n");
    }
    (server, said)
}

async fn serve_with_seed(name: &str, toml: &str) -> (Child, String) {
    let seed = seed_file(name, toml);
    let served = serve(&["--seed", seed.to_str().unwrap()]).await;
    std::fs::remove_file(seed).unwrap();
    served
}

fn variable<'a>(said: &'a str, name: &str) -> &'a str {
    let line = said.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('='));
    line.unwrap_or_else(|| panic!("{name} in {said}"))
}

#[tokio::test]
async fn serve_tells_what_to_set_and_logs_no_secret() {
    let (mut server, said) = serve(&["--redirect-uri", "http://localhost:9/callback"]).await;
    assert!(said.contains("It is no identity provider"), "{said}");
    let (url, client_id) = (variable(&said, "WORKOS_API_URL"), variable(&said, "WORKOS_CLIENT_ID"));
    let api = format!("{url}/user_management");
    let query = [
        ("client_id", client_id),
        ("redirect_uri", "http://localhost:9/callback"),
        ("response_type", "code"),
        ("provider", "authkit"),
        ("state", "of-the-client"),
        ("login_hint", "admin@example.com"),
    ];
    let authorize = Url::parse_with_params(&format!("{api}/authorize"), query).unwrap();
    let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
    let http = http.build().unwrap();
    let response = http.get(authorize).send().await.unwrap();
    let location: Url = response.headers()["location"].to_str().unwrap().parse().unwrap();
    let code = location.query_pairs().next().unwrap().1.into_owned();
    let grant = json!({
        "grant_type": "authorization_code",
        "client_id": client_id,
        "client_secret": variable(&said, "WORKOS_API_KEY"),
        "code": code,
    });
    let mut secrets = vec![code, "of-the-client".to_owned()];
    let authenticate = format!("{api}/authenticate");
    for status in [200, 400] {
        let response = http.post(&authenticate).json(&grant).send().await.unwrap();
        assert_eq!(response.status(), status);
        let session: Value = response.json().await.unwrap();
        let tokens = ["access_token", "refresh_token"].map(|name| session[name].as_str());
        secrets.extend(tokens.into_iter().flatten().map(str::to_owned));
    }

    server.kill().await.unwrap();
    let mut log = String::new();
    server.stderr.take().unwrap().read_to_string(&mut log).await.unwrap();
    assert!(log.contains("POST \"/user_management/authenticate\" 200"), "{log}");
    assert!(log.contains("refused: \"The code is unknown, used or expired.\""), "{log}");
    assert_eq!(secrets.len(), 4);
    secrets.push(variable(&said, "WORKOS_API_KEY").to_owned());
    for secret in secrets {
        assert!(!log.contains(&secret), "{log}");
    }
}

#[tokio::test]
async fn what_strangers_send_by_mistake_is_not_logged_and_makes_no_lines() {
    const TOKEN: &str = "eyJhbGciOiJSUzI1NiJ9.e30.c2lnbmF0dXJl";
    let seed = r#"webhook = { url = "http://127.0.0.1:1/hooks?key=SECRET", secret = "whsec_x" }"#;
    let (mut server, said) = serve_with_seed("webhook", seed).await;
    let url = variable(&said, "WORKOS_API_URL");
    let client_id = variable(&said, "WORKOS_CLIENT_ID");
    let api = format!("{url}/user_management");
    let http = reqwest::Client::new();
    for request in [
        http.post(format!("{api}/authenticate")).body("{\"code\": [\"SECRET\"]}"),
        http.post(format!("{api}/authenticate")).body("\"SECRET\""),
        http.get(format!("{api}/authorize?client_id=SECRET%0AWARN%20forged")),
        http.get(format!("{api}/authorize?client_id={client_id}&redirect_uri=SECRET")),
        http.get(format!("{api}/sessions/logout?session_id=x&return_to=SECRET")),
        http.get(format!("{url}/_dev/callback?error_description=SECRET")),
        http.get(format!("{url}/_dev/token/{TOKEN}")),
        http.get(format!("{api}/users/{TOKEN}")).bearer_auth("sk_test_dev"),
    ] {
        assert!(request.send().await.unwrap().status().is_client_error());
    }
    let of_token = http.get(format!("{url}/_dev/token/{TOKEN}")).send().await.unwrap();
    let of_token = of_token.text().await.unwrap();
    assert!(of_token.contains("there is no user") && !of_token.contains(TOKEN), "{of_token}");
    let deleted = http.delete(format!("{api}/users/user_01DEVADMIN")).bearer_auth("sk_test_dev");
    assert_eq!(deleted.send().await.unwrap().status(), 202);

    let mut lines = BufReader::new(server.stderr.take().unwrap()).lines();
    let mut log = String::new();
    while !log.contains("webhook not delivered") {
        log += &(lines.next_line().await.unwrap().unwrap() + "\n");
    }
    assert!(log.contains("http://127.0.0.1:1/hooks"), "{log}");
    assert!(log.contains("refused"), "{log}");
    for secret in ["SECRET", TOKEN, "c2lnbmF0dXJl", "forged"] {
        assert!(!log.contains(secret), "{secret}: {log}");
    }
}

#[tokio::test]
async fn a_server_that_others_reach_warns() {
    for (address, warns) in [("0.0.0.0", true), ("127.0.0.1", false)] {
        let (mut server, said) = serve(&["--listen", address]).await;
        assert!(variable(&said, "WORKOS_API_URL").starts_with("http://"));
        server.kill().await.unwrap();
        let mut log = String::new();
        server.stderr.take().unwrap().read_to_string(&mut log).await.unwrap();
        assert_eq!(log.contains("warning: other machines reach this server"), warns, "{log}");
    }
}

#[tokio::test]
async fn an_address_that_a_terminal_obeys_is_escaped() {
    let seed = r#"users = [{ email = "a\u001b[2J@b\u001b[2J", id = "a" }]"#;
    let (_server, said) = serve_with_seed("escape", seed).await;
    assert!(said.contains("a\\u{1b}[2J@b") && !said.contains('\u{1b}'), "{said}");
}
