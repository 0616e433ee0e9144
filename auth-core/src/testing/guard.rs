//! Guards and identities for unit tests, each by a real verification and a real decision.

use http::{HeaderMap, Method, Request};

use super::user::TestUser;
use crate::auth::Auth;
use crate::context::{Supplies, Verification};
use crate::error::{AuthError, Code};
use crate::guard::Guard;
use crate::identity::Identity;
use crate::policy::{Caller, Immediate, RequestView, Rule, WaitedFor};

impl TestUser {
    /// What the path of the request has in the place of `{name}`, for the policies that
    /// [`guard`](Self::guard) and [`guard_with`](Self::guard_with) ask.
    ///
    /// ```
    /// # #[cfg(feature = "macros")]
    /// # async fn test() -> Result<(), Box<dyn std::error::Error>> {
    /// use auth_core::testing::{as_user, issuer};
    /// use auth_core::{Guard, policy};
    ///
    /// policy!(OwnTeam = org_param("org"));
    ///
    /// let auth = issuer().auth().build()?;
    /// let alice = as_user("alice").org("org_7").path_parameter("org", "org_7");
    /// let proof: Guard<OwnTeam> = alice.guard(&auth).await?;
    /// # let _ = proof;
    /// # Ok(())
    /// # }
    /// # #[cfg(feature = "macros")]
    /// # tokio::runtime::Runtime::new().unwrap().block_on(test()).unwrap();
    /// ```
    pub fn path_parameter(mut self, name: &str, value: &str) -> Self {
        self.path_parameters.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Who the user is to a service.
    ///
    /// ```
    /// # async fn test() -> Result<(), Box<dyn std::error::Error>> {
    /// use auth_core::testing::{as_user, issuer};
    ///
    /// let auth = issuer().auth().build()?;
    /// let alice = as_user("alice").identity(&auth).await?;
    /// assert_eq!(alice.subject(), "alice");
    /// # Ok(())
    /// # }
    /// # tokio::runtime::Runtime::new().unwrap().block_on(test()).unwrap();
    /// ```
    ///
    /// # Errors
    /// If the token is not good.
    pub async fn identity(&self, auth: &Auth) -> Result<Identity, AuthError> {
        let identity = auth.authenticate(&self.headers()).await?;
        identity.ok_or_else(|| AuthError::new(Code::NoCredentials))
    }

    /// What functions with `via = ctx` ask.
    ///
    /// ```
    /// # async fn test() -> Result<(), Box<dyn std::error::Error>> {
    /// use auth_core::AuthContext;
    /// use auth_core::policy::Admin;
    /// use auth_core::testing::{as_user, issuer};
    ///
    /// let auth = issuer().auth().admin_domain("example.com").build()?;
    /// let ann = as_user("ann").email("ann@example.com").verification(&auth).await;
    /// assert!(ann.require::<Admin>().is_ok());
    /// # Ok(())
    /// # }
    /// # tokio::runtime::Runtime::new().unwrap().block_on(test()).unwrap();
    /// ```
    pub async fn verification(&self, auth: &Auth) -> Verification {
        auth.verification(&self.headers()).await
    }

    /// The proof that a handler or a function asks for: the token is verified, and the policy
    /// decides about it.
    ///
    /// ```
    /// # #[cfg(feature = "macros")]
    /// # async fn test() -> Result<(), Box<dyn std::error::Error>> {
    /// use auth_core::testing::{as_user, issuer};
    /// use auth_core::{Code, Guard, policy};
    ///
    /// policy!(Editor = role("editor"));
    ///
    /// fn publish(_proof: &Guard<Editor>) -> &'static str {
    ///     "published"
    /// }
    ///
    /// let auth = issuer().auth().build()?;
    /// let editor = as_user("alice").role("editor").guard(&auth).await?;
    /// assert_eq!(publish(&editor), "published");
    ///
    /// let refusal = as_user("bob").role("reader").guard::<Editor>(&auth).await.unwrap_err();
    /// assert_eq!(refusal.code(), Code::Forbidden);
    /// # Ok(())
    /// # }
    /// # #[cfg(feature = "macros")]
    /// # tokio::runtime::Runtime::new().unwrap().block_on(test()).unwrap();
    /// ```
    ///
    /// # Errors
    /// The refusal.
    pub async fn guard<P: Immediate>(&self, auth: &Auth) -> Result<Guard<P>, AuthError> {
        let identity = self.identity(auth).await;
        let caller = P::Caller::establish(|| identity)?;
        let headers = self.headers();
        Guard::admit_at_once(caller, &self.request(&headers), auth)
    }

    /// The same for a policy that needs the state of the application, and may have to be waited for.
    /// `state` is a [`Given`], or a context of the service's own.
    ///
    /// # Errors
    /// The refusal.
    pub async fn guard_with<P: Rule>(
        &self,
        auth: &Auth,
        state: &(impl Supplies<P::State> + Sync),
    ) -> Result<Guard<P>, AuthError> {
        let identity = self.identity(auth).await;
        let caller = P::Caller::establish(|| identity)?;
        let headers = self.headers();
        let request = self.request(&headers);
        let supply = || Ok(state.supply());
        Guard::admit(caller, &request, auth, &mut WaitedFor::default(), supply).await
    }

    fn headers(&self) -> HeaderMap {
        self.on(Request::new(())).into_parts().0.headers
    }

    fn request<'a>(&'a self, headers: &'a HeaderMap) -> RequestView<'a> {
        RequestView::new(&Method::GET, headers).with_path_parameters(&self.path_parameters)
    }
}

/// The state of a policy, for [`TestUser::guard_with`]. An expression of several policies may need
/// several states; a type of the test's own that implements [`Supplies`] for each gives them.
///
/// ```
/// # async fn test() -> Result<(), Box<dyn std::error::Error>> {
/// use auth_core::policy::{Decision, Policy, PolicyError, RequestView};
/// use auth_core::testing::{Given, as_user, issuer};
/// use auth_core::{Code, Identity};
///
/// /// Account 7 is Alice's.
/// #[derive(Clone)]
/// struct Db;
///
/// struct OwnsAccount;
///
/// impl Policy for OwnsAccount {
///     type State = Db;
///     const PATH_PARAMETERS: &'static [&'static str] = &["account_id"];
///
///     async fn check(
///         request: &RequestView<'_>,
///         caller: &Identity,
///         _db: &Db,
///     ) -> Result<Decision, PolicyError> {
///         let own = request.path_parameter("account_id") == Some("7")
///             && caller.subject() == "alice";
///         Ok(if own { Decision::Allow } else { Decision::NotFound })
///     }
/// }
///
/// let auth = issuer().auth().build()?;
/// let alice = as_user("alice").path_parameter("account_id", "7");
/// let proof = alice.guard_with::<OwnsAccount>(&auth, &Given(Db)).await?;
/// assert_eq!(proof.identity().subject(), "alice");
///
/// let mallory = as_user("mallory").path_parameter("account_id", "7");
/// let refusal = mallory.guard_with::<OwnsAccount>(&auth, &Given(Db)).await.unwrap_err();
/// assert_eq!(refusal.code(), Code::NotFound);
/// # Ok(())
/// # }
/// # tokio::runtime::Runtime::new().unwrap().block_on(test()).unwrap();
/// ```
#[derive(Clone, Debug)]
pub struct Given<T>(pub T);

impl<T: Clone> Supplies<T> for Given<T> {
    fn supply(&self) -> T {
        self.0.clone()
    }
}
