//! Which proof is as good as another.

use super::combine::All;
use super::rule::{Named, Rule};
use super::{Admin, Authenticated};
use crate::guard::Guard;
use crate::identity::Identity;

/// Whoever satisfies `Self` satisfies `Q`. `Why` says why; it is inferred.
///
/// Every policy but `Public` implies [`Authenticated`], and [`All`] implies each of its parts, as
/// does a named policy that is one. [`Any`](super::Any) implies neither of its parts.
///
/// ```
/// use auth_core::policy::{Admin, Implies, Rule, Weaken};
/// use auth_core::{Guard, Identity};
///
/// /// Whatever the handler has asked for, as long as administrators and nobody else satisfy it.
/// fn empty_trash<P, Why>(proof: &Guard<P>)
/// where
///     P: Rule<Caller = Identity> + Implies<Admin, Why>,
/// {
///     let admin: Guard<Admin> = proof.weaken();
///     println!("emptied by {}", admin.identity().subject());
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not imply `{Q}`",
    label = "no such conclusion",
    note = "a policy implies `Authenticated`, and one that joins others by `&&` implies each of them"
)]
pub trait Implies<Q: Rule, Why>: implied::Implies<Q, Why> {}

#[diagnostic::do_not_recommend]
impl<P: implied::Implies<Q, Why>, Q: Rule, Why> Implies<Q, Why> for P {}

/// Turns a proof into that of a weaker policy.
///
/// ```
/// use auth_core::policy::{Admin, Authenticated, Weaken};
/// use auth_core::Guard;
///
/// fn audit(who: &Guard<Authenticated>) {
///     println!("{} was here", who.identity().subject());
/// }
///
/// fn delete(admin: Guard<Admin>) {
///     audit(&admin.weaken::<Authenticated>());
/// }
/// ```
///
/// There is no way up:
///
/// ```compile_fail,E0277
/// # use auth_core::policy::{Admin, Authenticated, Weaken};
/// # use auth_core::Guard;
/// fn promote(caller: Guard<Authenticated>) -> Guard<Admin> {
///     caller.weaken::<Admin>()
/// }
/// ```
pub trait Weaken<P: Rule<Caller = Identity>, Why> {
    /// The proof of a policy that this one implies.
    fn weaken<Q: Rule<Caller = Identity>>(&self) -> Guard<Q>
    where
        P: Implies<Q, Why>;
}

impl<P: Rule<Caller = Identity>, Why> Weaken<P, Why> for Guard<P> {
    fn weaken<Q: Rule<Caller = Identity>>(&self) -> Guard<Q>
    where
        P: Implies<Q, Why>,
    {
        Guard::of(self.identity().clone())
    }
}

impl From<Guard<Admin>> for Guard<Authenticated> {
    fn from(admin: Guard<Admin>) -> Self {
        admin.weaken::<Authenticated>()
    }
}

/// The caller is known.
#[doc(hidden)]
#[derive(Debug)]
pub enum Known {}

/// It is the part at this place.
#[doc(hidden)]
#[derive(Debug)]
pub enum Part<const AT: usize> {}

/// It is a part of what the name stands for.
#[doc(hidden)]
#[derive(Debug)]
pub enum PartOfNamed<Why> {
    #[doc(hidden)]
    _Never(std::convert::Infallible, std::marker::PhantomData<Why>),
}

mod implied {
    use super::{All, Authenticated, Identity, Known, Named, Part, PartOfNamed, Rule};

    /// Nobody else can say what implies what.
    pub trait Implies<Q, Why> {}

    #[diagnostic::do_not_recommend]
    impl<P: Rule<Caller = Identity>> Implies<Authenticated, Known> for P {}

    #[diagnostic::do_not_recommend]
    impl<P: Named, Q, Why> Implies<Q, PartOfNamed<Why>> for P where P::Rule: HasPart<Q, Why> {}

    #[diagnostic::do_not_recommend]
    impl<T, Q, const AT: usize> Implies<Q, Part<AT>> for All<T> where All<T>: HasPart<Q, Part<AT>> {}

    pub trait HasPart<Q, Why> {}

    macro_rules! parts {
        ($($part:ident $at:literal),+) => { parts!(@ ($($part),+) $($part $at),+); };
        (@ $all:tt $($part:ident $at:literal),+) => { $(parts!(# $all $part $at);)+ };
        (# ($($all:ident),+) $part:ident $at:literal) => {
            impl<$($all),+> HasPart<$part, Part<$at>> for All<($($all,)+)> {}
        };
    }
    parts!(A 0);
    parts!(A 0, B 1);
    parts!(A 0, B 1, C 2);
    parts!(A 0, B 1, C 2, D 3);
    parts!(A 0, B 1, C 2, D 3, E 4);
    parts!(A 0, B 1, C 2, D 3, E 4, F 5);
    parts!(A 0, B 1, C 2, D 3, E 4, F 5, G 6);
    parts!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7);
}
