//! What guards need of the application, out of actix's `app_data`.

use std::any::{TypeId, type_name};

use actix_web::HttpRequest;
use actix_web::web::Data;

use crate::error::{AuthError, Code};
use crate::policy::{NoState, States};

/// A state of policies that can be had from `app_data`: anything that is `Clone`, given to the router
/// bare or in `web::Data`.
///
/// ```
/// use auth_core::actix::{FromAppData, Router};
///
/// #[derive(Clone)]
/// struct Database;
///
/// // For policies whose `State` it is.
/// fn suits_policies<S: FromAppData>() {}
/// suits_policies::<Database>();
///
/// let router = Router::new().app_data(Database);
/// # let _ = router;
/// ```
#[diagnostic::on_unimplemented(
    message = "the state `{Self}` of a policy cannot be had from `app_data`",
    label = "not `Clone`",
    note = "derive `Clone` for `{Self}`, or make `web::Data<{Self}>` the state of the policy"
)]
pub trait FromAppData: Sized {
    /// The state, for a request.
    #[doc(hidden)]
    fn from_app_data(request: &HttpRequest) -> Result<Self, AuthError>;

    /// What has to be given to the router.
    #[doc(hidden)]
    fn needs(needs: &mut Vec<Need>);
}

/// A type that has to be among the `app_data`.
#[doc(hidden)]
#[derive(Clone, Debug)]
pub struct Need {
    pub(super) name: &'static str,
    bare: TypeId,
    in_data: TypeId,
}

impl Need {
    pub(super) fn of<T: 'static>() -> Self {
        Self { name: type_name::<T>(), bare: TypeId::of::<T>(), in_data: TypeId::of::<Data<T>>() }
    }

    pub(super) fn is_met_by(&self, given: &[TypeId]) -> bool {
        given.contains(&self.bare) || given.contains(&self.in_data)
    }

    /// actix finds the nearest value of a type, but nobody knows which of two types is nearer.
    pub(super) fn is_ambiguous_in(&self, given: &[TypeId]) -> bool {
        given.contains(&self.bare) && given.contains(&self.in_data)
    }
}

#[diagnostic::do_not_recommend]
impl<T: Clone + 'static> FromAppData for T {
    fn from_app_data(request: &HttpRequest) -> Result<Self, AuthError> {
        find::<T>(request).cloned().ok_or_else(|| {
            AuthError::new(Code::PolicyFailed)
                .because(format!("a policy asks for `{}`, {MISSING}", type_name::<T>()))
        })
    }

    fn needs(needs: &mut Vec<Need>) {
        needs.push(Need::of::<T>());
    }
}

impl FromAppData for NoState {
    fn from_app_data(_: &HttpRequest) -> Result<Self, AuthError> {
        Ok(Self)
    }

    fn needs(_: &mut Vec<Need>) {}
}

macro_rules! states {
    ($($part:ident),+) => {
        impl<$($part: FromAppData),+> FromAppData for States<($($part,)+)> {
            fn from_app_data(request: &HttpRequest) -> Result<Self, AuthError> {
                Ok(Self(($($part::from_app_data(request)?,)+)))
            }

            fn needs(needs: &mut Vec<Need>) {
                $($part::needs(needs);)+
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

pub(super) const MISSING: &str = "which is not there; give it to the router with `.app_data(..)`";

/// What a guarded router has been given. It comes before what the application around it has, in
/// whichever form: a guard asks the `Auth` of its router.
#[derive(Clone)]
pub(super) struct Given<T>(pub(super) T);

pub(super) fn find<T: 'static>(request: &HttpRequest) -> Option<&T> {
    let bare = || request.app_data::<Given<T>>().map(|given| &given.0);
    let in_data = || request.app_data::<Given<Data<T>>>().map(|given| given.0.get_ref());
    let around = || request.app_data::<Data<T>>().map(Data::get_ref);
    bare().or_else(in_data).or_else(|| request.app_data::<T>()).or_else(around)
}
