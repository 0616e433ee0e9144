//! The servers that commands ask: where they are, and how they are reached.

use reqwest::{Client, ClientBuilder};
use url::{Host, Url};

pub(super) const WORKOS_URL: &str = "https://api.workos.com";

pub(super) const LOCAL_PORT: u16 = 4100;
/// Cookies know no ports, so a page at `localhost` shares them with a server of this name only.
pub(super) const LOCAL_URL: &str = "http://localhost:4100";
/// The client that `auth-dev serve` has unless told otherwise.
pub(super) const LOCAL_CLIENT_ID: &str = "client_01DEV";

pub(super) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// A client for this server: a proxy does not know a machine's own.
pub(super) fn client(url: &Url) -> ClientBuilder {
    let builder = Client::builder();
    if is_loopback(url) { builder.no_proxy() } else { builder }
}

/// The URL of a path on this server.
pub(super) fn at(url: &Url, path: &[&str]) -> Url {
    let mut url = url.clone();
    // Only a URL that is no server's has no path, and a request to it fails.
    if let Ok(mut segments) = url.path_segments_mut() {
        segments.pop_if_empty().extend(path);
    }
    url
}
