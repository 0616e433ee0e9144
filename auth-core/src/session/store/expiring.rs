//! What is kept for a time, in bounded memory.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

/// Entries that end at a time. At the limit, the one that ends first makes room.
pub(crate) struct Expiring<V> {
    entries: HashMap<Arc<str>, (V, End)>,
    ends: BTreeMap<End, Arc<str>>,
    limit: usize,
    inserted: u64,
}

/// When, and which of those that end at the same time.
type End = (Duration, u64);

impl<V> Expiring<V> {
    pub(crate) fn new(limit: usize) -> Self {
        let (entries, ends) = (HashMap::new(), BTreeMap::new());
        Self { entries, ends, limit, inserted: 0 }
    }

    pub(crate) fn get(&self, key: &str, now: Duration) -> Option<&V> {
        let (value, (end, _)) = self.entries.get(key)?;
        (now < *end).then_some(value)
    }

    pub(crate) fn get_mut(&mut self, key: &str, now: Duration) -> Option<&mut V> {
        let (value, (end, _)) = self.entries.get_mut(key)?;
        (now < *end).then_some(value)
    }

    pub(crate) fn insert(&mut self, key: &str, value: V, end: Duration, now: Duration) {
        self.remove(key);
        self.drop_expired(now);
        while self.entries.len() >= self.limit && self.drop_first() {}
        self.inserted += 1;
        let (key, end): (Arc<str>, End) = (key.into(), (end, self.inserted));
        self.ends.insert(end, Arc::clone(&key));
        self.entries.insert(key, (value, end));
    }

    pub(crate) fn remove(&mut self, key: &str) {
        if let Some((_, end)) = self.entries.remove(key) {
            self.ends.remove(&end);
        }
    }

    fn drop_expired(&mut self, now: Duration) {
        while self.ends.first_key_value().is_some_and(|((end, _), _)| *end <= now) {
            self.drop_first();
        }
    }

    fn drop_first(&mut self) -> bool {
        let first = self.ends.pop_first();
        first.is_some_and(|(_, key)| self.entries.remove(&key).is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn an_entry_is_there_until_its_end() {
        let mut kept = Expiring::new(10);
        kept.insert("a", 1, at(10), at(0));
        kept.insert("a", 2, at(20), at(0));
        for (now, expected) in [(0, Some(&2)), (19, Some(&2)), (20, None)] {
            assert_eq!(kept.get("a", at(now)), expected, "at {now}");
            assert_eq!(kept.get_mut("a", at(now)).as_deref(), expected, "at {now}");
        }
        kept.remove("a");
        assert_eq!(kept.get("a", at(0)), None);
    }

    #[test]
    fn what_ends_first_goes_first() {
        let mut kept = Expiring::new(3);
        for (key, end) in [("long", 30), ("short", 10), ("other", 20), ("long too", 30)] {
            kept.insert(key, (), at(end), at(0));
        }
        let there =
            ["long", "short", "other", "long too"].map(|key| kept.get(key, at(0)).is_some());
        assert_eq!(there, [true, false, true, true]);
    }

    #[test]
    fn memory_has_its_limit() {
        let mut kept = Expiring::new(100);
        for number in 0..10_000_u64 {
            kept.insert(&number.to_string(), (), at(number * 7919 % 1000), at(number / 100));
            assert!(kept.entries.len() <= 100 && kept.ends.len() == kept.entries.len(), "{number}");
        }
    }
}
