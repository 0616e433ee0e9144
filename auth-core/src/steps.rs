//! The steps of a verification one by one, for the benchmarks of those who work on them. Each says
//! whether it has succeeded, so that it is not optimised away.

use crate::token::{Claims, Room, UnverifiedToken};

/// Three segments, decoded, and the header.
pub fn form_and_header(compact: &str) -> bool {
    UnverifiedToken::parse(compact, &mut Room::default()).is_ok()
}

/// The same, and the claims as a strict JSON object.
pub fn json(compact: &str) -> bool {
    let mut room = Room::default();
    let token = UnverifiedToken::parse(compact, &mut room);
    token.is_ok_and(|token| token.unverified_claims().is_ok())
}

/// Claims as what rules are about, from their JSON on.
pub fn claims(payload: &str) -> bool {
    Claims::parse(payload).is_ok()
}

/// The cookie of a session that has this access token (`name=value`), as after a sign-in.
#[cfg(all(feature = "session", any(feature = "actix", feature = "axum")))]
pub async fn session_cookie(
    sessions: &crate::session::Sessions,
    access_token: &str,
) -> Option<String> {
    let inner = sessions.inner();
    let issued = serde_json::from_value(serde_json::json!({
        "access_token": access_token,
        "refresh_token": "x".repeat(25),
        "user": { "id": inner.auth.authenticate_token(access_token).await.ok()?.subject() },
    }));
    let session = inner.keep(inner.accept(issued.ok()?).await.ok()?).await.ok()?;
    let set_cookies = inner.session_cookies(&session).ok()?;
    Some(set_cookies.first()?.split(';').next()?.to_owned())
}
