//! A session as it stands in its cookie: sealed by us, or as the JavaScript SDKs seal it.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use zeroize::Zeroizing;

use super::SessionData;
use super::cookie::CookieName;
use super::iron::{Iron, JavaScriptSession};
use super::seal::{Purpose, SealError, Sealer};
use crate::clock::Clock;

pub(crate) enum Kept {
    Ours(Sealer),
    JavaScript(Iron),
}

pub(crate) struct Session {
    pub(crate) data: SessionData,
    /// Or by one that is being replaced.
    pub(crate) is_by_current_key: bool,
}

impl Kept {
    pub(crate) fn seal(
        &self,
        name: &CookieName,
        session: &SessionData,
    ) -> Result<String, SealError> {
        match self {
            Self::Ours(sealer) => sealer.seal(Purpose::Session, name.as_str(), &json(session)?),
            Self::JavaScript(iron) => iron.seal(&json(&JavaScriptSession::from(session.clone()))?),
        }
    }

    /// `None` if it does not open, or is no session.
    pub(crate) fn open(
        &self,
        name: &CookieName,
        sealed: &str,
        clock: &dyn Clock,
    ) -> Option<Session> {
        let (opened, data) = match self {
            Self::Ours(sealer) => {
                let opened = sealer.open(Purpose::Session, name.as_str(), sealed)?;
                let data = serde_json::from_slice(&opened.plain).ok()?;
                (opened, data)
            }
            Self::JavaScript(iron) => {
                let opened = iron.open(sealed, clock.now())?;
                let session: JavaScriptSession = serde_json::from_slice(&opened.plain).ok()?;
                (opened, data_of(session)?)
            }
        };
        Some(Session { data, is_by_current_key: opened.is_by_current_key })
    }
}

/// Room is made before, so that no buffer grows and leaves a copy behind.
fn json(value: &impl serde::Serialize) -> Result<Zeroizing<Vec<u8>>, SealError> {
    let mut json = Zeroizing::new(Vec::with_capacity(16 * 1024));
    serde_json::to_writer(&mut *json, value).map_err(|_| SealError::System)?;
    Ok(json)
}

/// When to refresh is all that these decide: the token is verified like any other.
#[derive(Deserialize)]
struct Unverified {
    sid: String,
    iat: u64,
    exp: u64,
    auth_time: Option<u64>,
}

fn data_of(session: JavaScriptSession) -> Option<SessionData> {
    let payload = session.access_token.expose().split('.').nth(1)?;
    let payload = Zeroizing::new(URL_SAFE_NO_PAD.decode(payload).ok()?);
    let Unverified { sid, iat, exp, auth_time } = serde_json::from_slice(&payload).ok()?;
    Some(SessionData {
        id: sid,
        expires_at: exp,
        ..session.into_data(auth_time.unwrap_or(iat), iat)
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::clock::SystemClock;

    const PASSWORD: &str = "a password of at least 32 characters";

    fn session() -> Value {
        json!({
            "id": "session_01A",
            "access_token": "a.b.c",
            "refresh_token": "r",
            "user": { "id": "user_01A" },
            "began_at": 1,
            "refreshed_at": 2,
            "expires_at": 3,
        })
    }

    #[test]
    fn what_is_no_session_is_none() {
        let (kept, name) = (Sealer::new(&[PASSWORD]).unwrap(), CookieName::ours("session", false));
        let sealed = |plain: &[u8]| kept.seal(Purpose::Session, name.as_str(), plain).unwrap();
        let opens = |sealed: &str| {
            let kept = Kept::Ours(Sealer::new(&[PASSWORD]).unwrap());
            kept.open(&name, sealed, &SystemClock::default()).is_some()
        };
        assert!(opens(&sealed(session().to_string().as_bytes())));

        let mut others = vec![b"".to_vec(), b"{}".to_vec(), b"[]".to_vec(), vec![0xff; 40]];
        others.extend(["id", "access_token", "refresh_token", "user", "began_at"].map(|name| {
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
        let transaction =
            kept.seal(Purpose::Transaction, name.as_str(), session().to_string().as_bytes());
        assert!(!opens(&transaction.unwrap()));
    }
}
