//! What stands in the brackets of an attribute.

use proc_macro2::{Span, TokenStream};
use syn::buffer::Cursor;
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Error, Expr, Ident, LitStr, Result, Token};

use crate::errors::Errors;
use crate::expand::GuardAttribute;
use crate::expression::{self, Expression};
use crate::root::Root;
use crate::text;

/// The arguments of an attribute: `#[require(EXPRESSION, via = ctx, crate = ::path)]`.
#[derive(Default)]
pub(crate) struct Args {
    pub(crate) expression: Option<Expression>,
    /// Its first token, and its last.
    pub(crate) expression_ends: Option<(Span, Span)>,
    pub(crate) reason: Option<LitStr>,
    /// What the caller is asked of, in a function that is no handler.
    pub(crate) via: Option<Expr>,
    root: Option<Root>,
}

const VIA_AND_CRATE: &str = "`via = ctx` and `crate = ::path`";

/// What an attribute takes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Takes {
    /// `via` and `crate`.
    Options,
    /// An expression before them.
    Expression,
    /// `reason` and `crate`.
    Reason,
}

impl Args {
    /// Reads as much as can be read, and notes what is wrong with the rest.
    pub(crate) fn parse(attribute: GuardAttribute, args: TokenStream, errors: &mut Errors) -> Self {
        if args.is_empty() {
            match attribute.takes() {
                Takes::Options => {}
                Takes::Expression => errors.push(Error::new(
                    Span::call_site(),
                    "say what is required, such as `#[require(role(\"editor\") || admin)]`; for \
                     whoever is signed in, there is `#[authenticated]`",
                )),
                Takes::Reason => errors.push(Error::new(
                    Span::call_site(),
                    "say why everybody may: `#[public(reason = \"load balancer probe\")]`",
                )),
            }
            return Self::default();
        }
        let mut parsed = Self::default();
        let parser = |input: ParseStream<'_>| parsed.read(attribute, input, errors);
        if let Err(error) = parser.parse2(args) {
            errors.push(error);
        }
        parsed
    }

    fn read(
        &mut self,
        attribute: GuardAttribute,
        input: ParseStream<'_>,
        errors: &mut Errors,
    ) -> Result<()> {
        let takes = attribute.takes();
        if takes == Takes::Expression && !is_option(input) {
            let begin = input.cursor();
            self.expression = Some(Expression::parse(input, errors)?);
            self.expression_ends = Some(ends(begin, input.cursor()));
            if input.is_empty() {
                return Ok(());
            }
            input.parse::<Token![,]>().map_err(|error| {
                Error::new(
                    error.span(),
                    "expected `&&`, `||`, or `,` and an option such as `via = ctx`",
                )
            })?;
        }
        while !input.is_empty() {
            self.read_option(attribute, input)?;
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        match takes {
            Takes::Expression if self.expression.is_none() => {
                Err(Error::new(Span::call_site(), "say what is required before the options"))
            }
            Takes::Reason if self.reason.is_none() => {
                Err(Error::new(Span::call_site(), "expected `reason = \"...\"`"))
            }
            _ => Ok(()),
        }
    }

    fn read_option(&mut self, attribute: GuardAttribute, input: ParseStream<'_>) -> Result<()> {
        let takes = attribute.takes();
        let unknown = |span| Error::new(span, unknown_option(attribute));
        let name = input.call(Ident::parse_any).map_err(|error| unknown(error.span()))?;
        let given = match name.to_string().as_str() {
            "crate" => self.root.is_some(),
            "reason" => self.reason.is_some(),
            "via" => self.via.is_some(),
            _ => false,
        };
        if given {
            return Err(Error::new(name.span(), format!("`{name}` is given twice; keep one")));
        }
        match (name.to_string().as_str(), takes) {
            ("crate", _) => {
                assignment(&name, input)?;
                self.root = Some(Root::parse(input)?);
            }
            ("reason", Takes::Reason) => {
                assignment(&name, input)?;
                self.reason = Some(input.parse().map_err(|error: Error| {
                    Error::new(error.span(), "expected `reason = \"...\"`")
                })?);
            }
            ("via", Takes::Options | Takes::Expression) => {
                assignment(&name, input)?;
                self.via = Some(input.parse()?);
            }
            (policy, Takes::Options | Takes::Expression)
                if expression::takes_text(policy) && input.peek(Token![=]) =>
            {
                let message = format!("`{name}` is a policy: write `#[require({name}(\"..\"))]`");
                return Err(Error::new(name.span(), message));
            }
            _ => return Err(unknown(name.span())),
        }
        Ok(())
    }

    pub(crate) fn root(&self) -> Root {
        self.root.clone().unwrap_or_default()
    }

    /// The reason, if it can stand in a table.
    pub(crate) fn checked_reason(&self, errors: &mut Errors) -> String {
        let Some(literal) = &self.reason else { return String::new() };
        let reason = literal.value();
        if reason.trim().is_empty() {
            errors.push(Error::new(literal.span(), "the reason is empty; say why everybody may"));
        }
        if let Err(error) = text::check(&reason, literal.span()) {
            errors.push(error);
            return String::new();
        }
        reason
    }
}

fn unknown_option(attribute: GuardAttribute) -> String {
    let (known, joined) = match attribute.takes() {
        Takes::Reason => ("`reason = \"...\"` and `crate = ::path`", ""),
        Takes::Options => (VIA_AND_CRATE, ""),
        Takes::Expression => (VIA_AND_CRATE, "; policies are joined by `&&` and `||`"),
    };
    format!("`#[{}]` takes {known}, nothing else here{joined}", attribute.name())
}

/// The first token from `begin` on, and the last before `end`.
fn ends(begin: Cursor<'_>, end: Cursor<'_>) -> (Span, Span) {
    let (first, mut last) = (begin.span(), begin.span());
    let mut rest = begin;
    while let Some((token, next)) = rest.token_tree().filter(|_| rest != end) {
        last = token.span();
        rest = next;
    }
    (first, last)
}

/// An option is a name and `=`, which no expression begins with.
fn is_option(input: ParseStream<'_>) -> bool {
    input.peek(Ident::peek_any) && input.peek2(Token![=])
}

fn assignment(name: &Ident, input: ParseStream<'_>) -> Result<()> {
    let equals = input.parse::<Token![=]>();
    equals.map(drop).map_err(|error| Error::new(error.span(), format!("expected `{name} = ..`")))
}
