//! What `#[require(...)]` and `policy!` take: policies, joined by `||`, `&&`, `!` and parentheses.
//!
//! Precedence is that of Rust. It is parsed here, and not as a Rust expression, because there
//! `Owns<Account>` would be two comparisons.

#[cfg(test)]
mod tests;

use proc_macro2::{Literal, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::parse::ParseStream;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{
    Error, Expr, ExprLit, ExprPath, Ident, Lit, LitStr, Path, Result, Token, parenthesized, token,
};

use crate::errors::Errors;
use crate::root::Root;
use crate::text;

/// As many as `auth_core::policy::All` and `Any` take side by side.
const MAX_PARTS: usize = 8;

pub(crate) enum Expression {
    Any(Vec<Expression>),
    All(Vec<Expression>),
    Not(Box<Expression>),
    Leaf(Leaf),
}

pub(crate) enum Leaf {
    /// `role("editor")`: a built-in policy, by its type, with a text.
    Text { r#type: Ident, text: String },
    /// `permission(Can::Publish)`.
    Permission(ExprPath),
    /// `fresh(300)`.
    Fresh(Literal),
    /// `admin`, `impersonated`: by its type.
    Word(Ident),
    /// `Owns<Account>`: a policy of the service's own.
    Own(Path),
    /// It has been reported.
    Mistaken,
}

/// The built-in policies that take a text, with their types.
const WITH_TEXT: [(&str, &str); 8] = [
    ("role", "Role"),
    ("permission", "Permission"),
    ("entitlement", "Entitlement"),
    ("feature", "Feature"),
    ("org", "Org"),
    ("org_param", "OrgParam"),
    ("email_domain", "EmailDomain"),
    ("scope", "Scope"),
];

/// Those that take nothing.
const WORDS: [(&str, &str); 2] = [("admin", "Admin"), ("impersonated", "Impersonated")];

const FRESH: &str = "fresh";

/// Whether it is a built-in policy that takes a text.
pub(crate) fn takes_text(name: &str) -> bool {
    type_of(name, &WITH_TEXT).is_some()
}

fn type_of(name: &str, table: &[(&str, &'static str)]) -> Option<&'static str> {
    table.iter().find(|(known, _)| *known == name).map(|(_, r#type)| *r#type)
}

impl Expression {
    pub(crate) fn parse(input: ParseStream<'_>, errors: &mut Errors) -> Result<Self> {
        let mut parts = vec![Self::parse_all(input, errors)?];
        while input.peek(Token![||]) {
            input.parse::<Token![||]>()?;
            note_too_many(&parts, "||", input, errors);
            parts.push(Self::parse_all(input, errors)?);
        }
        Ok(Self::joined(parts, Self::Any))
    }

    fn parse_all(input: ParseStream<'_>, errors: &mut Errors) -> Result<Self> {
        let mut parts = vec![Self::parse_part(input, errors)?];
        while input.peek(Token![&&]) {
            input.parse::<Token![&&]>()?;
            note_too_many(&parts, "&&", input, errors);
            parts.push(Self::parse_part(input, errors)?);
        }
        Ok(Self::joined(parts, Self::All))
    }

    fn joined(mut parts: Vec<Self>, join: impl FnOnce(Vec<Self>) -> Self) -> Self {
        parts.truncate(MAX_PARTS);
        match <[Self; 1]>::try_from(parts) {
            Ok([only]) => only,
            Err(parts) => join(parts),
        }
    }

    fn parse_part(input: ParseStream<'_>, errors: &mut Errors) -> Result<Self> {
        if input.peek(Token![!]) {
            input.parse::<Token![!]>()?;
            let part = Self::parse_part(input, errors)?;
            part.note_fresh(errors);
            return Ok(Self::Not(Box::new(part)));
        }
        if input.peek(token::Paren) {
            let group;
            let parentheses = parenthesized!(group in input);
            if group.is_empty() {
                let message = "a group of no policies; say what is required";
                errors.push(Error::new(parentheses.span.join(), message));
                return Ok(Self::Leaf(Leaf::Mistaken));
            }
            let inner = Self::parse(&group, errors)?;
            return if group.is_empty() { Ok(inner) } else { Err(expected_operator(&group)) };
        }
        Leaf::parse(input, errors).map(Self::Leaf)
    }

    /// A name that stands for itself stands for nothing.
    pub(crate) fn note_name(&self, name: &Ident, errors: &mut Errors) {
        match self {
            Self::Any(parts) | Self::All(parts) => {
                parts.iter().for_each(|part| part.note_name(name, errors));
            }
            Self::Not(part) => part.note_name(name, errors),
            Self::Leaf(Leaf::Own(path)) if path.is_ident(name) => {
                let message = format!("`{name}` cannot stand for itself");
                errors.push(Error::new_spanned(path, message));
            }
            Self::Leaf(_) => {}
        }
    }

    /// Under `!`, which has no meaning for a policy that asks for another sign-in. Named policies are
    /// checked by the compiler.
    fn note_fresh(&self, errors: &mut Errors) {
        match self {
            Self::Any(parts) | Self::All(parts) => {
                parts.iter().for_each(|part| part.note_fresh(errors));
            }
            Self::Leaf(Leaf::Fresh(seconds)) => errors.push(Error::new(
                seconds.span(),
                "`fresh` cannot be negated: it does not deny, it asks for another sign-in",
            )),
            // What stands under another `!` has been noted there.
            Self::Not(_) | Self::Leaf(_) => {}
        }
    }

    /// The type that stands for it.
    pub(crate) fn to_type(&self, root: &Root) -> TokenStream {
        match self {
            // Nothing else could be meant.
            Self::Leaf(Leaf::Own(path)) => quote!(#path),
            _ => self.to_checked_type(root, &quote!(IsPolicy)),
        }
    }

    /// `check` is the trait that says of each policy of the service's own that it may stand here.
    fn to_checked_type(&self, root: &Root, check: &TokenStream) -> TokenStream {
        let join = |name: TokenStream, parts: &[Self]| {
            let parts = parts.iter().map(|part| part.to_checked_type(root, check));
            quote!(#root::__private::#name<(#(#parts,)*)>)
        };
        match self {
            Self::Any(parts) => join(quote!(Any), parts),
            Self::All(parts) => join(quote!(All), parts),
            Self::Not(part) => {
                let part = part.to_checked_type(root, &quote!(IsNegatable));
                quote!(#root::__private::Not<#part>)
            }
            Self::Leaf(leaf) => leaf.to_type(root, check),
        }
    }
}

impl Leaf {
    fn parse(input: ParseStream<'_>, errors: &mut Errors) -> Result<Self> {
        if !(input.peek(Ident)
            || input.peek(Token![::])
            || input.peek(Token![crate])
            || input.peek(Token![self])
            || input.peek(Token![super])
            || input.peek(Token![Self]))
        {
            return Err(input.error("expected a policy, such as `role(\"editor\")`"));
        }
        if input.peek(Ident) && input.peek2(token::Paren) {
            let name: Ident = input.parse()?;
            if !starts_small(&name) {
                return Err(with_arguments(&name));
            }
            let arguments;
            parenthesized!(arguments in input);
            let arguments = Punctuated::<Expr, Token![,]>::parse_terminated(&arguments)?;
            return Ok(Self::call(name, &arguments, errors));
        }
        let path: Path = input.parse()?;
        if input.peek(token::Paren) {
            return Err(with_arguments(&path));
        }
        if let Some(last) = path.segments.last()
            && matches!(last.ident.to_string().as_str(), "Public" | "public")
        {
            let message = "`public` lets in everybody and is no part of an expression: put \
                           `#[public(reason = \"..\")]` above the function, or leave it out here";
            errors.push(Error::new_spanned(&path, message));
            return Ok(Self::Mistaken);
        }
        Ok(match path.get_ident() {
            Some(word) if starts_small(word) => Self::word(word, errors),
            _ => Self::Own(path),
        })
    }

    fn word(word: &Ident, errors: &mut Errors) -> Self {
        let name = word.to_string();
        if let Some(r#type) = type_of(&name, &WORDS) {
            return Self::Word(Ident::new(r#type, word.span()));
        }
        errors.push(match name.as_str() {
            text if takes_text(text) => {
                Error::new(word.span(), format!("`{name}` takes a text: `{name}(\"..\")`"))
            }
            FRESH => Error::new(word.span(), "`fresh` takes a number of seconds: `fresh(300)`"),
            "authenticated" => Error::new(
                word.span(),
                "whoever satisfies a policy is authenticated; leave it out, or put \
                 `#[authenticated]` above the function instead",
            ),
            _ => unknown(word),
        });
        Self::Mistaken
    }

    fn call(name: Ident, arguments: &Punctuated<Expr, Token![,]>, errors: &mut Errors) -> Self {
        let argument = match arguments.first() {
            Some(argument) if arguments.len() == 1 => Some(ungrouped(argument)),
            _ => None,
        };
        let leaf = match (name.to_string().as_str(), argument) {
            (FRESH, argument) => fresh(&name, argument),
            ("permission", Some(Expr::Path(path))) => variant(path),
            (word, _) if type_of(word, &WORDS).is_some() => Err(Error::new(
                name.span(),
                format!("`{word}` takes nothing: write it without the parentheses"),
            )),
            (text, argument) => match type_of(text, &WITH_TEXT) {
                Some(r#type) => with_text(&name, r#type, argument),
                None => Err(unknown(&name)),
            },
        };
        leaf.unwrap_or_else(|error| {
            errors.push(error);
            Self::Mistaken
        })
    }

    fn to_type(&self, root: &Root, check: &TokenStream) -> TokenStream {
        match self {
            Self::Text { r#type, text } => {
                let text = text::packed(text, root);
                quote!(#root::__private::#r#type<#text>)
            }
            Self::Permission(path) => {
                let set = without_last_segment(&path.path);
                // The discriminant of a variant is its place, which the derive makes sure of.
                let set = itself(&set, &quote!(IsPermissions), root);
                quote!(#root::__private::PermissionOf<#set, { #path as usize }>)
            }
            Self::Fresh(seconds) => quote!(#root::__private::Fresh<#seconds>),
            Self::Word(r#type) => quote!(#root::__private::#r#type),
            Self::Own(path) => itself(path, check, root),
            Self::Mistaken => quote!(#root::__private::Authenticated),
        }
    }
}

/// The type by way of a trait that every fitting type implements: so the compiler says where it
/// stands that it does not fit, and says it once.
fn itself(path: &Path, check: &TokenStream, root: &Root) -> TokenStream {
    let span = Span::call_site().located_at(path.span());
    let root = root.clone().at(span);
    quote_spanned!(span=> <#path as #root::__private::#check>::Itself)
}

/// The variant of an enum, with its enum: that has to be named.
fn variant(path: &ExprPath) -> Result<Leaf> {
    if path.path.segments.len() < 2 {
        let variant = path.to_token_stream();
        let message = format!("name the enum as well, such as `permission(Can::{variant})`");
        return Err(Error::new_spanned(path, message));
    }
    Ok(Leaf::Permission(path.clone()))
}

/// Notes the first part that is one too many.
fn note_too_many(
    before: &[Expression],
    operator: &str,
    input: ParseStream<'_>,
    errors: &mut Errors,
) {
    if before.len() == MAX_PARTS {
        let message = format!(
            "more than {MAX_PARTS} policies joined by `{operator}`: put some of them in \
             parentheses, or give them a name by `policy!`"
        );
        errors.push(Error::new(input.span(), message));
    }
}

/// What a macro of the service passes on as a `literal` or a `path` comes in a group of its own.
fn ungrouped(expression: &Expr) -> &Expr {
    match expression {
        Expr::Group(group) => ungrouped(&group.expr),
        other => other,
    }
}

fn fresh(name: &Ident, argument: Option<&Expr>) -> Result<Leaf> {
    let expected = "`fresh` takes a number of seconds: `fresh(300)`";
    let Some(Expr::Lit(ExprLit { lit: Lit::Int(seconds), .. })) = argument else {
        return Err(Error::new(argument.map_or(name.span(), Spanned::span), expected));
    };
    match seconds.base10_parse::<u64>() {
        Ok(0) => Err(Error::new(seconds.span(), "nobody has signed in zero seconds ago")),
        Ok(value) => {
            let mut literal = Literal::u64_unsuffixed(value);
            literal.set_span(seconds.span());
            Ok(Leaf::Fresh(literal))
        }
        Err(_) => Err(Error::new(seconds.span(), expected)),
    }
}

fn with_text(name: &Ident, r#type: &str, argument: Option<&Expr>) -> Result<Leaf> {
    let Some(Expr::Lit(ExprLit { lit: Lit::Str(literal), .. })) = argument else {
        let span = argument.map_or(name.span(), Spanned::span);
        let or_enum =
            if name == "permission" { ", or a variant of your `Permissions`" } else { "" };
        return Err(Error::new(
            span,
            format!("`{name}` takes one text: `{name}(\"..\")`{or_enum}"),
        ));
    };
    check_text(&name.to_string(), literal)?;
    Ok(Leaf::Text { r#type: Ident::new(r#type, name.span()), text: literal.value() })
}

fn check_text(name: &str, literal: &LitStr) -> Result<()> {
    text::check_compared(literal)?;
    let value = literal.value();
    let mistake = |message: &str| Err(Error::new(literal.span(), message));
    if name == "email_domain" && !is_domain(&value) {
        return mistake(
            "give a domain name such as `\"yourdomain.com\"`, without `@`, wildcard or non-ASCII letters",
        );
    }
    if name == "scope"
        && !value.bytes().all(|byte| matches!(byte, b'!'..=b'~') && !b"\"\\".contains(&byte))
    {
        return mistake(
            "a scope is one word of visible ASCII without `\"` and `\\`; join several by `&&`",
        );
    }
    Ok(())
}

/// As `AuthBuilder::admin_domain` has it; what else it refuses, no address has.
fn is_domain(text: &str) -> bool {
    let label = |label: &str| {
        let plain = label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        !label.is_empty() && plain && !label.starts_with('-') && !label.ends_with('-')
    };
    text.contains('.') && text.split('.').all(label)
}

fn unknown(name: &Ident) -> Error {
    let known = WITH_TEXT.iter().chain(&WORDS).map(|(known, _)| *known).chain([FRESH]);
    let text = name.to_string();
    let similarity = |known: &str| strsim::jaro_winkler(known, &text);
    let nearest = known.clone().max_by(|a, b| similarity(a).total_cmp(&similarity(b)));
    let guess = nearest.filter(|known| similarity(known) > 0.8);
    let guess = guess.map_or(".".to_owned(), |known| format!("; did you mean `{known}`?"));
    let known: Vec<String> = known.map(|known| format!("`{known}`")).collect();
    let message = format!(
        "there is no policy `{text}`{guess} There are {}, and the types that implement `Policy` or \
         `Predicate`",
        known.join(", ")
    );
    Error::new(name.span(), message)
}

fn with_arguments(policy: &impl ToTokens) -> Error {
    let message = "a policy of your own is a type and takes no arguments; what it depends on can be \
                   a parameter of the type, such as `Owns<Account>`";
    Error::new_spanned(policy, message)
}

fn starts_small(name: &Ident) -> bool {
    name.to_string().starts_with(|first: char| first.is_lowercase() || first == '_')
}

/// The enum of a variant.
fn without_last_segment(path: &Path) -> Path {
    let mut path = path.clone();
    path.segments.pop();
    path.segments.pop_punct();
    path
}

fn expected_operator(input: ParseStream<'_>) -> Error {
    input.error("expected `&&` or `||`")
}
