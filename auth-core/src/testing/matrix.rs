//! Routes and callers, and what each caller gets at each route.

use std::fmt;

use http::{Method, Request, Response};
use serde_json::Value;

#[cfg(any(feature = "actix", feature = "axum"))]
use super::coverage::uncovered;
use super::user::TestUser;
#[cfg(any(feature = "actix", feature = "axum"))]
use crate::access::AccessTable;

/// Who gets what: for these callers at these routes, exactly these answers.
///
/// ```
/// # #[cfg(all(feature = "axum", feature = "macros"))]
/// # async fn test() -> Result<(), Box<dyn std::error::Error>> {
/// use auth_core::axum::{Router, delete, get};
/// use auth_core::testing::{Matrix, as_user, issuer};
/// use auth_core::{authenticated, require_admin};
///
/// #[authenticated]
/// async fn me() {}
///
/// #[require_admin]
/// async fn delete_post() {}
///
/// let app = Router::new()
///     .route("/me", get(me))
///     .route("/posts/{id}", delete(delete_post))
///     .with_state(issuer().auth().admin_domain("example.com").build()?)
///     .finish()?;
///
/// Matrix::new([
///     ("anonymous", None),
///     ("expired", Some(as_user("old").email("old@example.com").expired())),
///     ("member", Some(as_user("member").email("member@example.org"))),
///     ("admin", Some(as_user("admin").email("admin@example.com"))),
/// ])
/// .row("GET /me", [401, 401, 200, 200])
/// .row(
///     "DELETE /posts/7",
///     ["401 no_credentials", "401 token_expired", "403 admin_required", "200"],
/// )
/// .covers(app.access_table())
/// .assert(&app)
/// .await;
/// # Ok(())
/// # }
/// # #[cfg(all(feature = "axum", feature = "macros"))]
/// # tokio::runtime::Runtime::new().unwrap().block_on(test()).unwrap();
/// ```
///
/// A row with another number of answers than there are callers does not compile:
///
/// ```compile_fail
/// use auth_core::testing::{Matrix, as_user};
///
/// Matrix::new([("anonymous", None), ("member", Some(as_user("member")))]).row("GET /me", [401]);
/// ```
///
/// Requests are sent one after the other, row by row, to one service: what one caller deletes is gone
/// for the next.
#[derive(Clone, Debug)]
#[must_use = "a matrix asserts nothing by itself: call `assert`, `assert_actix` or `assert_with`"]
pub struct Matrix<const N: usize> {
    callers: [(String, Option<TestUser>); N],
    rows: Vec<Row<N>>,
    #[cfg(any(feature = "actix", feature = "axum"))]
    table: Option<AccessTable>,
}

#[derive(Clone, Debug)]
struct Row<const N: usize> {
    request: Request<String>,
    expected: [Answer; N],
}

impl<const N: usize> Matrix<N> {
    /// A matrix with these columns; `None` is a caller without a credential.
    pub fn new(callers: [(&str, Option<TestUser>); N]) -> Self {
        Self {
            callers: callers.map(|(name, user)| (name.to_owned(), user)),
            rows: Vec::new(),
            #[cfg(any(feature = "actix", feature = "axum"))]
            table: None,
        }
    }

    /// What the callers get, in their order, for a request such as `GET /me`: a status (`403`), or a
    /// status and the code of the refusal (`"403 forbidden"`).
    ///
    /// # Panics
    /// If the route is not a method and a path, or an answer not a status and a code.
    #[track_caller]
    pub fn row(self, route: &str, expected: [impl Into<Answer>; N]) -> Self {
        self.request(parse_route(route), expected)
    }

    /// The same for a request with a body, headers or a query.
    ///
    /// ```
    /// use auth_core::testing::{Matrix, as_user};
    ///
    /// let post = http::Request::post("/posts?draft=1")
    ///     .header("content-type", "application/json")
    ///     .body(r#"{"title": "News"}"#.to_owned())?;
    /// let matrix = Matrix::new([("anonymous", None), ("member", Some(as_user("member")))])
    ///     .request(post, [401, 201]);
    /// # let _ = matrix;
    /// # Ok::<(), http::Error>(())
    /// ```
    #[track_caller]
    pub fn request(mut self, request: Request<String>, expected: [impl Into<Answer>; N]) -> Self {
        self.rows.push(Row { request, expected: expected.map(Into::into) });
        self
    }

    /// Every route of this table must be in a row, too.
    #[cfg(any(feature = "actix", feature = "axum"))]
    pub fn covers(mut self, table: &AccessTable) -> Self {
        self.table = Some(table.clone());
        self
    }

    /// Sends every request as every caller.
    ///
    /// `send` is anything that answers a request: a service of another framework, or a client of one
    /// that runs. The body of its response matters for refusals only, to find the code.
    ///
    /// ```
    /// # async fn test() {
    /// use auth_core::testing::{Matrix, as_user};
    /// use http::{Request, Response};
    ///
    /// /// A service of another framework, or a client of one that runs.
    /// async fn send(request: Request<String>) -> Response<String> {
    ///     let is_known = request.headers().contains_key("authorization");
    ///     let mut response = Response::new(String::new());
    ///     if !is_known {
    ///         *response.status_mut() = http::StatusCode::FORBIDDEN;
    ///     }
    ///     response
    /// }
    ///
    /// Matrix::new([("anonymous", None), ("member", Some(as_user("member")))])
    ///     .row("GET /me", [403, 200])
    ///     .assert_with(send)
    ///     .await;
    /// # }
    /// # tokio::runtime::Runtime::new().unwrap().block_on(test());
    /// ```
    ///
    /// # Panics
    /// If an answer is another than expected; the message lists all that are.
    pub async fn assert_with<F, B>(&self, send: impl Fn(Request<String>) -> F)
    where
        F: Future<Output = Response<B>>,
        B: AsRef<[u8]>,
    {
        let mut report = Report::default();
        for Row { request, expected } in &self.rows {
            for ((name, user), expected) in self.callers.iter().zip(expected) {
                let mut request = request.clone();
                let route = format!("{} {}", request.method(), request.uri());
                if let Some(user) = user {
                    request = user.on(request);
                }
                let came = Answer::of(&send(request).await);
                if !expected.allows(&came) {
                    report.differences.push([
                        route,
                        name.clone(),
                        expected.to_string(),
                        came.to_string(),
                    ]);
                }
            }
        }
        #[cfg(any(feature = "actix", feature = "axum"))]
        if let Some(table) = &self.table {
            report.missing = uncovered(table, self.rows.iter().map(|row| &row.request));
        }
        assert!(report.is_empty(), "{report}");
    }
}

#[track_caller]
fn parse_route(route: &str) -> Request<String> {
    let request = route.split_once(' ').and_then(|(method, path)| {
        let method = Method::from_bytes(method.as_bytes()).ok()?;
        let is_upper_case = !method.as_str().bytes().any(|byte| byte.is_ascii_lowercase());
        let request = Request::builder().method(method).uri(path).body(String::new()).ok()?;
        (is_upper_case && path.starts_with('/')).then_some(request)
    });
    request.unwrap_or_else(|| {
        panic!("{route:?} is no route: give a method and a path, such as \"DELETE /posts/7\"")
    })
}

/// What a caller gets: a status, and the code if it is a refusal of a guard.
///
/// A number is a status whatever the code; `"403 forbidden"` is that code and no other, and `"403"`
/// in quotes is an answer that has none.
///
/// ```
/// use auth_core::testing::Answer;
///
/// let any_refusal: Answer = 403.into();
/// let this_one: Answer = "403 admin_required".into();
/// assert_ne!(any_refusal, this_one);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    status: u16,
    code: ExpectedCode,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum ExpectedCode {
    Any,
    Exactly(Option<String>),
}

impl From<u16> for Answer {
    fn from(status: u16) -> Self {
        Self { status, code: ExpectedCode::Any }
    }
}

impl From<&str> for Answer {
    #[track_caller]
    fn from(text: &str) -> Self {
        let (status, code) = match text.split_once(' ') {
            Some((status, code)) => (status, Some(code.to_owned())),
            None => (text, None),
        };
        let status = status.parse().unwrap_or_else(|_| {
            panic!("{text:?} is no answer: give a status and a code, such as \"403 forbidden\"")
        });
        Self { status, code: ExpectedCode::Exactly(code) }
    }
}

impl Answer {
    fn of(response: &Response<impl AsRef<[u8]>>) -> Self {
        let body: Option<Value> = serde_json::from_slice(response.body().as_ref()).ok();
        let code = body.as_ref().and_then(|problem| problem.get("code")?.as_str());
        let code = code.filter(|_| is_refusal(response.status()));
        Self {
            status: response.status().as_u16(),
            code: ExpectedCode::Exactly(code.map(str::to_owned)),
        }
    }

    fn allows(&self, came: &Self) -> bool {
        self.status == came.status && (self.code == ExpectedCode::Any || self.code == came.code)
    }
}

/// More than any refusal of a guard has.
#[cfg(any(feature = "actix", feature = "axum"))]
pub(super) const MAX_BODY_LEN: usize = 64 * 1024;

/// Whether a guard may have given the answer. Other answers need not be read, and may be streams
/// without an end.
pub(super) fn is_refusal(status: http::StatusCode) -> bool {
    status.is_client_error() || status.is_server_error()
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.code {
            ExpectedCode::Exactly(Some(code)) => write!(f, "{} {code}", self.status),
            ExpectedCode::Any | ExpectedCode::Exactly(None) => write!(f, "{}", self.status),
        }
    }
}

/// What is not as it should be.
#[derive(Default)]
struct Report {
    /// Route, caller, expected and came.
    differences: Vec<[String; 4]>,
    /// Routes that no row is about.
    missing: Vec<String>,
}

impl Report {
    fn is_empty(&self) -> bool {
        self.differences.is_empty() && self.missing.is_empty()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.differences.is_empty() {
            let heading = ["route", "caller", "expected", "came"].map(str::to_owned);
            let lines = || std::iter::once(&heading).chain(&self.differences);
            let [route, caller, expected, _] = [0, 1, 2, 3].map(|column| {
                lines().filter_map(|line| line.get(column)).map(String::len).max().unwrap_or(0)
            });
            writeln!(f, "{} answers differ:", self.differences.len())?;
            for [r, c, e, came] in lines() {
                writeln!(f, "  {r:route$}  {c:caller$}  {e:expected$}  {came}")?;
            }
        }
        if !self.missing.is_empty() {
            writeln!(f, "no row is about these routes of the access table:")?;
            self.missing.iter().try_for_each(|route| writeln!(f, "  {route}"))?;
        }
        Ok(())
    }
}
