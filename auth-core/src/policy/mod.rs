//! Step seven: what a caller must be for a handler to run.
//!
//! A policy is a type, and a handler names it in its first argument, `Guard<P>`. The attributes
//! write that argument; writing it by hand is the same.

mod admin;
mod text;

pub(crate) use admin::{AdminDomain, AdminRule, Domain};
pub use text::{Reason, Text};

use std::marker::PhantomData;

use crate::error::AuthError;
use crate::identity::Identity;

/// A rule about callers.
///
/// The built-in policies are [`Authenticated`], [`Admin`] and [`Public`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an authorization policy",
    label = "no `Policy`",
    note = "the policies are `Authenticated`, `Admin` and `Public<_>`"
)]
pub trait Policy: sealed::Policy + Send + Sync + 'static {
    /// What a handler knows of its caller: an [`Identity`], or [`Anyone`].
    type Caller: Caller;

    /// Whether `caller` may.
    ///
    /// # Errors
    /// The refusal, if not.
    fn check(caller: &Self::Caller) -> Result<(), AuthError>;

    /// What the access table says.
    fn access() -> Access;
}

/// A policy as a reader of the access table sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// The name of the policy.
    pub policy: &'static str,
    /// Why everybody may, for a public route.
    pub reason: Option<&'static str>,
}

/// What a policy can be asked about.
pub trait Caller: sealed::Caller + Send + Sync + Sized + 'static {
    /// The caller of a request, where `authenticate` finds out who it is. A caller that may be
    /// anyone is not looked at.
    #[doc(hidden)]
    fn establish(
        authenticate: impl Future<Output = Result<Identity, AuthError>> + Send,
    ) -> impl Future<Output = Result<Self, AuthError>> + Send;
}

/// A caller whom nobody has looked at. There is one way to have it: a public route.
#[derive(Clone, Debug)]
pub struct Anyone(());

/// Whoever has a good token.
#[derive(Debug)]
pub enum Authenticated {}

/// Whoever has a verified e-mail address in a configured domain
/// ([`AuthBuilder::admin_domain`](crate::AuthBuilder::admin_domain)).
///
/// Where the recipe asks `email.endsWith("@yourdomain.com")`, this rule differs on purpose:
///
/// | address | there | here | why |
/// |---|---|---|---|
/// | `a@evil.com@yourdomain.com`, `"a@evil.com"@yourdomain.com`, `a@evil.com,b@yourdomain.com`, one with a space or a control character, `@yourdomain.com` | admin | refused | only one plain address is one person's |
/// | any that `email_verified: true` does not stand beside | admin | `email_unverified` | whoever signs up can type an address |
/// | `ann@YOURDOMAIN.COM` | refused | admin | domain names have no case |
/// | a number, a list, an object | exception | `claim_invalid` | the token is not what the issuer meant |
/// | `null` | exception in `loggedInUser` | `email_missing` | templates render so what is not there |
#[derive(Debug)]
pub enum Admin {}

/// Everybody, for a [`Reason`] that stands in the access table.
#[derive(Debug)]
pub struct Public<R>(PhantomData<R>);

impl Policy for Authenticated {
    type Caller = Identity;

    fn check(_caller: &Identity) -> Result<(), AuthError> {
        Ok(())
    }

    fn access() -> Access {
        Access { policy: "authenticated", reason: None }
    }
}

impl Policy for Admin {
    type Caller = Identity;

    fn check(caller: &Identity) -> Result<(), AuthError> {
        caller.check_admin()
    }

    fn access() -> Access {
        Access { policy: "admin", reason: None }
    }
}

impl<R: Reason> Policy for Public<R> {
    type Caller = Anyone;

    fn check(_caller: &Anyone) -> Result<(), AuthError> {
        Ok(())
    }

    fn access() -> Access {
        const { assert!(text::is_one_line(R::TEXT), "a reason is one line of text") };
        Access { policy: "public", reason: Some(R::TEXT) }
    }
}

impl Caller for Identity {
    async fn establish(
        authenticate: impl Future<Output = Result<Identity, AuthError>> + Send,
    ) -> Result<Self, AuthError> {
        authenticate.await
    }
}

impl Caller for Anyone {
    async fn establish(
        _authenticate: impl Future<Output = Result<Identity, AuthError>> + Send,
    ) -> Result<Self, AuthError> {
        Ok(Self(()))
    }
}

mod sealed {
    pub trait Policy {}
    impl Policy for super::Authenticated {}
    impl Policy for super::Admin {}
    impl<R> Policy for super::Public<R> {}

    pub trait Caller {}
    impl Caller for super::Identity {}
    impl Caller for super::Anyone {}
}
