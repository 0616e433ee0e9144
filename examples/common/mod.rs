//! What the examples share: where `Auth`, sessions, port and things to try come from.
//!
//! Without any environment an example brings its own WorkOS and prints what to try. What it takes from
//! the environment, or from a file `.env`, is told in `examples/.env.example`.

mod curl;
mod environment;
mod log;
mod page;
mod sessions;

use std::error::Error;
use std::io;
use std::net::{IpAddr, Ipv4Addr};
use std::process::ExitCode;
use std::sync::Arc;

use auth_core::issuer::WorkOs;
use auth_core::session::{RedisStore, Sessions};
use auth_core::{AccessTable, Auth, AuthBuilder};
use auth_dev::{AuthDev, Config};
use axum::http::HeaderValue;
use tokio::net::TcpListener;

use self::environment::optional;
pub(crate) use self::page::Page;

const SERVICE_PORT: u16 = 3000;
const WORKOS_PORT: u16 = 4100;

/// What a service needs before it can start.
pub(crate) struct Start {
    pub(crate) auth: Auth,
    pub(crate) sessions: Option<Sessions>,
    pub(crate) page: Arc<Page>,
    /// Of a page that is elsewhere and may call this service (CORS).
    pub(crate) page_origin: Option<HeaderValue>,
    pub(crate) listener: TcpListener,
    /// As browsers know this service.
    origin: String,
    /// It answers as long as this lives.
    workos: Option<AuthDev>,
}

pub(crate) async fn start() -> Result<Start, Box<dyn Error>> {
    environment::load()?;
    log::start()?;
    let listener = listen().await?;
    let origin = format!("http://localhost:{}", listener.local_addr()?.port());
    let workos = match environment::has_workos() {
        true => None,
        false => Some(start_auth_dev(&origin).await?),
    };
    let auth = match &workos {
        Some(workos) => Auth::builder()
            .workos(WorkOs::client(workos.client_id()).api_url(workos.url()))
            .admin_domain("example.com"),
        None => Auth::from_env()?.admin_domain(environment::admin_domain()?),
    };
    let auth = with_store(auth)?.build()?;
    let sessions = sessions::of(&auth, workos.as_ref(), &origin)?;
    let (page, page_origin) = (Arc::new(Page::load()?), page_origin(workos.is_some())?);
    auth.ready().await?;
    Ok(Start { auth, sessions, page, page_origin, listener, origin, workos })
}

impl Start {
    /// Prints who may do what, and what to try.
    pub(crate) fn announce(&self, access_table: &AccessTable) -> io::Result<()> {
        let url = format!("http://{}", self.listener.local_addr()?);
        println!("Who may do what:\n\n{access_table}");
        println!("Try it; behind each line stands the status to expect:\n");
        println!("{}", curl::lines(access_table, &url, self.workos.as_ref().map(AuthDev::url)));
        match (self.page.is_built(), &self.sessions) {
            (true, _) => println!("Or in a browser: {}{}\n", self.origin, self.page.base()),
            (false, Some(_)) => println!(
                "Or in a browser: {}/auth/sign-in?return_to=/me\n\
                 A page that uses all of it: `cargo xtask page` builds it (it needs Node).\n",
                self.origin
            ),
            (false, None) => {}
        }
        println!("Stop it with Ctrl-C.");
        Ok(())
    }
}

pub(crate) fn exit_code(result: Result<(), Box<dyn Error>>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// With the store that several instances share, if there is one.
fn with_store(auth: AuthBuilder) -> Result<AuthBuilder, Box<dyn Error>> {
    Ok(match optional("REDIS_URL")? {
        Some(url) => auth.store(RedisStore::new(&url)?),
        None => auth,
    })
}

/// WorkOS on this machine, where the command `auth-dev token` looks for it, or else anywhere.
async fn start_auth_dev(origin: &str) -> Result<AuthDev, auth_dev::Error> {
    let config = |port| {
        let mut config = Config { port, ..Config::default() };
        let callbacks = [sessions::CALLBACK, "/callback", "/components/callback"];
        config.redirect_uris.extend(callbacks.map(|path| format!("{origin}{path}")));
        config.sign_out_uris.insert(0, format!("{origin}/"));
        config.sign_out_uris.push(format!("{origin}/components/"));
        config.cors_origins.push(origin.to_owned());
        config
    };
    // By the name that pages know it by, whichever it is bound to.
    let url = Some(format!("http://localhost:{WORKOS_PORT}"));
    match AuthDev::start(Config { url, ..config(WORKOS_PORT) }).await {
        Err(auth_dev::Error::Listen { .. }) => AuthDev::start(config(0)).await,
        started => started,
    }
}

/// `PAGE_ORIGIN`, or that of Vite's development server beside the example's own WorkOS.
fn page_origin(is_for_trying: bool) -> Result<Option<HeaderValue>, String> {
    let Some(origin) = optional("PAGE_ORIGIN")? else {
        return Ok(is_for_trying.then(|| HeaderValue::from_static("http://localhost:5173")));
    };
    let host = origin.split_once("://").map_or("", |(_, host)| host);
    let origin = origin.parse().ok().filter(|_| !host.is_empty() && !host.contains('/'));
    let mistake = "PAGE_ORIGIN is no origin: write it as `https://yourdomain.com`, without a slash \
                   at the end";
    origin.map(Some).ok_or_else(|| mistake.to_owned())
}

/// Listens at `HOST` (this machine) on `PORT`, or else on the first free port from 3000 on.
async fn listen() -> Result<TcpListener, String> {
    let host = match optional("HOST")? {
        None => IpAddr::from(Ipv4Addr::LOCALHOST),
        Some(text) => text.parse().map_err(|_| "HOST is no IP address, such as 0.0.0.0")?,
    };
    let ports = match optional("PORT")? {
        None => SERVICE_PORT..=SERVICE_PORT + 99,
        Some(text) => {
            let port = text.parse();
            let port = port.map_err(|_| "PORT is no port number: set it to one from 0 to 65535")?;
            port..=port
        }
    };
    let mut last_error = None;
    for port in ports.clone() {
        match TcpListener::bind((host, port)).await {
            Ok(listener) => return Ok(listener),
            Err(error) => last_error = Some(error),
        }
    }
    let cause = last_error.map_or_else(String::new, |error| format!(": {error}"));
    Err(format!("cannot listen on {host}, ports {ports:?}{cause}; set PORT to a free one"))
}
