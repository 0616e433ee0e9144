//! From attribute and function to the guarded function.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::Token;

use crate::args::{Args, Takes};
use crate::errors::Errors;
use crate::function::Function;
use crate::root::Root;
use crate::text;

/// The attributes that guard a function.
#[derive(Clone, Copy)]
pub(crate) enum GuardAttribute {
    Authenticated,
    Admin,
    Require,
    Public,
}

impl GuardAttribute {
    pub(crate) const ALL: [Self; 4] =
        [Self::Authenticated, Self::Admin, Self::Require, Self::Public];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Authenticated => "authenticated",
            Self::Admin => "require_admin",
            Self::Require => "require",
            Self::Public => "public",
        }
    }

    pub(crate) fn takes(self) -> Takes {
        match self {
            Self::Authenticated | Self::Admin => Takes::Options,
            Self::Require => Takes::Expression,
            Self::Public => Takes::Reason,
        }
    }

    /// The type of the policy.
    fn policy(self, args: &Args, root: &Root, errors: &mut Errors) -> TokenStream {
        match self {
            Self::Authenticated => quote!(#root::__private::Authenticated),
            Self::Admin => quote!(#root::__private::Admin),
            Self::Require => match &args.expression {
                Some(expression) if errors.is_empty() => expression.to_type(root),
                // A mistake has been noted, and what follows from it need not be.
                _ => quote!(#root::__private::Authenticated),
            },
            Self::Public => {
                let reason = text::packed(&args.checked_reason(errors), root);
                quote!(#root::__private::Public<#reason>)
            }
        }
    }
}

/// ```ignore
/// // Input:
/// #[public(reason = "ok")]
/// async fn health() -> &'static str { "ok" }
///
/// // Output:
/// async fn health(
///     _: ::auth_core::__private::Guard<
///         ::auth_core::__private::Public<::auth_core::__private::Packed<2, 27503u128>>,
///     >,
/// ) -> &'static str { "ok" }
/// ```
///
/// A mistake becomes a `compile_error!` beside the function, which is guarded all the same where it
/// can be: so nobody is told of mistakes that follow from the first.
pub(crate) fn guard(
    attribute: GuardAttribute,
    args: TokenStream,
    item: TokenStream,
) -> TokenStream {
    let function = match Function::read(item.clone()) {
        Ok(function) => function,
        Err(error) => {
            let error = error.into_compile_error();
            return quote!(#error #item);
        }
    };
    let mut errors = Errors::default();
    let args = Args::parse(attribute, args, &mut errors);
    let root = args.root();
    let policy = attribute.policy(&args, &root, &mut errors);
    function.check(args.via.is_some(), &mut errors);
    if let GuardAttribute::Public = attribute {
        function.check_public(&mut errors);
    }

    let guarded = match &args.via {
        Some(via) => function.with_first_statement(via, &policy, &root),
        // It has no place for an argument in front, and the mistake is noted.
        None if function.receiver.is_some() => item,
        None => {
            let beside = beside(&function, &policy, &root);
            let argument = argument(&args, &policy, root);
            [function.with_first_argument(argument)].into_iter().chain(beside).collect()
        }
    };
    errors.into_tokens().into_iter().chain([guarded]).collect()
}

/// What a framework needs to know besides.
#[cfg(feature = "actix")]
fn beside(function: &Function, policy: &TokenStream, root: &Root) -> Option<TokenStream> {
    crate::actix::guarded_service(function, policy, root)
}

#[cfg(not(feature = "actix"))]
fn beside(_: &Function, _: &TokenStream, _: &Root) -> Option<TokenStream> {
    None
}

/// The argument, whose type stands where the expression does: so a mistake is told there.
fn argument(args: &Args, policy: &TokenStream, root: Root) -> TokenStream {
    let call_site = Span::call_site();
    let (first, last) = args.expression_ends.unwrap_or((call_site, call_site));
    let (first, last) = (call_site.located_at(first), call_site.located_at(last));
    let root = root.at(first);
    let pattern = Token![_](call_site);
    let end = Token![>](last);
    quote_spanned!(first=> #pattern: #root::__private::Guard<#policy #end,)
}
