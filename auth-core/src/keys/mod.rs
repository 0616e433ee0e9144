//! The keys of an issuer, fetched, kept and looked up.
//!
//! Readers look into a snapshot and take no lock; a fetch replaces the snapshot as a whole. When
//! to fetch is decided by the module `schedule`, which knows nothing but times.

mod fetch;
mod flight;
mod key;
mod remote;
mod schedule;
mod set;
mod source;

#[cfg(feature = "http-client")]
pub(crate) use fetch::HttpFetch;
pub use fetch::{Fetch, FetchError, FetchFuture, Fetched};
pub(crate) use key::Key;
pub(crate) use remote::{NoKey, RemoteKeys};
pub(crate) use schedule::{STALE, STALE_MAX};
pub use set::{KeySet, KeySetError};
pub(crate) use source::{Source, is_safe_url};
