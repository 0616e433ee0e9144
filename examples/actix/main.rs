//! A guarded service: `cargo run --example actix`. What it takes from the environment is told in
//! `examples/.env.example`.

mod api;
#[path = "../common/mod.rs"]
mod common;
mod page;
#[path = "../common/posts.rs"]
mod posts;
mod request_id;

use std::error::Error;
use std::process::ExitCode;
use std::sync::Arc;

use actix_cors::Cors;
use actix_web::http::header::{AUTHORIZATION, HeaderValue, RETRY_AFTER};
use actix_web::middleware::{Condition, from_fn};
use actix_web::web::Data;
use actix_web::{App, HttpServer};

use self::posts::Posts;

#[actix_web::main]
async fn main() -> ExitCode {
    common::exit_code(run().await)
}

async fn run() -> Result<(), Box<dyn Error>> {
    let start = common::start().await?;
    let mut routes = api::routes(start.auth.clone(), Posts::new())
        .fallback(page::page)
        .app_data(Data::from(Arc::clone(&start.page)));
    if let Some(sessions) = &start.sessions {
        routes = routes.sessions(sessions);
    }
    let app = routes.finish()?;
    start.announce(app.access_table())?;
    // actix has another version of the crate `http`.
    let origin = start.page_origin.as_ref().map(|origin| origin.as_bytes().to_vec());
    let origin = origin.map(|origin| HeaderValue::from_bytes(&origin)).transpose()?;
    let server = HttpServer::new(move || {
        App::new()
            .wrap(Condition::new(origin.is_some(), cors(origin.clone())))
            .wrap(from_fn(request_id::with_id))
            .service(app.clone())
    });
    // Requests that are under way when a signal comes are answered before the service ends.
    server.listen(start.listener.into_std()?)?.run().await?;
    Ok(())
}

/// For a page on another origin, which bears tokens and no cookies.
fn cors(origin: Option<HeaderValue>) -> Cors {
    Cors::default()
        .allowed_origin_fn(move |asking, _| Some(asking) == origin.as_ref())
        .allowed_methods(["GET", "DELETE"])
        .allowed_header(AUTHORIZATION)
        .expose_headers([RETRY_AFTER])
}
