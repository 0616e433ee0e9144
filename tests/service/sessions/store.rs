//! A store that can be away, and be looked into.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use auth_core::session::{Cursor, Fence, MemoryStore, Revocation, Store, StoreError, StoreFuture};

use crate::clock::TestClock;

pub(super) struct TestStore {
    store: MemoryStore,
    is_away: AtomicBool,
    values: Mutex<BTreeMap<String, Vec<u8>>>,
}

impl TestStore {
    pub(super) fn new(clock: TestClock) -> Self {
        let store = MemoryStore::new().clock(clock);
        Self { store, is_away: AtomicBool::new(false), values: Mutex::default() }
    }

    pub(super) fn be_away(&self, is_away: bool) {
        self.is_away.store(is_away, Ordering::SeqCst);
    }

    /// All that it was ever given.
    pub(super) fn values(&self) -> BTreeMap<String, Vec<u8>> {
        self.values.lock().unwrap().clone()
    }

    fn or<'a, T: Send + 'a>(&self, answer: StoreFuture<'a, T>) -> StoreFuture<'a, T> {
        match self.is_away.load(Ordering::SeqCst) {
            true => Box::pin(async { Err(StoreError::new("the store of this test is away")) }),
            false => answer,
        }
    }

    fn note(&self, key: &str, value: &[u8]) {
        self.values.lock().unwrap().insert(key.to_owned(), value.to_vec());
    }
}

impl Store for TestStore {
    fn put<'a>(&'a self, key: &'a str, value: &'a [u8], life: Duration) -> StoreFuture<'a, ()> {
        self.note(key, value);
        self.or(self.store.put(key, value, life))
    }

    fn get<'a>(&'a self, key: &'a str) -> StoreFuture<'a, Option<Vec<u8>>> {
        self.or(self.store.get(key))
    }

    fn replace<'a>(
        &'a self,
        key: &'a str,
        value: &'a [u8],
        life: Duration,
        fence: Fence,
    ) -> StoreFuture<'a, bool> {
        self.note(key, value);
        self.or(self.store.replace(key, value, life, fence))
    }

    fn remove<'a>(&'a self, key: &'a str) -> StoreFuture<'a, ()> {
        self.or(self.store.remove(key))
    }

    fn lock<'a>(&'a self, key: &'a str, life: Duration) -> StoreFuture<'a, Option<Fence>> {
        self.or(self.store.lock(key, life))
    }

    fn unlock<'a>(&'a self, key: &'a str, fence: Fence) -> StoreFuture<'a, ()> {
        self.or(self.store.unlock(key, fence))
    }

    fn revoke<'a>(&'a self, revocation: &'a Revocation) -> StoreFuture<'a, ()> {
        self.or(self.store.revoke(revocation))
    }

    fn revoked_since<'a>(
        &'a self,
        cursor: &'a Cursor,
    ) -> StoreFuture<'a, (Vec<Revocation>, Cursor)> {
        self.or(self.store.revoked_since(cursor))
    }
}
