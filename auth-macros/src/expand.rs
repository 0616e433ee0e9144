//! From attribute and function to the guarded function.

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use syn::Result;

use crate::args;
use crate::handler::Handler;

/// How many bytes of text go into a const argument.
const WORD_LEN: usize = size_of::<u128>();

pub(crate) enum Policy {
    Authenticated,
    Admin,
    Public,
}

/// ```ignore
/// // Input:
/// #[public(reason = "ok")]
/// async fn health() -> &'static str { "ok" }
///
/// // Output:
/// async fn health(
///     _: ::auth_core::__private::Guard<
///         ::auth_core::__private::Public<::auth_core::__private::Text<2, 27503u128>>,
///     >,
/// ) -> &'static str { "ok" }
/// ```
///
/// A mistake becomes a `compile_error!` beside the function, which is guarded all the same where it
/// can be: so nobody is told of mistakes that follow from the first.
pub(crate) fn guard(policy: Policy, args: TokenStream, item: TokenStream) -> TokenStream {
    let handler: Handler = match syn::parse2(item.clone()) {
        Ok(handler) => handler,
        Err(error) => {
            let error = error.into_compile_error();
            return quote!(#error #item);
        }
    };
    let (policy, mut result) = match policy {
        Policy::Authenticated => {
            (quote!(::auth_core::__private::Authenticated), args::none(args, "authenticated"))
        }
        Policy::Admin => (quote!(::auth_core::__private::Admin), args::none(args, "require_admin")),
        Policy::Public => public(args, &handler),
    };
    result = both(handler.check(), result);

    let function = handler.with_first_argument(quote!(::auth_core::__private::Guard<#policy>));
    let error = result.err().map(syn::Error::into_compile_error);
    quote!(#error #function)
}

fn public(args: TokenStream, handler: &Handler) -> (TokenStream, Result<()>) {
    let reason = args::reason(args);
    let text = text(reason.as_deref().unwrap_or_default());
    let result = both(reason.map(drop), handler.check_public());
    (quote!(::auth_core::__private::Public<#text>), result)
}

/// The type that stands for a text; `auth_core::policy::Text` unpacks it.
fn text(text: &str) -> TokenStream {
    let len = Literal::usize_unsuffixed(text.len());
    let words = text.as_bytes().chunks(WORD_LEN).map(|chunk| {
        let mut bytes = [0; WORD_LEN];
        for (byte, of_text) in bytes.iter_mut().zip(chunk) {
            *byte = *of_text;
        }
        u128::from_le_bytes(bytes)
    });
    quote!(::auth_core::__private::Text<#len #(, #words)*>)
}

fn both(first: Result<()>, second: Result<()>) -> Result<()> {
    match (first, second) {
        (Err(mut first), Err(second)) => {
            first.combine(second);
            Err(first)
        }
        (first, second) => first.and(second),
    }
}
