//! One way to lock.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// What a panicking request has left is still good for the next.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
