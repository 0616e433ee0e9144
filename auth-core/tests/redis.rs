//! `RedisStore` against a real server, which each test starts for itself: what every store does, and
//! what happens when the server goes, hangs and comes back.
//!
//! Without Debian's `redis-server` nothing is checked, and said so; where `CI` is set, that is a
//! failure.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

#[path = "store/redis_server.rs"]
mod redis_server;
mod store;

use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use auth_core::session::{Cursor, RedisStore, RedisUrlError, Revocation, Revoked, Store};
use base64::Engine;
use redis_server::{Folder, PATIENCE, Server, eventually, free_port};
use store::Subject;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio::time::timeout;

const LONG: Duration = Duration::from_secs(600);

impl Server {
    fn store(&self) -> RedisStore {
        RedisStore::new(&self.url()).unwrap()
    }
}

async fn subject() -> Option<(Subject, Server)> {
    let server = Server::start(&["--appendonly", "no"]).await?;
    let store: Arc<dyn Store> = Arc::new(server.store());
    let subject = Subject { store, now: Box::new(SystemTime::now), pass: Box::new(|| ()) };
    Some((subject, server))
}

mod every_store {
    crate::store::tests_of!(crate::subject().await);
}

fn session(id: &str) -> Revocation {
    let until = SystemTime::UNIX_EPOCH + Duration::from_secs(4_000_000_000);
    Revocation { revoked: Revoked::Session(id.to_owned()), until }
}

#[tokio::test]
async fn a_restart_while_nobody_asks_is_not_noticed() {
    let Some(mut server) = Server::start(&["--appendonly", "yes", "--appendfsync", "always"]).await
    else {
        return;
    };
    let store = server.store();
    store.put("a", b"value", LONG).await.unwrap();
    let fence = store.lock("a", LONG).await.unwrap().unwrap();
    store.revoke(&session("s")).await.unwrap();

    server.restart().await;
    // What it reads from its file takes a moment, in which it says so.
    eventually("the file is read", async || store.get("a").await.is_ok()).await;
    assert_eq!(store.get("a").await.unwrap().as_deref(), Some(&b"value"[..]));
    assert_eq!(store.lock("a", LONG).await.unwrap(), None, "the lock is still held");
    assert!(store.replace("a", b"new", LONG, fence).await.unwrap());
    assert_eq!(store.revoked_since(&Cursor::default()).await.unwrap().0, [session("s")]);
}

#[tokio::test]
async fn fences_grow_though_the_server_forgets_everything() {
    let Some(mut server) = Server::start(&["--appendonly", "no"]).await else { return };
    let store = server.store();
    let late = store.lock("a", LONG).await.unwrap().unwrap();
    store.revoke(&session("before")).await.unwrap();
    let (_, cursor) = store.revoked_since(&Cursor::default()).await.unwrap();

    server.restart().await;
    store.put("a", b"value", LONG).await.unwrap();
    let newest = store.lock("a", LONG).await.unwrap().unwrap();
    assert!(late < newest, "{late:?} {newest:?}");
    assert!(!store.replace("a", b"late", LONG, late).await.unwrap());

    store.revoke(&session("after")).await.unwrap();
    assert_eq!(store.revoked_since(&cursor).await.unwrap().0, [session("after")]);
}

#[tokio::test]
async fn while_the_server_is_away_calls_fail_and_then_they_do_not() {
    let Some(mut server) = Server::start(&["--appendonly", "no"]).await else { return };
    let store = server.store();
    store.put("a", b"value", LONG).await.unwrap();

    server.kill();
    for _ in 0..3 {
        let error = store.get("a").await.unwrap_err().to_string();
        let named = format!("redis at 127.0.0.1:{}: ", server.port);
        assert!(error.starts_with(&named) && error.contains("refused"), "{error}");
    }
    server.restart().await;
    store.put("a", b"value", LONG).await.unwrap();
    assert!(store.get("a").await.unwrap().is_some());
}

#[tokio::test]
async fn of_a_server_that_hangs_nobody_waits_beyond_the_deadline() {
    let Some(server) = Server::start(&["--appendonly", "no"]).await else { return };
    let store = Arc::new(server.store().deadline(Duration::from_millis(300)));
    store.put("a", b"value", LONG).await.unwrap();
    let fresh = Arc::new(server.store().deadline(Duration::from_millis(300)));

    server.signal("-STOP");
    let mut calls = JoinSet::new();
    for store in std::iter::repeat_n([&store, &fresh], 50).flatten() {
        let store = Arc::clone(store);
        calls.spawn(async move { store.get("a").await });
    }
    let answers = timeout(PATIENCE, calls.join_all()).await.unwrap();
    for answer in answers {
        let error = answer.unwrap_err().to_string();
        assert!(error.ends_with("no answer within 300ms"), "{error}");
    }

    server.signal("-CONT");
    for store in [store, fresh] {
        eventually("it recovers", async || store.get("a").await.is_ok()).await;
        assert_eq!(store.get("a").await.unwrap().as_deref(), Some(&b"value"[..]));
    }
}

/// As after a failure of the network, where nobody says that the connection is gone: the server at
/// the same address is another one by now.
#[tokio::test]
async fn a_connection_without_answers_is_given_up() {
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = silent.local_addr().unwrap();
    let store = RedisStore::new(&format!("redis://{address}")).unwrap();
    let store = store.deadline(Duration::from_millis(300));

    // The first connection answers the greeting and then nothing; it stays open all the time.
    let mut connections = Vec::new();
    let first = tokio::spawn(async move {
        for _ in 0..2 {
            let (mut connection, _) = silent.accept().await.unwrap();
            let (mut reader, mut writer) = connection.split();
            let mut buffer = [0; 4096];
            let _ = reader.read(&mut buffer).await;
            let _ = writer.write_all(b"+OK\r\n+OK\r\n").await;
            if connections.len() == 1 {
                let _ = reader.read(&mut buffer).await;
                let _ = writer.write_all(b"$1\r\n2\r\n").await;
            }
            connections.push(connection);
        }
        connections
    });
    assert!(store.get("a").await.is_err());
    assert_eq!(store.get("a").await.unwrap().as_deref(), Some(&b"2"[..]));
    drop(first.await.unwrap());
}

#[tokio::test]
async fn services_with_other_prefixes_share_nothing() {
    let Some(server) = Server::start(&["--appendonly", "no"]).await else { return };
    let [one, other] = ["one:", "other:"].map(|prefix| server.store().prefix(prefix));
    one.put("a", b"value", LONG).await.unwrap();
    one.revoke(&session("s")).await.unwrap();
    assert!(one.lock("a", LONG).await.unwrap().is_some());

    assert_eq!(other.get("a").await.unwrap(), None);
    assert_eq!(other.revoked_since(&Cursor::default()).await.unwrap().0, []);
    assert!(other.lock("a", LONG).await.unwrap().is_some());
}

/// Redis itself quotes what it does not understand.
#[tokio::test]
async fn errors_show_no_password_no_key_and_no_value() {
    let arguments = [
        "--requirepass",
        "pass-word",
        "--rename-command",
        "EVAL",
        "",
        "--rename-command",
        "SET",
        "",
    ];
    let Some(server) = Server::start(&arguments).await else { return };
    for (password, refusal) in [("pass-word", "it answers ERR"), ("wrong-word", "authentication")] {
        let url = format!("redis://:{password}@127.0.0.1:{}", server.port);
        let store = RedisStore::new(&url).unwrap();
        let errors = [
            store.put("secret-key", b"secret-value", LONG).await.unwrap_err(),
            store.lock("secret-key", LONG).await.unwrap_err(),
            store.revoke(&session("secret-key")).await.unwrap_err(),
        ];
        for error in errors {
            let (error, debug) = (error.to_string(), format!("{error:?} {store:?}"));
            assert!(error.contains(refusal), "{error}");
            for secret in ["secret", "-word"] {
                assert!(!error.contains(secret) && !debug.contains(secret), "{debug}");
            }
        }
    }
}

/// Whom the machine trusts is said by the environment, so there has to be a process of its own.
#[tokio::test]
async fn tls_is_for_servers_that_the_machine_trusts() {
    let certified = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    let files = Folder::new("tls");
    let [certificate, key] = ["certificate.pem", "key.pem"].map(|name| files.0.join(name));
    std::fs::write(&certificate, pem("CERTIFICATE", certified.cert.der())).unwrap();
    std::fs::write(&key, pem("PRIVATE KEY", certified.signing_key.serialized_der())).unwrap();
    let tls = free_port();
    let arguments = [
        ["--tls-port", &tls.to_string()],
        ["--tls-cert-file", certificate.to_str().unwrap()],
        ["--tls-key-file", key.to_str().unwrap()],
        ["--tls-auth-clients", "no"],
    ];
    let Some(_server) = Server::start(arguments.as_flattened()).await else { return };
    let url = format!("rediss://127.0.0.1:{tls}");

    let store = RedisStore::new(&url).unwrap();
    let error = store.get("a").await.unwrap_err().to_string();
    assert!(error.contains("certificate"), "{error}");

    let trusting = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "with_a_certificate_that_is_trusted", "--ignored"])
        .env("SSL_CERT_FILE", &certificate)
        .env("AUTH_TEST_REDIS", &url)
        .status();
    assert!(trusting.unwrap().success());
}

fn pem(label: &str, der: &[u8]) -> String {
    let text = base64::engine::general_purpose::STANDARD.encode(der);
    let lines: Vec<&str> =
        text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}

#[tokio::test]
#[ignore = "run by the test above"]
async fn with_a_certificate_that_is_trusted() {
    let Ok(url) = std::env::var("AUTH_TEST_REDIS") else { return };
    let store = RedisStore::new(&url).unwrap();
    store.put("a", b"value", LONG).await.unwrap();
    assert_eq!(store.get("a").await.unwrap().as_deref(), Some(&b"value"[..]));
}

#[test]
fn what_is_no_url_of_redis_is_refused_and_not_shown() {
    for url in ["", "secret", "http://:secret@host", "redis://:secret@", "redis://h/secret"] {
        let error = RedisStore::new(url).unwrap_err();
        assert!(matches!(error, RedisUrlError::Malformed), "{url}");
        assert!(!format!("{error} {error:?}").contains("secret"), "{url}");
    }
    let insecure = RedisStore::new("rediss://:secret@host/#insecure").unwrap_err();
    assert!(matches!(insecure, RedisUrlError::Insecure));
    for url in ["redis://h", "rediss://u:p@h:1/2", "valkey://h", "redis+unix:///run/redis.sock"] {
        assert!(RedisStore::new(url).is_ok(), "{url}");
    }
}
