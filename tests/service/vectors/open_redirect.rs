//! Return paths that lead to other sites.

use auth_core::session::return_path;
use percent_encoding::percent_decode_str;
use serde_json::Value;
use url::Url;

use super::{Source, array, json, text};

/// Whether somebody who signs in with this return path stays on the service, for a browser and for one
/// behind a proxy that decodes.
fn stays(wanted: &str) -> bool {
    let base = Url::parse("https://app.test/dashboard").unwrap();
    let mut emitted = return_path(wanted).to_owned();
    for _ in 0..3 {
        let target = base.join(&emitted);
        if target.is_ok_and(|target| target.origin() != base.origin()) {
            return false;
        }
        emitted = percent_decode_str(&emitted).decode_utf8_lossy().into_owned();
    }
    true
}

fn is_refused(wanted: &str) -> bool {
    return_path(wanted) == "/"
}

#[test]
#[ignore = "needs AUTH_VECTORS"]
fn open_redirect() {
    let mut source = Source::new("open-redirect");
    let derived = json("open-redirect/derived-whatwg.json");
    for row in array(&derived) {
        let raw = row["raw"].as_str().unwrap();
        let must_refuse = row["must_refuse"] == Value::Bool(true);
        source.expect(raw, (stays(raw), is_refused(raw) || !must_refuse), (true, true));
    }
    assert_eq!(source.cases, 680);

    // That list says so of each line after one decoding.
    for line in text("open-redirect/oauth2-proxy-openredirects.txt").lines() {
        let decoded = percent_decode_str(line).decode_utf8_lossy();
        source.expect(line, (stays(line), stays(&decoded)), (true, true));
    }
    for list in [
        "PATT-Open-Redirect-payloads.txt",
        "PATT-openredirects.txt",
        "payloadbox-open-redirect.txt",
    ] {
        for line in text(&format!("open-redirect/{list}")).lines() {
            source.expect(line, stays(line), true);
        }
    }
    let django = json("open-redirect/django-url_has_allowed_host_and_scheme.json");
    for bad in array(&django["bad"]) {
        let bad = bad.as_str().unwrap();
        source.expect(bad, (stays(bad), is_refused(bad)), (true, true));
    }
    for good in array(&django["good_local_paths"]) {
        let good = good.as_str().unwrap();
        source.expect(good, stays(good), true);
    }
    for row in array(&json("open-redirect/oauth2-proxy-validator-table.json")) {
        let input = row["input"].as_str().unwrap();
        source.expect(input, stays(input), true);
    }
    source.finish(2539);
}
