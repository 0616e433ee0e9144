//! What stands in the brackets of an attribute.

use proc_macro2::{Span, TokenStream};
use syn::parse::{Parse, ParseStream, Parser};
use syn::{Error, Ident, LitStr, Result, Token};

/// As many bytes as `auth_core::policy::Text` holds.
const MAX_REASON_LEN: usize = 128;

/// The attribute takes no arguments.
pub(crate) fn none(args: TokenStream, attribute: &str) -> Result<()> {
    match args.into_iter().next() {
        None => Ok(()),
        Some(token) => Err(Error::new(
            token.span(),
            format!("`#[{attribute}]` takes no arguments; write it without the parentheses"),
        )),
    }
}

/// The `reason = "..."` of `#[public]`.
pub(crate) fn reason(args: TokenStream) -> Result<String> {
    if args.is_empty() {
        return Err(Error::new(
            Span::call_site(),
            "say why everybody may: `#[public(reason = \"load balancer probe\")]`",
        ));
    }
    let Reason(text) = Reason::parse.parse2(args)?;
    let reason = text.value();
    if reason.trim().is_empty() {
        return Err(Error::new(text.span(), "the reason is empty; say why everybody may"));
    }
    if reason.contains(char::is_control) {
        return Err(Error::new(text.span(), "the reason stands in a table: keep it on one line"));
    }
    if reason.len() > MAX_REASON_LEN {
        return Err(Error::new(
            text.span(),
            format!("the reason has {} bytes; keep it to {MAX_REASON_LEN}", reason.len()),
        ));
    }
    Ok(reason)
}

struct Reason(LitStr);

impl Parse for Reason {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let expected = "expected `reason = \"...\"`";
        let name: Ident = input.parse().map_err(|error| Error::new(error.span(), expected))?;
        if name != "reason" {
            return Err(Error::new(name.span(), expected));
        }
        input.parse::<Token![=]>().map_err(|error| Error::new(error.span(), expected))?;
        let text = input.parse().map_err(|error: Error| Error::new(error.span(), expected))?;
        input.parse::<Option<Token![,]>>()?;
        if !input.is_empty() {
            return Err(input.error("`reason` is the only argument"));
        }
        Ok(Self(text))
    }
}
