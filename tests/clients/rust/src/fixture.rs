//! A server, clients of it, and somebody who receives its events.

use std::sync::Arc;

use anyhow::{Context as _, Result, ensure};
use auth_dev::{AuthDev, Config, WebhookEndpoint};
use axum::Router;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use reqwest::redirect::Policy;
use reqwest::{Response, Url};
use tokio::net::TcpListener;
use tokio::sync::Mutex;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use workos::user_management::AuthenticateWithCodeParams;
use workos::{
    AuthKitAuthorizationUrlParams, AuthenticateResponse, Client, EventSchema, PublicClient,
    WebhookVerifier,
};

pub(crate) const REDIRECT_URI: &str = "http://127.0.0.1:5173/callback";
const WEBHOOK_SECRET: &str = "whsec_clients";

/// An event as it came: its signature and its body.
type Delivery = (String, String);

pub(crate) struct Fixture {
    pub(crate) auth_dev: AuthDev,
    pub(crate) client: Client,
    pub(crate) public_client: PublicClient,
    browser: reqwest::Client,
    events: Mutex<UnboundedReceiver<Delivery>>,
}

impl Fixture {
    pub(crate) async fn start() -> Result<Self> {
        let (webhook_url, events) = receive_events().await?;
        let webhook = WebhookEndpoint { url: webhook_url, secret: WEBHOOK_SECRET.to_owned() };
        let seed = Config::from_toml(include_str!("../../seed.toml"))?;
        let auth_dev = AuthDev::start(Config { webhook: Some(webhook), ..seed }).await?;
        Ok(Self {
            client: client(&auth_dev, auth_dev.api_key()),
            public_client: PublicClient::with_base_url(auth_dev.client_id(), auth_dev.url()),
            auth_dev,
            browser: reqwest::Client::builder().redirect(Policy::none()).build()?,
            events: Mutex::new(events),
        })
    }

    pub(crate) fn client_with_key(&self, api_key: &str) -> Client {
        client(&self.auth_dev, api_key)
    }

    pub(crate) async fn visit(&self, url: &str) -> Result<Response> {
        Ok(self.browser.get(url).send().await?)
    }

    /// Signs somebody in, as a browser does with a `login_hint`; where the client is called back.
    pub(crate) async fn sign_in(&self, authorization_url: &str) -> Result<Callback> {
        let answer = self.visit(authorization_url).await?;
        let status = answer.status();
        ensure!(status == StatusCode::FOUND, "{status} {}", answer.text().await?);
        let target = answer.headers().get("location").context("no location")?;
        Ok(Callback(target.to_str()?.parse()?))
    }

    /// The code of somebody who has signed in.
    pub(crate) async fn code(&self, email: &str, organization: Option<&str>) -> Result<String> {
        let url = self.client.authkit().authorization_url(AuthKitAuthorizationUrlParams {
            organization_id: organization.map(str::to_owned),
            ..authorization_of(email)
        })?;
        self.sign_in(&url).await?.parameter("code")
    }

    /// The session of somebody who has signed in.
    pub(crate) async fn session(
        &self,
        email: &str,
        organization: Option<&str>,
    ) -> Result<AuthenticateResponse> {
        let code = self.code(email, organization).await?;
        let params = AuthenticateWithCodeParams::new(code);
        Ok(self.client.user_management().authenticate_with_code(params).await?)
    }

    /// The next event, verified; one that somebody has changed is refused.
    pub(crate) async fn event(&self) -> Result<EventSchema> {
        let next = self.events.lock().await.recv().await;
        let (signature, body) = next.context("nobody receives events")?;
        let verifier = WebhookVerifier::new(WEBHOOK_SECRET);
        let tampered = body.replace("\"object\":\"event\"", "\"object\":\"Event\"");
        ensure!(tampered != body, "the body has no object: {body}");
        ensure!(verifier.construct_event(&signature, &tampered).is_err(), "a changed body");
        let stranger = WebhookVerifier::new("whsec_other");
        ensure!(stranger.construct_event(&signature, &body).is_err(), "another secret");
        Ok(verifier.construct_event(&signature, &body)?)
    }
}

fn client(auth_dev: &AuthDev, api_key: &str) -> Client {
    Client::builder()
        .api_key(api_key)
        .client_id(auth_dev.client_id())
        .base_url(auth_dev.url())
        .build()
}

pub(crate) fn authorization_of(email: &str) -> AuthKitAuthorizationUrlParams {
    AuthKitAuthorizationUrlParams {
        redirect_uri: REDIRECT_URI.to_owned(),
        provider: Some("authkit".to_owned()),
        login_hint: Some(email.to_owned()),
        ..AuthKitAuthorizationUrlParams::default()
    }
}

/// Where a browser was sent after a sign-in.
pub(crate) struct Callback(pub(crate) Url);

impl Callback {
    pub(crate) fn parameter(&self, name: &str) -> Result<String> {
        let mut pairs = self.0.query_pairs();
        let found = pairs.find(|(known, _)| known == name).map(|(_, value)| value.into_owned());
        found.with_context(|| format!("{} has no `{name}`", self.0))
    }
}

async fn receive_events() -> Result<(String, UnboundedReceiver<Delivery>)> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}/webhook", listener.local_addr()?);
    let (sender, receiver) = unbounded_channel();
    let sender = Arc::new(sender);
    let receive = move |headers: HeaderMap, body: String| {
        let sender = Arc::clone(&sender);
        async move {
            let signature = headers.get("workos-signature").and_then(|value| value.to_str().ok());
            let _ = sender.send((signature.unwrap_or_default().to_owned(), body));
        }
    };
    let service = Router::new().route("/webhook", post(receive));
    tokio::spawn(async move { axum::serve(listener, service).await });
    Ok((url, receiver))
}
