//! DOS: inputs that cost more to refuse than to send. Bounds are asserted, times are not: they are
//! the benchmarks' matter.

use serde_json::json;

use super::fixture::{Fixture, HEADER, accepted, claims_with, forbidden, unauthorized};
use super::suite::Suite;
use crate::signer::encode;

#[tokio::test]
async fn expensive_inputs() {
    let fixture = Fixture::start().await;
    let mut suite = Suite::new();

    // hyper refuses a head of this size before any handler; ours refuses what hyper lets in.
    let good = fixture.token(json!({}));
    for (len, statuses) in [
        (17 * 1024, &[401][..]),
        (100 * 1024, &[401, 431]),
        (1024 * 1024, &[431]),
        (8 * 1024 * 1024, &[431]),
    ] {
        let answer = fixture.me(&format!("{good}{}", "A".repeat(len))).await;
        let refused = statuses.contains(&answer.status) || (len > 500_000 && answer.status == 0);
        suite.expect("DOS-01", (len, answer.status), refused, true);
        if answer.status == 401 {
            suite.expect("DOS-01", len, answer.outcome(), unauthorized("token_too_large"));
        }
    }
    let dots = fixture.me(&".".repeat(1_000_000)).await.status;
    suite.expect("DOS-02", dots, matches!(dots, 0 | 401 | 431), true);
    let dots = fixture.me(&".".repeat(16 * 1024)).await.outcome();
    suite.expect("DOS-02", "16 KiB of dots", dots, unauthorized("token_malformed"));

    for depth in [33, 1_000, 5_000] {
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            let text = format!("\"deep\":{}1{}", open.repeat(depth), close.repeat(depth));
            let token = fixture.k1.token(HEADER, claims_with(&text));
            let came = fixture.me(&token).await.outcome();
            let code = if token.len() > 16 * 1024 { "token_too_large" } else { "token_malformed" };
            suite.expect("DOS-03", (depth, open), came, unauthorized(code));

            let header = format!("{{\"alg\":\"RS256\",\"kid\":\"k1\",{text}}}");
            let token = fixture.k1.token(header, "{}");
            let came = fixture.me(&token).await.outcome();
            let code = if token.len() > 16 * 1024 { "token_too_large" } else { "token_malformed" };
            suite.expect("DOS-03", (depth, open), came, unauthorized(code));
        }
    }

    // As many members as fit, all different, and one of them twice.
    let members: Vec<String> = (0..1_200).map(|n| format!("\"{n:x}\":0")).collect();
    let many = members.join(",");
    let came = fixture.me(&fixture.k1.token(HEADER, claims_with(&many))).await.outcome();
    suite.expect("DOS-04", "1,200 members", came, accepted());
    let twice = format!("{many},\"0\":0");
    let came = fixture.me(&fixture.k1.token(HEADER, claims_with(&twice))).await.outcome();
    suite.expect("DOS-04", "one of them twice", came, unauthorized("token_malformed"));

    for header in [
        r#"{"alg":"dir","enc":"A128CBC-HS256","zip":"DEF"}"#,
        r#"{"alg":"PBES2-HS256+A128KW","enc":"A128CBC-HS256","p2c":2147483647,"p2s":"c2FsdA"}"#,
    ] {
        let jwe = format!(
            "{}..{}.{}.{}",
            encode(header),
            encode([0; 16]),
            encode([0; 64]),
            encode([0; 16])
        );
        let came = fixture.me(&jwe).await.outcome();
        suite.expect("DOS-05", header, came, unauthorized("token_malformed"));
    }

    let address = format!("{}!", "a".repeat(11_000));
    for (name, value) in [("email", json!(address)), ("aud", json!([address, "client_01TEST"]))] {
        let token = fixture.token(json!({ name: value }));
        let came = fixture.get("/admin", &token).await.outcome();
        let code = if token.len() > 16 * 1024 { "token_too_large" } else { "admin_required" };
        let expected = match (name, code) {
            ("aud", "admin_required") => accepted(),
            (_, "admin_required") => forbidden(code),
            _ => unauthorized(code),
        };
        suite.expect("DOS-08", (name, token.len()), came, expected);
    }
    suite.expect("DOS-01", "no fetch but the first", fixture.key_server.requests(), 1);
    suite.finish();
}
