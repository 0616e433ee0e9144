//! Who is signed in, for a page to show.

use std::sync::Arc;

use http::StatusCode;
use serde_json::json;

use super::super::Inner;
use super::super::admit::{Admitted, Credential};
use super::super::head::Head;
use super::Answer;

impl Inner {
    /// `GET`.
    pub(crate) async fn session(self: &Arc<Self>, head: &impl Head) -> Answer {
        let Admitted { credential, set_cookies } = self.admit(head).await;
        let token = match credential {
            Credential::AccessToken(token) => token,
            Credential::None => return Answer::signed_out(set_cookies),
            Credential::Refused(error) if error.status() == StatusCode::UNAUTHORIZED => {
                return Answer::signed_out(set_cookies);
            }
            Credential::Refused(error) => {
                return self.refusal("GET", &self.paths.session, error, set_cookies);
            }
        };
        match self.auth.authenticate_token(token.expose()).await {
            Ok(identity) => {
                let body = json!({
                    "state": "signed_in",
                    "user": {
                        "id": identity.subject(),
                        "email": identity.email(),
                        "name": identity.name(),
                        "pictureUrl": identity.picture_url(),
                    },
                    "organizationId": identity.organization_id(),
                    "roles": identity.roles().collect::<Vec<_>>(),
                    "permissions": identity.permissions().collect::<Vec<_>>(),
                    "isAdmin": identity.is_admin(),
                    "impersonator": identity.impersonator(),
                });
                Answer::json(StatusCode::OK, body, set_cookies)
            }
            Err(error) if error.status() == StatusCode::UNAUTHORIZED => {
                Answer::signed_out(set_cookies)
            }
            Err(error) => self.refusal("GET", &self.paths.session, error, set_cookies),
        }
    }
}
