//! How the compiler tells a guarded handler from an unguarded one.

use ::axum::handler::Layered;

use crate::access::path_in_crate;
use crate::guard::Guard;
use crate::policy::{Authenticated, Rule};

/// A handler whose first argument is a [`Guard`]. The guarded router takes no other.
///
/// `T` is the marker of axum's own `Handler<T, S>`: it lists the handler's arguments. Nobody
/// implements this trait by hand; a guard attribute puts the argument there.
///
/// ```
/// # #[cfg(feature = "macros")] {
/// use ::axum::handler::Handler;
/// use auth_core::axum::GuardFirst;
/// use auth_core::{Auth, authenticated};
///
/// fn is_guarded<H: Handler<T, Auth> + GuardFirst<T>, T>(_handler: H) {}
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
pub trait GuardFirst<T> {
    /// Who may call the handler.
    #[doc(hidden)]
    type Policy: Rule;

    /// The handler's path in its crate.
    #[doc(hidden)]
    fn name(_: sealed::Call) -> &'static str;
}

mod sealed {
    /// Nobody else can name it, so nobody else can say of a handler that it has a guard.
    #[derive(Debug)]
    pub struct Call;
}

pub(super) fn name_of<H: GuardFirst<T>, T>() -> &'static str {
    H::name(sealed::Call)
}

/// No handler takes it. If `Guard<P>` were the only first argument to choose from, the compiler
/// would take it for granted, and tell of a wrong argument where there is no guard.
#[doc(hidden)]
#[derive(Debug)]
pub enum NoGuard {}

macro_rules! guard_first {
    ($($argument:ident),*) => {
        #[diagnostic::do_not_recommend]
        impl<F, Fut, M, P, $($argument),*> GuardFirst<(M, Guard<P>, $($argument),*)> for F
        where
            F: FnOnce(Guard<P>, $($argument),*) -> Fut,
            P: Rule,
        {
            type Policy = P;

            fn name(_: sealed::Call) -> &'static str {
                path_in_crate::<F>()
            }
        }

        #[diagnostic::do_not_recommend]
        impl<F, Fut, M, $($argument),*> GuardFirst<(M, NoGuard, $($argument),*)> for F
        where
            F: FnOnce(NoGuard, $($argument),*) -> Fut,
        {
            type Policy = Authenticated;

            fn name(_: sealed::Call) -> &'static str {
                path_in_crate::<F>()
            }
        }
    };
}

// As many arguments as axum's own handlers take.
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

/// A handler with a layer around it keeps its guard.
#[diagnostic::do_not_recommend]
impl<L, H, T, S> GuardFirst<T> for Layered<L, H, T, S>
where
    H: GuardFirst<T>,
{
    type Policy = H::Policy;

    fn name(call: sealed::Call) -> &'static str {
        H::name(call)
    }
}
