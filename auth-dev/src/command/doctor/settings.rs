//! The environment variables of a service and its page, from the process and from `.env` files.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::command::Failure;
use crate::command::servers::WORKOS_URL;

/// What Vite reads, too; the later wins.
const USUAL_FILES: [&str; 2] = [".env", ".env.local"];
/// The variables that have secrets.
pub(super) const SECRETS: [&str; 2] = ["WORKOS_API_KEY", "WORKOS_COOKIE_PASSWORD"];
const PROCESS: &str = "the environment";

/// All that is set, by name.
#[derive(Default)]
pub(super) struct Settings {
    by_name: BTreeMap<String, Setting>,
    /// The files that were there.
    pub(super) files: Vec<String>,
    /// What could not be read of them, in words without any of it.
    pub(super) problems: Vec<String>,
}

pub(super) struct Setting {
    /// May be a secret.
    pub(super) value: String,
    source: String,
    /// Where it is set as well, to something else.
    hides: Vec<String>,
}

impl Setting {
    /// Where the value comes from.
    pub(super) fn from(&self) -> String {
        match self.hides.as_slice() {
            [] => format!("from {}", self.source),
            others => {
                format!("from {}, where {} has another value", self.source, others.join(" and "))
            }
        }
    }
}

impl Settings {
    /// What the process has wins over what files have.
    pub(super) fn read(files: &[PathBuf]) -> Result<Self, Failure> {
        let mut settings = Self::default();
        if files.is_empty() {
            for name in USUAL_FILES {
                settings.read_file(Path::new(name), ErrorKind::NotFound)?;
            }
        }
        for file in files {
            settings.read_file(file, ErrorKind::Other)?;
        }
        for (name, value) in env::vars_os() {
            if let (Ok(name), Ok(value)) = (name.into_string(), value.into_string()) {
                settings.set(name, value, PROCESS);
            }
        }
        Ok(settings)
    }

    pub(super) fn get(&self, name: &str) -> Option<&Setting> {
        self.by_name.get(name)
    }

    pub(super) fn value(&self, name: &str) -> Option<&str> {
        self.get(name).map(|setting| setting.value.as_str())
    }

    /// Where the service finds WorkOS.
    pub(super) fn api_url(&self) -> &str {
        self.value("WORKOS_API_URL").unwrap_or(WORKOS_URL)
    }

    /// Whether it is a secret, which must be in no other variable than its own.
    pub(super) fn has_secret(&self, value: &str) -> bool {
        let mut secrets = SECRETS.iter().filter_map(|name| self.value(name));
        value.starts_with("sk_") || !value.is_empty() && secrets.any(|secret| secret == value)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.by_name.iter().map(|(name, setting)| (name.as_str(), setting.value.as_str()))
    }

    fn read_file(&mut self, path: &Path, passed_over: ErrorKind) -> Result<(), Failure> {
        let shown = path.display().to_string();
        let file = match fs::read(path) {
            Ok(file) => file,
            Err(error) if error.kind() == passed_over => return Ok(()),
            Err(error) => return Err(format!("cannot read {shown}: {error}").into()),
        };
        let mut last = None;
        for line in dotenvy::Iter::new(file.as_slice()) {
            // What the error says has the line, and that may be a secret.
            let Ok((name, value)) = line else {
                let place = match &last {
                    Some(name) => format!("behind {name}"),
                    None => "at the beginning".to_owned(),
                };
                self.problems.push(format!("{shown} has a line {place} that cannot be read"));
                if matches!(line, Err(dotenvy::Error::Io(_))) {
                    break;
                }
                continue;
            };
            last = Some(name.clone());
            self.set(name, value, &shown);
        }
        self.files.push(shown);
        Ok(())
    }

    fn set(&mut self, name: String, value: String, source: &str) {
        let before = self.by_name.remove(&name);
        let hides = before.into_iter().flat_map(|before| {
            let differs = before.value != value && before.source != source;
            before.hides.into_iter().chain(differs.then_some(before.source))
        });
        let setting = Setting { hides: hides.collect(), value, source: source.to_owned() };
        self.by_name.insert(name, setting);
    }
}
