//! Policies of a service's own.

use std::error::Error;

use super::answer::{Answer, Verdict};
use super::describe::{Expression, Notes};
use super::request::RequestView;
use super::rule::{Asked, Immediate, Named, Negatable, NoState, Rule, sealed};
use super::step_up::StepUp;
use crate::error::{AuthError, Code};
use crate::identity::Identity;
use crate::one_line::with_causes;

/// A policy that a service writes itself: it may be asynchronous, use the state of the application,
/// and look at the request.
///
/// ```
/// use auth_core::policy::{Decision, Policy, PolicyError, RequestView};
/// use auth_core::Identity;
///
/// # #[derive(Clone)] struct Db;
/// # impl Db { async fn owner_of(&self, _id: u64) -> Result<Option<String>, std::io::Error> { Ok(None) } }
/// /// The caller's own account. Of other people's accounts nobody learns that they exist.
/// struct OwnsAccount;
///
/// impl Policy for OwnsAccount {
///     type State = Db;
///     const PATH_PARAMETERS: &'static [&'static str] = &["account_id"];
///
///     async fn check(
///         request: &RequestView<'_>,
///         caller: &Identity,
///         db: &Db,
///     ) -> Result<Decision, PolicyError> {
///         let Some(Ok(id)) = request.path_parameter("account_id").map(str::parse) else {
///             return Ok(Decision::NotFound);
///         };
///         Ok(match db.owner_of(id).await? {
///             Some(owner) if owner == caller.token_identifier() => Decision::Allow,
///             _ => Decision::NotFound,
///         })
///     }
/// }
/// ```
///
/// It is then a leaf like any other: `#[require(OwnsAccount || role("support"))]`.
///
/// A policy that depends on the caller alone is a [`Predicate`], which is shorter and can be negated.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an authorization policy",
    label = "no `Policy`",
    note = "implement `auth_core::policy::Predicate` for it if it depends on the caller alone, or \
            else `auth_core::policy::Policy`"
)]
pub trait Policy: Send + Sync + 'static {
    /// What it needs of the application; [`NoState`] if nothing. On axum it is taken from the
    /// router's state by `FromRef`, on actix from `app_data`.
    type State: Send + Sync;

    /// The path parameters that it reads. A route that lacks one of them is a mistake that
    /// `finish()` of the router tells.
    const PATH_PARAMETERS: &'static [&'static str] = &[];

    /// Whether the caller may.
    ///
    /// # Errors
    /// If no answer can be had. The request is refused with 500, or 503 for
    /// [`PolicyError::unavailable`].
    fn check(
        request: &RequestView<'_>,
        caller: &Identity,
        state: &Self::State,
    ) -> impl Future<Output = Result<Decision, PolicyError>> + Send;

    /// `false` for a [`Predicate`].
    #[doc(hidden)]
    const __LOOKS_AT_REQUEST: bool = true;

    /// The answer of a [`Predicate`].
    #[doc(hidden)]
    fn __immediately(_caller: &Identity) -> Option<bool> {
        None
    }
}

/// A policy of a service's own that depends on the caller alone.
///
/// ```
/// use auth_core::policy::Predicate;
/// use auth_core::Identity;
///
/// struct Suspended;
///
/// impl Predicate for Suspended {
///     fn holds(caller: &Identity) -> bool {
///         // A claim of another type counts as a suspension, since nobody knows what it means.
///         caller.claim("suspended").map_or(true, |claim| claim.unwrap_or(false))
///     }
/// }
/// ```
///
/// `#[require(!Suspended)]` then lets in everybody who is signed in and not suspended.
pub trait Predicate: Send + Sync + 'static {
    /// Whether it holds for the caller. It may be asked several times for a request.
    fn holds(caller: &Identity) -> bool;
}

#[diagnostic::do_not_recommend]
impl<P: Predicate> Policy for P {
    type State = NoState;
    const __LOOKS_AT_REQUEST: bool = false;

    async fn check(
        _request: &RequestView<'_>,
        caller: &Identity,
        _state: &NoState,
    ) -> Result<Decision, PolicyError> {
        Ok(if P::holds(caller) { Decision::Allow } else { Decision::Deny })
    }

    fn __immediately(caller: &Identity) -> Option<bool> {
        Some(P::holds(caller))
    }
}

/// What a [`Policy`] decides. There are no other decisions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// The caller may.
    Allow,
    /// The caller may not: 403.
    Deny,
    /// The caller shall not even learn that there is something: 404.
    NotFound,
    /// The caller may after signing in again, or more strongly: 401 with a challenge (RFC 9470).
    StepUp(StepUp),
}

/// Why a [`Policy`] has no answer. Made of any error by `?`.
///
/// ```
/// use auth_core::policy::PolicyError;
///
/// # struct Row; struct Database;
/// # impl Database {
/// #     async fn row(&self) -> Result<Option<Row>, std::io::Error> { Ok(None) }
/// # }
/// async fn account(database: &Database) -> Result<Row, PolicyError> {
///     // A database that is away comes back: 503.
///     let row = database.row().await.map_err(PolicyError::unavailable)?;
///     // This does not: 500.
///     row.ok_or_else(|| PolicyError::new("the account has no row"))
/// }
/// ```
#[derive(Debug)]
pub struct PolicyError {
    cause: Box<dyn Error + Send + Sync>,
    unavailable: bool,
}

impl PolicyError {
    /// Something is wrong: 500. The cause goes to the log.
    pub fn new(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { cause: cause.into(), unavailable: false }
    }

    /// Something that is needed is not to be had at the moment: 503, so that clients try again.
    pub fn unavailable(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { cause: cause.into(), unavailable: true }
    }

    fn into_error(self, policy: &str) -> AuthError {
        let why = format!("the policy {policy} has no answer: {}", with_causes(&*self.cause));
        let code = if self.unavailable { Code::PolicyUnavailable } else { Code::PolicyFailed };
        AuthError::new(code).because(why)
    }
}

impl<E: Error + Send + Sync + 'static> From<E> for PolicyError {
    fn from(cause: E) -> Self {
        Self::new(cause)
    }
}

/// A policy of a service's own as a leaf of an expression.
#[doc(hidden)]
#[derive(Debug)]
pub struct Own<P>(std::marker::PhantomData<P>);

#[diagnostic::do_not_recommend]
impl<P: Policy> Named for P {
    type Rule = Own<P>;
}

impl<P: Policy> sealed::Rule for Own<P> {}

impl<P: Policy> Rule for Own<P> {
    type Caller = Identity;
    type State = P::State;
    const LOOKS_AT_REQUEST: bool = P::__LOOKS_AT_REQUEST;

    fn now(asked: &Asked<'_, Identity>) -> Option<Verdict> {
        let holds = P::__immediately(asked.caller)?;
        Some(if holds { Verdict::ALLOW } else { denied::<P>() })
    }

    async fn later(asked: &Asked<'_, Identity>, state: &P::State) -> Verdict {
        if let Some(verdict) = Self::now(asked) {
            return verdict;
        }
        match P::check(asked.request, asked.caller, state).await {
            Ok(Decision::Allow) => Verdict::ALLOW,
            Ok(Decision::Deny) => denied::<P>(),
            Ok(Decision::NotFound) => Verdict::refuse(
                Answer::NotFound,
                AuthError::new(Code::NotFound).because(format!("{} hides it", name::<P>())),
            ),
            Ok(Decision::StepUp(how)) => how.verdict(format!("{} asks for it", name::<P>())),
            Err(error) => Verdict::failed(error.into_error(&name::<P>())),
        }
    }

    fn describe(notes: &mut Notes) -> Expression {
        notes.parameters.extend(P::PATH_PARAMETERS);
        Expression::Leaf(name::<P>())
    }
}

impl<P: Predicate> Immediate for Own<P> {}
impl<P: Predicate> Negatable for Own<P> {}

fn denied<P>() -> Verdict {
    Verdict::deny(format!("{} does not hold", name::<P>()))
}

/// The type as its author calls it, without the modules that it is in.
pub(super) fn name<P: ?Sized>() -> String {
    let path = std::any::type_name::<P>();
    let mut name = String::with_capacity(path.len());
    for part in path.split_inclusive(['<', '>', ',', ' ', '(', ')', '&', '[', ']', ';']) {
        name.push_str(part.rsplit("::").next().unwrap_or(part));
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_tells_all_its_causes_on_one_line() {
        #[derive(Debug, thiserror::Error)]
        #[error("no answer")]
        struct Outer(#[source] std::io::Error);
        let cause = || Outer(std::io::Error::other("reset\nby peer"));
        for (error, code) in [
            (PolicyError::from(cause()), Code::PolicyFailed),
            (PolicyError::unavailable(cause()), Code::PolicyUnavailable),
        ] {
            let error = error.into_error("Owns");
            assert_eq!(error.code(), code);
            let expected = "the policy Owns has no answer: no answer: reset\\nby peer";
            assert_eq!(error.detail(), Some(expected));
        }
    }

    #[test]
    fn a_name_is_without_modules() {
        struct Owns<T>(std::marker::PhantomData<T>);
        assert_eq!(name::<Owns<String>>(), "Owns<String>");
        assert_eq!(name::<Owns<(u8, Vec<String>)>>(), "Owns<(u8, Vec<String>)>");
        assert_eq!(name::<str>(), "str");
    }
}
