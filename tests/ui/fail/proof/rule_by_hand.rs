//! What a guard proves is for the crate to say: neither the trait can be implemented, nor the answer
//! be made.

use auth_core::Identity;
use auth_core::policy::{Admin, Asked, Expression, NoState, Notes, Rule};

struct Open;

impl Rule for Open {
    type Caller = Identity;
    type State = NoState;
    const LOOKS_AT_REQUEST: bool = false;

    fn now(_: &Asked<'_, Identity>) -> Option<auth_core::policy::Verdict> {
        Some(auth_core::policy::Verdict::ALLOW)
    }

    fn describe(notes: &mut Notes) -> Expression {
        Admin::describe(notes)
    }
}

fn main() {}
