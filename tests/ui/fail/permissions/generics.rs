use auth_core::Permissions;

#[derive(Permissions)]
enum Can<T> {
    #[permission("posts:write")]
    Write,
}

fn main() {}
