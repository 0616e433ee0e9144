//! The path of `auth_core`, in all that is written here.

use proc_macro2::{Ident, Punct, Spacing, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::parse::ParseStream;
use syn::{Error, Path, Result, Token};

/// As tokens, not as a stream: the compiler is asked for every copy of a stream.
#[derive(Clone)]
pub(crate) struct Root(Vec<TokenTree>);

impl Root {
    /// A path that means the same wherever the attribute stands.
    pub(crate) fn parse(input: ParseStream<'_>) -> Result<Self> {
        let path = Path::parse_mod_style(input).map_err(|error| {
            Error::new(error.span(), "expected a path without quotes, such as `crate = ::path`")
        })?;
        let first = path.segments.first().map(|segment| segment.ident.to_string());
        if path.leading_colon.is_none() && first.as_deref() != Some("crate") {
            return Err(Error::new_spanned(
                path,
                "the path of `auth_core` starts with `::` or `crate`, such as `::path`: it has to mean the \
                 same everywhere",
            ));
        }
        Ok(Self(path.into_token_stream().into_iter().collect()))
    }

    /// `crate = ::path;` in front of what a function-like macro takes.
    pub(crate) fn parse_leading(input: ParseStream<'_>) -> Result<Self> {
        if !(input.peek(Token![crate]) && input.peek2(Token![=])) {
            return Ok(Self::default());
        }
        let root = Self::parse_option(input)?;
        input.parse::<Token![;]>()?;
        Ok(root)
    }

    /// `crate = ::path`.
    pub(crate) fn parse_option(input: ParseStream<'_>) -> Result<Self> {
        input.parse::<Token![crate]>()?;
        input.parse::<Token![=]>()?;
        Self::parse(input)
    }

    /// Where something else stands, so that a mistake is told there.
    pub(crate) fn at(mut self, span: Span) -> Self {
        for token in &mut self.0 {
            token.set_span(token.span().located_at(span));
        }
        self
    }
}

/// `::auth_core`.
impl Default for Root {
    fn default() -> Self {
        let name = Ident::new("auth_core", Span::call_site());
        let colon = |spacing| Punct::new(':', spacing).into();
        Self(vec![colon(Spacing::Joint), colon(Spacing::Alone), name.into()])
    }
}

impl ToTokens for Root {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.extend(self.0.iter().cloned());
    }
}
