//! Where instances of a service keep what they share.
//!
//! A store has bytes under keys, locks that tell a late holder that it is late, and the revocations.
//! It decides nothing.

mod expiring;
mod memory;
#[cfg(feature = "redis")]
mod redis;

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

pub(crate) use expiring::Expiring;
pub use memory::MemoryStore;
#[cfg(feature = "redis")]
pub use redis::{RedisStore, RedisUrlError};

use crate::one_line::one_line;

/// How long a fence is good after its lock has ended, if nobody else has taken the lock.
pub(crate) const FENCE_LIFE: Duration = Duration::from_secs(60 * 60);

/// What instances of a service share: sessions, locks and revocations. auth-core ships
/// [`MemoryStore`] for one instance and, with the feature `redis`, `RedisStore` for many; a service
/// that keeps its state elsewhere implements it.
///
/// Keys may be seen by whoever runs the store, so what is secret comes as a digest. Values are
/// sealed before they come here.
///
/// Each call ends within a second or so, by an error if need be. What has been acknowledged must be
/// there for every instance.
///
/// ```
/// use std::time::{Duration, SystemTime};
///
/// use auth_core::session::{Cursor, MemoryStore, Revocation, Revoked, Store, StoreError};
///
/// # async fn f() -> Result<(), StoreError> {
/// let store: Box<dyn Store> = Box::new(MemoryStore::new());
/// store.put("session:1", b"first", Duration::from_secs(3600)).await?;
///
/// // One instance at a time refreshes a session.
/// if let Some(fence) = store.lock("session:1", Duration::from_secs(10)).await? {
///     let life = Duration::from_secs(3600);
///     let is_ours = store.replace("session:1", b"second", life, fence).await?;
///     assert!(is_ours, "nobody else has had the lock since");
///     store.unlock("session:1", fence).await?;
/// }
/// assert_eq!(store.get("session:1").await?.as_deref(), Some(&b"second"[..]));
/// store.remove("session:1").await?;
///
/// // What one instance revokes, the others read.
/// let session = Revoked::Session("session_01ABCDEFGHJKMNPQRS".to_owned());
/// let until = SystemTime::now() + Duration::from_secs(24 * 3600);
/// store.revoke(&Revocation { revoked: session, until }).await?;
/// let (news, cursor) = store.revoked_since(&Cursor::default()).await?;
/// assert_eq!(news.len(), 1);
/// assert_eq!(store.revoked_since(&cursor).await?.0.len(), 0);
///
/// assert!(!store.is_shared(), "it is for one instance");
/// # Ok(())
/// # }
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(f()).unwrap();
/// ```
pub trait Store: Send + Sync + 'static {
    /// Whether other processes see what is kept here. A service that says that it has several
    /// instances does not start with a store that is not shared.
    fn is_shared(&self) -> bool {
        true
    }

    /// Keeps a value for a time, in place of the one that is there.
    ///
    /// # Errors
    /// If the store cannot be used; then it may or may not have been done, as in all methods here.
    fn put<'a>(&'a self, key: &'a str, value: &'a [u8], life: Duration) -> StoreFuture<'a, ()>;

    /// The value, unless its time is over.
    ///
    /// # Errors
    /// If the store cannot be used.
    fn get<'a>(&'a self, key: &'a str) -> StoreFuture<'a, Option<Vec<u8>>>;

    /// Replaces a value that is there, if `fence` is the newest of the lock of this key. `false` if
    /// the value has been removed, or the lock has been somebody else's meanwhile.
    ///
    /// The lock need not be held any more, but an hour after its end the fence is no good.
    ///
    /// # Errors
    /// If the store cannot be used.
    fn replace<'a>(
        &'a self,
        key: &'a str,
        value: &'a [u8],
        life: Duration,
        fence: Fence,
    ) -> StoreFuture<'a, bool>;

    /// Removes the value, if there is one.
    ///
    /// # Errors
    /// If the store cannot be used.
    fn remove<'a>(&'a self, key: &'a str) -> StoreFuture<'a, ()>;

    /// Takes the lock of this key for a time, whether or not there is a value. `None` while somebody
    /// else has it.
    ///
    /// # Errors
    /// If the store cannot be used.
    fn lock<'a>(&'a self, key: &'a str, life: Duration) -> StoreFuture<'a, Option<Fence>>;

    /// Gives the lock back before its time, if it still is the one that this fence came with.
    ///
    /// # Errors
    /// If the store cannot be used.
    fn unlock<'a>(&'a self, key: &'a str, fence: Fence) -> StoreFuture<'a, ()>;

    /// Adds a revocation, and keeps it until its end: never is one dropped to make room.
    ///
    /// # Errors
    /// If the store cannot be used, or is full.
    fn revoke<'a>(&'a self, revocation: &'a Revocation) -> StoreFuture<'a, ()>;

    /// All revocations added since `cursor` was given out, or all there are for
    /// [`Cursor::default`], with a new cursor. Some may come again; none may be left out.
    ///
    /// # Errors
    /// If the store cannot be used.
    fn revoked_since<'a>(
        &'a self,
        cursor: &'a Cursor,
    ) -> StoreFuture<'a, (Vec<Revocation>, Cursor)>;
}

/// Several `Auth`s of one process can have one store.
impl<S: Store + ?Sized> Store for Arc<S> {
    fn is_shared(&self) -> bool {
        (**self).is_shared()
    }

    fn put<'a>(&'a self, key: &'a str, value: &'a [u8], life: Duration) -> StoreFuture<'a, ()> {
        (**self).put(key, value, life)
    }

    fn get<'a>(&'a self, key: &'a str) -> StoreFuture<'a, Option<Vec<u8>>> {
        (**self).get(key)
    }

    fn replace<'a>(
        &'a self,
        key: &'a str,
        value: &'a [u8],
        life: Duration,
        fence: Fence,
    ) -> StoreFuture<'a, bool> {
        (**self).replace(key, value, life, fence)
    }

    fn remove<'a>(&'a self, key: &'a str) -> StoreFuture<'a, ()> {
        (**self).remove(key)
    }

    fn lock<'a>(&'a self, key: &'a str, life: Duration) -> StoreFuture<'a, Option<Fence>> {
        (**self).lock(key, life)
    }

    fn unlock<'a>(&'a self, key: &'a str, fence: Fence) -> StoreFuture<'a, ()> {
        (**self).unlock(key, fence)
    }

    fn revoke<'a>(&'a self, revocation: &'a Revocation) -> StoreFuture<'a, ()> {
        (**self).revoke(revocation)
    }

    fn revoked_since<'a>(
        &'a self,
        cursor: &'a Cursor,
    ) -> StoreFuture<'a, (Vec<Revocation>, Cursor)> {
        (**self).revoked_since(cursor)
    }
}

/// What the methods of [`Store`] return.
///
/// ```
/// use auth_core::session::{StoreError, StoreFuture};
///
/// struct Database;
///
/// impl Database {
///     fn get<'a>(&'a self, key: &'a str) -> StoreFuture<'a, Option<Vec<u8>>> {
///         Box::pin(async move { Err(StoreError::new("the database is away")) })
///     }
/// }
/// ```
pub type StoreFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// The number of a lock's holder. Of one key, a later holder's is greater.
///
/// ```
/// use auth_core::session::Fence;
///
/// assert!(Fence::new(1) < Fence::new(2));
/// assert_eq!(Fence::new(2).number(), 2);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fence(u64);

impl Fence {
    /// For those who implement [`Store`].
    #[must_use]
    pub fn new(number: u64) -> Self {
        Self(number)
    }

    /// The number itself.
    #[must_use]
    pub fn number(self) -> u64 {
        self.0
    }
}

/// What is revoked, and for how long that has to be remembered.
///
/// ```
/// use std::time::{Duration, SystemTime};
///
/// use auth_core::session::{Revocation, Revoked};
///
/// let revocation = Revocation {
///     revoked: Revoked::Session("session_01ABCDEFGHJKMNPQRS".to_owned()),
///     // By then, all tokens of the session have expired.
///     until: SystemTime::now() + Duration::from_secs(24 * 3600),
/// };
/// assert!(matches!(revocation.revoked, Revoked::Session(_)));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revocation {
    /// What tokens bear that are refused.
    pub revoked: Revoked,
    /// When no such token can be good any more.
    pub until: SystemTime,
}

/// Which tokens are refused, by a [`Revocation`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Revoked {
    /// Those of a session, by the claim `sid`.
    Session(String),
    /// Those of a user, by the claim `sub`.
    User {
        /// The user's id.
        id: String,
        /// Tokens with a later `iat` are good, to the second.
        issued_until: SystemTime,
    },
}

/// How far somebody has read the revocations of a store. Only the store knows what is in it.
///
/// ```
/// use auth_core::session::Cursor;
///
/// assert_eq!(Cursor::default().as_str(), "");
/// assert_eq!(Cursor::new("17").as_str(), "17");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cursor(String);

impl Cursor {
    /// For those who implement [`Store`]; the empty text stands for the beginning.
    pub fn new(position: impl Into<String>) -> Self {
        Self(position.into())
    }

    /// The text it was made of.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Why a store cannot be used just now.
///
/// ```
/// use auth_core::session::StoreError;
///
/// let error = StoreError::new("redis at 10.0.0.7:6379: no answer within 1s");
/// assert_eq!(error.to_string(), "redis at 10.0.0.7:6379: no answer within 1s");
/// ```
#[derive(Debug)]
pub struct StoreError(String);

impl StoreError {
    /// An error that names the store and the cause, and has no key, value or password in it.
    pub fn new(cause: impl fmt::Display) -> Self {
        Self(cause.to_string())
    }
}

/// On one line: a server may have a part in the text, and it ends in a log.
impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&one_line(&self.0))
    }
}

impl std::error::Error for StoreError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_one_line() {
        let error = StoreError::new("two\r\nlines\u{1b}[31m");
        assert_eq!(error.to_string(), "two\\r\\nlines\\u{1b}[31m");
    }
}
