use auth_core::authenticated;

#[authenticated]
trait Posts {
    async fn list();
}

fn main() {}
