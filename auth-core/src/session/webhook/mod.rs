//! What WorkOS tells a service by itself: webhooks.

mod event;
mod signature;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use aws_lc_rs::hmac::{HMAC_SHA256, Key};
use http::{HeaderMap, HeaderValue};

pub use event::{WebhookEvent, WebhookEventKind};
use signature::Signature;

use super::store::Expiring;
use crate::clock::{Clock, SystemClock};

/// A message from the end of the tolerance can come again until its beginning, and at that moment.
const REMEMBERED: Duration = Duration::from_secs(2 * 180 + 1);

/// More events than WorkOS sends in that time.
const MAX_REMEMBERED: usize = 10_000;

/// Takes webhooks of WorkOS: checks their signature and their time, and takes each event once.
///
/// Answer 200 to what is taken and to what has been taken before, and 400 to any error: the sender
/// need not know which.
///
/// ```
/// use auth_core::session::{WebhookEvent, WebhookEventKind, Webhooks};
/// use http::{HeaderMap, StatusCode};
///
/// fn receive(webhooks: &Webhooks, headers: &HeaderMap, body: &[u8]) -> StatusCode {
///     match webhooks.receive(headers, body) {
///         Ok(Some(event)) => match act(event.kind()) {
///             Ok(()) => StatusCode::OK,
///             Err(_) => {
///                 // WorkOS sends it again.
///                 webhooks.release(&event);
///                 StatusCode::SERVICE_UNAVAILABLE
///             }
///         },
///         Ok(None) => StatusCode::OK,
///         Err(error) => {
///             eprintln!("{error}");
///             StatusCode::BAD_REQUEST
///         }
///     }
/// }
///
/// fn act(event: &WebhookEventKind) -> Result<(), std::io::Error> {
///     match event {
///         WebhookEventKind::UserDeleted { user_id } => println!("{user_id} is gone"),
///         WebhookEventKind::SessionRevoked { session_id, .. } => println!("{session_id} has ended"),
///         _ => {}
///     }
///     Ok(())
/// }
///
/// # fn f() -> Result<(), Box<dyn std::error::Error>> {
/// let webhooks = Webhooks::new("the secret that the dashboard shows")?;
/// assert_eq!(receive(&webhooks, &HeaderMap::new(), b"{}"), StatusCode::BAD_REQUEST);
/// # Ok(())
/// # }
/// # f().unwrap();
/// ```
pub struct Webhooks {
    keys: Vec<Key>,
    clock: Arc<dyn Clock>,
    /// The ids of events.
    taken: Mutex<Expiring<()>>,
}

impl Webhooks {
    /// The header that bears the signature.
    pub const HEADER: &'static str = "workos-signature";

    /// The longest body that is taken: 1 MiB. Nothing longer need be read.
    pub const MAX_BODY_LEN: usize = 1024 * 1024;

    /// Takes what is signed with this secret, which the dashboard shows for the endpoint.
    ///
    /// # Errors
    /// If the secret is empty.
    pub fn new(secret: &str) -> Result<Self, NoWebhookSecret> {
        let webhooks = Self {
            keys: Vec::new(),
            clock: Arc::new(SystemClock::default()),
            taken: Mutex::new(Expiring::new(MAX_REMEMBERED)),
        };
        webhooks.also(secret)
    }

    /// Takes what is signed with this secret, too: while a secret is exchanged, both are good.
    ///
    /// ```
    /// use auth_core::session::Webhooks;
    ///
    /// let webhooks = Webhooks::new("the new secret")?.also("the old secret")?;
    /// # let _ = webhooks;
    /// # Ok::<(), auth_core::session::NoWebhookSecret>(())
    /// ```
    ///
    /// # Errors
    /// If the secret is empty.
    pub fn also(mut self, secret: &str) -> Result<Self, NoWebhookSecret> {
        if secret.trim().is_empty() {
            return Err(NoWebhookSecret);
        }
        self.keys.push(Key::new(HMAC_SHA256, secret.as_bytes()));
        Ok(self)
    }

    /// Tells time in another way than by this machine's clock.
    ///
    /// ```
    /// # #[cfg(feature = "testing")] {
    /// use auth_core::session::Webhooks;
    /// use auth_core::testing::TestClock;
    ///
    /// let webhooks = Webhooks::new("a secret").unwrap().clock(TestClock::new());
    /// # let _ = webhooks;
    /// # }
    /// ```
    #[must_use]
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    pub(crate) fn shared_clock(self, clock: Arc<dyn Clock>) -> Self {
        Self { clock, ..self }
    }

    /// The event in a request with these headers and this body, to the byte as it came. `None` if it
    /// has been taken before.
    ///
    /// Of an event that has been taken no second effect may come, and WorkOS sends none again that is
    /// answered with 200. If what it asks for cannot be done now, [`release`](Self::release) it and
    /// answer 503.
    ///
    /// # Errors
    /// If it is not from WorkOS, not of this time or cannot be read.
    pub fn receive(
        &self,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<Option<WebhookEvent>, WebhookError> {
        let signatures = headers.get_all(Self::HEADER);
        self.receive_signed(signatures.iter().map(HeaderValue::as_bytes), body)
    }

    /// As `receive`, with the values of [`HEADER`](Self::HEADER).
    pub(crate) fn receive_signed<'a>(
        &self,
        signatures: impl IntoIterator<Item = &'a [u8]>,
        body: &[u8],
    ) -> Result<Option<WebhookEvent>, WebhookError> {
        let mut signatures = signatures.into_iter();
        let signature = match (signatures.next(), signatures.next()) {
            (Some(one), None) => Signature::parse(one).ok_or(WebhookError::SignatureMalformed)?,
            (None, _) => return Err(WebhookError::SignatureMissing),
            (Some(_), Some(_)) => return Err(WebhookError::SignatureRepeated),
        };
        if body.len() > Self::MAX_BODY_LEN {
            return Err(WebhookError::BodyTooLong);
        }
        let now = self.clock.now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        signature.check_time(now)?;
        if !self.keys.iter().any(|key| signature.is_by(key, body)) {
            return Err(WebhookError::SignatureWrong);
        }
        let event = WebhookEvent::parse(body).ok_or(WebhookError::BodyMalformed)?;
        Ok(self.take(event.id(), now).then_some(event))
    }

    /// Lets an event come again, because what it asks for could not be done.
    pub fn release(&self, event: &WebhookEvent) {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner).remove(event.id());
    }

    fn take(&self, id: &str, now: Duration) -> bool {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let is_first = taken.get(id, now).is_none();
        if is_first {
            taken.insert(id, (), now.saturating_add(REMEMBERED), now);
        }
        is_first
    }
}

impl fmt::Debug for Webhooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Webhooks").field("secrets", &self.keys.len()).finish_non_exhaustive()
    }
}

/// Why a webhook is not taken: for the log. The sender is told 400 in any case.
///
/// ```
/// use auth_core::session::WebhookError;
///
/// let error = WebhookError::SignatureMissing;
/// assert_eq!(error.to_string(), "the webhook has no header `WorkOS-Signature`");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WebhookError {
    /// No header `WorkOS-Signature`.
    #[error("the webhook has no header `WorkOS-Signature`")]
    SignatureMissing,
    /// Several of them.
    #[error("the webhook has several headers `WorkOS-Signature`")]
    SignatureRepeated,
    /// It is not `t=<milliseconds>, v1=<hexadecimal>`.
    #[error("the webhook's `WorkOS-Signature` is not `t=<milliseconds>, v1=<hexadecimal>`")]
    SignatureMalformed,
    /// No secret has signed it.
    #[error(
        "the webhook is signed with none of the secrets: compare that of the endpoint in the \
         dashboard, and see that nothing changes the body before it is checked"
    )]
    SignatureWrong,
    /// It was signed too long ago.
    #[error(
        "the webhook was signed {by:?} ago, and 180s are taken: somebody sends it again, or the \
         clock of this machine is fast"
    )]
    TooOld {
        /// How long ago.
        by: Duration,
    },
    /// It was signed in the future.
    #[error(
        "the webhook was signed {by:?} from now, and 180s are taken: the clock of this machine is slow"
    )]
    TooNew {
        /// How far off.
        by: Duration,
    },
    /// More than [`Webhooks::MAX_BODY_LEN`].
    #[error("the webhook's body is longer than 1 MiB")]
    BodyTooLong,
    /// Not an event, or one without what it is about.
    #[error("the webhook's body is signed, and not an event as WorkOS describes it")]
    BodyMalformed,
}

/// The secret of a webhook endpoint is empty.
///
/// ```
/// use auth_core::session::{NoWebhookSecret, Webhooks};
///
/// assert_eq!(Webhooks::new(" ").unwrap_err(), NoWebhookSecret);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the secret of the webhook endpoint is empty: copy the one that the dashboard shows for it"
)]
pub struct NoWebhookSecret;
