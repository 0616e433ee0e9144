//! Requests that are sent when they are due, whatever becomes of those before: a service that makes
//! everybody wait is not spared those who come meanwhile.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::{Context, ensure};
use reqwest::StatusCode;
use tokio::task::JoinSet;

use crate::workload::encode;

/// How long a round is, in milliseconds, and when a stranger comes in each of them.
const ROUND: u64 = 7_000;
const BURSTS: [std::ops::Range<u64>; 2] = [0..1_000, 5_800..6_800];

/// How many milliseconds lie between good requests.
const PACE: u64 = 2;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Traffic {
    Calm,
    Storm,
}

pub(super) struct Client {
    http: reqwest::Client,
    url: String,
    token: String,
    /// How many strangers there were; each has another key id.
    strangers: AtomicU64,
}

/// What the good requests of a round have come to.
pub(super) struct Round {
    milliseconds: Vec<f64>,
    pub(super) refused: usize,
}

impl Round {
    pub(super) fn percentile(mut self, part: f64) -> anyhow::Result<f64> {
        self.milliseconds.sort_by(f64::total_cmp);
        let rank = (self.milliseconds.len() as f64 * part) as usize;
        self.milliseconds.get(rank).copied().context("no request was answered")
    }
}

impl Client {
    pub(super) fn new(url: String, token: &str) -> anyhow::Result<Self> {
        let http = reqwest::Client::builder().no_proxy().pool_max_idle_per_host(usize::MAX);
        let (http, token) = (http.build()?, token.to_owned());
        Ok(Self { http, url, token, strangers: AtomicU64::new(0) })
    }

    fn request(&self, token: &str) -> reqwest::RequestBuilder {
        self.http.get(&self.url).bearer_auth(token)
    }

    pub(super) async fn expect_success(&self) -> anyhow::Result<()> {
        let status = self.request(&self.token).send().await?.status();
        ensure!(status == StatusCode::OK, "a good request is answered with {status}");
        Ok(())
    }

    /// The token of somebody who knows a good one, and asks for a key that is not there. Nobody gets
    /// as far as its signature.
    fn strangers_token(&self) -> anyhow::Result<String> {
        let number = self.strangers.fetch_add(1, Ordering::Relaxed);
        let header = format!(r#"{{"alg":"RS256","kid":"stranger_{number}","typ":"JWT"}}"#);
        let (_, rest) = self.token.split_once('.').context("the token has no parts")?;
        Ok(format!("{}.{rest}", encode(header)))
    }

    pub(super) async fn round(&self, traffic: Traffic) -> anyhow::Result<Round> {
        let (mut good, mut strangers) = (JoinSet::new(), JoinSet::new());
        let mut due = tokio::time::interval(Duration::from_millis(1));
        for millisecond in 0..ROUND {
            let due = due.tick().await;
            if millisecond % PACE == 0 {
                let request = self.request(&self.token);
                good.spawn(
                    async move { answer(request).await.map(|status| (status, due.elapsed())) },
                );
            }
            let strange = BURSTS.iter().any(|burst| burst.contains(&millisecond));
            if traffic == Traffic::Storm && strange {
                strangers.spawn(answer(self.request(&self.strangers_token()?)));
            }
        }

        let mut round = Round { milliseconds: Vec::new(), refused: 0 };
        while let Some(answer) = good.join_next().await {
            let (status, time) = answer??;
            round.milliseconds.push(time.as_secs_f64() * 1e3);
            round.refused += usize::from(status != StatusCode::OK);
        }
        while let Some(answer) = strangers.join_next().await {
            let status = answer??;
            ensure!(!status.is_success(), "a stranger is answered with {status}");
        }
        Ok(round)
    }
}

async fn answer(request: reqwest::RequestBuilder) -> reqwest::Result<StatusCode> {
    let response = request.send().await?;
    let status = response.status();
    // To its end, so that the connection can be used again.
    response.bytes().await?;
    Ok(status)
}
