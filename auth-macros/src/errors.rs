//! Several mistakes, told at once.

use proc_macro2::TokenStream;
use syn::parse::{ParseStream, Parser};
use syn::{Error, Result};

#[derive(Default)]
pub(crate) struct Errors(Option<Error>);

/// What `expand` makes of the input, and beside it what it complains of.
pub(crate) fn with_errors(
    input: TokenStream,
    expand: impl FnOnce(ParseStream<'_>, &mut Errors) -> Result<TokenStream>,
) -> TokenStream {
    let mut errors = Errors::default();
    let expanded = (|input: ParseStream<'_>| expand(input, &mut errors)).parse2(input);
    let expanded = expanded.unwrap_or_else(|error| {
        errors.push(error);
        TokenStream::new()
    });
    errors.into_tokens().into_iter().chain([expanded]).collect()
}

impl Errors {
    pub(crate) fn push(&mut self, error: Error) {
        match &mut self.0 {
            Some(errors) => errors.combine(error),
            None => self.0 = Some(error),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// A `compile_error!` for each.
    pub(crate) fn into_tokens(self) -> Option<TokenStream> {
        self.0.map(Error::into_compile_error)
    }
}
