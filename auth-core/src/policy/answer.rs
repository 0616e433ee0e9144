//! How the answers of the parts of a policy make one.

use crate::error::{AuthError, Code};

/// What a policy, or a part of one, says about a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// Come in.
    Allow,
    /// Not this caller.
    Deny,
    /// The caller shall not learn that there is something.
    NotFound,
    /// Not before the caller has signed in again.
    StepUp,
    /// No answer can be had.
    Failed,
}

/// What joins two parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operator {
    /// `&&`
    And,
    /// `||`
    Or,
}

impl Operator {
    /// The answers, the one that prevails first. Nothing but an allow makes up for a failure: were a
    /// deny to prevail in `||`, an outage would look like a lack of rights.
    const fn prevailing_first(self) -> [Answer; 5] {
        use Answer::{Allow, Deny, Failed, NotFound, StepUp};
        match self {
            Self::And => [Failed, Deny, NotFound, StepUp, Allow],
            Self::Or => [Allow, Failed, StepUp, NotFound, Deny],
        }
    }

    /// The one answer of two parts.
    pub(crate) fn join(self, a: Answer, b: Answer) -> Answer {
        let prevailing = self.prevailing_first().into_iter();
        prevailing.into_iter().find(|answer| [a, b].contains(answer)).unwrap_or(Answer::Failed)
    }

    /// Whether the parts that have not been asked cannot change the answer any more. A part that is
    /// not asked does not fail, so `&&` ends at the first deny.
    pub(crate) fn is_settled_by(self, answer: Answer) -> bool {
        match self {
            Self::And => matches!(answer, Answer::Failed | Answer::Deny),
            Self::Or => answer == Answer::Allow,
        }
    }

    /// What no part at all says: it leaves the answer to the parts.
    pub(super) fn nothing_said(self) -> Verdict {
        match self {
            Self::And => Verdict::ALLOW,
            Self::Or => Verdict::refuse(Answer::Deny, AuthError::new(Code::Forbidden)),
        }
    }
}

/// An answer, with what to tell about it.
#[derive(Clone, Debug)]
pub struct Verdict(Result<(), Refusal>);

#[derive(Clone, Debug)]
struct Refusal {
    /// Never [`Answer::Allow`].
    answer: Answer,
    error: AuthError,
}

impl Verdict {
    pub(super) const ALLOW: Self = Self(Ok(()));

    pub(super) fn refuse(answer: Answer, error: AuthError) -> Self {
        Self(Err(Refusal { answer, error }))
    }

    /// A deny; `why` is for the log.
    pub(super) fn deny(why: String) -> Self {
        Self::refuse(Answer::Deny, AuthError::new(Code::Forbidden).because(why))
    }

    pub(super) fn failed(error: AuthError) -> Self {
        Self::refuse(Answer::Failed, error)
    }

    pub(crate) fn answer(&self) -> Answer {
        self.0.as_ref().err().map_or(Answer::Allow, |refusal| refusal.answer)
    }

    pub(crate) fn into_result(self) -> Result<(), AuthError> {
        self.0.map_err(|refusal| refusal.error)
    }

    /// The verdict of two parts. The refusal that prevails speaks to the client, the log hears both.
    pub(super) fn join(self, operator: Operator, other: Self) -> Self {
        let answer = operator.join(self.answer(), other.answer());
        let (first, second) = match (self.0, other.0) {
            _ if answer == Answer::Allow => return Self::ALLOW,
            (Ok(()), Ok(())) => return Self::ALLOW,
            (Err(refusal), Ok(())) | (Ok(()), Err(refusal)) => return Self(Err(refusal)),
            (Err(first), Err(second)) => (first, second),
        };
        let error = match (first.answer == answer, second.answer == answer) {
            (true, false) => first.error.heard_with(second.error.detail()),
            (false, _) => second.error.heard_after(first.error.detail()),
            (true, true) if first.error.code() == second.error.code() => {
                first.error.heard_with(second.error.detail())
            }
            // Neither of the two lacks alone is the reason.
            (true, true) => {
                let both = first.error.heard_with(second.error.detail());
                match answer {
                    Answer::Deny => both.with_code(Code::Forbidden),
                    _ => both,
                }
            }
        };
        Self::refuse(answer, error)
    }

    /// The opposite of an allow or a deny. Anything else stays: no refusal becomes a permission for
    /// another reason than that the part was denied.
    pub(super) fn negate(self, name: impl FnOnce() -> String) -> Self {
        match self.answer() {
            Answer::Allow => Self::deny(format!("{} holds", name())),
            Answer::Deny => Self::ALLOW,
            Answer::NotFound | Answer::StepUp | Answer::Failed => self,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Answer::{Allow, Deny, Failed, NotFound, StepUp};
    use super::*;

    const ALL: [Answer; 5] = [Allow, Deny, NotFound, StepUp, Failed];

    #[test]
    fn every_pair_of_answers_has_the_documented_one() {
        let table = [
            // a, b, a && b, a || b
            (Allow, Allow, Allow, Allow),
            (Allow, Deny, Deny, Allow),
            (Allow, NotFound, NotFound, Allow),
            (Allow, StepUp, StepUp, Allow),
            (Allow, Failed, Failed, Allow),
            (Deny, Deny, Deny, Deny),
            (Deny, NotFound, Deny, NotFound),
            (Deny, StepUp, Deny, StepUp),
            (Deny, Failed, Failed, Failed),
            (NotFound, NotFound, NotFound, NotFound),
            (NotFound, StepUp, NotFound, StepUp),
            (NotFound, Failed, Failed, Failed),
            (StepUp, StepUp, StepUp, StepUp),
            (StepUp, Failed, Failed, Failed),
            (Failed, Failed, Failed, Failed),
        ];
        for (a, b, and, or) in table {
            for (a, b) in [(a, b), (b, a)] {
                assert_eq!(Operator::And.join(a, b), and, "{a:?} && {b:?}");
                assert_eq!(Operator::Or.join(a, b), or, "{a:?} || {b:?}");
            }
        }
        assert_eq!(table.len(), ALL.len() * (ALL.len() + 1) / 2, "every pair is in the table");
    }

    #[test]
    fn grouping_and_order_of_equal_operators_do_not_matter() {
        for operator in [Operator::And, Operator::Or] {
            for a in ALL {
                for b in ALL {
                    for c in ALL {
                        let left = operator.join(operator.join(a, b), c);
                        assert_eq!(left, operator.join(a, operator.join(b, c)));
                        assert_eq!(left, operator.join(operator.join(c, a), b));
                    }
                }
            }
        }
    }

    #[test]
    fn a_settled_answer_is_refused_or_allowed_whatever_follows() {
        for operator in [Operator::And, Operator::Or] {
            for answer in ALL.into_iter().filter(|answer| operator.is_settled_by(*answer)) {
                for other in ALL {
                    let joined = operator.join(answer, other);
                    assert_eq!(
                        joined == Allow,
                        answer == Allow,
                        "{operator:?} {answer:?} {other:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn a_verdict_joins_as_its_answer_does_and_tells_of_both() {
        let verdict = |answer: Answer, why: &'static str| match answer {
            Allow => Verdict::ALLOW,
            _ => Verdict::refuse(answer, AuthError::new(Code::Forbidden).because(why)),
        };
        for operator in [Operator::And, Operator::Or] {
            for a in ALL {
                for b in ALL {
                    let joined = verdict(a, "first").join(operator, verdict(b, "second"));
                    assert_eq!(joined.answer(), operator.join(a, b));
                    if let Err(error) = joined.into_result() {
                        let said = error.detail().unwrap_or_default();
                        assert_eq!(said.contains("first"), a != Allow, "{said}");
                        assert_eq!(said.contains("second"), b != Allow, "{said}");
                    }
                }
            }
        }
    }

    #[test]
    fn the_refusal_that_prevails_speaks_to_the_client() {
        let refusal = |answer| {
            let code = match answer {
                NotFound => Code::NotFound,
                StepUp => Code::StepUpRequired,
                Failed => Code::PolicyFailed,
                Allow | Deny => Code::AdminRequired,
            };
            (code, Verdict::refuse(answer, AuthError::new(code)))
        };
        for operator in [Operator::And, Operator::Or] {
            for (a, b) in [(Deny, NotFound), (Deny, StepUp), (NotFound, StepUp), (StepUp, Failed)] {
                for (a, b) in [(a, b), (b, a)] {
                    let ((_, first), (_, second)) = (refusal(a), refusal(b));
                    let came = first.join(operator, second).into_result().unwrap_err().code();
                    assert_eq!(came, refusal(operator.join(a, b)).0, "{operator:?} {a:?} {b:?}");
                }
            }
        }
    }

    #[test]
    fn two_lacks_of_different_kinds_are_a_plain_forbidden() {
        let deny = |code| Verdict::refuse(Deny, AuthError::new(code));
        let code = |a, b| {
            let joined = deny(a).join(Operator::Or, deny(b));
            joined.into_result().unwrap_err().code()
        };
        assert_eq!(code(Code::AdminRequired, Code::Forbidden), Code::Forbidden);
        assert_eq!(code(Code::AdminRequired, Code::AdminRequired), Code::AdminRequired);
    }

    #[test]
    fn only_allow_and_deny_are_negated() {
        let negated = |answer| {
            let verdict = match answer {
                Allow => Verdict::ALLOW,
                _ => Verdict::refuse(answer, AuthError::new(Code::Forbidden)),
            };
            verdict.negate(String::new).answer()
        };
        assert_eq!(ALL.map(negated), [Deny, Allow, NotFound, StepUp, Failed]);
    }
}
