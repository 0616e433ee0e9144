//! Logs for people, or with `LOG_FORMAT=json` for machines: each line with the id of its request.

use std::io::{self, IsTerminal};

use super::environment::optional;

pub(super) fn start() -> Result<(), String> {
    let logs = tracing_subscriber::fmt().with_writer(io::stderr);
    match optional("LOG_FORMAT")?.as_deref() {
        None | Some("text") => logs.with_ansi(io::stderr().is_terminal()).init(),
        Some("json") => logs.json().init(),
        Some(_) => return Err("LOG_FORMAT is neither `text` nor `json`".to_owned()),
    }
    Ok(())
}
