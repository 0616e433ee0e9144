//! The attributes of `auth-core`, which re-exports them: depend on that. Its
//! [documentation](https://docs.rs/auth-core) has an example of each.
//!
//! An attribute puts one argument in front of a function and leaves everything else as it was. All
//! decisions are made in `auth-core`.
#![warn(missing_docs)]

#[cfg(feature = "actix")]
mod actix;
mod args;
mod errors;
mod expand;
mod expression;
mod function;
mod named;
mod permissions;
mod root;
mod text;

use expand::GuardAttribute;
use proc_macro::TokenStream;

/// Lets in whoever has a good token.
#[proc_macro_attribute]
pub fn authenticated(args: TokenStream, item: TokenStream) -> TokenStream {
    expand::guard(GuardAttribute::Authenticated, args.into(), item.into()).into()
}

/// Lets in administrators.
#[proc_macro_attribute]
pub fn require_admin(args: TokenStream, item: TokenStream) -> TokenStream {
    expand::guard(GuardAttribute::Admin, args.into(), item.into()).into()
}

/// Lets in whoever satisfies an expression of policies.
#[proc_macro_attribute]
pub fn require(args: TokenStream, item: TokenStream) -> TokenStream {
    expand::guard(GuardAttribute::Require, args.into(), item.into()).into()
}

/// Lets in everybody, for a reason that stands in the access table.
#[proc_macro_attribute]
pub fn public(args: TokenStream, item: TokenStream) -> TokenStream {
    expand::guard(GuardAttribute::Public, args.into(), item.into()).into()
}

/// Gives an expression of policies a name.
#[proc_macro]
pub fn policy(input: TokenStream) -> TokenStream {
    named::expand(input.into()).into()
}

/// Makes the variants of an enum permissions.
#[proc_macro_derive(Permissions, attributes(permission, permissions))]
pub fn permissions(input: TokenStream) -> TokenStream {
    permissions::expand(input.into()).into()
}
