//! The built-in policies: what a token says of its caller, compared to the letter.

use std::marker::PhantomData;
use std::time::Duration;

use super::admin::{self, Domain};
use super::answer::{Answer, Verdict};
use super::describe::{Expression, Notes};
use super::permissions::{PermissionOf, Permissions};
use super::rule::{Anyone, Asked, Immediate, Negatable, NoState, Rule, sealed};
use super::step_up::{StepUp, is_quotable};
use super::text::{self, Text};
use crate::error::{AuthError, Code};
use crate::identity::Identity;

/// Whoever has a good token.
///
/// ```
/// use auth_core::Guard;
/// use auth_core::policy::Authenticated;
///
/// // What `#[authenticated]` writes.
/// async fn me(proof: Guard<Authenticated>) -> String {
///     proof.identity().subject().to_owned()
/// }
/// ```
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
///
/// ```
/// use auth_core::Guard;
/// use auth_core::policy::Admin;
///
/// // What `#[require_admin]` writes.
/// async fn delete_all(proof: Guard<Admin>) -> String {
///     proof.identity().subject().to_owned()
/// }
/// ```
#[derive(Debug)]
pub enum Admin {}

/// Everybody, for a [`Text`] that says why and stands in the access table.
///
/// ```
/// # #[cfg(feature = "macros")]
/// #[auth_core::public(reason = "load balancer probe")]
/// async fn health() -> &'static str {
///     "ok"
/// }
/// ```
#[derive(Debug)]
pub struct Public<R>(PhantomData<R>);

/// Whoever has a role: it is the claim `role`, or one of `roles`.
///
/// ```
/// # #[cfg(feature = "macros")]
/// #[auth_core::require(role("editor"))]
/// async fn publish() {}
/// ```
#[derive(Debug)]
pub struct Role<T>(PhantomData<T>);

/// Whoever has a permission: it is one of the claim `permissions`.
///
/// ```
/// # #[cfg(feature = "macros")]
/// #[auth_core::require(permission("posts:write"))]
/// async fn publish() {}
/// ```
#[derive(Debug)]
pub struct Permission<T>(PhantomData<T>);

/// Whoever has an entitlement: it is one of the claim `entitlements`.
///
/// ```
/// # #[cfg(feature = "macros")]
/// #[auth_core::require(entitlement("audit-log"))]
/// async fn export() {}
/// ```
#[derive(Debug)]
pub struct Entitlement<T>(PhantomData<T>);

/// Whoever has a feature flag: it is one of the claim `feature_flags`.
///
/// ```
/// # #[cfg(feature = "macros")]
/// #[auth_core::require(feature("new-editor"))]
/// async fn edit() {}
/// ```
#[derive(Debug)]
pub struct Feature<T>(PhantomData<T>);

/// Whoever is signed in to an organization: it is the claim `org_id`.
///
/// ```
/// # #[cfg(feature = "macros")]
/// #[auth_core::require(org("org_01ABCDEFGHJKMNPQRS"))]
/// async fn report() {}
/// ```
#[derive(Debug)]
pub struct Org<T>(PhantomData<T>);

/// Whose token has a scope: it is a word of the claim `scope` (RFC 8693, section 4.2). A refusal
/// names it in the challenge.
///
/// ```
/// # #[cfg(feature = "macros")]
/// #[auth_core::require(scope("posts:write"))]
/// async fn publish() {}
/// ```
#[derive(Debug)]
pub struct Scope<T>(PhantomData<T>);

/// Whoever has a verified e-mail address in a domain, by the rule of [`Admin`].
///
/// ```
/// # #[cfg(feature = "macros")]
/// #[auth_core::require(email_domain("partner.example"))]
/// async fn prices() {}
/// ```
#[derive(Debug)]
pub struct EmailDomain<T>(PhantomData<T>);

/// Whoever is signed in to the organization that a path parameter names. Where the path has no such
/// parameter, or one that is no UTF-8, the answer is 404, also to the opposite of it.
///
/// ```
/// # #[cfg(feature = "macros")]
/// #[auth_core::require(org_param("org"))] // routed at /orgs/{org}/members
/// async fn members() {}
/// ```
#[derive(Debug)]
pub struct OrgParam<T>(PhantomData<T>);

/// Whoever has signed in within so many seconds (`auth_time`). Others are asked to sign in again
/// (RFC 9470).
///
/// ```
/// # #[cfg(feature = "macros")]
/// #[auth_core::require(fresh(300))]
/// async fn change_password() {}
/// ```
#[derive(Debug)]
pub struct Fresh<const SECONDS: u64>;

/// Callers for whom somebody else acts, such as a support engineer (the claim `act`, RFC 8693).
///
/// ```
/// # #[cfg(feature = "macros")]
/// #[auth_core::require(!impersonated)]
/// async fn change_password() {}
/// ```
#[derive(Debug)]
pub enum Impersonated {}

/// What a built-in policy says about a caller.
trait Leaf {
    fn verdict(asked: &Asked<'_, Identity>) -> Verdict;

    /// As `#[require(...)]` has it.
    fn text() -> String;
}

macro_rules! rule {
    ([$($generics:tt)*] $leaf:ty) => {
        impl<$($generics)*> sealed::Rule for $leaf {}

        impl<$($generics)*> Rule for $leaf {
            type Caller = Identity;
            type State = NoState;
            const LOOKS_AT_REQUEST: bool = false;

            fn now(asked: &Asked<'_, Identity>) -> Option<Verdict> {
                Some(Self::verdict(asked))
            }

            async fn later(asked: &Asked<'_, Identity>, _state: &NoState) -> Verdict {
                Self::verdict(asked)
            }

            fn describe(_notes: &mut Notes) -> Expression {
                Expression::Leaf(<Self as Leaf>::text())
            }
        }

        impl<$($generics)*> Immediate for $leaf {}
    };
}

/// One that answers allow or deny.
macro_rules! negatable_rule {
    ([$($generics:tt)*] $leaf:ty) => {
        rule!([$($generics)*] $leaf);
        impl<$($generics)*> Negatable for $leaf {}
    };
}

rule!([] Authenticated);
rule!([const SECONDS: u64] Fresh<SECONDS>);
negatable_rule!([] Admin);
negatable_rule!([] Impersonated);
negatable_rule!([T: Text] Role<T>);
negatable_rule!([T: Text] Permission<T>);
negatable_rule!([T: Text] Entitlement<T>);
negatable_rule!([T: Text] Feature<T>);
negatable_rule!([T: Text] Org<T>);
negatable_rule!([T: Text] Scope<T>);
negatable_rule!([T: Text] EmailDomain<T>);
negatable_rule!([P: Permissions, const AT: usize] PermissionOf<P, AT>);

/// A claim that lists what a caller has; `$is` is the word for one of them.
macro_rules! listed {
    ($leaf:ident, $is:literal, $of_caller:ident) => {
        impl<T: Text> Leaf for $leaf<T> {
            fn verdict(asked: &Asked<'_, Identity>) -> Verdict {
                listed($is, text::checked::<T>(), asked.caller.$of_caller())
            }

            fn text() -> String {
                format!(concat!($is, "({:?})"), T::TEXT)
            }
        }
    };
}

listed!(Role, "role", roles);
listed!(Permission, "permission", permissions);
listed!(Entitlement, "entitlement", entitlements);
listed!(Feature, "feature", feature_flags);

fn listed<'a>(
    is: &str,
    wanted: &str,
    mut of_caller: impl Iterator<Item = &'a str> + Clone,
) -> Verdict {
    let all = of_caller.clone();
    if of_caller.any(|one| one == wanted) {
        return Verdict::ALLOW;
    }
    Verdict::deny(format!("{is}({wanted:?}) is missing; the caller has {}", quoted(all)))
}

/// For the log, where the text of a peer may stand.
fn quoted<'a>(values: impl Iterator<Item = &'a str>) -> String {
    let values: Vec<String> = values.map(|value| format!("{value:?}")).collect();
    if values.is_empty() { "none".to_owned() } else { values.join(", ") }
}

impl<P: Permissions, const AT: usize> Leaf for PermissionOf<P, AT> {
    fn verdict(asked: &Asked<'_, Identity>) -> Verdict {
        listed("permission", Self::NAME, asked.caller.permissions())
    }

    fn text() -> String {
        format!("permission({:?})", Self::NAME)
    }
}

impl Leaf for Authenticated {
    fn verdict(_asked: &Asked<'_, Identity>) -> Verdict {
        Verdict::ALLOW
    }

    fn text() -> String {
        "authenticated".to_owned()
    }
}

impl Leaf for Admin {
    fn verdict(asked: &Asked<'_, Identity>) -> Verdict {
        match asked.caller.check_admin() {
            Ok(()) => Verdict::ALLOW,
            Err(error) => Verdict::refuse(Answer::Deny, error),
        }
    }

    fn text() -> String {
        "admin".to_owned()
    }
}

impl<T: Text> Leaf for Org<T> {
    fn verdict(asked: &Asked<'_, Identity>) -> Verdict {
        organization(asked.caller, text::checked::<T>())
    }

    fn text() -> String {
        format!("org({:?})", T::TEXT)
    }
}

fn organization(caller: &Identity, wanted: &str) -> Verdict {
    match caller.organization_id() {
        Some(organization) if organization == wanted => Verdict::ALLOW,
        Some(other) => {
            Verdict::deny(format!("the caller is in the organization {other:?}, not {wanted:?}"))
        }
        None => Verdict::deny("the caller is signed in to no organization".to_owned()),
    }
}

impl<T: Text> Leaf for Scope<T> {
    fn verdict(asked: &Asked<'_, Identity>) -> Verdict {
        let wanted = text::checked::<T>();
        if asked.caller.scopes().any(|scope| scope == wanted) {
            return Verdict::ALLOW;
        }
        let of_caller = quoted(asked.caller.scopes());
        let error = AuthError::new(Code::InsufficientScope)
            .because(format!("scope({wanted:?}) is missing; the token has {of_caller}"));
        let error = match is_quotable(wanted) {
            true => error.with_parameters(format!("scope=\"{wanted}\"")),
            false => error,
        };
        Verdict::refuse(Answer::Deny, error)
    }

    fn text() -> String {
        format!("scope({:?})", T::TEXT)
    }
}

impl<T: Text> Leaf for EmailDomain<T> {
    fn verdict(asked: &Asked<'_, Identity>) -> Verdict {
        let (caller, wanted) = (asked.caller, text::checked::<T>());
        let in_domain = Domain::parse(wanted)
            .zip(caller.email())
            .is_some_and(|(domain, email)| domain.has(email));
        match (in_domain, caller.email_verified()) {
            (true, true) => Verdict::ALLOW,
            (true, false) => Verdict::refuse(Answer::Deny, admin::email_unverified()),
            (false, _) if caller.email().is_none() => {
                Verdict::refuse(Answer::Deny, admin::email_missing())
            }
            (false, _) => Verdict::deny(format!("the caller's address is not in {wanted:?}")),
        }
    }

    fn text() -> String {
        format!("email_domain({:?})", T::TEXT)
    }
}

impl Leaf for Impersonated {
    fn verdict(asked: &Asked<'_, Identity>) -> Verdict {
        match asked.caller.impersonator() {
            Some(_) => Verdict::ALLOW,
            None => Verdict::deny("nobody acts for the caller".to_owned()),
        }
    }

    fn text() -> String {
        "impersonated".to_owned()
    }
}

impl<const SECONDS: u64> Leaf for Fresh<SECONDS> {
    fn verdict(asked: &Asked<'_, Identity>) -> Verdict {
        let max_age = Duration::from_secs(SECONDS);
        // Of a time in the future nobody knows how long ago it was.
        let age = asked.caller.authenticated_at().map(|at| asked.caller.now().duration_since(at));
        match age {
            Some(Ok(age)) if age <= max_age => Verdict::ALLOW,
            Some(Err(future)) if future.duration() <= asked.auth.leeway() => Verdict::ALLOW,
            Some(_) => StepUp::default()
                .max_age(max_age)
                .verdict(format!("the caller has signed in more than {SECONDS} seconds ago")),
            None => StepUp::default()
                .max_age(max_age)
                .verdict("the token has no `auth_time`".to_owned()),
        }
    }

    fn text() -> String {
        format!("fresh({SECONDS})")
    }
}

impl<T: Text> sealed::Rule for OrgParam<T> {}

impl<T: Text> Rule for OrgParam<T> {
    type Caller = Identity;
    type State = NoState;
    const LOOKS_AT_REQUEST: bool = true;

    fn now(asked: &Asked<'_, Identity>) -> Option<Verdict> {
        Some(organization_in_path::<T>(asked))
    }

    async fn later(asked: &Asked<'_, Identity>, _state: &NoState) -> Verdict {
        organization_in_path::<T>(asked)
    }

    fn describe(notes: &mut Notes) -> Expression {
        notes.parameters.push(T::TEXT);
        Expression::Leaf(format!("org_param({:?})", T::TEXT))
    }
}

fn organization_in_path<T: Text>(asked: &Asked<'_, Identity>) -> Verdict {
    match asked.request.path_parameter(text::checked::<T>()) {
        Some(wanted) => organization(asked.caller, wanted),
        // No deny, which `!` would turn into a permission.
        None => Verdict::refuse(
            Answer::NotFound,
            AuthError::new(Code::NotFound)
                .because(format!("the path has no readable parameter {:?}", T::TEXT)),
        ),
    }
}

impl<T: Text> Immediate for OrgParam<T> {}
impl<T: Text> Negatable for OrgParam<T> {}

impl<R: Text> sealed::Rule for Public<R> {}

impl<R: Text> Rule for Public<R> {
    type Caller = Anyone;
    type State = NoState;
    const LOOKS_AT_REQUEST: bool = false;

    fn now(_asked: &Asked<'_, Anyone>) -> Option<Verdict> {
        Some(Verdict::ALLOW)
    }

    async fn later(_asked: &Asked<'_, Anyone>, _state: &NoState) -> Verdict {
        Verdict::ALLOW
    }

    fn describe(notes: &mut Notes) -> Expression {
        notes.reason = Some(text::checked::<R>());
        Expression::Leaf("public".to_owned())
    }
}

impl<R: Text> Immediate for Public<R> {}
