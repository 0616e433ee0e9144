//! What a service with an admin domain says of somebody with these claims.

use auth_core::issuer::Issuer;
use auth_core::keys::{Fetch, FetchFuture, Fetched};
use auth_core::{Auth, Identity};
use serde_json::{Value, json};

use crate::clock::TestClock;
use crate::issuer::token;
use crate::signer::Signer;
use crate::verification::authenticate;

/// The key set of one signer.
struct OneKey(String);

impl Fetch for OneKey {
    fn fetch<'a>(&'a self, _url: &'a str) -> FetchFuture<'a> {
        Box::pin(async { Ok(Fetched { body: self.0.clone().into_bytes(), max_age: None }) })
    }
}

/// A service that trusts one signer under some names.
pub(crate) fn auth(signer: &Signer, names: &[&str], admin_domain: &str) -> Auth {
    let mut builder = Auth::builder().clock(TestClock::new()).admin_domain(admin_domain);
    for name in names {
        builder = builder.issuer(Issuer::new(*name, "https://keys.test/", "api"));
    }
    let key_set = json!({ "keys": [signer.jwk("k1")] }).to_string();
    builder.fetch(OneKey(key_set)).build().unwrap()
}

/// The caller, or the code of the refusal.
pub(crate) async fn caller(
    auth: &Auth,
    signer: &Signer,
    claims: Value,
) -> Result<Identity, String> {
    let identity = authenticate(auth, &token(signer, claims)).await;
    identity.map(Option::unwrap).map_err(|error| error.code().to_string())
}
