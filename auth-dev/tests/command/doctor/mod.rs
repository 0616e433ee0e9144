//! `auth-dev doctor`: each test has one thing wrong.

mod files;
mod servers;
mod tokens;
mod variables;

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::Output;

use auth_dev::AuthDev;
use serde_json::Value;
use tokio::process::Command;

use crate::run::{command, server, stdout};

const PASSWORD: &str = "a-password-that-nobody-should-see";

/// A check that comes out wrong: its name, its outcome, and words that are said.
type Wrong<'a> = (&'a str, &'a str, &'a str);

/// A folder with the environment of a service and a page, and where they are to find WorkOS.
struct Place {
    folder: PathBuf,
    variables: BTreeMap<String, String>,
}

impl Place {
    fn new(name: &str, server: &AuthDev) -> Self {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("doctor").join(name);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        let variables = [
            ("WORKOS_CLIENT_ID", server.client_id()),
            ("WORKOS_API_KEY", server.api_key()),
            ("WORKOS_API_URL", server.url()),
            ("WORKOS_REDIRECT_URI", "http://localhost:3000/callback"),
            ("WORKOS_COOKIE_PASSWORD", PASSWORD),
            ("ADMIN_DOMAIN", "example.com"),
            ("VITE_WORKOS_CLIENT_ID", server.client_id()),
            ("VITE_WORKOS_REDIRECT_URI", "http://localhost:5173/callback"),
            ("VITE_WORKOS_API_URL", server.url()),
        ];
        let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
        Self { folder, variables: variables.into() }
    }

    /// A change to nothing takes the variable away.
    fn with(mut self, changes: &[(&str, &str)]) -> Self {
        for (name, value) in changes {
            self.variables.insert((*name).to_owned(), (*value).to_owned());
            if value.is_empty() {
                self.variables.remove(*name);
            }
        }
        self
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = command(&["doctor"]);
        command.args(arguments).current_dir(&self.folder);
        command
    }

    /// The service's variables in `.env`, those of the page in `.env.local`.
    fn write(&self) {
        let of = |is_of_page: bool| -> String {
            let variables = self.variables.iter();
            let wanted = variables.filter(|(name, _)| name.starts_with("VITE_") == is_of_page);
            wanted.map(|(name, value)| format!("{name}='{value}'\n")).collect()
        };
        fs::write(self.folder.join(".env"), of(false)).unwrap();
        fs::write(self.folder.join(".env.local"), of(true)).unwrap();
    }

    /// What is found wrong, by name: what it is, and all that is said about it.
    async fn ask(&self, arguments: &[&str]) -> Found {
        self.write();
        let mut for_people = self.command(arguments);
        let mut for_scripts = self.command(&[arguments, &["--json"]].concat());
        let (text, json) = tokio::join!(for_people.output(), for_scripts.output());
        self.check(&text.unwrap(), &json.unwrap())
    }

    fn check(&self, text: &Output, json: &Output) -> Found {
        for output in [text, json] {
            let said = [&output.stdout[..], &output.stderr].concat();
            let said = String::from_utf8(said).unwrap();
            for name in ["WORKOS_API_KEY", "WORKOS_COOKIE_PASSWORD"] {
                let secret = self.variables.get(name).filter(|secret| secret.len() > 9);
                assert!(secret.is_none_or(|secret| !said.contains(secret)), "{name} in {said}");
            }
            assert!(!said.contains("a-password@") && !said.contains('\u{1b}'), "{said}");
        }
        let code = text.status.code();
        assert_eq!(json.status.code(), code);
        let text = stdout(text);
        let json: Value = serde_json::from_slice(&json.stdout).unwrap();
        let mut wrong = BTreeMap::new();
        for check in json["checks"].as_array().unwrap() {
            let (name, outcome) =
                (check["name"].as_str().unwrap(), check["outcome"].as_str().unwrap());
            let label = text.lines().find(|line| line.split_whitespace().nth(1) == Some(name));
            let label = label.unwrap_or_else(|| panic!("no {name} in\n{text}")).trim_start();
            assert!(label.to_ascii_lowercase().starts_with(outcome), "{label}: {outcome}");
            if matches!(outcome, "failed" | "warning") {
                assert!(check["mend"].is_string(), "{name} has no mend\n{text}");
                wrong.insert(name.to_owned(), (outcome.to_owned(), check.to_string()));
            }
        }
        let failed = wrong.values().filter(|(outcome, _)| outcome == "failed").count();
        assert_eq!(json["failed"], failed);
        assert_eq!(json["warnings"], wrong.len() - failed);
        assert_eq!(code, Some(i32::from(failed > 0)), "{text}");
        Found { wrong, text, json }
    }
}

struct Found {
    wrong: BTreeMap<String, (String, String)>,
    text: String,
    json: Value,
}

impl Found {
    /// Just these are wrong.
    fn assert(&self, expected: &[Wrong<'_>], case: &str) {
        let names: Vec<&str> = self.wrong.keys().map(String::as_str).collect();
        let mut wanted: Vec<&str> = expected.iter().map(|(name, ..)| *name).collect();
        wanted.sort_unstable();
        assert_eq!(names, wanted, "{case}:\n{}", self.text);
        for (name, outcome, words) in expected {
            let (came, said) = &self.wrong[*name];
            assert_eq!(came, outcome, "{case}: {said}");
            assert!(said.contains(words), "{case}: no {words:?} in {said}");
        }
    }
}

#[tokio::test]
async fn what_the_server_prints_is_well() {
    let server = server().await;
    let found = Place::new("well", &server).ask(&[]).await;
    found.assert(&[], "all is well");
    assert_eq!(found.text.lines().last(), Some("all is well"));
    assert_eq!(found.json["server"], "auth-dev");
    let checks = found.json["checks"].as_array().unwrap();
    assert!(checks.iter().all(|check| check["outcome"] == "ok"), "{}", found.text);
}
