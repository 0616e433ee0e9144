//! Functions of types and of modules are guarded as free ones are.

#![deny(warnings)]

use auth_core::axum::{Router, get};
use auth_core::{Auth, authenticated, public, require};

struct Posts;

impl Posts {
    #[authenticated]
    async fn associated() -> &'static str {
        Self::TEXT
    }

    #[public(reason = "the text travels in the type, for nothing can stand beside a method")]
    pub async fn open() -> Self {
        Self
    }

    const TEXT: &'static str = "ok";
}

impl axum::response::IntoResponse for Posts {
    fn into_response(self) -> axum::response::Response {
        Self::TEXT.into_response()
    }
}

mod inner {
    pub use ::auth_core as renamed;

    #[renamed::authenticated]
    pub async fn by_path() {}

    pub mod innermost {
        #[super::renamed::require(role("editor"))]
        pub(crate) async fn by_a_longer_path() {}
    }
}

/// Those that a macro writes.
macro_rules! handlers {
    ($($name:ident $role:literal $seconds:literal $own:path;)*) => {$(
        #[require(role($role) && fresh($seconds) && $own)]
        async fn $name() {}
    )*};
}

struct Local;

impl auth_core::policy::Predicate for Local {
    fn holds(_caller: &auth_core::Identity) -> bool {
        true
    }
}

handlers! {
    editors "editor" 300 Local;
    authors "author" 600 crate::Local;
}

fn main() {
    let _: Router<Auth> = Router::new()
        .route("/1", get(Posts::associated))
        .route("/2", get(Posts::open))
        .route("/3", get(inner::by_path))
        .route("/4", get(inner::innermost::by_a_longer_path))
        .route("/5", get(editors).post(authors));
}
