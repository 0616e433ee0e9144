use auth_core::authenticated;

fn main() {
    let _handler = #[authenticated]
    || async { "ok" };
}
