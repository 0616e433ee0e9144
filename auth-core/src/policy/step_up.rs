//! Asking a caller to sign in again.

use std::fmt::Write;
use std::time::Duration;

use super::answer::{Answer, Verdict};
use crate::error::{AuthError, Code};

/// How a caller has to sign in again (RFC 9470, section 3).
///
/// ```
/// use std::time::Duration;
///
/// use auth_core::policy::{Decision, StepUp};
///
/// // Whoever pays has signed in within five minutes, with a second factor.
/// let how = StepUp::default()
///     .max_age(Duration::from_secs(300))
///     .acr_values("urn:example:mfa");
/// let decision = Decision::StepUp(how);
/// # let _ = decision;
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StepUp {
    max_age: Option<Duration>,
    acr_values: Option<&'static str>,
}

impl StepUp {
    /// Not longer ago than this.
    #[must_use]
    pub fn max_age(self, age: Duration) -> Self {
        Self { max_age: Some(age), ..self }
    }

    /// In one of these ways: authentication context class references, separated by spaces. What has
    /// quotes, backslashes or characters beyond ASCII is left out of the challenge.
    #[must_use]
    pub fn acr_values(self, values: &'static str) -> Self {
        Self { acr_values: Some(values), ..self }
    }

    pub(super) fn verdict(&self, why: String) -> Verdict {
        let mut parameters = String::new();
        if let Some(values) = self.acr_values.filter(|values| is_quotable(values)) {
            let _ = write!(parameters, "acr_values=\"{values}\"");
        }
        if let Some(age) = self.max_age {
            let comma = if parameters.is_empty() { "" } else { ", " };
            let _ = write!(parameters, "{comma}max_age=\"{}\"", age.as_secs());
        }
        let error = AuthError::new(Code::StepUpRequired).because(why).with_parameters(parameters);
        Verdict::refuse(Answer::StepUp, error)
    }
}

/// Whether a text can stand between quotes in a challenge and means itself (RFC 9110, section 5.6.4).
pub(super) fn is_quotable(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' '..=b'~') && !b"\"\\".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_challenge_says_how_to_sign_in_again_and_cannot_be_forged() {
        let bare = r#"Bearer realm="api", error="insufficient_user_authentication""#;
        let minute = || StepUp::default().max_age(Duration::from_secs(60));
        let cases = [
            (StepUp::default(), ""),
            (minute(), r#", max_age="60""#),
            (StepUp::default().acr_values("urn:a urn:b"), r#", acr_values="urn:a urn:b""#),
            (minute().acr_values("urn:a"), r#", acr_values="urn:a", max_age="60""#),
            (minute().acr_values("a\", error=\"none"), r#", max_age="60""#),
            (minute().acr_values("a\\"), r#", max_age="60""#),
            (minute().acr_values("a\n"), r#", max_age="60""#),
            (minute().acr_values("\u{e4}"), r#", max_age="60""#),
        ];
        for (how, parameters) in cases {
            let error = how.verdict(String::new()).into_result().unwrap_err();
            let challenge = error.to_response().headers()["www-authenticate"].clone();
            assert_eq!(challenge, format!("{bare}{parameters}"), "{how:?}");
        }
    }
}
