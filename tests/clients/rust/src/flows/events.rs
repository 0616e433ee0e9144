//! Users, and what becomes of them and their sessions.

use anyhow::{Context as _, Result, ensure};
use serde::de::DeserializeOwned;
use serde_json::Value;
use workos::user_management::RevokeSessionParams;
use workos::{EventSchema, RevokeSession, SessionRevoked, UserDeleted};

use super::{claim, refused, same};
use crate::fixture::Fixture;

pub(super) async fn user(fixture: &Fixture) -> Result<()> {
    let user = fixture.session("ada@acme.test", None).await?.user;
    let api = fixture.client.user_management();
    let found = api.get_user(&user.id).await?;
    same("the user", serde_json::to_value(found)?, serde_json::to_value(&user)?)?;
    refused(api.get_user("user_01NOBODY").await, 404, "entity_not_found")?;
    let stranger = fixture.client_with_key("sk_test_other");
    refused(stranger.user_management().get_user(&user.id).await, 401, "unauthorized")?;
    Ok(())
}

pub(super) async fn session_revoked(fixture: &Fixture) -> Result<()> {
    let session = fixture.session("grace@acme.test", Some("org_01ACME")).await?;
    let session_id = claim(session.access_token.expose(), "sid")?;
    let body = RevokeSession { session_id: session_id.clone() };
    fixture.client.user_management().revoke_session(RevokeSessionParams { body }).await?;
    let event: SessionRevoked = typed(&fixture.event().await?, "session.revoked")?;
    same("the session", event.data.id, session_id)?;
    same("the user", event.data.user_id, session.user.id)?;
    same("the organization", event.data.organization_id.as_deref(), Some("org_01ACME"))?;
    same("the status", event.data.status.as_str(), "revoked")?;
    same("the method", event.data.auth_method.as_str(), "password")?;
    ensure!(event.data.ended_at.is_some(), "the session has ended at no time");
    Ok(())
}

pub(super) async fn user_deleted(fixture: &Fixture) -> Result<()> {
    let session = fixture.session("leaving@example.test", None).await?;
    fixture.client.user_management().delete_user(&session.user.id).await?;
    // Nobody promises an order.
    let events = [fixture.event().await?, fixture.event().await?];
    let of = |name: &str| {
        let event = events.iter().find(|event| event.event == name);
        event.with_context(|| format!("{name} is missing"))
    };
    let revoked: SessionRevoked = typed(of("session.revoked")?, "session.revoked")?;
    same("the session", revoked.data.id, claim(session.access_token.expose(), "sid")?)?;
    let deleted: UserDeleted = typed(of("user.deleted")?, "user.deleted")?;
    same("the user", deleted.data.id.as_str(), session.user.id.as_str())?;
    let api = fixture.client.user_management();
    refused(api.get_user(&session.user.id).await, 404, "entity_not_found")?;
    Ok(())
}

/// As the crate describes the event.
fn typed<T: DeserializeOwned>(event: &EventSchema, name: &str) -> Result<T> {
    same("the event", event.event.as_str(), name)?;
    ensure!(event.id.starts_with("event_"), "{}", event.id);
    let value: Value = serde_json::to_value(event)?;
    serde_json::from_value(value).with_context(|| format!("{name} is not as the crate has it"))
}
