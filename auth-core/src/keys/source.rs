//! Where the keys of an issuer are.

use http::Uri;

use super::fetch::{Fetch, FetchError, Fetched};
use crate::json::Object;

/// Where the keys of an issuer are. Issuers with the same source share one key set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// At this URL.
    KeySet(String),
    /// Where the discovery document of the issuer of this name says.
    Discovery(String),
}

impl Source {
    /// The URL to name in logs.
    pub(crate) fn url(&self) -> &str {
        let (Self::KeySet(url) | Self::Discovery(url)) = self;
        url
    }

    pub(super) async fn fetch(&self, fetch: &dyn Fetch) -> Result<Fetched, FetchError> {
        match self {
            Self::KeySet(url) => fetch.fetch(url).await,
            Self::Discovery(issuer) => fetch.fetch(&discover(issuer, fetch).await?).await,
        }
    }
}

/// The key set's URL, from the discovery document of an issuer.
async fn discover(issuer: &str, fetch: &dyn Fetch) -> Result<String, FetchError> {
    let [openid, oauth] = document_urls(issuer);
    let document = match fetch.fetch(&openid).await {
        Ok(document) => document,
        Err(_not_openid) => fetch.fetch(&oauth).await?,
    };
    key_set_url(&document.body, issuer).map_err(FetchError::new)
}

/// OpenID Connect Discovery (section 4) appends its path to the issuer's name; RFC 8414 (section
/// 3.1) puts its own between host and path.
fn document_urls(issuer: &str) -> [String; 2] {
    let base = issuer.strip_suffix('/').unwrap_or(issuer);
    let host_end = base.find("://").map_or(0, |scheme| scheme + 3);
    let path_start = base.get(host_end..).and_then(|rest| rest.find('/'));
    let (origin, path) = base.split_at(path_start.map_or(base.len(), |path| host_end + path));
    [
        format!("{base}/.well-known/openid-configuration"),
        format!("{origin}/.well-known/oauth-authorization-server{path}"),
    ]
}

fn key_set_url(document: &[u8], issuer: &str) -> Result<String, &'static str> {
    let text = std::str::from_utf8(document).map_err(|_| "the discovery document is not UTF-8")?;
    let document = Object::parse(text).map_err(|_| "the discovery document is no strict JSON")?;
    let string = |name| document.get(name).and_then(|value| value.as_string());
    // RFC 8414, section 3.3: identical, or anybody's document could stand for anybody.
    if string("issuer").as_deref() != Some(issuer) {
        return Err("the discovery document is for an issuer of another name");
    }
    let url = string("jwks_uri").ok_or("the discovery document has no `jwks_uri`")?;
    if !is_safe_url(&url) {
        return Err("the `jwks_uri` of the discovery document is no https URL");
    }
    Ok(url.into_owned())
}

/// A URL that keys can be had from safely: `https`, or `http` on this machine.
pub(crate) fn is_safe_url(url: &str) -> bool {
    let Ok(uri) = url.parse::<Uri>() else {
        return false;
    };
    let Some(authority) = uri.authority() else {
        return false;
    };
    let safe = match uri.scheme_str() {
        Some("https") => true,
        Some("http") => matches!(authority.host(), "127.0.0.1" | "[::1]" | "localhost"),
        _ => false,
    };
    let has_user = authority.as_str().contains('@');
    // RFC 3986 has none of these; a header or a log would read them as something else.
    let plain = url.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"\\<>^`{|}#".contains(&byte));
    safe && plain && !has_user && uri.query().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_come_over_https_or_from_this_machine() {
        for url in [
            "https://auth.example.com",
            "https://auth.example.com/path/jwks",
            "http://127.0.0.1:4100",
            "http://localhost:4100/jwks",
            "http://[::1]:4100",
        ] {
            assert!(is_safe_url(url), "{url}");
        }
        for url in [
            "",
            "auth.example.com",
            "/jwks",
            "http://auth.example.com",
            "http://127.0.0.1.evil.com",
            "http://localhost.evil.com",
            "https://user@auth.example.com",
            "https://user:password@auth.example.com",
            "https://auth.example.com?x",
            "https://auth.example.com#x",
            "https://auth.example.com/\"x",
            "https://auth.example.com/\u{e4}",
            "file:///etc/keys",
            "data:application/json,{}",
        ] {
            assert!(!is_safe_url(url), "{url}");
        }
    }

    #[test]
    fn discovery_documents_are_where_the_standards_put_them() {
        for (issuer, openid, oauth) in [
            (
                "https://a.test",
                "https://a.test/.well-known/openid-configuration",
                "https://a.test/.well-known/oauth-authorization-server",
            ),
            (
                "https://a.test/",
                "https://a.test/.well-known/openid-configuration",
                "https://a.test/.well-known/oauth-authorization-server",
            ),
            (
                "https://a.test/tenant/1",
                "https://a.test/tenant/1/.well-known/openid-configuration",
                "https://a.test/.well-known/oauth-authorization-server/tenant/1",
            ),
        ] {
            assert_eq!(document_urls(issuer), [openid, oauth]);
        }
    }

    #[test]
    fn a_discovery_document_is_for_the_issuer_to_the_octet() {
        let issuer = "https://a.test/";
        let url = |document: &str| key_set_url(document.as_bytes(), issuer);
        assert_eq!(
            url(r#"{"issuer":"https://a.test/","jwks_uri":"https://keys.test/jwks"}"#).unwrap(),
            "https://keys.test/jwks"
        );
        for document in [
            r#"{"issuer":"https://a.test","jwks_uri":"https://keys.test/jwks"}"#,
            r#"{"issuer":"https://A.test/","jwks_uri":"https://keys.test/jwks"}"#,
            r#"{"issuer":["https://a.test/"],"jwks_uri":"https://keys.test/jwks"}"#,
            r#"{"jwks_uri":"https://keys.test/jwks"}"#,
            r#"{"issuer":"https://a.test/"}"#,
            r#"{"issuer":"https://a.test/","jwks_uri":"http://keys.test/jwks"}"#,
            r#"{"issuer":"https://a.test/","jwks_uri":"file:///etc/keys"}"#,
            r#"{"issuer":"x","issuer":"https://a.test/","jwks_uri":"https://keys.test/jwks"}"#,
            "<html>",
            "",
        ] {
            assert!(url(document).is_err(), "{document}");
        }
    }
}
