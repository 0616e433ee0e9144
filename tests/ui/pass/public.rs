use auth_core::axum::{Router, get};
use auth_core::{Auth, MaybeIdentity, public};

#[public(reason = "load balancer probe")]
async fn health() -> &'static str {
    "ok"
}

#[public(reason = "größer als sechzehn Bytes, mit Umlauten: und auch das steht in der Tabelle")]
async fn greet(MaybeIdentity(caller): MaybeIdentity) -> String {
    caller.map_or("stranger".to_owned(), |caller| caller.subject().to_owned())
}

fn main() {
    let auth = Auth::workos("client_01TEST").build().unwrap();
    let app = Router::new()
        .route("/health", get(health))
        .route("/greet", get(greet))
        .with_state(auth)
        .finish()
        .unwrap();
    let reasons: Vec<_> = app.access_table().rows().iter().map(|row| row.reason).collect();
    assert_eq!(
        reasons,
        [
            Some("größer als sechzehn Bytes, mit Umlauten: und auch das steht in der Tabelle"),
            Some("load balancer probe"),
        ]
    );
}
