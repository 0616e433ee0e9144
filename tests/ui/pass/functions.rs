//! Guards of functions that are no handlers.

#![deny(warnings)]

use std::fmt::Display;

use auth_core::{AuthContext, AuthError, Verification, authenticated, require, require_admin};

enum Error {
    Refused(AuthError),
    Odd,
}

impl From<AuthError> for Error {
    fn from(error: AuthError) -> Self {
        Self::Refused(error)
    }
}

struct Context<'a> {
    verification: &'a Verification,
}

impl AuthContext for Context<'_> {
    fn verification(&self) -> Option<&Verification> {
        Some(self.verification)
    }
}

/// Documentation stays.
#[authenticated(via = ctx)]
#[must_use]
fn free<'a, T>(ctx: &Context<'_>, text: &'a T) -> Result<&'a T, Error>
where
    T: Display + ?Sized,
{
    if text.to_string().is_empty() {
        return Err(Error::Odd);
    }
    Ok(text)
}

#[tracing::instrument(skip_all)]
#[require(role("editor") && !impersonated, via = ctx)]
async fn instrumented_above(ctx: &Context<'_>) -> Result<(), Error> {
    Ok(())
}

#[require(role("editor"), via = ctx)]
#[tracing::instrument(skip_all)]
async fn instrumented_below(ctx: &Context<'_>) -> Result<(), Error> {
    Ok(())
}

#[require_admin(via = ctx.verification)]
async fn by_a_field(ctx: Context<'_>) -> Result<impl Display, Error> {
    Ok("ok")
}

#[require_admin(via = contexts[0].verification)]
fn by_an_index(contexts: &[Context<'_>]) -> Result<(), AuthError> {
    Ok(())
}

impl Context<'_> {
    #[authenticated(via = self)]
    fn by_reference(&self) -> Result<(), Error> {
        Ok(())
    }

    #[authenticated(via = self)]
    async fn by_mutable_reference(&mut self) -> Result<(), Error> {
        Ok(())
    }

    #[authenticated(via = self)]
    async fn by_value(self) -> Result<(), Error> {
        Ok(())
    }

    #[authenticated(via = self.verification)]
    async fn whose_arguments_have_names_that_the_check_might_use(
        &self,
        refusal: u8,
        guard: u8,
    ) -> Result<u8, Error> {
        Ok(refusal + guard)
    }
}

trait Posts {
    fn list(&self) -> Result<(), Error>;

    fn load(&self) -> impl Future<Output = Result<(), Error>> + Send;

    #[authenticated(via = self.context())]
    fn provided(&self) -> Result<(), Error> {
        Ok(())
    }

    fn context(&self) -> &Verification;
}

impl Posts for Context<'_> {
    #[authenticated(via = self)]
    fn list(&self) -> Result<(), Error> {
        Ok(())
    }

    #[authenticated(via = self)]
    async fn load(&self) -> Result<(), Error> {
        Ok(())
    }

    fn context(&self) -> &Verification {
        self.verification
    }
}

#[tonic::async_trait]
trait Boxed {
    async fn list(&self) -> Result<(), Error>;
}

#[tonic::async_trait]
impl Boxed for Context<'_> {
    #[authenticated(via = self)]
    async fn list(&self) -> Result<(), Error> {
        Ok(())
    }
}

fn main() {
    let _ = (instrumented_above, instrumented_below, by_a_field, by_an_index);
    let _ = (free::<str>, Context::by_reference, Context::by_mutable_reference, Context::by_value);
    let _ = Context::whose_arguments_have_names_that_the_check_might_use;
    let _ = (<Context as Posts>::list, <Context as Posts>::load, <Context as Posts>::provided);
    let _ = <Context as Boxed>::list;
}
