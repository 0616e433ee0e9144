//! What operators see of decisions: events, counters and an audit, on both frameworks.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use ::auth_dev::{AuthDev, Config, Fault, TokenOptions};
use actix_web::test as actix_test;
use auth_core::policy::Admin;
use auth_core::{
    Audit, Auth, AuthContext, AuthError, Code, Decision, Identity, Outcome, Unrecorded,
    Verification, actix, authenticated, axum, public, require_admin,
};
use http::StatusCode;
use metrics::{SharedString, Unit};
use metrics_util::CompositeKey;
use metrics_util::debugging::{DebugValue, DebuggingRecorder};
use serde_json::Value;
use tower_service::Service;

use crate::log::Log;
use crate::service::auth;

#[authenticated]
async fn me(caller: Identity) -> String {
    caller.subject().to_owned()
}

#[require_admin]
async fn administer() -> &'static str {
    "done"
}

#[public(reason = "anybody may see this")]
async fn open() -> &'static str {
    "open"
}

#[derive(Clone, Copy, Debug)]
enum Framework {
    Axum,
    Actix,
}

const BOTH: [Framework; 2] = [Framework::Axum, Framework::Actix];

/// In this thread, so that what is set for it sees everything. The status.
async fn get(on: Framework, auth: &Auth, path: &str, token: Option<&str>) -> u16 {
    match on {
        Framework::Axum => {
            let mut app = axum::Router::new()
                .route("/me", axum::get(me))
                .route("/admin/{id}", axum::get(administer))
                .route("/open", axum::get(open))
                .with_state(auth.clone())
                .finish()
                .unwrap();
            let mut request = http::Request::get(path);
            if let Some(token) = token {
                request = request.header("authorization", format!("Bearer {token}"));
            }
            let request = request.body(::axum::body::Body::empty()).unwrap();
            app.call(request).await.unwrap().status().as_u16()
        }
        Framework::Actix => {
            let app = actix::Router::new()
                .route("/me", actix::get(me))
                .route("/admin/{id}", actix::get(administer))
                .route("/open", actix::get(open))
                .app_data(auth.clone())
                .finish()
                .unwrap();
            let app = actix_test::init_service(actix_web::App::new().service(app)).await;
            let mut request = actix_test::TestRequest::get().uri(path);
            if let Some(token) = token {
                request = request.insert_header(("authorization", format!("Bearer {token}")));
            }
            actix_test::call_service(&app, request.to_request()).await.status().as_u16()
        }
    }
}

/// Those about decisions since the last time.
fn events(log: &Log) -> Vec<Value> {
    let text = log.take();
    let events = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    events.filter(|event| event["target"] == "auth_core::decision").collect()
}

/// Path, who asks, and of the one event: level, outcome, policy, code, request.
type Told<'a> = (&'a str, Option<&'a str>, [&'a str; 5]);

#[tokio::test]
async fn each_decision_is_one_event_with_stable_fields_and_no_token_or_address() {
    let workos = AuthDev::start(Config::default()).await.unwrap();
    let auth = auth(&workos).build().unwrap();
    auth.ready().await.unwrap();
    let kid = workos.signing_key();
    let cases: [Told<'_>; 6] = [
        ("/me", Some("member"), ["DEBUG", "allowed", "authenticated", "", "GET /me"]),
        ("/admin/7", Some("admin"), ["DEBUG", "allowed", "admin", "", "GET /admin/{id}"]),
        (
            "/admin/7",
            Some("member"),
            ["INFO", "refused", "admin", "admin_required", "GET /admin/{id}"],
        ),
        ("/me", None, ["DEBUG", "refused", "authenticated", "no_credentials", "GET /me"]),
        ("/me", Some("nobody"), ["INFO", "refused", "authenticated", "token_expired", "GET /me"]),
        ("/open", None, ["DEBUG", "allowed", "public", "", "GET /open"]),
    ];
    let (log, _guard) = Log::capture_json();
    for on in BOTH {
        for (path, who, [level, outcome, policy, code, request]) in cases {
            let token = match who {
                Some("nobody") => {
                    let expired = TokenOptions { expired: true, ..TokenOptions::default() };
                    Some(workos.token("member", &expired).unwrap())
                }
                who => who.map(|who| workos.token(who, &TokenOptions::default()).unwrap()),
            };
            log.take();
            get(on, &auth, path, token.as_deref()).await;
            let told = events(&log);
            let [event] = &told[..] else { panic!("{on:?} {path} {who:?}: {told:?}") };
            let fields = &event["fields"];
            let text = |name: &str| fields[name].as_str().unwrap_or_default();
            let came = [
                event["level"].as_str().unwrap(),
                text("outcome"),
                text("policy").split(' ').next().unwrap(),
                text("code"),
                text("request"),
            ];
            assert_eq!(came, [level, outcome, policy, code, request], "{on:?} {path} {who:?}");
            assert_eq!(fields["detail"].is_string(), outcome == "refused", "{event}");
            if token.is_some() {
                assert!(text("issuer").starts_with("http://"), "{event}");
                assert_eq!(text("kid"), kid, "{on:?} {path} {who:?}");
            }
            let line = event.to_string();
            assert!(!line.contains("eyJ") && !line.contains('@'), "{line}");
        }
    }
}

#[require_admin(via = caller)]
async fn publish(caller: &Verification) -> Result<(), AuthError> {
    Ok(())
}

#[tokio::test]
async fn a_guarded_function_is_told_by_its_path() {
    let workos = AuthDev::start(Config::default()).await.unwrap();
    let auth = auth(&workos).build().unwrap();
    let nobody = auth.verification(&http::HeaderMap::new()).await;
    let (log, _guard) = Log::capture_json();
    assert!(publish(&nobody).await.is_err());
    assert!(nobody.require::<Admin>().is_err());
    let requests: Vec<Value> =
        events(&log).iter().map(|event| event["fields"]["request"].clone()).collect();
    assert_eq!(requests, ["observed::publish", "a guarded function"]);
}

/// What an audit was given: policy, outcome, subject, request.
type Kept = (Option<String>, Outcome, Option<String>, String);

#[derive(Clone, Default)]
struct TestAudit {
    kept: Arc<Mutex<Vec<Kept>>>,
    is_full: Arc<AtomicBool>,
}

impl Audit for TestAudit {
    fn record(&self, decision: &Decision<'_>) -> Result<(), Unrecorded> {
        if self.is_full.load(Ordering::SeqCst) {
            return Err(Unrecorded::new("the queue is full"));
        }
        let owned = |text: Option<&str>| text.map(str::to_owned);
        self.kept.lock().unwrap().push((
            owned(decision.policy),
            decision.outcome,
            owned(decision.subject),
            decision.request.to_owned(),
        ));
        Ok(())
    }
}

#[tokio::test]
async fn an_audit_has_each_decision_and_what_it_cannot_keep_does_not_happen() {
    let workos = AuthDev::start(Config::default()).await.unwrap();
    let audit = TestAudit::default();
    let auth = auth(&workos).audit(audit.clone()).build().unwrap();
    let token = |who: &str| workos.token(who, &TokenOptions::default()).unwrap();
    for on in BOTH {
        audit.kept.lock().unwrap().clear();
        assert_eq!(get(on, &auth, "/me", Some(&token("member"))).await, 200);
        assert_eq!(get(on, &auth, "/admin/7", Some(&token("member"))).await, 403);
        assert_eq!(get(on, &auth, "/me", None).await, 401);
        let member = Some("user_01DEVMEMBER".to_owned());
        let policy = |name: &str| Some(name.to_owned());
        let refused = Outcome::Refused;
        let expected: Vec<Kept> = vec![
            (policy("authenticated"), Outcome::Allowed, member.clone(), "GET /me".to_owned()),
            (policy("admin"), refused(Code::AdminRequired), member, "GET /admin/{id}".to_owned()),
            (policy("authenticated"), refused(Code::NoCredentials), None, "GET /me".to_owned()),
        ];
        assert_eq!(*audit.kept.lock().unwrap(), expected, "{on:?}");

        audit.is_full.store(true, Ordering::SeqCst);
        assert_eq!(get(on, &auth, "/me", Some(&token("member"))).await, 503, "{on:?}");
        assert_eq!(get(on, &auth, "/me", None).await, 401, "a refusal stays one");
        audit.is_full.store(false, Ordering::SeqCst);
    }
}

/// What a recorder has been told.
pub(crate) type Values = Vec<(CompositeKey, Option<Unit>, Option<SharedString>, DebugValue)>;

/// How far a counter, or how often a histogram, has gone: by its name and one label.
pub(crate) fn count(values: &Values, name: &str, label: (&str, &str)) -> u64 {
    let of_name = values.iter().filter(|(key, ..)| key.key().name() == name);
    let of_label = of_name.filter(|(key, ..)| {
        label.0.is_empty() || key.key().labels().any(|known| (known.key(), known.value()) == label)
    });
    of_label
        .map(|(.., value)| match value {
            DebugValue::Counter(count) => *count,
            DebugValue::Histogram(samples) => samples.len() as u64,
            DebugValue::Gauge(_) => 0,
        })
        .sum()
}

#[tokio::test]
async fn decisions_refusals_fetches_and_known_tokens_are_counted() {
    for on in BOTH {
        let recorder = DebuggingRecorder::new();
        let snapshotter = recorder.snapshotter();
        let _guard = metrics::set_default_local_recorder(&recorder);
        let workos = AuthDev::start(Config::default()).await.unwrap();
        let auth = auth(&workos).build().unwrap();
        auth.ready().await.unwrap();
        let token = workos.token("member", &TokenOptions::default()).unwrap();
        for _ in 0..3 {
            assert_eq!(get(on, &auth, "/me", Some(&token)).await, 200);
        }
        assert_eq!(get(on, &auth, "/admin/7", Some(&token)).await, 403);
        let down = Fault::at(format!("/sso/jwks/{}", workos.client_id()));
        workos.fail(Fault { status: Some(StatusCode::BAD_GATEWAY), ..down });
        assert!(self::auth(&workos).build().unwrap().ready().await.is_err());
        let values = snapshotter.snapshot().into_vec();
        for (name, label, expected) in [
            ("auth_decisions_total", ("outcome", "allowed"), 3),
            ("auth_decisions_total", ("outcome", "refused"), 1),
            ("auth_refusals_total", ("code", "admin_required"), 1),
            ("auth_key_fetches_total", ("outcome", "ok"), 1),
            ("auth_key_fetches_total", ("outcome", "failed"), 1),
            ("auth_key_fetch_seconds", ("", ""), 2),
            ("auth_token_cache_total", ("result", "miss"), 1),
            ("auth_token_cache_total", ("result", "hit"), 3),
        ] {
            assert_eq!(count(&values, name, label), expected, "{on:?} {name} {label:?}");
        }
    }
}
