//! The function under an attribute: its signature is read, its body never.

use proc_macro2::{Group, TokenStream, TokenTree};
use quote::quote;
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Error, FnArg, Result, Signature, Type, Visibility};

/// The names of the guards, by which a second one on a function is known.
const GUARDS: [&str; 3] = ["authenticated", "require_admin", "public"];

pub(crate) struct Handler {
    attributes: Vec<Attribute>,
    visibility: Visibility,
    signature: Signature,
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
    /// Reports what no handler can have; all of it at once.
    pub(crate) fn check(&self) -> Result<()> {
        let receiver = self.signature.receiver().map(|receiver| {
            Error::new_spanned(
                receiver,
                "a guarded handler is called with a request and has no `self`; make it a function",
            )
        });
        let second_guard = self.attributes.iter().find(|attribute| {
            let name = attribute.path().segments.last();
            name.is_some_and(|name| GUARDS.iter().any(|guard| name.ident == guard))
        });
        let second_guard = second_guard.map(|attribute| {
            Error::new_spanned(
                attribute,
                "one function has one guard: remove this one or the other",
            )
        });
        collect(receiver.into_iter().chain(second_guard))
    }

    /// Under `#[public]` nobody has been authenticated, so there is no `Identity` to be had.
    pub(crate) fn check_public(&self) -> Result<()> {
        let identities = self.signature.inputs.iter().filter_map(|argument| match argument {
            FnArg::Typed(argument) if is_identity(&argument.ty) => Some(&argument.ty),
            _ => None,
        });
        collect(identities.map(|r#type| {
            Error::new_spanned(
                r#type,
                "a public route has no `Identity`: take `MaybeIdentity`, which is `None` for an \
                 anonymous caller, or put `#[authenticated]` above the function",
            )
        }))
    }

    /// The function with one argument in front.
    pub(crate) fn with_first_argument(&self, argument: TokenStream) -> TokenStream {
        let Self { attributes, visibility, signature, body } = self;
        let mut signature = signature.clone();
        let at = usize::from(signature.receiver().is_some());
        signature.inputs.insert(at, FnArg::Typed(syn::parse_quote!(_: #argument)));
        quote!(#(#attributes)* #visibility #signature #body)
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

fn collect(errors: impl Iterator<Item = Error>) -> Result<()> {
    let all = errors.reduce(|mut all, error| {
        all.combine(error);
        all
    });
    all.map_or(Ok(()), Err)
}
