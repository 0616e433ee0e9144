//! Generics, lifetimes, bounds and `impl Trait` stay their author's.

#![deny(warnings)]

use std::fmt::Display;
use std::marker::PhantomData;

use auth_core::axum::{Router, get};
use auth_core::policy::Predicate;
use auth_core::{Auth, Identity, authenticated, public, require, require_admin};
use axum::extract::{FromRequest, FromRequestParts, Path, State};
use axum::response::IntoResponse;

#[authenticated]
async fn of_a_type_and_a_number<T, const N: usize>(Path(id): Path<T>) -> impl IntoResponse
where
    T: Display + Send,
{
    format!("{id} {N}")
}

#[require_admin]
async fn of_a_lifetime<'a>() -> &'a str
where
    'a: 'static,
{
    "ok"
}

#[public(reason = "probe")]
async fn of_the_state<S: Clone + Send + Sync + 'static>(State(_state): State<S>) {}

#[authenticated]
async fn of_an_impl_trait(parts: impl FromRequestParts<Auth>, body: impl FromRequest<Auth>) {
    drop((parts, body));
}

struct Account;

struct Owns<T>(PhantomData<T>);

impl<T: Send + Sync + 'static> Predicate for Owns<T> {
    fn holds(caller: &Identity) -> bool {
        caller.subject() == "user_01"
    }
}

struct Within<const METERS: u32>;

impl<const METERS: u32> Predicate for Within<METERS> {
    fn holds(_caller: &Identity) -> bool {
        METERS > 7
    }
}

#[require(Owns<Account> && !Owns<Vec<Account>> || Within<8> && Owns<(u8, [Account; 2])>)]
async fn of_policies_with_parameters() {}

#[require(Owns<T>)]
async fn of_a_policy_with_its_own_parameter<T: Send + Sync + 'static>() {}

struct Posts<T>(PhantomData<T>);

impl<T: Display + Default + Send + Sync + 'static> Posts<T> {
    #[require(Owns<T> || Owns<Self>)]
    async fn of_the_type_that_it_is_of() -> String {
        T::default().to_string()
    }
}

fn main() {
    let _: Router<Auth> = Router::new()
        .route("/1/{id}", get(of_a_type_and_a_number::<u32, 3>))
        .route("/2", get(of_a_lifetime))
        .route("/3", get(of_the_state::<Auth>))
        .route("/4", get(|guard, body: String| of_an_impl_trait(guard, (), body)))
        .route("/5", get(of_policies_with_parameters))
        .route("/6", get(of_a_policy_with_its_own_parameter::<Account>))
        .route("/7", get(Posts::<u32>::of_the_type_that_it_is_of));
}
