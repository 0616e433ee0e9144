//! Sessions in a cookie, sealed as the crate seals them.

use std::time::{Duration, SystemTime};

use anyhow::{Result, ensure};
use workos::session::{SessionRefreshOptions, seal_session_from_auth_response};

use super::same;
use crate::fixture::Fixture;

const PASSWORD: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

pub(super) async fn authenticate(fixture: &Fixture) -> Result<()> {
    let cookie = seal(fixture).await?;
    let state = fixture.client.session(cookie.as_str(), PASSWORD).authenticate().await;
    ensure!(state.authenticated, "{}", state.reason);
    ensure!(state.session_id.starts_with("session_"), "{}", state.session_id);
    same("the organization", state.organization_id.as_str(), "org_01ACME")?;
    same("the role", state.role.as_str(), "editor")?;
    same("the permissions", state.permissions, vec!["posts:read".into(), "posts:write".into()])?;
    same("the entitlements", state.entitlements, vec!["reports".to_owned()])?;
    let user = state.user.map(|user| user.email);
    same("the user", user.as_deref(), Some("ada@acme.test"))
}

pub(super) async fn refresh(fixture: &Fixture) -> Result<()> {
    let cookie = seal(fixture).await?;
    let session = fixture.client.session(cookie.as_str(), PASSWORD);
    let before = session.authenticate().await;
    let refreshed = session.refresh(SessionRefreshOptions::default()).await?;
    ensure!(refreshed.authenticated, "{}", refreshed.reason);
    let next = fixture.client.session(refreshed.sealed_session, PASSWORD).authenticate().await;
    ensure!(next.authenticated, "{}", next.reason);
    same("the session", next.session_id, before.session_id)?;
    same("the organization", next.organization_id, before.organization_id)?;
    let again = session.refresh(SessionRefreshOptions::default()).await?;
    ensure!(!again.authenticated, "a used refresh token is taken again");
    Ok(())
}

pub(super) async fn expired(fixture: &Fixture) -> Result<()> {
    fixture.auth_dev.set_clock(SystemTime::now() - Duration::from_secs(3600));
    let cookie = seal(fixture).await;
    fixture.auth_dev.set_clock(SystemTime::now());
    let session = fixture.client.session(cookie?, PASSWORD);
    let state = session.authenticate().await;
    let (needs_refresh, reason) = (state.needs_refresh, state.reason.as_str());
    same("the answer", (needs_refresh, reason), (true, "session_expired"))?;
    let refreshed = session.refresh(SessionRefreshOptions::default()).await?;
    ensure!(refreshed.authenticated, "{}", refreshed.reason);
    Ok(())
}

pub(super) async fn sign_out(fixture: &Fixture) -> Result<()> {
    let cookie = seal(fixture).await?;
    let session = fixture.client.session(cookie.as_str(), PASSWORD);
    let return_to = "http://127.0.0.1:5173/bye";
    let landed = fixture.sign_in(&session.logout_url(Some(return_to)).await?).await?;
    same("the page", landed.0.as_str(), return_to)?;
    same("the event", fixture.event().await?.event.as_str(), "session.revoked")?;
    let refreshed = session.refresh(SessionRefreshOptions::default()).await?;
    ensure!(!refreshed.authenticated, "the session goes on");
    let elsewhere = session.logout_url(Some("http://evil.test/")).await?;
    let answer = fixture.visit(&elsewhere).await?;
    ensure!(answer.headers().get("location").is_none(), "a redirect to anywhere");
    Ok(())
}

async fn seal(fixture: &Fixture) -> Result<String> {
    let answer = fixture.session("ada@acme.test", None).await?;
    Ok(seal_session_from_auth_response(
        answer.access_token,
        answer.refresh_token,
        Some(answer.user),
        answer.impersonator,
        PASSWORD,
    )?)
}
