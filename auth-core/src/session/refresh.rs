//! Fresh tokens for a session: one call for all requests that wait for it.
//!
//! Refresh tokens are good once. So the requests of one session share one flight, and its outcome is
//! handed to those that come late with the old cookie, as long as browsers can have requests under way.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::watch;
use tracing::Instrument;

use super::kept::{Session, hashed};
use super::one_refresh::Turn;
use super::workos::{Issued, NoSession};
use super::{Inner, SessionData};
use crate::error::Code;
use crate::identity::Identity;
use crate::metrics;

/// How long the outcome of a flight is kept for late requests.
pub(super) const KEPT_FOR: Duration = Duration::from_secs(60);

/// The hash of the refresh token that a flight is for; the token itself is kept nowhere.
type Key = String;

/// What became of a session.
#[derive(Clone, Debug)]
pub(crate) enum Outcome {
    Refreshed(Arc<SessionData>),
    /// The session is over.
    Ended(&'static str),
    /// It is as it was; nobody can say more now.
    Unavailable(Arc<str>),
}

impl Outcome {
    fn tell(&self, time: Duration) {
        let name = match self {
            Self::Refreshed(_) => "refreshed",
            Self::Ended(why) => {
                tracing::info!(why, "a session has ended");
                "ended"
            }
            Self::Unavailable(why) => {
                tracing::warn!(%why, "a session could not be refreshed, and is kept");
                "unavailable"
            }
        };
        metrics::refreshed(name, time);
    }
}

#[derive(Default)]
pub(crate) struct Flights(Mutex<HashMap<Key, Flight>>);

struct Flight {
    outcome: watch::Receiver<Option<Outcome>>,
    /// By the monotonic clock.
    landed_at: Option<Duration>,
}

impl Flight {
    fn is_kept(&self, now: Duration) -> bool {
        // A task that panics says nothing any more.
        let is_lost = self.outcome.borrow().is_none() && self.outcome.has_changed().is_err();
        !is_lost && self.landed_at.is_none_or(|at| now < at + KEPT_FOR)
    }
}

impl Flights {
    fn with<T>(&self, change: impl FnOnce(&mut HashMap<Key, Flight>) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Inner {
    /// What a flight has made of a session, if there was one.
    pub(crate) fn known_outcome(&self, session: &SessionData) -> Option<Outcome> {
        let now = self.auth.clock().monotonic();
        self.flights.with(|flights| {
            let flight = flights
                .get(&hashed(&session.refresh_token))
                .filter(|flight| flight.is_kept(now))?;
            flight.outcome.borrow().clone()
        })
    }

    /// Starts a flight unless one is under way, and does not wait for it.
    pub(crate) fn refresh_soon(self: &Arc<Self>, session: &Session) {
        self.flight(session);
    }

    /// The outcome of the flight that is under way, or of a new one. It goes on if nobody waits any
    /// more.
    pub(crate) async fn refresh(self: &Arc<Self>, session: &Session) -> Outcome {
        let mut flight = self.flight(session);
        match flight.wait_for(Option::is_some).await {
            Ok(outcome) => outcome.clone().unwrap_or_else(lost),
            Err(_) => lost(),
        }
    }

    fn flight(self: &Arc<Self>, session: &Session) -> watch::Receiver<Option<Outcome>> {
        let key = hashed(&session.data.refresh_token);
        let now = self.auth.clock().monotonic();
        let (sender, outcome) = watch::channel(None);
        let is_new = self.flights.with(|flights| {
            flights.retain(|_, flight| flight.is_kept(now));
            if let Some(known) = flights.get(&key) {
                return Err(known.outcome.clone());
            }
            flights.insert(key.clone(), Flight { outcome: outcome.clone(), landed_at: None });
            Ok(())
        });
        if let Err(known) = is_new {
            return known;
        }
        let (inner, session) = (Arc::clone(self), session.clone());
        let span = tracing::info_span!("auth.session.refresh", session = session.data.id);
        let flight = async move {
            let begun = Instant::now();
            let outcome = match inner.auth.store() {
                Some(store) => Turn::new(inner.clone(), store.clone(), session).outcome().await,
                None => inner.refreshed(&session.data).await,
            };
            outcome.tell(begun.elapsed());
            let landed_at = inner.auth.clock().monotonic();
            inner.flights.with(|flights| match outcome {
                // Whoever comes next asks again.
                Outcome::Unavailable(_) => drop(flights.remove(&key)),
                _ => {
                    if let Some(flight) = flights.get_mut(&key) {
                        flight.landed_at = Some(landed_at);
                    }
                }
            });
            // Nobody may be waiting.
            let _ = sender.send(Some(outcome));
        };
        tokio::spawn(flight.instrument(span));
        outcome
    }

    /// Asks WorkOS, whatever others do.
    pub(super) async fn refreshed(&self, session: &SessionData) -> Outcome {
        match self.api.refresh(session).await {
            Ok(issued) => match self.accept(issued, Some(session)).await {
                Ok(data) => Outcome::Refreshed(Arc::new(data)),
                Err(Rejected::Ended(why)) => Outcome::Ended(why),
                Err(Rejected::Unusable(why) | Rejected::Unavailable(why)) => {
                    Outcome::Unavailable(why.into())
                }
            },
            Err(NoSession::InvalidGrant(_)) => Outcome::Ended("WorkOS has ended it"),
            // A mistake of the service's operator, or of WorkOS, signs nobody out.
            Err(error) => Outcome::Unavailable(error.to_string().into()),
        }
    }

    /// Takes a session that WorkOS has issued, if its token is good, of the user that it names, and
    /// goes on with the session `before`.
    pub(crate) async fn accept(
        &self,
        issued: Issued,
        before: Option<&SessionData>,
    ) -> Result<SessionData, Rejected> {
        let identity = self.auth.authenticate_token(issued.access_token()).await;
        let identity = identity.map_err(|error| match error.code() {
            Code::TokenRevoked => Rejected::Ended("it was revoked"),
            Code::KeysUnavailable => Rejected::Unavailable(error.to_string()),
            code => Rejected::Unusable(format!("its access token is refused, {code}")),
        })?;
        let unusable = |why: &str| Rejected::Unusable(why.to_owned());
        if issued.user_id() != Some(identity.subject()) {
            return Err(unusable("its access token is of another user"));
        }
        let session_id = identity.claim::<String>("sid").ok().flatten();
        let session_id = session_id.ok_or_else(|| unusable("its access token names no session"))?;
        if let Some(before) = before {
            let is_same = before.user_id == identity.subject()
                && before.organization_id.as_deref() == identity.organization_id();
            if !is_same {
                return Err(Rejected::Ended("it has become another user's or organization's"));
            }
        }
        let now = self.auth.seconds();
        let began_at = before.map_or(now, |before| before.began_at);
        let user_id = identity.subject().to_owned();
        Ok(issued.into_data(session_id, user_id, began_at, now, seconds_of(&identity)))
    }
}

/// Why a session that WorkOS has issued is not taken.
#[derive(Debug)]
pub(crate) enum Rejected {
    /// It is over, whoever asks.
    Ended(&'static str),
    /// What was issued cannot be used.
    Unusable(String),
    /// Whether it can be used is not known now.
    Unavailable(String),
}

fn seconds_of(identity: &Identity) -> u64 {
    let since_1970 = identity.expires_at().duration_since(std::time::SystemTime::UNIX_EPOCH);
    since_1970.unwrap_or_default().as_secs()
}

/// The task of a flight has ended without a word, which a panic would do.
fn lost() -> Outcome {
    Outcome::Unavailable("the refresh has failed".into())
}
