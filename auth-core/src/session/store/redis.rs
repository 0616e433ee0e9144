//! A store for many instances: Redis, or Valkey.

mod script;
mod server;

use std::collections::HashMap;
use std::fmt;
use std::time::{Duration, SystemTime};

use redis::{Client, Cmd, ConnectionAddr};

use self::script::{LOCK, REPLACE, REVOKE, UNLOCK};
use self::server::Server;
use super::{Cursor, FENCE_LIFE, Fence, Revocation, Revoked, Store, StoreError, StoreFuture};

const DEFAULT_PREFIX: &str = "auth:";

const DEFAULT_DEADLINE: Duration = Duration::from_secs(1);

/// What Redis can still add to the time of day.
const LONGEST: Duration = Duration::from_secs(100 * 365 * 24 * 3600);

/// How many revocations are read at once.
const PAGE: usize = 1000;

/// Keeps sessions, locks and revocations in Redis 6.2 or later, or in Valkey.
///
/// The server must not drop what it was told to keep: `maxmemory-policy noeviction`, and
/// `appendonly yes` so that a restart forgets nothing. It may have replicas that can take its place, if
/// their clocks agree; what they have not got by then is lost. Redis Cluster it must not be.
///
/// Nothing is connected before the first call. A lost connection is made anew by the next call, and
/// one on which an answer has not come in time is given up, so after an outage no restart is needed.
///
/// ```
/// use std::time::Duration;
///
/// use auth_core::session::{RedisStore, RedisUrlError};
///
/// # fn f() -> Result<(), RedisUrlError> {
/// let store = RedisStore::new("rediss://service:password@redis.internal:6379")?
///     .prefix("shop:auth:")
///     .deadline(Duration::from_millis(500));
/// assert!(!format!("{store:?}").contains("password"));
/// # Ok(())
/// # }
/// # f().unwrap();
/// ```
pub struct RedisStore {
    server: Server,
    prefix: String,
}

impl RedisStore {
    /// A store at `redis://`, `rediss://` (TLS) or `redis+unix://`, with user, password and number
    /// of the database as usual: `rediss://user:password@host:6379/0`.
    ///
    /// With TLS the certificate must be one that this machine trusts, or one in the file that
    /// `SSL_CERT_FILE` names. If the process has not chosen a cryptography provider for rustls by
    /// then, it becomes aws-lc.
    ///
    /// # Errors
    /// If the text is not such a URL.
    pub fn new(url: &str) -> Result<Self, RedisUrlError> {
        let client = Client::open(url).map_err(|_| RedisUrlError::Malformed)?;
        match client.get_connection_info().addr() {
            ConnectionAddr::TcpTls { insecure: true, .. } => return Err(RedisUrlError::Insecure),
            ConnectionAddr::TcpTls { .. } => choose_cryptography(),
            _ => {}
        }
        let server = Server::new(client, DEFAULT_DEADLINE);
        Ok(Self { server, prefix: DEFAULT_PREFIX.to_owned() })
    }

    /// What all keys begin with, `auth:` by default. Services that share a server and not their
    /// sessions have different ones.
    #[must_use]
    pub fn prefix(mut self, prefix: impl Into<String>) -> Self {
        self.prefix = prefix.into();
        self
    }

    /// How long a command may take, connecting included: a second by default.
    #[must_use]
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.server.deadline = deadline.min(LONGEST);
        self
    }

    /// Keys in braces are in one place also where keys are spread.
    fn value_key(&self, key: &str) -> String {
        format!("{}value:{{{key}}}", self.prefix)
    }

    fn lock_key(&self, key: &str) -> String {
        format!("{}lock:{{{key}}}", self.prefix)
    }

    fn revocations_key(&self) -> String {
        format!("{}revocations", self.prefix)
    }

    async fn revocations_since(
        &self,
        cursor: &Cursor,
    ) -> Result<(Vec<Revocation>, Cursor), StoreError> {
        let (mut list, mut cursor) = (Vec::new(), cursor.clone());
        loop {
            let mut command = redis::cmd("XRANGE");
            command.arg(self.revocations_key()).arg(after(&cursor)).arg("+").arg("COUNT").arg(PAGE);
            let page: Vec<(String, HashMap<String, String>)> = self.server.ask(&command).await?;
            let is_last = page.len() < PAGE;
            for (id, fields) in page {
                match revocation(&fields) {
                    Some(revocation) => list.push(revocation),
                    None => tracing::error!(
                        store = %self.server.address(), id, "a revocation cannot be read, and has no effect"
                    ),
                }
                cursor = Cursor::new(id);
            }
            if is_last {
                return Ok((list, cursor));
            }
        }
    }
}

impl Store for RedisStore {
    fn put<'a>(&'a self, key: &'a str, value: &'a [u8], life: Duration) -> StoreFuture<'a, ()> {
        Box::pin(async move {
            let mut command = redis::cmd("SET");
            command.arg(self.value_key(key)).arg(value).arg("PX").arg(milliseconds(life));
            self.server.ask(&command).await
        })
    }

    fn get<'a>(&'a self, key: &'a str) -> StoreFuture<'a, Option<Vec<u8>>> {
        Box::pin(async move {
            let mut command = redis::cmd("GET");
            command.arg(self.value_key(key));
            self.server.ask(&command).await
        })
    }

    fn replace<'a>(
        &'a self,
        key: &'a str,
        value: &'a [u8],
        life: Duration,
        fence: Fence,
    ) -> StoreFuture<'a, bool> {
        Box::pin(async move {
            let mut command = script(REPLACE, &[self.value_key(key), self.lock_key(key)]);
            command.arg(fence.number()).arg(value).arg(milliseconds(life));
            let done: Option<()> = self.server.ask(&command).await?;
            Ok(done.is_some())
        })
    }

    fn remove<'a>(&'a self, key: &'a str) -> StoreFuture<'a, ()> {
        Box::pin(async move {
            let mut command = redis::cmd("DEL");
            command.arg(self.value_key(key));
            self.server.ask(&command).await
        })
    }

    fn lock<'a>(&'a self, key: &'a str, life: Duration) -> StoreFuture<'a, Option<Fence>> {
        Box::pin(async move {
            let mut command = script(LOCK, &[self.lock_key(key)]);
            command.arg(milliseconds(life)).arg(milliseconds(FENCE_LIFE));
            let number: Option<u64> = self.server.ask(&command).await?;
            Ok(number.map(Fence::new))
        })
    }

    fn unlock<'a>(&'a self, key: &'a str, fence: Fence) -> StoreFuture<'a, ()> {
        Box::pin(async move {
            let mut command = script(UNLOCK, &[self.lock_key(key)]);
            command.arg(fence.number());
            self.server.ask(&command).await
        })
    }

    fn revoke<'a>(&'a self, revocation: &'a Revocation) -> StoreFuture<'a, ()> {
        Box::pin(async move {
            let (kind, id, issued_until) = match &revocation.revoked {
                Revoked::Session(id) => ("session", id, SystemTime::UNIX_EPOCH),
                Revoked::User { id, issued_until } => ("user", id, *issued_until),
            };
            let mut command = script(REVOKE, &[self.revocations_key()]);
            command.arg(kind).arg(id);
            command.arg(since_1970(issued_until)).arg(since_1970(revocation.until));
            self.server.ask(&command).await
        })
    }

    fn revoked_since<'a>(
        &'a self,
        cursor: &'a Cursor,
    ) -> StoreFuture<'a, (Vec<Revocation>, Cursor)> {
        Box::pin(self.revocations_since(cursor))
    }
}

/// Neither of rustls's features decides by itself when a service has several in its tree, and then it
/// panics.
fn choose_cryptography() {
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        // Somebody else may have been quicker, which is as good.
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    }
}

fn script(text: &str, keys: &[String]) -> Cmd {
    let mut command = redis::cmd("EVAL");
    command.arg(text).arg(keys.len()).arg(keys);
    command
}

fn milliseconds(time: Duration) -> u64 {
    (time.min(LONGEST).as_millis() as u64).max(1)
}

fn since_1970(time: SystemTime) -> u64 {
    time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_millis() as u64
}

/// Behind the entry of this id, or from the beginning if it is none.
fn after(cursor: &Cursor) -> String {
    let parts = cursor.as_str().split_once('-');
    let is_id = parts
        .is_some_and(|(time, number)| time.parse::<u64>().is_ok() && number.parse::<u64>().is_ok());
    if is_id { format!("({}", cursor.as_str()) } else { "-".to_owned() }
}

fn revocation(fields: &HashMap<String, String>) -> Option<Revocation> {
    let id = fields.get("id")?.clone();
    let time = |name: &str| {
        let milliseconds = fields.get(name)?.parse().ok()?;
        SystemTime::UNIX_EPOCH.checked_add(Duration::from_millis(milliseconds))
    };
    let revoked = match fields.get("kind")?.as_str() {
        "session" => Revoked::Session(id),
        "user" => Revoked::User { id, issued_until: time("issued_until")? },
        _ => return None,
    };
    Some(Revocation { revoked, until: time("until")? })
}

impl fmt::Debug for RedisStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisStore")
            .field("address", &format_args!("{}", self.server.address()))
            .field("prefix", &self.prefix)
            .field("deadline", &self.server.deadline)
            .finish_non_exhaustive()
    }
}

/// The URL of a [`RedisStore`] is none. It is not shown, since it can have a password in it.
///
/// ```
/// use auth_core::session::RedisStore;
///
/// let error = RedisStore::new("http://:secret@redis.internal").unwrap_err();
/// assert!(error.to_string().starts_with("the URL of the Redis store cannot be used"));
/// assert!(!error.to_string().contains("secret"));
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RedisUrlError {
    /// It is not of the form that is documented.
    #[error(
        "the URL of the Redis store cannot be used: it must be like \
         `rediss://user:password@host:6379/0`, with what is special in user and password \
         percent-encoded"
    )]
    Malformed,
    /// It asks for TLS and for no check of the certificate.
    #[error(
        "the URL of the Redis store ends in `#insecure`, and certificates are always checked: remove \
         it, and name a private authority in `SSL_CERT_FILE`"
    )]
    Insecure,
}
