//! What a guard can ask for, and how it is evaluated.

use super::answer::Verdict;
use super::describe::{Expression, Notes};
use super::request::RequestView;
use super::text;
use crate::auth::Auth;
use crate::identity::Identity;

/// What a [`Guard`](crate::Guard) can ask for: a [`Policy`](super::Policy), an expression of several,
/// a named one, or [`Public`](super::Public).
///
/// Nobody implements it by hand. A policy of a service's own implements [`Policy`](super::Policy) or
/// [`Predicate`](super::Predicate); [`policy!`](crate::policy!) gives an expression a name.
///
/// ```
/// use auth_core::Guard;
/// use auth_core::policy::Rule;
///
/// /// For functions that have nothing to do with who may.
/// fn show<P: Rule>(proof: &Guard<P>) -> String {
///     format!("let in by {proof:?}")
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an authorization policy",
    label = "no policy",
    note = "implement `auth_core::policy::Predicate` for it if it depends on the caller alone, or \
            else `auth_core::policy::Policy`",
    note = "an expression is one if all of its parts are"
)]
pub trait Rule: sealed::Rule + Send + Sync + 'static {
    /// What a handler knows of its caller: an [`Identity`], or [`Anyone`].
    type Caller: Caller;

    /// What the policies in it need of the application.
    type State: Send + Sync;

    /// Whether it may look at the request, and not at the caller alone.
    #[doc(hidden)]
    const LOOKS_AT_REQUEST: bool;

    /// The answer, if it can be had without waiting.
    #[doc(hidden)]
    fn now(asked: &Asked<'_, Self::Caller>) -> Option<Verdict>;

    /// The answer, where it cannot.
    #[doc(hidden)]
    fn later(
        asked: &Asked<'_, Self::Caller>,
        state: &Self::State,
    ) -> impl Future<Output = Verdict> + Send;

    /// How it reads.
    #[doc(hidden)]
    fn describe(notes: &mut Notes) -> Expression;
}

/// A rule whose answer never has to be waited for.
///
/// ```
/// use auth_core::policy::{Immediate, Rule};
/// use auth_core::{AuthContext, AuthError, Guard, Identity, Verification};
///
/// fn proof<P>(caller: &Verification) -> Result<Guard<P>, AuthError>
/// where
///     P: Immediate + Rule<Caller = Identity>,
/// {
///     caller.require()
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` may have to be waited for, and this function cannot wait",
    label = "asynchronous policy",
    note = "make the function `async`; where `#[async_trait]` has made it synchronous, call an `async` \
            function that has the guard; on actix, register the handler with `.route(..)` of the \
            guarded router instead of `#[get]` and its siblings"
)]
pub trait Immediate: Rule {}

/// A rule that answers allow or deny and nothing else, so that its opposite means something.
///
/// ```
/// use auth_core::Guard;
/// use auth_core::policy::{Negatable, Not};
///
/// fn only_others<P: Negatable>(_proof: &Guard<Not<P>>) {}
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be negated",
    label = "no `!` before this",
    note = "`!` takes policies that answer allow or deny and nothing else: the built-in ones but \
            `fresh(..)`, and your own that are a `Predicate`"
)]
pub trait Negatable: Rule<Caller = Identity> {}

/// By which an expression names each policy of the service's own. It is the type itself; where that
/// does not fit, the compiler says so at the name, and nothing that follows from it.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an authorization policy",
    label = "no policy",
    note = "implement `auth_core::policy::Predicate` for it if it depends on the caller alone, or \
            else `auth_core::policy::Policy`"
)]
pub trait IsPolicy {
    type Itself: Rule;
}

#[diagnostic::do_not_recommend]
impl<P: Rule> IsPolicy for P {
    type Itself = P;
}

/// The same, under `!`.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be negated",
    label = "no `!` before this",
    note = "`!` takes policies that answer allow or deny and nothing else: the built-in ones but \
            `fresh(..)`, your own that are a `Predicate`, and names for expressions of those"
)]
pub trait IsNegatable {
    type Itself: Negatable;
}

#[diagnostic::do_not_recommend]
impl<P: Negatable> IsNegatable for P {
    type Itself = P;
}

/// A policy that has a name of its own.
#[doc(hidden)]
pub trait Named: Send + Sync + 'static {
    /// What it stands for.
    type Rule: Rule<Caller = Identity>;

    /// The name, if the rule does not have it.
    const NAME: Option<&'static str> = None;
}

const fn is_name(name: Option<&str>) -> bool {
    match name {
        Some(name) => text::is_one_line(name),
        None => true,
    }
}

impl<P: Named> sealed::Rule for P {}

#[diagnostic::do_not_recommend]
impl<P: Named> Rule for P {
    type Caller = Identity;
    type State = <P::Rule as Rule>::State;
    const LOOKS_AT_REQUEST: bool = P::Rule::LOOKS_AT_REQUEST;

    fn now(asked: &Asked<'_, Identity>) -> Option<Verdict> {
        P::Rule::now(asked)
    }

    fn later(
        asked: &Asked<'_, Identity>,
        state: &Self::State,
    ) -> impl Future<Output = Verdict> + Send {
        P::Rule::later(asked, state)
    }

    fn describe(notes: &mut Notes) -> Expression {
        let expression = P::Rule::describe(notes);
        match P::NAME {
            None => expression,
            Some(name) => {
                const { assert!(is_name(P::NAME), "the name of a policy is one line of text") };
                notes.definitions.insert((name.to_owned(), expression.to_string()));
                Expression::Leaf(name.to_owned())
            }
        }
    }
}

#[diagnostic::do_not_recommend]
impl<P: Named<Rule: Immediate>> Immediate for P {}

#[diagnostic::do_not_recommend]
impl<P: Named<Rule: Negatable>> Negatable for P {}

/// What a rule is asked.
#[doc(hidden)]
#[derive(Debug)]
pub struct Asked<'a, C> {
    pub(crate) caller: &'a C,
    pub(crate) request: &'a RequestView<'a>,
    /// Knows the time.
    pub(crate) auth: &'a Auth,
}

impl<'a, C> Asked<'a, C> {
    pub(crate) fn about(caller: &'a C, request: &'a RequestView<'a>, auth: &'a Auth) -> Self {
        Self { caller, request, auth }
    }
}

/// What a rule can be asked about.
///
/// ```
/// use auth_core::Guard;
/// use auth_core::policy::{Anyone, Caller, Rule};
///
/// /// The proof of a public route. Nobody has looked who calls, so it has no `identity()`.
/// fn count_visit<P: Rule<Caller = Anyone>>(_proof: &Guard<P>) {}
///
/// fn is_a_caller<C: Caller>() {}
/// is_a_caller::<auth_core::Identity>();
/// is_a_caller::<Anyone>();
/// ```
pub trait Caller: sealed::Caller + Send + Sync + Sized + 'static {
    /// The caller of a request, where `authenticate` finds out who it is. A caller that may be
    /// anyone is not looked at.
    #[doc(hidden)]
    fn establish<E>(authenticate: impl FnOnce() -> Result<Identity, E>) -> Result<Self, E>;

    #[doc(hidden)]
    fn identity(&self) -> Option<&Identity>;
}

/// A [`Caller`] whom nobody has looked at. There is one way to have it: a public route.
#[derive(Clone, Debug)]
pub struct Anyone(pub(super) ());

impl Caller for Identity {
    fn establish<E>(authenticate: impl FnOnce() -> Result<Identity, E>) -> Result<Self, E> {
        authenticate()
    }

    fn identity(&self) -> Option<&Identity> {
        Some(self)
    }
}

impl Caller for Anyone {
    fn establish<E>(_: impl FnOnce() -> Result<Identity, E>) -> Result<Self, E> {
        Ok(Self(()))
    }

    fn identity(&self) -> Option<&Identity> {
        None
    }
}

/// The state of a policy that needs none.
///
/// ```
/// use auth_core::Identity;
/// use auth_core::policy::{Decision, NoState, Policy, PolicyError, RequestView};
///
/// struct FromTheOffice;
///
/// impl Policy for FromTheOffice {
///     type State = NoState;
///
///     async fn check(
///         request: &RequestView<'_>,
///         _caller: &Identity,
///         _state: &NoState,
///     ) -> Result<Decision, PolicyError> {
///         let is_office = request.header("x-network") == Some("office");
///         Ok(if is_office { Decision::Allow } else { Decision::Deny })
///     }
/// }
/// ```
#[derive(Debug)]
pub struct NoState;

/// The states of the parts of an expression.
#[doc(hidden)]
#[derive(Debug)]
pub struct States<T>(pub(crate) T);

pub(super) mod sealed {
    use super::{Anyone, Identity};

    /// Nobody else can say what a guard proves.
    pub trait Rule {}

    pub trait Caller {}
    impl Caller for Identity {}
    impl Caller for Anyone {}
}
