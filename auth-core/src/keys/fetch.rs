//! How the bytes of a key set get here.

use std::error::Error;
use std::fmt;
use std::pin::Pin;
use std::time::Duration;

use crate::one_line::with_causes;

/// Fetches the body behind a key set's URL. `auth-core` ships one for HTTPS (feature
/// `http-client`); a service that has its own HTTP client, or keeps keys elsewhere, implements it.
///
/// A fetch is broken off after 5 seconds. Implementations must not follow redirects, since those
/// lead to keys that nobody configured.
///
/// ```
/// use std::path::PathBuf;
///
/// use auth_core::Auth;
/// use auth_core::keys::{Fetch, FetchError, FetchFuture, Fetched};
///
/// /// The platform keeps the issuer's keys in a file.
/// struct FromFile(PathBuf);
///
/// impl Fetch for FromFile {
///     fn fetch<'a>(&'a self, _url: &'a str) -> FetchFuture<'a> {
///         Box::pin(async move {
///             let body = tokio::fs::read(&self.0).await.map_err(FetchError::new)?;
///             Ok(Fetched { body, max_age: None })
///         })
///     }
/// }
///
/// let keys = FromFile("/run/secrets/jwks.json".into());
/// let auth = Auth::workos("client_01ABCDEFGHJKMNPQRS").fetch(keys).build()?;
/// # let _ = auth;
/// # Ok::<(), auth_core::ConfigError>(())
/// ```
pub trait Fetch: Send + Sync + 'static {
    /// Fetches the body behind `url`.
    ///
    /// # Errors
    /// Any; the key set that is there stays in use, and the fetch is repeated after a pause.
    fn fetch<'a>(&'a self, url: &'a str) -> FetchFuture<'a>;
}

/// What [`Fetch`] returns: `Box::pin(async move { ... })`.
pub type FetchFuture<'a> = Pin<Box<dyn Future<Output = Result<Fetched, FetchError>> + Send + 'a>>;

/// A key set as [`Fetch`] has fetched it.
#[derive(Clone, Debug)]
pub struct Fetched {
    /// The body, a JSON Web Key Set (RFC 7517).
    pub body: Vec<u8>,
    /// How long the server says it is fresh (`max-age` of `Cache-Control`).
    pub max_age: Option<Duration>,
}

/// Why [`Fetch`] could not fetch a key set.
///
/// ```
/// use auth_core::keys::FetchError;
///
/// let error = FetchError::new("the platform has no keys yet");
/// assert_eq!(error.to_string(), "the platform has no keys yet");
/// ```
#[derive(Debug)]
pub struct FetchError(Box<dyn Error + Send + Sync>);

impl FetchError {
    /// An error with its cause, or with a text that says it.
    pub fn new(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self(cause.into())
    }
}

/// With all its causes, on one line: a server may have a part in the text, and it ends in a log.
impl fmt::Display for FetchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&with_causes(&*self.0))
    }
}

impl Error for FetchError {}

#[cfg(feature = "http-client")]
pub(crate) use http_client::HttpFetch;

#[cfg(feature = "http-client")]
mod http_client {
    use http::HeaderMap;
    use http::header::{ACCEPT, CACHE_CONTROL, CONTENT_TYPE};
    use reqwest::{Client, StatusCode, redirect};

    use super::super::set::MAX_BODY_LEN;
    use super::{Duration, Fetch, FetchError, FetchFuture, Fetched};

    const MEDIA_TYPES: [&str; 2] = ["application/json", "application/jwk-set+json"];

    pub(crate) struct HttpFetch {
        client: Client,
        /// What is for this machine goes to this machine, through no proxy of the environment.
        loopback: Client,
    }

    impl HttpFetch {
        pub(crate) fn new() -> Result<Self, FetchError> {
            let builder = || Client::builder().redirect(redirect::Policy::none());
            Ok(Self {
                client: builder().https_only(true).build().map_err(FetchError::new)?,
                loopback: builder().no_proxy().build().map_err(FetchError::new)?,
            })
        }
    }

    impl Fetch for HttpFetch {
        fn fetch<'a>(&'a self, url: &'a str) -> FetchFuture<'a> {
            Box::pin(async move {
                let client = if url.starts_with("https:") { &self.client } else { &self.loopback };
                let request = client.get(url).header(ACCEPT, MEDIA_TYPES.join(", "));
                let mut response = request.send().await.map_err(FetchError::new)?;
                if response.status() != StatusCode::OK {
                    return Err(FetchError::new(format!("the answer is {}", response.status())));
                }
                if !is_key_set(response.headers()) {
                    return Err(FetchError::new("the answer is not of type `application/json`"));
                }
                let max_age = max_age(response.headers());
                let mut body = Vec::new();
                while let Some(chunk) = response.chunk().await.map_err(FetchError::new)? {
                    if body.len() + chunk.len() > MAX_BODY_LEN {
                        return Err(FetchError::new("the answer is longer than 256 KiB"));
                    }
                    body.extend_from_slice(&chunk);
                }
                Ok(Fetched { body, max_age })
            })
        }
    }

    fn is_key_set(headers: &HeaderMap) -> bool {
        let Some(Ok(value)) = headers.get(CONTENT_TYPE).map(|value| value.to_str()) else {
            return false;
        };
        let essence = value.split(';').next().unwrap_or_default().trim();
        MEDIA_TYPES.iter().any(|media_type| essence.eq_ignore_ascii_case(media_type))
    }

    fn max_age(headers: &HeaderMap) -> Option<Duration> {
        let value = headers.get(CACHE_CONTROL)?.to_str().ok()?;
        let mut directives = value.split(',').map(str::trim);
        let seconds = directives.find_map(|directive| {
            let (name, value) = directive.split_once('=')?;
            name.eq_ignore_ascii_case("max-age").then(|| value.trim_matches('"'))
        })?;
        Some(Duration::from_secs(seconds.parse().ok()?))
    }

    #[cfg(test)]
    mod tests {
        use super::*;
        use http::HeaderValue;
        use tokio::net::TcpListener;

        #[test]
        fn max_age_is_read_among_other_directives() {
            let cases = [
                ("max-age=60", Some(60)),
                ("public, max-age=300, must-revalidate", Some(300)),
                ("Max-Age=60", Some(60)),
                ("max-age=\"60\"", Some(60)),
                ("s-maxage=60", None),
                ("no-store", None),
                ("max-age=soon", None),
                ("max-age=-1", None),
            ];
            for (value, expected) in cases {
                let mut headers = HeaderMap::new();
                headers.insert(CACHE_CONTROL, HeaderValue::from_static(value));
                assert_eq!(max_age(&headers), expected.map(Duration::from_secs), "{value}");
            }
        }

        #[test]
        fn only_json_is_a_key_set() {
            let cases = [
                ("application/json", true),
                ("application/jwk-set+json; charset=utf-8", true),
                ("Application/JSON", true),
                ("text/html", false),
                ("application/jsonp", false),
            ];
            for (value, expected) in cases {
                let mut headers = HeaderMap::new();
                headers.insert(CONTENT_TYPE, HeaderValue::from_static(value));
                assert_eq!(is_key_set(&headers), expected, "{value}");
            }
            assert!(!is_key_set(&HeaderMap::new()));
        }

        async fn serve(len: usize) -> String {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let url = format!("http://{}", listener.local_addr().unwrap());
            let answer = move || async move { ([(CONTENT_TYPE, MEDIA_TYPES[0])], vec![b' '; len]) };
            let router = axum::Router::new().route("/", axum::routing::get(answer));
            tokio::spawn(async move { axum::serve(listener, router).await });
            url
        }

        #[tokio::test]
        async fn no_more_than_a_key_set_is_read() {
            let fetch = HttpFetch::new().unwrap();
            for (len, expected) in [
                (0, Ok(0)),
                (MAX_BODY_LEN, Ok(MAX_BODY_LEN)),
                (MAX_BODY_LEN + 1, Err("the answer is longer than 256 KiB")),
                (2 * MAX_BODY_LEN, Err("the answer is longer than 256 KiB")),
            ] {
                let came = fetch.fetch(&serve(len).await).await;
                let came =
                    came.map(|fetched| fetched.body.len()).map_err(|error| error.to_string());
                assert_eq!(came, expected.map_err(str::to_owned), "{len}");
            }
        }
    }
}
