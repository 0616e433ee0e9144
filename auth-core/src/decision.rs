//! What a guard has decided, told to the log, to metrics and to whoever keeps an audit.

use std::fmt;
use std::time::SystemTime;

use crate::auth::Auth;
use crate::error::{AuthError, Code};
use crate::identity::Identity;
use crate::metrics;
use crate::policy::{Notes, Rule};

/// What a guard has decided about a request: for an [`Audit`].
///
/// No token, no address and no name is in it. Who it was about is the issuer and the subject.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Decision<'a> {
    /// When, by the clock that decides about tokens.
    pub at: SystemTime,
    /// What was asked for: method and route, such as `GET /posts/{id}`, and not the path with its values;
    /// of a function that is no handler, its path in its crate, or `a guarded function` where it asks by
    /// [`AuthContext::require`](crate::AuthContext::require) or a layer of `tower` asks.
    pub request: &'a str,
    /// The policy as `#[require(..)]` has it. `None` for a refusal before any policy was asked.
    pub policy: Option<&'a str>,
    /// Whether the request was let in.
    pub outcome: Outcome,
    /// Who says who the caller is (`iss`), once the token was verified.
    pub issuer: Option<&'a str>,
    /// The caller (`sub`), once the token was verified.
    pub subject: Option<&'a str>,
    /// The key that has signed the token (`kid`).
    pub key_id: Option<&'a str>,
}

/// What became of a request, as an [`Audit`] hears of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The policy has let it in.
    Allowed,
    /// It was refused.
    Refused(Code),
}

/// Keeps decisions, for services that have to show later who was let in to what:
/// [`AuthBuilder::audit`](crate::AuthBuilder::audit).
///
/// It is called on the way of each request, so it hands on and does not wait: into a channel of
/// bounded length, for one. What it cannot take must not happen: a request that would have been let in
/// is refused then, with 503 `audit_unavailable`.
///
/// ```
/// use std::sync::mpsc::{SyncSender, sync_channel};
///
/// use auth_core::{Audit, Decision, Outcome, Unrecorded};
///
/// struct ToFile(SyncSender<String>);
///
/// impl Audit for ToFile {
///     fn record(&self, decision: &Decision<'_>) -> Result<(), Unrecorded> {
///         let Outcome::Allowed = decision.outcome else { return Ok(()) };
///         let who = decision.subject.unwrap_or("anybody");
///         let line = format!("{:?} {who} {}", decision.at, decision.request);
///         self.0.try_send(line).map_err(|_| Unrecorded::new("the audit's queue is full"))
///     }
/// }
///
/// let (sender, _lines) = sync_channel(10_000);
/// let audit = ToFile(sender);
/// # let _ = audit;
/// ```
pub trait Audit: Send + Sync + 'static {
    /// Takes a decision.
    ///
    /// # Errors
    /// If it cannot be kept. The cause goes to the log.
    fn record(&self, decision: &Decision<'_>) -> Result<(), Unrecorded>;
}

/// Why an [`Audit`] cannot keep a decision.
///
/// ```
/// use auth_core::Unrecorded;
///
/// let cause = Unrecorded::new("the audit's queue is full");
/// assert_eq!(cause.to_string(), "the audit's queue is full");
/// ```
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Unrecorded(String);

impl Unrecorded {
    /// With its cause, for the log.
    pub fn new(cause: impl fmt::Display) -> Self {
        Self(cause.to_string())
    }
}

/// Whether anybody wants to know who is let in. Most services do not, and their requests pay nothing.
pub(crate) fn is_wanted(auth: &Auth) -> bool {
    metrics::IS_ON
        || auth.audit().is_some()
        || tracing::enabled!(target: "auth_core::decision", tracing::Level::DEBUG)
}

/// Tells that policy `P` has let somebody in.
///
/// # Errors
/// If that has to be kept and cannot; the refusal is still to be told.
pub(crate) fn allowed<P: Rule>(
    auth: &Auth,
    caller: Option<&Identity>,
    request: &dyn fmt::Display,
) -> Result<(), AuthError> {
    if !is_wanted(auth) {
        return Ok(());
    }
    let policy = described::<P>();
    let (issuer, kid) = (caller.map(Identity::issuer), caller.and_then(Identity::key_id));
    tracing::debug!(
        target: "auth_core::decision",
        policy, outcome = "allowed", issuer, kid, %request, "allowed"
    );
    metrics::decided(Some(&policy), Outcome::Allowed);
    let Some(audit) = auth.audit() else { return Ok(()) };
    let decision = Decision {
        at: auth.now(),
        request: &request.to_string(),
        policy: Some(&policy),
        outcome: Outcome::Allowed,
        issuer,
        subject: caller.map(Identity::subject),
        key_id: kid,
    };
    audit
        .record(&decision)
        .map_err(|cause| AuthError::new(Code::AuditUnavailable).because(cause.to_string()))
}

/// Tells that policy `P`, or what comes before any policy, has refused a request.
pub(crate) fn refused_by<P: Rule>(
    auth: Option<&Auth>,
    caller: Option<&Identity>,
    error: AuthError,
    request: &dyn fmt::Display,
) -> AuthError {
    refused(auth, Some(described::<P>()), caller, error, request)
}

/// The same, where no policy is.
pub(crate) fn refused(
    auth: Option<&Auth>,
    policy: Option<String>,
    caller: Option<&Identity>,
    error: AuthError,
    request: &dyn fmt::Display,
) -> AuthError {
    let error = match caller {
        Some(caller) => error.about(caller.issuer(), caller.key_id()),
        None => error,
    };
    let error = error.of_policy(policy);
    error.log(request);
    let outcome = Outcome::Refused(error.code());
    metrics::decided(error.policy(), outcome);
    let Some(auth) = auth else { return error };
    if let Some(audit) = auth.audit() {
        let decision = Decision {
            at: auth.now(),
            request: &request.to_string(),
            policy: error.policy(),
            outcome,
            issuer: error.issuer(),
            subject: caller.map(Identity::subject),
            key_id: error.key_id(),
        };
        if let Err(error) = audit.record(&decision) {
            tracing::error!(target: "auth_core::decision", %error, "a refusal is not in the audit");
        }
    }
    error.with_resource_metadata(auth.resource_metadata())
}

fn described<P: Rule>() -> String {
    P::describe(&mut Notes::default()).to_string()
}
