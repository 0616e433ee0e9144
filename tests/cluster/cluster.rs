//! Several instances of the example on axum, with one WorkOS and one Redis.

use std::fmt;
use std::time::{Duration, SystemTime};

use auth_dev::{AuthDev, Config, WebhookEndpoint};

use crate::instance::Instance;
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
        let variables = [
            ("WORKOS_CLIENT_ID", self.workos.client_id()),
            ("ADMIN_DOMAIN", "example.com"),
            ("WORKOS_API_URL", self.workos.url()),
            ("WORKOS_API_KEY", self.workos.api_key()),
            ("WORKOS_REDIRECT_URI", &self.redirect_uri),
            ("WORKOS_COOKIE_PASSWORD", "a password that all instances have"),
            ("WORKOS_WEBHOOK_SECRET", WEBHOOK_SECRET),
            ("REDIS_URL", &self.redis.url()),
            ("SESSIONS", self.kept.variable()),
        ];
        Instance::start("axum", port, &variables, &self.folder)
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
