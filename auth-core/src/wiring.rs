//! What is wrong with a router.

use std::error::Error;
use std::fmt;

/// What a route for nothing would be.
pub(crate) const NO_METADATA: &str = "there is no protected resource to tell of; call \
                                      `AuthBuilder::protected_resource`";

/// What is wrong with a router, all of it.
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
