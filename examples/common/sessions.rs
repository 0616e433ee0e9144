//! Sessions of the example: with its own WorkOS always, otherwise if the environment has what they need.

use std::error::Error;

use auth_core::Auth;
use auth_core::session::{Sessions, SessionsBuilder};
use auth_dev::AuthDev;
use uuid::Uuid;

use super::environment::{has_any, optional};

/// Not `/callback`, which a page that signs in by itself may have.
pub(super) const CALLBACK: &str = "/auth/callback";

/// Without all of them there are no sessions, and guards take tokens.
const OF_SESSIONS: [&str; 3] = ["WORKOS_API_KEY", "WORKOS_REDIRECT_URI", "WORKOS_COOKIE_PASSWORD"];

pub(super) fn of(
    auth: &Auth,
    workos: Option<&AuthDev>,
    origin: &str,
) -> Result<Option<Sessions>, Box<dyn Error>> {
    let sessions = match workos {
        Some(workos) => {
            // With the example its WorkOS ends, and all sessions.
            let password = Uuid::new_v4().to_string();
            let redirect_uri = format!("{origin}{CALLBACK}");
            Sessions::workos(workos.client_id(), workos.api_key(), redirect_uri, password)
                .api_url(workos.url())
        }
        None if has_any(&OF_SESSIONS) => Sessions::from_env()?,
        None => return Ok(None),
    };
    Ok(Some(configured(sessions)?.build(auth)?))
}

fn configured(sessions: SessionsBuilder) -> Result<SessionsBuilder, String> {
    let mut sessions = sessions.pages_sign_in();
    if optional("REDIS_URL")?.is_some() {
        sessions = sessions.several_instances();
    }
    if let Some(secret) = optional("WORKOS_WEBHOOK_SECRET")? {
        sessions = sessions.webhook_secret(secret);
    }
    match optional("SESSIONS")?.as_deref() {
        None | Some("cookie") => Ok(sessions),
        Some("store") => Ok(sessions.keep_in_store()),
        Some("javascript") => Ok(sessions.share_with_javascript()),
        Some(_) => Err("SESSIONS is no place for sessions: set it to `cookie`, to `store` (with \
                        REDIS_URL) or to `javascript`"
            .to_owned()),
    }
}
