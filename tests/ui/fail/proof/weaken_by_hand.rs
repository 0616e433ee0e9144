use auth_core::Guard;
use auth_core::policy::{Authenticated, Implies, Rule, Weaken};

struct OnMyWord;

impl Weaken<Authenticated, OnMyWord> for Guard<Authenticated> {
    fn weaken<Q: Rule>(&self) -> Guard<Q>
    where
        Authenticated: Implies<Q, OnMyWord>,
    {
        unreachable!()
    }
}

fn main() {}
