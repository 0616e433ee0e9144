//! That a handler has a guard is for its first argument to say.

use auth_core::axum::GuardFirst;
use auth_core::policy::Admin;

struct Naked;

impl<T> GuardFirst<T> for Naked {
    type Policy = Admin;

    fn name(_: ()) -> &'static str {
        "guarded, on my word"
    }
}

fn main() {}
