use auth_core::policy;

policy! {
    pub Editor = rol("editor");
    pub Author = admn;
}

fn main() {}
