//! The kit on actix-web.

use actix_web::HttpResponse;
use actix_web::body::{BoxBody, to_bytes_limited};
use actix_web::dev::Service;
use actix_web::http::Method;
use actix_web::http::header::AUTHORIZATION;
use actix_web::test::{TestRequest, init_service};
use actix_web::web::Bytes;
use http::{Request, Response};

use super::matrix::{MAX_BODY_LEN, Matrix, is_refusal};
use super::request::BearsToken;
use crate::actix::App;

impl BearsToken for TestRequest {
    fn bear(self, token: &str) -> Self {
        self.insert_header((AUTHORIZATION, format!("Bearer {token}")))
    }
}

impl<const N: usize> Matrix<N> {
    /// Sends every request as every caller to a service of actix-web.
    ///
    /// ```
    /// # #[cfg(feature = "macros")]
    /// # async fn test() -> Result<(), Box<dyn std::error::Error>> {
    /// use auth_core::actix::{Router, get};
    /// use auth_core::authenticated;
    /// use auth_core::testing::{Matrix, as_user, issuer};
    ///
    /// #[authenticated]
    /// async fn me() -> &'static str {
    ///     "me"
    /// }
    ///
    /// let auth = issuer().auth().build()?;
    /// let app = Router::new().route("/me", get(me)).app_data(auth).finish()?;
    /// Matrix::new([("anonymous", None), ("member", Some(as_user("member")))])
    ///     .row("GET /me", [401, 200])
    ///     .covers(app.access_table())
    ///     .assert_actix(&app)
    ///     .await;
    /// # Ok(())
    /// # }
    /// # #[cfg(feature = "macros")]
    /// # ::actix_web::rt::System::new().block_on(test()).unwrap();
    /// ```
    ///
    /// # Panics
    /// If an answer is another than expected, or a route of the table of [`covers`](Self::covers) in
    /// no row; the message lists all of both.
    pub async fn assert_actix(&self, app: &App) {
        let service = init_service(actix_web::App::new().service(app.clone())).await;
        self.assert_with(async |request| {
            let response = service.call(to_actix(request).to_request()).await;
            from_actix(response.map_or_else(
                |error| error.error_response(),
                |response| response.into_parts().1.map_into_boxed_body(),
            ))
            .await
        })
        .await;
    }
}

/// actix is on another version of `http`, so what is copied is text.
fn to_actix(request: Request<String>) -> TestRequest {
    let (parts, body) = request.into_parts();
    let method = Method::from_bytes(parts.method.as_str().as_bytes());
    let mut copy = TestRequest::with_uri(&parts.uri.to_string())
        .method(method.expect("a method is one in either version"))
        .set_payload(body);
    for (name, value) in &parts.headers {
        copy = copy.append_header((name.as_str(), value.as_bytes()));
    }
    copy
}

async fn from_actix(response: HttpResponse<BoxBody>) -> Response<Bytes> {
    let status = http::StatusCode::from_u16(response.status().as_u16());
    let mut copy = Response::new(Bytes::new());
    *copy.status_mut() = status.expect("a status is one in either version");
    if is_refusal(copy.status()) {
        let body = to_bytes_limited(response.into_body(), MAX_BODY_LEN).await;
        *copy.body_mut() = body.ok().and_then(Result::ok).unwrap_or_default();
    }
    copy
}
