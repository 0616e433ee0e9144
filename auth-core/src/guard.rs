//! The proof that a policy has let a request in.

use std::fmt;
use std::time::SystemTime;

use crate::auth::Auth;
use crate::error::{AuthError, Code};
use crate::identity::{Identity, MaybeIdentity};
use crate::policy::{Admin, Asked, Immediate, Notes, RequestView, Rule, Verdict, WaitedFor};

/// Proof that policy `P` allowed this request.
///
/// It is made by asking the policy and in no other way: as an argument of a handler, by
/// [`AuthContext::require`](crate::AuthContext::require), or by
/// [`MaybeIdentity::admin`](crate::MaybeIdentity::admin). So a function that asks for one cannot be
/// reached around the policy:
///
/// ```
/// use auth_core::Guard;
/// use auth_core::policy::Admin;
///
/// struct Posts;
///
/// impl Posts {
///     fn delete(&self, id: u64, proof: &Guard<Admin>) {
///         println!("{} deletes post {id}", proof.identity().subject());
///         println!("and may do so until {:?}", proof.expires_at());
///     }
/// }
/// ```
///
/// ```compile_fail
/// # use auth_core::Guard;
/// # use auth_core::policy::Admin;
/// let forged: Guard<Admin> = Guard { caller: () };
/// ```
///
/// [`Weaken`](crate::policy::Weaken) turns it into the proof of a policy that this one implies.
pub struct Guard<P: Rule> {
    caller: P::Caller,
}

impl<P: Rule> Guard<P> {
    /// For whoever knows that the policy has allowed it.
    pub(crate) fn of(caller: P::Caller) -> Self {
        Self { caller }
    }

    #[cfg(any(feature = "actix", feature = "axum"))]
    pub(crate) fn caller(&self) -> &P::Caller {
        &self.caller
    }

    /// What the policy says, if that can be had without waiting.
    #[cfg(any(feature = "actix", feature = "axum"))]
    pub(crate) fn admit_now(
        caller: P::Caller,
        request: &RequestView<'_>,
        auth: &Auth,
    ) -> Option<Result<Self, AuthError>> {
        let verdict = P::now(&Asked::about(&caller, request, auth))?;
        Some(verdict.into_result().map(|()| Self::of(caller)))
    }

    /// Asks the policy. `state` is called only if the answer has to be waited for.
    pub(crate) async fn admit(
        caller: P::Caller,
        request: &RequestView<'_>,
        auth: &Auth,
        waited_for: &mut WaitedFor,
        state: impl FnOnce() -> Result<P::State, AuthError> + Send,
    ) -> Result<Self, AuthError> {
        let asked = Asked::about(&caller, request, auth);
        if let Some(verdict) = P::now(&asked) {
            verdict.into_result()?;
        } else if !waited_for.allows::<P>(&caller, request) {
            P::later(&asked, &state()?).await.into_result()?;
            waited_for.remember::<P>(&caller, request);
        }
        Ok(Self::of(caller))
    }
}

impl<P: Immediate> Guard<P> {
    /// Asks a policy that never has to be waited for.
    pub(crate) fn admit_at_once(
        caller: P::Caller,
        request: &RequestView<'_>,
        auth: &Auth,
    ) -> Result<Self, AuthError> {
        let verdict = P::now(&Asked::about(&caller, request, auth));
        verdict.map_or_else(|| Err(AuthError::new(Code::PolicyFailed)), Verdict::into_result)?;
        Ok(Self::of(caller))
    }
}

impl<P: Rule<Caller = Identity>> Guard<P> {
    /// Who was let in.
    #[must_use]
    pub fn identity(&self) -> &Identity {
        &self.caller
    }

    /// When the token ends by which the caller was let in. Whatever goes on longer, such as a
    /// stream, should end then.
    #[must_use]
    pub fn expires_at(&self) -> SystemTime {
        self.caller.expires_at()
    }
}

impl MaybeIdentity {
    /// The proof that the caller is an administrator, if so.
    ///
    /// ```
    /// # #[cfg(feature = "macros")] {
    /// use auth_core::{MaybeIdentity, public};
    ///
    /// #[public(reason = "everybody sees posts; administrators see drafts, too")]
    /// async fn posts(caller: MaybeIdentity) -> &'static str {
    ///     match caller.admin() {
    ///         Some(_proof) => "posts and drafts",
    ///         None => "posts",
    ///     }
    /// }
    /// # }
    /// ```
    #[must_use]
    pub fn admin(&self) -> Option<Guard<Admin>> {
        let caller = self.0.as_ref().filter(|caller| caller.is_admin())?;
        Some(Guard::of(caller.clone()))
    }
}

/// The policy and no more: guards stand in arguments, and arguments get logged.
impl<P: Rule> fmt::Debug for Guard<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Guard({})", P::describe(&mut Notes::default()))
    }
}
