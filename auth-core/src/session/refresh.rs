//! Fresh tokens for a session: one call for all requests that wait for it.
//!
//! Refresh tokens are good once. So the requests of one session share one flight, and its outcome is
//! handed to those that come late with the old cookie, as long as browsers can have requests under way.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::watch;
use tokio::time::timeout;
use tracing::Instrument;

use super::kept::{Session, hashed};
use super::one_refresh::Turn;
use super::workos::{Issued, NoSession};
use super::{Inner, SessionData};
use crate::error::{AuthError, Code};
use crate::identity::Identity;
use crate::metrics;

/// How long the outcome of a flight is kept for late requests.
pub(super) const KEPT_FOR: Duration = Duration::from_secs(60);

/// How long it is kept if no request has got it: somebody may have gone away while it was under way.
pub(super) const UNCLAIMED_FOR: Duration = Duration::from_secs(24 * 3600);

/// How many outcomes are kept: about 30 MB.
const MOST_KEPT: usize = 10_000;

/// How long WorkOS is left alone after it could not be asked.
const BACK_OFF: Duration = Duration::from_secs(1);

/// How long a request waits for a fresh token that it does not need yet.
const A_MOMENT: Duration = Duration::from_secs(1);

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
    /// Until when it is kept, by the monotonic clock; none while it is under way.
    kept_until: Option<Duration>,
    /// Some request has got the outcome, so a browser has it, or may have.
    is_handed_out: bool,
}

impl Flight {
    fn is_kept(&self, now: Duration) -> bool {
        // A task that panics says nothing any more.
        let is_lost = self.outcome.borrow().is_none() && self.outcome.has_changed().is_err();
        !is_lost && self.kept_until.is_none_or(|end| now < end)
    }
}

impl Flights {
    fn with<T>(&self, change: impl FnOnce(&mut HashMap<Key, Flight>) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Inner {
    /// The outcome of the flight that is under way, or of a new one. It goes on if nobody waits any
    /// more.
    pub(crate) async fn refresh(self: &Arc<Self>, session: &Session) -> Outcome {
        let (flight, _) = self.flight(session);
        self.landed(session, flight).await
    }

    /// The same for a token that is still good: the request that begins the flight waits a moment, so
    /// that its answer brings the browser what has come of it. Nobody else waits.
    pub(crate) async fn refresh_in_time(self: &Arc<Self>, session: &Session) -> Option<Outcome> {
        let (flight, is_new) = self.flight(session);
        let is_there = flight.borrow().is_some();
        match is_new || is_there {
            true => timeout(A_MOMENT, self.landed(session, flight)).await.ok(),
            false => None,
        }
    }

    async fn landed(
        self: &Arc<Self>,
        session: &Session,
        mut flight: watch::Receiver<Option<Outcome>>,
    ) -> Outcome {
        let outcome = match flight.wait_for(Option::is_some).await {
            Ok(outcome) => outcome.clone().unwrap_or_else(lost),
            Err(_) => lost(),
        };
        if let Outcome::Refreshed(newer) = &outcome {
            self.hand_out(session, newer);
        }
        outcome
    }

    /// From the first time on, the outcome is kept for those that are late, and no longer.
    fn hand_out(self: &Arc<Self>, session: &Session, newer: &Arc<SessionData>) {
        let key = hashed(&session.data.refresh_token);
        let end = self.auth.clock().monotonic() + KEPT_FOR;
        let is_first = self.flights.with(|flights| {
            let flight = flights.get_mut(&key).filter(|flight| !flight.is_handed_out)?;
            flight.is_handed_out = true;
            flight.kept_until = Some(end);
            Some(())
        });
        if let (Some(()), Some(store)) = (is_first, self.auth.shared().store()) {
            let turn = Turn::new(Arc::clone(self), Arc::clone(store), session.clone());
            tokio::spawn(turn.hand_out(Arc::clone(newer)));
        }
    }

    /// The flight of a session, and whether it has just begun.
    fn flight(self: &Arc<Self>, session: &Session) -> (watch::Receiver<Option<Outcome>>, bool) {
        let key = hashed(&session.data.refresh_token);
        let now = self.auth.clock().monotonic();
        let (sender, outcome) = watch::channel(None);
        let known = self.flights.with(|flights| {
            flights.retain(|_, flight| flight.is_kept(now));
            if let Some(known) = flights.get(&key) {
                return Some(known.outcome.clone());
            }
            make_room(flights);
            let outcome = outcome.clone();
            let flight = Flight { outcome, kept_until: None, is_handed_out: false };
            flights.insert(key.clone(), flight);
            None
        });
        if let Some(known) = known {
            return (known, false);
        }
        let (inner, session) = (Arc::clone(self), session.clone());
        let span = tracing::info_span!("auth.session.refresh", session = session.data.id);
        let flight = async move {
            let begun = Instant::now();
            let outcome = match inner.auth.shared().store() {
                Some(store) => Turn::new(inner.clone(), store.clone(), session).outcome().await,
                None => inner.refreshed(&session.data).await,
            };
            outcome.tell(begun.elapsed());
            let kept_for = match &outcome {
                // A store has it for as long.
                Outcome::Refreshed(_) if inner.auth.shared().store().is_none() => UNCLAIMED_FOR,
                Outcome::Refreshed(_) | Outcome::Ended(_) => KEPT_FOR,
                Outcome::Unavailable(_) => BACK_OFF,
            };
            let end = inner.auth.clock().monotonic() + kept_for;
            inner.flights.with(|flights| {
                if let Some(flight) = flights.get_mut(&key) {
                    flight.kept_until = Some(end);
                }
            });
            // Nobody may be waiting.
            let _ = sender.send(Some(outcome));
        };
        tokio::spawn(flight.instrument(span));
        (outcome, true)
    }

    /// Asks WorkOS, whatever others do.
    pub(super) async fn refreshed(&self, session: &SessionData) -> Outcome {
        if self.auth.shared().has_revoked(session) {
            return Outcome::Ended("it was revoked");
        }
        let issued = match self.api.refresh(session).await {
            Ok(issued) => issued,
            Err(NoSession::InvalidGrant(_)) => return Outcome::Ended("WorkOS has ended it"),
            // A mistake of the service's operator, or of WorkOS, signs nobody out.
            Err(error) => return Outcome::Unavailable(error.to_string().into()),
        };
        let is_same = issued.user_id() == Some(session.user_id.as_str())
            && issued.organization_id() == session.organization_id.as_deref();
        if !is_same {
            return Outcome::Ended("it has become another user's or organization's");
        }
        let now = self.auth.seconds();
        let newer = match self.verify(&issued).await {
            Ok(Verified { id, user_id, expires_at }) => {
                issued.into_data(id, user_id, session.began_at, now, expires_at)
            }
            Err(Rejected::Ended(why)) => return Outcome::Ended(why),
            Err(Rejected::Unverified(error)) => {
                tracing::warn!(code = %error.code(), detail = error.detail(), "a fresh token is not verified");
                issued.into_unverified(session, now)
            }
            Err(Rejected::Unusable(why)) => {
                tracing::warn!(why, "what WorkOS has given for a session cannot be used");
                issued.into_unverified(session, now)
            }
        };
        Outcome::Refreshed(Arc::new(newer))
    }

    /// Takes a session that has just begun, if its token is good and of the user that it names.
    pub(crate) async fn accept(&self, issued: Issued) -> Result<SessionData, Rejected> {
        let Verified { id, user_id, expires_at } = self.verify(&issued).await?;
        let now = self.auth.seconds();
        Ok(issued.into_data(id, user_id, now, now, expires_at))
    }

    async fn verify(&self, issued: &Issued) -> Result<Verified, Rejected> {
        let identity = self.auth.authenticate_token(issued.access_token()).await;
        let identity = identity.map_err(|error| match error.code() {
            Code::TokenRevoked => Rejected::Ended("it was revoked"),
            _ => Rejected::Unverified(error),
        })?;
        if issued.user_id() != Some(identity.subject()) {
            return Err(Rejected::Unusable("its access token is of another user"));
        }
        let id = identity.claim::<String>("sid").ok().flatten();
        let id = id.ok_or(Rejected::Unusable("its access token names no session"))?;
        let user_id = identity.subject().to_owned();
        Ok(Verified { id, user_id, expires_at: seconds_of(&identity) })
    }
}

/// Where no more can be kept, the oldest of those that have landed goes.
fn make_room(flights: &mut HashMap<Key, Flight>) {
    if flights.len() < MOST_KEPT {
        return;
    }
    let landed = flights.iter().filter_map(|(key, flight)| Some((flight.kept_until?, key)));
    if let Some(key) = landed.min().map(|(_, key)| key.clone()) {
        flights.remove(&key);
    }
}

/// What a good access token says of its session.
struct Verified {
    id: String,
    user_id: String,
    expires_at: u64,
}

/// Why a session that WorkOS has issued is not taken.
#[derive(Debug)]
pub(crate) enum Rejected {
    /// It is over, whoever asks.
    Ended(&'static str),
    /// Its token is refused, now or for good.
    Unverified(AuthError),
    /// It contradicts itself.
    Unusable(&'static str),
}

fn seconds_of(identity: &Identity) -> u64 {
    let since_1970 = identity.expires_at().duration_since(std::time::SystemTime::UNIX_EPOCH);
    since_1970.unwrap_or_default().as_secs()
}

/// The task of a flight has ended without a word, which a panic would do.
fn lost() -> Outcome {
    Outcome::Unavailable("the refresh has failed".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flight(kept_until: Option<Duration>) -> Flight {
        let (_, outcome) = watch::channel(None);
        Flight { outcome, kept_until, is_handed_out: false }
    }

    #[test]
    fn the_oldest_outcome_makes_room_and_no_flight_that_is_under_way() {
        let landed = |at: usize| (at.to_string(), flight(Some(Duration::from_secs(at as u64))));
        let mut flights: HashMap<Key, Flight> = (2..MOST_KEPT).map(landed).collect();
        flights.insert("under way".to_owned(), flight(None));
        make_room(&mut flights);
        assert_eq!(flights.len(), MOST_KEPT - 1, "there is room for one");

        flights.extend([landed(1)]);
        make_room(&mut flights);
        assert_eq!(flights.len(), MOST_KEPT - 1);
        assert!(!flights.contains_key("1") && flights.contains_key("2"));
        assert!(flights.contains_key("under way"));
    }
}
