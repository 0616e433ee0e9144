//! Wherever a route comes from, its guard decides.

use serde_json::json;

use super::fixture::{Fixture, accepted, forbidden};
use super::suite::Suite;

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
