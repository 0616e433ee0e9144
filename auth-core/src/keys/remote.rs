//! A key set behind a URL: a snapshot that readers take without a lock, and one fetch at a time.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use arc_swap::ArcSwap;
use tokio::sync::watch;

use super::fetch::{Fetch, FetchError};
use super::key::Key;
use super::schedule::{Advice, Schedule};
use super::set::{KeySet, NotOne};
use super::source::Source;
use crate::clock::Clock;
use crate::error::{AuthError, Code};
use crate::token::Algorithm;

/// What one fetch may take, from the connection to the last byte.
const DEADLINE: Duration = Duration::from_secs(5);

pub(crate) struct RemoteKeys {
    source: Source,
    fetch: Arc<dyn Fetch>,
    clock: Arc<dyn Clock>,
    snapshot: ArcSwap<Snapshot>,
    /// A fetch is under way as long as the sender of this channel lives. It is dropped at the end
    /// of the fetch, even by a panic, and that wakes everybody who waits.
    flight: Mutex<watch::Receiver<()>>,
}

/// What a set says about a token's key.
type Found = Result<Arc<Key>, NotOne>;

#[derive(Default)]
struct Snapshot {
    keys: KeySet,
    schedule: Schedule,
    last_error: Option<Arc<FetchError>>,
}

impl RemoteKeys {
    pub(crate) fn new(source: Source, fetch: Arc<dyn Fetch>, clock: Arc<dyn Clock>) -> Arc<Self> {
        let (_landed, flight) = watch::channel(());
        Arc::new(Self {
            source,
            fetch,
            clock,
            snapshot: ArcSwap::default(),
            flight: Mutex::new(flight),
        })
    }

    pub(crate) fn source(&self) -> &Source {
        &self.source
    }

    /// The one key for a token. Waits for a fetch only if the key is not there.
    pub(crate) async fn find(
        self: &Arc<Self>,
        key_id: Option<&str>,
        algorithm: Algorithm,
    ) -> Result<Arc<Key>, AuthError> {
        let snapshot = self.snapshot.load();
        let found = snapshot.keys.find(key_id, algorithm);
        match self.advice(&snapshot, &found) {
            Advice::Use => return Ok(found?),
            Advice::UseAndFetch => {
                self.join_flight(&found);
                return Ok(found?);
            }
            Advice::Unavailable { retry_after } => return Err(self.unavailable(retry_after)),
            Advice::Fetch => drop(snapshot),
        }

        self.landing(&found).await;

        let snapshot = self.snapshot.load();
        let found = snapshot.keys.find(key_id, algorithm);
        match self.advice(&snapshot, &found) {
            Advice::Use | Advice::UseAndFetch => Ok(found?),
            Advice::Fetch => Err(self.unavailable(Duration::ZERO)),
            Advice::Unavailable { retry_after } => Err(self.unavailable(retry_after)),
        }
    }

    /// Waits for the first load, or for the fetch that fails to bring it.
    pub(crate) async fn ready(self: &Arc<Self>) -> Result<(), Arc<FetchError>> {
        if !self.snapshot.load().schedule.is_loaded() {
            self.landing(&Err(NotOne::None)).await;
        }
        let snapshot = self.snapshot.load();
        match &snapshot.last_error {
            _ if snapshot.schedule.is_loaded() => Ok(()),
            Some(error) => Err(Arc::clone(error)),
            None => Err(Arc::new(FetchError::new("the fetch was broken off"))),
        }
    }

    fn advice(&self, snapshot: &Snapshot, found: &Found) -> Advice {
        let known = !matches!(found, Err(NotOne::None));
        snapshot.schedule.advice(self.clock.monotonic(), known)
    }

    fn unavailable(&self, retry_after: Duration) -> AuthError {
        let cause = match &self.snapshot.load().last_error {
            Some(error) => error.to_string(),
            None => "not loaded yet".to_owned(),
        };
        AuthError::new(Code::KeysUnavailable)
            .because(format!(
                "the key set at {} is not to be had: {cause}",
                self.source.url()
            ))
            .retry_after(retry_after)
    }

    /// Waits for the end of the fetch that is under way or due.
    async fn landing(self: &Arc<Self>, found: &Found) {
        if let Some(mut flight) = self.join_flight(found) {
            while flight.changed().await.is_ok() {}
        }
    }

    /// Joins the fetch that is under way, or starts the one that is due. It runs as a task of its
    /// own, so that a client who hangs up does not break it off for everybody else.
    fn join_flight(self: &Arc<Self>, found: &Found) -> Option<watch::Receiver<()>> {
        let mut flight = self.flight.lock().unwrap_or_else(PoisonError::into_inner);
        let under_way = flight.has_changed().is_ok();
        if !under_way {
            // A fetch may have ended since the caller looked; then nothing is due any more.
            if !matches!(
                self.advice(&self.snapshot.load(), found),
                Advice::Fetch | Advice::UseAndFetch
            ) {
                return None;
            }
            let (landed, new_flight) = watch::channel(());
            *flight = new_flight;
            let keys = Arc::clone(self);
            tokio::spawn(async move {
                keys.refresh().await;
                drop(landed);
            });
        }
        Some(flight.clone())
    }

    async fn refresh(&self) {
        let result = match tokio::time::timeout(DEADLINE, self.load()).await {
            Ok(result) => result,
            Err(_elapsed) => Err(FetchError::new("no whole answer within 5 seconds")),
        };
        let now = self.clock.monotonic();
        let old = self.snapshot.load();
        let new = match result {
            Ok((keys, max_age)) => {
                tracing::debug!(url = self.source.url(), "key set loaded");
                let schedule = old.schedule.succeeded(now, max_age);
                Snapshot {
                    keys,
                    schedule,
                    last_error: None,
                }
            }
            Err(error) => {
                tracing::warn!(url = self.source.url(), %error, "key set not loaded");
                let schedule = old.schedule.failed(now);
                Snapshot {
                    keys: old.keys.clone(),
                    schedule,
                    last_error: Some(Arc::new(error)),
                }
            }
        };
        self.snapshot.store(Arc::new(new));
    }

    async fn load(&self) -> Result<(KeySet, Option<Duration>), FetchError> {
        let fetched = self.source.fetch(&*self.fetch).await?;
        let keys = KeySet::parse(&fetched.body).map_err(FetchError::new)?;
        Ok((keys, fetched.max_age))
    }
}
