//! What a policy sees of a request.

use http::{HeaderMap, Method};

/// A request as a [`Policy`](super::Policy) sees it: method, path parameters and headers. The body
/// is not among them, so that a refused request has nothing of its body read.
///
/// ```
/// use auth_core::policy::RequestView;
/// use http::{HeaderMap, Method};
///
/// let mut headers = HeaderMap::new();
/// headers.insert("x-team", "blue".parse().unwrap());
/// let parameters = [("id".to_owned(), "7".to_owned())];
/// let request = RequestView::new(&Method::GET, &headers).with_path_parameters(&parameters);
///
/// assert_eq!(request.method(), Some(&Method::GET));
/// assert_eq!(request.header("x-team"), Some("blue"));
/// assert_eq!(request.path_parameter("id"), Some("7"));
/// assert_eq!(RequestView::NONE.path_parameter("id"), None);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct RequestView<'a> {
    method: Option<&'a Method>,
    headers: Option<&'a HeaderMap>,
    parameters: &'a [(String, String)],
}

impl<'a> RequestView<'a> {
    /// What is known of a call that is no HTTP request: nothing.
    pub const NONE: RequestView<'static> =
        RequestView { method: None, headers: None, parameters: &[] };

    /// Method and headers of a request that has no path parameters.
    #[must_use]
    pub fn new(method: &'a Method, headers: &'a HeaderMap) -> Self {
        Self { method: Some(method), headers: Some(headers), parameters: &[] }
    }

    /// Adds path parameters, percent-decoded.
    #[must_use]
    pub fn with_path_parameters(self, parameters: &'a [(String, String)]) -> Self {
        Self { parameters, ..self }
    }

    pub(super) fn copy(&self) -> RequestCopy {
        RequestCopy {
            method: self.method.cloned(),
            headers: self.headers.cloned(),
            parameters: self.parameters.to_vec(),
        }
    }

    /// The method, if the call is an HTTP request.
    #[must_use]
    pub fn method(&self) -> Option<&'a Method> {
        self.method
    }

    /// A header's value; `None` if it is absent, repeated or no visible ASCII.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&'a str> {
        let mut values = self.headers?.get_all(name).iter();
        let value = values.next().filter(|_| values.next().is_none())?;
        value.to_str().ok()
    }

    /// A path parameter's value, percent-decoded as the handler gets it; `None` if the route has
    /// none of that name, or two.
    #[must_use]
    pub fn path_parameter(&self, name: &str) -> Option<&'a str> {
        let mut fitting = self.parameters.iter().filter(|(known, _)| known == name);
        match (fitting.next(), fitting.next()) {
            (Some((_, value)), None) => Some(value),
            _ => None,
        }
    }
}

/// What a policy has seen of a request.
#[derive(Clone, Debug)]
pub(super) struct RequestCopy {
    method: Option<Method>,
    headers: Option<HeaderMap>,
    parameters: Vec<(String, String)>,
}

impl RequestCopy {
    /// Whether a policy would see no difference.
    pub(super) fn is(&self, request: &RequestView<'_>) -> bool {
        self.method.as_ref() == request.method
            && self.headers.as_ref() == request.headers
            && self.parameters == request.parameters
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    #[test]
    fn what_is_not_there_exactly_once_is_not_seen() {
        let mut headers = HeaderMap::new();
        headers.append("x-one", HeaderValue::from_static("1"));
        headers.append("x-two", HeaderValue::from_static("1"));
        headers.append("x-two", HeaderValue::from_static("2"));
        headers.append("x-odd", HeaderValue::from_bytes(b"\xff").unwrap());
        let parameter = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let parameters = [parameter("id", "7"), parameter("twice", "a"), parameter("twice", "b")];
        let request = RequestView::new(&Method::POST, &headers).with_path_parameters(&parameters);

        assert_eq!(request.method(), Some(&Method::POST));
        let header =
            ["x-one", "X-One", "x-two", "x-odd", "x-none"].map(|name| request.header(name));
        assert_eq!(header, [Some("1"), Some("1"), None, None, None]);
        let parameter = ["id", "ID", "twice", "none"].map(|name| request.path_parameter(name));
        assert_eq!(parameter, [Some("7"), None, None, None]);
        assert_eq!(RequestView::NONE.header("x-one"), None);
    }
}
