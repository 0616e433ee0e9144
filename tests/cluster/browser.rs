//! Browsers that have signed in, and what came of their requests.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use futures_util::future::join_all;
use reqwest::cookie::{CookieStore, Jar};
use reqwest::redirect::Policy;
use reqwest::{Client, Response};

use crate::cluster::Cluster;

/// Beyond what an instance waits for a store and for WorkOS.
const TIMEOUT: Duration = Duration::from_secs(40);

pub(crate) struct Browser {
    jar: Arc<Jar>,
    client: Client,
    origin: String,
}

impl Browser {
    /// Somebody who signs in at the first instance, and has not asked for anything since.
    pub(crate) async fn signed_in(cluster: &Cluster, email: &str) -> Self {
        let jar = Arc::new(Jar::default());
        let client = Client::builder()
            .cookie_provider(Arc::clone(&jar))
            .redirect(Policy::none())
            .timeout(TIMEOUT)
            .build()
            .unwrap();
        let browser = Self { jar, client, origin: cluster.instances[0].url.clone() };
        let mut url = format!("{}/auth/sign-in?login_hint={email}", browser.origin);
        for _ in 0..3 {
            url = location(&browser.client.get(&url).send().await.unwrap());
        }
        assert_eq!(url, "/");
        browser
    }

    pub(crate) async fn get(&self, url: &str) -> u16 {
        self.client.get(url).send().await.unwrap().status().as_u16()
    }

    pub(crate) async fn sign_out(&self) -> u16 {
        let request = self.client.post(format!("{}/auth/sign-out", self.origin));
        request.header("sec-fetch-site", "same-origin").send().await.unwrap().status().as_u16()
    }

    /// The cookies that it sends to any instance.
    pub(crate) fn cookies(&self) -> String {
        let cookies = self.jar.cookies(&self.origin.parse().unwrap());
        cookies.map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
    }
}

fn location(response: &Response) -> String {
    response.headers()["location"].to_str().unwrap().to_owned()
}

/// What came of requests to `/me`.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) requests: usize,
    /// 503: nobody can say now.
    pub(crate) refused: usize,
    /// 401: somebody is no longer signed in.
    pub(crate) lost: usize,
    pub(crate) other: usize,
}

impl Tally {
    pub(crate) fn count(&mut self, status: u16) {
        self.requests += 1;
        match status {
            200 => {}
            503 => self.refused += 1,
            401 => self.lost += 1,
            _ => self.other += 1,
        }
    }

    pub(crate) fn all_well(requests: usize) -> Self {
        Self { requests, ..Self::default() }
    }
}

/// So many requests with one cookie to each instance, at once.
pub(crate) async fn at_all(cluster: &Cluster, cookies: &str, times: usize) -> Tally {
    let client = Client::builder().timeout(TIMEOUT).build().unwrap();
    let requests = (0..times).flat_map(|_| &cluster.instances).map(|instance| {
        let request = client.get(format!("{}/me", instance.url)).header("cookie", cookies);
        async move { request.send().await.unwrap().status().as_u16() }
    });
    let mut tally = Tally::default();
    for status in join_all(requests).await {
        tally.count(status);
    }
    tally
}

/// The same with a token in the header.
pub(crate) async fn with_token(cluster: &Cluster) -> Tally {
    let token = cluster.workos.token("member", &Default::default()).unwrap();
    let mut tally = Tally::default();
    for instance in &cluster.instances {
        let request = Client::new().get(format!("{}/me", instance.url)).bearer_auth(&token);
        tally.count(request.send().await.unwrap().status().as_u16());
    }
    tally
}

/// Until a token that had so long to live has ended.
pub(crate) async fn wait_until(end: SystemTime) {
    while let Ok(rest) = end.duration_since(SystemTime::now()) {
        tokio::time::sleep(rest).await;
    }
}
