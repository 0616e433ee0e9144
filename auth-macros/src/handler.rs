//! The function under an attribute: its signature is read, its body never.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::quote;
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Error, Expr, FnArg, Result, Signature, Type, Visibility};

use crate::errors::Errors;

/// The names of the guards, by which a second one on a function is known.
const GUARDS: [&str; 4] = ["authenticated", "require_admin", "require", "public"];

pub(crate) struct Handler {
    pub(crate) attributes: Vec<Attribute>,
    visibility: Visibility,
    pub(crate) signature: Signature,
    body: Group,
}

impl Parse for Handler {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let attributes = input.call(Attribute::parse_outer)?;
        let visibility = input.parse()?;
        let signature: Signature = input.parse().map_err(|error| {
            Error::new(error.span(), "a guard stands on a function: put it above an `fn`")
        })?;
        let body = match input.parse()? {
            TokenTree::Group(body) => body,
            end => {
                let message =
                    "a guard stands on a function with a body: put it on the implementation";
                return Err(Error::new(end.span(), message));
            }
        };
        Ok(Self { attributes, visibility, signature, body })
    }
}

impl Handler {
    /// Notes what no guarded function can have; all of it.
    pub(crate) fn check(&self, via: bool, errors: &mut Errors) {
        if let Some(receiver) = self.signature.receiver().filter(|_| !via) {
            errors.push(Error::new_spanned(
                receiver,
                "a guarded handler is called with a request and has no `self`; make it a function, \
                 or say who knows the caller: `via = self`",
            ));
        }
        let second_guard = self.attributes.iter().find(|attribute| {
            let name = attribute.path().segments.last();
            name.is_some_and(|name| GUARDS.iter().any(|guard| name.ident == guard))
        });
        if let Some(attribute) = second_guard {
            errors.push(Error::new_spanned(
                attribute,
                "one function has one guard: remove this one or the other, or join them by `&&` in \
                 `#[require(..)]`",
            ));
        }
    }

    /// Under `#[public]` nobody has been authenticated, so there is no `Identity` to be had.
    pub(crate) fn check_public(&self, errors: &mut Errors) {
        for argument in &self.signature.inputs {
            if let FnArg::Typed(argument) = argument
                && is_identity(&argument.ty)
            {
                errors.push(Error::new_spanned(
                    &argument.ty,
                    "a public route has no `Identity`: take `MaybeIdentity`, which is `None` for an \
                     anonymous caller, or put `#[authenticated]` above the function",
                ));
            }
        }
    }

    /// The function with one argument in front.
    pub(crate) fn with_first_argument(&self, argument: TokenStream) -> TokenStream {
        let Self { attributes, visibility, signature, body } = self;
        let mut signature = signature.clone();
        let at = usize::from(signature.receiver().is_some());
        signature.inputs.insert(at, FnArg::Typed(syn::parse_quote!(_: #argument)));
        quote!(#(#attributes)* #visibility #signature #body)
    }

    /// The function with the check as its first statement.
    ///
    /// ```ignore
    /// // Input:
    /// #[authenticated(via = ctx)]
    /// async fn posts(ctx: &Context) -> Result<Vec<Post>, Error> { load().await }
    ///
    /// // Output:
    /// async fn posts(ctx: &Context) -> Result<Vec<Post>, Error> {
    ///     if let Err(refusal) = ctx.require_waiting::<Authenticated>().await {
    ///         return Refused::refused(refusal);
    ///     }
    ///     load().await
    /// }
    /// ```
    pub(crate) fn with_first_statement(
        &self,
        via: &Expr,
        policy: &TokenStream,
        root: &TokenStream,
    ) -> TokenStream {
        let Self { attributes, visibility, signature, body } = self;
        let context = match via {
            Expr::Path(path) => quote!(#path),
            other => quote!((#other)),
        };
        let asked = match signature.asyncness {
            Some(_) => quote!(#context.require_waiting::<#policy>().await),
            None => quote!(#context.require::<#policy>()),
        };
        let statement = quote! {
            if let ::core::result::Result::Err(refusal) = {
                use #root::__private::AuthContext as _;
                #asked
            } {
                return #root::__private::Refused::refused(refusal);
            }
        };
        let statements = body.stream();
        let mut guarded = Group::new(Delimiter::Brace, quote!(#statement #statements));
        guarded.set_span(body.span());
        quote!(#(#attributes)* #visibility #signature #guarded)
    }
}

fn is_identity(r#type: &Type) -> bool {
    match r#type {
        Type::Path(path) => path.path.segments.last().is_some_and(|name| name.ident == "Identity"),
        // A type that comes out of a macro, or stands in parentheses.
        Type::Group(group) => is_identity(&group.elem),
        Type::Paren(paren) => is_identity(&paren.elem),
        _ => false,
    }
}
