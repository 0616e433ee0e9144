//! Variables of the environment, and of a file `.env` in the folder where the example is started.

use std::env::{self, VarError};

/// One of them is enough for the example to bring no WorkOS of its own.
const OF_WORKOS: [&str; 3] = ["WORKOS_CLIENT_ID", "ADMIN_DOMAIN", "WORKOS_API_URL"];

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
    OF_WORKOS.iter().any(|name| env::var_os(name).is_some())
}

pub(super) fn optional(name: &str) -> Result<Option<String>, String> {
    match env::var(name) {
        Ok(value) => Ok(Some(value)),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => Err(format!("{name} is not UTF-8")),
    }
}

pub(super) fn required(name: &str) -> Result<String, String> {
    optional(name)?.ok_or_else(|| {
        format!(
            "{name} is not set: set WORKOS_CLIENT_ID, and ADMIN_DOMAIN to the domain of your \
             administrators' addresses (yourdomain.com); or none of them, to try it out"
        )
    })
}
