//! `auth-dev serve`.

use std::fmt::Write as _;
use std::io::{self, IsTerminal};
use std::net::IpAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use auth_dev::{AuthDev, Config, Error};
use clap::Args;

use super::escape::escaped;
use super::servers::LOCAL_PORT;
use super::{Failure, report};
use crate::random::unguessable;

/// Serves until it is stopped. Tells what to put into the environment of a service.
#[derive(Args)]
pub(crate) struct Serve {
    /// A seed file in TOML: client, URIs, template, organizations, roles, users.
    #[arg(long, value_name = "FILE")]
    seed: Option<PathBuf>,
    /// The port; 0 for any that is free.
    #[arg(long)]
    port: Option<u16>,
    /// The address to listen on. Anything but a loopback address lets others in, too.
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<IpAddr>,
    /// The URL by which clients reach the server, if that is not http://localhost and the port.
    #[arg(long)]
    url: Option<String>,
    /// The WorkOS client that tokens are for.
    #[arg(long)]
    client_id: Option<String>,
    /// One more URI that codes may be sent to. May be repeated.
    #[arg(long, value_name = "URI")]
    redirect_uri: Vec<String>,
    /// One more URI that a browser may be sent to after a sign-out. May be repeated.
    #[arg(long, value_name = "URI")]
    sign_out_uri: Vec<String>,
    /// One more origin whose pages may call the server. May be repeated.
    #[arg(long, value_name = "ORIGIN")]
    cors_origin: Vec<String>,
    /// How long access tokens live, such as `30s`.
    #[arg(long, value_name = "TIME", value_parser = humantime::parse_duration)]
    token_lifetime: Option<Duration>,
}

impl Serve {
    pub(crate) async fn run(self) -> Result<ExitCode, Failure> {
        let terminal = io::stderr().is_terminal();
        tracing_subscriber::fmt().with_writer(io::stderr).with_ansi(terminal).init();
        let has_seed = self.seed.is_some();
        let config = self.config()?;
        let redirect_uris = config.redirect_uris.clone();
        let is_open = !config.address.is_loopback();
        let users = config.users.clone();
        let workos = AuthDev::start(config).await.map_err(|error| match error {
            // What a seed file says wrong is not the command line's.
            Error::Config(error) if !has_seed => Failure::from(error),
            error => error.into(),
        })?;
        if is_open {
            eprintln!(
                "warning: other machines reach this server too, and it lets everybody in as anybody"
            );
        }
        let mut said = format!(
            "auth-dev stands for WorkOS at {}\n\
             It is no identity provider: everybody is who they say they are.\n\n",
            workos.url(),
        );
        for user in &users {
            writeln!(said, "  {}", escaped(&user.email))?;
        }
        let domain_of_first = users.first().and_then(|user| user.email.split_once('@'));
        let admin_domain = domain_of_first.map_or("example.com", |(_, domain)| domain);
        let variables = environment(&workos, &redirect_uris, &escaped(admin_domain));
        report::print(&format!("{said}\n{variables}\n"))?;
        workos.serve().await?;
        Ok(ExitCode::SUCCESS)
    }

    fn config(self) -> Result<Config, Failure> {
        let mut config = match &self.seed {
            None => Config { port: LOCAL_PORT, ..Config::default() },
            Some(path) => {
                let shown = path.display();
                let text = std::fs::read_to_string(path)
                    .map_err(|error| format!("cannot read {shown}: {error}"))?;
                Config::from_toml(&text).map_err(|error| format!("{shown}: {error}"))?
            }
        };
        config.port = self.port.unwrap_or(config.port);
        config.address = self.listen.unwrap_or(config.address);
        config.client_id = self.client_id.unwrap_or(config.client_id);
        config.token_lifetime = self.token_lifetime.unwrap_or(config.token_lifetime);
        config.redirect_uris.extend(self.redirect_uri);
        config.sign_out_uris.extend(self.sign_out_uri);
        config.cors_origins.extend(self.cors_origin);
        config.url = self.url.or(config.url);
        if config.url.is_none() && config.port != 0 {
            config.url = Some(format!("http://localhost:{}", config.port));
        }
        Ok(config)
    }
}

/// What a service and a page need to know, as lines of `.env` files.
fn environment(workos: &AuthDev, redirect_uris: &[String], admin_domain: &str) -> String {
    let (url, client_id) = (workos.url(), workos.client_id());
    let [page, service] = [":5173/", ":3000/auth/"].map(|part| {
        let known = redirect_uris.iter().find(|uri| uri.contains(part));
        known.or(redirect_uris.first()).map_or("", String::as_str)
    });
    let password = unguessable() + &unguessable();
    format!(
        "# .env of the service\n\
         WORKOS_CLIENT_ID={client_id}\n\
         WORKOS_API_KEY={api_key}\n\
         WORKOS_API_URL={url}\n\
         WORKOS_REDIRECT_URI={service}\n\
         WORKOS_COOKIE_PASSWORD={password}\n\
         ADMIN_DOMAIN={admin_domain}\n\
         \n\
         # .env.local of the page\n\
         VITE_WORKOS_CLIENT_ID={client_id}\n\
         VITE_WORKOS_REDIRECT_URI={page}\n\
         VITE_WORKOS_API_URL={url}\n",
        api_key = workos.api_key(),
    )
}
