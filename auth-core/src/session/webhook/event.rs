//! What WorkOS says has happened.

use crate::json::Object;

/// Something that has happened at WorkOS, and that WorkOS has signed.
///
/// ```
/// use auth_core::session::{WebhookEvent, WebhookEventKind};
///
/// fn describe(event: &WebhookEvent) -> String {
///     let what = match event.kind() {
///         WebhookEventKind::SessionRevoked { session_id, .. } => format!("{session_id} ended"),
///         WebhookEventKind::UserDeleted { user_id } => format!("{user_id} was deleted"),
///         WebhookEventKind::Other { name } => name.clone(),
///         _ => "something newer".to_owned(),
///     };
///     format!("{}: {what}", event.id())
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookEvent {
    id: String,
    kind: WebhookEventKind,
}

/// What has happened; [`WebhookEvent`] has an example.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WebhookEventKind {
    /// `session.revoked`: somebody signed out, or was signed out.
    SessionRevoked {
        /// The claim `sid` of its tokens.
        session_id: String,
        /// Whose it was.
        user_id: Option<String>,
    },
    /// `user.deleted`.
    UserDeleted {
        /// The claim `sub` of their tokens.
        user_id: String,
    },
    /// Any other.
    Other {
        /// Its name, such as `user.updated`.
        name: String,
    },
}

impl WebhookEvent {
    /// The event's own id, the same each time it is sent.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What has happened.
    #[must_use]
    pub fn kind(&self) -> &WebhookEventKind {
        &self.kind
    }

    pub(in super::super) fn parse(body: &[u8]) -> Option<Self> {
        let envelope = Object::parse(std::str::from_utf8(body).ok()?).ok()?;
        let name = text(&envelope, "event")?;
        let data = || envelope.get("data")?.as_object();
        let kind = match name.as_str() {
            "session.revoked" => WebhookEventKind::SessionRevoked {
                session_id: text(&data()?, "id")?,
                user_id: text(&data()?, "user_id"),
            },
            "user.deleted" => WebhookEventKind::UserDeleted { user_id: text(&data()?, "id")? },
            _ => WebhookEventKind::Other { name },
        };
        Some(Self { id: text(&envelope, "id")?, kind })
    }
}

fn text(object: &Object<'_>, name: &str) -> Option<String> {
    let text = object.get(name)?.as_string()?;
    (!text.is_empty()).then(|| text.into_owned())
}
