//! Guards of functions that are no web handlers: whoever is refused does not get into the body, and
//! the refusal arrives as the function's own error.

mod graphql;
mod grpc;
mod service;

use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};

use auth_core::policy::{Admin, Decision, Policy, PolicyError, Predicate, RequestView};
use auth_core::{
    Auth, AuthContext, AuthError, Code, Identity, Supplies, Verification, authenticated, require,
    require_admin,
};
use http::HeaderMap;
use serde_json::json;

use crate::clock::{NOW, TestClock};
use crate::issuer::TestIssuer;

/// A service's `Auth`, and tokens of its issuer.
struct Fixture {
    auth: Auth,
    issuer: TestIssuer,
}

impl Fixture {
    async fn start() -> Self {
        let issuer = TestIssuer::start().await;
        Self { auth: issuer.auth(TestClock::new()).build().unwrap(), issuer }
    }

    /// The token of a caller; the anonymous one has none.
    fn token(&self, caller: Caller) -> Option<String> {
        let claims = match caller {
            Caller::Anonymous => return None,
            Caller::Expired => json!({ "exp": NOW - 60 }),
            Caller::Member => json!({ "sub": "member" }),
            Caller::Editor => json!({ "sub": "editor", "role": "editor" }),
            Caller::Owner => json!({ "sub": "owner", "role": "editor" }),
            Caller::Admin => json!({ "email": "ann@example.com", "email_verified": true }),
        };
        Some(self.issuer.token(claims))
    }

    fn headers(&self, caller: Caller) -> HeaderMap {
        let token = self.token(caller).map(|token| format!("Bearer {token}").parse().unwrap());
        token.map(|token| ("authorization".parse().unwrap(), token)).into_iter().collect()
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Caller {
    Anonymous,
    Expired,
    Member,
    Editor,
    Owner,
    Admin,
}

const CALLERS: [Caller; 6] = [
    Caller::Anonymous,
    Caller::Expired,
    Caller::Member,
    Caller::Editor,
    Caller::Owner,
    Caller::Admin,
];

/// What a service has in its own context of a call.
struct Context {
    verification: Verification,
    entered: AtomicUsize,
}

impl Context {
    /// What every body does first.
    fn enter(&self) -> usize {
        self.entered.fetch_add(1, Ordering::SeqCst) + 1
    }
}

impl AuthContext for Context {
    fn verification(&self) -> Option<&Verification> {
        Some(&self.verification)
    }
}

/// Names that the service has given, and the guard does not mean.
impl Context {
    #[allow(dead_code, clippy::extra_unused_type_parameters, reason = "it must not be called")]
    fn require<P>(&self) -> Result<(), AuthError> {
        unreachable!("the guard asks the context, not its namesake")
    }

    #[allow(dead_code, clippy::extra_unused_type_parameters, reason = "it must not be called")]
    async fn require_waiting<P>(&self) -> Result<(), AuthError> {
        unreachable!("the guard asks the context, not its namesake")
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Error {
    Refused(Code),
    Odd,
}

impl From<AuthError> for Error {
    fn from(error: AuthError) -> Self {
        Self::Refused(error.code())
    }
}

/// The caller whose name stands in the database.
struct Own;

#[derive(Clone)]
struct Db {
    owner: &'static str,
}

impl Supplies<Db> for Context {
    fn supply(&self) -> Db {
        Db { owner: "owner" }
    }
}

impl Policy for Own {
    type State = Db;

    async fn check(
        _request: &RequestView<'_>,
        caller: &Identity,
        db: &Db,
    ) -> Result<Decision, PolicyError> {
        tokio::task::yield_now().await;
        Ok(if caller.subject() == db.owner { Decision::Allow } else { Decision::NotFound })
    }
}

struct IsMember;

impl Predicate for IsMember {
    fn holds(caller: &Identity) -> bool {
        caller.subject() == "member"
    }
}

#[authenticated(via = ctx)]
fn free(ctx: &Context) -> Result<usize, Error> {
    Ok(ctx.enter())
}

#[require_admin(via = ctx)]
async fn free_async(ctx: &Context) -> Result<usize, Error> {
    Ok(ctx.enter())
}

#[require(role("editor") && Own, via = ctx)]
async fn free_waiting(ctx: &Context) -> Result<usize, Error> {
    Ok(ctx.enter())
}

#[require(role("editor") || IsMember, via = ctx)]
fn free_joined(ctx: &Context) -> Result<usize, Error> {
    Ok(ctx.enter())
}

#[require(role("editor"), via = context)]
async fn generic<C, const N: usize>(context: C, text: impl Into<String>) -> Result<usize, Error>
where
    C: AuthContext + AsRef<Context> + Send,
{
    if text.into().len() != N {
        return Err(Error::Odd);
    }
    Ok(context.as_ref().enter())
}

struct Borrowed<'a>(&'a Context);

impl AsRef<Context> for Borrowed<'_> {
    fn as_ref(&self) -> &Context {
        self.0
    }
}

impl AuthContext for Borrowed<'_> {
    fn verification(&self) -> Option<&Verification> {
        self.0.verification()
    }
}

impl Context {
    #[require_admin(via = self)]
    fn by_reference(&self) -> Result<usize, Error> {
        Ok(self.enter())
    }

    #[authenticated(via = self)]
    async fn by_mutable_reference(&mut self) -> Result<usize, Error> {
        Ok(self.enter())
    }
}

impl<'a> Borrowed<'a> {
    #[require_admin(via = self)]
    async fn by_value(self) -> Result<usize, Error> {
        Ok(self.0.enter())
    }

    /// The context is a part of what the function has.
    #[require(role("editor"), via = self.0.verification)]
    fn by_a_field(&self) -> Result<usize, Error> {
        Ok(self.0.enter())
    }
}

trait Posts {
    fn count(&self) -> Result<usize, Error>;

    fn load(&self) -> impl Future<Output = Result<usize, Error>> + Send;
}

impl Posts for Context {
    #[require_admin(via = self)]
    fn count(&self) -> Result<usize, Error> {
        Ok(self.enter())
    }

    #[require(role("editor") && Own, via = self)]
    async fn load(&self) -> Result<usize, Error> {
        Ok(self.enter())
    }
}

#[tonic::async_trait]
trait Boxed {
    async fn boxed(&self) -> Result<usize, Error>;

    /// The check is the first statement of the provided body, too.
    async fn provided(&self) -> Result<usize, Error>;
}

#[tonic::async_trait]
impl Boxed for Context {
    #[require(role("editor") || IsMember, via = self)]
    async fn boxed(&self) -> Result<usize, Error> {
        tokio::task::yield_now().await;
        Ok(self.enter())
    }

    #[require_admin(via = self)]
    async fn provided(&self) -> Result<usize, Error> {
        Ok(self.enter())
    }
}

#[tonic::async_trait]
trait BoxedForOneThread {
    fn not_send(&self) -> Pin<Box<dyn Future<Output = Result<usize, Error>> + '_>>;
}

impl BoxedForOneThread for Context {
    /// What `#[async_trait(?Send)]` writes.
    #[require_admin(via = self)]
    fn not_send(&self) -> Pin<Box<dyn Future<Output = Result<usize, Error>> + '_>> {
        Box::pin(async move { Ok(self.enter()) })
    }
}

/// The function form of the recipe, which gives the proof.
fn by_hand(ctx: &Context) -> Result<usize, Error> {
    let admin = AuthContext::require::<Admin>(ctx)?;
    assert_eq!(admin.identity().email(), Some("ann@example.com"));
    Ok(ctx.enter())
}

type Answer<'a> = Pin<Box<dyn Future<Output = Result<usize, Error>> + 'a>>;
type Call = for<'a> fn(&'a mut Context) -> Answer<'a>;

/// Who gets in; everybody else has the code that stands there.
fn expected(policy: &str, caller: Caller) -> Result<usize, Error> {
    use Caller::{Admin, Anonymous, Editor, Expired, Member, Owner};
    let refused = |code| Err(Error::Refused(code));
    match (policy, caller) {
        (_, Anonymous) => refused(Code::NoCredentials),
        (_, Expired) => refused(Code::TokenExpired),
        ("authenticated", _) => Ok(1),
        ("admin", Admin) => Ok(1),
        ("admin", _) => refused(Code::EmailMissing),
        ("editor", Editor | Owner) => Ok(1),
        ("editor or member", Editor | Owner | Member) => Ok(1),
        ("editor and own", Owner) => Ok(1),
        ("editor and own", Editor) => refused(Code::NotFound),
        ("editor" | "editor or member" | "editor and own", _) => refused(Code::Forbidden),
        _ => panic!("no such policy: {policy}"),
    }
}

#[tokio::test]
async fn nobody_gets_into_a_function_without_satisfying_its_policy() {
    let calls: [(&str, &str, Call); 17] = [
        ("free", "authenticated", |ctx| Box::pin(async { free(ctx) })),
        ("free async", "admin", |ctx| Box::pin(free_async(ctx))),
        ("free waiting", "editor and own", |ctx| Box::pin(free_waiting(ctx))),
        ("free joined", "editor or member", |ctx| Box::pin(async { free_joined(ctx) })),
        ("generic", "editor", |ctx| Box::pin(generic::<_, 4>(Borrowed(ctx), "four"))),
        ("by reference", "admin", |ctx| Box::pin(async { ctx.by_reference() })),
        ("by mutable reference", "authenticated", |ctx| Box::pin(ctx.by_mutable_reference())),
        ("by value", "admin", |ctx| Box::pin(Borrowed(ctx).by_value())),
        ("by a field", "editor", |ctx| Box::pin(async { Borrowed(ctx).by_a_field() })),
        ("of a trait", "admin", |ctx| Box::pin(async { ctx.count() })),
        ("of a trait, async", "editor and own", |ctx| Box::pin(ctx.load())),
        ("of an async_trait", "editor or member", |ctx| ctx.boxed()),
        ("of an async_trait, admin", "admin", |ctx| ctx.provided()),
        ("of a trait of one thread", "admin", |ctx| ctx.not_send()),
        ("of the verification", "authenticated", |ctx| {
            #[authenticated(via = verification)]
            fn guarded(verification: &Verification, ctx: &Context) -> Result<usize, Error> {
                Ok(ctx.enter())
            }
            Box::pin(async { guarded(&ctx.verification, ctx) })
        }),
        ("of a request", "admin", |ctx| {
            #[require_admin(via = request)]
            fn guarded(request: http::Request<()>, ctx: &Context) -> Result<usize, Error> {
                Ok(ctx.enter())
            }
            let mut request = http::Request::new(());
            request.extensions_mut().insert(ctx.verification.clone());
            Box::pin(async { guarded(request, ctx) })
        }),
        ("by hand", "admin", |ctx| Box::pin(async { by_hand(ctx) })),
    ];
    let fixture = Fixture::start().await;
    for caller in CALLERS {
        let verification = fixture.auth.verification(&fixture.headers(caller)).await;
        for (name, policy, call) in calls {
            let verification = verification.clone();
            let mut context = Context { verification, entered: AtomicUsize::new(0) };
            let answer = call(&mut context).await;
            let entered = context.entered.load(Ordering::SeqCst);
            assert_eq!(answer, expected(policy, caller), "{name}, {caller:?}");
            assert_eq!(entered, usize::from(answer.is_ok()), "{name}, {caller:?}");
        }
    }
}

/// A caller who may gets the function's own errors.
#[tokio::test]
async fn the_errors_of_the_body_stay() {
    let fixture = Fixture::start().await;
    let verification = fixture.auth.verification(&fixture.headers(Caller::Editor)).await;
    let context = Context { verification, entered: AtomicUsize::new(0) };
    assert_eq!(generic::<_, 5>(Borrowed(&context), "four").await, Err(Error::Odd));
}

/// Where nobody has looked who calls, nobody is let in.
#[test]
fn a_context_without_a_verification_refuses() {
    #[authenticated(via = request)]
    fn guarded(request: &http::Request<()>) -> Result<usize, Error> {
        Ok(request.extensions().len())
    }
    assert_eq!(guarded(&http::Request::new(())), Err(Error::Refused(Code::GuardMissing)));
}
