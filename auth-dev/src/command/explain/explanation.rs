//! What a service says about a token, step by step.

use auth_core::policy::{Admin, Authenticated};
use auth_core::{AuthContext, Code, Identity};
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, HeaderValue};
use serde::Serialize;
use serde::ser::{SerializeStruct, Serializer};

use super::case::Case;
use super::identity::to_json;
use super::{Service, Unverified};
use crate::command::escape::escaped_lines;
use crate::command::report::{self, Finding, Outcome};

/// What became of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Verdict {
    Accepted,
    Refused,
    /// Nobody can say now.
    Unavailable,
}

pub(crate) struct Explanation<'a> {
    pub(crate) verdict: Verdict,
    pub(crate) code: Option<Code>,
    pub(crate) steps: Vec<Finding>,
    service: &'a Service,
    unverified: &'a Unverified,
    identity: Option<Identity>,
    /// Whether the token makes an administrator, if that is asked.
    administrator: Option<Result<(), Code>>,
}

impl<'a> Explanation<'a> {
    pub(crate) async fn of(token: &str, unverified: &'a Unverified, service: &'a Service) -> Self {
        let case = Case::now(service, unverified);
        let of_refused = |verdict, code, steps| Self {
            verdict,
            code: Some(code),
            steps,
            service,
            unverified,
            identity: None,
            administrator: None,
        };
        let Ok(value) = HeaderValue::try_from(format!("Bearer {token}")) else {
            let steps = case.steps_of_what_no_header_can_have();
            return of_refused(Verdict::Refused, Code::InvalidRequest, steps);
        };
        let headers = HeaderMap::from_iter([(AUTHORIZATION, value)]);
        let verification = service.auth.verification(&headers).await;
        let identity = match verification.require::<Authenticated>() {
            Ok(guard) => guard.identity().clone(),
            Err(error) => {
                let is_open = error.code() == Code::KeysUnavailable;
                let verdict = if is_open { Verdict::Unavailable } else { Verdict::Refused };
                return of_refused(verdict, error.code(), case.steps_until(&error));
            }
        };
        let administrator =
            service.admin_domain.as_ref().map(|_| verification.require::<Admin>().map(drop));
        Self {
            verdict: Verdict::Accepted,
            code: None,
            steps: case.steps_of(&identity, administrator.as_ref()),
            service,
            unverified,
            identity: Some(identity),
            administrator: administrator.map(|asked| asked.map_err(|error| error.code())),
        }
    }

    /// The step that has refused the token, if one has.
    pub(crate) fn refusal(&self) -> Option<&Finding> {
        self.steps
            .iter()
            .find(|step| matches!(step.outcome, Outcome::Refused | Outcome::Unavailable))
    }

    pub(crate) fn to_text(&self) -> String {
        let code = self.code.map(Code::as_str).unwrap_or_default();
        let (outcome, verdict) = match (self.verdict, self.administrator) {
            (Verdict::Refused, _) => (Outcome::Refused, format!("refused: {code}")),
            (Verdict::Unavailable, _) => (Outcome::Unavailable, format!("cannot be said: {code}")),
            (Verdict::Accepted, None) => (Outcome::Ok, "accepted".to_owned()),
            (Verdict::Accepted, Some(Ok(()))) => {
                (Outcome::Ok, "accepted, as an administrator".to_owned())
            }
            (Verdict::Accepted, Some(Err(code))) => {
                (Outcome::No, format!("accepted, but as no administrator: {code}"))
            }
        };
        format!(
            "{}\n\n{}\n{}",
            escaped_lines(&self.service.described()),
            report::lines(&self.steps),
            report::verdict(outcome, &verdict),
        )
    }
}

impl Serialize for Explanation<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_struct("Explanation", 9)?;
        object.serialize_field("verdict", &self.verdict)?;
        object.serialize_field("code", &self.code.map(Code::as_str))?;
        object.serialize_field("judged_by", self.service)?;
        object.serialize_field("steps", &self.steps)?;
        object.serialize_field("header", &self.unverified.header)?;
        object.serialize_field("claims", &self.unverified.claims)?;
        object.serialize_field("identity", &self.identity.as_ref().map(to_json))?;
        object.serialize_field("administrator", &self.administrator.map(|asked| asked.is_ok()))?;
        let code = self.administrator.and_then(Result::err).map(Code::as_str);
        object.serialize_field("administrator_code", &code)?;
        object.end()
    }
}
