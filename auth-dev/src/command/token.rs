//! `auth-dev token`.

use std::process::ExitCode;

use auth_dev::TokenOptions;
use clap::Args;
use serde_json::Value;
use url::Url;

use super::servers::{LOCAL_URL, at, client};
use super::{Failure, report};

/// Prints an access token of a running server.
#[derive(Args)]
pub(crate) struct Token {
    /// Whose token: a user's id, address, or what is before the @ of it, such as `admin`.
    user: String,
    #[command(flatten)]
    options: TokenOptions,
    /// The running server.
    #[arg(long, default_value = LOCAL_URL)]
    url: Url,
}

impl Token {
    pub(crate) async fn run(self) -> Result<ExitCode, Failure> {
        let Self { user, options, url } = self;
        // Without a password.
        let server = url.origin().ascii_serialization();
        if url.cannot_be_a_base() {
            return Err(format!("{server} is no URL of a server").into());
        }
        let request = client(&url).build()?.get(at(&url, &["_dev", "token", &user]));
        let response = request.query(&options).send().await.map_err(|_| {
            format!("{server} does not answer; start it with `auth-dev serve`, or give --url")
        })?;
        let (is_success, text) = (response.status().is_success(), response.text().await?);
        if !is_success {
            return Err(message_of(text).into());
        }
        report::print(&format!("{text}\n"))?;
        Ok(ExitCode::SUCCESS)
    }
}

/// What a refusal says for people, or else all of it.
fn message_of(refusal: String) -> String {
    let problem: Value = serde_json::from_str(&refusal).unwrap_or_default();
    let message = problem.get("message").and_then(Value::as_str).map(str::to_owned);
    message.unwrap_or(refusal)
}
