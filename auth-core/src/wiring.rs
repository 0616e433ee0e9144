//! What is wrong with a router.

use std::error::Error;
use std::fmt;

/// What a route for nothing would be.
pub(crate) const NO_METADATA: &str = "there is no protected resource to tell of; call \
                                      `AuthBuilder::protected_resource`";

/// What is wrong with a router, all of it.
///
/// ```
/// # #[cfg(all(feature = "axum", feature = "macros", feature = "http-client"))]
/// # fn build() -> Result<(), Box<dyn std::error::Error>> {
/// use auth_core::axum::{Router, get};
/// use auth_core::{Auth, authenticated};
///
/// #[authenticated]
/// async fn me() {}
///
/// let auth = Auth::workos("client_01ABCDEFGHJKMNPQRS").build()?;
/// let twice = Router::new().route("/me", get(me)).route("/me", get(me)).with_state(auth);
/// let error = twice.finish().unwrap_err();
/// assert!(error.to_string().contains("GET /me: both `"), "{error}");
/// # Ok(())
/// # }
/// # #[cfg(all(feature = "axum", feature = "macros", feature = "http-client"))]
/// # build().unwrap();
/// ```
#[derive(Debug)]
pub struct WiringError {
    mistakes: Vec<String>,
}

impl WiringError {
    pub(crate) fn new(mistakes: Vec<String>) -> Self {
        Self { mistakes }
    }
}

impl fmt::Display for WiringError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the router is wired wrongly:")?;
        self.mistakes.iter().try_for_each(|mistake| write!(f, "\n  {mistake}"))
    }
}

impl Error for WiringError {}
