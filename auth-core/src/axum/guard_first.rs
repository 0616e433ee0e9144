//! How the compiler tells a guarded handler from an unguarded one.

use ::axum::handler::Layered;

use crate::guard::Guard;
use crate::policy::{Access, Policy};

/// A handler whose first argument is a [`Guard`]. The guarded router takes no other.
///
/// `T` is the marker of axum's own `Handler<T, S>`: it lists the handler's arguments. Nobody
/// implements this trait by hand; a guard attribute puts the argument there.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no guard",
    label = "no guard",
    note = "put `#[authenticated]`, `#[require_admin]` or `#[public(reason = \"...\")]` above the \
            handler"
)]
pub trait GuardFirst<T> {
    /// Who may call the handler.
    #[doc(hidden)]
    fn access() -> Access;

    /// The handler's path in its crate.
    #[doc(hidden)]
    fn name() -> &'static str;
}

macro_rules! guard_first {
    ($($argument:ident),*) => {
        #[diagnostic::do_not_recommend]
        impl<F, Fut, M, P, $($argument),*> GuardFirst<(M, Guard<P>, $($argument),*)> for F
        where
            F: FnOnce(Guard<P>, $($argument),*) -> Fut,
            P: Policy,
        {
            fn access() -> Access {
                P::access()
            }

            fn name() -> &'static str {
                let name = std::any::type_name::<F>();
                name.split_once("::").map_or(name, |(_crate, path)| path)
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
guard_first!(
    A1, A2, A3, A4, A5, A6, A7, A8, A9, A10, A11, A12, A13, A14, A15
);

/// A handler with a layer around it keeps its guard.
#[diagnostic::do_not_recommend]
impl<L, H, T, S> GuardFirst<T> for Layered<L, H, T, S>
where
    H: GuardFirst<T>,
{
    fn access() -> Access {
        H::access()
    }

    fn name() -> &'static str {
        H::name()
    }
}
