//! What the examples share: where `Auth`, port and things to try come from.
//!
//! Without any environment an example brings its own WorkOS and prints what to try. With
//! `WORKOS_CLIENT_ID` and `ADMIN_DOMAIN` set it trusts WorkOS itself, or the server at
//! `WORKOS_API_URL`, such as a custom authentication domain.

mod curl;

use std::env::{self, VarError};
use std::error::Error;
use std::io::{self, IsTerminal};
use std::net::{Ipv4Addr, SocketAddr};
use std::process::ExitCode;

use auth_core::issuer::WorkOs;
use auth_core::{AccessTable, Auth};
use auth_dev::{AuthDev, Config};
use tokio::net::TcpListener;

const SERVICE_PORT: u16 = 3000;
const WORKOS_PORT: u16 = 4100;

/// What a service needs before it can start.
pub(crate) struct Start {
    pub(crate) auth: Auth,
    pub(crate) listener: TcpListener,
    /// It answers as long as this lives.
    workos: Option<AuthDev>,
}

pub(crate) async fn start() -> Result<Start, Box<dyn Error>> {
    tracing_subscriber::fmt().with_writer(io::stderr).with_ansi(io::stderr().is_terminal()).init();
    let variables = ["WORKOS_CLIENT_ID", "ADMIN_DOMAIN", "WORKOS_API_URL"];
    let workos = match variables.iter().any(|name| env::var_os(name).is_some()) {
        true => None,
        false => Some(start_auth_dev().await?),
    };
    let auth = match &workos {
        Some(workos) => Auth::builder()
            .workos(WorkOs::client(workos.client_id()).api_url(workos.url()))
            .admin_domain("example.com"),
        None => {
            Auth::builder().workos(workos_of_environment()?).admin_domain(variable("ADMIN_DOMAIN")?)
        }
    };
    let auth = auth.build()?;
    auth.ready().await?;
    Ok(Start { auth, listener: listen().await?, workos })
}

impl Start {
    /// Prints who may do what, and what to paste into a shell.
    pub(crate) fn announce(&self, access_table: &AccessTable) -> io::Result<()> {
        let url = format!("http://{}", self.listener.local_addr()?);
        println!("Who may do what:\n\n{access_table}");
        println!("Try it; behind each line stands the status to expect:\n");
        println!("{}", curl::lines(access_table, &url, self.workos.as_ref().map(AuthDev::url)));
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

fn workos_of_environment() -> Result<WorkOs, String> {
    let workos = WorkOs::client(variable("WORKOS_CLIENT_ID")?);
    Ok(match env::var_os("WORKOS_API_URL") {
        Some(_) => workos.api_url(variable("WORKOS_API_URL")?),
        None => workos,
    })
}

/// WorkOS on this machine, where the command `auth-dev token` looks for it, or else anywhere.
async fn start_auth_dev() -> Result<AuthDev, auth_dev::Error> {
    let config = Config { port: WORKOS_PORT, ..Config::default() };
    match AuthDev::start(config).await {
        Err(auth_dev::Error::Listen { .. }) => AuthDev::start(Config::default()).await,
        started => started,
    }
}

fn variable(name: &str) -> Result<String, String> {
    env::var(name).map_err(|error| match error {
        VarError::NotPresent => format!(
            "{name} is not set: set WORKOS_CLIENT_ID, and ADMIN_DOMAIN to the domain of your \
             administrators' addresses (yourdomain.com); or none of them, to try it out"
        ),
        VarError::NotUnicode(_) => format!("{name} is not UTF-8"),
    })
}

/// Listens on `PORT`, or else on the first free port from 3000 on.
async fn listen() -> Result<TcpListener, String> {
    let ports = match env::var_os("PORT") {
        None => SERVICE_PORT..=SERVICE_PORT + 99,
        Some(text) => {
            let port = text.to_str().and_then(|text| text.parse().ok());
            let port = port.ok_or("PORT is no port number: set it to one from 0 to 65535")?;
            port..=port
        }
    };
    let mut last_error = None;
    for port in ports.clone() {
        match TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await {
            Ok(listener) => return Ok(listener),
            Err(error) => last_error = Some(error),
        }
    }
    let cause = last_error.map_or_else(String::new, |error| format!(": {error}"));
    Err(format!("cannot listen on 127.0.0.1, ports {ports:?}{cause}; set PORT to a free one"))
}
