//! Seed files and configurations that cannot be meant.

use auth_dev::{AuthDev, Config, Error, WebhookEndpoint};

#[tokio::test]
async fn what_cannot_be_meant_is_told_with_a_mend() {
    let cases = [
        ("client_id = \"undefined\"", "is no client id: write `client_`"),
        ("client_id = \"client_../x\"", "is no client id"),
        ("api_key = \"sk_live_SECRET\"", "does not begin with `sk_test_`"),
        (
            "redirect_uris = [\"javascript:alert(1)\"]",
            "redirect_uris: \"javascript:alert(1)\" is no",
        ),
        ("redirect_uris = [\"http://localhost/#x\"]", "without user and fragment"),
        ("redirect_uris = [\"http://a:SECRET@localhost/\"]", "redirect_uris: \"(not shown"),
        ("sign_out_uris = [\"/\"]", "sign_out_uris: \"/\" is no http or https URL"),
        ("cors_origins = [\"http://localhost:5173/\"]", "no slash at the end"),
        ("url = \"http://localhost:4100/x\"", "url: \"http://localhost:4100/x\" is no origin"),
        ("webhook = { url = \"x\", secret = \"SECRET\" }", "webhook.url: \"x\""),
        ("issuers = { sso = \"x\", user_management = \"x\" }", "two issuers have two names"),
        ("issuers.sso = \"\"", "two issuers have two names"),
        (
            "organizations = [{ id = \"o\", name = \"A\" }, { id = \"o\", name = \"B\" }]",
            "two organizations are called \"o\"",
        ),
        ("jwt_template = '{\"sub\": \"x\"}'", "jwt_template: it sets `sub`"),
        ("jwt_template = '{\"a\": {{usr.email}}}'", "jwt_template: nothing is called `usr`"),
        ("token_lifetime = \"999ms\"", "999ms is not between 1 second and 1 year"),
        ("token_lifetime = \"366days\"", "token_lifetime: 1year 18h"),
        ("users = [{ email = \"a@\" }]", "users: \"a@\" is no e-mail address"),
        ("users = [{ email = \"a@b\" }, { email = \"A@b\", id = \"x\" }]", "two users are called"),
        ("users = [{ email = \"a@b\" }, { email = \"a@c\" }]", "give one of them another `id`"),
        (
            "users = [{ email = \"a@b\", memberships = [{ organization = \"org_x\" }] }]",
            "a@b is a member of \"org_x\", which is not among `organizations`",
        ),
    ];
    for (toml, expected) in cases {
        let Err(error) = AuthDev::start(Config::from_toml(toml).unwrap()).await else {
            panic!("{toml} starts");
        };
        assert!(matches!(error, Error::Config(_)));
        let said = error.to_string();
        assert!(said.contains(expected), "{toml}: {said}");
        assert!(!format!("{said}{error:?}").contains("SECRET"), "{said}");
    }
}

#[test]
fn a_seed_file_that_says_too_much_is_refused_with_the_line() {
    let cases = [
        ("clientid = \"client_01A\"", "unknown field `clientid`"),
        ("users = [{ mail = \"a@b\" }]", "unknown field `mail`"),
        ("users = [{ first_name = \"A\" }]", "missing field `email`"),
        ("token_lifetime = 300", "invalid type: integer"),
        ("token_lifetime = \"soon\"", "write `5m`"),
        ("audience = \"some\"", "unknown variant `some`"),
        ("users = [{ email = \"a@b\", step_up = \"x\" }]", "unknown variant `x`"),
        ("= 1", "line 1, column 1: "),
        ("port = 1\nwebhook = { url = \"x\", secret = \"SECRET\", more = 1 }", "line 2, column 43"),
        ("api_key = \"SECRET", "line 1, column "),
        ("webhook = \"whsec_SECRET0123\"", "line 1, column 11: invalid type"),
    ];
    for (toml, expected) in cases {
        let said = Config::from_toml(toml).unwrap_err().to_string();
        assert!(said.contains(expected), "{toml}: {said}");
        assert!(!said.contains("SECRET"), "{toml}: {said}");
    }
}

#[test]
fn secrets_are_not_shown() {
    let webhook = WebhookEndpoint {
        url: "http://localhost:3000/webhooks".to_owned(),
        secret: "whsec_SECRET".to_owned(),
    };
    let config = Config {
        api_key: "sk_test_SECRET".to_owned(),
        webhook: Some(webhook),
        ..Config::default()
    };
    assert!(!format!("{config:?}").contains("SECRET"));
}
