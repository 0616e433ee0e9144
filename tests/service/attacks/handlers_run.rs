//! How many handlers have run: whoever was refused has reached none.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Copies count as one.
#[derive(Clone, Default)]
pub(super) struct HandlersRun(Arc<AtomicUsize>);

impl HandlersRun {
    /// What a handler does.
    pub(super) fn count(&self) -> &'static str {
        self.0.fetch_add(1, Ordering::SeqCst);
        "in"
    }

    pub(super) fn so_far(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}
