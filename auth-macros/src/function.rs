//! The function under an attribute: its arguments and its body go through as they are.
//!
//! A service's checks run this crate unoptimised, for every handler each time. So what `syn` reads here
//! is other attributes, and arguments that may be a mistake.

use std::iter::Peekable;

use proc_macro2::token_stream::IntoIter;
use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{quote, quote_spanned};
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Attribute, Error, Expr, FnArg, Result, Token, Type};

use crate::errors::Errors;
use crate::expand::GuardAttribute;
use crate::root::Root;

pub(crate) struct Function {
    pub(crate) attributes: Vec<Attribute>,
    is_async: bool,
    pub(crate) name: Ident,
    /// What stands before the arguments.
    head: Vec<TokenTree>,
    arguments: Group,
    pub(crate) receiver: Option<FnArg>,
    /// What stands between the arguments and the body.
    output: Vec<TokenTree>,
    body: Group,
}

impl Function {
    pub(crate) fn read(item: TokenStream) -> Result<Self> {
        let mut tokens = item.into_iter().peekable();
        let mut head = Vec::new();
        while let Some(hash) = tokens.next_if(|token| is_punct(token, '#')) {
            head.push(hash);
            head.extend(tokens.next());
        }
        let attributes = if head.is_empty() {
            Vec::new()
        } else {
            Attribute::parse_outer.parse2(head.iter().cloned().collect())?
        };
        let mut is_async = false;
        while let Some(token) = tokens.next_if(is_qualifier) {
            is_async |= is_ident(&token, "async");
            head.push(token);
        }
        let name = match (tokens.next(), tokens.next()) {
            (Some(keyword), Some(TokenTree::Ident(name))) if is_ident(&keyword, "fn") => {
                head.extend([keyword, name.clone().into()]);
                name
            }
            (found, _) => return Err(no_function(found)),
        };
        read_generics(&mut tokens, &mut head);
        let arguments = tokens.next();
        let mut output: Vec<TokenTree> = tokens.collect();
        match (arguments, output.pop()) {
            (Some(TokenTree::Group(arguments)), Some(TokenTree::Group(body))) => {
                let receiver = receiver(&arguments);
                Ok(Self { attributes, is_async, name, head, arguments, receiver, output, body })
            }
            _ => {
                let message =
                    "a guard stands on a function with a body: put it on the implementation";
                Err(Error::new(name.span(), message))
            }
        }
    }

    /// Notes what no guarded function can have; all of it.
    pub(crate) fn check(&self, via: bool, errors: &mut Errors) {
        if let Some(receiver) = self.receiver.as_ref().filter(|_| !via) {
            errors.push(Error::new_spanned(
                receiver,
                "a guarded handler is called with a request and has no `self`; make it a function, \
                 or say who knows the caller: `via = self`",
            ));
        }
        let second_guard = self.attributes.iter().find(|attribute| {
            let name = attribute.path().segments.last();
            name.is_some_and(|name| GuardAttribute::ALL.iter().any(|it| name.ident == it.name()))
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
        for argument in arguments_with("Identity", &self.arguments) {
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

    /// The function with one argument in front, which comes with its comma.
    pub(crate) fn with_first_argument(self, argument: TokenStream) -> TokenStream {
        let all = [argument, self.arguments.stream()].into_iter().collect();
        let mut arguments = Group::new(Delimiter::Parenthesis, all);
        arguments.set_span(self.arguments.span());
        let signature = self.head.into_iter().chain([arguments.into()]).chain(self.output);
        signature.chain([self.body.into()]).collect()
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
    ///     if let Err(refusal) = ctx.__require_waiting::<Authenticated>("api::posts").await {
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
        let Self { head, arguments, output, body, .. } = self;
        let context = match via {
            Expr::Path(path) => quote!(#path),
            other => quote!((#other)),
        };
        // A mistake in `via` is told there, and one in the return type at that.
        let name = format!("::{}", self.name);
        let name = quote!(::core::concat!(::core::module_path!(), #name));
        let asked = if self.is_async {
            quote_spanned!(at(via)=> .__require_waiting::<#policy>(#name).await)
        } else {
            quote_spanned!(at(via)=> .__require::<#policy>(#name))
        };
        let at_output = match output.as_slice() {
            [minus, _, r#type, ..] if is_punct(minus, '-') => at(r#type),
            _ => at(&self.name),
        };
        let output_root = root.clone().at(at_output);
        let refused = quote_spanned! {at_output=>
            return #output_root::__private::Refused::refused(refusal)
        };
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
        quote!(#(#head)* #arguments #(#output)* #guarded)
    }
}

/// What may stand before `fn`: words, the name of an ABI, and what a macro of the service passes on as
/// a `vis`.
fn is_qualifier(token: &TokenTree) -> bool {
    match token {
        TokenTree::Ident(word) => {
            matches!(word.to_string().as_str(), "pub" | "const" | "async" | "unsafe" | "extern")
        }
        TokenTree::Group(_) | TokenTree::Literal(_) => true,
        TokenTree::Punct(_) => false,
    }
}

/// Everything up to the arguments. An arrow's `>` closes nothing.
fn read_generics(tokens: &mut Peekable<IntoIter>, head: &mut Vec<TokenTree>) {
    let mut open = 0_usize;
    let mut arrow = false;
    while let Some(token) =
        tokens.next_if(|token| open > 0 || !matches!(token, TokenTree::Group(_)))
    {
        if is_punct(&token, '<') {
            open += 1;
        } else if is_punct(&token, '>') && !arrow {
            open = open.saturating_sub(1);
        }
        arrow = is_punct(&token, '-');
        head.push(token);
    }
}

fn receiver(arguments: &Group) -> Option<FnArg> {
    let first = arguments_with("self", arguments).into_iter().next();
    first.filter(|first| matches!(first, FnArg::Receiver(_)))
}

/// The arguments, if one of them mentions this name. None, if that is no list of arguments: the
/// compiler rejects it.
fn arguments_with(name: &str, arguments: &Group) -> Punctuated<FnArg, Token![,]> {
    let arguments = arguments.stream();
    if !arguments.to_string().contains(name) {
        return Punctuated::new();
    }
    Punctuated::parse_terminated.parse2(arguments).unwrap_or_default()
}

fn no_function(found: Option<TokenTree>) -> Error {
    let of_many = |token: &TokenTree| ["impl", "trait", "mod"].iter().any(|of| is_ident(token, of));
    let place = if found.as_ref().is_some_and(of_many) { "each `fn` in it" } else { "an `fn`" };
    let span = found.map_or_else(Span::call_site, |found| found.span());
    Error::new(span, format!("a guard stands on a function: put it above {place}"))
}

fn is_punct(token: &TokenTree, character: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == character)
}

fn is_ident(token: &TokenTree, name: &str) -> bool {
    matches!(token, TokenTree::Ident(ident) if ident == name)
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
