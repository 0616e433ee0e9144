//! The cookies of a page. It keeps its refresh token in one that scripts cannot read, unless its client
//! is told to be in `devMode`.

use axum::http::header::{COOKIE, SET_COOKIE};
use axum::http::{HeaderMap, HeaderName};
use axum::response::AppendHeaders;
use cookie::time::Duration;
use cookie::{Cookie, CookieBuilder, SameSite};

use crate::environment::Environment;

const REFRESH_TOKEN: &str = "workos-refresh-token";
/// Pages look for it before they ask for a refresh.
const HAS_SESSION: &str = "workos-has-session";
/// As long as WorkOS keeps a session.
const COOKIE_LIFETIME: Duration = Duration::days(400);

pub(super) type SetCookies = AppendHeaders<[(HeaderName, String); 2]>;

pub(super) fn refresh_token(headers: &HeaderMap) -> Option<String> {
    let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    cookies
        .flat_map(Cookie::split_parse)
        .filter_map(Result::ok)
        .find(|cookie| cookie.name() == REFRESH_TOKEN)
        .map(|cookie| cookie.value().to_owned())
}

pub(super) fn of_session(refresh_token: String, environment: &Environment) -> SetCookies {
    let refresh_token = Cookie::build((REFRESH_TOKEN, refresh_token)).http_only(true);
    let has_session = Cookie::build((HAS_SESSION, environment.config.client_id.clone()));
    set([refresh_token, has_session].map(|cookie| cookie.max_age(COOKIE_LIFETIME)), environment)
}

/// Takes the cookies of a session away.
pub(super) fn of_no_session(environment: &Environment) -> SetCookies {
    let none = |name| Cookie::build((name, "")).max_age(Duration::ZERO);
    set([none(REFRESH_TOKEN).http_only(true), none(HAS_SESSION)], environment)
}

fn set(cookies: [CookieBuilder<'_>; 2], environment: &Environment) -> SetCookies {
    let is_secure = environment.url.starts_with("https:");
    AppendHeaders(cookies.map(|cookie| {
        let cookie = cookie.path("/").same_site(SameSite::Lax).secure(is_secure);
        (SET_COOKIE, cookie.build().to_string())
    }))
}
