//! The command `auth-dev`, run as a user runs it.
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use std::process::{Output, Stdio};

use auth_dev::{AuthDev, Config};
use jsonwebtoken::dangerous::insecure_decode_claims;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::process::{Child, Command};
use url::Url;

async fn auth_dev(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_auth-dev")).args(arguments).output().await.unwrap()
}

#[tokio::test]
async fn token_prints_a_token_of_the_running_server() {
    let workos = AuthDev::start(Config::default()).await.unwrap();
    let url = workos.url();
    let cases: [(&[&str], &str, &str); 4] = [
        (&["admin"], "iss", &format!("{url}/user_management/client_01DEV")),
        (&["member", "--issuer", "sso"], "iss", &format!("{url}/")),
        (&["member", "--issuer", "sso"], "aud", "client_01DEV"),
        (&["unverified", "--audience", "client_01OTHER"], "aud", "client_01OTHER"),
    ];
    for (arguments, claim, expected) in cases {
        let output = auth_dev(&[&["token", "--url", url], arguments].concat()).await;
        assert!(output.status.success(), "{arguments:?}");
        let token = String::from_utf8(output.stdout).unwrap();
        let claims: Value = insecure_decode_claims(token.trim()).unwrap();
        assert_eq!(claims[claim], expected, "{arguments:?}");
    }

    let output = auth_dev(&["token", "admin", "--expired", "--url", url]).await;
    let token = String::from_utf8(output.stdout).unwrap();
    let claims: Value = insecure_decode_claims(token.trim()).unwrap();
    assert!(claims["exp"].as_u64().unwrap() < jsonwebtoken::get_current_timestamp());
}

#[tokio::test]
async fn what_cannot_be_done_is_told_with_a_mend() {
    let directory = std::env::temp_dir();
    let directory = directory.to_str().unwrap();
    let cases: [(&[&str], &str, i32); 8] = [
        (&["token", "admin", "--url", "http://127.0.0.1:1"], "auth-dev serve", 3),
        (&["token", "admin", "--url", "no URL"], "--url", 2),
        (&["token", "admin", "--url", "http://a:SECRET@127.0.0.1:1"], "http://127.0.0.1:1 does", 3),
        (&["serve", "--port", "many"], "--port", 2),
        (&["serve", "--port", "0", "--client-id", "undefined"], "is no client id", 2),
        (&["serve", "--port", "0", "--redirect-uri", "x"], "redirect_uris: \"x\"", 2),
        (&["serve", "--port", "0", "--token-lifetime", "0s"], "token_lifetime", 2),
        (&["doctor", "--env-file", directory], "cannot read", 3),
    ];
    for (arguments, expected, code) in cases {
        let output = auth_dev(arguments).await;
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(code), "{arguments:?}");
        assert!(!said.contains("SECRET"), "{said}");
        assert!(said.contains(expected), "{arguments:?}: {said}");
    }
}

#[tokio::test]
async fn a_port_that_is_taken_is_told() {
    let workos = AuthDev::start(Config::default()).await.unwrap();
    let port = workos.url().rsplit(':').next().unwrap();
    let output = auth_dev(&["serve", "--port", port]).await;
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(3));
    assert!(said.contains("is another server running there?"), "{said}");
}

/// Starts `auth-dev serve` and waits until it says where it is.
async fn serve(arguments: &[&str]) -> (Child, String) {
    let mut server = Command::new(env!("CARGO_BIN_EXE_auth-dev"))
        .args(["serve", "--port", "0"])
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

/// Starts a server whose webhook is not there; gives it, and the lines that it logs.
async fn serve_with_webhook(path_and_query: &str) -> (Child, String) {
    let name = format!("auth-dev-webhook-{}.toml", std::process::id());
    let seed = std::env::temp_dir().join(name);
    let webhook = format!("url = \"http://127.0.0.1:1{path_and_query}\"\nsecret = \"whsec_x\"");
    std::fs::write(&seed, format!("[webhook]\n{webhook}")).unwrap();
    let served = serve(&["--seed", seed.to_str().unwrap()]).await;
    std::fs::remove_file(seed).unwrap();
    served
}

#[tokio::test]
async fn what_strangers_send_by_mistake_is_not_logged_and_makes_no_lines() {
    const TOKEN: &str = "eyJhbGciOiJSUzI1NiJ9.e30.c2lnbmF0dXJl";
    let (mut server, said) = serve_with_webhook("/hooks?key=SECRET").await;
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
async fn whoever_has_read_enough_is_no_failure_and_a_full_disk_is_one() {
    let workos = AuthDev::start(Config::default()).await.unwrap();
    let full: Stdio = std::fs::File::create("/dev/full").unwrap().into();
    let (_, closed) = std::io::pipe().unwrap();
    for (stdout, code) in [(full, 3), (closed.into(), 0)] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_auth-dev"));
        command.args(["token", "admin", "--url", workos.url()]).stdout(stdout);
        let output = command.stderr(Stdio::piped()).spawn().unwrap().wait_with_output().await;
        let output = output.unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(code), "{said}");
        assert_eq!(said.starts_with("error: "), code == 3, "{said}");
    }
    let full: Stdio = std::fs::File::create("/dev/full").unwrap().into();
    let mut command = Command::new(env!("CARGO_BIN_EXE_auth-dev"));
    let served = command.args(["serve", "--port", "0"]).stdout(full).stderr(Stdio::null());
    let served = served.kill_on_drop(true).status().await.unwrap();
    assert_eq!(served.code(), Some(3));
}

#[tokio::test]
async fn an_address_that_a_terminal_obeys_is_escaped() {
    let seed = std::env::temp_dir().join(format!("auth-dev-escape-{}.toml", std::process::id()));
    std::fs::write(&seed, "users = [{ email = \"a\\u001b[2J@b\\u001b[2J\", id = \"a\" }]").unwrap();
    let (_server, said) = serve(&["--seed", seed.to_str().unwrap()]).await;
    std::fs::remove_file(seed).unwrap();
    assert!(said.contains("a\\u{1b}[2J@b") && !said.contains('\u{1b}'), "{said}");
}

#[tokio::test]
async fn a_seed_file_that_is_wrong_is_told_with_its_name() {
    let path = std::env::temp_dir().join(format!("auth-dev-{}.toml", std::process::id()));
    std::fs::write(&path, "users = [{ email = \"ada\" }]").unwrap();
    let shown = path.to_str().unwrap();
    for (file, expected) in [(shown, "\"ada\" is no e-mail address"), ("no/such", "no/such")] {
        let output = auth_dev(&["serve", "--port", "0", "--seed", file]).await;
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(3), "{said}");
        assert!(said.contains(expected), "{said}");
    }
    std::fs::remove_file(path).unwrap();
}
