//! Our side, as a service has it.

use std::borrow::Borrow;
use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use auth_core::issuer::WorkOs;
use auth_core::{Auth, AuthBuilder, AuthError, Identity};
use http::HeaderMap;

use crate::workload::{AUDIENCE, StaticKeys};

/// How much memory verified tokens may take by default.
pub(crate) const CACHE: usize = 32 * 1024 * 1024;

/// Verifies every token again.
pub(crate) const NO_CACHE: usize = 0;

/// Accepts the tokens of [`AUDIENCE`], a WorkOS client: two issuers, one key set.
pub(crate) fn workos(cache_bytes: usize, key_set: &str) -> AuthBuilder {
    builder(cache_bytes, key_set).workos(WorkOs::client(AUDIENCE))
}

/// The keys are there at once.
pub(crate) fn builder(cache_bytes: usize, key_set: &str) -> AuthBuilder {
    over_http(cache_bytes).fetch(StaticKeys(key_set.to_owned()))
}

/// The keys are fetched from where they are.
pub(crate) fn over_http(cache_bytes: usize) -> AuthBuilder {
    Auth::builder().token_cache(cache_bytes)
}

/// Builds it and waits for the keys.
///
/// # Errors
/// If the configuration cannot be meant, or the keys cannot be read.
pub(crate) fn ready(builder: AuthBuilder) -> anyhow::Result<Auth> {
    let auth = builder.build()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(auth.ready())?;
    Ok(auth)
}

/// Whether somebody is let in who sends these headers.
pub(crate) fn accepts(auth: &Auth, headers: &HeaderMap) -> bool {
    matches!(at_once(auth.authenticate(headers)), Some(Ok(Some(_))))
}

/// A call that authenticates each of these requests in turn.
pub(crate) fn in_turn<'a>(
    auth: impl Borrow<Auth> + 'a,
    requests: &'a [HeaderMap],
) -> impl FnMut() -> Option<Option<Result<Option<Identity>, AuthError>>> + 'a {
    let mut next = requests.iter().cycle();
    move || next.next().map(|headers| at_once(auth.borrow().authenticate(headers)))
}

/// What comes of a future that has nothing to wait for.
pub(crate) fn at_once<F: Future>(future: F) -> Option<F::Output> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => Some(output),
        Poll::Pending => None,
    }
}
