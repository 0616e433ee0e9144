use auth_core::policy;

policy! {
    pub Editor = role("editor"),
    pub Author = role("author"),
}

fn main() {}
