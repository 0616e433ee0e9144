//! What a caller must be for a handler to run.
//!
//! A policy is a type, and a handler names it in its first argument, `Guard<P>`. The attributes
//! write that argument; writing it by hand is the same.
//!
//! | in `#[require(...)]` | as a type | holds for |
//! |---|---|---|
//! | `admin` | [`Admin`] | verified addresses in the domains of administrators |
//! | `role("x")`, `permission("x")`, `entitlement("x")`, `feature("x")` | [`Role`], [`Permission`], [`Entitlement`], [`Feature`] | whoever has it in the token |
//! | `permission(Can::Publish)` | [`PermissionOf`] | the same, by an enum that derives [`Permissions`](macro@crate::Permissions) |
//! | `org("x")`, `org_param("x")` | [`Org`], [`OrgParam`] | whoever is signed in to that organization, or the one in the path |
//! | `email_domain("x")` | [`EmailDomain`] | verified addresses in a domain |
//! | `scope("x")` | [`Scope`] | tokens with the scope |
//! | `fresh(300)` | [`Fresh`] | whoever has signed in within that many seconds |
//! | `impersonated` | [`Impersonated`] | callers for whom somebody else acts |
//! | `Suspended`, `Owns<Account>` | the type | what its author says ([`Predicate`], [`Policy`]) |
//! | `a && b`, <code>a \|\| b</code>, `!a` | [`All`], [`Any`], [`Not`] | |
//!
//! Precedence is that of Rust. An expression that is used twice gets a name by
//! [`policy!`](macro@crate::policy).
//!
//! # How answers combine
//!
//! A policy allows, denies, hides (404), asks for another sign-in (401) or fails (500, 503). In `||`,
//! allow prevails, then failed, step-up, not found, and deny last; in `&&`, failed, deny, not found,
//! step-up, and allow last. What need not be waited for is asked first; behind a deny or a failure in
//! `&&`, and behind an allow in `||`, nothing more is asked.

mod admin;
mod answer;
mod combine;
mod describe;
mod implies;
mod leaf;
mod own;
mod permissions;
mod request;
mod rule;
mod step_up;
mod text;
#[cfg(test)]
#[cfg(feature = "macros")]
mod tests;
mod waited_for;

pub(crate) use admin::{AdminDomain, AdminRule, Domain};
pub(crate) use answer::Verdict;
pub use combine::{All, Any, Not};
pub use describe::{Expression, Notes};
pub use implies::{Implies, Weaken};
pub use leaf::{
    Admin, Authenticated, EmailDomain, Entitlement, Feature, Fresh, Impersonated, Org, OrgParam,
    Permission, Public, Role, Scope,
};
pub use own::{Decision, Policy, PolicyError, Predicate};
pub use permissions::{IsPermissions, PermissionOf, Permissions};
pub use request::RequestView;
pub use rule::{
    Anyone, Asked, Caller, Immediate, IsNegatable, IsPolicy, Named, Negatable, NoState, Rule,
    States,
};
pub use step_up::StepUp;
#[cfg(any(feature = "actix", feature = "axum"))]
pub(crate) use text::is_one_line;
pub use text::{Packed, Text};
pub(crate) use waited_for::WaitedFor;
