//! Whether the environment variables can be meant.

use auth_core::issuer::WorkOs;
use auth_core::keys::{Fetch, FetchFuture};
use auth_core::{Auth, AuthBuilder};
use url::Url;

use super::page;
use super::settings::Settings;
use super::value::{page_url, shown, untidy, without_secret};
use crate::command::report::{Finding, Outcome};
use crate::command::servers::{LOCAL_CLIENT_ID, WORKOS_URL, is_loopback};
use crate::secret::hidden;

const MIN_PASSWORD_LEN: usize = 32;
const FIND_CLIENT_ID: &str = "set it to the client id in the WorkOS dashboard under API Keys, or to \
                              what `auth-dev serve` prints";

pub(super) fn check(settings: &Settings) -> Vec<Finding> {
    vec![
        files(settings),
        client_id(settings),
        api_url(settings),
        api_key(settings),
        redirect_uri(settings, "WORKOS_REDIRECT_URI"),
        cookie_password(settings),
        admin_domain(settings),
        page::client_id(settings),
        redirect_uri(settings, "VITE_WORKOS_REDIRECT_URI"),
        page::api(settings),
        page::secrets(settings),
        key_mode(settings),
    ]
}

fn files(settings: &Settings) -> Finding {
    let name = "env_files";
    if !settings.problems.is_empty() {
        return Finding::new(name, Outcome::Failed, settings.problems.join("; ")).mend(
            "write NAME=value, one a line, with quotes around a value that has spaces, `#` or `\\`",
        );
    }
    match settings.files.as_slice() {
        [] => Finding::new(
            name,
            Outcome::Skipped,
            "there is no .env and no .env.local here; give --env-file for others",
        ),
        files => Finding::new(name, Outcome::Ok, format!("read {}", files.join(" and "))),
    }
}

fn client_id(settings: &Settings) -> Finding {
    let name = "WORKOS_CLIENT_ID";
    let Some(setting) = settings.get(name) else {
        return Finding::new(name, Outcome::Failed, "is not set").mend(FIND_CLIENT_ID);
    };
    untidy(name, setting, settings).unwrap_or_else(|| match mistake(Auth::workos(&setting.value)) {
        Some(mistake) => Finding::new(name, Outcome::Failed, mistake).mend(FIND_CLIENT_ID),
        None => shown(name, setting),
    })
}

fn api_url(settings: &Settings) -> Finding {
    let name = "WORKOS_API_URL";
    let Some(setting) = settings.get(name) else {
        return Finding::new(name, Outcome::Skipped, format!("is not set: {WORKOS_URL}"));
    };
    untidy(name, setting, settings).unwrap_or_else(|| {
        let workos = WorkOs::client(LOCAL_CLIENT_ID).api_url(&setting.value);
        match mistake(Auth::builder().workos(workos)) {
            Some(mistake) => Finding::new(name, Outcome::Failed, mistake)
                .mend("write `http://localhost:4100` for auth-dev, or leave it out for WorkOS"),
            None => shown(name, setting),
        }
    })
}

fn api_key(settings: &Settings) -> Finding {
    let name = "WORKOS_API_KEY";
    let Some(setting) = settings.get(name) else {
        let says = "is not set; a service needs it only to exchange codes and keep sessions";
        return Finding::new(name, Outcome::Skipped, says);
    };
    untidy(name, setting, settings).unwrap_or_else(|| match mode(&setting.value) {
        Some(mode) => {
            Finding::new(name, Outcome::Ok, format!("{mode} (not shown), {}", setting.from()))
        }
        None => Finding::new(
            name,
            Outcome::Failed,
            format!("begins with neither `sk_test_` nor `sk_live_`, {}", setting.from()),
        )
        .mend("copy the secret key of the WorkOS dashboard under API Keys, whole"),
    })
}

fn redirect_uri(settings: &Settings, name: &'static str) -> Finding {
    let Some(setting) = settings.get(name) else {
        return Finding::new(name, Outcome::Skipped, "is not set");
    };
    untidy(name, setting, settings).unwrap_or_else(|| {
        let value = without_secret(&setting.value);
        let Some(url) = page_url(&setting.value) else {
            let from = setting.from();
            let says = format!("{value} is no https URL (http for this machine only), {from}");
            return Finding::new(name, Outcome::Failed, says)
                .mend("write the whole URL, such as `http://localhost:5173/callback`");
        };
        if !url.path().ends_with("/callback") {
            let says = format!("{value} does not end in `/callback`, {}", setting.from());
            return Finding::new(name, Outcome::Warning, says).mend(
                "end it in `/callback` if that is where your page finishes the sign-in; under a \
                 base path, such as `/components` at Netlify, with that path in front",
            );
        }
        shown(name, setting)
    })
}

fn cookie_password(settings: &Settings) -> Finding {
    let name = "WORKOS_COOKIE_PASSWORD";
    let Some(setting) = settings.get(name) else {
        let says = "is not set; a service needs it only to keep sessions in a cookie";
        return Finding::new(name, Outcome::Skipped, says);
    };
    untidy(name, setting, settings).unwrap_or_else(|| {
        let len = setting.value.chars().count();
        let says = format!("{len} characters (not shown), {}", setting.from());
        if len >= MIN_PASSWORD_LEN {
            Finding::new(name, Outcome::Ok, says)
        } else {
            Finding::new(name, Outcome::Failed, says)
                .rule(format!("at least {MIN_PASSWORD_LEN} characters"))
                .mend("make one with `openssl rand -base64 32`")
        }
    })
}

fn admin_domain(settings: &Settings) -> Finding {
    let name = "ADMIN_DOMAIN";
    let Some(setting) = settings.get(name) else {
        return Finding::new(name, Outcome::Skipped, "is not set: nobody is an administrator");
    };
    untidy(name, setting, settings).unwrap_or_else(|| {
        match mistake(Auth::workos(LOCAL_CLIENT_ID).admin_domain(&setting.value)) {
            Some(mistake) => Finding::new(name, Outcome::Failed, mistake)
                .mend("write what is behind the `@` of your own address"),
            None => shown(name, setting),
        }
    })
}

/// A key of the wrong environment works until the day that it matters.
fn key_mode(settings: &Settings) -> Finding {
    let name = "key_mode";
    let Some(mode) = settings.value("WORKOS_API_KEY").and_then(mode) else {
        return Finding::new(name, Outcome::Skipped, "no WORKOS_API_KEY to tell by");
    };
    if mode == "sk_live_" && Url::parse(settings.api_url()).is_ok_and(|url| is_loopback(&url)) {
        return Finding::new(name, Outcome::Failed, "a live key, and a server on this machine")
            .mend(
                "give auth-dev the key that `auth-dev serve` prints, and keep the live one away",
            );
    }
    let uris: Vec<Url> = ["WORKOS_REDIRECT_URI", "VITE_WORKOS_REDIRECT_URI"]
        .iter()
        .filter_map(|name| page_url(settings.value(name)?))
        .collect();
    if uris.is_empty() {
        return Finding::new(
            name,
            Outcome::Skipped,
            format!("{mode}, and no redirect URI to compare with"),
        );
    }
    let is_local = uris.iter().any(is_loopback);
    if mode == "sk_live_" && is_local {
        return Finding::new(
            name,
            Outcome::Failed,
            "a live key, and a redirect URI on this machine",
        )
        .rule("the production environment of WorkOS allows no redirect URI on localhost")
        .mend("use the client id and the `sk_test_` key of the staging environment here");
    }
    if mode == "sk_test_" && !is_local {
        return Finding::new(
            name,
            Outcome::Warning,
            "a test key, and redirect URIs on the network",
        )
        .mend("use the client id and the `sk_live_` key of production, unless this is staging");
    }
    Finding::new(name, Outcome::Ok, format!("{mode}, and redirect URIs to match"))
}

fn mode(key: &str) -> Option<&'static str> {
    ["sk_test_", "sk_live_"]
        .into_iter()
        .find(|mode| key.len() > mode.len() && key.starts_with(mode))
}

/// What a service says that is configured so.
fn mistake(builder: AuthBuilder) -> Option<String> {
    builder.fetch(Nothing).build().err().map(|error| hidden(&error.to_string()))
}

struct Nothing;

impl Fetch for Nothing {
    fn fetch<'a>(&'a self, _url: &'a str) -> FetchFuture<'a> {
        Box::pin(std::future::pending())
    }
}
