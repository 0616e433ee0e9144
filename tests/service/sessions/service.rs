//! A service with sessions, and the time of it and of WorkOS.

use std::net::TcpListener;
use std::sync::{Arc, OnceLock};

use ::auth_dev::{AuthDev, Config};
use actix_web::HttpServer;
use auth_core::session::{Sessions, SessionsBuilder};
use auth_core::{
    Auth, Clock, Identity, actix, authenticated, axum, public, require, require_admin,
};

use super::browser::Browser;
use super::store::TestStore;
use crate::clock::TestClock;
use crate::service::auth;

pub(super) const PASSWORD: &str = "a password of this test, long enough";

#[authenticated]
async fn me(caller: Identity) -> String {
    caller.email().unwrap_or_default().to_owned()
}

#[authenticated]
async fn sid(caller: Identity) -> String {
    caller.claim("sid").ok().flatten().unwrap_or_default()
}

#[authenticated]
async fn change() -> &'static str {
    "changed"
}

#[require(fresh(120))]
async fn pay() -> &'static str {
    "paid"
}

#[require_admin]
async fn administer() -> &'static str {
    "done"
}

#[public(reason = "anybody may see this")]
async fn open() -> &'static str {
    "open"
}

/// Headers or parameters, by name.
pub(super) type Pairs<'a, V = &'a str> = &'a [(&'a str, V)];

#[derive(Clone, Copy, Debug)]
pub(super) enum Framework {
    Axum,
    Actix,
}

/// Serves for the rest of the test.
pub(super) fn serve(on: Framework, listener: TcpListener, auth: Auth, sessions: &Sessions) {
    match on {
        Framework::Axum => {
            let app = axum::Router::new()
                .route("/me", axum::get(me))
                .route("/sid", axum::get(sid))
                .route("/change", axum::post(change))
                .route("/admin", axum::post(administer))
                .route("/open", axum::get(open))
                .route("/pay", axum::get(pay))
                .sessions(sessions)
                .with_state(auth)
                .finish()
                .unwrap();
            listener.set_nonblocking(true).unwrap();
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            tokio::spawn(async move { ::axum::serve(listener, app).await });
        }
        Framework::Actix => {
            let app = actix::Router::new()
                .route("/me", actix::get(me))
                .route("/sid", actix::get(sid))
                .route("/change", actix::post(change))
                .route("/admin", actix::post(administer))
                .route("/open", actix::get(open))
                .route("/pay", actix::get(pay))
                .app_data(auth)
                .sessions(sessions)
                .finish()
                .unwrap();
            let server = HttpServer::new(move || actix_web::App::new().service(app.clone()));
            let server = server.workers(1).disable_signals().listen(listener).unwrap();
            tokio::spawn(server.run());
        }
    }
}

pub(super) struct Setup {
    pub(super) workos: Arc<AuthDev>,
    on: Framework,
    pub(super) url: String,
    pub(super) clock: TestClock,
    store: Option<Arc<TestStore>>,
    /// What serves, once it does.
    serving: OnceLock<(Auth, Sessions)>,
}

impl Setup {
    pub(super) async fn new(on: Framework) -> Self {
        Self::with(on, |sessions| sessions, |config| config).await
    }

    pub(super) async fn with(
        on: Framework,
        configure: impl FnOnce(SessionsBuilder) -> SessionsBuilder,
        configure_workos: impl FnOnce(Config) -> Config,
    ) -> Self {
        Self::at_listener(on, listen(), configure, configure_workos).await
    }

    /// A service that shares a store with those beside it.
    pub(super) async fn with_store(
        on: Framework,
        configure: impl FnOnce(SessionsBuilder) -> SessionsBuilder,
    ) -> (Self, Arc<TestStore>) {
        let clock = TestClock::new();
        let store = Arc::new(TestStore::new(clock.clone()));
        let shared = Some(Arc::clone(&store));
        let config = |config| config;
        (Self::start(on, listen(), clock, shared, configure, config).await, store)
    }

    pub(super) async fn at_listener(
        on: Framework,
        listener: (TcpListener, String),
        configure: impl FnOnce(SessionsBuilder) -> SessionsBuilder,
        configure_workos: impl FnOnce(Config) -> Config,
    ) -> Self {
        Self::start(on, listener, TestClock::new(), None, configure, configure_workos).await
    }

    async fn start(
        on: Framework,
        (listener, url): (TcpListener, String),
        clock: TestClock,
        store: Option<Arc<TestStore>>,
        configure: impl FnOnce(SessionsBuilder) -> SessionsBuilder,
        configure_workos: impl FnOnce(Config) -> Config,
    ) -> Self {
        let config = Config {
            redirect_uris: vec![format!("{url}/callback")],
            sign_out_uris: vec![format!("{url}/open")],
            ..Config::default()
        };
        let workos = Arc::new(AuthDev::start(configure_workos(config)).await.unwrap());
        workos.stop_clock(clock.now());
        let setup = Self { workos, on, url, clock, store, serving: OnceLock::new() };
        setup.serve(listener, PASSWORD, &format!("{}/callback", setup.url), configure).await;
        setup
    }

    /// Another service beside it, with the same WorkOS and at the same host.
    pub(super) async fn beside(
        &self,
        password: &str,
        configure: impl FnOnce(SessionsBuilder) -> SessionsBuilder,
    ) -> Self {
        let (another, listener) = self.another();
        let redirect_uri = format!("{}/callback", another.url);
        another.serve(listener, password, &redirect_uri, configure).await;
        another
    }

    /// The same service, as it is when a proxy brings HTTPS.
    pub(super) async fn behind_https(&self) -> Self {
        let (another, listener) = self.another();
        another.serve(listener, PASSWORD, "https://app.test/callback", |it| it).await;
        another
    }

    /// One that does not serve yet.
    fn another(&self) -> (Self, TcpListener) {
        let (listener, url) = listen();
        let (workos, clock) = (Arc::clone(&self.workos), self.clock.clone());
        let (on, store, serving) = (self.on, self.store.clone(), OnceLock::new());
        (Self { workos, on, url, clock, store, serving }, listener)
    }

    async fn serve(
        &self,
        listener: TcpListener,
        password: &str,
        redirect_uri: &str,
        configure: impl FnOnce(SessionsBuilder) -> SessionsBuilder,
    ) {
        let mut auth = auth(&self.workos).clock(self.clock.clone());
        if let Some(store) = &self.store {
            auth = auth.store(Arc::clone(store));
        }
        let auth = auth.build().unwrap();
        auth.ready().await.unwrap();
        let (client_id, api_key) = (self.workos.client_id(), self.workos.api_key());
        let sessions = Sessions::workos(client_id, api_key, redirect_uri, password);
        let sessions = sessions.api_url(self.workos.url());
        let sessions = configure(sessions).build(&auth).unwrap();
        serve(self.on, listener, auth.clone(), &sessions);
        self.serving.set((auth, sessions)).unwrap();
    }

    pub(super) fn auth(&self) -> &Auth {
        &self.serving.get().unwrap().0
    }

    pub(super) fn sessions(&self) -> &Sessions {
        &self.serving.get().unwrap().1
    }

    /// Lets time pass for everybody.
    pub(super) fn advance(&self, seconds: u64) {
        self.clock.advance(seconds);
        self.workos.stop_clock(self.clock.now());
    }

    pub(super) fn at(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    /// How often WorkOS was asked for tokens.
    pub(super) fn token_calls(&self) -> u64 {
        self.workos.requests("/user_management/authenticate")
    }

    /// A browser in which somebody has signed in.
    pub(super) async fn signed_in(&self, email: &str) -> Browser {
        let browser = Browser::new();
        let path = format!("/auth/sign-in?return_to=/open&login_hint={email}");
        let answer = browser.get(&self.at(&path)).await;
        assert_eq!((answer.status, answer.body.as_str()), (200, "open"));
        browser
    }
}

pub(super) fn listen() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://localhost:{}", listener.local_addr().unwrap().port());
    (listener, url)
}
