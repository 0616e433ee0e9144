//! The command `auth-dev`.

use std::error::Error;
use std::process::ExitCode;

use auth_dev::{AuthDev, Config, Person, TokenOptions};
use clap::{Args, Parser, Subcommand};

/// WorkOS on your own machine: no identity provider, and no password asked.
#[derive(Parser)]
#[command(version)]
struct Command {
    #[command(subcommand)]
    command: Subcommands,
}

#[derive(Subcommand)]
enum Subcommands {
    Serve(Serve),
    Token(Token),
}

/// Serves on 127.0.0.1 until it is stopped.
#[derive(Args)]
struct Serve {
    /// The port; 0 for any that is free.
    #[arg(long, default_value_t = DEFAULT_PORT)]
    port: u16,
    /// The WorkOS client that tokens are for.
    #[arg(long, default_value_t = Config::default().client_id)]
    client_id: String,
}

/// Prints an access token of a running server.
#[derive(Args)]
struct Token {
    /// Whose token.
    person: Person,
    #[command(flatten)]
    options: TokenOptions,
    /// The running server.
    #[arg(long, default_value = "http://127.0.0.1:4100")]
    url: String,
}

const DEFAULT_PORT: u16 = 4100;

#[tokio::main]
async fn main() -> ExitCode {
    let result = match Command::parse().command {
        Subcommands::Serve(arguments) => serve(arguments).await,
        Subcommands::Token(arguments) => token(&arguments).await,
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn serve(arguments: Serve) -> Result<(), Box<dyn Error>> {
    let Serve { port, client_id } = arguments;
    let workos = AuthDev::start(Config { port, client_id }).await?;
    println!("auth-dev stands for WorkOS at {}, client {}", workos.url(), workos.client_id());
    println!("It is no identity provider: everybody is who they say they are.");
    for person in Person::ALL {
        println!("  {:<12} {}", person.name(), person.email());
    }
    workos.serve().await?;
    Ok(())
}

async fn token(arguments: &Token) -> Result<(), Box<dyn Error>> {
    let Token { person, options, url } = arguments;
    let response = reqwest::Client::new()
        .get(format!("{url}/_dev/token/{}", person.name()))
        .query(options)
        .send()
        .await
        .map_err(|error| {
            format!(
                "{url} does not answer ({error}); start it with `auth-dev serve`, or give --url"
            )
        })?
        .error_for_status()?;
    println!("{}", response.text().await?);
    Ok(())
}
