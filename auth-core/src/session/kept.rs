//! Where a session is: sealed in its cookie, by us or as the JavaScript SDKs do, or in a store.

use std::sync::Arc;
use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

use super::iron::{Iron, JavaScriptSession};
use super::seal::{Purpose, SealError};
use super::store::{Fence, Store, StoreError};
use super::workos::Unverified;
use super::{Inner, Secret, SessionData, secret};

pub(crate) enum Kept {
    Here,
    JavaScript(Iron),
    /// The cookie has the handle by which the store knows it.
    InStore(Arc<dyn Store>),
}

/// What a cookie has.
pub(crate) struct Found {
    content: Content,
    is_cookie_fresh: bool,
}

enum Content {
    Session(SessionData),
    Handle(Handle),
}

/// A browser keeps a cookie for as long as somebody may stay away. Who is there all the time gets it
/// anew, so often in that time.
const RENEWALS: u32 = 14;

#[derive(Clone)]
pub(crate) struct Session {
    pub(crate) data: SessionData,
    /// The browser's cookie was sealed with the current password, and has been set not long ago.
    pub(crate) is_cookie_fresh: bool,
    /// If a store has it.
    pub(crate) handle: Option<Handle>,
}

/// The random number by which a store knows a session. Whoever has it has the session.
#[derive(Clone)]
pub(crate) struct Handle(Secret);

impl Handle {
    /// The key in the store, from which nobody finds the handle.
    pub(crate) fn key(&self) -> String {
        format!("session:{}", hashed(&self.0))
    }
}

/// What a secret is known by where it must not be seen.
pub(crate) fn hashed(secret: &Secret) -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, secret.expose().as_bytes()))
}

impl Inner {
    /// What is sealed in a cookie; `None` if it does not open, or is no session.
    pub(crate) fn unseal(&self, sealed: &str) -> Option<Found> {
        let name = self.cookie.as_str();
        let mut is_new = true;
        let (opened, content) = match &self.kept {
            Kept::Here => {
                let opened = self.sealer.open(Purpose::Session, name, sealed)?;
                let data = serde_json::from_slice(&opened.plain).ok()?;
                (opened, Content::Session(data))
            }
            Kept::JavaScript(iron) => {
                let opened = iron.open(sealed, self.auth.clock().now())?;
                let session: JavaScriptSession = serde_json::from_slice(&opened.plain).ok()?;
                (opened, Content::Session(data_of(session)?))
            }
            Kept::InStore(_) => {
                let opened = self.sealer.open(Purpose::Handle, name, sealed)?;
                let (set_at, handle) = std::str::from_utf8(&opened.plain).ok()?.split_once(' ')?;
                let age = self.auth.seconds().saturating_sub(set_at.parse().ok()?);
                is_new = age < (self.idle / RENEWALS).as_secs();
                let handle = Handle(handle.to_owned().into());
                (opened, Content::Handle(handle))
            }
        };
        Some(Found { content, is_cookie_fresh: opened.is_by_current_key && is_new })
    }

    /// The session that a cookie stands for; `None` if it is over. Asks the store if that has it.
    ///
    /// # Errors
    /// If the store cannot be used.
    pub(crate) async fn session_of(&self, found: Found) -> Result<Option<Session>, StoreError> {
        let Found { content, is_cookie_fresh } = found;
        let (data, handle) = match (content, &self.kept) {
            (Content::Session(data), _) => (data, None),
            (Content::Handle(handle), Kept::InStore(store)) => {
                match self.stored(&**store, &handle.key()).await? {
                    Some(data) => (data, Some(handle)),
                    None => return Ok(None),
                }
            }
            (Content::Handle(_), _) => return Ok(None),
        };
        Ok(Some(Session { data, is_cookie_fresh, handle }))
    }

    /// The value of the cookie.
    pub(crate) fn seal(&self, session: &Session) -> Result<String, SealError> {
        let name = self.cookie.as_str();
        match (&session.handle, &self.kept) {
            (Some(Handle(handle)), _) => {
                let plain = Zeroizing::new(format!("{} {}", self.auth.seconds(), handle.expose()));
                self.sealer.seal(Purpose::Handle, name, plain.as_bytes())
            }
            (None, Kept::JavaScript(iron)) => {
                iron.seal(&json(&JavaScriptSession::from(session.data.clone()))?)
            }
            (None, _) => self.sealer.seal(Purpose::Session, name, &json(&session.data)?),
        }
    }

    /// A session that has just begun, in the place where it is to be.
    ///
    /// # Errors
    /// If the store cannot be used, or there is no randomness.
    pub(crate) async fn keep(&self, data: SessionData) -> Result<Session, StoreError> {
        let handle = match &self.kept {
            Kept::Here | Kept::JavaScript(_) => None,
            Kept::InStore(store) => {
                let handle = Handle(secret::random().map_err(StoreError::new)?);
                let key = handle.key();
                let value = self.sealed_for_store(&key, &data)?;
                store.put(&key, value.as_bytes(), self.life_of(&data)).await?;
                Some(handle)
            }
        };
        Ok(Session { data, is_cookie_fresh: true, handle })
    }

    /// Takes a session out of the store, if that has it.
    ///
    /// # Errors
    /// If the store cannot be used.
    pub(crate) async fn forget(&self, session: &Session) -> Result<(), StoreError> {
        match (&session.handle, &self.kept) {
            (Some(handle), Kept::InStore(store)) => store.remove(&handle.key()).await,
            _ => Ok(()),
        }
    }

    /// What a store has under this key; `None` also if it is nothing of ours.
    pub(crate) async fn stored(
        &self,
        store: &dyn Store,
        key: &str,
    ) -> Result<Option<SessionData>, StoreError> {
        let Some(value) = store.get(key).await? else { return Ok(None) };
        let value = std::str::from_utf8(&value).ok();
        let opened = value.and_then(|value| self.sealer.open(Purpose::Stored, key, value));
        Ok(opened.and_then(|opened| serde_json::from_slice(&opened.plain).ok()))
    }

    /// Puts what a session has become in place of what it was; `false` if that is gone, or somebody
    /// else has had the lock meanwhile.
    pub(crate) async fn replace_stored(
        &self,
        store: &dyn Store,
        key: &str,
        data: &SessionData,
        fence: Fence,
    ) -> Result<bool, StoreError> {
        let value = self.sealed_for_store(key, data)?;
        store.replace(key, value.as_bytes(), self.life_of(data), fence).await
    }

    pub(crate) fn sealed_for_store(
        &self,
        key: &str,
        data: &SessionData,
    ) -> Result<String, StoreError> {
        let sealed = json(data).and_then(|json| self.sealer.seal(Purpose::Stored, key, &json));
        sealed.map_err(StoreError::new)
    }

    /// Until it is over, should nobody come any more.
    fn life_of(&self, data: &SessionData) -> Duration {
        let age = self.auth.seconds().saturating_sub(data.began_at);
        self.idle.min(self.lifetime.saturating_sub(Duration::from_secs(age)))
    }
}

/// Room is made before, so that no buffer grows and leaves a copy behind.
fn json(value: &impl serde::Serialize) -> Result<Zeroizing<Vec<u8>>, SealError> {
    let mut json = Zeroizing::new(Vec::with_capacity(16 * 1024));
    serde_json::to_writer(&mut *json, value).map_err(|_| SealError::System)?;
    Ok(json)
}

fn data_of(session: JavaScriptSession) -> Option<SessionData> {
    let Unverified { sid, iat, exp, auth_time, .. } = Unverified::of(&session.access_token)?;
    let data = session.into_data(auth_time.unwrap_or(iat), iat)?;
    Some(SessionData { id: sid, expires_at: exp, ..data })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::config::tests::{build, good};
    use super::*;

    fn sessions() -> Arc<Inner> {
        Arc::clone(build(good()).unwrap().inner())
    }

    fn session() -> Value {
        json!({
            "id": "session_01A",
            "access_token": "a.b.c",
            "refresh_token": "r",
            "user_id": "user_01A",
            "began_at": 1,
            "refreshed_at": 2,
            "expires_at": 3,
        })
    }

    #[test]
    fn what_is_no_session_is_none() {
        let sessions = sessions();
        let sealer = &sessions.sealer;
        let sealed = |plain: &[u8]| sealer.seal(Purpose::Session, "session", plain).unwrap();
        let opens = |sealed: &str| sessions.unseal(sealed).is_some();
        assert!(opens(&sealed(session().to_string().as_bytes())));

        let mut others = vec![b"".to_vec(), b"{}".to_vec(), b"[]".to_vec(), vec![0xff; 40]];
        others.extend(["id", "access_token", "refresh_token", "user_id", "began_at"].map(|name| {
            let mut session = session();
            session.as_object_mut().unwrap().remove(name);
            session.to_string().into_bytes()
        }));
        for (name, value) in [
            ("version", json!(2)),
            ("began_at", json!("1")),
            ("began_at", json!(-1)),
            ("access_token", Value::Null),
            ("organization_id", json!(7)),
        ] {
            let mut session = session();
            session[name] = value;
            others.push(session.to_string().into_bytes());
        }
        let mut cut = session().to_string().into_bytes();
        cut.pop();
        others.push(cut);
        for other in others {
            assert!(!opens(&sealed(&other)), "{}", String::from_utf8_lossy(&other));
        }
        for purpose in [Purpose::Transaction, Purpose::Handle, Purpose::Stored] {
            let other = sealer.seal(purpose, "session", session().to_string().as_bytes());
            assert!(!opens(&other.unwrap()), "{purpose:?}");
        }
    }
}
