//! Instances of the example on axum, as processes, with one WorkOS and one Redis.

use std::fmt;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, SystemTime};

use auth_dev::{AuthDev, Config, WebhookEndpoint};

use crate::redis_server::{Folder, Server, free_port};

const WEBHOOK_SECRET: &str = "whsec_of_this_cluster";

/// Where the instances keep sessions.
#[derive(Clone, Copy)]
pub(crate) enum Kept {
    InCookie,
    InStore,
}

impl Kept {
    pub(crate) const ALL: [Self; 2] = [Self::InCookie, Self::InStore];

    fn variable(self) -> &'static str {
        match self {
            Self::InCookie => "cookie",
            Self::InStore => "store",
        }
    }
}

impl fmt::Display for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "sessions in the {}", self.variable())
    }
}

/// Ends with its drop.
pub(crate) struct Instance {
    process: Child,
    pub(crate) url: String,
}

pub(crate) struct Cluster {
    pub(crate) workos: AuthDev,
    pub(crate) redis: Server,
    pub(crate) instances: Vec<Instance>,
    kept: Kept,
    redirect_uri: String,
    folder: Folder,
}

impl Cluster {
    /// `None` without redis-server, which has been said by then.
    pub(crate) async fn start(kept: Kept, count: usize, configure: Config) -> Option<Self> {
        let redis = Server::start(&["--appendonly", "yes", "--appendfsync", "always"]).await?;
        let ports: Vec<u16> = (0..count).map(|_| free_port()).collect();
        let origin = format!("http://localhost:{}", ports[0]);
        let redirect_uri = format!("{origin}/auth/callback");
        let webhook = WebhookEndpoint {
            url: format!("{origin}/auth/webhooks"),
            secret: WEBHOOK_SECRET.to_owned(),
        };
        let config = Config {
            redirect_uris: vec![redirect_uri.clone()],
            sign_out_uris: vec![format!("{origin}/health")],
            webhook: Some(webhook),
            ..configure
        };
        let workos = AuthDev::start(config).await.unwrap();
        let folder = Folder::new(&format!("cluster-{}", redis.port));
        let instances = Vec::new();
        let mut cluster = Self { workos, redis, instances, kept, redirect_uri, folder };
        cluster.instances = ports.into_iter().map(|port| cluster.instance(port)).collect();
        Some(cluster)
    }

    /// One more, which knows what the others have left in Redis.
    pub(crate) fn add(&mut self) {
        let instance = self.instance(free_port());
        self.instances.push(instance);
    }

    fn instance(&self, port: u16) -> Instance {
        let mut command = Command::new(example());
        command
            // Where no `.env` is.
            .current_dir(&self.folder.0)
            .env("PORT", port.to_string())
            .env("WORKOS_CLIENT_ID", self.workos.client_id())
            .env("ADMIN_DOMAIN", "example.com")
            .env("WORKOS_API_URL", self.workos.url())
            .env("WORKOS_API_KEY", self.workos.api_key())
            .env("WORKOS_REDIRECT_URI", &self.redirect_uri)
            .env("WORKOS_COOKIE_PASSWORD", "a password that all instances have")
            .env("WORKOS_WEBHOOK_SECRET", WEBHOOK_SECRET)
            .env("REDIS_URL", self.redis.url())
            .env("SESSIONS", self.kept.variable())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut process = command.spawn().unwrap();
        let output = BufReader::new(process.stdout.take().unwrap());
        let is_ready = output.lines().any(|line| line.unwrap().starts_with("Stop it with"));
        assert!(is_ready, "the example ended before it was ready");
        Instance { process, url: format!("http://localhost:{port}") }
    }

    /// Sets WorkOS's clock back, so that a token that it issues now has only so long to live.
    pub(crate) fn issue_tokens_for(&self, rest: Duration) {
        let lifetime = Config::default().token_lifetime;
        self.workos.set_clock(SystemTime::now() - (lifetime - rest));
    }

    pub(crate) fn correct_the_clock(&self) {
        self.workos.set_clock(SystemTime::now());
    }
}

impl Instance {
    pub(crate) fn kill(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Cargo puts it beside the tests.
fn example() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let target = test.parent().and_then(|folder| folder.parent()).unwrap();
    let example = target.join("examples/axum");
    assert!(example.exists(), "{}: build it with `cargo build --example axum`", example.display());
    example
}
