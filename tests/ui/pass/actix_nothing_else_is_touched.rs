//! The function stays as it was written, but for its first argument.

#![deny(warnings)]

use std::fmt::Display;
use std::rc::Rc;

use actix_web::Responder;
use actix_web::error::ErrorBadRequest;
use actix_web::web::Path;
use auth_core::actix::{Router, get};
use auth_core::{authenticated, require_admin};

#[require_admin]
async fn with_generics<T, const N: usize>(id: Path<T>) -> impl Responder
where
    T: Display,
{
    format!("{id} {N}")
}

#[authenticated]
async fn with_question_mark(body: String) -> actix_web::Result<String> {
    let number: u32 = body.parse().map_err(|_| ErrorBadRequest("no number"))?;
    Ok(number.to_string())
}

#[authenticated]
async fn that_stays_on_its_thread() -> String {
    let text = Rc::new("ok".to_owned());
    std::future::ready(()).await;
    text.to_string()
}

#[authenticated]
fn not_async() -> std::future::Ready<&'static str> {
    std::future::ready("ok")
}

struct Posts;

impl Posts {
    #[authenticated]
    async fn associated() -> &'static str {
        Self::TEXT
    }

    const TEXT: &'static str = "ok";
}

fn main() {
    let _ = Router::new()
        .route("/1/{id}", get(with_generics::<u32, 3>))
        .route("/2", get(with_question_mark))
        .route("/3", get(that_stays_on_its_thread))
        .route("/4", get(not_async))
        .route("/5", get(Posts::associated));
}
