//! The proof that a policy has let a request in.

use std::fmt;

use crate::error::AuthError;
use crate::identity::{Identity, MaybeIdentity};
use crate::policy::{Admin, Policy};

/// Proof that policy `P` allowed this request.
///
/// It is made by extraction from a request and in no other way, so a function that asks for one
/// cannot be reached around the policy:
///
/// ```
/// use auth_core::Guard;
/// use auth_core::policy::Admin;
///
/// struct Posts;
///
/// impl Posts {
///     fn delete(&self, id: u64, _proof: &Guard<Admin>) { /* ... */ }
/// }
/// ```
///
/// ```compile_fail
/// # use auth_core::Guard;
/// # use auth_core::policy::Admin;
/// let forged: Guard<Admin> = Guard { caller: () };
/// ```
pub struct Guard<P: Policy> {
    caller: P::Caller,
}

impl<P: Policy> Guard<P> {
    pub(crate) fn admit(caller: P::Caller) -> Result<Self, AuthError> {
        P::check(&caller)?;
        Ok(Self { caller })
    }
}

impl<P: Policy<Caller = Identity>> Guard<P> {
    /// Who was let in.
    #[must_use]
    pub fn identity(&self) -> &Identity {
        &self.caller
    }
}

impl MaybeIdentity {
    /// The proof that the caller is an administrator, if so.
    #[must_use]
    pub fn admin(&self) -> Option<Guard<Admin>> {
        Guard::admit(self.0.clone()?).ok()
    }
}

/// The policy and no more: guards stand in arguments, and arguments get logged.
impl<P: Policy> fmt::Debug for Guard<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Guard({})", P::access().policy)
    }
}
