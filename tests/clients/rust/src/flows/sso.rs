//! Single sign-on by itself.

use anyhow::{Result, ensure};
use auth_dev::Issuer;
use workos::sso::GetProfileAndTokenParams;
use workos::{
    SSOTokenResponse, SecretString, SsoAuthorizationUrlParams, SsoPkceCodeExchangeParams,
    TokenQuery, TokenQueryGrantType,
};

use super::{claim, issuer_name, refused, same};
use crate::fixture::{Fixture, REDIRECT_URI};

pub(super) async fn confidential(fixture: &Fixture) -> Result<()> {
    let sso = fixture.client.sso();
    let url = fixture.client.sso_helpers().authorization_url(authorization())?;
    let code = fixture.sign_in(&url).await?.parameter("code")?;
    let params = GetProfileAndTokenParams {
        body: TokenQuery {
            client_id: fixture.auth_dev.client_id().to_owned(),
            client_secret: fixture.auth_dev.api_key().into(),
            code: Some(SecretString::new(code)),
            grant_type: TokenQueryGrantType::AuthorizationCode,
            code_verifier: None,
            subject_token: None,
            subject_token_type: None,
            organization_id: None,
        },
    };
    let answer = sso.get_profile_and_token(params.clone()).await?;
    check(fixture, &answer)?;
    let profile = sso.get_profile(answer.access_token.expose()).await?;
    same("the profile", serde_json::to_value(profile)?, serde_json::to_value(answer.profile)?)?;
    refused(sso.get_profile_and_token(params).await, 400, "invalid_grant")?;
    refused(sso.get_profile("none").await, 401, "unauthorized")?;
    Ok(())
}

pub(super) async fn pkce(fixture: &Fixture) -> Result<()> {
    let sso = fixture.client.sso_helpers();
    let asked = sso.pkce_authorization_url(authorization())?;
    let callback = fixture.sign_in(&asked.url).await?;
    same("the state", callback.parameter("state")?, asked.state)?;
    let (code, code_verifier) = (callback.parameter("code")?, asked.code_verifier);
    let params = SsoPkceCodeExchangeParams { code, code_verifier };
    check(fixture, &sso.pkce_code_exchange(params).await?)
}

fn authorization() -> SsoAuthorizationUrlParams {
    SsoAuthorizationUrlParams {
        redirect_uri: REDIRECT_URI.to_owned(),
        connection: Some("conn_01DEV".to_owned()),
        login_hint: Some("ada@acme.test".to_owned()),
        ..SsoAuthorizationUrlParams::default()
    }
}

fn check(fixture: &Fixture, answer: &SSOTokenResponse) -> Result<()> {
    same("the type", answer.token_type.as_str(), "Bearer")?;
    ensure!(answer.expires_in > 0, "the token lives for {} s", answer.expires_in);
    let profile = &answer.profile;
    same("the object", profile.object.as_str(), "profile")?;
    same("the address", profile.email.as_str(), "ada@acme.test")?;
    same("the connection", profile.connection_id.as_str(), "conn_01DEV")?;
    same("its type", profile.connection_type.as_str(), "GenericOIDC")?;
    same("the organization", profile.organization_id.as_deref(), Some("org_01ACME"))?;
    let role = profile.role.as_ref().map(|role| role.slug.as_str());
    same("the role", role, Some("editor"))?;
    let issuer = claim(answer.access_token.expose(), "iss")?;
    same("the issuer", issuer, issuer_name(fixture, Issuer::Sso))
}
