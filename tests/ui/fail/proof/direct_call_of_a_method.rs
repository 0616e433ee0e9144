use auth_core::authenticated;

struct Posts;

impl Posts {
    #[authenticated]
    pub async fn list() -> &'static str {
        "secret"
    }
}

async fn around_the_guard() -> &'static str {
    Posts::list().await
}

fn main() {}
