use auth_core::Guard;

struct Editor;

async fn publish(_: Guard<Editor>) {}

fn main() {}
