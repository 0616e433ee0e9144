//! `#[derive(Permissions)]`: permissions as the variants of an enum.

use proc_macro2::TokenStream;
use quote::quote;
use syn::parse::ParseStream;
use syn::punctuated::Punctuated;
use syn::{
    Attribute, Error, Fields, Generics, Ident, LitStr, Result, Token, Variant, Visibility, braced,
};

use crate::errors::{Errors, with_errors};
use crate::root::Root;
use crate::text;

/// ```ignore
/// // Input:
/// enum Can {
///     #[permission("posts:write")]
///     Publish,
/// }
///
/// // Output, beside it:
/// impl ::auth_core::__private::Permissions for Can {
///     const NAMES: &'static [&'static str] = &["posts:write"];
/// }
/// ```
pub(crate) fn expand(input: TokenStream) -> TokenStream {
    with_errors(input, implementation)
}

fn implementation(input: ParseStream<'_>, errors: &mut Errors) -> Result<TokenStream> {
    let attributes = input.call(Attribute::parse_outer)?;
    input.parse::<Visibility>()?;
    input
        .parse::<Token![enum]>()
        .map_err(|error| Error::new(error.span(), "permissions are the variants of an `enum`"))?;
    let name: Ident = input.parse()?;
    let generics: Generics = input.parse()?;
    if !generics.params.is_empty() {
        return Err(Error::new_spanned(generics, "an enum of permissions has no parameters"));
    }
    let body;
    braced!(body in input);
    let variants = Punctuated::<Variant, Token![,]>::parse_terminated(&body)?;
    let root = root(&attributes)?;

    let mut names: Vec<String> = Vec::new();
    for variant in &variants {
        match permission(variant) {
            Ok(literal) if names.contains(&literal.value()) => {
                errors.push(Error::new(literal.span(), "another variant has this name already"));
            }
            Ok(literal) => names.push(literal.value()),
            Err(error) => errors.push(error),
        }
    }
    Ok(quote! {
        impl #root::__private::Permissions for #name {
            const NAMES: &'static [&'static str] = &[#(#names),*];
        }
    })
}

fn permission(variant: &Variant) -> Result<LitStr> {
    if !matches!(variant.fields, Fields::Unit) {
        return Err(Error::new_spanned(&variant.fields, "a permission has no fields"));
    }
    if let Some((equals, _)) = &variant.discriminant {
        return Err(Error::new_spanned(equals, "a permission has no number of its own"));
    }
    let mut attributes =
        variant.attrs.iter().filter(|attribute| attribute.path().is_ident("permission"));
    let attribute = attributes.next();
    if let Some(second) = attributes.next() {
        return Err(Error::new_spanned(second, "a permission has one name; make another variant"));
    }
    let missing = || {
        let name = &variant.ident;
        let message = format!(
            "say how tokens call it: `#[permission(\"..\")]` above `{name}`, with the slug from the dashboard"
        );
        Error::new_spanned(name, message)
    };
    let attribute = attribute.ok_or_else(missing)?;
    let literal: LitStr = attribute.parse_args().map_err(|error| {
        Error::new(
            error.span(),
            "expected `#[permission(\"..\")]`, with the slug from the dashboard",
        )
    })?;
    text::check_compared(&literal)?;
    Ok(literal)
}

/// `#[permissions(crate = ::path)]` on the enum.
fn root(attributes: &[Attribute]) -> Result<Root> {
    let mut attributes =
        attributes.iter().filter(|attribute| attribute.path().is_ident("permissions"));
    let Some(attribute) = attributes.next() else { return Ok(Root::default()) };
    if let Some(second) = attributes.next() {
        return Err(Error::new_spanned(second, "`crate` is given twice; keep one"));
    }
    attribute.parse_args_with(Root::parse_option)
}
