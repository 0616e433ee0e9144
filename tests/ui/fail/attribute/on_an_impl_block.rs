use auth_core::authenticated;

struct Posts;

#[authenticated]
impl Posts {
    async fn list() {}
}

fn main() {}
