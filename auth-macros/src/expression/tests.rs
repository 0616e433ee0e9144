//! Random expressions, read by this crate and by Rust's own grammar: they must mean the same.

use proptest::prelude::*;
use quote::ToTokens;
use syn::parse::{ParseStream, Parser};
use syn::{BinOp, Expr, ExprBinary, ExprCall, ExprParen, ExprUnary, Lit, UnOp};

use crate::errors::Errors;
use crate::expression::{Expression, Leaf};

/// Roles that a caller has, out of `a` to `d`.
type Has = [bool; 4];

fn has(roles: Has, role: &str) -> bool {
    roles[usize::from(role.as_bytes()[0] - b'a')]
}

fn as_we_read(expression: &Expression, roles: Has) -> bool {
    match expression {
        Expression::Any(parts) => parts.iter().any(|part| as_we_read(part, roles)),
        Expression::All(parts) => parts.iter().all(|part| as_we_read(part, roles)),
        Expression::Not(part) => !as_we_read(part, roles),
        Expression::Leaf(Leaf::Text { text, .. }) => has(roles, text),
        Expression::Leaf(_) => panic!("only roles are generated"),
    }
}

fn as_rust_reads(expression: &Expr, roles: Has) -> bool {
    let read = |expression: &Expr| as_rust_reads(expression, roles);
    match expression {
        Expr::Binary(ExprBinary { left, op: BinOp::Or(_), right, .. }) => read(left) || read(right),
        Expr::Binary(ExprBinary { left, op: BinOp::And(_), right, .. }) => {
            read(left) && read(right)
        }
        Expr::Unary(ExprUnary { op: UnOp::Not(_), expr, .. }) => !read(expr),
        Expr::Paren(ExprParen { expr, .. }) => read(expr),
        Expr::Call(ExprCall { args, .. }) => match args.first() {
            Some(Expr::Lit(literal)) => match &literal.lit {
                Lit::Str(text) => has(roles, &text.value()),
                _ => panic!("only texts are generated"),
            },
            _ => panic!("only texts are generated"),
        },
        other => panic!("{}", other.to_token_stream()),
    }
}

/// Text with parentheses in some places and not in others.
fn expression() -> impl Strategy<Value = String> {
    let role =
        prop::sample::select(vec!["a", "b", "c", "d"]).prop_map(|role| format!("role({role:?})"));
    role.prop_recursive(5, 24, 3, |part| {
        let joined = |operator: &'static str| {
            prop::collection::vec(part.clone(), 2..4).prop_map(move |parts| parts.join(operator))
        };
        prop_oneof![
            joined(" || "),
            joined(" && "),
            part.clone().prop_map(|part| format!("({part})")),
            part.clone().prop_map(|part| format!("!({part})")),
            part.clone().prop_map(|part| format!("!{part}")),
        ]
    })
}

proptest! {
    #[test]
    fn an_expression_means_what_it_means_in_rust(text in expression()) {
        let mut errors = Errors::default();
        let ours = (|input: ParseStream<'_>| Expression::parse(input, &mut errors)).parse_str(&text).unwrap();
        prop_assume!(errors.into_tokens().is_none(), "more parts than are taken side by side");
        let rusts: Expr = syn::parse_str(&text).unwrap();
        for bits in 0..16_u8 {
            let roles = [0, 1, 2, 3].map(|at| bits >> at & 1 == 1);
            prop_assert_eq!(as_we_read(&ours, roles), as_rust_reads(&rusts, roles), "{:?} of {}", roles, &text);
        }
    }
}
