//! What sessions add to an [`Auth`].

use std::time::UNIX_EPOCH;

use zeroize::Zeroizing;

use super::StoreError;
use crate::auth::Auth;
use crate::error::{AuthError, Code};
use crate::identity::Identity;
use crate::verify::with_keys;

impl Auth {
    /// Refuses all tokens of a session (the claim `sid`) from now on, those that are known included:
    /// here at once, and on other instances that share the store within 2 seconds. It is remembered
    /// as long as a token can live, a day; [`Sessions::end`](crate::session::Sessions::end) also has
    /// WorkOS issue no further ones.
    ///
    /// ```no_run
    /// # async fn f(auth: auth_core::Auth) {
    /// if let Err(error) = auth.revoke_session("session_01ABCDEFGHJKMNPQRS").await {
    ///     eprintln!("refused here, and not yet by the other instances: {error}");
    /// }
    /// # }
    /// ```
    ///
    /// # Errors
    /// If others do not hear of it yet. This instance refuses all the same, and tells them when the
    /// store is back.
    pub async fn revoke_session(&self, id: &str) -> Result<(), StoreError> {
        self.shared().revoke_session(id).await
    }

    /// Refuses all tokens that a user (the claim `sub`) has been issued so far, as
    /// [`revoke_session`](Self::revoke_session) does, and refreshes no session that has begun before.
    ///
    /// ```no_run
    /// # async fn f(auth: auth_core::Auth) -> Result<(), auth_core::session::StoreError> {
    /// auth.revoke_user("user_01ABCDEFGHJKMNPQRS").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As there.
    pub async fn revoke_user(&self, id: &str) -> Result<(), StoreError> {
        self.shared().revoke_user(id).await
    }

    /// Who a token is of.
    pub(crate) async fn authenticate_token(&self, token: &str) -> Result<Identity, AuthError> {
        let value = Zeroizing::new(format!("Bearer {token}"));
        let identity = with_keys(|| self.authenticate_now([value.as_bytes()])).await?;
        identity.ok_or_else(|| AuthError::new(Code::NoCredentials))
    }

    /// Seconds since 1970.
    pub(super) fn seconds(&self) -> u64 {
        self.now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
    }
}
