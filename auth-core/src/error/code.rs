//! The stable names of refusals.

use std::fmt;

use http::StatusCode;

/// Where [`Code`] is documented.
const DOCUMENTATION: &str = "https://docs.rs/auth-core/latest/auth_core/enum.Code.html";

/// The stable name of a refusal, as clients see it in the member `code` of the answer.
///
/// Each says what has happened, what the client gets, and what the operator of the service does.
///
/// ```
/// use auth_core::Code;
///
/// assert_eq!(Code::TokenExpired.as_str(), "token_expired");
/// assert_eq!(Code::TokenExpired.status(), 401);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Code {
    /// The request has no credential, or one of another scheme than `Bearer`. 401 with a bare
    /// challenge: sign in. The operator does nothing.
    NoCredentials,
    /// The `Authorization` header is malformed: no token behind `Bearer`, several, or characters
    /// that no token has. 400 `invalid_request`. The operator looks at the client that sends it.
    InvalidRequest,
    /// The request has more than one credential. 400 `invalid_request`; the body says which. The
    /// operator looks for a proxy or a client that adds one.
    AmbiguousCredentials,
    /// The token is longer than 16 KiB. 401 `invalid_token`. The operator makes the JWT template
    /// smaller.
    TokenTooLarge,
    /// The token is no signed JWT in compact form, or not a strict one. 401 `invalid_token`. The
    /// operator finds in the log what is wrong with it; an issuer does not make such tokens.
    TokenMalformed,
    /// The token's `alg` is not one that its issuer is configured to use. 401 `invalid_token`. The
    /// operator adds the algorithm to the issuer, if it is the issuer's indeed.
    AlgorithmNotAllowed,
    /// The token asks for an extension (`crit`, `b64`) that is not understood. 401 `invalid_token`.
    /// The operator has the issuer do without it.
    CriticalUnsupported,
    /// The token's `typ` is that of another kind of token, or not the one of the issuer's profile.
    /// 401 `invalid_token`. The operator looks which token the client sends, and at the profile.
    TypeMismatch,
    /// No configured issuer is called exactly what `iss` says. 401 `invalid_token`. The operator
    /// finds both names in the log, and configures the right one, or an alias.
    IssuerUnknown,
    /// The issuer's key set has no usable key of the token's `kid`. 401 `invalid_token`. The operator
    /// does nothing, unless good clients get it: then the issuer signs with a key that it does not
    /// publish.
    KeyNotFound,
    /// Several keys fit: the set has one `kid` twice, or the token has none. 401 `invalid_token`. The
    /// operator has the issuer name its keys.
    KeyAmbiguous,
    /// The signature is not by the issuer's key. 401 `invalid_token`. The operator does nothing: the
    /// token is forged, or for another environment.
    SignatureInvalid,
    /// A claim is missing, of the wrong type, or of a value that no access token has. 401
    /// `invalid_token`. The operator finds in the log which, and mends the JWT template.
    ClaimInvalid,
    /// The token has expired. 401 `invalid_token`: refresh. The operator compares the clocks if good
    /// clients get it.
    TokenExpired,
    /// The token is not valid yet. 401 `invalid_token`. The operator compares the clocks.
    TokenNotYetValid,
    /// The token is not for this service. 401 `invalid_token`. The operator adds `aud` to the JWT
    /// template; the log has the line.
    AudienceMismatch,
    /// The token is bound to a key of its holder (`cnf`), and nothing here proves possession. 401
    /// `invalid_token`. The operator has the issuer give this service plain tokens.
    BindingRequired,
    /// The token has no `email`, which the policy asks for. 403 `insufficient_scope`. The operator
    /// adds it to the JWT template; the log has the line.
    EmailMissing,
    /// The address is right, but the token does not say that it is verified. 403
    /// `insufficient_scope`. The operator adds `email_verified` to the JWT template; the log has the
    /// line.
    EmailUnverified,
    /// The caller is no administrator. 403 `insufficient_scope`. The operator does nothing, or lists
    /// the domain.
    AdminRequired,
    /// The caller lacks what the policy of the route asks for. 403 `insufficient_scope`. The operator
    /// finds in the log what is missing, and grants it or does nothing.
    Forbidden,
    /// The token lacks a scope. 403 `insufficient_scope`, with the scope in the challenge. The client
    /// asks the issuer for a token with that scope.
    InsufficientScope,
    /// The policy hides from this caller that there is something. 404. The operator does nothing.
    NotFound,
    /// The caller has signed in too long ago, or too weakly. 401 `insufficient_user_authentication`
    /// (RFC 9470), with `max_age` or `acr_values`: the client has the user sign in again. The operator
    /// looks whether tokens have `auth_time`, if it never ends.
    StepUpRequired,
    /// A policy of the service has failed. 500. The author of the service finds the cause in the log.
    PolicyFailed,
    /// Something that a policy of the service needs is unavailable. 503: try again. The operator finds
    /// the cause in the log.
    PolicyUnavailable,
    /// The decision has to be kept in an audit that cannot take it. 503: try again. The operator finds
    /// the cause in the log.
    AuditUnavailable,
    /// The issuer's keys are unavailable, so the token may be good. 503 with `Retry-After`: keep the
    /// token. The operator finds the cause in the log; it recovers by itself.
    KeysUnavailable,
    /// The token's session, or all that its user had, has been revoked: by a sign-out, a webhook or the
    /// service. 401 `invalid_token`: sign in again. The operator does nothing.
    TokenRevoked,
    /// The cookie of the session does not open: it was changed, or sealed with a password that is not in
    /// use any more. 401, and the cookie is taken away. The operator does nothing, unless the password
    /// has been changed without keeping the previous one for a while.
    SessionInvalid,
    /// The session was idle, or there, for too long. 401, and the cookie is taken away: sign in. The
    /// operator does nothing.
    SessionExpired,
    /// WorkOS has ended the session, or it was revoked. 401, and the cookie is taken away: sign in. The
    /// operator does nothing.
    SessionEnded,
    /// The session needs a fresh token, and WorkOS cannot be asked. 503 with `Retry-After`: the session
    /// is kept. The operator finds the cause in the log; it recovers by itself.
    SessionUnavailable,
    /// The service cannot keep a session: it fits into no cookies, or the machine has no randomness. 500.
    /// The operator finds in the log which, and has the JWT template put less into tokens, or keeps
    /// sessions in a store.
    SessionFailed,
    /// A request that changes something was sent with the cookie of a session, and no page of this
    /// service means it. 403. The operator does nothing, unless a page of the service's own gets it: it
    /// sends the header `x-csrf`, or is on the origin of the redirect URI.
    Csrf,
    /// A browser has come back from signing in, and has not begun to: another one has, or it was more
    /// than ten minutes ago. 400: sign in again. The operator does nothing.
    StateMismatch,
    /// A browser has come back from another issuer than it was sent to. 400. The operator looks at the
    /// redirect URIs of both.
    IssuerMismatch,
    /// WorkOS does not take the code of a sign-in. 401: sign in again. The operator looks at the client id
    /// and the API key if it is so each time; the log has WorkOS's words.
    SignInRefused,
    /// What WorkOS gives for the code of a sign-in is no session of this service. 502. The operator finds
    /// in the log what is wrong with it.
    SignInFailed,
    /// A handler takes an identity that no guard has established. 500. The author of the service
    /// puts a guard above the handler that the log names, or takes a `MaybeIdentity`.
    GuardMissing,
}

/// Who has to act on a refusal.
pub(super) enum Family {
    /// The request is no valid request, whoever sends it.
    InvalidRequest,
    /// Nobody is signed in.
    Anonymous,
    /// The token is not accepted.
    InvalidToken,
    /// The caller is known, and may not.
    InsufficientScope,
    /// The caller is known, and has to sign in again.
    StepUp,
    /// The caller is known, and shall not learn more.
    Hidden,
    /// The issuer does not answer.
    Unavailable,
    /// The service is wired wrongly.
    Misconfigured,
    /// The request is not meant by whoever is signed in.
    NotMeant,
    /// The issuer's answer is wrong.
    BadGateway,
}

impl Code {
    /// The code as it stands in answers and logs.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.row().0
    }

    /// Names the kind of problem in answers (RFC 9457): where this documentation says what has happened
    /// and who has to do what.
    ///
    /// ```
    /// use auth_core::Code;
    ///
    /// assert!(Code::TokenExpired.type_uri().ends_with("/enum.Code.html#variant.TokenExpired"));
    /// ```
    #[must_use]
    pub fn type_uri(self) -> String {
        format!("{DOCUMENTATION}#variant.{self:?}")
    }

    /// The status of the answer.
    #[must_use]
    pub fn status(self) -> StatusCode {
        match self.row().1 {
            Family::InvalidRequest => StatusCode::BAD_REQUEST,
            Family::Anonymous | Family::InvalidToken | Family::StepUp => StatusCode::UNAUTHORIZED,
            Family::InsufficientScope => StatusCode::FORBIDDEN,
            Family::Hidden => StatusCode::NOT_FOUND,
            Family::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Family::Misconfigured => StatusCode::INTERNAL_SERVER_ERROR,
            Family::NotMeant => StatusCode::FORBIDDEN,
            Family::BadGateway => StatusCode::BAD_GATEWAY,
        }
    }

    /// Its name, whom it concerns, and the title of its problem document.
    pub(super) fn row(self) -> (&'static str, Family, &'static str) {
        use Family::{Anonymous, InsufficientScope, InvalidRequest, InvalidToken};
        match self {
            Self::NoCredentials => ("no_credentials", Anonymous, "Nobody is signed in"),
            Self::InvalidRequest => {
                ("invalid_request", InvalidRequest, "The credential is malformed")
            }
            Self::AmbiguousCredentials => (
                "ambiguous_credentials",
                InvalidRequest,
                "The request has more than one credential",
            ),
            Self::TokenTooLarge => ("token_too_large", InvalidToken, "The token is too long"),
            Self::TokenMalformed => ("token_malformed", InvalidToken, "The token is malformed"),
            Self::AlgorithmNotAllowed => {
                ("alg_not_allowed", InvalidToken, "The algorithm of the token is not allowed")
            }
            Self::CriticalUnsupported => (
                "crit_unsupported",
                InvalidToken,
                "The token asks for an extension that is not understood",
            ),
            Self::TypeMismatch => ("typ_mismatch", InvalidToken, "The token is of another type"),
            Self::IssuerUnknown => {
                ("issuer_unknown", InvalidToken, "The issuer of the token is not known")
            }
            Self::KeyNotFound => {
                ("key_not_found", InvalidToken, "The key of the token is not known")
            }
            Self::KeyAmbiguous => ("key_ambiguous", InvalidToken, "Several keys fit the token"),
            Self::SignatureInvalid => {
                ("signature_invalid", InvalidToken, "The signature of the token is not valid")
            }
            Self::ClaimInvalid => {
                ("claim_invalid", InvalidToken, "A claim of the token is not valid")
            }
            Self::TokenExpired => ("token_expired", InvalidToken, "The token has expired"),
            Self::TokenNotYetValid => {
                ("token_not_yet_valid", InvalidToken, "The token is not valid yet")
            }
            Self::AudienceMismatch => {
                ("audience_mismatch", InvalidToken, "The token is for somebody else")
            }
            Self::BindingRequired => {
                ("binding_required", InvalidToken, "The token needs a proof of possession")
            }
            Self::EmailMissing => {
                ("email_missing", InsufficientScope, "The token has no e-mail address")
            }
            Self::EmailUnverified => {
                ("email_unverified", InsufficientScope, "The e-mail address is not verified")
            }
            Self::AdminRequired => {
                ("admin_required", InsufficientScope, "The caller is no administrator")
            }
            Self::Forbidden => ("forbidden", InsufficientScope, "The caller may not do this"),
            Self::InsufficientScope => {
                ("insufficient_scope", InsufficientScope, "The token lacks a scope")
            }
            Self::NotFound => ("not_found", Family::Hidden, "There is nothing here"),
            Self::StepUpRequired => (
                "insufficient_user_authentication",
                Family::StepUp,
                "The caller has to sign in again",
            ),
            Self::PolicyFailed => {
                ("policy_failed", Family::Misconfigured, "A policy of the service has failed")
            }
            Self::PolicyUnavailable => (
                "policy_unavailable",
                Family::Unavailable,
                "A policy of the service cannot be asked now",
            ),
            Self::AuditUnavailable => (
                "audit_unavailable",
                Family::Unavailable,
                "The audit of the service cannot be reached",
            ),
            Self::KeysUnavailable => (
                "keys_unavailable",
                Family::Unavailable,
                "The keys of the issuer cannot be had now",
            ),
            Self::TokenRevoked => ("token_revoked", InvalidToken, "The token has been revoked"),
            Self::SessionInvalid => ("session_invalid", InvalidToken, "The session is not valid"),
            Self::SessionExpired => ("session_expired", InvalidToken, "The session has expired"),
            Self::SessionEnded => ("session_ended", InvalidToken, "The session has ended"),
            Self::SessionUnavailable => {
                ("session_unavailable", Family::Unavailable, "The session cannot be refreshed now")
            }
            Self::SessionFailed => {
                ("session_failed", Family::Misconfigured, "The service cannot keep the session")
            }
            Self::Csrf => {
                ("csrf", Family::NotMeant, "The request was not sent by a page of this service")
            }
            Self::StateMismatch => {
                ("state_mismatch", InvalidRequest, "The sign-in was not begun by this browser")
            }
            Self::IssuerMismatch => {
                ("issuer_mismatch", InvalidRequest, "The sign-in comes from another issuer")
            }
            Self::SignInRefused => ("sign_in_refused", InvalidToken, "The sign-in was refused"),
            Self::SignInFailed => ("sign_in_failed", Family::BadGateway, "The sign-in has failed"),
            Self::GuardMissing => (
                "guard_missing",
                Family::Misconfigured,
                "The service has a handler without a guard",
            ),
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each code with its name; a code that is not among them does not compile.
    macro_rules! names {
        ($($code:ident $name:literal,)+) => {
            const NAMES: &[(Code, &str, &str)] = &[$((Code::$code, stringify!($code), $name)),+];

            const fn is_listed(code: Code) -> bool {
                match code {
                    $(Code::$code => true,)+
                }
            }
        };
    }

    names! {
        NoCredentials "no_credentials",
        InvalidRequest "invalid_request",
        AmbiguousCredentials "ambiguous_credentials",
        TokenTooLarge "token_too_large",
        TokenMalformed "token_malformed",
        AlgorithmNotAllowed "alg_not_allowed",
        CriticalUnsupported "crit_unsupported",
        TypeMismatch "typ_mismatch",
        IssuerUnknown "issuer_unknown",
        KeyNotFound "key_not_found",
        KeyAmbiguous "key_ambiguous",
        SignatureInvalid "signature_invalid",
        ClaimInvalid "claim_invalid",
        TokenExpired "token_expired",
        TokenNotYetValid "token_not_yet_valid",
        AudienceMismatch "audience_mismatch",
        BindingRequired "binding_required",
        EmailMissing "email_missing",
        EmailUnverified "email_unverified",
        AdminRequired "admin_required",
        Forbidden "forbidden",
        InsufficientScope "insufficient_scope",
        NotFound "not_found",
        StepUpRequired "insufficient_user_authentication",
        PolicyFailed "policy_failed",
        PolicyUnavailable "policy_unavailable",
        AuditUnavailable "audit_unavailable",
        KeysUnavailable "keys_unavailable",
        TokenRevoked "token_revoked",
        SessionInvalid "session_invalid",
        SessionExpired "session_expired",
        SessionEnded "session_ended",
        SessionUnavailable "session_unavailable",
        SessionFailed "session_failed",
        Csrf "csrf",
        StateMismatch "state_mismatch",
        IssuerMismatch "issuer_mismatch",
        SignInRefused "sign_in_refused",
        SignInFailed "sign_in_failed",
        GuardMissing "guard_missing",
    }

    /// Clients compare both, and a new version shall not change them.
    #[test]
    fn names_and_types_on_the_wire_stay() {
        for (code, variant, name) in NAMES {
            assert!(is_listed(*code));
            assert_eq!(code.as_str(), *name);
            let page = "https://docs.rs/auth-core/latest/auth_core/enum.Code.html";
            assert_eq!(code.type_uri(), format!("{page}#variant.{variant}"));
        }
    }
}
