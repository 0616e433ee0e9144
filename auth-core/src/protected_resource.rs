//! What clients may know of this service before they have a token (RFC 9728).

use http::Uri;
use serde::Serialize;

use crate::issuer::Issuer;
use crate::keys::is_safe_url;

const WELL_KNOWN: &str = "/.well-known/oauth-protected-resource";

/// A service as clients find it: its name, whom to ask for tokens, and for which scopes. Challenges
/// name the document (`resource_metadata`), so that a client that has got a 401 can find out by itself
/// how to sign in. The router serves it: `Router::protected_resource`.
///
/// ```
/// # #[cfg(feature = "http-client")]
/// # fn build() -> Result<(), Box<dyn std::error::Error>> {
/// use auth_core::{Auth, ProtectedResource};
///
/// let resource = ProtectedResource::new("https://api.yourdomain.com")
///     .authorization_server("https://yourdomain.authkit.app")
///     .scope("posts:write")
///     .documentation("https://yourdomain.com/developers");
/// let auth = Auth::workos("client_01ABCDEFGHJKMNPQRS").protected_resource(resource).build()?;
/// # Ok(())
/// # }
/// # #[cfg(feature = "http-client")]
/// # build().unwrap();
/// ```
#[derive(Clone, Debug, Serialize)]
#[must_use]
pub struct ProtectedResource {
    resource: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    authorization_servers: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    scopes_supported: Vec<String>,
    bearer_methods_supported: [&'static str; 1],
    #[serde(skip_serializing_if = "Option::is_none")]
    resource_documentation: Option<String>,
}

/// The document, and where it is.
#[derive(Debug)]
pub(crate) struct Metadata {
    pub(crate) url: String,
    #[cfg(any(feature = "actix", feature = "axum", test))]
    pub(crate) path: String,
    #[cfg(any(feature = "actix", feature = "axum"))]
    pub(crate) json: String,
}

impl ProtectedResource {
    /// By its resource identifier: the https URL at which clients know it, without query and fragment.
    pub fn new(resource: impl Into<String>) -> Self {
        Self {
            resource: resource.into(),
            authorization_servers: Vec::new(),
            scopes_supported: Vec::new(),
            bearer_methods_supported: ["header"],
            resource_documentation: None,
        }
    }

    /// Where clients get tokens, by its issuer identifier (RFC 8414). May be called again for another
    /// one; without any, these are the names of the issuers.
    pub fn authorization_server(mut self, issuer: impl Into<String>) -> Self {
        self.authorization_servers.push(issuer.into());
        self
    }

    /// A scope that some route asks for. May be called again.
    pub fn scope(mut self, scope: impl Into<String>) -> Self {
        self.scopes_supported.push(scope.into());
        self
    }

    /// A page for developers of clients.
    pub fn documentation(mut self, url: impl Into<String>) -> Self {
        self.resource_documentation = Some(url.into());
        self
    }

    /// The document, or the URL that cannot be meant.
    pub(crate) fn into_metadata(mut self, issuers: &[Issuer]) -> Result<Metadata, String> {
        if self.authorization_servers.is_empty() {
            let names = issuers.iter().filter_map(|issuer| issuer.names().first());
            self.authorization_servers = names.cloned().collect();
        }
        let urls = std::iter::once(&self.resource)
            .chain(&self.authorization_servers)
            .chain(&self.resource_documentation);
        if let Some(wrong) = urls.into_iter().find(|url| !is_safe_url(url)) {
            return Err(wrong.clone());
        }
        let wrong = || self.resource.clone();
        let uri: Uri = self.resource.parse().map_err(|_| wrong())?;
        let (scheme, authority) = uri.scheme_str().zip(uri.authority()).ok_or_else(wrong)?;
        // Between the host and the path of the resource (section 3.1).
        let path = format!("{WELL_KNOWN}{}", uri.path().trim_end_matches('/'));
        Ok(Metadata {
            url: format!("{scheme}://{authority}{path}"),
            #[cfg(any(feature = "actix", feature = "axum"))]
            json: serde_json::to_string(&self).map_err(|_| wrong())?,
            #[cfg(any(feature = "actix", feature = "axum", test))]
            path,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_is_where_the_standard_has_it() {
        for (resource, url) in [
            ("https://a.test", "https://a.test/.well-known/oauth-protected-resource"),
            ("https://a.test/", "https://a.test/.well-known/oauth-protected-resource"),
            (
                "https://a.test:8443/v1",
                "https://a.test:8443/.well-known/oauth-protected-resource/v1",
            ),
            ("http://localhost:3000", "http://localhost:3000/.well-known/oauth-protected-resource"),
        ] {
            let metadata = ProtectedResource::new(resource).into_metadata(&[]).unwrap();
            assert_eq!(metadata.url, url);
            assert!(url.ends_with(&metadata.path));
        }
    }

    #[test]
    fn what_is_no_url_is_named() {
        for wrong in
            ["api.test", "http://api.test", "https://u@api.test", "https://api.test/#x", ""]
        {
            let named = |resource: ProtectedResource| resource.into_metadata(&[]).unwrap_err();
            assert_eq!(named(ProtectedResource::new(wrong)), wrong);
            let good = || ProtectedResource::new("https://a.test");
            assert_eq!(named(good().authorization_server(wrong)), wrong);
            assert_eq!(named(good().documentation(wrong)), wrong);
        }
    }
}
