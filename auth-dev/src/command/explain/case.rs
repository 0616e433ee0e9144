//! The findings of each step.

use std::time::SystemTime;

use auth_core::{AuthError, Code, Identity};

use super::advice::{self, TEMPLATES};
use super::step::Step;
use super::{Service, Trust, Unverified};
use crate::command::report::{Finding, Outcome};

/// A token and the one who judges it.
pub(super) struct Case<'a> {
    pub(super) service: &'a Service,
    pub(super) unverified: &'a Unverified,
    pub(super) now: SystemTime,
}

impl<'a> Case<'a> {
    pub(super) fn now(service: &'a Service, unverified: &'a Unverified) -> Self {
        Self { service, unverified, now: SystemTime::now() }
    }

    pub(super) fn steps_of_what_no_header_can_have(&self) -> Vec<Finding> {
        let form = Finding::new(Step::Form.name(), Outcome::Refused, self.form())
            .rule("a token is sent in a header, which has no line breaks or control characters")
            .mend(advice::mend(Code::InvalidRequest));
        let others = Step::ALL.into_iter().skip(1).map(|step| self.not_reached(step));
        std::iter::once(form).chain(others).collect()
    }

    pub(super) fn steps_until(&self, refusal: &AuthError) -> Vec<Finding> {
        let findings = Step::ALL.into_iter().map(|step| {
            if step == Step::of(refusal) {
                self.refused(step, refusal)
            } else if step.was_passed_before(refusal) {
                self.passed(step)
            } else {
                self.not_reached(step)
            }
        });
        findings.collect()
    }

    pub(super) fn steps_of(
        &self,
        identity: &Identity,
        administrator: Option<&Result<(), AuthError>>,
    ) -> Vec<Finding> {
        let findings = Step::ALL.into_iter().map(|step| match step {
            Step::Identity => self.identity(identity),
            Step::Administrator => self.administrator(identity, administrator),
            _ => self.passed(step),
        });
        findings.collect()
    }

    fn passed(&self, step: Step) -> Finding {
        if step == Step::Audience && !self.service.judges_audience() {
            let says = format!("{}; give --audience to have it judged", self.audience());
            return Finding::new(step.name(), Outcome::NotAsked, says);
        }
        let says = match (step, self.is_addressed()) {
            (Step::Audience, false) => format!("{}; the issuer's name is enough", self.audience()),
            _ => self.described(step),
        };
        Finding::new(step.name(), Outcome::Ok, says)
    }

    fn not_reached(&self, step: Step) -> Finding {
        let says = match (step, self.unverified.text("sub")) {
            (Step::Identity, Some(subject)) => {
                let email = self.unverified.text("email").map(|email| format!(", {email}"));
                format!("says of itself: {subject}{}", email.unwrap_or_default())
            }
            _ => String::new(),
        };
        Finding::new(step.name(), Outcome::NotReached, says)
    }

    fn refused(&self, step: Step, refusal: &AuthError) -> Finding {
        let code = refusal.code();
        let outcome = match code {
            Code::KeysUnavailable => Outcome::Unavailable,
            _ => Outcome::Refused,
        };
        let says = match code {
            Code::KeysUnavailable => "no key set to look into".to_owned(),
            Code::IssuerUnknown => self.unknown_issuer(),
            Code::KeyNotFound => self.missing_key(),
            Code::KeyAmbiguous => self.several_keys(),
            Code::SignatureInvalid => format!("not by the key {}", self.kid()),
            _ if step == Step::Claims => "not those of an access token".to_owned(),
            _ => self.described(step),
        };
        let rule = match code {
            // The detail lists the names without saying what they are for.
            Code::IssuerUnknown => {
                let names: Vec<&str> = self.service.auth.issuer_names().collect();
                format!("{}; known are {}", advice::rule(code), names.join(", "))
            }
            _ => refusal.detail().unwrap_or(advice::rule(code)).to_owned(),
        };
        Finding::new(step.name(), outcome, says).rule(rule).mend(self.mend(refusal))
    }

    fn mend(&self, refusal: &AuthError) -> String {
        let code = refusal.code();
        let has_words = |words| refusal.detail().is_some_and(|detail| detail.contains(words));
        match code {
            Code::IssuerUnknown => self.mend_of_issuer(),
            Code::AudienceMismatch if self.unverified.claim("aud").is_some() => {
                "take a token of the right application: the page's client id \
                 (VITE_WORKOS_CLIENT_ID) is that of the service (WORKOS_CLIENT_ID); look also whether \
                 the JWT template sets `aud`"
                    .to_owned()
            }
            Code::AudienceMismatch => {
                let audience = self.service.audience();
                format!("add `\"aud\": \"{audience}\"` to the JWT template, in {TEMPLATES}")
            }
            Code::ClaimInvalid if has_words("in the future") => {
                "set the clock of this machine, or that of the issuer: services allow 5 seconds"
                    .to_owned()
            }
            Code::SignatureInvalid | Code::TokenMalformed if self.unverified.is_cut_off => {
                format!("it looks cut off at its end; {}", advice::mend(code))
            }
            _ => advice::mend(code).to_owned(),
        }
    }

    fn mend_of_issuer(&self) -> String {
        match self.service.trust {
            Trust::WorkOs { .. } => {
                "take a token of this environment, or set WORKOS_CLIENT_ID and WORKOS_API_URL to \
                 those of the token's; for a domain of one's own, or another form of the name, \
                 configure `WorkOs::auth_domain` or an `Issuer` with that `alias`"
            }
            Trust::KeySet { .. } => {
                "give --issuer, and the service its name, exactly as `iss` has it"
            }
        }
        .to_owned()
    }
}
