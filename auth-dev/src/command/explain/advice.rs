//! What each rule is, and how to mend what it refuses.

use auth_core::Code;

/// Where claims are added.
pub(crate) const TEMPLATES: &str = "the WorkOS dashboard under Authentication > JWT Templates, or \
                                    `jwt_template` in a seed file of auth-dev";

/// The lines of a template that the rule for administrators needs.
pub(crate) const EMAIL: &str = "`\"email\": \"{{user.email}}\"`";
pub(crate) const EMAIL_VERIFIED: &str = "`\"email_verified\": {{user.email_verified}}`";

/// The rule, where the refusal itself does not say it.
pub(super) fn rule(code: Code) -> &'static str {
    match code {
        Code::TokenTooLarge => "a token has at most 16 KiB",
        Code::TokenMalformed => {
            "a token is three segments of base64url joined by dots: header, claims and signature"
        }
        Code::AlgorithmNotAllowed => "the issuer's algorithm signs, RS256 for WorkOS, and no other",
        Code::CriticalUnsupported => "no extension (`crit`, `b64`) is understood here",
        Code::TypeMismatch => "`typ` is absent, `JWT` or `at+jwt`",
        Code::IssuerUnknown => "the name of the issuer (`iss`) is compared to the letter",
        Code::KeyNotFound => "a key of the issuer's key set has this `kid`",
        Code::KeyAmbiguous => "exactly one key of the issuer's key set fits",
        Code::SignatureInvalid => "the key of this `kid` has signed header and claims as they are",
        Code::TokenExpired => {
            "from `exp` on, and 5 seconds for clocks that differ, a token is refused"
        }
        Code::TokenNotYetValid => "before `nbf`, but for 5 seconds, a token is refused",
        Code::BindingRequired => {
            "a token that is bound to a key of its holder (`cnf`) is none for here"
        }
        _ => "the token is not as access tokens are",
    }
}

/// How to mend it, as far as the code says.
pub(super) fn mend(code: Code) -> &'static str {
    match code {
        Code::InvalidRequest => {
            "copy the token again, in one piece: no quotes, spaces or line breaks belong to it"
        }
        Code::TokenTooLarge => "make the JWT template smaller, or leave out roles and permissions",
        Code::TokenMalformed => {
            "copy the whole token, three parts with two dots; take the access token, no session \
             cookie, code or refresh token"
        }
        Code::AlgorithmNotAllowed => {
            "if the issuer does sign so, configure it: `Issuer::also_signs_with`; WorkOS signs with \
             RS256 only, so a WorkOS token with another one is forged"
        }
        Code::CriticalUnsupported => "have the issuer leave `crit` and `b64` out",
        Code::TypeMismatch => "send the access token, not an ID or logout token",
        Code::KeyNotFound => {
            "sign in again: the key may have been rotated, or a server on this machine started anew; \
             if fresh tokens get it too, the issuer signs with a key that it does not publish"
        }
        Code::KeyAmbiguous => "have the issuer give each of its keys a `kid` of its own",
        Code::SignatureInvalid => {
            "take the token as the issuer made it: it has been changed or cut off since, or is from \
             another environment or an earlier start of the server"
        }
        Code::BindingRequired => "have the issuer give this service plain bearer tokens",
        Code::TokenExpired => {
            "get a fresh token: the client refreshes it, `getAccessToken()` in AuthKit; if fresh \
             tokens get it too, set this machine's clock"
        }
        Code::TokenNotYetValid => "wait, or set the clocks of this machine and the issuer",
        Code::KeysUnavailable => {
            "start the server (`auth-dev serve`), or check WORKOS_CLIENT_ID, WORKOS_API_URL and the \
             network; clients keep their tokens meanwhile, since services answer 503"
        }
        _ => "look at the claim in the JWT template, and take an access token",
    }
}
