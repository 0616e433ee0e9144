//! A GraphQL resolver, run in process: `via` is any expression that gives who calls.

use async_graphql::{Context, EmptySubscription, Object, Request, Schema};
use auth_core::{AuthError, Verification, authenticated, require_admin};

use super::{Caller, Fixture};

struct Query;

#[Object]
impl Query {
    #[authenticated(via = ctx.data_unchecked::<Verification>())]
    async fn me(&self, ctx: &Context<'_>) -> async_graphql::Result<String> {
        use auth_core::AuthContext;
        let caller = ctx.data_unchecked::<Verification>();
        Ok(caller.require::<auth_core::policy::Authenticated>()?.identity().subject().to_owned())
    }

    /// With the error that it is, and an argument.
    #[require_admin(via = ctx.data_unchecked::<Verification>())]
    async fn post(&self, ctx: &Context<'_>, id: u64) -> Result<u64, AuthError> {
        Ok(id)
    }

    async fn open(&self) -> &str {
        "anybody"
    }
}

struct Mutation;

#[Object]
impl Mutation {
    #[require_admin(via = ctx.data_unchecked::<Verification>())]
    async fn delete(&self, ctx: &Context<'_>) -> async_graphql::Result<bool> {
        Ok(true)
    }
}

#[tokio::test]
async fn resolvers_are_guarded_one_by_one() {
    let fixture = Fixture::start().await;
    let schema = Schema::new(Query, Mutation, EmptySubscription);
    for (caller, query, expected) in [
        (Caller::Anonymous, "{ me }", Err("no_credentials")),
        (Caller::Anonymous, "{ post(id: 7) }", Err("no_credentials")),
        (Caller::Anonymous, "mutation { delete }", Err("no_credentials")),
        (Caller::Anonymous, "{ open }", Ok(r#"{open: "anybody"}"#)),
        (Caller::Expired, "{ me }", Err("token_expired")),
        (Caller::Expired, "{ open }", Ok(r#"{open: "anybody"}"#)),
        (Caller::Member, "{ me }", Ok(r#"{me: "member"}"#)),
        (Caller::Member, "{ post(id: 7) }", Err("email_missing")),
        (Caller::Member, "mutation { delete }", Err("email_missing")),
        (Caller::Admin, "{ me post(id: 7) }", Ok(r#"{me: "user_01", post: 7}"#)),
        (Caller::Admin, "mutation { delete }", Ok("{delete: true}")),
    ] {
        let verification = fixture.auth.verification(&fixture.headers(caller)).await;
        let answer = schema.execute(Request::new(query).data(verification)).await;
        let errors: Vec<&str> = answer.errors.iter().map(|error| error.message.as_str()).collect();
        match expected {
            Ok(data) => assert_eq!(
                (answer.data.to_string().as_str(), errors),
                (data, Vec::new()),
                "{caller:?} {query}"
            ),
            // The code and no more: what else is known is for the log.
            Err(code) => assert_eq!(errors, [code], "{caller:?} {query}"),
        }
    }
}
