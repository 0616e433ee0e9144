//! Addresses that look like an administrator's.

use std::collections::BTreeMap;

use auth_core::Auth;
use serde_json::{Value, json};

use super::caller::{auth, caller};
use super::{Source, array, text};
use crate::issuer::ISSUER;
use crate::signer::Signer;

#[tokio::test]
#[ignore = "needs AUTH_VECTORS"]
async fn email() {
    let mut source = Source::new("email");
    let signer = Signer::new();
    let mut services: BTreeMap<String, Auth> = BTreeMap::new();
    for (file, rows) in
        [("derived-admin-domain.json", 569), ("derived-homoglyph-domains.json", 482)]
    {
        // One address is half a surrogate pair, which no Rust string can hold. A token with it is
        // refused with all its claims; here another letter that is not ASCII stands for it.
        let text = text(&format!("email/{file}")).replace(r#""\ud800""#, r#""\ufffd""#);
        let cases: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(array(&cases).len(), rows, "{file}");
        for case in array(&cases) {
            let domain = case["admin_domain"].as_str().unwrap();
            let service = services
                .entry(domain.to_owned())
                .or_insert_with(|| auth(&signer, &[ISSUER], domain));
            let claims = json!({ "email": case["email"], "email_verified": true });
            let caller = caller(service, &signer, claims).await.unwrap();
            source.expect(&case["email"], json!(caller.is_admin()), case["expect_admin"].clone());
        }
    }
    source.finish(569 + 482);
}
