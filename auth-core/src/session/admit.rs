//! From the cookies of a request to an access token, or to what stands in the way of one.

use std::sync::Arc;
use std::time::Duration;

use super::cookie::Unusable;
use super::head::Head;
use super::kept::{Found, Kept, Session};
use super::refresh::Outcome;
use super::{Inner, Secret, StoreError, csrf};
use crate::credential;
use crate::error::{AuthError, Code};

/// How long before its end a token is refreshed. Requests meanwhile go on with the old one.
const BEFORE_EXPIRY: Duration = Duration::from_secs(30);

/// How many times in a row one request has a session refreshed.
const MOST_REFRESHES: usize = 3;

/// What the cookies of a request come to.
pub(crate) struct Admitted {
    pub(crate) credential: Credential,
    /// The `Set-Cookie` values that the answer gets.
    pub(crate) set_cookies: Vec<String>,
}

pub(crate) enum Credential {
    /// There is no session.
    None,
    AccessToken(Secret),
    /// Whoever asks who it is, is told.
    Refused(AuthError),
}

impl Admitted {
    fn none() -> Self {
        Self { credential: Credential::None, set_cookies: Vec::new() }
    }

    fn refused(error: AuthError) -> Self {
        Self { credential: Credential::Refused(error), set_cookies: Vec::new() }
    }
}

impl Inner {
    pub(crate) async fn admit(self: &Arc<Self>, head: &impl Head) -> Admitted {
        let found = match self.found(head) {
            Ok(Some(found)) => found,
            Ok(None) => return Admitted::none(),
            Err(Broken::Ambiguous(error)) => return Admitted::refused(error),
            Err(Broken::Invalid) => return self.ended(Code::SessionInvalid, "it does not open"),
        };
        // Two credentials are refused, whichever is good: what was verified and what is used must not
        // differ.
        if let Ok(Some(_)) | Err(_) = credential::bearer(head.values("authorization")) {
            return Admitted::refused(AuthError::new(Code::AmbiguousCredentials).because(
                "the request bears both a token (`Authorization`) and a session (`Cookie`)",
            ));
        }
        if !csrf::is_meant(head, &self.origin) {
            return Admitted::refused(AuthError::new(Code::Csrf).because(
                "a request that changes something is sent with the cookie of a session, and neither \
                 `Sec-Fetch-Site`, `Origin` nor the header `x-csrf` says that this service's own page \
                 means it",
            ));
        }
        match self.session_of(found).await {
            Ok(Some(session)) => self.admit_session(session).await,
            Ok(None) => self.ended(Code::SessionEnded, "the store has it no more"),
            Err(error) => Admitted::refused(error.into()),
        }
    }

    async fn admit_session(self: &Arc<Self>, mut session: Session) -> Admitted {
        // What somebody has left a while ago has become another session by now, whose token may be over
        // in its turn.
        for _ in 0..MOST_REFRESHES {
            let data = &session.data;
            let now = self.auth.seconds();
            if now >= data.refreshed_at.saturating_add(self.idle.as_secs())
                || now >= data.began_at.saturating_add(self.lifetime.as_secs())
            {
                return self
                    .ended(Code::SessionExpired, "it has been idle, or there, for too long");
            }
            let is_over = now >= data.expires_at;
            // Nobody has asked for a fresh token before that, so there is no outcome to look for.
            let is_due = now + BEFORE_EXPIRY.as_secs() >= data.expires_at;
            let outcome = match is_due {
                false => None,
                true if is_over => Some(self.refresh(&session).await),
                true => self.refresh_in_time(&session).await,
            };
            match outcome {
                Some(Outcome::Refreshed(newer)) => {
                    let data = (*newer).clone();
                    session = Session { data, is_cookie_fresh: false, ..session };
                    if self.auth.seconds() < newer.expires_at {
                        return self.with_cookies(session);
                    }
                }
                Some(Outcome::Ended(why)) => return self.over_at_workos(why),
                Some(Outcome::Unavailable(why)) if is_over => {
                    return self.with_what_is_known(session, &why);
                }
                _ if !session.is_cookie_fresh => return self.with_cookies(session),
                _ => {
                    return Admitted {
                        credential: Credential::AccessToken(session.data.access_token),
                        set_cookies: Vec::new(),
                    };
                }
            }
        }
        self.with_what_is_known(session, "WorkOS gives tokens that are over")
    }

    /// Nobody can say now who it is; what WorkOS has given is not lost.
    fn with_what_is_known(&self, session: Session, why: &str) -> Admitted {
        let set_cookies = match session.is_cookie_fresh {
            true => Vec::new(),
            false => self.session_cookies(&session).unwrap_or_default(),
        };
        Admitted { credential: Credential::Refused(unavailable(why)), set_cookies }
    }

    /// The session goes on, and the browser learns of what it has become.
    fn with_cookies(&self, session: Session) -> Admitted {
        match self.session_cookies(&session) {
            Ok(set_cookies) => {
                let credential = Credential::AccessToken(session.data.access_token);
                Admitted { credential, set_cookies }
            }
            Err(error) => Admitted::refused(error),
        }
    }

    /// A cookie that is shared with the JavaScript SDKs may be theirs by now, and newer: it stays.
    fn over_at_workos(&self, why: &'static str) -> Admitted {
        let ended = self.ended(Code::SessionEnded, why);
        match self.kept {
            Kept::JavaScript(_) => Admitted { set_cookies: Vec::new(), ..ended },
            Kept::Here | Kept::InStore(_) => ended,
        }
    }

    fn ended(&self, code: Code, why: &'static str) -> Admitted {
        let error = AuthError::new(code).because(format!("the session is over: {why}"));
        let set_cookies = self.cookie.clear();
        Admitted { credential: Credential::Refused(error), set_cookies }
    }

    /// What the cookies of a request have of a session.
    pub(crate) fn found(&self, head: &impl Head) -> Result<Option<Found>, Broken> {
        let sealed = match self.cookie.find(head.values("cookie")) {
            Ok(Some(sealed)) => sealed,
            Ok(None) => return Ok(None),
            Err(Unusable::Ambiguous) => {
                return Err(Broken::Ambiguous(
                    AuthError::new(Code::AmbiguousCredentials)
                        .because("the request has the cookie of the session more than once"),
                ));
            }
            Err(_) => return Err(Broken::Invalid),
        };
        self.unseal(&sealed).map(Some).ok_or(Broken::Invalid)
    }

    /// The `Set-Cookie` values that give a browser this session.
    pub(crate) fn session_cookies(&self, session: &Session) -> Result<Vec<String>, AuthError> {
        let failed = |what: String| AuthError::new(Code::SessionFailed).because(what);
        let sealed = self.seal(session);
        let sealed = sealed.map_err(|error| failed(error.to_string()))?;
        self.cookie
            .set(&sealed, self.idle)
            .map_err(|error| failed(format!("the session fits into no cookies: {error}")))
    }
}

/// Nobody can say now who it is, and the session is as it was.
fn unavailable(why: impl ToString) -> AuthError {
    AuthError::new(Code::SessionUnavailable)
        .because(why.to_string())
        .retry_after(Duration::from_secs(1))
}

impl From<StoreError> for AuthError {
    fn from(error: StoreError) -> Self {
        unavailable(error)
    }
}

/// Why the cookies of a request are no session.
pub(crate) enum Broken {
    Ambiguous(AuthError),
    Invalid,
}
