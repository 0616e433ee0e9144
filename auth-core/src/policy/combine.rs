//! Policies joined by `&&`, `||` and `!`, as types.

use std::marker::PhantomData;

use super::answer::{Operator, Verdict};
use super::describe::{Expression, Notes};
use super::rule::{Asked, Immediate, Negatable, Rule, States, sealed};
use crate::identity::Identity;

/// All of several policies, in a tuple: `All<(Admin, Owns<Account>)>` is `Admin && Owns<Account>`.
///
/// Failed prevails, then deny, not found, step-up, and allow last. Parts that need not be waited for
/// are asked first, and none is asked after a deny.
///
/// ```
/// use auth_core::Guard;
/// use auth_core::policy::{Admin, All, Fresh};
///
/// // `#[require(admin && fresh(300))]`
/// async fn delete_everything(_: Guard<All<(Admin, Fresh<300>)>>) {}
/// ```
#[derive(Debug)]
pub struct All<T>(PhantomData<T>);

/// Any of several policies, in a tuple: `Any<(Admin, Owns<Account>)>` is `Admin || Owns<Account>`.
///
/// Allow prevails, then failed, step-up, not found, and deny last. Parts that need not be waited for
/// are asked first, and none is asked after an allow.
///
/// ```
/// use auth_core::Guard;
/// use auth_core::policy::{Admin, Any, Impersonated};
///
/// // `#[require(admin || impersonated)]`
/// async fn diagnostics(_: Guard<Any<(Admin, Impersonated)>>) {}
/// ```
#[derive(Debug)]
pub struct Any<T>(PhantomData<T>);

/// The opposite of a policy, for callers who are signed in. Nothing makes an anonymous caller
/// satisfy it.
///
/// ```
/// use auth_core::Guard;
/// use auth_core::policy::{Impersonated, Not};
///
/// // `#[require(!impersonated)]`
/// async fn change_password(_: Guard<Not<Impersonated>>) {}
/// ```
#[derive(Debug)]
pub struct Not<P>(PhantomData<P>);

impl<P: Negatable> sealed::Rule for Not<P> {}

impl<P: Negatable> Rule for Not<P> {
    type Caller = Identity;
    type State = P::State;
    const LOOKS_AT_REQUEST: bool = P::LOOKS_AT_REQUEST;

    fn now(asked: &Asked<'_, Identity>) -> Option<Verdict> {
        P::now(asked).map(negated::<P>)
    }

    async fn later(asked: &Asked<'_, Identity>, state: &P::State) -> Verdict {
        negated::<P>(P::later(asked, state).await)
    }

    fn describe(notes: &mut Notes) -> Expression {
        Expression::Not(Box::new(P::describe(notes)))
    }
}

impl<P: Negatable + Immediate> Immediate for Not<P> {}
impl<P: Negatable> Negatable for Not<P> {}

fn negated<P: Rule>(verdict: Verdict) -> Verdict {
    verdict.negate(|| P::describe(&mut Notes::default()).to_string())
}

/// `$joined` of a tuple of `$part`s, whose states are at the places `$at`.
macro_rules! joined {
    ($joined:ident, $operator:expr; $($part:ident $at:tt),+) => {
        impl<$($part: Rule<Caller = Identity>),+> sealed::Rule for $joined<($($part,)+)> {}

        impl<$($part: Rule<Caller = Identity>),+> Rule for $joined<($($part,)+)> {
            type Caller = Identity;
            type State = States<($($part::State,)+)>;
            const LOOKS_AT_REQUEST: bool = $($part::LOOKS_AT_REQUEST)||+;

            fn now(asked: &Asked<'_, Identity>) -> Option<Verdict> {
                let mut joined = $operator.nothing_said();
                let mut open = false;
                $(
                    match $part::now(asked) {
                        Some(verdict) => joined = joined.join($operator, verdict),
                        None => open = true,
                    }
                    if $operator.is_settled_by(joined.answer()) {
                        return Some(joined);
                    }
                )+
                (!open).then_some(joined)
            }

            async fn later(asked: &Asked<'_, Identity>, state: &Self::State) -> Verdict {
                let mut joined = $operator.nothing_said();
                // Each part has its say once: a predicate can change its mind while others are
                // waited for.
                let is_open = ($({
                    let verdict = $part::now(asked);
                    let is_open = verdict.is_none();
                    if let Some(verdict) = verdict {
                        joined = joined.join($operator, verdict);
                    }
                    is_open
                },)+);
                $(
                    if is_open.$at && !$operator.is_settled_by(joined.answer()) {
                        let verdict = $part::later(asked, &state.0.$at).await;
                        joined = joined.join($operator, verdict);
                    }
                )+
                joined
            }

            fn describe(notes: &mut Notes) -> Expression {
                Expression::$joined(vec![$($part::describe(notes)),+]).without_frame()
            }
        }

        impl<$($part: Rule<Caller = Identity> + Immediate),+> Immediate for $joined<($($part,)+)> {}
        impl<$($part: Negatable),+> Negatable for $joined<($($part,)+)> {}
    };
}

macro_rules! tuple {
    ($($part:ident $at:tt),+) => {
        joined!(All, Operator::And; $($part $at),+);
        joined!(Any, Operator::Or; $($part $at),+);
    };
}

// As many as `#[require(...)]` accepts side by side.
tuple!(A 0);
tuple!(A 0, B 1);
tuple!(A 0, B 1, C 2);
tuple!(A 0, B 1, C 2, D 3);
tuple!(A 0, B 1, C 2, D 3, E 4);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7);
