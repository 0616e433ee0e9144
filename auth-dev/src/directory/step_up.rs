//! What somebody has to do before there is a session.

use serde::Deserialize;

/// What a sign-in can end with in place of a session, as `POST /user_management/authenticate` tells
/// it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum StepUp {
    /// A second factor is asked for: 403 `mfa_challenge`.
    MfaChallenge,
    /// The address has to be verified first: 403 `email_verification_required`.
    EmailVerificationRequired,
    /// One of several organizations has to be chosen: 403 `organization_selection_required`.
    OrganizationSelectionRequired,
    /// The user has to come through the connection of an organization: 400 `sso_required`.
    SsoRequired,
}
