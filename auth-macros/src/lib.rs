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
#[proc_macro_attribute]
pub fn authenticated(args: TokenStream, item: TokenStream) -> TokenStream {
    expand::guard(expand::Policy::Authenticated, args.into(), item.into()).into()
}

/// Lets in everybody, for a reason that stands in the access table.
#[proc_macro_attribute]
pub fn public(args: TokenStream, item: TokenStream) -> TokenStream {
    expand::guard(expand::Policy::Public, args.into(), item.into()).into()
}

/// Lets in administrators.
#[proc_macro_attribute]
pub fn require_admin(args: TokenStream, item: TokenStream) -> TokenStream {
    expand::guard(expand::Policy::Admin, args.into(), item.into()).into()
}
