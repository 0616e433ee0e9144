//! Sessions as a browser has them, against `auth-dev`, on both frameworks.

/// Each function as two tests, named after it and the framework.
macro_rules! on_both {
    ($($name:ident),+ $(,)?) => {
        $(mod $name {
            use crate::sessions::service::Framework;

            #[tokio::test]
            async fn axum() {
                super::$name(Framework::Axum).await;
            }

            #[tokio::test]
            async fn actix() {
                super::$name(Framework::Actix).await;
            }
        })+
    };
}

mod browser;
mod callback;
mod in_store;
mod journey;
mod logs;
mod observed;
mod refresh;
mod requests;
mod return_path;
mod revocation;
mod service;
mod several;
mod store;
mod wiring;
