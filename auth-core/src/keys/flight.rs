//! One piece of work at a time, which everybody who needs it waits for.

use std::sync::{Mutex, PoisonError};

use tokio::runtime::Handle;
use tokio::sync::watch;

/// The work that is under way, if any.
///
/// It runs as a task of its own, so that a client who hangs up does not break it off for everybody
/// else. It is under way as long as the sender of the channel lives; that is dropped at the end,
/// even by a panic, and wakes everybody who waits.
pub(super) struct Flight {
    landing: Mutex<watch::Receiver<()>>,
}

impl Flight {
    pub(super) fn none() -> Self {
        let (_landed, landing) = watch::channel(());
        Self { landing: Mutex::new(landing) }
    }

    /// Waits for the end of the work that is under way, or else of what `depart` gives. Whoever was
    /// about to start it when somebody else did shares theirs.
    pub(super) async fn join<W>(&self, depart: impl FnOnce() -> Option<W>)
    where
        W: Future<Output = ()> + Send + 'static,
    {
        let mut landing = {
            let mut landing = self.landing.lock().unwrap_or_else(PoisonError::into_inner);
            start(&mut landing, depart);
            landing.clone()
        };
        while landing.changed().await.is_ok() {}
    }

    /// Starts what `depart` gives, unless work is under way or somebody else is about to start it.
    /// Nobody waits here.
    pub(super) fn start_beside<W>(&self, depart: impl FnOnce() -> Option<W>)
    where
        W: Future<Output = ()> + Send + 'static,
    {
        if let Ok(mut landing) = self.landing.try_lock() {
            start(&mut landing, depart);
        }
    }
}

fn start<W>(landing: &mut watch::Receiver<()>, depart: impl FnOnce() -> Option<W>)
where
    W: Future<Output = ()> + Send + 'static,
{
    let under_way = landing.has_changed().is_ok();
    let Ok(runtime) = Handle::try_current() else { return };
    if under_way {
        return;
    }
    if let Some(work) = depart() {
        let (landed, new_landing) = watch::channel(());
        *landing = new_landing;
        runtime.spawn(async move {
            work.await;
            drop(landed);
        });
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

    use super::*;

    /// Many threads hand over from one flight to the next: there is never more than one in the air,
    /// everybody lands, and no one's work is done twice.
    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn one_at_a_time_and_nobody_is_left_waiting() {
        const FLIGHTS: usize = 2_000;
        let flight = Arc::new(Flight::none());
        let [departed, flown, in_the_air] = [(); 3].map(|()| Arc::new(AtomicUsize::new(0)));
        let mut passengers = tokio::task::JoinSet::new();
        for _ in 0..32 {
            let flight = Arc::clone(&flight);
            let [departed, flown, in_the_air] = [&departed, &flown, &in_the_air].map(Arc::clone);
            passengers.spawn(async move {
                loop {
                    let due = flown.load(SeqCst);
                    if due == FLIGHTS {
                        break;
                    }
                    // At least the one under way, which may have done its work and be yet to land.
                    let mut joined = departed.load(SeqCst).max(1);
                    let depart = || {
                        // As with a key set: what has been done meanwhile is not due any more.
                        if flown.load(SeqCst) != due {
                            return None;
                        }
                        joined = departed.fetch_add(1, SeqCst) + 1;
                        let (flown, in_the_air) = (flown.clone(), in_the_air.clone());
                        Some(async move {
                            assert_eq!(in_the_air.fetch_add(1, SeqCst), 0);
                            tokio::task::yield_now().await;
                            assert_eq!(in_the_air.fetch_sub(1, SeqCst), 1);
                            flown.fetch_add(1, SeqCst);
                        })
                    };
                    flight.join(depart).await;
                    assert!(flown.load(SeqCst) >= joined, "who joins has landed");
                }
            });
        }
        let landed =
            tokio::time::timeout(std::time::Duration::from_secs(60), passengers.join_all());
        assert!(landed.await.is_ok());
        assert_eq!(flown.load(SeqCst), FLIGHTS);
    }

    #[tokio::test]
    async fn a_panic_lands_too() {
        let flight = Flight::none();
        flight.join(|| Some(async { panic!("on purpose") })).await;
        let (sender, receiver) = tokio::sync::oneshot::channel();
        flight.join(|| Some(async { sender.send(()).unwrap() })).await;
        assert!(receiver.await.is_ok(), "and the next one departs");
    }

    #[tokio::test]
    async fn whoever_comes_later_joins_what_departed_beside() {
        let flight = Flight::none();
        let (sender, mut receiver) = tokio::sync::oneshot::channel();
        flight.start_beside(|| Some(async { sender.send(()).unwrap() }));
        flight.join(|| -> Option<std::future::Ready<()>> { panic!("one is under way") }).await;
        assert_eq!(receiver.try_recv(), Ok(()), "landed");
    }

    #[test]
    fn without_a_runtime_nothing_departs() {
        Flight::none().start_beside(|| Some(async {}));
    }
}
