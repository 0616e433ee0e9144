use auth_core::authenticated;

trait Posts {
    #[authenticated]
    async fn list();
}

fn main() {}
