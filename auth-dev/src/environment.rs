//! Everything that the server knows, as one environment of WorkOS does.

use crate::clock::Clock;
use crate::config::Config;
use crate::directory::{Directory, User};
use crate::error::Error;
use crate::faults::Faults;
use crate::http::CALLBACK;
use crate::keys::Keys;
use crate::requests::Requests;
use crate::secret::hidden;
use crate::session::{Impersonator, Session, Sessions};
use crate::template::Template;
use crate::token::{self, Issuer, TokenOptions};
use crate::webhook::Webhooks;

pub(crate) struct Environment {
    /// The URL by which clients reach the server.
    pub(crate) url: String,
    pub(crate) config: Config,
    pub(crate) template: Template,
    pub(crate) clock: Clock,
    pub(crate) keys: Keys,
    pub(crate) directory: Directory,
    pub(crate) sessions: Sessions,
    pub(crate) faults: Faults,
    pub(crate) requests: Requests,
    pub(crate) webhooks: Webhooks,
    sso_issuer: String,
    user_management_issuer: String,
}

impl Environment {
    pub(crate) fn new(url: String, mut config: Config, template: Template) -> Result<Self, Error> {
        config.redirect_uris.push(format!("{url}{CALLBACK}"));
        config.sign_out_uris.push(format!("{url}/"));
        let name = |pattern: &str| {
            pattern.replace("{url}", &url).replace("{client_id}", &config.client_id)
        };
        Ok(Self {
            sso_issuer: name(&config.issuers.sso),
            user_management_issuer: name(&config.issuers.user_management),
            template,
            clock: Clock::default(),
            keys: Keys::generate(&config.client_id)?,
            directory: Directory::new(
                std::mem::take(&mut config.users),
                std::mem::take(&mut config.organizations),
                std::mem::take(&mut config.roles),
            ),
            sessions: Sessions::default(),
            faults: Faults::default(),
            requests: Requests::default(),
            webhooks: Webhooks::new(config.webhook.take()),
            url,
            config,
        })
    }

    pub(crate) fn issuer(&self, issuer: Issuer) -> &str {
        match issuer {
            Issuer::Sso => &self.sso_issuer,
            Issuer::UserManagement => &self.user_management_issuer,
        }
    }

    pub(crate) fn user(&self, id: &str) -> Result<User, Error> {
        self.directory.by_id(id).ok_or_else(|| Error::NoUser(hidden(id)))
    }

    /// An access token of a user, as after a sign-in, but for the `options`.
    pub(crate) fn token(&self, who: &str, options: &TokenOptions) -> Result<String, Error> {
        let user = self.directory.find(who)?;
        let mut session = Session::begin(&user.id, options.issuer, self.clock.now());
        let membership = match &options.organization {
            Some(id) => Some(user.membership(id).ok_or_else(|| Error::NoMember {
                user: user.email.clone(),
                organization: id.clone(),
            })?),
            None => user.only_membership(),
        };
        session.organization_id = membership.map(|known| known.organization.clone());
        session.impersonator = options
            .impersonator
            .as_ref()
            .map(|email| Impersonator { email: email.clone(), reason: String::new() });
        token::issue(self, &session, options)
    }

    /// Ends a session and tells the webhook; `false` if there was none.
    pub(crate) fn end_session(&self, session_id: &str) -> bool {
        let ended = self.sessions.end(session_id);
        ended.iter().for_each(|session| self.tell_of_end(session));
        ended.is_some()
    }

    /// Deletes a user with all sessions and tells the webhook; `false` if there was none.
    pub(crate) fn delete_user(&self, id: &str) -> bool {
        let Some(user) = self.directory.remove(id) else { return false };
        self.sessions.end_all_of(id).iter().for_each(|session| self.tell_of_end(session));
        self.webhooks.send("user.deleted", self.directory.show(&user), self.clock.now());
        true
    }

    fn tell_of_end(&self, session: &Session) {
        let now = self.clock.now();
        self.webhooks.send("session.revoked", session.to_json(now), now);
    }
}
