//! Guards above the route attributes of actix-web, which make a structure of the function.

use proc_macro2::TokenStream;
use quote::quote;
use syn::parse::ParseStream;
use syn::{Attribute, Ident, LitStr, Result, Token};

use crate::function::Function;
use crate::root::Root;

/// Each takes the path first.
const ROUTE_ATTRIBUTES: [&str; 10] =
    ["get", "post", "put", "patch", "delete", "head", "options", "trace", "connect", "route"];

/// ```ignore
/// // Input, below the guard:
/// #[get("/me")]
/// async fn me() -> &'static str { "me" }
///
/// // Output, beside the function:
/// impl ::auth_core::__private::actix::GuardedService for me {
///     const ROUTES: &'static [(&'static str, &'static str)] = &[("GET", "/me")];
///     fn guard() -> GuardOfService { GuardOfService::new::<Authenticated>() }
///     fn service() -> Self { me }
/// }
/// ```
///
/// Nothing, if the function has no such attribute.
pub(crate) fn guarded_service(
    function: &Function,
    policy: &TokenStream,
    root: &Root,
) -> Option<TokenStream> {
    let routes: Vec<TokenStream> = function.attributes.iter().flat_map(routes).collect();
    if routes.is_empty() {
        return None;
    }
    let name = &function.name;
    let conditions =
        function.attributes.iter().filter(|attribute| attribute.path().is_ident("cfg"));
    Some(quote! {
        #(#conditions)*
        impl #root::__private::actix::GuardedService for #name {
            const ROUTES: &'static [(&'static str, &'static str)] = &[#(#routes),*];

            fn guard() -> #root::__private::actix::GuardOfService {
                #root::__private::actix::GuardOfService::new::<#policy>()
            }

            fn service() -> Self {
                #name
            }
        }
    })
}

/// The methods and paths of an attribute. What cannot be read, actix complains of.
fn routes(attribute: &Attribute) -> Vec<TokenStream> {
    let Some(name) = attribute.path().segments.last().map(|name| name.ident.to_string()) else {
        return Vec::new();
    };
    if !ROUTE_ATTRIBUTES.contains(&name.as_str()) {
        return Vec::new();
    }
    let Ok((path, mut methods)) = attribute.parse_args_with(path_and_methods) else {
        return Vec::new();
    };
    if name != "route" {
        methods = vec![name.to_uppercase()];
    }
    methods.iter().map(|method| quote!((#method, #path))).collect()
}

/// `"/path", method = "GET", name = "..", guard = "..", wrap = ".."`.
fn path_and_methods(input: ParseStream<'_>) -> Result<(LitStr, Vec<String>)> {
    let path = input.parse()?;
    let mut methods = Vec::new();
    while input.parse::<Option<Token![,]>>()?.is_some() && !input.is_empty() {
        let option: Ident = input.parse()?;
        input.parse::<Token![=]>()?;
        let value: LitStr = input.parse()?;
        if option == "method" {
            methods.push(value.value());
        }
    }
    Ok((path, methods))
}
