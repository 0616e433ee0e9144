//! Who the caller is.

use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use serde::de::DeserializeOwned;
use serde::{Serialize, Serializer};

use crate::clock::Clock;
use crate::error::AuthError;
use crate::json::Object;
use crate::keys::Key;
use crate::policy::AdminRule;
use crate::token::Claims;

/// Who calls, as an issuer has signed it. Cheap to clone.
///
/// Only a verified token makes an `Identity`. As an argument of a handler it is had behind any guard
/// that authenticates:
///
/// ```
/// # #[cfg(feature = "macros")] {
/// use auth_core::{Identity, authenticated};
///
/// #[authenticated]
/// async fn greet(caller: Identity) -> String {
///     format!("Hello, {}", caller.name().unwrap_or("stranger"))
/// }
/// # }
/// ```
///
/// What it knows:
///
/// ```
/// # #[cfg(feature = "testing")]
/// # async fn f() -> Result<(), Box<dyn std::error::Error>> {
/// # use std::time::Duration;
/// # use auth_core::testing::{as_user, issuer};
/// # let auth = issuer().auth().admin_domain("example.com").build()?;
/// # let caller = as_user("alice").email("alice@example.com").role("editor").claim("team", "blue");
/// # let caller = caller.permission("posts:write").scope("read write").org("org_7");
/// # let caller = caller.entitlement("audit-log").feature("new-editor").impersonated_by("sam");
/// # let caller = caller.claim("picture", "https://example.com/a.png");
/// # let caller = caller.signed_in_ago(Duration::from_secs(60)).identity(&auth).await?;
/// // Who it is, by whose word. Store things under this, never under an address.
/// assert_eq!(caller.token_identifier(), format!("{}|{}", caller.issuer(), caller.subject()));
/// assert_eq!(caller.subject(), "alice");
/// assert!(caller.key_id().is_some());
///
/// // The address counts only if it is verified.
/// assert_eq!(caller.email().filter(|_| caller.email_verified()), Some("alice@example.com"));
/// assert!(caller.is_admin());
///
/// // To show, and never to decide by.
/// assert_eq!(caller.picture_url(), Some("https://example.com/a.png"));
///
/// // What policies ask.
/// assert_eq!(caller.roles().collect::<Vec<_>>(), ["editor"]);
/// assert_eq!(caller.permissions().collect::<Vec<_>>(), ["posts:write"]);
/// assert_eq!(caller.entitlements().collect::<Vec<_>>(), ["audit-log"]);
/// assert_eq!(caller.feature_flags().collect::<Vec<_>>(), ["new-editor"]);
/// assert_eq!(caller.scopes().collect::<Vec<_>>(), ["read", "write"]);
/// assert_eq!(caller.organization_id(), Some("org_7"));
/// assert_eq!(caller.impersonator(), Some("sam"));
///
/// // When.
/// assert!(caller.authenticated_at() < Some(caller.expires_at()));
///
/// // Any other claim, typed.
/// assert_eq!(caller.claim::<String>("team")?.as_deref(), Some("blue"));
/// # Ok(())
/// # }
/// # #[cfg(feature = "testing")]
/// # tokio::runtime::Runtime::new().unwrap().block_on(f()).unwrap();
/// ```
#[derive(Clone)]
pub struct Identity(Arc<Inner>);

struct Inner {
    claims: Claims,
    /// That has signed them; none in tests.
    key: Option<Arc<Key>>,
    admin_rule: Arc<AdminRule>,
    clock: Arc<dyn Clock>,
}

impl Identity {
    pub(crate) fn new(
        claims: Claims,
        key: Option<Arc<Key>>,
        admin_rule: Arc<AdminRule>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self(Arc::new(Inner { claims, key, admin_rule, clock }))
    }

    pub(crate) fn len_in_memory(&self) -> usize {
        size_of::<Inner>() + self.0.claims.len_in_memory()
    }

    /// The time of day, by the clock that the token has been verified with.
    pub(crate) fn now(&self) -> SystemTime {
        self.0.clock.now()
    }

    /// The key to store things under: issuer and subject, joined by `|`. An e-mail address is none,
    /// since addresses change hands.
    #[must_use]
    pub fn token_identifier(&self) -> &str {
        self.0.claims.token_identifier()
    }

    /// The issuer's name for the caller (`sub`), unique within the issuer.
    #[must_use]
    pub fn subject(&self) -> &str {
        self.0.claims.subject()
    }

    /// Who says so (`iss`).
    #[must_use]
    pub fn issuer(&self) -> &str {
        self.0.claims.issuer()
    }

    /// The key that has signed the token (`kid`), if it has a name.
    #[must_use]
    pub fn key_id(&self) -> Option<&str> {
        self.0.key.as_ref()?.id()
    }

    /// The e-mail address. To be believed only if [`email_verified`](Self::email_verified).
    #[must_use]
    pub fn email(&self) -> Option<&str> {
        self.0.claims.email()
    }

    /// Whether the issuer has verified the address: the claim `email_verified` is `true`.
    #[must_use]
    pub fn email_verified(&self) -> bool {
        self.0.claims.email_verified()
    }

    /// The display name, if it is text. The user chooses it: show it, never decide by it.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.0.claims.name()
    }

    /// The URL of a picture, from the claim `picture`, if it is text. The user chooses it: show it,
    /// never decide by it.
    #[must_use]
    pub fn picture_url(&self) -> Option<&str> {
        self.0.claims.picture()
    }

    /// When the token that this identity was read from ends (`exp`).
    #[must_use]
    pub fn expires_at(&self) -> SystemTime {
        self.0.claims.expires_at()
    }

    /// The roles in the claims `role` and `roles`. To decide by one, use a policy.
    pub fn roles(&self) -> impl Iterator<Item = &str> + Clone {
        self.0.claims.roles()
    }

    /// The permissions of the caller's roles.
    pub fn permissions(&self) -> impl Iterator<Item = &str> + Clone {
        self.0.claims.permissions()
    }

    /// What the caller's organization has paid for.
    pub fn entitlements(&self) -> impl Iterator<Item = &str> + Clone {
        self.0.claims.entitlements()
    }

    /// The feature flags that are on for the caller.
    pub fn feature_flags(&self) -> impl Iterator<Item = &str> + Clone {
        self.0.claims.feature_flags()
    }

    /// The words of the claim `scope`.
    pub fn scopes(&self) -> impl Iterator<Item = &str> + Clone {
        self.0.claims.scopes()
    }

    /// The organization that the caller is signed in to (`org_id`).
    #[must_use]
    pub fn organization_id(&self) -> Option<&str> {
        self.0.claims.organization_id()
    }

    /// Who acts for the caller (`act`): at WorkOS, the e-mail address of a member of the team.
    #[must_use]
    pub fn impersonator(&self) -> Option<&str> {
        self.0.claims.impersonator()
    }

    /// When the caller has signed in (`auth_time`).
    #[must_use]
    pub fn authenticated_at(&self) -> Option<SystemTime> {
        self.0.claims.authenticated_at()
    }

    /// Whether both come from the same verification.
    pub(crate) fn is_same_as(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// Whether the caller is an administrator by the configured rule.
    #[must_use]
    pub fn is_admin(&self) -> bool {
        self.check_admin().is_ok()
    }

    /// Any other claim, by name; a dot leads into an object (`"organization.id"`) unless a claim is
    /// called just that.
    ///
    /// # Errors
    /// If the claim is there but is not of type `T`.
    pub fn claim<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, serde_json::Error> {
        find(self.0.claims.payload(), name).map(serde_json::from_str).transpose()
    }

    pub(crate) fn check_admin(&self) -> Result<(), AuthError> {
        self.0.admin_rule.check(self.issuer(), self.email(), self.email_verified())
    }
}

/// Who calls, if anybody says: for routes that anyone may call.
///
/// It is `None` only where there is no credential; a bad one is refused, not taken for none.
///
/// ```
/// # #[cfg(feature = "macros")] {
/// use auth_core::{MaybeIdentity, public};
///
/// #[public(reason = "shows a greeting to everybody")]
/// async fn greet(MaybeIdentity(caller): MaybeIdentity) -> String {
///     match caller {
///         Some(caller) => format!("Hello, {}", caller.subject()),
///         None => "Hello, stranger".to_owned(),
///     }
/// }
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct MaybeIdentity(pub Option<Identity>);

/// In the recipe's shape: `tokenIdentifier`, `subject`, `issuer`, and `email`, `emailVerified`,
/// `name`, `pictureUrl` where the token has them. Other claims stay here; whoever sends some to a
/// client names them.
impl Serialize for Identity {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Shown {
            token_identifier: self.token_identifier(),
            subject: self.subject(),
            issuer: self.issuer(),
            email: self.email(),
            email_verified: self.email().map(|_| self.email_verified()),
            name: self.name(),
            picture_url: self.picture_url(),
        }
        .serialize(serializer)
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown<'a> {
    token_identifier: &'a str,
    subject: &'a str,
    issuer: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email_verified: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    picture_url: Option<&'a str>,
}

/// Two identities are the same caller if issuer and subject are the same.
impl PartialEq for Identity {
    fn eq(&self, other: &Self) -> bool {
        self.token_identifier() == other.token_identifier()
    }
}

impl Eq for Identity {}

/// Issuer and subject, no personal data: this ends up in logs.
impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Identity").field(&self.token_identifier()).finish()
    }
}

/// The text of a member, or of a member of a member for a name with a dot.
fn find<'a>(object: &'a str, name: &str) -> Option<&'a str> {
    let object = Object::parse(object).ok()?;
    if let Some(value) = object.get(name) {
        return Some(value.text());
    }
    let (first, rest) = name.split_once('.')?;
    find(object.get(first)?.text(), rest)
}
