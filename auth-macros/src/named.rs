//! `policy!`: an expression with a name.

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::parse::ParseStream;
use syn::{Attribute, Error, Ident, Result, Token, Visibility};

use crate::errors::{Errors, with_errors};
use crate::expression::Expression;
use crate::root::Root;

const EXPECTED: &str = "a name, `=` and an expression, such as `pub Editor = role(\"editor\")`";

/// ```ignore
/// // Input:
/// pub Editor = role("editor") || admin
///
/// // Output:
/// #[derive(Debug)]
/// pub enum Editor {}
/// impl ::auth_core::__private::Named for Editor {
///     type Rule = ::auth_core::__private::Any<(/* ... */)>;
///     const NAME: ::core::option::Option<&'static str> = ::core::option::Option::Some("Editor");
/// }
/// ```
pub(crate) fn expand(input: TokenStream) -> TokenStream {
    with_errors(input, definitions)
}

fn definitions(input: ParseStream<'_>, errors: &mut Errors) -> Result<TokenStream> {
    let root = Root::parse_leading(input)?;
    if input.is_empty() {
        return Err(Error::new(Span::call_site(), format!("expected {EXPECTED}")));
    }
    let mut definitions = TokenStream::new();
    while !input.is_empty() {
        definitions.extend(definition(input, &root, errors)?);
        if !input.is_empty() {
            input.parse::<Token![;]>().map_err(|error| {
                Error::new(error.span(), "expected `&&`, `||`, or `;` and another policy")
            })?;
        }
    }
    Ok(definitions)
}

fn definition(input: ParseStream<'_>, root: &Root, errors: &mut Errors) -> Result<TokenStream> {
    let attributes = input.call(Attribute::parse_outer)?;
    let visibility: Visibility = input.parse()?;
    let expected = |error: Error| Error::new(error.span(), format!("expected {EXPECTED}"));
    let name: Ident = input.parse().map_err(expected)?;
    input.parse::<Token![=]>().map_err(expected)?;
    if !name.to_string().starts_with(char::is_uppercase) {
        let message = "a policy is a type: its name starts with a capital letter";
        errors.push(Error::new(name.span(), message));
    }
    let expression = Expression::parse(input, errors)?;
    expression.note_name(&name, errors);
    let rule = match expression {
        all @ Expression::All(_) => all,
        // `weaken` looks for parts of `All`: a single policy is one, too.
        other => Expression::All(vec![other]),
    };
    let rule = rule.to_type(root);
    let text = name.to_string();
    Ok(quote! {
        #(#attributes)*
        #[derive(Debug)]
        #visibility enum #name {}

        impl #root::__private::Named for #name {
            type Rule = #rule;
            const NAME: ::core::option::Option<&'static str> = ::core::option::Option::Some(#text);
        }
    })
}
