//! Many tokens, signed on all cores.

use std::thread;

use anyhow::{Context, anyhow};
use http::HeaderMap;

use super::{SigningKey, bearer, claims};

/// The headers of `count` requests of different callers.
///
/// # Errors
/// If the key does not sign.
pub(crate) fn many(key: &SigningKey, issuer: &str, count: usize) -> anyhow::Result<Vec<HeaderMap>> {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let sign = |caller: usize| bearer(&key.sign(&claims(issuer, &format!("user_{caller:026}")))?);
    thread::scope(|scope| {
        let parts: Vec<_> = (0..threads)
            .map(|first| {
                scope.spawn(move || (first..count).step_by(threads).map(sign).collect::<Vec<_>>())
            })
            .collect();
        let parts = parts.into_iter().map(|part| part.join().map_err(|_| anyhow!("a panic")));
        let headers = parts.collect::<anyhow::Result<Vec<_>>>()?.into_iter().flatten();
        headers.collect::<anyhow::Result<Vec<_>>>().context("signing tokens")
    })
}
