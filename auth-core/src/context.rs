//! Guards of functions that are no web handlers: RPC methods, resolvers, jobs.

use std::future::{self, Future};
use std::pin::Pin;

use http::{Extensions, Request};

use crate::auth::Auth;
use crate::decision;
use crate::error::{AuthError, Code};
use crate::guard::Guard;
use crate::identity::Identity;
use crate::policy::{Immediate, NoState, RequestView, Rule, States, WaitedFor};

/// What is known of the caller of a function: the context that `#[authenticated(via = ctx)]` and its
/// siblings ask.
///
/// It is implemented for a [`Verification`], for what carries one (`http::Request`, its
/// `Extensions`, with the feature `tonic` a `tonic::Request`), and by a service for its own context:
///
/// ```
/// # #[cfg(feature = "macros")] {
/// use auth_core::policy::Admin;
/// use auth_core::{AuthContext, AuthError, Verification, require_admin};
///
/// struct Context {
///     verification: Verification,
/// }
///
/// impl AuthContext for Context {
///     fn verification(&self) -> Option<&Verification> {
///         Some(&self.verification)
///     }
/// }
///
/// #[require_admin(via = ctx)]
/// fn delete_everything(ctx: &Context) -> Result<(), AuthError> {
///     Ok(())
/// }
///
/// // The same, with the proof in hand:
/// fn delete_post(ctx: &Context, id: u64) -> Result<(), AuthError> {
///     let admin = ctx.require::<Admin>()?;
///     println!("{} deletes post {id}", admin.identity().subject());
///     Ok(())
/// }
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not know who calls",
    label = "no `AuthContext`",
    note = "`via` names an argument, or `self`, that implements `auth_core::AuthContext`"
)]
pub trait AuthContext {
    /// What has been found out about the caller; `None` if nobody has looked, which refuses the call
    /// with `guard_missing`.
    fn verification(&self) -> Option<&Verification>;

    /// What policies may see beyond the caller: nothing, unless a context says more.
    ///
    /// ```
    /// use auth_core::policy::RequestView;
    /// use auth_core::{AuthContext, Verification};
    ///
    /// struct Call {
    ///     verification: Verification,
    ///     headers: http::HeaderMap,
    /// }
    ///
    /// impl AuthContext for Call {
    ///     fn verification(&self) -> Option<&Verification> {
    ///         Some(&self.verification)
    ///     }
    ///
    ///     fn request(&self) -> RequestView<'_> {
    ///         RequestView::new(&http::Method::POST, &self.headers)
    ///     }
    /// }
    /// ```
    fn request(&self) -> RequestView<'_> {
        RequestView::NONE
    }

    /// The proof that the caller satisfies a policy that need not be waited for.
    ///
    /// # Errors
    /// The refusal.
    fn require<P>(&self) -> Result<Guard<P>, AuthError>
    where
        P: Immediate + Rule<Caller = Identity>,
    {
        require(self, A_FUNCTION)
    }

    /// The proof that the caller satisfies a policy that may have to be waited for, such as one that
    /// asks a database; [`Supplies`] has an example.
    ///
    /// # Errors
    /// The refusal.
    fn require_waiting<P>(&self) -> impl Future<Output = Result<Guard<P>, AuthError>> + Send
    where
        P: Rule<Caller = Identity>,
        Self: Supplies<P::State>,
    {
        require_waiting(self, A_FUNCTION)
    }
}

/// How the attributes ask a context, by names that it has not given to functions of its own: those
/// would be called instead. They say which function asks: its module, `::` and its name.
#[doc(hidden)]
pub trait Ask: AuthContext {
    fn __require<P>(&self, function: &'static str) -> Result<Guard<P>, AuthError>
    where
        P: Immediate + Rule<Caller = Identity>,
    {
        require(self, function)
    }

    fn __require_waiting<P>(
        &self,
        function: &'static str,
    ) -> impl Future<Output = Result<Guard<P>, AuthError>> + Send
    where
        P: Rule<Caller = Identity>,
        Self: Supplies<P::State>,
    {
        require_waiting(self, function)
    }
}

#[diagnostic::do_not_recommend]
impl<C: AuthContext + ?Sized> Ask for C {}

/// What is asked for by whoever does not say which function they are.
const A_FUNCTION: &str = "a guarded function";

fn require<P, C>(context: &C, function: &'static str) -> Result<Guard<P>, AuthError>
where
    P: Immediate + Rule<Caller = Identity>,
    C: AuthContext + ?Sized,
{
    let (caller, auth) = caller::<P>(context.verification(), function)?;
    let guard = Guard::admit_at_once(caller.clone(), &context.request(), auth);
    tell(guard, auth, &caller, function)
}

fn require_waiting<P, C>(
    context: &C,
    function: &'static str,
) -> impl Future<Output = Result<Guard<P>, AuthError>> + Send
where
    P: Rule<Caller = Identity>,
    C: AuthContext + Supplies<P::State> + ?Sized,
{
    // Nothing of the context is kept while waiting, so it need not be `Sync`.
    let known = caller::<P>(context.verification(), function);
    let known = known.map(|known| (known, context.request(), context.supply()));
    async move {
        let ((caller, auth), request, state) = known?;
        let waited_for = &mut WaitedFor::default();
        let asked = Guard::admit(caller.clone(), &request, auth, waited_for, || Ok(state));
        tell(asked.await, auth, &caller, function)
    }
}

fn caller<'a, P: Rule>(
    verification: Option<&'a Verification>,
    function: &'static str,
) -> Result<(Identity, &'a Auth), AuthError> {
    let function = path_in_crate(function);
    let Some(Verification { auth, identity }) = verification else {
        let error = AuthError::new(Code::GuardMissing).because(
            "nobody has looked who calls; put `auth_core::tower::AuthLayer` around the service",
        );
        return Err(decision::refused_by::<P>(None, None, error, &function));
    };
    let refuse = |error| decision::refused_by::<P>(Some(auth), None, error, &function);
    let identity = identity.clone().map_err(refuse)?;
    let identity = identity.ok_or_else(|| refuse(AuthError::new(Code::NoCredentials)))?;
    // A context can be kept for longer than a request takes.
    if identity.now() >= identity.expires_at() + auth.leeway() {
        return Err(refuse(AuthError::new(Code::TokenExpired)));
    }
    Ok((identity, auth))
}

fn tell<P: Rule>(
    decided: Result<Guard<P>, AuthError>,
    auth: &Auth,
    caller: &Identity,
    function: &'static str,
) -> Result<Guard<P>, AuthError> {
    let function = path_in_crate(function);
    let told = decided.and_then(|guard| {
        decision::allowed::<P>(auth, Some(caller), &function)?;
        Ok(guard)
    });
    told.map_err(|error| decision::refused_by::<P>(Some(auth), Some(caller), error, &function))
}

/// As the access table names handlers.
fn path_in_crate(path: &'static str) -> &'static str {
    path.split_once("::").map_or(path, |(_crate, path)| path)
}

/// A context that has the state of a policy; implement it for each state that policies of your own
/// ask for.
///
/// ```
/// # #[cfg(feature = "macros")] {
/// use auth_core::policy::{Decision, Policy, PolicyError, RequestView};
/// use auth_core::{AuthContext, AuthError, Identity, Supplies, Verification, require};
///
/// #[derive(Clone)]
/// struct Database;
///
/// struct OwnsAccount;
///
/// impl Policy for OwnsAccount {
///     type State = Database;
///
///     async fn check(
///         _request: &RequestView<'_>,
///         _caller: &Identity,
///         _database: &Database,
///     ) -> Result<Decision, PolicyError> {
///         Ok(Decision::Deny)
///     }
/// }
///
/// struct Context {
///     verification: Verification,
///     database: Database,
/// }
///
/// impl AuthContext for Context {
///     fn verification(&self) -> Option<&Verification> {
///         Some(&self.verification)
///     }
/// }
///
/// impl Supplies<Database> for Context {
///     fn supply(&self) -> Database {
///         self.database.clone()
///     }
/// }
///
/// #[require(OwnsAccount, via = ctx)]
/// async fn close_account(ctx: &Context) -> Result<(), AuthError> {
///     // The same, with the proof in hand.
///     let owner = ctx.require_waiting::<OwnsAccount>().await?;
///     println!("{} closes it", owner.identity().subject());
///     Ok(())
/// }
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot give the state `{T}` that the policy asks for",
    label = "no `Supplies<{T}>`",
    note = "implement `auth_core::Supplies<{T}>` for `{Self}`"
)]
pub trait Supplies<T> {
    /// The state.
    fn supply(&self) -> T;
}

impl<C: ?Sized> Supplies<NoState> for C {
    fn supply(&self) -> NoState {
        NoState
    }
}

macro_rules! states {
    ($($part:ident),+) => {
        impl<C: ?Sized $(+ Supplies<$part>)+, $($part),+> Supplies<States<($($part,)+)>> for C {
            fn supply(&self) -> States<($($part,)+)> {
                States(($(Supplies::<$part>::supply(self),)+))
            }
        }
    };
}

states!(T1);
states!(T1, T2);
states!(T1, T2, T3);
states!(T1, T2, T3, T4);
states!(T1, T2, T3, T4, T5);
states!(T1, T2, T3, T4, T5, T6);
states!(T1, T2, T3, T4, T5, T6, T7);
states!(T1, T2, T3, T4, T5, T6, T7, T8);

/// Who calls, as [`Auth`] has found out once for a request. It counts until the token expires.
///
/// ```
/// # #[cfg(feature = "macros")] {
/// use auth_core::policy::Admin;
/// use auth_core::{Auth, AuthContext, AuthError, Verification};
///
/// /// A message of a queue, which bears the token of whoever has sent it.
/// async fn handle(auth: &Auth, headers: &http::HeaderMap) -> Result<(), AuthError> {
///     let caller: Verification = auth.verification(headers).await;
///     let admin = caller.require::<Admin>()?;
///     println!("sent by {}", admin.identity().subject());
///     Ok(())
/// }
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Verification {
    auth: Auth,
    identity: Result<Option<Identity>, AuthError>,
}

impl Auth {
    /// Finds out who sends a request with these headers, and keeps it for guards of functions: see
    /// [`Verification`].
    pub async fn verification(&self, headers: &http::HeaderMap) -> Verification {
        Verification { auth: self.clone(), identity: self.authenticate(headers).await }
    }
}

impl AuthContext for Verification {
    fn verification(&self) -> Option<&Verification> {
        Some(self)
    }
}

impl AuthContext for Extensions {
    fn verification(&self) -> Option<&Verification> {
        self.get()
    }
}

impl<B> AuthContext for Request<B> {
    fn verification(&self) -> Option<&Verification> {
        self.extensions().get()
    }

    fn request(&self) -> RequestView<'_> {
        RequestView::new(self.method(), self.headers())
    }
}

/// What a guarded function returns when it is refused.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "a function that returns `{Self}` cannot be refused",
    label = "no place for an `AuthError`",
    note = "return a `Result` whose error implements `From<auth_core::AuthError>`"
)]
pub trait Refused {
    fn refused(error: AuthError) -> Self;
}

impl<T, E: From<AuthError>> Refused for Result<T, E> {
    fn refused(error: AuthError) -> Self {
        Err(error.into())
    }
}

/// What an asynchronous function of a trait becomes by `#[async_trait]` and its siblings.
impl<'a, R: Refused + Send + 'a> Refused for Pin<Box<dyn Future<Output = R> + Send + 'a>> {
    fn refused(error: AuthError) -> Self {
        Box::pin(future::ready(R::refused(error)))
    }
}

/// The same for `#[async_trait(?Send)]`.
impl<'a, R: Refused + 'a> Refused for Pin<Box<dyn Future<Output = R> + 'a>> {
    fn refused(error: AuthError) -> Self {
        Box::pin(future::ready(R::refused(error)))
    }
}
