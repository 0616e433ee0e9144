//! Who is an administrator: the owner of a verified address in one of the listed domains.

use crate::error::{AuthError, Code};

/// The longest address that can be delivered to (RFC 5321, section 4.5.3.1), and the longest local
/// part and domain.
const MAX_ADDRESS_LEN: usize = 254;
const MAX_LOCAL_LEN: usize = 64;
const MAX_DOMAIN_LEN: usize = 253;
const MAX_LABEL_LEN: usize = 63;

/// Who is an administrator. Without any domain, nobody is.
#[derive(Clone, Debug, Default)]
pub(crate) struct AdminRule {
    pub(crate) domains: Vec<AdminDomain>,
    /// The issuers whose word counts; all of them, if none is named.
    pub(crate) issuers: Vec<String>,
}

/// A domain whose people are administrators.
#[derive(Clone, Debug)]
pub(crate) struct AdminDomain {
    pub(crate) name: Domain,
    pub(crate) must_be_verified: bool,
}

/// A domain name that people can have addresses in.
#[derive(Clone, Debug)]
pub(crate) struct Domain(String);

impl AdminRule {
    pub(crate) fn check(
        &self,
        issuer: &str,
        email: Option<&str>,
        verified: bool,
    ) -> Result<(), AuthError> {
        if !self.issuers.is_empty() && !self.issuers.iter().any(|name| name == issuer) {
            return Err(AuthError::new(Code::AdminRequired)
                .because("the token is not by an issuer whose word makes administrators"));
        }
        let Some(email) = email else {
            return Err(email_missing());
        };
        let listed = self.domains.iter().find(|listed| listed.name.has(email));
        let Some(listed) = listed else {
            return Err(AuthError::new(Code::AdminRequired)
                .because("the caller's address is in no domain of administrators"));
        };
        if listed.must_be_verified && !verified {
            return Err(email_unverified());
        }
        Ok(())
    }
}

pub(super) fn email_missing() -> AuthError {
    AuthError::new(Code::EmailMissing).because(
        "the token has no `email`; add `\"email\": \"{{user.email}}\"` to the JWT template in the \
         WorkOS dashboard",
    )
}

pub(super) fn email_unverified() -> AuthError {
    AuthError::new(Code::EmailUnverified).because(
        "the token does not say that its `email` is verified; add `\"email_verified\": \
         {{user.email_verified}}` to the JWT template in the WorkOS dashboard",
    )
}

impl Domain {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut labels = text.rsplit('.');
        // A top-level domain is never all digits, an IP address always ends so.
        let top_level = labels.next()?;
        let is_name = top_level.bytes().any(|byte| byte.is_ascii_alphabetic());
        let plain = is_name
            && labels.next().is_some()
            && text.len() <= MAX_DOMAIN_LEN
            && text.split('.').all(is_label);
        plain.then(|| Self(text.to_owned()))
    }

    /// Whether a plain address is in it. Equal but for the case of ASCII letters; no other folding:
    /// `ı` is not `I`.
    pub(super) fn has(&self, email: &str) -> bool {
        domain_of(email).is_some_and(|domain| self.0.eq_ignore_ascii_case(domain))
    }
}

fn is_label(label: &str) -> bool {
    let plain = label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let hyphen_at_end = label.starts_with('-') || label.ends_with('-');
    !label.is_empty() && label.len() <= MAX_LABEL_LEN && plain && !hyphen_at_end
}

/// The domain of a plain address: one `@`, and before it a dot-atom (RFC 5322, section 3.2.3).
/// Quoted local parts and comments are addresses too, but not ones to trust a person with.
fn domain_of(email: &str) -> Option<&str> {
    let (local, domain) = email.split_once('@')?;
    let dot_atom = local.split('.').all(|atom| !atom.is_empty() && atom.bytes().all(is_atext));
    let plain = dot_atom && local.len() <= MAX_LOCAL_LEN && email.len() <= MAX_ADDRESS_LEN;
    plain.then_some(domain)
}

fn is_atext(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ISSUER: &str = "https://issuer.test/";

    fn rule() -> AdminRule {
        let name = Domain::parse("Example.com").unwrap();
        AdminRule {
            domains: vec![AdminDomain { name, must_be_verified: true }],
            issuers: Vec::new(),
        }
    }

    #[test]
    fn a_verified_plain_address_in_the_domain_is_an_administrator() {
        for email in
            ["ann@example.com", "ANN@EXAMPLE.COM", "a.b+x@Example.Com", "o'neil@example.com"]
        {
            assert!(rule().check(ISSUER, Some(email), true).is_ok(), "{email}");
        }
    }

    #[test]
    fn every_other_address_is_not() {
        let long_local = format!("{}@example.com", "a".repeat(65));
        for email in [
            "",
            "example.com",
            "@example.com",
            "a@evil.com@example.com",
            "\"a@evil.com\"@example.com",
            "a@evil.com,b@example.com",
            "a@evil.com b@example.com",
            "a@sub.example.com",
            "a@notexample.com",
            "a@example.com.evil.com",
            "a@example.com.",
            "a@example.com ",
            " a@example.com",
            "a@example.com\n",
            "a\0@example.com",
            "Ann <a@example.com>",
            "a@ex\u{430}mple.com",
            "a\u{ff20}example.com",
            ".a@example.com",
            "a.@example.com",
            "a..b@example.com",
            "ä@example.com",
            &long_local,
        ] {
            let error = rule().check(ISSUER, Some(email), true).unwrap_err();
            assert_eq!(error.code(), Code::AdminRequired, "{email:?}");
        }
    }

    #[test]
    fn a_missing_and_an_unverified_address_have_their_own_codes() {
        let code = |email, verified| rule().check(ISSUER, email, verified).unwrap_err().code();
        assert_eq!(code(None, true), Code::EmailMissing);
        assert_eq!(code(Some("a@example.com"), false), Code::EmailUnverified);
        assert_eq!(code(Some("a@example.org"), false), Code::AdminRequired);
    }

    #[test]
    fn without_a_domain_nobody_is_an_administrator() {
        assert!(AdminRule::default().check(ISSUER, Some("a@example.com"), true).is_err());
    }

    #[test]
    fn a_domain_may_do_without_verification() {
        let mut rule = rule();
        let name = Domain::parse("example.org").unwrap();
        rule.domains.push(AdminDomain { name, must_be_verified: false });
        let is_admin = |email| rule.check(ISSUER, Some(email), false).is_ok();
        assert!(is_admin("a@example.org"));
        assert!(!is_admin("a@example.com"));
    }

    #[test]
    fn only_the_named_issuers_make_administrators() {
        let rule = AdminRule { issuers: vec![ISSUER.to_owned()], ..rule() };
        let code = |issuer| {
            rule.check(issuer, Some("a@example.com"), true).err().map(|error| error.code())
        };
        assert_eq!(code(ISSUER), None);
        assert_eq!(code("https://issuer.test"), Some(Code::AdminRequired));
    }

    #[test]
    fn a_domain_is_what_people_can_have_addresses_in() {
        for domain in ["example.com", "Example.COM", "a-b.example.co", "xn--bcher-kva.example"] {
            assert!(Domain::parse(domain).is_some(), "{domain}");
        }
        let long_label = format!("{}.com", "a".repeat(64));
        for domain in [
            "",
            ".",
            "com",
            "@example.com",
            "*.example.com",
            "ex\u{e4}mple.com",
            "example..com",
            ".example.com",
            "example.com.",
            "-a.com",
            "a-.com",
            "a b.com",
            "127.0.0.1",
            "a@b.com",
            "https://example.com",
            &long_label,
        ] {
            assert!(Domain::parse(domain).is_none(), "{domain}");
        }
    }
}
