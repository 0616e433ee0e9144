//! Variables of the environment, and of a file `.env` in the folder where the example is started.

use std::env::{self, VarError};

/// One of them is enough for the example to bring no WorkOS of its own.
const OF_WORKOS: [&str; 6] = [
    "WORKOS_CLIENT_ID",
    "WORKOS_API_KEY",
    "WORKOS_API_URL",
    "WORKOS_REDIRECT_URI",
    "WORKOS_COOKIE_PASSWORD",
    "ADMIN_DOMAIN",
];

/// What is in the environment already is not changed.
pub(super) fn load() -> Result<(), String> {
    match dotenvy::dotenv() {
        Ok(_) => Ok(()),
        Err(error) if error.not_found() => Ok(()),
        // The line that cannot be read may have a secret in it.
        Err(_) => {
            Err("the file .env cannot be read: it has one NAME=value on each line".to_owned())
        }
    }
}

pub(super) fn has_workos() -> bool {
    has_any(&OF_WORKOS)
}

pub(super) fn has_any(names: &[&str]) -> bool {
    names.iter().any(|name| env::var_os(name).is_some_and(|value| !value.is_empty()))
}

/// An empty value counts as none.
pub(super) fn optional(name: &str) -> Result<Option<String>, String> {
    match env::var(name) {
        Ok(value) => Ok(Some(value).filter(|value| !value.is_empty())),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => Err(format!("{name} is not UTF-8")),
    }
}

/// The domain of administrators' addresses.
pub(super) fn admin_domain() -> Result<String, String> {
    optional("ADMIN_DOMAIN")?.ok_or_else(|| {
        "ADMIN_DOMAIN is not set: set it to the domain of your administrators' addresses \
         (yourdomain.com), or none of the variables of WorkOS, to try the example out"
            .to_owned()
    })
}
