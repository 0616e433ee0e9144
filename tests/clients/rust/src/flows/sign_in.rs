//! Codes and refresh tokens for sessions.

use anyhow::{Context as _, Result, ensure};
use workos::user_management::{AuthenticateWithCodeParams, AuthenticateWithRefreshTokenParams};
use workos::{
    AuthKitAuthorizationUrlParams, AuthKitPkceCodeExchangeParams, AuthenticateResponse, Client,
    Error,
};

use super::{claim, claims, refused, same};
use crate::fixture::{Fixture, REDIRECT_URI, authorization_of};

pub(super) async fn confidential(fixture: &Fixture) -> Result<()> {
    let state = "a state with = & ? # % \" and ü";
    let url = fixture.client.authkit().authorization_url(AuthKitAuthorizationUrlParams {
        state: Some(state.to_owned()),
        ..authorization_of("ada@acme.test")
    })?;
    let callback = fixture.sign_in(&url).await?;
    ensure!(callback.0.as_str().starts_with(REDIRECT_URI), "{}", callback.0);
    same("the state", callback.parameter("state")?.as_str(), state)?;
    let code = callback.parameter("code")?;
    let api = fixture.client.user_management();
    let params = AuthenticateWithCodeParams::new(code);
    let answer = api.authenticate_with_code(params.clone()).await?;
    same("the organization", answer.organization_id.as_deref(), Some("org_01ACME"))?;
    let method = answer.authentication_method.context("no authentication method")?;
    same("the method", method.as_str(), "Password")?;
    ensure!(answer.impersonator.is_none(), "nobody acts as Ada");
    let user = answer.user;
    same("the object", user.object.as_str(), "user")?;
    same("the id", user.id.as_str(), "user_01DEVADA")?;
    same("the address", user.email.as_str(), "ada@acme.test")?;
    ensure!(user.email_verified, "the address is verified");
    same("the name", user.name.as_deref(), Some("Ada Lovelace"))?;
    same("the external id", user.external_id.as_deref(), Some("ada-1"))?;
    same("the locale", user.locale.as_deref(), Some("en-GB"))?;
    let metadata = user.metadata.unwrap_or_default();
    same("the metadata", metadata.get("team").map(String::as_str), Some("engines"))?;
    ensure!(user.last_sign_in_at.is_some(), "the last sign-in is missing");

    let again = api.authenticate_with_code(params).await;
    refused(again, 400, "invalid_grant")?;
    Ok(())
}

pub(super) async fn pkce(fixture: &Fixture) -> Result<()> {
    let authkit = fixture.client.authkit();
    let asked = authkit.pkce_authorization_url(authorization_of("ada@acme.test"))?;
    let other = authkit.pkce_authorization_url(authorization_of("ada@acme.test"))?;
    let code = fixture.sign_in(&asked.url).await?.parameter("code")?;
    let code_verifier = other.code_verifier;
    let params = AuthKitPkceCodeExchangeParams { code, code_verifier };
    refused(authkit.pkce_code_exchange(params).await, 400, "invalid_grant")?;

    let callback = fixture.sign_in(&asked.url).await?;
    same("the state", callback.parameter("state")?, asked.state)?;
    let (code, code_verifier) = (callback.parameter("code")?, asked.code_verifier);
    let params = AuthKitPkceCodeExchangeParams { code, code_verifier };
    let answer = authkit.pkce_code_exchange(params).await?;
    same("the address", answer.user.email.as_str(), "ada@acme.test")
}

pub(super) async fn public(fixture: &Fixture) -> Result<()> {
    let public = &fixture.public_client;
    let asked = public.authkit_authorization_url(authorization_of("ada@acme.test"))?;
    let code = fixture.sign_in(&asked.url).await?.parameter("code")?;
    let params = AuthKitPkceCodeExchangeParams { code, code_verifier: asked.code_verifier };
    let answer = public.client().authkit().pkce_code_exchange(params).await?;
    same("the address", answer.user.email.as_str(), "ada@acme.test")?;
    refresh(public.client(), answer.refresh_token.expose(), None).await?;
    Ok(())
}

pub(super) async fn wrong_key(fixture: &Fixture) -> Result<()> {
    let stranger = fixture.client_with_key("sk_test_other");
    let code = fixture.code("ada@acme.test", None).await?;
    let params = AuthenticateWithCodeParams::new(code);
    let refusal = stranger.user_management().authenticate_with_code(params).await;
    refused(refusal, 400, "invalid_client")?;
    Ok(())
}

pub(super) async fn rotation(fixture: &Fixture) -> Result<()> {
    let first = fixture.session("ada@acme.test", None).await?;
    let second = refresh(&fixture.client, first.refresh_token.expose(), None).await?;
    ensure!(second.refresh_token != first.refresh_token, "the refresh token does not change");
    ensure!(second.access_token != first.access_token, "the access token does not change");
    let sid = |answer: &AuthenticateResponse| claim(answer.access_token.expose(), "sid");
    same("the session", sid(&second)?, sid(&first)?)?;
    let used = refresh(&fixture.client, first.refresh_token.expose(), None).await;
    let message = refused(used, 400, "invalid_grant")?;
    same("the message", message.as_str(), "Refresh token already exchanged.")?;
    refresh(&fixture.client, second.refresh_token.expose(), None).await?;
    Ok(())
}

pub(super) async fn organization(fixture: &Fixture) -> Result<()> {
    let acme = fixture.session("grace@acme.test", Some("org_01ACME")).await?;
    same("the role", claim(acme.access_token.expose(), "role")?.as_str(), "reader")?;
    let token = acme.refresh_token.expose();
    let globex = refresh(&fixture.client, token, Some("org_01GLOBEX")).await?;
    same("the organization", globex.organization_id.as_deref(), Some("org_01GLOBEX"))?;
    let claims = claims(globex.access_token.expose())?;
    let expected = serde_json::json!({
        "org_id": "org_01GLOBEX",
        "role": "editor",
        "roles": ["editor"],
        "permissions": ["posts:read", "posts:write"],
    });
    for (name, value) in expected.as_object().into_iter().flatten() {
        same(name, claims.get(name), Some(value))?;
    }
    Ok(())
}

pub(super) async fn step_ups(fixture: &Fixture) -> Result<()> {
    let cases = [
        ("factor@example.test", 403, "mfa_challenge"),
        ("unverified@example.test", 403, "email_verification_required"),
        ("choice@example.test", 403, "organization_selection_required"),
        ("connection@example.test", 400, "sso_required"),
    ];
    for (email, status, code) in cases {
        let params = AuthenticateWithCodeParams::new(fixture.code(email, None).await?);
        let answer = fixture.client.user_management().authenticate_with_code(params).await;
        let raw = answer.as_ref().err().and_then(Error::api).map(|api| api.raw_body.clone());
        refused(answer, status, code)?;
        let raw: serde_json::Value = serde_json::from_slice(&raw.unwrap_or_default())?;
        let has_token = raw.get("pending_authentication_token").is_some();
        same("a token to go on with", has_token, status == 403)?;
    }
    Ok(())
}

async fn refresh(
    client: &Client,
    refresh_token: &str,
    organization: Option<&str>,
) -> Result<AuthenticateResponse, Error> {
    let params = AuthenticateWithRefreshTokenParams {
        organization_id: organization.map(str::to_owned),
        ..AuthenticateWithRefreshTokenParams::new(refresh_token)
    };
    client.user_management().authenticate_with_refresh_token(params).await
}
