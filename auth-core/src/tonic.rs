//! [tonic](https://docs.rs/tonic): guards of RPC methods.
//!
//! Put [`AuthLayer`](crate::tower::AuthLayer) around the server and a guard above each method, with
//! the request as `via`.

use ::tonic::{Code, Request, Status};
use http::{Method, StatusCode};

use crate::context::{AuthContext, Verification};
use crate::error::AuthError;
use crate::policy::RequestView;

impl<T> AuthContext for Request<T> {
    fn verification(&self) -> Option<&Verification> {
        self.extensions().get()
    }

    /// Every call is a `POST` (gRPC over HTTP/2).
    fn request(&self) -> RequestView<'_> {
        RequestView::new(&Method::POST, self.metadata().as_ref())
    }
}

/// The client learns the stable code, as over HTTP.
impl From<AuthError> for Status {
    fn from(error: AuthError) -> Self {
        let code = match error.status() {
            StatusCode::BAD_REQUEST => Code::InvalidArgument,
            StatusCode::UNAUTHORIZED => Code::Unauthenticated,
            StatusCode::FORBIDDEN => Code::PermissionDenied,
            StatusCode::NOT_FOUND => Code::NotFound,
            StatusCode::SERVICE_UNAVAILABLE => Code::Unavailable,
            _ => Code::Internal,
        };
        Self::new(code, error.code().as_str())
    }
}
