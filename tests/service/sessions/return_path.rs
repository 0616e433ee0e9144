//! Return paths that are written to lead elsewhere.

use auth_core::session::return_path;

#[test]
fn nobody_is_led_to_another_site() {
    let long = format!("/{}", "a".repeat(8 * 1024));
    for wanted in [
        "//evil.com",
        "/\\evil.com",
        "\\/evil.com",
        "\\\\evil.com",
        "https://evil.com",
        "http:evil.com",
        "javascript:alert(1)",
        "data:text/html,x",
        "//evil.com@app.test",
        "/\t/evil.com",
        "/\n/evil.com",
        "/\r\n/evil.com",
        "/\0/evil.com",
        "%2f%2fevil.com",
        "/%2f/evil.com",
        "/%5cevil.com",
        "%252f%252fevil.com",
        "/%252f%252fevil.com",
        "\u{ff0f}\u{ff0f}evil.com",
        "/\u{2028}/evil.com",
        &long,
        "",
        "?next=//evil.com",
        "#//evil.com",
    ] {
        assert_eq!(return_path(wanted), "/", "{wanted:?}");
    }
    // On the service, whatever it looks like.
    let base = url::Url::parse("https://app.test/dashboard").unwrap();
    for wanted in ["/\u{ff0f}evil.com", "/evil\u{3002}com", "/http://evil.com"] {
        let target = base.join(return_path(wanted)).unwrap();
        assert_eq!(target.origin(), base.origin(), "{wanted:?}");
    }
}
