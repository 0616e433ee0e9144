use auth_core::authenticated;

struct Posts;

impl Posts {
    #[authenticated]
    async fn list(&self) {}
}

fn main() {}
