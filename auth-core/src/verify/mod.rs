//! From a compact token to what its issuer says, or a refusal.

mod cache;

use std::ops::Range;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

pub(crate) use cache::Cache;

use crate::clock::Clock;
use crate::error::{AuthError, Code};
use crate::issuer::Issuer;
use crate::keys::{Key, NoKey, RemoteKeys};
use crate::token::{Claims, Header, Room, TimeRules, UnverifiedClaims, UnverifiedToken};

/// How much of an unknown issuer's name is logged.
const LOGGED_ISSUER_LEN: usize = 200;

/// What an issuer says, by a key that it has.
pub(crate) struct Verified {
    pub(crate) claims: Claims,
    pub(crate) key: Arc<Key>,
    pub(crate) standing: Standing,
}

/// What it takes for a token that has been verified to count at another time.
pub(crate) struct Standing {
    times: Range<SystemTime>,
    keys: Arc<RemoteKeys>,
    /// Of the key set at the time.
    generation: u64,
}

/// Why a token is not verified at once.
pub(crate) enum NotNow {
    Refused(AuthError),
    /// The token's key may be had by a fetch.
    FetchDue {
        keys: Arc<RemoteKeys>,
        known: bool,
    },
}

impl From<AuthError> for NotNow {
    fn from(error: AuthError) -> Self {
        Self::Refused(error)
    }
}

/// Asks, and once more after the fetch that it takes.
pub(crate) async fn with_keys<T>(
    mut ask: impl FnMut() -> Result<T, NotNow>,
) -> Result<T, AuthError> {
    let answer = match ask() {
        Err(NotNow::FetchDue { keys, known }) => {
            // Whoever waits can afford an allocation; it keeps the future of all others small.
            Box::pin(keys.fetch(known)).await?;
            ask()
        }
        at_once => at_once,
    };
    answer.map_err(|reason| match reason {
        NotNow::Refused(error) => error,
        NotNow::FetchDue { keys, .. } => keys.unavailable(Duration::ZERO),
    })
}

pub(crate) struct Verifier {
    issuers: Vec<(Issuer, Arc<RemoteKeys>)>,
    /// Those of all issuers, each once.
    key_sets: Vec<Arc<RemoteKeys>>,
    clock: Arc<dyn Clock>,
    time: TimeRules,
}

impl Verifier {
    pub(crate) fn new(
        issuers: Vec<(Issuer, Arc<RemoteKeys>)>,
        clock: Arc<dyn Clock>,
        time: TimeRules,
    ) -> Self {
        let mut key_sets: Vec<Arc<RemoteKeys>> = Vec::new();
        for (_, keys) in &issuers {
            if !key_sets.iter().any(|known| Arc::ptr_eq(known, keys)) {
                key_sets.push(Arc::clone(keys));
            }
        }
        Self { issuers, key_sets, clock, time }
    }

    pub(crate) fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }

    pub(crate) fn leeway(&self) -> Duration {
        self.time.leeway
    }

    pub(crate) fn key_sets(&self) -> &[Arc<RemoteKeys>] {
        &self.key_sets
    }

    pub(crate) fn issuer_names(&self) -> impl Iterator<Item = &str> {
        self.issuers.iter().flat_map(|(issuer, _)| issuer.names()).map(String::as_str)
    }

    /// The issuer is chosen once, by its exact name, and no other issuer's rules are tried: with
    /// one key set for several issuers, the key says nothing about who issued.
    pub(crate) fn verify(&self, compact: &str) -> Result<Verified, NotNow> {
        let mut room = Room::default();
        let token = UnverifiedToken::parse(compact, &mut room)?;
        let header = token.unverified_header();
        self.refuse_invented_key(header.key_id())?;

        let claims = token.unverified_claims()?;
        let name = claims.unverified_issuer()?;
        let (issuer, keys) = self.choose(&name)?;
        self.verify_as(issuer, keys, header, &claims).map_err(|reason| match reason {
            NotNow::Refused(error) => error.about(&name, header.key_id()).into(),
            fetch_due => fetch_due,
        })
    }

    fn verify_as(
        &self,
        issuer: &Issuer,
        keys: &Arc<RemoteKeys>,
        header: &Header,
        claims: &UnverifiedClaims<'_>,
    ) -> Result<Verified, NotNow> {
        issuer.check_header(header)?;
        let current = keys.find(header.key_id(), header.algorithm());
        let current = current.map_err(|reason| match reason {
            NoKey::Refused(error) => NotNow::Refused(error),
            NoKey::FetchDue { known } => NotNow::FetchDue { keys: Arc::clone(keys), known },
        })?;

        let claims = claims.verify(&current.key)?;
        claims.check_time(self.clock.now(), &self.time)?;
        issuer.check_claims(&claims)?;
        let standing = Standing {
            times: claims.times(self.time.leeway),
            keys: Arc::clone(keys),
            generation: current.generation,
        };
        Ok(Verified { claims, key: current.key, standing })
    }

    /// Whether a token that has been verified would be verified now.
    pub(crate) fn counts(&self, standing: &Standing) -> bool {
        standing.times.contains(&self.clock.now()) && standing.keys.is_current(standing.generation)
    }

    /// Whoever floods a service with invented `kid`s shall not have the claims read. Once a fetch may
    /// bring the key, the issuer decides.
    fn refuse_invented_key(&self, key_id: Option<&str>) -> Result<(), AuthError> {
        match key_id {
            Some(id) if self.key_sets.iter().all(|keys| keys.surely_lacks(id)) => {
                Err(AuthError::new(Code::KeyNotFound)
                    .because("no issuer's key set has a key of the token's `kid`"))
            }
            _ => Ok(()),
        }
    }

    fn choose(&self, name: &str) -> Result<&(Issuer, Arc<RemoteKeys>), AuthError> {
        let chosen =
            self.issuers.iter().find(|(issuer, _)| issuer.names().iter().any(|n| n == name));
        chosen.ok_or_else(|| {
            let known: Vec<&str> = self.issuer_names().collect();
            let name: String = name.chars().take(LOGGED_ISSUER_LEN).collect();
            AuthError::new(Code::IssuerUnknown)
                .because(format!("no issuer is called {name:?}; configured are {known:?}"))
        })
    }
}
