//! A policy as its reader sees it.

use std::collections::BTreeSet;
use std::fmt;

/// A policy as an expression, the way `#[require(...)]` has it.
#[doc(hidden)]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expression {
    Leaf(String),
    Not(Box<Expression>),
    All(Vec<Expression>),
    Any(Vec<Expression>),
}

/// What an expression refers to.
#[doc(hidden)]
#[derive(Clone, Debug, Default)]
pub struct Notes {
    /// The named policies in it, with what they stand for.
    pub(crate) definitions: BTreeSet<(String, String)>,
    /// The path parameters that are read.
    pub(crate) parameters: Vec<&'static str>,
    /// Why a route is public.
    pub(crate) reason: Option<&'static str>,
}

impl Expression {
    /// A single part stands for itself.
    pub(super) fn without_frame(self) -> Self {
        match self {
            Self::Any(mut parts) | Self::All(mut parts) if parts.len() == 1 => parts.remove(0),
            other => other,
        }
    }

    /// How tightly its operator binds.
    fn strength(&self) -> u8 {
        match self {
            Self::Any(_) => 0,
            Self::All(_) => 1,
            Self::Leaf(_) | Self::Not(_) => 2,
        }
    }

    /// Puts parentheses around parts that would otherwise be read differently.
    fn write_part(part: &Self, least: u8, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if part.strength() < least { write!(f, "({part})") } else { write!(f, "{part}") }
    }
}

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (parts, operator) = match self {
            Self::Leaf(text) => return f.write_str(text),
            Self::Not(part) => {
                f.write_str("!")?;
                return Self::write_part(part, 2, f);
            }
            Self::All(parts) => (parts, " && "),
            Self::Any(parts) => (parts, " || "),
        };
        for (at, part) in parts.iter().enumerate() {
            if at > 0 {
                f.write_str(operator)?;
            }
            Self::write_part(part, self.strength() + 1, f)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Expression::{All, Any, Leaf, Not};

    #[test]
    fn parentheses_stand_where_they_are_needed() {
        let leaf = |name: &str| Leaf(name.to_owned());
        let (a, b, c) = (leaf("a"), leaf("b"), leaf("c"));
        let and = All(vec![a.clone(), b.clone()]);
        let or = Any(vec![a.clone(), b.clone()]);
        let cases = [
            (Any(vec![and.clone(), c.clone()]), "a && b || c"),
            (All(vec![or.clone(), c.clone()]), "(a || b) && c"),
            (All(vec![c.clone(), and.clone()]), "c && (a && b)"),
            (Not(Box::new(or.clone())), "!(a || b)"),
            (Not(Box::new(a.clone())), "!a"),
            (All(vec![Not(Box::new(and)), c]), "!(a && b) && c"),
            (All(vec![or]).without_frame(), "a || b"),
        ];
        for (expression, text) in cases {
            assert_eq!(expression.to_string(), text);
        }
    }
}
