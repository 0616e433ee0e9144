//! `get`, `post` and their siblings, for guarded handlers only.

use std::sync::Arc;

use actix_web::dev::Handler;
use actix_web::{FromRequest, Resource, Responder, Route, guard, web};

use super::app_data::{FromAppData, Need};
use super::guard_first::{GuardFirst, name_of};
use super::guarded;
use crate::access::Endpoint;
use crate::policy::Rule;

/// The handlers of one path, one for each method.
///
/// ```
/// # #[cfg(feature = "macros")] {
/// use auth_core::actix::{MethodRouter, any, get};
/// use auth_core::{authenticated, require_admin};
///
/// #[authenticated]
/// async fn read() -> &'static str {
///     "read"
/// }
///
/// #[require_admin]
/// async fn change() -> &'static str {
///     "changed"
/// }
///
/// let posts: MethodRouter = get(read).post(change).head(read).options(read).trace(change);
/// let post: MethodRouter = get(read).put(change).patch(change).delete(change);
/// let legacy: MethodRouter = any(change);
/// # let _ = (posts, post, legacy);
/// # }
/// ```
#[derive(Clone)]
pub struct MethodRouter {
    pub(super) handlers: Vec<GuardedHandler>,
}

/// A handler, to be registered anew in each worker.
#[derive(Clone)]
pub(super) struct GuardedHandler {
    pub(super) endpoint: Endpoint,
    pub(super) needs: Vec<Need>,
    route: Arc<dyn Fn() -> Route + Send + Sync>,
}

impl GuardedHandler {
    pub(super) fn new<H, Args>(
        method: &'static str,
        handler: H,
        of_method: fn(Route) -> Route,
    ) -> Self
    where
        H: Handler<Args, Output: Responder>
            + GuardFirst<Args, Policy: Rule<State: FromAppData>, Rest: FromRequest>
            + Send
            + Sync,
        Args: FromRequest + 'static,
    {
        let mut needs = Vec::new();
        <H::Policy as Rule>::State::needs(&mut needs);
        Self {
            endpoint: Endpoint::new::<H::Policy>(method, name_of::<H, Args>()),
            needs,
            route: Arc::new(move || of_method(guarded::route(handler.clone()))),
        }
    }

    pub(super) fn for_all_methods<H, Args>(handler: H) -> Self
    where
        H: Handler<Args, Output: Responder>
            + GuardFirst<Args, Policy: Rule<State: FromAppData>, Rest: FromRequest>
            + Send
            + Sync,
        Args: FromRequest + 'static,
    {
        Self::new("*", handler, |route| route)
    }

    pub(super) fn route(&self) -> Route {
        (self.route)()
    }
}

macro_rules! method {
    ($name:ident, $method:literal, $guard:expr) => {
        #[doc = concat!("Routes `", $method, "` requests to a guarded handler; see [`MethodRouter`].")]
        pub fn $name<H, Args>(handler: H) -> MethodRouter
        where
            H: Handler<Args, Output: Responder>
                + GuardFirst<Args, Policy: Rule<State: FromAppData>, Rest: FromRequest>
                + Send
                + Sync,
            Args: FromRequest + 'static,
        {
            MethodRouter { handlers: Vec::new() }.$name(handler)
        }

        impl MethodRouter {
            #[doc = concat!("Routes `", $method, "` requests to a guarded handler as well.")]
            #[must_use]
            pub fn $name<H, Args>(mut self, handler: H) -> Self
            where
                H: Handler<Args, Output: Responder>
                    + GuardFirst<Args, Policy: Rule<State: FromAppData>, Rest: FromRequest>
                    + Send
                    + Sync,
                Args: FromRequest + 'static,
            {
                let of_method = |route: Route| route.guard($guard);
                self.handlers.push(GuardedHandler::new($method, handler, of_method));
                self
            }
        }
    };
}

// A `HEAD` request is a `GET` request whose answer has no body.
method!(get, "GET", guard::Any(guard::Get()).or(guard::Head()));
method!(post, "POST", guard::Post());
method!(put, "PUT", guard::Put());
method!(patch, "PATCH", guard::Patch());
method!(delete, "DELETE", guard::Delete());
method!(head, "HEAD", guard::Head());
method!(options, "OPTIONS", guard::Options());
method!(trace, "TRACE", guard::Trace());

/// Routes requests of every method to a guarded handler; see [`MethodRouter`].
pub fn any<H, Args>(handler: H) -> MethodRouter
where
    H: Handler<Args, Output: Responder>
        + GuardFirst<Args, Policy: Rule<State: FromAppData>, Rest: FromRequest>
        + Send
        + Sync,
    Args: FromRequest + 'static,
{
    MethodRouter { handlers: vec![GuardedHandler::for_all_methods(handler)] }
}

impl MethodRouter {
    /// actix takes the first route that fits, so the narrow ones come first.
    pub(super) fn resource(&self, path: &str) -> Resource {
        let mut handlers: Vec<&GuardedHandler> = self.handlers.iter().collect();
        handlers.sort_by_key(|handler| match handler.endpoint.method {
            "HEAD" => 0,
            "*" => 2,
            _ => 1,
        });
        let routes = handlers.into_iter().map(GuardedHandler::route);
        routes.fold(web::resource(path), Resource::route)
    }

    /// The handlers whose methods others have already.
    pub(super) fn repeated(&self) -> impl Iterator<Item = &Endpoint> {
        let endpoints = self.handlers.iter().map(|handler| &handler.endpoint);
        endpoints.enumerate().filter_map(|(at, endpoint)| {
            let mut before = self.handlers.iter().take(at);
            before.any(|other| other.endpoint.method == endpoint.method).then_some(endpoint)
        })
    }
}
