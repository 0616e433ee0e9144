//! Variables of the environment.

use std::env::{self, VarError};

/// Why a variable cannot be had.
pub(crate) enum Missing {
    NotSet,
    NotUtf8,
}

/// The value; an empty one counts as none, as a file with all names and few values has it.
pub(crate) fn required(name: &str) -> Result<String, Missing> {
    match env::var(name) {
        Ok(value) if !value.is_empty() => Ok(value),
        Ok(_) | Err(VarError::NotPresent) => Err(Missing::NotSet),
        Err(VarError::NotUnicode(_)) => Err(Missing::NotUtf8),
    }
}

/// The same for a variable that need not be there.
pub(crate) fn optional(name: &str) -> Result<Option<String>, Missing> {
    match required(name) {
        Ok(value) => Ok(Some(value)),
        Err(Missing::NotSet) => Ok(None),
        Err(Missing::NotUtf8) => Err(Missing::NotUtf8),
    }
}
