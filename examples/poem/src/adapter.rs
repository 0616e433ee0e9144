//! All that a framework needs which auth-core does not know: who calls, and how a refusal is answered.

use auth_core::{Auth, AuthContext, AuthError, Verification};
use poem::error::ResponseError;
use poem::http::StatusCode;
use poem::{FromRequest, Request, RequestBody, Response, Result};

/// Who calls, for guards to ask: `#[authenticated(via = caller)]`.
pub(crate) struct Caller(Verification);

impl<'a> FromRequest<'a> for Caller {
    /// It refuses nobody. The guard does, before a line of the handler runs.
    async fn from_request(request: &'a Request, _: &mut RequestBody) -> Result<Self> {
        let auth = request.data::<Auth>().ok_or_else(|| {
            poem::Error::from_string("no `Auth` in the data", StatusCode::INTERNAL_SERVER_ERROR)
        })?;
        Ok(Self(auth.verification(request.headers()).await))
    }
}

impl AuthContext for Caller {
    fn verification(&self) -> Option<&Verification> {
        Some(&self.0)
    }
}

/// A refusal as every framework answers it: status, challenge, problem document.
#[derive(Debug)]
pub(crate) struct Refused(AuthError);

impl From<AuthError> for Refused {
    fn from(error: AuthError) -> Self {
        Self(error)
    }
}

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Refused {}

impl ResponseError for Refused {
    fn status(&self) -> StatusCode {
        self.0.status()
    }

    fn as_response(&self) -> Response {
        let (parts, body) = self.0.to_response().into_parts();
        let mut response = Response::builder().status(parts.status).body(body);
        response.headers_mut().extend(parts.headers);
        response
    }
}
