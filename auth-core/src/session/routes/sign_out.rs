//! Signing out: here, at other instances and at WorkOS.

use std::sync::Arc;
use std::time::Duration;

use super::super::head::Head;
use super::super::{EndError, Inner, StoreError, csrf};
use super::Answer;
use crate::error::{AuthError, Code};

/// When WorkOS is told of a sign-out, and told again if it could not be.
const END_AT_WORKOS_AFTER: [Duration; 4] = [
    Duration::from_secs(10),
    Duration::from_secs(30),
    Duration::from_secs(300),
    Duration::from_secs(3600),
];

impl Inner {
    /// `POST`: ends the session here and at WorkOS. It works whatever else the request bears.
    pub(crate) async fn sign_out(self: &Arc<Self>, head: &impl Head) -> Answer {
        if !csrf::is_meant(head, &self.origin) {
            let error = AuthError::new(Code::Csrf)
                .because("a sign-out is asked for by a page that is not this service's own");
            return self.refusal("POST", &self.paths.sign_out, error, Vec::new());
        }
        let set_cookies = self.cookie.clear();
        match self.end_session(head).await {
            Ok(Some(id)) => {
                let target = self.api.sign_out_url(&id, self.after_sign_out.as_deref());
                Answer::redirect(target, set_cookies)
            }
            Ok(None) => Answer::redirect("/", set_cookies),
            // The browser keeps what is still good, to try again.
            Err(error) => self.refusal("POST", &self.paths.sign_out, error.into(), Vec::new()),
        }
    }

    /// The id of the session that has been ended, if there was one.
    ///
    /// # Errors
    /// If the store that has the session cannot be used.
    async fn end_session(self: &Arc<Self>, head: &impl Head) -> Result<Option<String>, StoreError> {
        let Ok(Some(found)) = self.found(head) else { return Ok(None) };
        let Some(session) = self.session_of(found).await? else { return Ok(None) };
        // Whoever sends the same cookie again causes no work again.
        if !self.auth.shared().has_revoked(&session.data) {
            self.forget(&session).await?;
            self.revoke_everywhere(&session.data.id).await;
            self.end_at_workos_later(session.data.id.clone());
        }
        Ok(Some(session.data.id))
    }

    /// The browser does so on its way, if it goes there. Before that nobody else should: WorkOS shows
    /// people an empty page for a session that it does not know any more.
    fn end_at_workos_later(self: &Arc<Self>, session_id: String) {
        let inner = Arc::clone(self);
        tokio::spawn(async move {
            for wait in END_AT_WORKOS_AFTER {
                tokio::time::sleep(wait).await;
                match inner.api.revoke(&session_id).await {
                    Ok(()) => return,
                    Err(error) => tracing::warn!(%error, "a session is not ended at WorkOS yet"),
                }
            }
        });
    }

    /// Ends a session here, at other instances and at WorkOS, at once.
    pub(crate) async fn end(&self, session_id: &str) -> Result<(), EndError> {
        self.auth.revoke_session(session_id).await?;
        self.api.revoke(session_id).await.map_err(|error| EndError::WorkOs(error.to_string()))
    }

    pub(super) async fn revoke_everywhere(&self, session_id: &str) {
        if let Err(error) = self.auth.revoke_session(session_id).await {
            tracing::error!(%error, "a session is revoked here, and not yet everywhere");
        }
    }
}
