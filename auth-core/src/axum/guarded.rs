//! The handler as the router runs it: guard first, whatever the handler's own code says.

use std::future;
use std::pin::Pin;

use ::axum::extract::Request;
use ::axum::handler::Handler;
use ::axum::response::{IntoResponse, Response};
use futures_util::future::Either;

use super::extract;
use super::guard_first::GuardFirst;
use super::state::{HasAuth, HasState};
use crate::policy::{Rule, WaitedFor};

/// Runs the handler's guard before the handler. A service can implement axum's `Handler` for types
/// of its own, and layers around a handler can answer by themselves; neither gets past this.
#[derive(Clone)]
pub(super) struct Guarded<H>(pub(super) H);

/// Tells this implementation of `Handler` from the handler's own.
pub(super) enum GuardedArguments {}

impl<H, T, S> Handler<(GuardedArguments, T), S> for Guarded<H>
where
    H: Handler<T, S> + GuardFirst<T>,
    T: 'static,
    S: HasAuth + HasState<<H::Policy as Rule>::State> + Send + Sync + 'static,
{
    type Future = Either<H::Future, Pin<Box<dyn Future<Output = Response> + Send>>>;

    /// Who need not wait is let through without an allocation.
    fn call(self, request: Request, state: S) -> Self::Future {
        let (mut parts, body) = request.into_parts();
        // What another router has waited for, with another state, does not count here.
        parts.extensions.remove::<WaitedFor>();
        match extract::guard_now::<S, H::Policy>(&mut parts, &state) {
            Some(Ok(_)) => Either::Left(self.0.call(Request::from_parts(parts, body), state)),
            Some(Err(refusal)) => Either::Right(Box::pin(future::ready(refusal.into_response()))),
            None => Either::Right(Box::pin(async move {
                match extract::guard::<S, H::Policy>(&mut parts, &state).await {
                    Ok(_) => self.0.call(Request::from_parts(parts, body), state).await,
                    Err(refusal) => refusal.into_response(),
                }
            })),
        }
    }
}
