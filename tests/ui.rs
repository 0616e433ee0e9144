//! What compiles, and what the compiler says where it does not.

/// One after the other, so that what they depend on is built once.
#[test]
fn guarded_functions_compile_and_mistakes_are_told_where_they_stand() {
    let cases = trybuild::TestCases::new();
    cases.pass("tests/ui/pass/*.rs");
    if rustversion::cfg!(stable(1.95)) {
        cases.compile_fail("tests/ui/fail/**/*.rs");
    } else {
        eprintln!("not checked: the messages are those of Rust 1.95");
    }
}
