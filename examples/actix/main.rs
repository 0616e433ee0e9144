//! A guarded service: `cargo run --example actix`. What it takes from the environment is told in
//! `examples/common/mod.rs`.

mod api;
#[path = "../common/mod.rs"]
mod common;

use std::error::Error;
use std::process::ExitCode;

use actix_web::{App, HttpServer};

#[actix_web::main]
async fn main() -> ExitCode {
    common::exit_code(run().await)
}

async fn run() -> Result<(), Box<dyn Error>> {
    let start = common::start().await?;
    let app = api::app(start.auth.clone(), start.sessions.as_ref())?;
    start.announce(app.access_table())?;
    let server = HttpServer::new(move || App::new().service(app.clone()));
    server.listen(start.listener.into_std()?)?.run().await?;
    Ok(())
}
