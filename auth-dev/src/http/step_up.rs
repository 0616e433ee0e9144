//! What stands between a user and a session.

use axum::http::StatusCode;
use serde_json::json;

use super::error::Refusal;
use super::sso::CONNECTION_ID;
use crate::directory::{StepUp, User};
use crate::environment::Environment;
use crate::random::unguessable;
use crate::session::Session;

/// Whose session it is, if that is still there and nothing has to be done before.
pub(super) fn user_of(session: &Session, environment: &Environment) -> Result<User, Refusal> {
    let Some(user) = environment.directory.by_id(&session.user_id) else {
        return Err(Refusal::oauth("invalid_grant", "The user has been deleted."));
    };
    match user.step_up {
        None => Ok(user),
        Some(step_up) => {
            environment.sessions.end(&session.id);
            Err(refusal_of(step_up, &user, environment))
        }
    }
}

/// What is to be done before there is a session.
fn refusal_of(step_up: StepUp, user: &User, environment: &Environment) -> Refusal {
    let forbidden = |code, message| {
        Refusal::api(StatusCode::FORBIDDEN, code, message)
            .with("pending_authentication_token", json!(unguessable()))
    };
    match step_up {
        StepUp::MfaChallenge => forbidden(
            "mfa_challenge",
            "The user must complete an MFA challenge to finish authenticating.",
        )
        .with("user", environment.directory.show(user))
        .with("authentication_factors", json!([])),
        StepUp::EmailVerificationRequired => forbidden(
            "email_verification_required",
            "Email ownership must be verified before authentication.",
        )
        .with("email", json!(user.email))
        .with("email_verification_id", json!(format!("email_verification_{}", unguessable()))),
        StepUp::OrganizationSelectionRequired => {
            let organizations = user.memberships.iter().map(|membership| {
                let id = &membership.organization;
                let name = environment.directory.organization(id).map(|known| &known.name);
                json!({ "id": id, "name": name })
            });
            forbidden(
                "organization_selection_required",
                "The user must choose an organization to finish their authentication.",
            )
            .with("user", environment.directory.show(user))
            .with("organizations", organizations.collect())
        }
        StepUp::SsoRequired => Refusal::oauth(
            "sso_required",
            "User must authenticate using one of the matching connections.",
        )
        .with("email", json!(user.email))
        .with("connection_ids", json!([CONNECTION_ID])),
    }
}
