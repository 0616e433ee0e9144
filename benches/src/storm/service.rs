//! The services that meet the storm, each on a thread of its own.

use std::sync::Arc;
use std::time::Duration;

use auth_core::authenticated;
use auth_core::issuer::WorkOs;
use axum::Router;
use jwt_authorizer::{JwtAuthorizer, Refresh};
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};

use super::clock::MovedClock;
use super::key_server::KeyServer;
use super::traffic::{Client, Round, Traffic};
use crate::ours;
use crate::peers;
use crate::server::{ANSWER, ByJwtAuthorizer};
use crate::workload::{AUDIENCE, ISSUER, SigningKey, claims, key_set};

/// Longer than anybody who has a deadline waits.
const HANGS_FOR: Duration = Duration::from_secs(6);

const COOLDOWN_IN_SECONDS: u64 = 30;

/// A service with its key server and its callers.
pub(super) struct Storm {
    pub(super) name: &'static str,
    pub(super) what: &'static str,
    key_server: KeyServer,
    clock: MovedClock,
    client: Client,
    callers: Runtime,
    /// They answer as long as these live.
    _service: Runtime,
    _keys: Runtime,
}

impl Storm {
    pub(super) fn of_ours(name: &'static str, cache_bytes: usize) -> anyhow::Result<Self> {
        Self::new(name, "strangers beside the same good requests", |key_server, clock| async move {
            let workos = WorkOs::client(AUDIENCE).api_url(key_server.url());
            let auth = ours::over_http(cache_bytes).workos(workos).clock(clock).build()?;
            auth.ready().await?;
            let issuer = format!("{}/user_management/{AUDIENCE}", key_server.url());
            let app = auth_core::axum::Router::new()
                .route("/", auth_core::axum::get(ours))
                .with_state(auth)
                .finish()?;
            Ok((app.into_unguarded(), issuer))
        })
    }

    pub(super) fn of_jwt_authorizer(name: &'static str) -> anyhow::Result<Self> {
        Self::new(
            name,
            "the same, refreshing where a key is not found",
            |key_server, _| async move {
                let often =
                    Refresh { refresh_interval: Duration::from_secs(2), ..Refresh::default() };
                let keys = JwtAuthorizer::from_jwks_url(&key_server.url()).refresh(often);
                let authorizer = peers::jwt_authorizer(keys).await?;
                let state = Arc::new(authorizer);
                let app = Router::new().route("/", axum::routing::get(theirs)).with_state(state);
                Ok((app, ISSUER.to_owned()))
            },
        )
    }

    /// `app` makes the service, and names the issuer that it trusts.
    fn new<F>(
        name: &'static str,
        what: &'static str,
        app: impl FnOnce(KeyServer, MovedClock) -> F,
    ) -> anyhow::Result<Self>
    where
        F: Future<Output = anyhow::Result<(Router, String)>>,
    {
        let keys = one_thread()?;
        let pair = [SigningKey::rsa("key_1")?, SigningKey::rsa("key_2")?];
        let key_server = keys.block_on(KeyServer::start(key_set(&pair)))?;
        let clock = MovedClock::default();

        let service = one_thread()?;
        let (url, issuer) = service.block_on(async {
            let (app, issuer) = app(key_server.clone(), clock.clone()).await?;
            let listener = TcpListener::bind("127.0.0.1:0").await?;
            let url = format!("http://{}/", listener.local_addr()?);
            tokio::spawn(async move { axum::serve(listener, app).await });
            anyhow::Ok((url, issuer))
        })?;
        let [key, _] = &pair;
        let client = Client::new(url, &key.sign(&claims(&issuer, "user_01HZX3B1A2B3C4D5E6F7G8"))?)?;
        let callers = Builder::new_current_thread().enable_all().build()?;
        // Keys that are fetched at first sight are there afterwards.
        callers.block_on(client.expect_success())?;
        let (_service, _keys) = (service, keys);
        Ok(Self { name, what, key_server, clock, client, callers, _service, _keys })
    }

    pub(super) fn fetches(&self) -> u64 {
        self.key_server.asked()
    }

    pub(super) fn round(&self, traffic: Traffic) -> anyhow::Result<Round> {
        if traffic == Traffic::Storm {
            self.clock.forward(COOLDOWN_IN_SECONDS);
            self.key_server.delay(HANGS_FOR);
        }
        self.callers.block_on(self.client.round(traffic))
    }
}

fn one_thread() -> std::io::Result<Runtime> {
    Builder::new_multi_thread().worker_threads(1).enable_all().build()
}

#[authenticated]
async fn ours() -> &'static str {
    ANSWER
}

async fn theirs(_: ByJwtAuthorizer) -> &'static str {
    ANSWER
}
