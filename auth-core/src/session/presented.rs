//! What guards learn of the session of a request.

use http::HeaderValue;

use super::admit::{Admitted, Credential};
use crate::error::{AuthError, Code};

/// It stands in the extensions of a request whose cookies have been looked at, and had a session.
#[derive(Clone)]
pub(crate) enum Presented {
    /// As if the token had come in the header `Authorization`.
    Bearer(HeaderValue),
    Refused(AuthError),
}

/// What a request is given before it goes on, and what its answer gets.
pub(crate) struct Looked {
    pub(crate) presented: Option<Presented>,
    pub(crate) set_cookies: Vec<HeaderValue>,
}

impl From<Admitted> for Looked {
    fn from(Admitted { credential, set_cookies }: Admitted) -> Self {
        let presented = match credential {
            Credential::None => None,
            Credential::Refused(error) => Some(Presented::Refused(error)),
            Credential::AccessToken(token) => {
                let value = zeroize::Zeroizing::new(format!("Bearer {}", token.expose()));
                Some(match HeaderValue::from_str(&value) {
                    Ok(mut value) => {
                        value.set_sensitive(true);
                        Presented::Bearer(value)
                    }
                    Err(_) => Presented::Refused(
                        AuthError::new(Code::SessionInvalid)
                            .because("the access token of the session has control characters"),
                    ),
                })
            }
        };
        let set_cookies =
            set_cookies.iter().filter_map(|cookie| HeaderValue::from_str(cookie).ok());
        Self { presented, set_cookies: set_cookies.collect() }
    }
}

impl Looked {
    /// Whether the answer is for this browser alone.
    pub(crate) fn is_personal(&self) -> bool {
        self.presented.is_some() || !self.set_cookies.is_empty()
    }
}
