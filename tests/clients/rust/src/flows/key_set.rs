//! Tokens and the keys of the set, as the crate fetches it.

use anyhow::{Context as _, Result, bail, ensure};
use auth_dev::{Issuer, TokenOptions};
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde_json::Value;
use workos::JwksHelper;

use super::{issuer_name, same};
use crate::fixture::Fixture;

pub(super) async fn both_issuers(fixture: &Fixture) -> Result<()> {
    let keys = fixture.client.jwks();
    for issuer in [Issuer::Sso, Issuer::UserManagement] {
        let options = TokenOptions { issuer, ..TokenOptions::default() };
        let token = fixture.auth_dev.token("ada", &options)?;
        let claims = verify(fixture, &token, &keys, issuer).await?;
        let subject = claims.get("sub").and_then(Value::as_str);
        same("the subject", subject, Some("user_01DEVADA"))?;
    }
    Ok(())
}

pub(super) async fn forged(fixture: &Fixture) -> Result<()> {
    let token =
        fixture.auth_dev.token("ada", &TokenOptions { forged: true, ..Default::default() })?;
    let verified = verify(fixture, &token, &fixture.client.jwks(), Issuer::UserManagement).await;
    let error = verified.err().context("it is accepted")?;
    same("the reason", format!("{error:#}").as_str(), "InvalidSignature")
}

pub(super) async fn odd_keys(fixture: &Fixture) -> Result<()> {
    fixture.auth_dev.publish_odd_keys(true);
    let result = odd_keys_passed_over(fixture).await;
    fixture.auth_dev.publish_odd_keys(false);
    result
}

async fn odd_keys_passed_over(fixture: &Fixture) -> Result<()> {
    let keys = fixture.client.jwks();
    ensure!(keys.fetch().await?.keys.len() > 1, "there are no odd keys");
    accepted(fixture, &keys).await
}

pub(super) async fn rotation(fixture: &Fixture) -> Result<()> {
    let keys = fixture.client.jwks();
    let before = token(fixture)?;
    verify(fixture, &before, &keys, Issuer::UserManagement).await?;
    let kid = fixture.auth_dev.rotate_key()?;
    let after = token(fixture)?;
    same("the key", decode_header(&after)?.kid, Some(kid))?;
    for token in [before, after] {
        verify(fixture, &token, &keys, Issuer::UserManagement).await?;
    }
    Ok(())
}

pub(super) async fn withdrawn(fixture: &Fixture) -> Result<()> {
    let (token, kid) = (token(fixture)?, fixture.auth_dev.signing_key());
    fixture.auth_dev.rotate_key()?;
    ensure!(fixture.auth_dev.withdraw_key(&kid), "{kid} is not there");
    let keys = fixture.client.jwks();
    let verified = verify(fixture, &token, &keys, Issuer::UserManagement).await;
    let error = verified.err().context("it is accepted")?;
    same("the reason", format!("{error:#}"), format!("no key {kid}"))?;
    accepted(fixture, &keys).await
}

fn token(fixture: &Fixture) -> Result<String> {
    Ok(fixture.auth_dev.token("ada", &TokenOptions::default())?)
}

async fn accepted(fixture: &Fixture, keys: &JwksHelper) -> Result<()> {
    verify(fixture, &token(fixture)?, keys, Issuer::UserManagement).await.map(drop)
}

/// With the key that the token names, fetched anew if it is not known.
async fn verify(
    fixture: &Fixture,
    token: &str,
    keys: &JwksHelper,
    issuer: Issuer,
) -> Result<Value> {
    let kid = decode_header(token)?.kid.context("no kid")?;
    let is_named = |key: &&workos::Jwk| key.kid.as_deref() == Some(&kid);
    let mut set = keys.fetch().await?;
    if !set.keys.iter().any(|key| is_named(&key)) {
        set = keys.refresh().await?;
    }
    let Some(key) = set.keys.iter().find(is_named) else { bail!("no key {kid}") };
    let key: Jwk = serde_json::from_value(serde_json::to_value(key)?)?;
    let mut validation = Validation::new(Algorithm::RS256);
    validation.set_issuer(&[issuer_name(fixture, issuer)]);
    match issuer {
        Issuer::Sso => validation.set_audience(&[fixture.auth_dev.client_id()]),
        Issuer::UserManagement => validation.validate_aud = false,
    }
    Ok(decode::<Value>(token, &DecodingKey::from_jwk(&key)?, &validation)?.claims)
}
