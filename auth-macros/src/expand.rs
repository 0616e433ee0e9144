//! From attribute and function to the guarded function.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::Token;

use crate::args::{Args, Takes};
use crate::errors::Errors;
use crate::handler::Handler;
use crate::text;

#[derive(Clone, Copy)]
pub(crate) enum Guard {
    Authenticated,
    Admin,
    Require,
    Public,
}

impl Guard {
    fn name(self) -> &'static str {
        match self {
            Self::Authenticated => "authenticated",
            Self::Admin => "require_admin",
            Self::Require => "require",
            Self::Public => "public",
        }
    }

    fn takes(self) -> Takes {
        match self {
            Self::Authenticated | Self::Admin => Takes::Options,
            Self::Require => Takes::Expression,
            Self::Public => Takes::Reason,
        }
    }

    /// The type of the policy.
    fn policy(self, args: &Args, errors: &mut Errors) -> TokenStream {
        let root = args.root();
        match self {
            Self::Authenticated => quote!(#root::__private::Authenticated),
            Self::Admin => quote!(#root::__private::Admin),
            Self::Require => match &args.expression {
                Some(expression) if errors.is_empty() => expression.to_type(&root),
                // A mistake has been noted, and what follows from it need not be.
                _ => quote!(#root::__private::Authenticated),
            },
            Self::Public => {
                let reason = text::packed(&args.checked_reason(errors), &root);
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
pub(crate) fn guard(guard: Guard, args: TokenStream, item: TokenStream) -> TokenStream {
    let handler = match Handler::read(item.clone()) {
        Ok(handler) => handler,
        Err(error) => {
            let error = error.into_compile_error();
            return quote!(#error #item);
        }
    };
    let mut errors = Errors::default();
    let args = Args::parse(guard.name(), guard.takes(), args, &mut errors);
    let policy = guard.policy(&args, &mut errors);
    handler.check(args.via.is_some(), &mut errors);
    if let Guard::Public = guard {
        handler.check_public(&mut errors);
    }

    let function = match &args.via {
        Some(via) => handler.with_first_statement(via, &policy, &args.root()),
        // It has no place for an argument in front, and the mistake is noted.
        None if handler.receiver.is_some() => item,
        None => {
            #[cfg(feature = "actix")]
            let service = crate::actix::guarded_service(&handler, &policy, &args.root());
            let function = handler.with_first_argument(argument(&args, &policy));
            #[cfg(feature = "actix")]
            let function = [function].into_iter().chain(service).collect();
            function
        }
    };
    errors.into_tokens().into_iter().chain([function]).collect()
}

/// The argument, whose type stands where the expression does: so a mistake is told there.
fn argument(args: &Args, policy: &TokenStream) -> TokenStream {
    let call_site = Span::call_site();
    let (first, last) = args.expression_span.unwrap_or((call_site, call_site));
    let (first, last) = (call_site.located_at(first), call_site.located_at(last));
    let root = args.root().at(first);
    let pattern = Token![_](call_site);
    let end = Token![>](last);
    quote_spanned!(first=> #pattern: #root::__private::Guard<#policy #end,)
}
