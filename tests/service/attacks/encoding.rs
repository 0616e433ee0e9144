//! SIG: the compact form and the signature.

use serde_json::json;

use super::fixture::{Fixture, HEADER, accepted, claims, unauthorized};
use super::suite::Suite;
use crate::signer::{encode, signing_input};

#[tokio::test]
async fn encodings_and_signatures() {
    let fixture = Fixture::start().await;
    let mut suite = Suite::new();
    let good = fixture.token(json!({}));
    suite.expect("SIG-00", "control", fixture.me(&good).await.outcome(), accepted());

    let (input, signature) = good.rsplit_once('.').unwrap();
    let (header, payload) = input.split_once('.').unwrap();
    let resigned = |input: &str| fixture.k1.sign(input);
    let len = fixture.k1.modulus().len();
    let modulus = fixture.k1.modulus();
    let neighbour = |step: i8| {
        let mut bytes = modulus.clone();
        let last = bytes.last_mut().unwrap();
        *last = last.wrapping_add_signed(step);
        format!("{input}.{}", encode(bytes))
    };
    let with_signature = |bytes: &[u8]| format!("{input}.{}", encode(bytes));
    let number_one: Vec<u8> = [vec![0; len - 1], vec![1]].concat();
    let flipped = {
        let mut bytes = claims(json!({})).into_bytes();
        let at = bytes.iter().position(|byte| *byte == b'a').unwrap();
        bytes[at] ^= 1;
        format!("{header}.{}.{signature}", encode(bytes))
    };

    let cases: Vec<(&str, &str, String, &str)> = vec![
        ("SIG-01", "one segment", header.to_owned(), "token_malformed"),
        ("SIG-01", "two segments", input.to_owned(), "token_malformed"),
        ("SIG-01", "a fourth, empty", format!("{good}."), "token_malformed"),
        ("SIG-01", "four segments", format!("{good}.a"), "token_malformed"),
        ("SIG-01", "five segments", format!("{good}.a.b"), "token_malformed"),
        ("SIG-01", "a leading dot", format!(".{good}"), "token_malformed"),
        ("SIG-01", "an empty header", resigned(&format!(".{payload}")), "token_malformed"),
        ("SIG-01", "an empty payload", resigned(&format!("{header}.")), "token_malformed"),
        ("SIG-02", "padded signature", format!("{good}=="), "token_malformed"),
        ("SIG-02", "padded payload", resigned(&format!("{header}.{payload}==")), "token_malformed"),
        ("SIG-03", "trailing bits", trailing_bits(&good), "token_malformed"),
        ("SIG-04", "+ and /", format!("{input}.++//{}", &signature[4..]), "token_malformed"),
        ("SIG-09", "an empty signature", format!("{input}."), "signature_invalid"),
        ("SIG-10", "zero", with_signature(&vec![0; len]), "signature_invalid"),
        ("SIG-10", "one", with_signature(&number_one), "signature_invalid"),
        ("SIG-10", "n - 1", neighbour(-1), "signature_invalid"),
        ("SIG-10", "n", neighbour(0), "signature_invalid"),
        ("SIG-10", "n + 1", neighbour(1), "signature_invalid"),
        ("SIG-10", "255 bytes", with_signature(&vec![1; len - 1]), "signature_invalid"),
        ("SIG-10", "257 bytes", with_signature(&vec![1; len + 1]), "signature_invalid"),
        ("SIG-14", "a payload bit", flipped, "signature_invalid"),
        (
            "SIG-14",
            "the header with other white space",
            format!("{}.{payload}.{signature}", encode(HEADER.replace(':', ": "))),
            "signature_invalid",
        ),
    ];
    for (id, case, token, code) in cases {
        let came = fixture.me(&token).await.outcome();
        suite.expect(id, case, came, unauthorized(code));
    }

    // Whatever is no token character is refused before it is looked at, or with it.
    let json_form = json!({ "payload": payload, "protected": header, "signature": signature });
    let general = json!({
        "payload": payload,
        "signatures": [{ "protected": header, "signature": signature }],
    });
    let polyglot = format!(r#"{{"a":"{good}","payload":"{payload}"}}"#);
    for (id, token) in [
        ("SIG-05", good.replacen('.', " .", 1)),
        ("SIG-05", good.replacen('.', "\t.", 1)),
        ("SIG-05", good.replacen('.', "%2E", 1)),
        ("SIG-05", good.replacen('.', "\u{2024}", 1)),
        ("SIG-05", format!("\"{good}\"")),
        ("SIG-06", json_form.to_string()),
        ("SIG-06", json_form.to_string().replace('"', "%22").replace(['{', '}'], "%7B")),
        ("SIG-06", general.to_string()),
        ("SIG-07", polyglot),
        ("SIG-07", format!("{input}.\"}}{signature}")),
    ] {
        let answer = fixture.me(&token).await;
        suite.expect(id, &token, matches!(answer.status, 400 | 401), true);
    }

    // A JWE with a decryptable look: five segments, whatever is in them.
    let jwe = format!(
        "{}.{}.{}.{}.{}",
        encode(r#"{"alg":"RSA-OAEP","enc":"A256GCM","kid":"k1"}"#),
        encode([7; 256]),
        encode([7; 12]),
        payload,
        encode([7; 16])
    );
    suite.expect(
        "SIG-08",
        "JWE",
        fixture.me(&jwe).await.outcome(),
        unauthorized("token_malformed"),
    );
    let three_parts =
        fixture.k1.sign(&signing_input(r#"{"alg":"RSA-OAEP","kid":"k1"}"#, claims(json!({}))));
    let came = fixture.me(&three_parts).await.outcome();
    suite.expect("SIG-08", "an encryption algorithm", came, unauthorized("alg_not_allowed"));

    suite.expect("SIG-01", "no fetch but the first", fixture.key_server.requests(), 1);
    suite.finish();
}

/// The same bytes, but for bits that a lenient decoder ignores.
fn trailing_bits(token: &str) -> String {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let last = token.bytes().last().unwrap();
    let value = ALPHABET.iter().position(|byte| *byte == last).unwrap();
    format!("{}{}", &token[..token.len() - 1], char::from(ALPHABET[value + 1]))
}
