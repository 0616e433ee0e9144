//! Whether the page is set up to match the service.

use url::Url;

use super::settings::Settings;
use super::value::{shown, untidy, without_secret};
use crate::command::report::{Finding, Outcome};
use crate::command::servers::WORKOS_URL;

pub(super) fn client_id(settings: &Settings) -> Finding {
    let name = "VITE_WORKOS_CLIENT_ID";
    let Some(setting) = settings.get(name) else {
        return Finding::new(name, Outcome::Skipped, "is not set; a page needs it");
    };
    untidy(name, setting, settings).unwrap_or_else(|| {
        let service = settings.value("WORKOS_CLIENT_ID");
        if service.is_none_or(|id| id == setting.value) {
            return shown(name, setting);
        }
        let says = format!(
            "{}, {}, is not WORKOS_CLIENT_ID",
            without_secret(&setting.value),
            setting.from()
        );
        Finding::new(name, Outcome::Failed, says)
            .mend("set both to the same client: the page's tokens are refused otherwise")
    })
}

/// Whether the page asks the server whose tokens the service accepts.
pub(super) fn api(settings: &Settings) -> Finding {
    let name = "VITE_WORKOS_API_URL";
    if settings.get("VITE_WORKOS_CLIENT_ID").is_none() {
        return Finding::new(name, Outcome::Skipped, "no VITE_WORKOS_CLIENT_ID, so no page");
    }
    let of_page = url(settings);
    let of_service = Url::parse(settings.api_url()).ok();
    let shown = of_page.as_ref().map(|url| url.origin().ascii_serialization()).unwrap_or_default();
    if of_page.is_some() && of_page == of_service {
        return Finding::new(
            name,
            Outcome::Ok,
            format!("the page asks {shown}, as the service does"),
        );
    }
    let of_service = without_secret(settings.api_url());
    let says = format!("the page asks {shown}, and the service {of_service}");
    Finding::new(name, Outcome::Failed, says).mend(
        "set VITE_WORKOS_API_URL and WORKOS_API_URL to the same, as `auth-dev serve` prints them; leave \
         both out for WorkOS",
    )
}

fn url(settings: &Settings) -> Option<Url> {
    Url::parse(settings.value("VITE_WORKOS_API_URL").unwrap_or(WORKOS_URL)).ok()
}

pub(super) fn secrets(settings: &Settings) -> Finding {
    let name = "page_secrets";
    let told: Vec<&str> = settings
        .iter()
        .filter(|(name, _)| name.starts_with("VITE_"))
        .filter(|(_, value)| settings.has_secret(value))
        .map(|(name, _)| name)
        .collect();
    if told.is_empty() {
        return Finding::new(
            name,
            Outcome::Ok,
            "no secret in a variable that Vite puts into the page",
        );
    }
    let says = format!("a secret is in {}", told.join(" and "));
    Finding::new(name, Outcome::Failed, says)
        .rule("everybody who loads the page reads what begins with VITE_")
        .mend("take it out, and have a new secret made if the page was ever published")
}
