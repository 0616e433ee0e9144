//! The times of a token in human terms.

use std::time::SystemTime;

use super::Unverified;
use crate::command::in_words::in_words;

/// Such as: expired 3 minutes ago, at 2026-01-01T00:00:00Z; issued 8 minutes ago, to live 5 minutes.
pub(super) fn described(unverified: &Unverified, now: SystemTime) -> String {
    let (issued, expires) = (unverified.date("iat"), unverified.date("exp"));
    let mut parts = Vec::new();
    if let Some(expires) = expires {
        let at = humantime::format_rfc3339_seconds(expires);
        parts.push(match expires.duration_since(now) {
            Ok(left) if !left.is_zero() => format!("expires in {}, at {at}", in_words(left)),
            _ => format!("expired {} ago, at {at}", since(expires, now)),
        });
    }
    if let Some(begins) = unverified.date("nbf").filter(|begins| *begins > now) {
        parts.push(format!("begins in {}", since(now, begins)));
    }
    if let Some(issued) = issued {
        let when = if issued > now {
            format!("issued {} ahead of this machine's clock", since(now, issued))
        } else {
            format!("issued {} ago", since(issued, now))
        };
        let lives = expires.and_then(|expires| expires.duration_since(issued).ok());
        let lives = lives.map(|lives| format!(", to live {}", in_words(lives)));
        parts.push(when + &lives.unwrap_or_default());
    }
    parts.join("; ")
}

fn since(before: SystemTime, after: SystemTime) -> String {
    in_words(after.duration_since(before).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    use super::*;

    #[test]
    fn times_are_said_as_people_say_them() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000);
        for (claims, expected) in [
            (
                r#"{"iat":999520,"exp":999820}"#,
                "expired 3 minutes ago, at 1970-01-12T13:43:40Z; issued 8 minutes ago, to live 5 minutes",
            ),
            (r#"{"exp":1000000}"#, "expired less than a second ago, at 1970-01-12T13:46:40Z"),
            (r#"{"exp":1003600.5}"#, "expires in 1 hour, at 1970-01-12T14:46:40Z"),
            (
                r#"{"nbf":1000060,"iat":1000030}"#,
                "begins in 1 minute; issued 30 seconds ahead of this machine's clock",
            ),
            (r#"{"exp":"soon","iat":-1,"nbf":1e300}"#, ""),
            (
                r#"{"exp":253402300799}"#,
                "expires in 2932885 days 10 hours, at 9999-12-31T23:59:59Z",
            ),
            (r#"{"exp":253402300800}"#, ""),
        ] {
            let token = format!("e30.{}.", URL_SAFE_NO_PAD.encode(claims));
            assert_eq!(described(&Unverified::read(&token), now), expected, "{claims}");
        }
    }
}
