//! How the compiler tells a guarded handler from an unguarded one.

use crate::access::path_in_crate;
use crate::guard::Guard;
use crate::policy::{Authenticated, Rule};

/// A handler whose first argument is a [`Guard`]. The guarded router takes no other.
///
/// `Args` are the handler's arguments, as in actix's own `Handler<Args>`. Nobody implements this
/// trait by hand; a guard attribute puts the argument there.
///
/// ```
/// # #[cfg(feature = "macros")] {
/// use ::actix_web::Handler;
/// use auth_core::actix::GuardFirst;
/// use auth_core::{authenticated};
///
/// fn is_guarded<H: Handler<T> + GuardFirst<T>, T>(_handler: H) {}
///
/// #[authenticated]
/// async fn me() -> &'static str {
///     "me"
/// }
///
/// is_guarded(me);
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no guard",
    label = "no guard",
    note = "put `#[authenticated]`, `#[require_admin]`, `#[require(..)]` or `#[public(reason = \"..\")]` \
            above the handler"
)]
pub trait GuardFirst<Args> {
    /// Who may call the handler.
    #[doc(hidden)]
    type Policy: Rule;

    /// The arguments behind the guard.
    #[doc(hidden)]
    type Rest;

    /// The handler's path in its crate.
    #[doc(hidden)]
    fn name(_: sealed::Call) -> &'static str;

    /// All arguments.
    #[doc(hidden)]
    fn arguments(_: sealed::Call, guard: Guard<Self::Policy>, rest: Self::Rest) -> Args;
}

mod sealed {
    /// Nobody else can name it, so nobody else can say of a handler that it has a guard.
    #[derive(Debug)]
    pub struct Call;
}

pub(super) fn name_of<H: GuardFirst<Args>, Args>() -> &'static str {
    H::name(sealed::Call)
}

pub(super) fn arguments_of<H: GuardFirst<Args>, Args>(
    guard: Guard<H::Policy>,
    rest: H::Rest,
) -> Args {
    H::arguments(sealed::Call, guard, rest)
}

/// No handler takes it. If `Guard<P>` were the only first argument to choose from, the compiler
/// would take it for granted, and tell of a wrong argument where there is no guard.
#[doc(hidden)]
#[derive(Debug)]
pub enum NoGuard {}

macro_rules! guard_first {
    ($($argument:ident),*) => {
        #[diagnostic::do_not_recommend]
        #[allow(non_snake_case, reason = "each argument is called as its type")]
        impl<F, Fut, P, $($argument),*> GuardFirst<(Guard<P>, $($argument),*)> for F
        where
            F: Fn(Guard<P>, $($argument),*) -> Fut,
            P: Rule,
        {
            type Policy = P;
            type Rest = ($($argument,)*);

            fn name(_: sealed::Call) -> &'static str {
                path_in_crate::<F>()
            }

            fn arguments(
                _: sealed::Call,
                guard: Guard<P>,
                ($($argument,)*): Self::Rest,
            ) -> (Guard<P>, $($argument),*) {
                (guard, $($argument),*)
            }
        }

        #[diagnostic::do_not_recommend]
        impl<F, Fut, $($argument),*> GuardFirst<(NoGuard, $($argument),*)> for F
        where
            F: Fn(NoGuard, $($argument),*) -> Fut,
        {
            type Policy = Authenticated;
            type Rest = (NoGuard, $($argument),*);

            fn name(_: sealed::Call) -> &'static str {
                path_in_crate::<F>()
            }

            fn arguments(_: sealed::Call, _: Guard<Authenticated>, rest: Self::Rest) -> Self::Rest {
                rest
            }
        }
    };
}

// As many arguments as actix's own handlers take.
guard_first!();
guard_first!(A1);
guard_first!(A1, A2);
guard_first!(A1, A2, A3);
guard_first!(A1, A2, A3, A4);
guard_first!(A1, A2, A3, A4, A5);
guard_first!(A1, A2, A3, A4, A5, A6);
guard_first!(A1, A2, A3, A4, A5, A6, A7);
guard_first!(A1, A2, A3, A4, A5, A6, A7, A8);
guard_first!(A1, A2, A3, A4, A5, A6, A7, A8, A9);
guard_first!(A1, A2, A3, A4, A5, A6, A7, A8, A9, A10);
guard_first!(A1, A2, A3, A4, A5, A6, A7, A8, A9, A10, A11);
guard_first!(A1, A2, A3, A4, A5, A6, A7, A8, A9, A10, A11, A12);
guard_first!(A1, A2, A3, A4, A5, A6, A7, A8, A9, A10, A11, A12, A13);
guard_first!(A1, A2, A3, A4, A5, A6, A7, A8, A9, A10, A11, A12, A13, A14);
guard_first!(A1, A2, A3, A4, A5, A6, A7, A8, A9, A10, A11, A12, A13, A14, A15);
