//! Wherever a route comes from, its guard decides.

use actix_web::HttpServer;
use actix_web::web::{self, Data};
use auth_core::actix;
use serde_json::json;

use super::fixture::{Fixture, accepted, forbidden};
use super::handlers_run::HandlersRun;
use super::on_actix;
use super::suite::Suite;
use crate::client::send;

#[tokio::test]
async fn no_way_leads_around_a_guard() {
    let fixture = Fixture::start().await;
    let mut suite = Suite::new();
    let none: &[(&str, &str)] = &[];
    let (member, admin) =
        (fixture.token(json!({ "email": "ann@example.org" })), fixture.token(json!({})));
    for (path, of_member) in [
        ("/me", accepted()),
        ("/merged", accepted()),
        ("/nested/inner", accepted()),
        ("/nested/nowhere", accepted()),
        ("/nested/inner/deeper", accepted()),
        ("/nowhere", forbidden("admin_required")),
        ("/me/", forbidden("admin_required")),
        ("//me", forbidden("admin_required")),
        ("/ME", forbidden("admin_required")),
        ("/who/..%2fme", forbidden("admin_required")),
    ] {
        for method in ["GET", "HEAD"] {
            let came = fixture.send(method, path, none).await.status;
            suite.expect("MAC-09", (method, path, "anonymous"), came, 401);
        }
        let came = fixture.get(path, &member).await.outcome();
        suite.expect("MAC-09", (path, "member"), came, of_member);
        let came = fixture.get(path, &admin).await.outcome();
        suite.expect("MAC-09", (path, "admin"), came, accepted());
    }
    // The frameworks differ in whether this is `/me`; behind a guard it is in either case.
    suite.expect("MAC-09", "/%6De", fixture.send("GET", "/%6De", none).await.status, 401);
    for method in ["POST", "DELETE", "BREW"] {
        for path in ["/nowhere", "/nested/nowhere"] {
            let came = fixture.send(method, path, none).await.status;
            suite.expect("MAC-09", (method, path), came, 401);
        }
    }
    suite.finish();
}

/// On axum, a router whose state has no `Auth` does not compile.
#[tokio::test]
async fn a_guard_without_an_auth_lets_nobody_in() {
    let fixture = Fixture::start().await;
    let mut suite = Suite::new();
    let routed = actix::Router::new().route("/me", actix::get(on_actix::me)).finish();
    suite.expect("MAC-06", "a router that is finished", routed.is_err(), true);

    let handlers = Data::new(HandlersRun::default());
    let of_app = handlers.clone();
    let app = move || {
        actix_web::App::new().app_data(of_app.clone()).route("/me", web::get().to(on_actix::me))
    };
    let server = HttpServer::new(app).workers(1).disable_signals().bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/me", server.addrs()[0]);
    tokio::spawn(server.run());
    for token in [None, Some(fixture.token(json!({})))] {
        let came = send("GET", url.clone(), token.as_deref()).await.outcome();
        let expected = (500, Some("guard_missing".to_owned()));
        suite.expect("MAC-06", ("a plain app", token.is_some()), came, expected);
    }
    suite.expect("MAC-06", "the handler", handlers.so_far(), 0);
    suite.finish();
}
