//! The attributes of `auth-core`, which re-exports them: depend on that.
//!
//! An attribute puts one argument in front of a function and leaves everything else as it was. All
//! decisions are made in `auth-core`.
#![warn(missing_docs)]

mod args;
mod expand;
mod handler;

use proc_macro::TokenStream;

/// Lets in whoever has a good token.
///
/// ```ignore
/// #[authenticated]
/// async fn me(caller: Identity) -> Json<Profile> { ... }
/// ```
///
/// is the same as
///
/// ```ignore
/// async fn me(_: Guard<Authenticated>, caller: Identity) -> Json<Profile> { ... }
/// ```
///
/// Anybody else gets 401. Put the attribute above all others, so that those that look at the
/// function's arguments, such as `#[debug_handler]`, see all of them.
#[proc_macro_attribute]
pub fn authenticated(args: TokenStream, item: TokenStream) -> TokenStream {
    expand::guard(expand::Policy::Authenticated, args.into(), item.into()).into()
}

/// Lets in administrators: verified e-mail addresses in the domains that
/// `AuthBuilder::admin_domain` names.
///
/// ```ignore
/// #[require_admin]
/// async fn delete_post(Path(id): Path<PostId>) -> StatusCode { ... }
/// ```
///
/// Anonymous requests get 401, other callers 403.
#[proc_macro_attribute]
pub fn require_admin(args: TokenStream, item: TokenStream) -> TokenStream {
    expand::guard(expand::Policy::Admin, args.into(), item.into()).into()
}

/// Lets in everybody, for a reason that stands in the access table.
///
/// ```ignore
/// #[public(reason = "load balancer probe")]
/// async fn health() -> &'static str { "ok" }
/// ```
///
/// Nobody looks at the credentials of such a request unless the function takes a `MaybeIdentity`.
#[proc_macro_attribute]
pub fn public(args: TokenStream, item: TokenStream) -> TokenStream {
    expand::guard(expand::Policy::Public, args.into(), item.into()).into()
}
