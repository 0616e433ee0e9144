//! What it means to be in an organization, and how a session goes over to another.

use serde_json::{Value, json};

use crate::client::{authenticate, claims, code, code_grant, refresh_grant, seeded, sign_in};

const TWO_ORGANIZATIONS: &str = r#"
    roles.owner = ["billing:read", "posts:write"]
    roles.editor = ["posts:write", "posts:read"]
    organizations = [
        { id = "org_01A", name = "A", entitlements = ["audit-logs"], feature_flags = ["beta"] },
        { id = "org_01B", name = "B" },
        { id = "org_01C", name = "C" },
    ]
    [[users]]
    email = "one@acme.test"
    memberships = [{ organization = "org_01A", roles = ["editor", "owner"] }]
    [[users]]
    email = "two@acme.test"
    memberships = [{ organization = "org_01A" }, { organization = "org_01B", roles = ["editor"] }]
    [[users]]
    email = "none@acme.test"
"#;

#[tokio::test]
async fn an_organization_brings_roles_and_permissions() {
    let workos = seeded(TWO_ORGANIZATIONS).await;
    let session = sign_in(&workos, "one@acme.test").await;
    assert_eq!(session["organization_id"], "org_01A");
    let token = claims(&session["access_token"]);
    assert_eq!(token["org_id"], "org_01A");
    assert_eq!(token["role"], "editor");
    assert_eq!(token["roles"], json!(["editor", "owner"]));
    assert_eq!(token["permissions"], json!(["billing:read", "posts:read", "posts:write"]));
    assert_eq!(token["entitlements"], json!(["audit-logs"]));
    assert_eq!(token["feature_flags"], json!(["beta"]));

    let session = sign_in(&workos, "none@acme.test").await;
    let token = claims(&session["access_token"]);
    for name in ["org_id", "role", "roles", "permissions", "entitlements", "feature_flags"] {
        assert_eq!(token.get(name), None, "{name}");
    }
}

#[tokio::test]
async fn a_refresh_goes_over_to_an_organization_and_stays() {
    let workos = seeded(TWO_ORGANIZATIONS).await;
    let in_a = [("organization_id", Some("org_01A"))];
    let code = code(&workos, "two@acme.test", &in_a).await;
    let mut session = authenticate(&workos, code_grant(&workos, &code)).await.json();
    assert_eq!(claims(&session["access_token"])["org_id"], "org_01A");

    for wanted in [json!("org_01B"), Value::Null] {
        let mut grant = refresh_grant(&workos, &session["refresh_token"]);
        grant["organization_id"] = wanted.clone();
        session = authenticate(&workos, grant).await.json();
        let token = claims(&session["access_token"]);
        assert_eq!((&token["org_id"], &token["role"]), (&json!("org_01B"), &json!("editor")));
    }
    let mut grant = refresh_grant(&workos, &session["refresh_token"]);
    grant["organization_id"] = json!("org_01C");
    assert_eq!(authenticate(&workos, grant).await.refusal(), (400, "invalid_request".to_owned()));
}
