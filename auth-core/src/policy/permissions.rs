//! Permissions as an enum of the service's own, so that a misspelt one does not compile.

use std::marker::PhantomData;

/// The permissions of a service. [`#[derive(Permissions)]`](macro@crate::Permissions) implements it
/// for an enum.
///
/// ```
/// # #[cfg(feature = "macros")] {
/// use auth_core::policy::Permissions;
///
/// #[derive(auth_core::Permissions)]
/// enum Can {
///     #[permission("posts:write")]
///     WritePosts,
///     #[permission("posts:delete")]
///     DeletePosts,
/// }
///
/// // To compare with what is set up in the dashboard.
/// assert_eq!(Can::NAMES, ["posts:write", "posts:delete"]);
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no enum of permissions",
    label = "no permissions",
    note = "derive `auth_core::Permissions` for it, and say how tokens call each variant: \
            `#[permission(\"..\")]`"
)]
pub trait Permissions: Send + Sync + 'static {
    /// The names in tokens, in the order of the variants.
    const NAMES: &'static [&'static str];
}

/// See `IsPolicy`.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no enum of permissions",
    label = "no permissions",
    note = "derive `auth_core::Permissions` for it, and say how tokens call each variant: \
            `#[permission(\"..\")]`"
)]
pub trait IsPermissions {
    type Itself: Permissions;
}

#[diagnostic::do_not_recommend]
impl<P: Permissions> IsPermissions for P {
    type Itself = P;
}

/// Whoever has the permission that is a variant of an enum: `permission(Can::Publish)`.
///
/// ```
/// # #[cfg(feature = "macros")] {
/// use auth_core::{Permissions, require};
///
/// #[derive(Permissions)]
/// enum Can {
///     #[permission("posts:delete")]
///     DeletePosts,
/// }
///
/// #[require(permission(Can::DeletePosts))]
/// async fn delete_post() {}
/// # }
/// ```
#[derive(Debug)]
pub struct PermissionOf<P, const AT: usize>(PhantomData<P>);

impl<P: Permissions, const AT: usize> PermissionOf<P, AT> {
    #[allow(
        clippy::indexing_slicing,
        reason = "evaluated by the compiler, which checks the bounds"
    )]
    pub(super) const NAME: &'static str = P::NAMES[AT];
}
