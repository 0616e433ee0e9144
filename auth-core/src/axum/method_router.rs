//! `get`, `post` and their siblings, for guarded handlers only.

use std::convert::Infallible;

use ::axum::extract::Request;
use ::axum::handler::Handler;
use ::axum::response::IntoResponse;
use ::axum::routing::{self, Route};
use tower_layer::Layer;
use tower_service::Service;

use super::guard_first::{GuardFirst, name_of};
use super::guarded::Guarded;
use super::state::{HasAuth, HasState};
use crate::access::Endpoint;
use crate::policy::Rule;

/// The handlers of one path, one for each method. See axum's type of this name.
///
/// ```
/// # #[cfg(feature = "macros")] {
/// use auth_core::axum::{MethodRouter, any, get};
/// use auth_core::{Auth, authenticated, require_admin};
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
/// let posts: MethodRouter<Auth> = get(read).post(change).head(read).options(read).trace(change);
/// let post: MethodRouter<Auth> = get(read).put(change).patch(change).delete(change);
/// let legacy: MethodRouter<Auth> = any(change);
/// # let _ = (posts, post, legacy);
/// # }
/// ```
#[derive(Clone)]
pub struct MethodRouter<S = ()> {
    pub(super) inner: routing::MethodRouter<S>,
    pub(super) endpoints: Vec<Endpoint>,
    /// Methods that have been given a second handler.
    pub(super) repeated: Vec<Endpoint>,
}

/// What the access table will say of a handler.
pub(super) fn endpoint<H: GuardFirst<T>, T>(method: &'static str) -> Endpoint {
    Endpoint::new::<H::Policy>(method, name_of::<H, T>())
}

macro_rules! method {
    ($name:ident, $method:literal) => {
        #[doc = concat!("Routes `", $method, "` requests to a guarded handler; see [`MethodRouter`].")]
        pub fn $name<H, T, S>(handler: H) -> MethodRouter<S>
        where
            H: Handler<T, S> + GuardFirst<T>,
            T: 'static,
            S: HasAuth + HasState<<H::Policy as Rule>::State> + Clone + Send + Sync + 'static,
        {
            MethodRouter::new().$name(handler)
        }

        impl<S: HasAuth + Clone + Send + Sync + 'static> MethodRouter<S> {
            #[doc = concat!("Routes `", $method, "` requests to a guarded handler as well.")]
            #[must_use]
            pub fn $name<H, T>(mut self, handler: H) -> Self
            where
                H: Handler<T, S> + GuardFirst<T>,
                T: 'static,
                S: HasState<<H::Policy as Rule>::State>,
            {
                if self.admits(endpoint::<H, T>($method)) {
                    self.inner = self.inner.$name(Guarded(handler));
                }
                self
            }
        }
    };
}

method!(get, "GET");
method!(post, "POST");
method!(put, "PUT");
method!(patch, "PATCH");
method!(delete, "DELETE");
method!(head, "HEAD");
method!(options, "OPTIONS");
method!(trace, "TRACE");

/// Routes requests of every method to a guarded handler; see [`MethodRouter`].
pub fn any<H, T, S>(handler: H) -> MethodRouter<S>
where
    H: Handler<T, S> + GuardFirst<T>,
    T: 'static,
    S: HasAuth + HasState<<H::Policy as Rule>::State> + Clone + Send + Sync + 'static,
{
    MethodRouter {
        inner: routing::any(Guarded(handler)),
        endpoints: vec![endpoint::<H, T>("*")],
        repeated: Vec::new(),
    }
}

impl<S: Clone + Send + Sync + 'static> MethodRouter<S> {
    fn new() -> Self {
        Self { inner: routing::MethodRouter::new(), endpoints: Vec::new(), repeated: Vec::new() }
    }

    /// Puts a layer around the handlers there are so far, guards included. A layer that answers by
    /// itself does so before any guard; to have it behind the guard, put it around the handler
    /// (`handler.layer(..)`).
    ///
    /// ```
    /// # #[cfg(feature = "macros")] {
    /// use auth_core::axum::{MethodRouter, get};
    /// use auth_core::{Auth, authenticated};
    ///
    /// #[authenticated]
    /// async fn read() {}
    ///
    /// let posts: MethodRouter<Auth> = get(read).layer(::axum::Extension("eu-1"));
    /// # let _ = posts;
    /// # }
    /// ```
    #[must_use]
    pub fn layer<L>(self, layer: L) -> Self
    where
        L: Layer<Route<Infallible>> + Clone + Send + Sync + 'static,
        L::Service: Service<Request> + Clone + Send + Sync + 'static,
        <L::Service as Service<Request>>::Response: IntoResponse + 'static,
        <L::Service as Service<Request>>::Error: Into<Infallible> + 'static,
        <L::Service as Service<Request>>::Future: Send + 'static,
    {
        Self { inner: self.inner.layer(layer), ..self }
    }

    /// Notes the endpoint; `false` if its method has a handler already, for which axum would panic.
    fn admits(&mut self, endpoint: Endpoint) -> bool {
        let repeated = self.endpoints.iter().any(|known| known.method == endpoint.method);
        if repeated {
            self.repeated.push(endpoint);
        } else {
            self.endpoints.push(endpoint);
        }
        !repeated
    }
}
