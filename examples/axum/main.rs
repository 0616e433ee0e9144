//! A guarded service: `cargo run --example axum`. What it takes from the environment is told in
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

use axum::http::header::{AUTHORIZATION, RETRY_AFTER};
use axum::http::{HeaderValue, Method};
use axum::{Extension, middleware};
use tokio::signal;
use tower_http::cors::CorsLayer;

use self::api::AppState;
use self::posts::Posts;

#[tokio::main]
async fn main() -> ExitCode {
    common::exit_code(run().await)
}

async fn run() -> Result<(), Box<dyn Error>> {
    let start = common::start().await?;
    let mut routes = api::routes().fallback(page::page).layer(Extension(Arc::clone(&start.page)));
    if let Some(sessions) = &start.sessions {
        routes = routes.sessions(sessions);
    }
    if let Some(origin) = &start.page_origin {
        routes = routes.layer(cors(origin.clone()));
    }
    let state = AppState { auth: start.auth.clone(), posts: Posts::new() };
    let app = routes.layer(middleware::from_fn(request_id::with_id)).with_state(state).finish()?;
    start.announce(app.access_table())?;
    axum::serve(start.listener, app).with_graceful_shutdown(stopped()).await?;
    Ok(())
}

/// For a page on another origin, which bears tokens and no cookies.
fn cors(origin: HeaderValue) -> CorsLayer {
    CorsLayer::new()
        .allow_origin([origin])
        .allow_methods([Method::GET, Method::DELETE])
        .allow_headers([AUTHORIZATION])
        .expose_headers([RETRY_AFTER])
}

/// Requests that are under way are answered before the service ends.
async fn stopped() {
    #[cfg(unix)]
    let terminated = async {
        if let Ok(mut signal) = signal::unix::signal(signal::unix::SignalKind::terminate()) {
            signal.recv().await;
        }
    };
    #[cfg(not(unix))]
    let terminated = std::future::pending::<()>();
    tokio::select! {
        _ = signal::ctrl_c() => {}
        () = terminated => {}
    }
}
