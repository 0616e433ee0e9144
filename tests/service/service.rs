//! The example's service, on a real socket.

use ::auth_dev::AuthDev;
use auth_core::axum::App;
use auth_core::issuer::WorkOs;
use auth_core::{Auth, AuthBuilder};
use tokio::net::TcpListener;

use crate::api::AppState;
use crate::posts::Posts;

/// The configuration of a service whose WorkOS is `workos` and whose administrators are at
/// `example.com`.
pub(crate) fn auth(workos: &AuthDev) -> AuthBuilder {
    Auth::builder()
        .workos(WorkOs::client(workos.client_id()).api_url(workos.url()))
        .admin_domain("example.com")
}

/// The example's service, without what it has for browsers.
pub(crate) fn example(auth: Auth) -> App {
    let state = AppState { auth, posts: Posts::new() };
    crate::api::routes().with_state(state).finish().unwrap()
}

/// Serves for the rest of the test; gives the URL without a slash at the end.
pub(crate) async fn serve(app: App) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, app).await });
    url
}
