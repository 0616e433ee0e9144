//! Guards in a framework that auth-core does not know: `cargo run -p auth-example-poem`. The adapter is
//! one file.
//!
//! What it does not bring is the guarded router: here a handler without a guard compiles, and is open.

mod adapter;

use std::error::Error;

use auth_core::issuer::WorkOs;
use auth_core::policy::{Admin, Authenticated};
use auth_core::{Auth, AuthContext, Guard, require};
use auth_dev::{AuthDev, Config, Person};
use poem::listener::TcpListener;
use poem::middleware::AddData;
use poem::web::Path;
use poem::{Endpoint, EndpointExt, Route, Server, delete, get, handler};

use crate::adapter::{Caller, Refused};

#[handler]
#[require(role("editor") || admin, via = caller)]
async fn edit(caller: Caller) -> Result<&'static str, Refused> {
    Ok("edited\n")
}

/// Without an attribute, by whoever wants the proof.
#[handler]
async fn me(caller: Caller) -> Result<String, Refused> {
    Ok(format!("{}\n", caller.require::<Authenticated>()?.identity().subject()))
}

#[handler]
async fn delete_post(caller: Caller, Path(id): Path<u64>) -> Result<String, Refused> {
    Ok(delete_from_store(id, &caller.require()?))
}

/// Asks for the proof, so that no code path reaches it around the guard.
fn delete_from_store(id: u64, admin: &Guard<Admin>) -> String {
    format!("{} deletes post {id}\n", admin.identity().subject())
}

fn app(auth: Auth) -> impl Endpoint {
    Route::new()
        .at("/me", get(me))
        .at("/edit", get(edit))
        .at("/posts/:id", delete(delete_post))
        .with(AddData::new(auth))
}

async fn with_workos(config: Config) -> Result<(AuthDev, Auth), Box<dyn Error>> {
    let workos = AuthDev::start(config).await?;
    let auth = Auth::builder()
        .workos(WorkOs::client(workos.client_id()).api_url(workos.url()))
        .admin_domain("example.com")
        .build()?;
    auth.ready().await?;
    Ok((workos, auth))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let (workos, auth) = with_workos(Config::default()).await?;
    for person in Person::ALL {
        let token = format!("$(curl -s {}/_dev/token/{})", workos.url(), person.name());
        println!("curl -i http://127.0.0.1:3000/me -H \"Authorization: Bearer {token}\"");
    }
    Server::new(TcpListener::bind("127.0.0.1:3000")).run(app(auth)).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use auth_dev::TokenOptions;
    use poem::listener::{Acceptor, Listener};
    use reqwest::{Client, Method};

    use super::*;

    #[tokio::test]
    async fn guards_answer_as_on_every_framework() {
        let (workos, auth) = with_workos(Config::default()).await.unwrap();
        let acceptor = TcpListener::bind("127.0.0.1:0").into_acceptor().await.unwrap();
        let address = acceptor.local_addr()[0].as_socket_addr().copied().unwrap();
        tokio::spawn(Server::new_with_acceptor(acceptor).run(app(auth)));
        let cases = [
            (Method::GET, "/me", None, 401, "no_credentials"),
            (Method::GET, "/me", Some(Person::Member), 200, ""),
            (Method::GET, "/edit", Some(Person::Member), 403, "forbidden"),
            (Method::GET, "/edit", Some(Person::Admin), 200, ""),
            (Method::DELETE, "/posts/7", Some(Person::Member), 403, "admin_required"),
            (Method::DELETE, "/posts/7", Some(Person::Unverified), 403, "email_unverified"),
            (Method::DELETE, "/posts/7", Some(Person::Admin), 200, ""),
        ];
        for (method, path, person, status, code) in cases {
            let mut request = Client::new().request(method, format!("http://{address}{path}"));
            if let Some(person) = person {
                let token = workos.token(person, &TokenOptions::default()).unwrap();
                request = request.bearer_auth(token);
            }
            let answer = request.send().await.unwrap();
            assert_eq!(answer.status(), status, "{path} {person:?}");
            if status != 200 {
                let challenge = answer.headers()["www-authenticate"].to_str().unwrap();
                assert!(challenge.starts_with("Bearer realm=\"api\""), "{challenge}");
                assert_eq!(answer.headers()["content-type"], "application/problem+json");
                let problem: serde_json::Value = answer.json().await.unwrap();
                assert_eq!(problem["code"], code, "{path} {person:?}");
            }
        }
    }
}
