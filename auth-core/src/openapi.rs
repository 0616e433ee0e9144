//! The guards of a router in an OpenAPI document, so that the two cannot drift apart.

use std::fmt;

use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{ContentBuilder, OpenApi, Response, ResponseBuilder};

use crate::access::{AccessRow, AccessTable};

/// The name of the security scheme in the document.
const SCHEME: &str = "bearer";

impl AccessTable {
    /// Writes into an OpenAPI document of `utoipa` who may call each operation: the security
    /// requirement, the policy in its description, and the answers 401 and 403. What the document
    /// says of the security of an operation is replaced, its own text for an answer stays.
    ///
    /// ```
    /// # #[cfg(all(feature = "axum", feature = "http-client", feature = "macros"))]
    /// # fn build() -> Result<(), Box<dyn std::error::Error>> {
    /// # use auth_core::{Auth, require_admin};
    /// use auth_core::axum::{Router, get};
    /// # use utoipa::openapi::path::{HttpMethod, OperationBuilder};
    ///
    /// # #[require_admin]
    /// # async fn statistics() {}
    /// # let auth = Auth::workos("client_01ABCDEFGHJKMNPQRS").build()?;
    /// # let mut document = utoipa::openapi::OpenApi::default();
    /// # let operation = OperationBuilder::new();
    /// # document.paths.add_path_operation("/statistics", vec![HttpMethod::Get], operation);
    /// let app = Router::new().route("/statistics", get(statistics)).with_state(auth).finish()?;
    /// app.access_table().write_into(&mut document)?;
    /// # Ok(())
    /// # }
    /// # #[cfg(all(feature = "axum", feature = "http-client", feature = "macros"))]
    /// # build().unwrap();
    /// ```
    ///
    /// # Errors
    /// If the document has operations that the router does not have; the error lists them all.
    pub fn write_into(&self, document: &mut OpenApi) -> Result<(), Undefended> {
        let mut undefended = Vec::new();
        for (path, item) in &mut document.paths.paths {
            for (method, operation) in operations(item) {
                match self.row_of(method, path) {
                    Some(row) => row.write_into(operation),
                    None => undefended.push(format!("{method} {path}")),
                }
            }
        }
        let components = document.components.get_or_insert_default();
        let mut scheme = Http::new(HttpAuthScheme::Bearer);
        scheme.bearer_format = Some("JWT".to_owned());
        components
            .security_schemes
            .entry(SCHEME.to_owned())
            .or_insert(SecurityScheme::Http(scheme).into());
        if undefended.is_empty() { Ok(()) } else { Err(Undefended(undefended)) }
    }
}

impl AccessTable {
    /// The row of a request of this method; `None` if there is none, or if it depends on what
    /// OpenAPI does not have.
    fn row_of(&self, method: &str, path: &str) -> Option<&AccessRow> {
        let of_method = |wanted: &str| {
            let rows = self.rows().iter();
            let mut rows =
                rows.filter(|row| row.method == wanted && in_document(&row.path) == path);
            rows.next().map(|row| rows.all(|other| other.policy == row.policy).then_some(row))
        };
        let as_get = (method == "HEAD").then(|| of_method("GET")).flatten();
        of_method(method).or(as_get).or_else(|| of_method("*")).flatten()
    }
}

impl AccessRow {
    fn write_into(&self, operation: &mut Operation) {
        if let Some(reason) = self.reason {
            operation.security = Some(Vec::new());
            append(&mut operation.description, &format!("Who may: everybody ({reason})."));
            return;
        }
        operation.security = Some(vec![SecurityRequirement::new(SCHEME, [""; 0])]);
        append(&mut operation.description, &format!("Who may: `{}`.", self.policy));
        let mut answer = |status: &str, text: &str| {
            let answers = &mut operation.responses.responses;
            answers.entry(status.to_owned()).or_insert_with(|| refusal(text).into());
        };
        answer("401", "Nobody is signed in, or the token is not accepted.");
        if self.policy != "authenticated" {
            answer(
                "403",
                &format!("The caller is known, and `{}` does not let them in.", self.policy),
            );
        }
    }
}

fn append(description: &mut Option<String>, text: &str) {
    match description {
        Some(description) if description.contains(text) => {}
        Some(description) => description.push_str(&format!("\n\n{text}")),
        None => *description = Some(text.to_owned()),
    }
}

/// A path without what OpenAPI does not have: the `*` of axum, the pattern and the `*` of actix.
fn in_document(path: &str) -> String {
    let mut text = String::with_capacity(path.len());
    let mut depth = 0_usize;
    let mut in_pattern = false;
    for character in path.chars() {
        match character {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        match character {
            '}' if depth == 0 => in_pattern = false,
            ':' if depth > 0 => in_pattern = true,
            _ => {}
        }
        // A `*` of its own is a fallback, which is no operation.
        let of_parameter = character == '*' && text.ends_with(['{', '}']);
        if !in_pattern && !of_parameter {
            text.push(character);
        }
    }
    text
}

/// A problem document (RFC 9457), as every refusal is.
fn refusal(description: &str) -> Response {
    let text = || ObjectBuilder::new().schema_type(Type::String);
    let problem = ObjectBuilder::new()
        .property("type", text())
        .property("title", text())
        .property("status", ObjectBuilder::new().schema_type(Type::Integer))
        .property("code", text())
        .required("code");
    let content = ContentBuilder::new().schema(Some(problem)).build();
    ResponseBuilder::new()
        .description(description)
        .content("application/problem+json", content)
        .build()
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = (&str, &mut Operation)> {
    let standard = [
        ("GET", &mut item.get),
        ("PUT", &mut item.put),
        ("POST", &mut item.post),
        ("DELETE", &mut item.delete),
        ("OPTIONS", &mut item.options),
        ("HEAD", &mut item.head),
        ("PATCH", &mut item.patch),
        ("TRACE", &mut item.trace),
        ("QUERY", &mut item.query),
    ];
    let standard =
        standard.into_iter().filter_map(|(name, operation)| Some((name, operation.as_mut()?)));
    let others = item.additional_operations.iter_mut();
    standard.chain(others.map(|(name, operation)| (name.as_str(), operation)))
}

/// Operations of a document that no one guarded route stands behind.
///
/// ```
/// # #[cfg(all(feature = "axum", feature = "http-client"))]
/// # fn build() -> Result<(), Box<dyn std::error::Error>> {
/// use auth_core::{Auth, Undefended, axum::Router};
/// use utoipa::openapi::path::{HttpMethod, OperationBuilder};
///
/// let auth = Auth::workos("client_01ABCDEFGHJKMNPQRS").build()?;
/// let app = Router::new().with_state(auth).finish()?;
/// let mut document = utoipa::openapi::OpenApi::default();
/// let operation = OperationBuilder::new();
/// document.paths.add_path_operation("/gone", vec![HttpMethod::Get], operation);
///
/// let error: Undefended = app.access_table().write_into(&mut document).unwrap_err();
/// assert!(error.to_string().contains("GET /gone"));
/// # Ok(())
/// # }
/// # #[cfg(all(feature = "axum", feature = "http-client"))]
/// # build().unwrap();
/// ```
#[derive(Debug)]
pub struct Undefended(Vec<String>);

impl fmt::Display for Undefended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the router has no route, or several with different policies, for operations of the \
             document: {}; remove them, or give them the path that they are routed at",
            self.0.join(", ")
        )
    }
}

impl std::error::Error for Undefended {}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use utoipa::openapi::path::{HttpMethod, OperationBuilder};

    use super::*;
    use crate::access::Endpoint;
    use crate::policy::{Admin, Authenticated, Public, Text};

    struct Probe;

    impl Text for Probe {
        const TEXT: &'static str = "probe";
    }

    fn table() -> AccessTable {
        AccessTable::new([
            ("/health".to_owned(), Endpoint::new::<Public<Probe>>("GET", "health")),
            ("/me".to_owned(), Endpoint::new::<Authenticated>("GET", "me")),
            ("/posts/{id}".to_owned(), Endpoint::new::<Admin>("DELETE", "delete")),
            ("/files/{*path}".to_owned(), Endpoint::new::<Admin>("*", "files")),
            ("/numbers/{n:[0-9]{1,3}}".to_owned(), Endpoint::new::<Admin>("GET", "number")),
            ("/rest/{rest}*".to_owned(), Endpoint::new::<Admin>("GET", "rest")),
            ("/both".to_owned(), Endpoint::new::<Admin>("*", "all")),
            ("/both".to_owned(), Endpoint::new::<Public<Probe>>("GET", "get")),
            ("/both".to_owned(), Endpoint::new::<Authenticated>("HEAD", "head")),
            ("/either/{a:[0-9]+}".to_owned(), Endpoint::new::<Admin>("GET", "number")),
            ("/either/{a}".to_owned(), Endpoint::new::<Authenticated>("GET", "name")),
            ("/*".to_owned(), Endpoint::new::<Admin>("*", "fallback")),
        ])
        .unwrap()
    }

    fn document(operations: &[(&str, HttpMethod)]) -> OpenApi {
        let mut document = OpenApi::default();
        for (path, method) in operations {
            let operation = OperationBuilder::new().response("200", Response::new("fine"));
            document.paths.add_path_operation(path, vec![method.clone()], operation);
        }
        document
    }

    fn written(path: &str, method: HttpMethod, name: &str) -> Value {
        let mut document = document(&[(path, method)]);
        table().write_into(&mut document).unwrap();
        serde_json::to_value(&document).unwrap()["paths"][path][name].clone()
    }

    #[test]
    fn each_operation_says_who_may_and_how_others_are_refused() {
        let admin = written("/posts/{id}", HttpMethod::Delete, "delete");
        assert_eq!(admin["security"], json!([{ "bearer": [] }]));
        assert_eq!(admin["description"], "Who may: `admin`.");
        for status in ["200", "401", "403"] {
            assert!(admin["responses"][status].is_object(), "{status}");
        }
        let problem = &admin["responses"]["401"]["content"]["application/problem+json"];
        assert_eq!(problem["schema"]["required"], json!(["code"]));

        let authenticated = written("/me", HttpMethod::Get, "get");
        assert!(authenticated["responses"]["401"].is_object());
        assert!(authenticated["responses"]["403"].is_null());

        let public = written("/health", HttpMethod::Get, "get");
        assert_eq!(public["security"], json!([]));
        assert_eq!(public["description"], "Who may: everybody (probe).");
        assert!(public["responses"]["401"].is_null());
    }

    #[test]
    fn paths_are_found_in_the_form_of_openapi() {
        assert!(written("/files/{path}", HttpMethod::Put, "put")["security"].is_array());
        assert!(written("/numbers/{n}", HttpMethod::Get, "get")["security"].is_array());
        assert!(written("/rest/{rest}", HttpMethod::Get, "get")["security"].is_array());
        assert!(written("/me", HttpMethod::Head, "head")["security"].is_array());
    }

    #[test]
    fn the_handler_of_the_method_decides() {
        let who = |method, name| {
            let operation = written("/both", method, name);
            operation["description"].as_str().unwrap().to_owned()
        };
        assert_eq!(who(HttpMethod::Get, "get"), "Who may: everybody (probe).");
        assert_eq!(who(HttpMethod::Head, "head"), "Who may: `authenticated`.");
        assert_eq!(who(HttpMethod::Put, "put"), "Who may: `admin`.");
    }

    #[test]
    fn writing_twice_changes_nothing() {
        let mut document = document(&[("/me", HttpMethod::Get)]);
        let operation = document.paths.paths.get_mut("/me").unwrap().get.as_mut().unwrap();
        operation.description = Some("The author's own words.".to_owned());
        table().write_into(&mut document).unwrap();
        let once = serde_json::to_value(&document).unwrap();
        table().write_into(&mut document).unwrap();
        assert_eq!(serde_json::to_value(&document).unwrap(), once);
        assert_eq!(once["components"]["securitySchemes"]["bearer"]["scheme"], "bearer");
        let description = &once["paths"]["/me"]["get"]["description"];
        assert_eq!(description, "The author's own words.\n\nWho may: `authenticated`.");
    }

    #[test]
    fn an_operation_without_a_route_is_told() {
        let mut document = document(&[
            ("/me", HttpMethod::Post),
            ("/", HttpMethod::Get),
            ("/gone", HttpMethod::Get),
            ("/either/{a}", HttpMethod::Get),
            ("/health", HttpMethod::Get),
        ]);
        let error = table().write_into(&mut document).unwrap_err().to_string();
        assert!(error.contains("GET /, GET /either/{a}, GET /gone, POST /me;"), "{error}");
    }
}
