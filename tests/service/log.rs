//! What is logged while a test runs.

use std::io::{self, Write};
use std::sync::{Arc, LazyLock, Mutex};

use tracing::subscriber::{DefaultGuard, NoSubscriber};
use tracing::{Dispatch, Level, Subscriber};
use tracing_subscriber::fmt::MakeWriter;

#[derive(Clone, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<u8>>>);

/// As long as there is one subscriber only, `tracing` asks whichever thread comes to a line first whether
/// somebody listens there, and keeps that answer for all threads. Here there is always another one.
static ANOTHER: LazyLock<Dispatch> = LazyLock::new(|| Dispatch::new(NoSubscriber::default()));

impl Log {
    /// Everything that this thread logs as long as the guard lives, at every level.
    pub(crate) fn capture() -> (Self, DefaultGuard) {
        let log = Self::default();
        let lines = tracing_subscriber::fmt().with_max_level(Level::TRACE).with_ansi(false);
        let guard = set_default(lines.with_writer(log.clone()).finish());
        (log, guard)
    }

    /// The same as JSON, but for `TRACE`.
    pub(crate) fn capture_json() -> (Self, DefaultGuard) {
        let log = Self::default();
        let lines = tracing_subscriber::fmt().with_max_level(Level::DEBUG).json();
        let guard = set_default(lines.with_writer(log.clone()).finish());
        (log, guard)
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }

    /// What has come since the last time.
    pub(crate) fn take(&self) -> String {
        String::from_utf8(std::mem::take(&mut *self.0.lock().unwrap())).unwrap()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

fn set_default(subscriber: impl Subscriber + Send + Sync) -> DefaultGuard {
    LazyLock::force(&ANOTHER);
    tracing::subscriber::set_default(subscriber)
}

#[test]
fn lines_that_another_thread_comes_to_first_are_captured_too() {
    let say = || tracing::info!("said");
    let (log, _guard) = Log::capture();
    std::thread::spawn(say).join().unwrap();
    say();
    assert_eq!(log.text().matches("said").count(), 1);
}
