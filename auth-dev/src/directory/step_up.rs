//! What somebody has to do before there is a session.

use serde::Deserialize;

/// What a sign-in can end with in place of a session, as `POST /user_management/authenticate` tells
/// it.
///
/// ```
/// use auth_dev::{AuthDev, Config, StepUp, User};
/// use reqwest::redirect::Policy;
/// use serde_json::{Value, json};
/// use url::Url;
///
/// /// What a service is told that redeems the code of this user.
/// async fn redeemed(workos: &AuthDev, email: &str) -> Result<Value, Box<dyn std::error::Error>> {
///     let http = reqwest::Client::builder().redirect(Policy::none()).build()?;
///     let api = format!("{}/user_management", workos.url());
///     let query = [
///         ("client_id", workos.client_id()),
///         ("redirect_uri", "http://localhost:3000/callback"),
///         ("response_type", "code"),
///         ("provider", "authkit"),
///         ("login_hint", email),
///     ];
///     let authorize = Url::parse_with_params(&format!("{api}/authorize"), query)?;
///     let answer = http.get(authorize).send().await?;
///     let callback = Url::parse(answer.headers()["location"].to_str()?)?;
///     let code = callback.query_pairs().find(|(name, _)| name == "code").map(|(_, code)| code);
///     let grant = json!({
///         "grant_type": "authorization_code",
///         "client_id": workos.client_id(),
///         "client_secret": workos.api_key(),
///         "code": code,
///     });
///     let answer = http.post(format!("{api}/authenticate")).json(&grant).send().await?;
///     Ok(answer.json().await?)
/// }
///
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let cases = [
///     (StepUp::MfaChallenge, "mfa@acme.test", "code", "mfa_challenge"),
///     (
///         StepUp::EmailVerificationRequired,
///         "verify@acme.test",
///         "code",
///         "email_verification_required",
///     ),
///     (
///         StepUp::OrganizationSelectionRequired,
///         "choose@acme.test",
///         "code",
///         "organization_selection_required",
///     ),
///     (StepUp::SsoRequired, "sso@acme.test", "error", "sso_required"),
/// ];
/// let users = cases.map(|(step_up, email, ..)| User { step_up: Some(step_up), ..User::new(email) });
/// let workos = AuthDev::start(Config { users: users.to_vec(), ..Config::default() }).await?;
/// for (_, email, member, told) in cases {
///     assert_eq!(redeemed(&workos, email).await?[member], told);
/// }
/// # Ok(())
/// # }
/// ```
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
