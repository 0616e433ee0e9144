//! What goes wrong on request.

use std::sync::Mutex;
use std::time::Duration;

use axum::http::StatusCode;
use serde::de::{Deserializer, Error as _};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;

use crate::duration;
use crate::lock::lock;

/// What is to go wrong with requests of a path, and how often.
///
/// ```
/// use std::time::Duration;
///
/// use auth_dev::{AuthDev, Config, Fault};
/// use axum::http::StatusCode;
/// use serde_json::json;
///
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let workos = AuthDev::start(Config::default()).await?;
/// let path = format!("/sso/jwks/{}", workos.client_id());
/// let url = format!("{}{path}", workos.url());
///
/// // Twice, the key server is slow and then has an answer that says why there are no keys.
/// workos.fail(Fault {
///     delay: Duration::from_millis(10),
///     status: Some(StatusCode::TOO_MANY_REQUESTS),
///     body: Some(json!({ "message": "slow down" })),
///     count: Some(2),
///     ..Fault::at(&path)
/// });
/// for expected in [StatusCode::TOO_MANY_REQUESTS, StatusCode::TOO_MANY_REQUESTS, StatusCode::OK] {
///     assert_eq!(reqwest::get(&url).await?.status(), expected);
/// }
///
/// // Once, it breaks off in the middle of the keys, and then it never answers.
/// workos.fail(Fault { truncate: true, ..Fault::at(&path) });
/// assert!(reqwest::get(&url).await?.bytes().await.is_err());
/// workos.fail(Fault { hang: true, ..Fault::at("/sso/*") });
/// let impatient = reqwest::Client::builder().timeout(Duration::from_millis(100)).build()?;
/// assert!(impatient.get(&url).send().await.is_err_and(|error| error.is_timeout()));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// The path; with a `*` at the end, all paths that begin so.
    pub path: String,
    /// How many requests it strikes; all of them without a number. In JSON, 1 unless said otherwise.
    #[serde(default = "once")]
    pub count: Option<u32>,
    /// How long the answer takes; in JSON a text such as `"500ms"`.
    #[serde(default, with = "duration")]
    pub delay: Duration,
    /// Answers with this status in place of what was asked for; in JSON a number.
    #[serde(default, with = "status")]
    pub status: Option<StatusCode>,
    /// What the answer with that status says.
    #[serde(default)]
    pub body: Option<Value>,
    /// Never answers.
    #[serde(default)]
    pub hang: bool,
    /// Breaks off in the middle of the body.
    #[serde(default)]
    pub truncate: bool,
}

impl Fault {
    /// A fault of a path, at which nothing goes wrong yet, for the next request.
    pub fn at(path: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            count: once(),
            delay: Duration::ZERO,
            status: None,
            body: None,
            hang: false,
            truncate: false,
        }
    }

    /// Why it could never strike, if so.
    pub(crate) fn mistake(&self) -> Option<&'static str> {
        if !self.path.starts_with('/') {
            Some("path: it begins with a slash")
        } else if self.count == Some(0) {
            Some("count: 0 is none; leave the fault away")
        } else if self.body.is_some() && self.status.is_none() {
            Some("body: it goes with a status")
        } else {
            None
        }
    }

    fn strikes(&self, path: &str) -> bool {
        match self.path.strip_suffix('*') {
            Some(prefix) => path.starts_with(prefix),
            None => path == self.path,
        }
    }
}

#[expect(clippy::unnecessary_wraps, reason = "it is the default of a field")]
fn once() -> Option<u32> {
    Some(1)
}

#[derive(Default)]
pub(crate) struct Faults(Mutex<Vec<Fault>>);

impl Faults {
    pub(crate) fn add(&self, fault: Fault) {
        lock(&self.0).push(fault);
    }

    pub(crate) fn clear(&self) {
        lock(&self.0).clear();
    }

    pub(crate) fn outstanding(&self) -> Vec<Fault> {
        lock(&self.0).clone()
    }

    /// The first fault that strikes a request of this path, which then is one fewer.
    pub(crate) fn take(&self, path: &str) -> Option<Fault> {
        let mut faults = lock(&self.0);
        let position = faults.iter().position(|fault| fault.strikes(path))?;
        let fault = faults.get_mut(position)?;
        if let Some(count) = &mut fault.count {
            *count = count.saturating_sub(1);
        }
        let struck = fault.clone();
        if fault.count == Some(0) {
            faults.remove(position);
        }
        Some(struck)
    }
}

mod status {
    use super::*;

    pub(super) fn serialize<S: Serializer>(
        status: &Option<StatusCode>,
        s: S,
    ) -> Result<S::Ok, S::Error> {
        status.map(|status| status.as_u16()).serialize(s)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        d: D,
    ) -> Result<Option<StatusCode>, D::Error> {
        let code = Option::<u16>::deserialize(d)?;
        let status = code.map(StatusCode::from_u16).transpose();
        status.map_err(|_| D::Error::custom("status: write a number from 100 to 999"))
    }
}
