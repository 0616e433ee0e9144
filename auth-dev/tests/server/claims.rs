//! What stands in access tokens, and what decides it.

use std::time::{Duration, SystemTime};

use auth_dev::{AudienceOf, Config, Issuer, IssuerNames, TokenOptions};
use serde_json::{Value, json};

use crate::client::{claims, seeded, start};

fn of(workos: &auth_dev::AuthDev, user: &str, options: &TokenOptions) -> Value {
    claims(&json!(workos.token(user, options).unwrap()))
}

#[tokio::test]
async fn issuers_have_the_configured_names() {
    let cases = [
        ("{url}/", "{url}/user_management/{client_id}"),
        ("{url}", "{url}/user_management/{client_id}/"),
        ("https://api.workos.com/", "https://api.workos.com/user_management/{client_id}"),
        ("{url}/sso/{client_id}", "https://auth.acme.test"),
    ];
    for (sso, user_management) in cases {
        let issuers =
            IssuerNames { sso: sso.to_owned(), user_management: user_management.to_owned() };
        let workos = start(Config { issuers, ..Config::default() }).await;
        for (issuer, pattern) in [(Issuer::Sso, sso), (Issuer::UserManagement, user_management)] {
            let name =
                pattern.replace("{url}", workos.url()).replace("{client_id}", "client_01DEV");
            let token = of(&workos, "admin", &TokenOptions { issuer, ..TokenOptions::default() });
            assert_eq!(token["iss"], name);
        }
    }
}

#[tokio::test]
async fn audience_and_client_are_there_as_configured() {
    let client = json!("client_01DEV");
    let cases = [
        (AudienceOf::Sso, true, [client.clone(), Value::Null], client.clone()),
        (AudienceOf::All, false, [client.clone(), client.clone()], Value::Null),
        (AudienceOf::None, true, [Value::Null, Value::Null], client.clone()),
    ];
    for (audience, client_id_claim, audiences, client_id) in cases {
        let workos = start(Config { audience, client_id_claim, ..Config::default() }).await;
        for (issuer, expected) in [Issuer::Sso, Issuer::UserManagement].into_iter().zip(audiences) {
            let token = of(&workos, "admin", &TokenOptions { issuer, ..TokenOptions::default() });
            assert_eq!(
                (&token["aud"], &token["client_id"]),
                (&expected, &client_id),
                "{audience:?}"
            );
        }
    }
}

#[tokio::test]
async fn a_token_lives_as_configured_by_the_clock_of_the_server() {
    let token_lifetime = Duration::from_secs(30);
    let workos = start(Config { token_lifetime, ..Config::default() }).await;
    let time = SystemTime::UNIX_EPOCH + Duration::from_secs(2_000_000_000);
    workos.set_clock(time);
    let token = of(&workos, "admin", &TokenOptions::default());
    let issued_at = token["iat"].as_u64().unwrap();
    assert!((2_000_000_000..2_000_000_060).contains(&issued_at), "{issued_at}");
    assert_eq!(token["exp"].as_u64().unwrap(), issued_at + 30);
    let expired = of(&workos, "admin", &TokenOptions { expired: true, ..TokenOptions::default() });
    assert!(expired["exp"].as_u64().unwrap() <= issued_at);
}

#[tokio::test]
async fn a_template_adds_claims_and_overrides_some() {
    let workos = seeded(
        r#"
        jwt_template = '''{
            "aud": "another", "org_id": "org_other", "role": "chief", "permissions": ["all"],
            "email": "{{user.email}}", "language": {{user.locale || 'en'}},
            "nickname": {{user.metadata.nickname}}, "tier": "{{organization.metadata.tier}}"
        }'''
        organizations = [{ id = "org_01A", name = "A", metadata = { tier = "gold" } }]
        [[users]]
        email = "ada@acme.test"
        memberships = [{ organization = "org_01A", roles = ["editor"] }]
        "#,
    )
    .await;
    let token = of(&workos, "ada", &TokenOptions::default());
    assert_eq!(token["aud"], "another");
    assert_eq!((&token["org_id"], &token["role"]), (&json!("org_other"), &json!("chief")));
    assert_eq!(token["roles"], json!(["editor"]));
    assert_eq!(token["permissions"], json!(["all"]));
    assert_eq!((&token["email"], &token["language"]), (&json!("ada@acme.test"), &json!("en")));
    assert_eq!((token.get("nickname"), &token["tier"]), (None, &json!("gold")));
    assert_eq!(token["sub"], "user_01DEVADA");
    let asked = TokenOptions { audience: Some("asked".to_owned()), ..TokenOptions::default() };
    assert_eq!(of(&workos, "ada", &asked)["aud"], "asked");
}

#[tokio::test]
async fn users_are_found_by_id_address_and_name() {
    let workos = seeded(
        r#"
        organizations = [{ id = "org_01A", name = "A" }]
        [[users]]
        email = "ada@acme.test"
        id = "user_01A"
        memberships = [{ organization = "org_01A" }]
        [[users]]
        email = "bob@acme.test"
        [[users]]
        email = "bob@other.test"
        id = "user_02B"
        "#,
    )
    .await;
    for (who, id) in [
        ("ada", "user_01A"),
        ("user_01A", "user_01A"),
        ("ADA@acme.test", "user_01A"),
        ("bob@other.test", "user_02B"),
    ] {
        assert_eq!(of(&workos, who, &TokenOptions::default())["sub"], id);
    }
    let error = workos.token("bob", &TokenOptions::default()).unwrap_err();
    assert_eq!(error.to_string(), "several are called `bob`: give the address");
    for nobody in ["carol", ""] {
        let error = workos.token(nobody, &TokenOptions::default()).unwrap_err();
        assert!(error.to_string().contains("there is no user"), "{error}");
    }
    let elsewhere = TokenOptions { organization: Some("org_01B".to_owned()), ..Default::default() };
    let error = workos.token("ada", &elsewhere).unwrap_err();
    assert_eq!(error.to_string(), "ada@acme.test is no member of org_01B");
    let impersonated =
        TokenOptions { impersonator: Some("x@acme.test".to_owned()), ..Default::default() };
    assert_eq!(of(&workos, "ada", &impersonated)["act"]["sub"], "x@acme.test");
}
