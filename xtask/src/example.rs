//! The examples as a newcomer meets them: their `curl` lines give the answers that they promise, and
//! what cannot be meant is told.

use std::env;
use std::path::Path;
use std::process::Command;

use crate::running::Running;
use crate::{built, installed};

const EXAMPLES: [&str; 2] = ["actix", "axum"];

pub(crate) fn check() -> Result<(), String> {
    installed::shell_and_curl()?;
    let mut tally = Tally::default();
    for name in EXAMPLES {
        let example = built::example(name)?;
        println!("{name}:");
        check_curl_lines(&example, &mut tally)?;
        check_bad_input(&example, &mut tally)?;
    }
    println!("{} cases, {} different", tally.cases, tally.different);
    if tally.different == 0 { Ok(()) } else { Err("an example differs".to_owned()) }
}

#[derive(Default)]
struct Tally {
    cases: u32,
    different: u32,
}

impl Tally {
    fn count(&mut self, case: &str, as_expected: bool, came: &str) {
        self.cases += 1;
        self.different += u32::from(!as_expected);
        let verdict = if as_expected { "ok" } else { "DIFFERENT" };
        println!("{verdict} {came:?}: {case}");
    }
}

fn check_curl_lines(example: &Path, tally: &mut Tally) -> Result<(), String> {
    let (_service, said) = Running::start(&mut command(example), "Stop it with")?;
    let curl_lines = said.iter().filter(|line| line.starts_with("curl "));
    let curl_lines: Vec<_> = curl_lines.filter_map(|line| line.rsplit_once("# ")).collect();
    if curl_lines.is_empty() {
        return Err("the example printed no curl line".to_owned());
    }
    for (curl, expected) in curl_lines {
        let answer = Command::new("bash").args(["-c", curl]).output();
        let answer = answer.map_err(|error| error.to_string())?.stdout;
        let answer = String::from_utf8_lossy(&answer);
        let status = answer.split_whitespace().nth(1).unwrap_or("no answer");
        tally.count(curl, status == expected, status);
    }
    Ok(())
}

/// What cannot be meant ends the example with 1 and a text that says what to set.
fn check_bad_input(example: &Path, tally: &mut Tally) -> Result<(), String> {
    let good_id = ("WORKOS_CLIENT_ID", "client_01DOESNOTEXIST");
    let domain = ("ADMIN_DOMAIN", "example.com");
    let api_key = ("WORKOS_API_KEY", "sk_live_DOESNOTEXIST");
    let redirect_uri = ("WORKOS_REDIRECT_URI", "http://localhost:3000/auth/callback");
    let password = ("WORKOS_COOKIE_PASSWORD", "a password of at least 32 characters");
    let cases: [(&[(&str, &str)], &str); 22] = [
        (&[("WORKOS_CLIENT_ID", ""), domain], "WORKOS_CLIENT_ID is not set"),
        (&[("WORKOS_CLIENT_ID", "undefined"), domain], "set WORKOS_CLIENT_ID"),
        (&[good_id], "ADMIN_DOMAIN is not set"),
        (&[domain], "WORKOS_CLIENT_ID is not set"),
        (&[("WORKOS_API_URL", "https://example.com")], "WORKOS_CLIENT_ID is not set"),
        (&[good_id, ("ADMIN_DOMAIN", "")], "ADMIN_DOMAIN is not set"),
        (&[good_id, ("ADMIN_DOMAIN", "@example.com")], "give a domain name"),
        (&[good_id, domain, ("WORKOS_API_URL", "http://example.com")], "give an https URL"),
        (&[good_id, domain, ("WORKOS_API_URL", "http://127.0.0.1:1")], "check the client id"),
        (&[("PORT", "many")], "PORT is no port number"),
        (&[good_id, domain, api_key], "WORKOS_REDIRECT_URI is not set"),
        (&[good_id, domain, api_key, redirect_uri], "WORKOS_COOKIE_PASSWORD is not set"),
        (&[good_id, domain, api_key, redirect_uri, password], "(`sk_live_`)"),
        (&[("SESSIONS", "everywhere")], "SESSIONS is no place for sessions"),
        (&[("SESSIONS", "store")], "`Auth::builder().store(..)`"),
        (&[("REDIS_URL", "http://localhost")], "redis"),
        (&[("PAGE_ORIGIN", "localhost:5173")], "PAGE_ORIGIN is no origin"),
        (&[("PAGE_ORIGIN", "http://localhost:5173/")], "PAGE_ORIGIN is no origin"),
        (&[("PAGE_DIR", "nowhere")], "PAGE_DIR, nowhere"),
        (&[("PAGE_BASE", "components")], "PAGE_BASE is \"components\""),
        (&[("HOST", "localhost")], "HOST is no IP address"),
        (&[("LOG_FORMAT", "xml")], "LOG_FORMAT"),
    ];
    for (environment, expected) in cases {
        let output = command(example).envs(environment.iter().copied()).output();
        let output = output.map_err(|error| error.to_string())?;
        let text = String::from_utf8_lossy(&output.stderr);
        let said = text.lines().find(|line| line.starts_with("error: ")).unwrap_or(&text);
        let as_expected = output.status.code() == Some(1)
            && said.contains(expected)
            && !text.contains("panicked");
        tally.count(&format!("{environment:?}"), as_expected, said);
    }
    Ok(())
}

/// With nothing of the environment, and where no file `.env` is: an example takes what a case says.
fn command(example: &Path) -> Command {
    let mut command = Command::new(example);
    command.env_clear().env("PORT", "0").current_dir(env::temp_dir());
    command
}
