//! What guards need of the router's state.

use ::axum::extract::FromRef;

use crate::auth::Auth;
use crate::policy::{NoState, States};

/// A state that an [`Auth`] can be had from: an `Auth`, or a structure that derives `FromRef` and
/// has a field of that type.
///
/// ```
/// use ::axum::extract::FromRef;
/// use auth_core::Auth;
/// use auth_core::axum::{HasAuth, HasState};
///
/// #[derive(Clone)]
/// struct Database;
///
/// #[derive(Clone, FromRef)]
/// struct AppState {
///     auth: Auth,
///     database: Database,
/// }
///
/// fn suits_guards<S: HasAuth>() {}
/// suits_guards::<AppState>();
///
/// // For policies whose `State` is the database.
/// fn suits_policies<S: HasState<Database>>() {}
/// suits_policies::<AppState>();
/// ```
#[diagnostic::on_unimplemented(
    message = "the router's state `{Self}` has no `Auth`",
    label = "no `Auth` in it",
    note = "put a field of type `Auth` into the state and derive `axum::extract::FromRef` for it"
)]
pub trait HasAuth {
    #[doc(hidden)]
    fn auth(&self) -> Auth;
}

#[diagnostic::do_not_recommend]
impl<S> HasAuth for S
where
    Auth: FromRef<S>,
{
    fn auth(&self) -> Auth {
        Auth::from_ref(self)
    }
}

/// A state that gives what a policy asks for (`Policy::State`); [`HasAuth`] has an example.
///
/// It is a trait of its own, and no bound on the policy's state: of two unknown types the compiler
/// would take the router's to be that of the policy, and report what follows from that.
#[diagnostic::on_unimplemented(
    message = "the router's state `{Self}` cannot give `{T}`, which the policy asks for",
    label = "no `{T}` in it",
    note = "put a field of type `{T}` into the state and derive `axum::extract::FromRef` for it"
)]
pub trait HasState<T> {
    #[doc(hidden)]
    fn state(&self) -> T;
}

#[diagnostic::do_not_recommend]
impl<S, T: FromRef<S>> HasState<T> for S {
    fn state(&self) -> T {
        T::from_ref(self)
    }
}

impl<S> FromRef<S> for NoState {
    fn from_ref(_: &S) -> Self {
        Self
    }
}

macro_rules! states {
    ($($part:ident),+) => {
        impl<S, $($part: FromRef<S>),+> FromRef<S> for States<($($part,)+)> {
            fn from_ref(state: &S) -> Self {
                Self(($($part::from_ref(state),)+))
            }
        }
    };
}

states!(A);
states!(A, B);
states!(A, B, C);
states!(A, B, C, D);
states!(A, B, C, D, E);
states!(A, B, C, D, E, F);
states!(A, B, C, D, E, F, G);
states!(A, B, C, D, E, F, G, H);
