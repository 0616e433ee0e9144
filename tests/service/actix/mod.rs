//! The same promises on actix-web.

#[path = "../../../examples/actix/api.rs"]
pub(crate) mod api;
mod identity;
mod order;
mod policies;
mod router;
mod wiring;

use actix_web::HttpServer;
use auth_core::Auth;
use auth_core::actix::App;

use crate::posts::Posts;

/// The example's service, without what it has for browsers.
pub(crate) fn example(auth: Auth) -> App {
    api::routes(auth, Posts::new()).finish().unwrap()
}

/// Serves until the test's process ends; gives the URL without a slash at the end.
pub(crate) fn serve(app: App) -> String {
    let server = HttpServer::new(move || actix_web::App::new().service(app.clone()));
    let server = server.workers(1).disable_signals().bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", server.addrs()[0]);
    tokio::spawn(server.run());
    url
}
