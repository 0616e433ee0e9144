//! What WorkOS tells by itself.

use http::StatusCode;

use super::super::head::Head;
use super::super::{Inner, WebhookEventKind, Webhooks};
use super::Answer;

impl Inner {
    /// `POST`: WorkOS tells of a session or a user that has ended there.
    pub(crate) async fn webhook(&self, head: &impl Head, body: &[u8]) -> Answer {
        let Some(webhooks) = &self.webhooks else { return Answer::empty(StatusCode::NOT_FOUND) };
        let event = match webhooks.receive_signed(head.values(Webhooks::HEADER), body) {
            Ok(Some(event)) => event,
            // It has had its effect.
            Ok(None) => return Answer::empty(StatusCode::OK),
            Err(error) => {
                tracing::warn!(%error, "webhook refused");
                return Answer::empty(StatusCode::BAD_REQUEST);
            }
        };
        let revoked = match event.kind() {
            WebhookEventKind::SessionRevoked { session_id, .. } => {
                self.auth.revoke_session(session_id).await
            }
            WebhookEventKind::UserDeleted { user_id } => self.auth.revoke_user(user_id).await,
            _ => Ok(()),
        };
        match revoked {
            Ok(()) => Answer::empty(StatusCode::OK),
            Err(error) => {
                // WorkOS sends it again.
                webhooks.release(&event);
                tracing::error!(%error, "other instances do not hear of a webhook");
                Answer::empty(StatusCode::SERVICE_UNAVAILABLE)
            }
        }
    }

    /// Whether webhooks are taken.
    pub(crate) fn has_webhooks(&self) -> bool {
        self.webhooks.is_some()
    }
}
