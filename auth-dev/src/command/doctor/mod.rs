//! `auth-dev doctor`.

mod claims;
mod clock;
mod page;
mod server;
mod settings;
mod value;
mod variables;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use serde::Serialize;

use self::server::Server;
use self::settings::Settings;
use super::explain::Trust;
use super::report::{self, Finding, Outcome};
use super::servers::WORKOS_URL;
use super::{Failure, NO, token_argument};

/// Checks that a service and its page are set up as the recipe has it.
///
/// Looks at environment variables (of this process, `.env` and `.env.local`), at the server that they
/// name, and at the claims of a token. No secret is ever printed. Nothing is changed: the server is
/// asked for its keys, whether the API key is the client's, and whether it accepts redirect URIs and
/// the page's origin.
///
/// Exit codes: 0 if nothing has failed; 1 if something has; 2 if the command line cannot be meant; 3
/// if something is in the way, such as a file that cannot be read.
///
/// `--json` prints one object: `checks` (a list of `name`, `outcome`, `says`, `rule`, `mend`; the
/// outcomes are ok, warning, failed and skipped), `failed` and `warnings` (how many) and `server`
/// (`auth-dev`, `WorkOS`, another, or null if none answers).
#[derive(Args)]
pub(crate) struct Doctor {
    /// A file with environment variables, in place of `.env` and `.env.local`. May be repeated; the
    /// later wins.
    #[arg(long, value_name = "FILE")]
    env_file: Vec<PathBuf>,
    /// A token to look at; `-` reads it from standard input. Of auth-dev, one is fetched.
    #[arg(long)]
    token: Option<String>,
    /// Prints JSON for scripts.
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Report {
    checks: Vec<Finding>,
    failed: usize,
    warnings: usize,
    server: Option<&'static str>,
}

impl Doctor {
    pub(crate) async fn run(self) -> Result<ExitCode, Failure> {
        let token = self.token.as_deref().map(token_argument::read).transpose()?;
        let settings = Settings::read(&self.env_file)?;
        let mut checks = variables::check(&settings);
        let (server, more) = ask_server(&settings, &checks, token).await?;
        checks.extend(more);

        let count = |outcome| checks.iter().filter(|check| check.outcome == outcome).count();
        let (failed, warnings) = (count(Outcome::Failed), count(Outcome::Warning));
        report::print(&if self.json {
            report::json(&Report { checks, failed, warnings, server })?
        } else {
            format!("{}\n{}", report::lines(&checks), verdict(failed, warnings))
        })?;
        Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::from(NO) })
    }
}

/// What the server is, and what it and a token say.
async fn ask_server(
    settings: &Settings,
    variables: &[Finding],
    token: Option<String>,
) -> Result<(Option<&'static str>, Vec<Finding>), Failure> {
    // Only what can be meant is asked about.
    let good = |name: &str| {
        let check = variables.iter().find(|check| check.name == name);
        settings.value(name).filter(|_| check.is_some_and(|check| check.outcome == Outcome::Ok))
    };
    let has_url = settings.get("WORKOS_API_URL").is_none() || good("WORKOS_API_URL").is_some();
    let Some(client_id) = good("WORKOS_CLIENT_ID").filter(|_| has_url) else {
        let says = "not asked without a good WORKOS_CLIENT_ID and WORKOS_API_URL";
        return Ok((None, vec![Finding::new("server", Outcome::Skipped, says)]));
    };
    let url = settings.api_url();
    let server = match Server::reach(url, client_id).await {
        Ok(server) => server,
        Err(failure) => return Ok((None, vec![unreached(url, failure)])),
    };
    let says = format!("{} answers at {url}", server.name());
    let mut findings = vec![Finding::new("server", Outcome::Ok, says)];
    findings.extend(server.check(settings, good("WORKOS_API_KEY")).await);
    let fetched = if token.is_none() && server.is_auth_dev { server.token().await? } else { None };
    findings.push(server.clock(fetched.as_deref()));
    match token.or(fetched) {
        Some(token) => {
            let service =
                Trust::WorkOs { client_id: client_id.to_owned(), api_url: url.to_owned() };
            findings.extend(claims::check(&token, service, good("ADMIN_DOMAIN")).await?);
        }
        None => {
            let says = "give --token to have the claims of one looked at";
            findings.push(Finding::new(claims::TOKEN, Outcome::Skipped, says));
        }
    }
    Ok((Some(server.name()), findings))
}

fn unreached(url: &str, failure: Failure) -> Finding {
    let mend = if url == WORKOS_URL {
        "check the network, or set WORKOS_API_URL to what `auth-dev serve` prints"
    } else {
        "start it with `auth-dev serve`, or correct WORKOS_API_URL"
    };
    Finding::new("server", Outcome::Failed, format!("{url}: {failure}")).mend(mend)
}

fn verdict(failed: usize, warnings: usize) -> String {
    let warnings_said = match warnings {
        0 => String::new(),
        1 => ", 1 warning".to_owned(),
        _ => format!(", {warnings} warnings"),
    };
    let (outcome, said) = match (failed, warnings) {
        (0, 0) => (Outcome::Ok, "all is well".to_owned()),
        (0, _) => (Outcome::Warning, format!("nothing has failed{warnings_said}")),
        _ => (Outcome::Failed, format!("{failed} failed{warnings_said}")),
    };
    report::verdict(outcome, &said)
}
