//! Variables of the environment.

use std::env::{self, VarError};

/// Why a variable cannot be had, with its name.
pub(crate) enum Missing {
    NotSet(&'static str),
    NotUtf8(&'static str),
}

/// The value; an empty one counts as none, as a file with all names and few values has it.
pub(crate) fn required(name: &'static str) -> Result<String, Missing> {
    optional(name)?.ok_or(Missing::NotSet(name))
}

/// The same for a variable that need not be there.
pub(crate) fn optional(name: &'static str) -> Result<Option<String>, Missing> {
    match env::var(name) {
        Ok(value) => Ok(Some(value).filter(|value| !value.is_empty())),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => Err(Missing::NotUtf8(name)),
    }
}
