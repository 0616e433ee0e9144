//! A key set behind a URL: a snapshot that readers take without a lock, and one fetch at a time.

use std::sync::Arc;
use std::time::{Duration, Instant};

use arc_swap::ArcSwap;
use tokio::sync::Semaphore;
use tracing::Instrument;

use super::fetch::{Fetch, FetchError};
use super::flight::Flight;
use super::key::Key;
use super::schedule::{Advice, Schedule};
use super::set::{KeySet, NotOne};
use super::source::Source;
use crate::clock::Clock;
use crate::error::{AuthError, Code};
use crate::metrics;
use crate::token::Algorithm;

/// How many requests wait for a fetch at the same time. More are told to come again.
const MAX_WAITING: usize = 1024;

/// What one fetch may take, from the connection to the last byte.
const DEADLINE: Duration = Duration::from_secs(5);

pub(crate) struct RemoteKeys {
    source: Source,
    fetch: Arc<dyn Fetch>,
    clock: Arc<dyn Clock>,
    snapshot: ArcSwap<Snapshot>,
    flight: Flight,
    places: Semaphore,
}

/// A key that may be used now.
pub(crate) struct CurrentKey {
    pub(crate) key: Arc<Key>,
    /// Of the set that it is in; see [`RemoteKeys::is_current`].
    pub(crate) generation: u64,
}

/// Why a key cannot be had now.
pub(crate) enum NoKey {
    Refused(AuthError),
    /// A fetch may bring it, whether or not the key is `known` of old.
    FetchDue {
        known: bool,
    },
}

impl From<NotOne> for NoKey {
    fn from(reason: NotOne) -> Self {
        Self::Refused(reason.into())
    }
}

struct Snapshot {
    keys: KeySet,
    /// Counts how often the keys have become others.
    generation: u64,
    schedule: Schedule,
    last_error: Option<Arc<FetchError>>,
}

impl RemoteKeys {
    /// Keys that are used for `stale_for` after they have aged, while their server fails.
    pub(crate) fn new(
        source: Source,
        stale_for: Duration,
        fetch: Arc<dyn Fetch>,
        clock: Arc<dyn Clock>,
    ) -> Arc<Self> {
        Arc::new(Self {
            source,
            fetch,
            clock,
            snapshot: ArcSwap::from_pointee(Snapshot {
                keys: KeySet::default(),
                generation: 0,
                schedule: Schedule::new(stale_for),
                last_error: None,
            }),
            flight: Flight::none(),
            places: Semaphore::new(MAX_WAITING),
        })
    }

    pub(crate) fn source(&self) -> &Source {
        &self.source
    }

    /// The set that is there, however old it is.
    pub(crate) fn current(&self) -> KeySet {
        self.snapshot.load().keys.clone()
    }

    /// The one key for a token, of the set that is there.
    pub(crate) fn find(
        self: &Arc<Self>,
        key_id: Option<&str>,
        algorithm: Algorithm,
    ) -> Result<CurrentKey, NoKey> {
        let snapshot = self.snapshot.load();
        let found = snapshot.keys.find(key_id, algorithm);
        let known = !matches!(found, Err(NotOne::None));
        match self.advice(&snapshot, known) {
            Advice::Use => {}
            Advice::UseAndFetch => self.flight.start_beside(|| self.refresh_if_due(known)),
            Advice::Fetch => return Err(NoKey::FetchDue { known }),
            Advice::Unavailable { retry_after } => {
                return Err(NoKey::Refused(self.unavailable(retry_after)));
            }
        }
        Ok(CurrentKey { key: Arc::clone(found?), generation: snapshot.generation })
    }

    /// Whether there is no key of this name, and no fetch may bring it yet.
    pub(crate) fn surely_lacks(&self, key_id: &str) -> bool {
        let snapshot = self.snapshot.load();
        !snapshot.keys.has(key_id) && self.advice(&snapshot, false) == Advice::Use
    }

    /// Whether what a key of this generation has verified still counts: the set is the same, and not
    /// too old to be used.
    pub(crate) fn is_current(self: &Arc<Self>, generation: u64) -> bool {
        let snapshot = self.snapshot.load();
        match self.advice(&snapshot, true) {
            Advice::Use => {}
            Advice::UseAndFetch => self.flight.start_beside(|| self.refresh_if_due(true)),
            Advice::Fetch | Advice::Unavailable { .. } => return false,
        }
        snapshot.generation == generation
    }

    /// Waits for the fetch that is due.
    pub(crate) async fn fetch(self: &Arc<Self>, known: bool) -> Result<(), AuthError> {
        let Ok(_place) = self.places.try_acquire() else {
            return Err(self.unavailable(Duration::ZERO));
        };
        self.flight.join(|| self.refresh_if_due(known)).await;
        Ok(())
    }

    /// Waits for the first load, or for the fetch that fails to bring it.
    pub(crate) async fn ready(self: &Arc<Self>) -> Result<(), Arc<FetchError>> {
        if !self.snapshot.load().schedule.is_loaded() {
            self.flight.join(|| self.refresh_if_due(false)).await;
        }
        let snapshot = self.snapshot.load();
        match &snapshot.last_error {
            _ if snapshot.schedule.is_loaded() => Ok(()),
            Some(error) => Err(Arc::clone(error)),
            None => Err(Arc::new(FetchError::new("the fetch was broken off"))),
        }
    }

    fn advice(&self, snapshot: &Snapshot, known: bool) -> Advice {
        snapshot.schedule.advice(self.clock.monotonic(), known)
    }

    pub(crate) fn unavailable(&self, retry_after: Duration) -> AuthError {
        let cause = match &self.snapshot.load().last_error {
            Some(error) => error.to_string(),
            None => "not loaded yet".to_owned(),
        };
        AuthError::new(Code::KeysUnavailable)
            .because(format!("the key set at {} is unavailable: {cause}", self.source.url()))
            .retry_after(retry_after)
    }

    /// A fetch may have ended since the caller looked; then nothing is due any more.
    fn refresh_if_due(
        self: &Arc<Self>,
        known: bool,
    ) -> Option<impl Future<Output = ()> + Send + use<>> {
        let advice = self.advice(&self.snapshot.load(), known);
        let due = matches!(advice, Advice::Fetch | Advice::UseAndFetch);
        due.then(|| Arc::clone(self).refresh())
    }

    async fn refresh(self: Arc<Self>) {
        let (keys, begun) = (Arc::clone(&self), Instant::now());
        // A task of its own, so that a panic in somebody's `Fetch` is a failure like any other.
        let span = tracing::info_span!("auth.keys.fetch", url = self.source.url());
        let loading = async move { tokio::time::timeout(DEADLINE, keys.load()).await };
        let loading = tokio::spawn(loading.instrument(span));
        let result = match loading.await {
            Ok(Ok(result)) => result,
            Ok(Err(_elapsed)) => Err(FetchError::new("no whole answer within 5 seconds")),
            Err(_panic) => Err(FetchError::new("the fetch panicked")),
        };
        metrics::fetched_keys(result.is_ok(), begun.elapsed());
        let now = self.clock.monotonic();
        let old = self.snapshot.load();
        let new = match result {
            Ok((keys, max_age)) => {
                tracing::debug!(url = self.source.url(), "key set loaded");
                let schedule = old.schedule.succeeded(now, max_age);
                let generation = old.generation + u64::from(keys != old.keys);
                Snapshot { keys, generation, schedule, last_error: None }
            }
            Err(error) => {
                tracing::warn!(url = self.source.url(), %error, "key set not loaded");
                let schedule = old.schedule.failed(now, jitter());
                let (keys, generation) = (old.keys.clone(), old.generation);
                Snapshot { keys, generation, schedule, last_error: Some(Arc::new(error)) }
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

/// A random number from 0 to 1.
fn jitter() -> f64 {
    let mut byte = [0];
    // Without random numbers, all instances come back at the same time, and that is all.
    let _ = aws_lc_rs::rand::fill(&mut byte);
    f64::from(byte[0]) / f64::from(u8::MAX)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::SeqCst};
    use std::time::SystemTime;

    use super::super::fetch::{FetchFuture, Fetched};
    use super::*;

    /// A server with the key `k1` of RFC 8037, appendix A.2, and the time that a test says.
    #[derive(Default)]
    struct Setup {
        up: AtomicBool,
        asked: AtomicUsize,
        seconds: AtomicU64,
    }

    impl Fetch for Setup {
        fn fetch<'a>(&'a self, _url: &'a str) -> FetchFuture<'a> {
            const KEYS: &[u8] = br#"{"keys":[{"kty":"OKP","crv":"Ed25519","kid":"k1",
                "x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}"#;
            self.asked.fetch_add(1, SeqCst);
            let fetched = Fetched { body: KEYS.to_vec(), max_age: None };
            let up = self.up.load(SeqCst);
            Box::pin(async move { if up { Ok(fetched) } else { Err(FetchError::new("down")) } })
        }
    }

    impl Clock for Setup {
        fn now(&self) -> SystemTime {
            SystemTime::UNIX_EPOCH + self.monotonic()
        }

        fn monotonic(&self) -> Duration {
            Duration::from_secs(self.seconds.load(SeqCst))
        }
    }

    fn setup(up: bool) -> (Arc<Setup>, Arc<RemoteKeys>) {
        let setup = Arc::new(Setup { up: up.into(), ..Setup::default() });
        let source = Source::KeySet("https://keys.test".to_owned());
        let keys = RemoteKeys::new(source, Duration::ZERO, setup.clone(), setup.clone());
        (setup, keys)
    }

    #[tokio::test]
    async fn ready_once_loaded_and_from_then_on() {
        let (setup, keys) = setup(false);
        for (at, up, ready, asked) in [
            (0, false, Err("down"), 1),
            // Within the pause after a failure.
            (0, true, Err("down"), 1),
            (1, true, Ok(()), 2),
            // It stays so, whatever happens later.
            (9999, false, Ok(()), 2),
        ] {
            setup.seconds.store(at, SeqCst);
            setup.up.store(up, SeqCst);
            let came = keys.ready().await.map_err(|error| error.to_string());
            assert_eq!(came, ready.map_err(str::to_owned), "at {at}");
            assert_eq!(setup.asked.load(SeqCst), asked, "at {at}");
        }
    }

    #[tokio::test]
    async fn only_a_missing_key_waits_for_a_fetch() {
        let (setup, keys) = setup(true);
        for (at, key_id, found, asked) in [
            (0, "k1", Ok(Some("k1")), 1),
            (0, "k2", Err(Code::KeyNotFound), 1),
            (29, "k2", Err(Code::KeyNotFound), 1),
            (30, "k1", Ok(Some("k1")), 1),
            (30, "k2", Err(Code::KeyNotFound), 2),
            // Aged, and nobody may use it any more.
            (9999, "k1", Ok(Some("k1")), 3),
        ] {
            setup.seconds.store(at, SeqCst);
            let look = || keys.find(Some(key_id), Algorithm::EdDsa);
            let came = match look() {
                Err(NoKey::FetchDue { known }) => {
                    keys.fetch(known).await.unwrap();
                    look()
                }
                at_once => at_once,
            };
            let came = match &came {
                Ok(current) => Ok(current.key.id()),
                Err(NoKey::Refused(error)) => Err(error.code()),
                Err(NoKey::FetchDue { .. }) => panic!("{key_id} at {at}: still due"),
            };
            assert_eq!(came, found, "{key_id} at {at}");
            assert_eq!(setup.asked.load(SeqCst), asked, "{key_id} at {at}");
        }
    }

    #[test]
    fn instances_come_back_at_different_times() {
        let jitters: Vec<f64> = (0..1000).map(|_| jitter()).collect();
        assert!(jitters.iter().all(|jitter| (0.0..=1.0).contains(jitter)), "{jitters:?}");
        // Each fails once in 10^124 runs.
        assert!(jitters.iter().any(|jitter| *jitter < 0.25), "{jitters:?}");
        assert!(jitters.iter().any(|jitter| *jitter > 0.75), "{jitters:?}");
    }
}
