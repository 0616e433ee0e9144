//! Expressions of policies against two other readers of them: Rust's own `&&`, `||` and `!`, and the
//! table of how answers combine.

#![allow(clippy::nonminimal_bool, reason = "expressions stand here as people write them")]

use std::collections::BTreeSet;
use std::future::Future;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, SystemTime};

use auth_macros::policy;
use proptest::prelude::*;
use serde_json::json;

use super::answer::{Answer, Operator};
use super::*;
use crate::clock::Clock;
use crate::context::Supplies;
use crate::identity::Identity;
use crate::keys::{Fetch, FetchError, FetchFuture};
use crate::token::Claims;
use crate::{Auth, Code, issuer};

/// A policy that answers as the path parameter of its number says, after being waited for.
struct Scripted<const N: usize>;

type A = Scripted<0>;
type B = Scripted<1>;
type C = Scripted<2>;

impl<const N: usize> Policy for Scripted<N> {
    type State = Log;

    async fn check(
        request: &RequestView<'_>,
        _caller: &Identity,
        log: &Log,
    ) -> Result<Decision, PolicyError> {
        log.0.lock().unwrap().push(N);
        match request.path_parameter(&N.to_string()) {
            Some("Allow") => Ok(Decision::Allow),
            Some("Deny") => Ok(Decision::Deny),
            Some("NotFound") => Ok(Decision::NotFound),
            Some("StepUp") => Ok(Decision::StepUp(StepUp::default())),
            _ => Err(PolicyError::new("on purpose")),
        }
    }
}

/// Which policies have been waited for.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<usize>>>);

impl Supplies<Log> for Log {
    fn supply(&self) -> Log {
        self.clone()
    }
}

/// A policy that depends on the caller: whether it has the role of this name.
enum S {}
enum T {}

impl Predicate for S {
    fn holds(caller: &Identity) -> bool {
        caller.roles().any(|role| role == "S")
    }
}

impl Predicate for T {
    fn holds(caller: &Identity) -> bool {
        caller.roles().any(|role| role == "T")
    }
}

struct NoFetch;

impl Fetch for NoFetch {
    fn fetch<'a>(&'a self, _url: &'a str) -> FetchFuture<'a> {
        Box::pin(async { Err(FetchError::new("nothing is fetched")) })
    }
}

fn auth() -> Auth {
    let issuer = issuer::Issuer::new("https://issuer.test/", "https://issuer.test/jwks", "api");
    Auth::builder().issuer(issuer).fetch(NoFetch).build().unwrap()
}

fn identity(claims: serde_json::Value) -> Identity {
    identity_at(0, claims)
}

/// Stands still.
struct At(u64);

impl Clock for At {
    fn now(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(self.0)
    }

    fn monotonic(&self) -> Duration {
        Duration::ZERO
    }
}

fn identity_at(now: u64, claims: serde_json::Value) -> Identity {
    let mut all = json!({ "iss": "https://issuer.test/", "sub": "s", "exp": 4_000_000_000_u64 });
    all.as_object_mut().unwrap().extend(claims.as_object().unwrap().clone());
    let claims = Claims::parse(&all.to_string()).unwrap();
    Identity::new(claims, None, Arc::default(), Arc::new(At(now)))
}

/// What a rule answers, and which parts it has waited for.
fn ask<P>(caller: &Identity, parameters: &[(String, String)]) -> (Answer, Vec<usize>)
where
    P: Rule<Caller = Identity>,
    Log: Supplies<P::State>,
{
    let (auth, log) = (auth(), Log::default());
    let request = RequestView::NONE.with_path_parameters(parameters);
    let asked = Asked::about(caller, &request, &auth);
    let verdict = P::now(&asked).unwrap_or_else(|| {
        let state = log.supply();
        match pin!(P::later(&asked, &state)).poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(verdict) => verdict,
            Poll::Pending => panic!("nothing in here waits"),
        }
    });
    let waited_for = log.0.lock().unwrap().clone();
    (verdict.answer(), waited_for)
}

/// The answer by the table, with every part asked.
fn by_table(expression: &Expression, of_leaf: &dyn Fn(&str) -> Answer) -> Answer {
    let join = |operator: Operator, parts: &[Expression]| {
        let answers = parts.iter().map(|part| by_table(part, of_leaf));
        answers.reduce(|a, b| operator.join(a, b)).unwrap()
    };
    match expression {
        Expression::Leaf(name) => of_leaf(name),
        Expression::All(parts) => join(Operator::And, parts),
        Expression::Any(parts) => join(Operator::Or, parts),
        Expression::Not(part) => match by_table(part, of_leaf) {
            Answer::Allow => Answer::Deny,
            Answer::Deny => Answer::Allow,
            other => other,
        },
    }
}

const ANSWERS: [Answer; 5] =
    [Answer::Allow, Answer::Deny, Answer::NotFound, Answer::StepUp, Answer::Failed];

/// Every assignment of answers to the parts of each expression.
macro_rules! exhaustively {
    ($names:tt $([$($expression:tt)+])+) => { $(exhaustively!(@ $names $($expression)+);)+ };
    (@ ($a:ident $b:ident $c:ident $s:ident $t:ident) $($expression:tt)+) => {{
        policy!(crate = crate; Tried = $($expression)+);
        type Tree = <Tried as Named>::Rule;
        let expression = Tree::describe(&mut Notes::default());
        let text = expression.to_string();
        for [a, b, c] in triples() {
            for (s, t) in [(true, true), (true, false), (false, true), (false, false)] {
                let roles: Vec<&str> =
                    [("S", s), ("T", t)].iter().filter(|(_, has)| *has).map(|(name, _)| *name).collect();
                let caller = identity(json!({ "roles": roles }));
                let parameters: Vec<(String, String)> = [a, b, c].iter().enumerate()
                    .map(|(at, answer)| (at.to_string(), format!("{answer:?}"))).collect();
                let (came, waited_for) = ask::<Tried>(&caller, &parameters);
                let case = format!("{text} with {a:?} {b:?} {c:?} {s} {t}: {came:?} {waited_for:?}");

                // Rust's own operators.
                #[allow(non_snake_case, unused_variables, reason = "named like the policies")]
                let allowed = {
                    let [$a, $b, $c] = [a, b, c].map(|answer| answer == Answer::Allow);
                    let ($s, $t) = (s, t);
                    $($expression)+
                };
                assert_eq!(came == Answer::Allow, allowed, "{case}");

                // The table. Only a part that was not asked after a deny may have failed.
                let expected = by_table(&expression, &|name| match name {
                    "Scripted<0>" => a,
                    "Scripted<1>" => b,
                    "Scripted<2>" => c,
                    "S" if s => Answer::Allow,
                    "T" if t => Answer::Allow,
                    "S" | "T" => Answer::Deny,
                    other => panic!("{other}"),
                });
                let unasked_failure = [a, b, c].iter().enumerate()
                    .any(|(at, answer)| *answer == Answer::Failed && !waited_for.contains(&at));
                assert!(came == expected || unasked_failure, "{case}, not {expected:?}");

                let once: BTreeSet<usize> = waited_for.iter().copied().collect();
                assert_eq!(once.len(), waited_for.len(), "asked once: {case}");
            }
        }
    }};
}

fn triples() -> impl Iterator<Item = [Answer; 3]> {
    ANSWERS.into_iter().flat_map(|a| {
        ANSWERS.into_iter().flat_map(move |b| ANSWERS.into_iter().map(move |c| [a, b, c]))
    })
}

#[test]
fn expressions_mean_what_they_mean_in_rust_and_answer_by_the_table() {
    exhaustively! {
        (A B C S T)
        [A]
        [S]
        [!S]
        [A || B]
        [A && B]
        [A || B || C]
        [A && B && C]
        [A || B && C]
        [A && B || C]
        [(A || B) && C]
        [A && (B || C)]
        [(A && B) || C]
        [S || A]
        [A || S]
        [S && A]
        [A && S]
        [!S && A]
        [A || !S && B]
        [!(S || T) && A]
        [!(S && T) || A && B]
        [!!S && A]
        [S && A || T && B]
        [(S || A) && (T || B)]
        [(A || B && S) && (C || !T)]
        [S && (A || T && (B || C))]
        [(A && S || B) && !(T && !S) || C]
    }
}

/// The table shows a policy as `#[require(..)]` has it.
#[test]
fn every_policy_reads_as_it_is_written() {
    #[derive(auth_macros::Permissions)]
    #[permissions(crate = crate)]
    enum Can {
        #[permission("posts:write")]
        WritePosts,
    }
    assert_eq!(Can::WritePosts as usize, 0);

    macro_rules! reads {
        ($([$($expression:tt)+] $text:literal)+) => { $({
            policy!(crate = crate; Tried = $($expression)+);
            let shown = <Tried as Named>::Rule::describe(&mut Notes::default()).to_string();
            assert_eq!(shown, $text);
        })+ };
    }
    reads! {
        [admin] "admin"
        [impersonated] "impersonated"
        [role("a")] r#"role("a")"#
        [permission("a")] r#"permission("a")"#
        [permission(Can::WritePosts)] r#"permission("posts:write")"#
        [entitlement("a")] r#"entitlement("a")"#
        [feature("a")] r#"feature("a")"#
        [org("a")] r#"org("a")"#
        [org_param("a")] r#"org_param("a")"#
        [scope("a")] r#"scope("a")"#
        [email_domain("a.test")] r#"email_domain("a.test")"#
        [fresh(300)] "fresh(300)"
        [S || !T && A] "S || !T && Scripted<0>"
    }
    assert_eq!(Authenticated::describe(&mut Notes::default()).to_string(), "authenticated");
}

#[test]
fn the_log_hears_what_is_missing_and_what_is_there() {
    policy!(crate = crate; Editor = role("editor"));
    let (caller, auth) = (identity(json!({ "roles": ["b", "c\n"] })), auth());
    let verdict = Editor::now(&Asked::about(&caller, &RequestView::NONE, &auth)).unwrap();
    let expected = r#"role("editor") is missing; the caller has "b", "c\n""#;
    assert_eq!(verdict.into_result().unwrap_err().detail(), Some(expected));
}

/// An answer that was waited for counts for the same policy, caller and request, and no other.
#[test]
fn an_answer_is_kept_for_what_was_asked() {
    let (ann, bob) = (identity(json!({})), identity(json!({ "sub": "bob" })));
    let path = |value: &str| vec![("0".to_owned(), value.to_owned())];
    let (here, there) = (path("here"), path("there"));
    let request = RequestView::NONE.with_path_parameters(&here);
    let mut kept = WaitedFor::default();
    assert!(!kept.allows::<A>(&ann, &request));
    kept.remember::<A>(&ann, &request);
    assert!(kept.allows::<A>(&ann, &request));
    assert!(!kept.allows::<B>(&ann, &request), "another policy");
    assert!(!kept.allows::<A>(&bob, &request), "another caller");
    let elsewhere = RequestView::NONE.with_path_parameters(&there);
    assert!(!kept.allows::<A>(&ann, &elsewhere), "another path");
    let (method, headers) = (http::Method::GET, http::HeaderMap::new());
    let of_http = RequestView::new(&method, &headers).with_path_parameters(&here);
    assert!(!kept.allows::<A>(&ann, &of_http), "another method");
}

#[test]
fn a_refusal_by_address_says_which_way_it_lacks() {
    policy!(crate = crate; Ours = email_domain("a.test"));
    let code = |claims| {
        let (caller, auth) = (identity(claims), auth());
        let verdict = Ours::now(&Asked::about(&caller, &RequestView::NONE, &auth)).unwrap();
        verdict.into_result().err().map(|error| error.code())
    };
    let address = |email, verified: bool| json!({ "email": email, "email_verified": verified });
    assert_eq!(code(address("ann@a.test", true)), None);
    assert_eq!(code(address("ann@a.test", false)), Some(Code::EmailUnverified));
    assert_eq!(code(address("ann@b.test", true)), Some(Code::Forbidden));
    assert_eq!(code(json!({})), Some(Code::EmailMissing));
}

#[test]
fn signing_in_is_fresh_to_the_second_and_clocks_may_differ() {
    policy!(crate = crate; Fresh = fresh(300));
    const NOW: u64 = 1_000_000;
    for (auth_time, expected) in [
        (NOW, Answer::Allow),
        (NOW - 300, Answer::Allow),
        (NOW - 301, Answer::StepUp),
        // The leeway is five seconds.
        (NOW + 5, Answer::Allow),
        (NOW + 6, Answer::StepUp),
    ] {
        let caller = identity_at(NOW, json!({ "auth_time": auth_time }));
        assert_eq!(ask::<Fresh>(&caller, &[]).0, expected, "{auth_time}");
    }
}

/// Synchronous functions ask no more than this.
#[test]
fn what_need_not_be_waited_for_answers_at_once() {
    fn at_once<P: Immediate + Rule<Caller = Identity>>(roles: &[&str]) -> Option<Answer> {
        let (caller, auth) = (identity(json!({ "roles": roles })), auth());
        let asked = Asked::about(&caller, &RequestView::NONE, &auth);
        P::now(&asked).map(|verdict| verdict.answer())
    }
    policy!(crate = crate; Opposite = !S);
    policy!(crate = crate; Joined = !(S && T) && (S || T));
    assert_eq!(at_once::<Opposite>(&[]), Some(Answer::Allow));
    assert_eq!(at_once::<Opposite>(&["S"]), Some(Answer::Deny));
    assert_eq!(at_once::<Joined>(&["S"]), Some(Answer::Allow));
    assert_eq!(at_once::<Joined>(&["S", "T"]), Some(Answer::Deny));
}

#[test]
fn a_settled_answer_is_not_asked_for_again() {
    policy!(crate = crate; Both = A && B);
    policy!(crate = crate; Either = A || B);
    let answers = |answers: [&str; 2]| -> Vec<(String, String)> {
        answers
            .iter()
            .enumerate()
            .map(|(at, answer)| (at.to_string(), (*answer).to_owned()))
            .collect()
    };
    let caller = identity(json!({}));
    assert_eq!(ask::<Both>(&caller, &answers(["Deny", "Allow"])), (Answer::Deny, vec![0]));
    assert_eq!(ask::<Both>(&caller, &answers(["Failed", "Allow"])), (Answer::Failed, vec![0]));
    assert_eq!(ask::<Both>(&caller, &answers(["StepUp", "Deny"])), (Answer::Deny, vec![0, 1]));
    assert_eq!(ask::<Either>(&caller, &answers(["Allow", "Deny"])), (Answer::Allow, vec![0]));
    assert_eq!(ask::<Either>(&caller, &answers(["Failed", "Allow"])), (Answer::Allow, vec![0, 1]));
}

/// Holds for the first that ask, and then no more.
enum Flips {}

thread_local! {
    static LEFT: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

impl Predicate for Flips {
    fn holds(_caller: &Identity) -> bool {
        LEFT.replace(LEFT.get().saturating_sub(1)) > 0
    }
}

/// A predicate may change its mind at any time; nobody gets past a policy that denies.
#[test]
fn no_part_is_passed_over_because_a_predicate_changes_its_mind() {
    policy!(crate = crate; Inner = Flips && B);
    policy!(crate = crate; Both = A && Inner);
    policy!(crate = crate; Either = A || (!Flips || B));
    let answers: Vec<(String, String)> = [("0", "Allow"), ("1", "Deny")]
        .map(|(at, answer)| (at.to_owned(), answer.to_owned()))
        .into();
    for holds in 0..8 {
        LEFT.set(holds);
        let (came, _) = ask::<Both>(&identity(json!({})), &answers);
        assert_eq!(came, Answer::Deny, "holds {holds} times");
        LEFT.set(holds);
        let (came, _) = ask::<Either>(&identity(json!({})), &answers);
        assert_eq!(came, Answer::Allow, "holds {holds} times");
    }
}

/// Nobody is let in because a parameter of the path cannot be seen.
#[test]
fn an_organization_that_the_path_does_not_name_is_hidden() {
    policy!(crate = crate; Inside = org_param("org"));
    policy!(crate = crate; Outside = !org_param("org"));
    let caller = identity(json!({ "org_id": "org_1" }));
    let path = |values: &[&str]| -> Vec<(String, String)> {
        values.iter().map(|value| ("org".to_owned(), (*value).to_owned())).collect()
    };
    for (values, inside, outside) in [
        (&["org_1"][..], Answer::Allow, Answer::Deny),
        (&["org_2"], Answer::Deny, Answer::Allow),
        (&[], Answer::NotFound, Answer::NotFound),
        (&["org_2", "org_2"], Answer::NotFound, Answer::NotFound),
    ] {
        assert_eq!(ask::<Inside>(&caller, &path(values)).0, inside, "{values:?}");
        assert_eq!(ask::<Outside>(&caller, &path(values)).0, outside, "not {values:?}");
    }
}

#[test]
fn what_need_not_be_waited_for_is_asked_first() {
    policy!(crate = crate; Both = A && S);
    policy!(crate = crate; Either = A || S);
    policy!(crate = crate; Nested = (A || S) && (B && T));
    let with = |roles: &[&str]| identity(json!({ "roles": roles }));
    let allow: Vec<(String, String)> =
        (0..3).map(|at: usize| (at.to_string(), "Allow".to_owned())).collect();

    assert_eq!(ask::<Both>(&with(&[]), &allow), (Answer::Deny, vec![]));
    assert_eq!(ask::<Both>(&with(&["S"]), &allow), (Answer::Allow, vec![0]));
    assert_eq!(ask::<Either>(&with(&["S"]), &allow), (Answer::Allow, vec![]));
    assert_eq!(ask::<Either>(&with(&[]), &allow), (Answer::Allow, vec![0]));
    assert_eq!(ask::<Nested>(&with(&["S"]), &allow), (Answer::Deny, vec![]));
    assert_eq!(ask::<Nested>(&with(&["S", "T"]), &allow), (Answer::Allow, vec![1]));
    assert_eq!(ask::<Nested>(&with(&["T"]), &allow), (Answer::Allow, vec![0, 1]));
}

/// Built-in policies as functions of the claims, for Rust's own evaluation.
struct ByHand<'a>(&'a serde_json::Value);

impl ByHand<'_> {
    fn lists(&self, claim: &str, text: &str) -> bool {
        let listed = self.0[claim].as_array();
        listed.is_some_and(|listed| listed.iter().any(|one| one.as_str() == Some(text)))
    }

    fn is(&self, claim: &str, text: &str) -> bool {
        self.0[claim].as_str() == Some(text)
    }
}

macro_rules! as_in_rust {
    ($claims:expr; $names:tt $([$($expression:tt)+])+) => {
        $(as_in_rust!(@ $claims; $names $($expression)+);)+
    };
    (@ $claims:expr;
        ($role:ident $permission:ident $entitlement:ident $feature:ident $org:ident $scope:ident
        $email_domain:ident $impersonated:ident) $($expression:tt)+
    ) => {{
        policy!(crate = crate; Tried = $($expression)+);
        let claims: &serde_json::Value = $claims;
        let by_hand = ByHand(claims);
        #[allow(unused_variables, reason = "not every expression uses every policy")]
        let expected = {
            let $role = |text| by_hand.lists("roles", text) || by_hand.is("role", text);
            let $permission = |text| by_hand.lists("permissions", text);
            let $entitlement = |text| by_hand.lists("entitlements", text);
            let $feature = |text| by_hand.lists("feature_flags", text);
            let $org = |text| by_hand.is("org_id", text);
            let $scope = |text: &str| claims["scope"].as_str()
                .is_some_and(|scopes| scopes.split(' ').any(|scope| scope == text));
            let $email_domain = |text: &str| claims["email_verified"] == true
                && claims["email"] == format!("a@{text}");
            let $impersonated = claims["act"].is_object();
            $($expression)+
        };
        let (came, _) = ask::<Tried>(&identity(claims.clone()), &[]);
        prop_assert_eq!(came == Answer::Allow, expected, "{} of {}", stringify!($($expression)+), claims);
    }};
}

fn words() -> impl Strategy<Value = Vec<&'static str>> {
    prop::collection::vec(prop::sample::select(vec!["a", "b", "c", "A", "a ", ""]), 0..3)
}

prop_compose! {
    fn claims()(
        roles in words(), permissions in words(), entitlements in words(), feature_flags in words(),
        role in prop::sample::select(vec!["a", "b", "A", "ab"]),
        org_id in prop::sample::select(vec!["a", "b", ""]),
        scope in prop::sample::select(vec!["", "a", "a b", "ab", "b a", "A"]),
        email in prop::sample::select(vec!["a@a.test", "a@b.test", "a@b.test@a.test"]),
        email_verified in any::<bool>(),
        act in any::<bool>(),
        absent in prop::collection::hash_set(0_usize..9, 0..5),
    ) -> serde_json::Value {
        let mut claims = json!({
            "roles": roles, "permissions": permissions, "entitlements": entitlements,
            "feature_flags": feature_flags, "role": role, "org_id": org_id, "scope": scope,
            "email": email, "email_verified": email_verified,
        });
        let claims_by_name = claims.as_object_mut().unwrap();
        let names: Vec<String> = claims_by_name.keys().cloned().collect();
        for at in absent {
            claims_by_name.remove(&names[at]);
        }
        if act {
            claims_by_name.insert("act".to_owned(), json!({ "sub": "support@a.test" }));
        }
        claims
    }
}

proptest! {
    #[test]
    fn built_in_policies_decide_as_the_same_words_in_rust(claims in claims()) {
        as_in_rust! { &claims;
            (role permission entitlement feature org scope email_domain impersonated)
            [role("a")]
            [permission("a")]
            [entitlement("a")]
            [feature("a")]
            [org("a")]
            [scope("a")]
            [email_domain("a.test")]
            [impersonated]
            [role("a") || role("b") && permission("a")]
            [(role("a") || role("b")) && permission("a")]
            [role("a") && !permission("b") || scope("b")]
            [!(role("a") && feature("b")) && entitlement("c")]
            [!role("a") && !role("b")]
            [email_domain("a.test") && !impersonated || org("b")]
            [role("a") || permission("b") || entitlement("c") || feature("a") && org("a")]
            [!(scope("a") || !(org("a") && role("b"))) || !impersonated && role("A")]
        }
    }
}
