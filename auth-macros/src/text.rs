//! Text on its way into a type; `auth_core::policy::Packed` unpacks it.

use proc_macro2::{Literal, Span, TokenStream};
use quote::quote;
use syn::{Error, LitStr, Result};

use crate::root::Root;

/// As many bytes as `auth_core::policy::Packed` holds.
const MAX_LEN: usize = 128;

/// How many bytes go into a const argument.
const WORD_LEN: usize = size_of::<u128>();

/// Asks of a text that a claim is compared with.
pub(crate) fn check_compared(literal: &LitStr) -> Result<()> {
    let text = literal.value();
    let mistake = |message: &str| Err(Error::new(literal.span(), message));
    if text.is_empty() {
        return mistake("the text is empty, and nobody has nothing");
    }
    if text.trim() != text {
        return mistake("the text has a space at one end; it is compared to the letter");
    }
    check(&text, literal.span())
}

/// Asks of any text that stands in a type.
pub(crate) fn check(text: &str, span: Span) -> Result<()> {
    if text.contains(moves_text) {
        return Err(Error::new(span, "this stands in a table: keep it on one line"));
    }
    if text.len() > MAX_LEN {
        let message = format!("this has {} bytes; keep it to {MAX_LEN}", text.len());
        return Err(Error::new(span, message));
    }
    Ok(())
}

/// What breaks a line or turns its direction in some viewer; as `auth_core::policy::Text` has it.
fn moves_text(character: char) -> bool {
    character.is_control() || matches!(character, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The type that stands for a text.
pub(crate) fn packed(text: &str, root: &Root) -> TokenStream {
    let len = Literal::usize_unsuffixed(text.len());
    let words = text.as_bytes().chunks(WORD_LEN).map(|chunk| {
        let mut bytes = [0; WORD_LEN];
        for (byte, of_text) in bytes.iter_mut().zip(chunk) {
            *byte = *of_text;
        }
        u128::from_le_bytes(bytes)
    });
    quote!(#root::__private::Packed<#len #(, #words)*>)
}
