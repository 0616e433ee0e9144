//! What the recipe's own functions answer to 41 identities, and what ours answer.

use auth_core::{Identity, MaybeIdentity};
use serde_json::{Map, Value, json};

use super::caller::{auth, caller};
use super::{Source, array, json};
use crate::issuer::ISSUER;
use crate::signer::Signer;

const WORKOS: &str = "https://api.workos.com/user_management/client_xxx";

const NOT_PLAIN: &str = "the address is not one plain address, though it ends with the domain";
const NOT_VERIFIED: &str = "nobody has verified the address";
const CASE: &str = "domains are compared without regard to case";
const NO_TEXT: &str = "an address that is no text is refused with a code, not with an exception";
const LENIENT: &str =
    "what a template rendered as null or as a number is left out, not an exception";
const PICTURE: &str = "`pictureUrl` is read from the claim `picture`, as the recipe promises";

/// Where ours differ on purpose: see `auth_core::policy::Admin`.
const INTENDED: [(&str, &str); 19] = [
    ("two_ats", NOT_PLAIN),
    ("quoted_local_two_ats", NOT_PLAIN),
    ("empty_local", NOT_PLAIN),
    ("leading_space", NOT_PLAIN),
    ("inner_newline", NOT_PLAIN),
    ("nul_before", NOT_PLAIN),
    ("comma_list", NOT_PLAIN),
    ("unverified_admin", NOT_VERIFIED),
    ("unverified_admin_custom_jwt_shape", NOT_VERIFIED),
    ("uppercase_domain", CASE),
    ("mixed_case_domain", CASE),
    ("email_number", NO_TEXT),
    ("email_zero", NO_TEXT),
    ("email_true", NO_TEXT),
    ("email_array", NO_TEXT),
    ("email_object", NO_TEXT),
    ("email_null", LENIENT),
    ("name_number", LENIENT),
    ("admin_custom_jwt_shape", PICTURE),
];

#[tokio::test]
#[ignore = "needs AUTH_VECTORS"]
async fn convex_oracle() {
    let mut source = Source::new("convex-oracle");
    let signer = Signer::new();
    let service = auth(&signer, &[ISSUER, WORKOS], "yourdomain.com");
    let (cases, outcomes) = (json("convex-oracle/cases.json"), json("convex-oracle/outcomes.json"));
    for case in array(&cases) {
        let id = case["id"].as_str().unwrap();
        let ours = match &case["identity"] {
            Value::Null => answers(None),
            identity => match caller(&service, &signer, claims(identity)).await {
                Ok(caller) => answers(Some(caller)),
                Err(code) => json!({ "refused": code }),
            },
        };
        let theirs = &outcomes[id];
        let theirs = json!({
            "loggedInUser": theirs["loggedInUser"],
            "isAdmin": theirs["isAdmin"],
            "requireAdmin": theirs["requireAdmin"].get("ok").is_some(),
            "getAdmin": theirs["getAdmin"].get("ok").is_some_and(|admin| !admin.is_null()),
        });
        match INTENDED.iter().find(|(row, _)| *row == id) {
            Some((_, reason)) => source.expect((id, reason), ours == theirs, false),
            None => source.expect(id, ours, theirs),
        }
    }
    source.finish(41);
}

/// The claims that the token of an identity has. Where the identity says nothing of it, the address
/// is verified, since the recipe never asks.
fn claims(identity: &Value) -> Value {
    let mut claims = Map::new();
    for (name, value) in identity.as_object().unwrap() {
        let name = match name.as_str() {
            "issuer" => "iss",
            "subject" => "sub",
            "pictureUrl" => "picture",
            "emailVerified" => "email_verified",
            other => other,
        };
        claims.insert(name.to_owned(), value.clone());
    }
    claims.entry("email_verified").or_insert(json!(true));
    Value::Object(claims)
}

/// The recipe's four functions, by ours.
fn answers(caller: Option<Identity>) -> Value {
    let logged_in_user = caller.as_ref().map(|caller| {
        let fields = [
            ("email", caller.email()),
            ("name", caller.name()),
            ("pictureUrl", caller.picture_url()),
        ];
        let present = fields.into_iter().filter_map(|(name, text)| Some((name, text?)));
        present.collect::<std::collections::BTreeMap<_, _>>()
    });
    let is_admin = caller.as_ref().is_some_and(Identity::is_admin);
    let proof = MaybeIdentity(caller.clone()).admin().is_some();
    json!({
        "loggedInUser": { "ok": logged_in_user },
        "isAdmin": { "ok": is_admin },
        "requireAdmin": proof,
        "getAdmin": proof,
    })
}
