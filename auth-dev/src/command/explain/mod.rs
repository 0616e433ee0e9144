//! `auth-dev explain`.

mod advice;
mod case;
mod described;
mod explanation;
mod identity;
mod issuer_name;
mod lifetime;
mod service;
mod step;
mod unverified;

use std::process::ExitCode;

use clap::Args;

pub(super) use advice::{EMAIL, EMAIL_VERIFIED, TEMPLATES};
pub(super) use explanation::{Explanation, Verdict};
pub(super) use service::{Service, Trust};
pub(super) use unverified::Unverified;

use super::{Failure, IN_THE_WAY, NO, report, token_argument};

/// Says step by step what a token is, and which rule refuses it.
///
/// The token is judged as a service judges it, by the same code. With nothing configured, that is a
/// service beside a local `auth-dev serve`. Neither the token nor its signature is ever printed.
///
/// Exit codes: 0 if the token is accepted, administrator or not; 1 if it is refused; 2 if the command
/// line cannot be meant; 3 if that cannot be said now, such as without the issuer's keys.
///
/// `--json` prints one object: `verdict` (`accepted`, `refused` or `unavailable`), `code` (the stable
/// code of the refusal, or null), `judged_by` (`client_id` and `api_url`, or `key_set`, `issuers` and
/// `audience`; `admin_domain`; `by_default`), `steps` (a list of `name`, `outcome`, `says`, `rule`,
/// `mend`; the names are form, header, issuer, key, signature, claims, time, audience, identity and
/// administrator, the outcomes ok, refused, no, unavailable, not_reached and not_asked), `header` and
/// `claims` (as in the token, not to be believed unless it is accepted; null if they cannot be read),
/// `identity` (null unless it is accepted), `administrator` (true, false, or null if not asked) and
/// `administrator_code` (why not).
#[derive(Args)]
pub(crate) struct Explain {
    /// The token, with or without `Bearer`; `-` reads it from standard input, which keeps it out of
    /// the history of the shell.
    #[arg(required = true, num_args = 1..=2, value_name = "TOKEN")]
    token: Vec<String>,
    #[command(flatten)]
    service: service::Options,
    /// Prints JSON for scripts.
    #[arg(long)]
    json: bool,
}

impl Explain {
    pub(crate) async fn run(self) -> Result<ExitCode, Failure> {
        let token = token_argument::read(&self.token.join(" "))?;
        let unverified = Unverified::read(&token);
        let service = self.service.service(&unverified)?;
        let explanation = Explanation::of(&token, &unverified, &service).await;
        report::print(&if self.json {
            report::json(&explanation)?
        } else {
            explanation.to_text()
        })?;
        Ok(match explanation.verdict {
            Verdict::Accepted => ExitCode::SUCCESS,
            Verdict::Refused => ExitCode::from(NO),
            Verdict::Unavailable => ExitCode::from(IN_THE_WAY),
        })
    }
}
