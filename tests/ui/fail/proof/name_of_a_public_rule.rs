//! A name stands for a rule that asks who the caller is; `Public` asks nobody.

use auth_core::policy::{Named, Public, Text};

struct Probe;

impl Text for Probe {
    const TEXT: &'static str = "probe";
}

struct Staff;

impl Named for Staff {
    type Rule = Public<Probe>;
}

fn main() {}
