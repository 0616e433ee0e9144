//! The examples as a newcomer meets them: their `curl` lines give the answers that they promise, and
//! what cannot be meant is told.

use std::env;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use crate::step::{cargo, is_installed};

const EXAMPLES: [&str; 2] = ["actix", "axum"];

/// All that an example takes from the environment, but for `PORT`.
const VARIABLES: [&str; 14] = [
    "WORKOS_CLIENT_ID",
    "ADMIN_DOMAIN",
    "WORKOS_API_URL",
    "WORKOS_API_KEY",
    "WORKOS_REDIRECT_URI",
    "WORKOS_COOKIE_PASSWORD",
    "WORKOS_WEBHOOK_SECRET",
    "REDIS_URL",
    "SESSIONS",
    "PAGE_ORIGIN",
    "PAGE_DIR",
    "PAGE_BASE",
    "HOST",
    "LOG_FORMAT",
];

pub(crate) fn check() -> Result<(), String> {
    for program in ["curl", "bash"] {
        if !is_installed(program) {
            return Err(format!("{program} is not installed; `apt-get install {program}`"));
        }
    }
    let mut tally = Tally::default();
    for name in EXAMPLES {
        let build = cargo(&format!("build --example {name}")).status();
        if !build.map_err(|error| error.to_string())?.success() {
            return Err(format!("the example {name} does not build"));
        }
        let example = executable(name)?;
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

/// Cargo puts examples beside this program.
fn executable(name: &str) -> Result<PathBuf, String> {
    let xtask = env::current_exe().map_err(|error| error.to_string())?;
    let folder = xtask.parent().ok_or("this program is in no folder")?;
    Ok(folder.join("examples").join(name))
}

fn command(example: &PathBuf) -> Command {
    let mut command = Command::new(example);
    for name in VARIABLES {
        command.env_remove(name);
    }
    command.env("PORT", "0");
    command
}

fn check_curl_lines(example: &PathBuf, tally: &mut Tally) -> Result<(), String> {
    let child = command(example).stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
    let mut service = Running(child.map_err(|error| format!("{}: {error}", example.display()))?);
    let output = service.0.stdout.take().ok_or("the example has no output")?;

    let mut lines = BufReader::new(output).lines();
    let mut curl_lines = Vec::new();
    loop {
        let line = lines.next().ok_or("the example ended before it said that it was ready")?;
        let line = line.map_err(|error| error.to_string())?;
        match line.rsplit_once("# ") {
            Some((curl, status)) if line.starts_with("curl ") => {
                curl_lines.push((curl.to_owned(), status.to_owned()));
            }
            _ if line.starts_with("Stop it with") => break,
            _ => {}
        }
    }
    if curl_lines.is_empty() {
        return Err("the example printed no curl line".to_owned());
    }
    for (curl, expected) in curl_lines {
        let answer = Command::new("bash").args(["-c", &curl]).output();
        let answer = answer.map_err(|error| error.to_string())?.stdout;
        let answer = String::from_utf8_lossy(&answer);
        let status = answer.split_whitespace().nth(1).unwrap_or("no answer");
        tally.count(&curl, status == expected, status);
    }
    Ok(())
}

/// What cannot be meant ends the example with 1 and a text that says what to set.
fn check_bad_input(example: &PathBuf, tally: &mut Tally) -> Result<(), String> {
    let good_id = ("WORKOS_CLIENT_ID", "client_01DOESNOTEXIST");
    let domain = ("ADMIN_DOMAIN", "example.com");
    let api_key = ("WORKOS_API_KEY", "sk_live_DOESNOTEXIST");
    let redirect_uri = ("WORKOS_REDIRECT_URI", "http://localhost:3000/auth/callback");
    let password = ("WORKOS_COOKIE_PASSWORD", "a password of at least 32 characters");
    let cases: [(&[(&str, &str)], &str); 22] = [
        (&[("WORKOS_CLIENT_ID", ""), domain], "set WORKOS_CLIENT_ID"),
        (&[("WORKOS_CLIENT_ID", "undefined"), domain], "set WORKOS_CLIENT_ID"),
        (&[good_id], "ADMIN_DOMAIN is not set"),
        (&[domain], "WORKOS_CLIENT_ID is not set"),
        (&[("WORKOS_API_URL", "https://example.com")], "WORKOS_CLIENT_ID is not set"),
        (&[good_id, ("ADMIN_DOMAIN", "")], "give a domain name"),
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

/// Stops with this.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
