//! The function under an attribute: its signature is read, its body never.

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use quote::{quote, quote_spanned};
use syn::parse::{Parse, ParseStream};
use syn::spanned::Spanned;
use syn::{Attribute, Error, Expr, FnArg, Result, ReturnType, Signature, Token, Type, Visibility};

use crate::errors::Errors;
use crate::root::Root;

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
        let of_many =
            input.peek(Token![impl]) || input.peek(Token![trait]) || input.peek(Token![mod]);
        let signature: Signature = input.parse().map_err(|error| {
            let place = if of_many { "each `fn` in it" } else { "an `fn`" };
            Error::new(error.span(), format!("a guard stands on a function: put it above {place}"))
        })?;
        let TokenTree::Group(body) = input.parse()? else {
            let message = "a guard stands on a function with a body: put it on the implementation";
            return Err(Error::new(signature.ident.span(), message));
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
    ///     if let Err(refusal) = ctx.__require_waiting::<Authenticated>().await {
    ///         return Refused::refused(refusal);
    ///     }
    ///     { load().await }
    /// }
    /// ```
    pub(crate) fn with_first_statement(
        &self,
        via: &Expr,
        policy: &TokenStream,
        root: &Root,
    ) -> TokenStream {
        let Self { attributes, visibility, signature, body } = self;
        let context = match via {
            Expr::Path(path) => quote!(#path),
            other => quote!((#other)),
        };
        // A mistake in `via` is told there, and one in the return type at that.
        let asked = match signature.asyncness {
            Some(_) => quote_spanned!(at(via)=> .__require_waiting::<#policy>().await),
            None => quote_spanned!(at(via)=> .__require::<#policy>()),
        };
        let output = match &signature.output {
            ReturnType::Default => at(&signature.ident),
            ReturnType::Type(_, output) => at(output),
        };
        let root_at_output = root.clone().at(output);
        let refused =
            quote_spanned!(output=> return #root_at_output::__private::Refused::refused(refusal));
        // The author's statements stay in a block of their own: items come first in a block.
        let statements = quote! {
            if let ::core::result::Result::Err(refusal) = {
                use #root::__private::Ask as _;
                #context #asked
            } {
                #refused;
            }
            #body
        };
        let mut guarded = Group::new(Delimiter::Brace, statements);
        guarded.set_span(body.span());
        quote!(#(#attributes)* #visibility #signature #guarded)
    }
}

/// Where something stands, for what the attribute writes.
fn at(tokens: &impl Spanned) -> Span {
    Span::call_site().located_at(tokens.span())
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
