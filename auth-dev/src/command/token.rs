//! `auth-dev token`.

use std::process::ExitCode;

use auth_dev::TokenOptions;
use clap::Args;
use url::Url;

use super::serve::DEFAULT_URL;
use super::{Failure, report};

/// Prints an access token of a running server.
#[derive(Args)]
pub(crate) struct Token {
    /// Whose token: a user's id, address, or what is before the @ of it, such as `admin`.
    user: String,
    #[command(flatten)]
    options: TokenOptions,
    /// The running server.
    #[arg(long, default_value = DEFAULT_URL)]
    url: Url,
}

impl Token {
    pub(crate) async fn run(self) -> Result<ExitCode, Failure> {
        let Self { user, options, mut url } = self;
        // Without a password.
        let server = url.origin().ascii_serialization();
        url.path_segments_mut()
            .map_err(|()| format!("{server} is no URL of a server"))?
            .pop_if_empty()
            .extend(["_dev", "token", &user]);
        // A proxy does not know this machine's own servers.
        let is_here = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
        let client = reqwest::Client::builder();
        let client = if is_here { client.no_proxy() } else { client };
        let request = client.build()?.get(url).query(&options);
        let response = request.send().await.map_err(|_| {
            format!("{server} does not answer; start it with `auth-dev serve`, or give --url")
        })?;
        let (is_success, text) = (response.status().is_success(), response.text().await?);
        if !is_success {
            let problem: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
            let message = problem.get("message").and_then(serde_json::Value::as_str);
            return Err(message.map_or(text.clone(), str::to_owned).into());
        }
        report::print(&format!("{text}\n"))?;
        Ok(ExitCode::SUCCESS)
    }
}
