//! The page that asks who it is, used as a browser without scripts uses it.

use auth_dev::{AuthDev, Config};
use serde_json::{Value, json};

use crate::client::{
    Answer, CALLBACK, Pairs, authenticate, authorize_url, claims, code_grant, http, seeded, start,
};

/// Sends a form of the page; what a browser says of its origin is as given.
async fn submit(url: &url::Url, fields: Pairs<'_>, site: Option<&str>) -> Answer {
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.extend_pairs(fields);
    let mut request = http()
        .post(url.clone())
        .header("content-type", "application/x-www-form-urlencoded")
        .body(form.finish());
    if let Some(site) = site {
        request = request.header("sec-fetch-site", site);
    }
    Answer::to(request).await
}

/// The session of a sign-in by the page.
async fn session_of(workos: &AuthDev, answer: Answer) -> Value {
    let (_, query) = answer.location();
    let grant = code_grant(workos, query["code"].as_str().unwrap());
    authenticate(workos, grant).await.json()
}

#[tokio::test]
async fn it_offers_everybody_and_posts_to_where_it_is() {
    let workos = seeded("users = [{ email = \"ada@acme.test\", first_name = \"<Ada>\" }]").await;
    let url =
        authorize_url(&workos, &[("state", Some("\"><script>")), ("login_hint", Some("x\"y@z"))]);
    let page = Answer::to(http().get(url.clone())).await;
    assert_eq!(page.status, 200);
    assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
    assert!(page.header("content-security-policy").unwrap().contains("default-src 'none'"));
    assert!(!page.body.contains("<script"), "{}", page.body);
    assert!(!page.body.contains("<Ada>") && page.body.contains("&lt;Ada&gt;"), "{}", page.body);
    assert!(page.body.contains("value=\"ada@acme.test\""));
    assert!(page.body.contains("value=\"x&quot;y@z\""), "{}", page.body);

    let path = &url[url::Position::BeforePath..];
    let action = path.replace('&', "&amp;").replace('/', "&#x2f;");
    assert!(page.body.contains(&format!("action=\"{action}\"")), "{action} in {}", page.body);
    let style = Answer::to(http().get(format!("{}/_dev/style.css", workos.url()))).await;
    assert_eq!((style.status, style.header("content-type")), (200, Some("text/css")));
}

#[tokio::test]
async fn a_choice_signs_in() {
    let workos = start(Config::default()).await;
    let url = authorize_url(&workos, &[]);
    let answer = submit(&url, &[("email", "member@example.org")], Some("same-origin")).await;
    let (target, query) = answer.location();
    assert_eq!((target.as_str(), &query["state"]), (CALLBACK, &json!("the state")));
    let session = session_of(&workos, answer).await;
    assert_eq!(session["user"]["email"], "member@example.org");
}

#[tokio::test]
async fn an_address_that_nobody_has_signs_up() {
    let workos = start(Config::default()).await;
    let mut ids = Vec::new();
    for email in [" new@acme.test ", "new@other.test", "NEW@acme.test"] {
        let answer = submit(&authorize_url(&workos, &[]), &[("email", email)], None).await;
        let session = session_of(&workos, answer).await;
        assert_eq!(session["user"]["email_verified"], true);
        ids.push(session["user"]["id"].clone());
    }
    assert_eq!(ids[0], ids[2]);
    assert_ne!(ids[0], ids[1]);

    for wrong in ["", "nobody", "@acme.test", "new@"] {
        let answer = submit(&authorize_url(&workos, &[]), &[("email", wrong)], None).await;
        assert_eq!(answer.status, 200);
        assert!(answer.body.contains("is no e-mail address"), "{wrong}");
    }
}

#[tokio::test]
async fn nobody_signs_up_with_the_id_of_somebody_else() {
    let workos = seeded(
        r#"
        users = [
            { email = "ada@a.test" },
            { email = "x@a.test", id = "user_01DEVADA2" },
            { email = "y@a.test", id = "user_01DEVADAM" },
        ]
        "#,
    )
    .await;
    let sign_up = async |email| {
        let answer = submit(&authorize_url(&workos, &[]), &[("email", email)], None).await;
        let session = session_of(&workos, answer).await;
        session["user"]["id"].as_str().unwrap().to_owned()
    };
    assert_eq!(sign_up("ada@b.test").await, "user_01DEVADA1");
    assert_eq!(sign_up("ada@c.test").await, "user_01DEVADA3");
    assert!(workos.delete_user("user_01DEVADA1"));
    assert_eq!(sign_up("ada@d.test").await, "user_01DEVADA4", "an id is nobody else's ever after");
}

#[tokio::test]
async fn what_no_page_sends_gets_the_error_page() {
    let workos = start(Config::default()).await;
    let log_out = format!("{}/user_management/sessions/logout", workos.url());
    let twice = http().get(format!("{log_out}?session_id=a&session_id=b"));
    let without = http().post(authorize_url(&workos, &[])).body("email=a@b");
    for request in [twice, without] {
        let answer = Answer::to(request).await;
        assert_eq!(answer.status, 400);
        assert!(answer.body.contains("This does not work"), "{}", answer.body);
    }
    let nobody = submit(&authorize_url(&workos, &[]), &[("name", "x")], None).await;
    assert_eq!(nobody.status, 400);
}

#[tokio::test]
async fn a_form_of_another_site_signs_nobody_in() {
    let workos = start(Config::default()).await;
    let url = authorize_url(&workos, &[]);
    for site in ["cross-site", "same-site"] {
        let answer = submit(&url, &[("email", "admin@example.com")], Some(site)).await;
        assert_eq!(answer.status, 400, "{site}");
    }
}

#[tokio::test]
async fn somebody_else_can_act_as_the_user() {
    let workos = start(Config::default()).await;
    let fields = [
        ("email", "member@example.org"),
        ("impersonator", "support@example.com"),
        ("reason", "a ticket"),
    ];
    let answer = submit(&authorize_url(&workos, &[]), &fields, None).await;
    let session = session_of(&workos, answer).await;
    assert_eq!(session["authentication_method"], "Impersonation");
    assert_eq!(
        session["impersonator"],
        json!({ "email": "support@example.com", "reason": "a ticket" })
    );
    let token = claims(&session["access_token"]);
    assert_eq!(token["act"], json!({ "sub": "support@example.com" }));
    assert_eq!(token["email"], "member@example.org");
}

#[tokio::test]
async fn with_several_organizations_one_is_chosen() {
    let workos = seeded(
        r#"
        organizations = [{ id = "org_01A", name = "Acme & Co" }, { id = "org_01B", name = "B" }]
        [[users]]
        email = "ada@acme.test"
        memberships = [{ organization = "org_01A" }, { organization = "org_01B" }]
        "#,
    )
    .await;
    let url = authorize_url(&workos, &[]);
    let page = submit(&url, &[("email", "ada@acme.test")], None).await;
    assert_eq!(page.status, 200);
    assert!(
        page.body.contains("Acme &amp; Co") && page.body.contains("value=\"org_01B\""),
        "{}",
        page.body
    );

    let fields = [("email", "ada@acme.test"), ("organization_id", "org_01B")];
    let session = session_of(&workos, submit(&url, &fields, None).await).await;
    assert_eq!(session["organization_id"], "org_01B");

    let elsewhere = [("email", "ada@acme.test"), ("organization_id", "org_01C")];
    let answer = submit(&url, &elsewhere, None).await;
    assert!(answer.body.contains("is no member of org_01C"), "{}", answer.body);
}

#[tokio::test]
async fn the_front_page_says_what_this_is() {
    let workos = start(Config::default()).await;
    let page = Answer::to(http().get(workos.url())).await;
    for text in ["no identity provider", "client_01DEV", "admin@example.com"] {
        assert!(page.body.contains(text), "{text}");
    }
    assert!(!page.body.contains(workos.api_key()));
}

#[tokio::test]
async fn the_front_page_signs_in_and_out_without_an_application() {
    let workos = start(Config::default()).await;
    let front = Answer::to(http().get(workos.url())).await;
    let link = front.body.split("href=\"").find(|rest| rest.starts_with("/user_management"));
    let link = link.unwrap().split('"').next().unwrap().replace("&amp;", "&");
    let url: url::Url = format!("{}{link}", workos.url()).parse().unwrap();
    let chosen = submit(&url, &[("email", "admin@example.com")], Some("same-origin")).await;
    let callback = chosen.header("location").unwrap().to_owned();
    let page = Answer::to(http().get(&callback)).await;
    assert_eq!(page.status, 200);
    assert!(
        page.body.contains("user_01DEVADMIN") && page.body.contains("auth_time"),
        "{}",
        page.body
    );
    assert_eq!(Answer::to(http().get(&callback)).await.status, 400, "a code is good once");

    let sign_out = page.body.split("href=\"").find(|rest| rest.contains("session_id")).unwrap();
    let sign_out = sign_out.split('"').next().unwrap().replace("&amp;", "&").replace("&#x2f;", "/");
    let answer = Answer::to(http().get(format!("{}{sign_out}", workos.url()))).await;
    assert_eq!(answer.header("location"), Some(format!("{}/", workos.url()).as_str()));
}
