//! HDR: the JOSE header.

use aws_lc_rs::hmac;
use aws_lc_rs::signature::{RSA_PKCS1_SHA384, RSA_PKCS1_SHA512, RSA_PSS_SHA256};
use serde_json::json;
use tokio::net::TcpListener;

use super::fixture::{Fixture, HEADER, accepted, claims, unauthorized};
use super::suite::Suite;
use crate::key_server::Behaviour;
use crate::signer::{Signer, encode, signing_input};

#[tokio::test]
async fn headers() {
    let fixture = Fixture::start().await;
    let mut suite = Suite::new();
    let good = claims(json!({}));
    let k1 = &fixture.k1;

    let control = fixture.me(&k1.token(HEADER, &good)).await.outcome();
    suite.expect("HDR-00", "the fixture's own token", control, accepted());

    // `none`, and every spelling of it, with and without a signature.
    for (id, name) in
        [("HDR-01", "none"), ("HDR-02", "None"), ("HDR-02", "NONE"), ("HDR-02", "nOnE")]
    {
        let input = signing_input(format!(r#"{{"alg":"{name}","kid":"k1"}}"#), &good);
        let signed = k1.sign(&input);
        for token in [format!("{input}."), signed] {
            let came = fixture.me(&token).await.outcome();
            suite.expect(id, name, came, unauthorized("alg_not_allowed"));
        }
    }

    // A MAC keyed with the public key, in the forms that a naive verifier has it in memory.
    let spki = pem(&k1.jwk("k1"));
    for secret in [spki.as_bytes(), k1.modulus().as_slice(), k1.jwk("k1").to_string().as_bytes()] {
        let input = signing_input(r#"{"alg":"HS256","kid":"k1"}"#, &good);
        let mac = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), input.as_bytes());
        let came = fixture.me(&format!("{input}.{}", encode(mac))).await.outcome();
        suite.expect("HDR-04", "HS256", came, unauthorized("alg_not_allowed"));
    }
    for (id, name, padding) in [
        ("HDR-06", "PS256", &RSA_PSS_SHA256 as &'static dyn aws_lc_rs::signature::RsaEncoding),
        ("HDR-07", "RS384", &RSA_PKCS1_SHA384),
        ("HDR-07", "RS512", &RSA_PKCS1_SHA512),
    ] {
        let input = signing_input(format!(r#"{{"alg":"{name}","kid":"k1"}}"#), &good);
        let came = fixture.me(&k1.sign_with(padding, &input)).await.outcome();
        suite.expect(id, name, came, unauthorized("alg_not_allowed"));
    }

    // Headers under a correct RS256 signature.
    let kid_10k = format!(r#"{{"alg":"RS256","kid":"{}"}}"#, "k".repeat(10_000));
    let cases: Vec<(&str, Vec<u8>, &str)> = [
        ("HDR-08", r#"{"alg":"rs256","kid":"k1"}"#, "alg_not_allowed"),
        ("HDR-09", r#"{"kid":"k1"}"#, "token_malformed"),
        ("HDR-09", r#"{"alg":256,"kid":"k1"}"#, "token_malformed"),
        ("HDR-09", r#"{"alg":null,"kid":"k1"}"#, "token_malformed"),
        ("HDR-09", r#"{"alg":["RS256"],"kid":"k1"}"#, "token_malformed"),
        ("HDR-10", r#"{"alg":"none","alg":"RS256","kid":"k1"}"#, "token_malformed"),
        ("HDR-10", r#"{"alg":"RS256","\u0061lg":"RS256","kid":"k1"}"#, "token_malformed"),
        ("HDR-12", r#"{"alg":"RS256","kid":"k1","x":1,"x":2}"#, "token_malformed"),
        ("HDR-12", r#"{"alg":"RS256","kid":"k1","x":{"y":1,"y":2}}"#, "token_malformed"),
        ("HDR-13", r#"{"alg":"RS256","kid":"k1","crit":["exp"]}"#, "crit_unsupported"),
        ("HDR-13", r#"{"alg":"RS256","kid":"k1","crit":["x"],"x":true}"#, "crit_unsupported"),
        ("HDR-15", r#"{"alg":"RS256","kid":"k1","crit":[]}"#, "crit_unsupported"),
        ("HDR-15", r#"{"alg":"RS256","kid":"k1","crit":"exp"}"#, "crit_unsupported"),
        ("HDR-15", r#"{"alg":"RS256","kid":"k1","crit":["exp","exp"]}"#, "crit_unsupported"),
        ("HDR-16", r#"{"alg":"RS256","kid":"k1","b64":false}"#, "crit_unsupported"),
        ("HDR-16", r#"{"alg":"RS256","kid":"k1","b64":true}"#, "crit_unsupported"),
        ("HDR-20", r#"{"alg":"RS256","kid":"../../../../dev/null"}"#, "key_not_found"),
        ("HDR-20", r#"{"alg":"RS256","kid":"' OR '1'='1"}"#, "key_not_found"),
        ("HDR-20", r#"{"alg":"RS256","kid":"k1\u0000"}"#, "key_not_found"),
        ("HDR-20", kid_10k.as_str(), "key_not_found"),
        ("HDR-21", r#"{"alg":"RS256","kid":1}"#, "token_malformed"),
        ("HDR-21", r#"{"alg":"RS256","kid":null}"#, "token_malformed"),
        ("HDR-21", r#"{"alg":"RS256","kid":{}}"#, "token_malformed"),
        ("HDR-21", r#"{"alg":"RS256","kid":["k1"]}"#, "token_malformed"),
        ("HDR-22", r#"{"alg":"RS256","kid":"k1\r\nSet-Cookie: a=b"}"#, "key_not_found"),
        ("HDR-22", r#"{"alg":"RS256","kid":"k1%0d%0aSet-Cookie: a=b"}"#, "key_not_found"),
        ("HDR-24", r#"{"alg":"RS256","kid":"k1","typ":"logout+jwt"}"#, "typ_mismatch"),
        ("HDR-24", r#"{"alg":"RS256","kid":"k1","typ":"secevent+jwt"}"#, "typ_mismatch"),
        ("HDR-24", r#"{"alg":"RS256","kid":"k1","typ":"id_token+jwt"}"#, "typ_mismatch"),
        ("HDR-24", r#"{"alg":"RS256","kid":"k1","typ":"dpop+jwt"}"#, "typ_mismatch"),
        ("HDR-27", r#"{"alg":"RS256","kid":"k1","cty":"JWT"}"#, "token_malformed"),
        ("HDR-27", r#"{"alg":"RS256","kid":"k1","cty":"application/jwt"}"#, "token_malformed"),
        ("HDR-28", r#"{"alg":"RS256","kid":"k1","enc":"A256GCM"}"#, "token_malformed"),
        ("HDR-28", r#"{"alg":"RS256","kid":"k1","zip":"DEF"}"#, "token_malformed"),
        ("HDR-29", "\u{feff}{\"alg\":\"RS256\",\"kid\":\"k1\"}", "token_malformed"),
        ("HDR-29", r#"{"alg":"RS256","kid":"\ud800"}"#, "token_malformed"),
        ("HDR-30", "[]", "token_malformed"),
        ("HDR-30", "\"x\"", "token_malformed"),
        ("HDR-30", "null", "token_malformed"),
        ("HDR-30", "{}", "token_malformed"),
        ("HDR-30", r#"{"alg":"RS256","kid":"k1"}trailing"#, "token_malformed"),
    ]
    .map(|(id, header, code)| (id, header.as_bytes().to_vec(), code))
    .into();
    let utf_16 = HEADER.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let not_utf_8 = b"{\"alg\":\"RS256\",\"kid\":\"k1\",\"x\":\"\xff\"}".to_vec();
    let more = [("HDR-29", utf_16, "token_malformed"), ("HDR-29", not_utf_8, "token_malformed")];
    for (id, header, code) in cases.into_iter().chain(more) {
        let answer = fixture.me(&k1.token(&header, &good)).await;
        let case = String::from_utf8_lossy(&header).into_owned();
        suite.expect(id, &case, answer.outcome(), unauthorized(code));
        let echoed = ["dev/null", "' OR", "Set-Cookie", "kkkk"]
            .into_iter()
            .find(|text| answer.head.contains(text) || answer.body.contains(text));
        suite.expect(id, ("nothing of the header comes back", &case), echoed, None);
    }

    // A payload that is a token itself.
    let nested = k1.token(HEADER, k1.token(HEADER, &good));
    suite.expect(
        "HDR-27",
        "nested",
        fixture.me(&nested).await.outcome(),
        unauthorized("token_malformed"),
    );

    // `b64: false`: the payload signed as it is, and signed encoded.
    let unencoded = r#"{"alg":"RS256","kid":"k1","crit":["b64"],"b64":false}"#;
    let signed_raw = k1.sign(&format!("{}.{good}", encode(unencoded)));
    let (_, signature) = signed_raw.rsplit_once('.').unwrap();
    for token in
        [format!("{}.{signature}", signing_input(unencoded, &good)), k1.token(unencoded, &good)]
    {
        let came = fixture.me(&token).await.outcome();
        suite.expect("HDR-14", "b64", came, unauthorized("crit_unsupported"));
    }

    let profile = claims(json!({
        "iss": "https://rfc9068.test", "aud": "client_01TEST", "client_id": "c", "jti": "j",
    }));
    for (id, typ, expected) in [
        ("HDR-25", r#","typ":"at+jwt""#, accepted()),
        ("HDR-25", r#","typ":"AT+JWT""#, accepted()),
        ("HDR-25", r#","typ":"application/at+jwt""#, accepted()),
        ("HDR-26", r#","typ":"JWT""#, unauthorized("typ_mismatch")),
        ("HDR-26", "", unauthorized("typ_mismatch")),
    ] {
        let header = format!(r#"{{"alg":"RS256","kid":"k1"{typ}}}"#);
        let came = fixture.me(&k1.token(header, &profile)).await.outcome();
        suite.expect(id, typ, came, expected);
    }

    suite.expect("HDR-01", "no fetch but the first", fixture.key_server.requests(), 1);
    suite.finish();
}

/// Keys that come in the token itself.
#[tokio::test]
async fn keys_in_headers() {
    let fixture = Fixture::start().await;
    let mut suite = Suite::new();
    let good = claims(json!({}));
    suite.expect(
        "HDR-17",
        "control",
        fixture.me(&fixture.token(json!({}))).await.outcome(),
        accepted(),
    );

    let attacker = Signer::new();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let evil = format!("http://{}/evil", listener.local_addr().unwrap());
    let jwk = attacker.jwk("k1");
    for (id, member) in [
        ("HDR-17", format!(r#""jwk":{jwk}"#)),
        ("HDR-18", format!(r#""jku":"{evil}""#)),
        ("HDR-19", format!(r#""x5u":"{evil}""#)),
        ("HDR-19", r#""x5c":["MIIB"]"#.to_owned()),
    ] {
        for kid in ["k1", "attacker"] {
            let header = format!(r#"{{"alg":"RS256","kid":"{kid}",{member}}}"#);
            let came = fixture.me(&attacker.token(header, &good)).await.outcome();
            let code = if kid == "k1" { "signature_invalid" } else { "key_not_found" };
            suite.expect(id, (kid, &member), came, unauthorized(code));
        }
    }
    let connected =
        tokio::time::timeout(std::time::Duration::ZERO, listener.accept()).await.is_ok();
    suite.expect("HDR-18", "a connection to the attacker", connected, false);
    suite.finish();
}

/// Keys are never tried in turn.
#[tokio::test]
async fn no_key_id() {
    let fixture = Fixture::start().await;
    let mut suite = Suite::new();
    let without = fixture.k1.token(r#"{"alg":"RS256"}"#, claims(json!({})));
    suite.expect("HDR-23", "one key", fixture.me(&without).await.outcome(), accepted());

    let keys = [fixture.k1.jwk("k1"), Signer::new().jwk("k2")];
    fixture.key_server.behave(Behaviour::key_set(&keys));
    fixture.clock.advance(24 * 3600);
    let later = json!({ "exp": crate::clock::NOW + 25 * 3600 });
    let without = fixture.k1.token(r#"{"alg":"RS256"}"#, claims(later));
    let came = fixture.me(&without).await.outcome();
    suite.expect("HDR-23", "two keys", came, unauthorized("key_ambiguous"));
    suite.finish();
}

fn pem(jwk: &serde_json::Value) -> String {
    use aws_lc_rs::encoding::AsDer;
    use aws_lc_rs::signature::RsaPublicKeyComponents;
    use base64::Engine;
    use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

    let modulus = URL_SAFE_NO_PAD.decode(jwk["n"].as_str().unwrap()).unwrap();
    let key = RsaPublicKeyComponents { n: modulus, e: vec![1, 0, 1] };
    let der = key.as_der().unwrap();
    format!(
        "-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n",
        STANDARD.encode(der.as_ref())
    )
}
