use auth_core::{authenticated, public, require_admin};

#[authenticated(role = "editor")]
async fn editors() {}

#[require_admin("example.com")]
async fn administrators() {}

#[public]
async fn without_a_reason() {}

#[public(reason = "")]
async fn with_an_empty_reason() {}

#[public(reason = " \n")]
async fn with_a_blank_reason() {}

#[public(because = "probe")]
async fn with_another_name() {}

#[public(reason: "probe")]
async fn with_a_colon() {}

#[public(reason = probe)]
async fn without_quotes() {}

#[public("probe")]
async fn without_a_name() {}

#[public(reason = "probe", and = "more")]
async fn with_more() {}

#[public(reason = "two\nlines")]
async fn on_two_lines() {}

#[public(reason = "a reason that goes on and on and on and on and on and on and on and on and on and on and on and on and on and on and on and on and on")]
async fn with_a_long_reason() {}

fn main() {}
