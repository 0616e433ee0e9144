//! What a service does with the client.

mod events;
mod key_set;
mod sealed_session;
mod sign_in;
mod sso;

use std::fmt::Debug;
use std::pin::Pin;

use anyhow::{Context as _, Result, ensure};
use auth_dev::Issuer;
use jsonwebtoken::dangerous::insecure_decode_claims;
use serde_json::Value;

use crate::fixture::Fixture;

type Flow<'a> = Pin<Box<dyn Future<Output = Result<()>> + 'a>>;

/// All, in the order in which they run: the last ones take keys away.
pub(crate) fn all(fixture: &Fixture) -> Vec<(&'static str, Flow<'_>)> {
    vec![
        ("authorization code, confidential client", Box::pin(sign_in::confidential(fixture))),
        ("authorization code, confidential client with PKCE", Box::pin(sign_in::pkce(fixture))),
        ("authorization code, public client with PKCE", Box::pin(sign_in::public(fixture))),
        ("authorization code, a wrong API key", Box::pin(sign_in::wrong_key(fixture))),
        ("refresh with rotation", Box::pin(sign_in::rotation(fixture))),
        ("refresh into an organization", Box::pin(sign_in::organization(fixture))),
        ("what has to be done before a session", Box::pin(sign_in::step_ups(fixture))),
        ("sealed session", Box::pin(sealed_session::authenticate(fixture))),
        ("sealed session, refresh", Box::pin(sealed_session::refresh(fixture))),
        ("sealed session, expired", Box::pin(sealed_session::expired(fixture))),
        ("sealed session, sign-out", Box::pin(sealed_session::sign_out(fixture))),
        ("single sign-on", Box::pin(sso::confidential(fixture))),
        ("single sign-on, confidential client with PKCE", Box::pin(sso::pkce(fixture))),
        ("a user", Box::pin(events::user(fixture))),
        ("a revoked session, and its event", Box::pin(events::session_revoked(fixture))),
        ("a deleted user, and the event", Box::pin(events::user_deleted(fixture))),
        ("tokens of both issuers", Box::pin(key_set::both_issuers(fixture))),
        ("a forged token is refused", Box::pin(key_set::forged(fixture))),
        ("odd keys beside the good one", Box::pin(key_set::odd_keys(fixture))),
        ("key rotation", Box::pin(key_set::rotation(fixture))),
        ("a withdrawn key", Box::pin(key_set::withdrawn(fixture))),
    ]
}

fn same<T: PartialEq + Debug>(what: &str, came: T, expected: T) -> Result<()> {
    ensure!(came == expected, "{what} is {came:?}, not {expected:?}");
    Ok(())
}

/// That the API refuses, and how.
fn refused<T>(result: Result<T, workos::Error>, status: u16, code: &str) -> Result<String> {
    let error = result.err().with_context(|| format!("there is no {code}"))?;
    let api = error.api().with_context(|| format!("{error} is no answer of the API"))?;
    same("the refusal", (api.status, api.code.as_deref()), (status, Some(code)))?;
    Ok(api.message.clone())
}

fn claims(token: &str) -> Result<Value> {
    Ok(insecure_decode_claims(token)?)
}

fn claim(token: &str, name: &str) -> Result<String> {
    let claims = claims(token)?;
    let claim = claims.get(name).and_then(Value::as_str);
    Ok(claim.with_context(|| format!("no claim {name}"))?.to_owned())
}

fn issuer_name(fixture: &Fixture, issuer: Issuer) -> String {
    let url = fixture.auth_dev.url();
    match issuer {
        Issuer::Sso => format!("{url}/"),
        Issuer::UserManagement => {
            format!("{url}/user_management/{}", fixture.auth_dev.client_id())
        }
    }
}
