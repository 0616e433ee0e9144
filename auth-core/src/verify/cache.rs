//! Tokens that have been verified: whoever sends one again is who it was.
//!
//! A hit asks whether what was verified still counts, and takes no lock. A miss is no answer: the
//! token is then verified as if it had never been seen, and that is where a refusal comes from.

use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use arc_swap::ArcSwapOption;
use zeroize::Zeroizing;

use super::Standing;
use crate::identity::Identity;

/// In how many places a token can be. They fill two cache lines.
const WAYS: usize = 8;

/// Few tokens take less memory than this together with what they say, so places do not run out
/// before the memory does.
const BYTES_PER_PLACE: usize = 1024;

/// How much of a token's end is hashed. It is a part of the signature, which nobody can choose and
/// have a good token.
type Hashed = [u8; 16];

/// What an allocator adds to each of the allocations of an entry: its token, itself, the identity,
/// and the two parts of its claims.
const OVERHEAD: usize = 5 * 16;

pub(crate) struct Cache {
    /// There once a token has been verified. Their number is a power of two.
    sets: OnceLock<Box<[[Place; WAYS]]>>,
    number_of_sets: usize,
    /// At random, so that nobody outside knows which tokens share a set.
    hash_key: [u64; 2],
    /// How many bytes the entries may have, and have.
    limit: usize,
    used: AtomicUsize,
    /// The set that is looked through next for what can go.
    hand: AtomicUsize,
}

#[derive(Default)]
struct Place {
    /// Of the entry's token, so that most other tokens are passed over without a look at it.
    hash: AtomicU64,
    entry: ArcSwapOption<Entry>,
}

/// A token that has been verified, and what came of it.
pub(crate) struct Entry {
    token: Zeroizing<Box<[u8]>>,
    identity: Identity,
    standing: Standing,
    /// Somebody has asked for it since the hand came by.
    wanted: AtomicBool,
}

impl Cache {
    /// A cache that takes at most so many bytes; none, if hardly a token fits in.
    pub(crate) fn new(bytes: usize) -> Self {
        let sets = (bytes / (WAYS * BYTES_PER_PLACE)).checked_ilog2().map_or(0, |log| 1 << log);
        Self {
            sets: OnceLock::new(),
            number_of_sets: sets,
            hash_key: [0, 1].map(|part| RandomState::new().hash_one(part)),
            limit: bytes.saturating_sub(sets * size_of::<[Place; WAYS]>()),
            used: AtomicUsize::new(0),
            hand: AtomicUsize::new(0),
        }
    }

    /// Who has sent this very token before, if `counts` says that it still counts.
    pub(crate) fn get(
        &self,
        token: &[u8],
        counts: impl FnOnce(&Standing) -> bool,
    ) -> Option<Identity> {
        let sets = self.sets.get()?;
        let hash = self.hash(token);
        let mut places = set(sets, hash)?.iter();
        let place = places.find(|place| place.hash.load(Ordering::Relaxed) == hash)?;
        let entry = place.entry.load();
        let entry = entry.as_ref().filter(|entry| **entry.token == *token)?;
        if !counts(&entry.standing) {
            return None;
        }
        // Only the first to ask writes, so that many threads can read at the same time.
        if !entry.wanted.load(Ordering::Relaxed) {
            entry.wanted.store(true, Ordering::Relaxed);
        }
        Some(entry.identity.clone())
    }

    /// Keeps a token that has been verified. What no longer `counts` makes room, and then what has
    /// not been asked for.
    pub(crate) fn insert(
        &self,
        token: &[u8],
        identity: &Identity,
        standing: Standing,
        counts: impl Fn(&Standing) -> bool,
    ) {
        let sets = self.sets.get_or_init(|| {
            std::iter::repeat_with(Default::default).take(self.number_of_sets).collect()
        });
        let hash = self.hash(token);
        let Some(set) = set(sets, hash) else { return };
        let bytes = bytes(token, identity);
        let used = self.used.fetch_add(bytes, Ordering::Relaxed) + bytes;
        if bytes > self.limit || !self.make_room(sets, used, counts) {
            self.used.fetch_sub(bytes, Ordering::Relaxed);
            return;
        }
        let entry = Entry {
            token: Zeroizing::new(token.into()),
            identity: identity.clone(),
            standing,
            wanted: AtomicBool::new(false),
        };
        if let Some(place) = place_for(hash, set) {
            place.hash.store(hash, Ordering::Relaxed);
            self.release(place.entry.swap(Some(Arc::new(entry))));
        }
    }

    /// Looks through one set, and through as many more as it takes to have room. It gives up where
    /// others insert faster than that.
    fn make_room(
        &self,
        sets: &[[Place; WAYS]],
        used: usize,
        counts: impl Fn(&Standing) -> bool,
    ) -> bool {
        let mut is_full = used > self.limit;
        for _ in 0..=2 * sets.len() {
            let hand = self.hand.fetch_add(1, Ordering::Relaxed);
            for place in set(sets, hand as u64).into_iter().flatten() {
                let goes = place.entry.load().as_ref().is_some_and(|entry| {
                    !counts(&entry.standing)
                        || is_full && !entry.wanted.swap(false, Ordering::Relaxed)
                });
                if goes {
                    self.release(place.entry.swap(None));
                }
                is_full = self.used.load(Ordering::Relaxed) > self.limit;
            }
            if !is_full {
                return true;
            }
        }
        false
    }

    fn release(&self, entry: Option<Arc<Entry>>) {
        if let Some(entry) = entry {
            self.used.fetch_sub(bytes(&entry.token, &entry.identity), Ordering::Relaxed);
        }
    }

    /// A keyed multiplication. Whoever made tokens with the same would make each other miss, and no
    /// more.
    fn hash(&self, token: &[u8]) -> u64 {
        let end: Hashed = token.last_chunk().copied().unwrap_or_default();
        let [key_a, key_b] = self.hash_key;
        let end = u128::from_le_bytes(end);
        let (a, b) = (end as u64 ^ key_a, (end >> 64) as u64 ^ key_b);
        let product = u128::from(a) * u128::from(b);
        product as u64 ^ (product >> 64) as u64
    }
}

fn set(sets: &[[Place; WAYS]], number: u64) -> Option<&[Place; WAYS]> {
    sets.get(number as usize & sets.len().wrapping_sub(1))
}

/// The place of the same token, or a free one, or one whose entry nobody has asked for, or any.
fn place_for(hash: u64, set: &[Place; WAYS]) -> Option<&Place> {
    let is_same = |place: &&Place| place.hash.load(Ordering::Relaxed) == hash;
    let is_free = |place: &&Place| place.entry.load().is_none();
    let is_unwanted = |place: &&Place| {
        let entry = place.entry.load();
        entry.as_ref().is_none_or(|entry| !entry.wanted.swap(false, Ordering::Relaxed))
    };
    let places = || set.iter();
    let found = places().find(is_same).or_else(|| places().find(is_free));
    found.or_else(|| places().find(is_unwanted)).or(set.first())
}

fn bytes(token: &[u8], identity: &Identity) -> usize {
    token.len() + size_of::<Entry>() + identity.len_in_memory() + OVERHEAD
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::*;
    use crate::clock::SystemClock;
    use crate::keys::{Fetch, FetchError, FetchFuture, RemoteKeys, Source};
    use crate::token::Claims;

    struct NoFetch;

    impl Fetch for NoFetch {
        fn fetch<'a>(&'a self, _url: &'a str) -> FetchFuture<'a> {
            Box::pin(async { Err(FetchError::new("nothing is fetched")) })
        }
    }

    /// The generation is the token's number.
    fn standing(number: usize) -> Standing {
        let (source, clock) = (Source::KeySet(String::new()), Arc::new(SystemClock::default()));
        let keys = RemoteKeys::new(source, Duration::ZERO, Arc::new(NoFetch), clock);
        let times = SystemTime::UNIX_EPOCH..SystemTime::now();
        Standing { times, keys, generation: number as u64 }
    }

    fn identity(subject: &str) -> Identity {
        let claims = format!(r#"{{"iss":"i","sub":"{subject}","exp":1}}"#);
        let claims = Claims::parse(&claims).unwrap();
        Identity::new(claims, None, Arc::default(), Arc::new(SystemClock::default()))
    }

    /// A token that says who it is for, as long as real ones.
    fn token(number: usize) -> String {
        format!("{number:01000}.signature-{number:032}")
    }

    fn insert(cache: &Cache, number: usize, counts: impl Fn(&Standing) -> bool) {
        let identity = identity(&number.to_string());
        cache.insert(token(number).as_bytes(), &identity, standing(number), counts);
    }

    fn get(cache: &Cache, number: usize) -> Option<String> {
        let known = cache.get(token(number).as_bytes(), |_| true)?;
        Some(known.subject().to_owned())
    }

    #[test]
    fn a_token_is_whose_it_was_as_long_as_it_counts() {
        let cache = Cache::new(1 << 20);
        assert_eq!(get(&cache, 1), None);
        insert(&cache, 1, |_| true);
        insert(&cache, 2, |_| true);
        insert(&cache, 2, |_| true);

        assert_eq!(get(&cache, 1).as_deref(), Some("1"));
        assert_eq!(get(&cache, 2).as_deref(), Some("2"));
        assert!(cache.get(token(1).as_bytes(), |_| false).is_none());
    }

    #[test]
    fn only_the_whole_token_is_the_token() {
        let cache = Cache::new(1 << 20);
        insert(&cache, 1, |_| true);
        let token = token(1);
        for at in 0..token.len() {
            let mut other = token.clone().into_bytes();
            other[at] ^= 1;
            assert!(cache.get(&other, |_| true).is_none(), "{at}");
        }
        assert!(cache.get(&token.as_bytes()[1..], |_| true).is_none());
        assert!(cache.get(b"", |_| true).is_none());
    }

    #[test]
    fn memory_has_its_limit_and_most_of_it_is_used() {
        let cache = Cache::new(1 << 20);
        for number in 0..5_000 {
            insert(&cache, number, |_| true);
            assert!(cache.used.load(Ordering::Relaxed) <= cache.limit, "{number}");
        }
        let entry = bytes(token(0).as_bytes(), &identity("0000"));
        let kept = (0..5_000).filter(|number| get(&cache, *number).is_some()).count();
        assert!(kept * entry <= 1 << 20, "{kept}");
        assert!(kept * entry >= (1 << 20) * 3 / 4, "{kept}");
    }

    #[test]
    fn whoever_comes_again_stays_and_whoever_does_not_count_goes() {
        let cache = Cache::new(1 << 20);
        insert(&cache, 0, |_| true);
        for number in 1..5_000 {
            insert(&cache, number, |_| true);
            get(&cache, 0);
        }
        assert_eq!(get(&cache, 0).as_deref(), Some("0"));

        // The hand comes round once.
        for number in 5_000..5_000 + cache.number_of_sets {
            insert(&cache, number, |standing| standing.generation != 0);
        }
        assert_eq!(get(&cache, 0), None);
    }

    #[test]
    fn a_cache_without_memory_keeps_nothing() {
        for bytes in [0, 1, 8 * 1024 - 1] {
            let cache = Cache::new(bytes);
            insert(&cache, 1, |_| true);
            assert_eq!(get(&cache, 1), None, "{bytes}");
            assert_eq!(cache.used.load(Ordering::Relaxed), 0, "{bytes}");
        }
    }

    /// What threads do to each other costs entries, never a wrong answer, and no memory is lost count
    /// of.
    #[test]
    fn many_threads_at_the_same_time() {
        let cache = Cache::new(256 << 10);
        std::thread::scope(|scope| {
            for thread in 0..4 {
                let cache = &cache;
                scope.spawn(move || {
                    for round in 0..2_000 {
                        let number = (round * (thread + 1)) % 700;
                        insert(cache, number, |_| round % 5 != 0);
                        let found = get(cache, number);
                        assert!(found.is_none_or(|subject| subject == number.to_string()));
                    }
                });
            }
        });
        let kept = |place: &Place| {
            let entry = place.entry.load_full();
            entry.map_or(0, |entry| bytes(&entry.token, &entry.identity))
        };
        let counted: usize = cache.sets.get().unwrap().iter().flatten().map(kept).sum();
        assert_eq!(cache.used.load(Ordering::Relaxed), counted);
    }
}
