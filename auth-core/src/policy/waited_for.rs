//! Answers that have been waited for, so that a second guard of a request does not wait again.

use std::any::TypeId;

use super::request::{RequestCopy, RequestView};
use super::rule::{Caller, Rule};
use crate::identity::Identity;

/// The policies that have allowed a request. It is kept with the request, and requests are changed
/// and copied on their way, so an answer counts only for what the policy has looked at.
#[derive(Clone, Debug, Default)]
pub(crate) struct WaitedFor(Vec<Allowed>);

#[derive(Clone, Debug)]
struct Allowed {
    policy: TypeId,
    caller: Identity,
    request: RequestCopy,
}

impl WaitedFor {
    /// Most requests wait for no policy, and then there is nothing to keep.
    #[cfg(any(feature = "actix", feature = "axum"))]
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn allows<P: Rule>(&self, caller: &P::Caller, request: &RequestView<'_>) -> bool {
        self.0.iter().any(|allowed| {
            allowed.policy == TypeId::of::<P>()
                && caller.identity().is_some_and(|caller| allowed.caller.is_same_as(caller))
                && allowed.request.is(request)
        })
    }

    pub(crate) fn remember<P: Rule>(&mut self, caller: &P::Caller, request: &RequestView<'_>) {
        if let Some(caller) = caller.identity().cloned() {
            let policy = TypeId::of::<P>();
            self.0.push(Allowed { policy, caller, request: request.copy() });
        }
    }
}
