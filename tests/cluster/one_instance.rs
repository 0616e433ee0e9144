//! One instance, on each framework: what it logs of a request, and how it ends.

use auth_dev::{AuthDev, Config};
use reqwest::redirect::Policy;
use reqwest::{Client, Response};
use serde_json::Value;
use tokio::net::{TcpListener, TcpStream};

use crate::door::Door;
use crate::instance::Instance;
use crate::redis_server::{Folder, PATIENCE, eventually, free_port};

const EXAMPLES: [&str; 2] = ["axum", "actix"];

#[tokio::test(flavor = "multi_thread")]
#[ignore = "`cargo xtask cluster` builds the examples, and runs this"]
async fn every_line_about_a_request_has_the_id_that_its_answer_bears() {
    for example in EXAMPLES {
        let folder = Folder::new(&format!("log-{example}"));
        let instance = Instance::start(example, free_port(), &[("LOG_FORMAT", "json")], &folder);
        let mut ids = Vec::new();
        for (path, status) in [("/health", 200), ("/me", 401), ("/nowhere", 404)] {
            let before = instance.log().len();
            let request = Client::new().get(format!("{}{path}?code=secret", instance.url));
            let answer = request.bearer_auth("not.a.token").send().await.unwrap();
            assert_eq!(answer.status(), status, "{example} {path}");
            let id = header(&answer, "x-request-id").to_owned();

            let said = &instance.log()[before..];
            let lines = said.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
            // What actix says of its start is about no request.
            let of_requests =
                lines.filter(|line| !line["target"].to_string().contains("actix_server"));
            let lines: Vec<Value> = of_requests.collect();
            assert!(lines.iter().all(|line| line["span"]["id"] == *id), "{example} {id}: {said}");
            let [.., answered] = &lines[..] else { panic!("{example} {path}: no line") };
            assert_eq!(answered["fields"]["message"], "answered", "{example}: {said}");
            assert_eq!(answered["fields"]["status"], status, "{example}: {said}");
            assert_eq!(answered["span"]["path"], path, "{example}: {said}");
            assert!(!said.contains("secret"), "{example}: {said}");
            // What the guard says of a refusal is such a line, too.
            assert_eq!(lines.len(), 1 + usize::from(path == "/me"), "{example}: {said}");
            assert!(!ids.contains(&id), "{example}: {id} twice");
            ids.push(id);
        }
        println!("cluster the id of a request, {example}: ok: in its answer and in its lines");
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "`cargo xtask cluster` builds the examples, and runs this"]
async fn what_is_under_way_is_answered_before_the_end() {
    for example in EXAMPLES {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let api_url = format!("http://{}", listener.local_addr().unwrap());
        let port = free_port();
        let redirect_uri = format!("http://localhost:{port}/auth/callback");
        let config = Config {
            url: Some(api_url.clone()),
            redirect_uris: vec![redirect_uri.clone()],
            ..Config::default()
        };
        let workos = AuthDev::start(config).await.unwrap();
        let door = Door::at(listener, workos.address());
        let folder = Folder::new(&format!("end-{example}"));
        let variables = [
            ("WORKOS_CLIENT_ID", workos.client_id()),
            ("ADMIN_DOMAIN", "example.com"),
            ("WORKOS_API_URL", &api_url),
            ("WORKOS_API_KEY", workos.api_key()),
            ("WORKOS_REDIRECT_URI", &redirect_uri),
            ("WORKOS_COOKIE_PASSWORD", "a password of this test, long enough"),
        ];
        let mut instance = Instance::start(example, port, &variables, &folder);

        let client = Client::builder().cookie_store(true).redirect(Policy::none());
        let client = client.timeout(PATIENCE).build().unwrap();
        let mut url = format!("{}/auth/sign-in?login_hint=member@example.org", instance.url);
        for _ in 0..2 {
            url = header(&client.get(url).send().await.unwrap(), "location").to_owned();
        }
        let callback = tokio::spawn(client.get(url).send());
        door.is_reached().await;
        instance.terminate();
        eventually("it takes no more requests", async || {
            TcpStream::connect(("127.0.0.1", port)).await.is_err()
        })
        .await;
        assert_eq!(instance.end(), None, "{example}: it has ended before its answer");

        door.open();
        let answer = callback.await.unwrap().unwrap();
        assert_eq!(
            (answer.status().as_u16(), header(&answer, "location")),
            (303, "/"),
            "{example}"
        );
        // A browser that keeps its connection would be waited for.
        drop(client);
        eventually("it ends", async || instance.end().is_some()).await;
        let end = instance.end().unwrap();
        assert_eq!(end.code(), Some(0), "{example}: {end}");
        println!("cluster the end of an instance, {example}: ok: after the answer, with 0");
    }
}

fn header<'a>(answer: &'a Response, name: &str) -> &'a str {
    answer.headers()[name].to_str().unwrap()
}
