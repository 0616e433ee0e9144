//! Layers for services that are neither axum's nor actix's.
//!
//! ```
//! # #[cfg(feature = "http-client")]
//! # fn build() -> Result<(), Box<dyn std::error::Error>> {
//! use auth_core::Auth;
//! use auth_core::policy::Admin;
//! use auth_core::tower::{AuthLayer, AuthService, GuardLayer, GuardService};
//! use tower_layer::Layer;
//!
//! # #[derive(Clone)] struct Inner;
//! # let inner = Inner;
//! let auth = Auth::workos("client_01ABCDEFGHJKMNPQRS").build()?;
//!
//! // Finds out who calls; the functions behind it have guards of their own (`via = request`).
//! let open: AuthService<Inner> = AuthLayer::new(auth.clone()).layer(inner.clone());
//!
//! // Lets in administrators and nobody else.
//! let guarded: GuardService<Admin, Inner> = GuardLayer::new(auth).layer(inner);
//! # Ok(())
//! # }
//! ```

use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};

use http::header::AUTHORIZATION;
use http::{Request, Response};
use tower_layer::Layer;
use tower_service::Service;

use crate::auth::Auth;
use crate::context::{AuthContext, Verification};
use crate::identity::Identity;
use crate::policy::{Immediate, Rule};

/// Finds out who sends a request, and leaves a [`Verification`] in its extensions. It refuses
/// nothing: the guards of the functions behind it do, in the way of their protocol. See the
/// [example](self).
#[derive(Clone, Debug)]
pub struct AuthLayer {
    auth: Auth,
}

impl AuthLayer {
    /// Looks with this handle; see the [example](self).
    #[must_use]
    pub fn new(auth: Auth) -> Self {
        Self { auth }
    }
}

impl<S> Layer<S> for AuthLayer {
    type Service = AuthService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        AuthService { inner, auth: self.auth.clone() }
    }
}

/// What [`AuthLayer`] makes of a service; see the [example](self).
#[derive(Clone, Debug)]
pub struct AuthService<S> {
    inner: S,
    auth: Auth,
}

impl<S, B> Service<Request<B>> for AuthService<S>
where
    S: Service<Request<B>> + Clone + Send + 'static,
    S::Future: Send,
    B: Send + 'static,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        let (mut inner, auth) = (take_ready(&mut self.inner), self.auth.clone());
        Box::pin(async move {
            let verification = verify(request.headers_mut(), &auth).await;
            request.extensions_mut().insert(verification);
            inner.call(request).await
        })
    }
}

/// Lets in whoever satisfies the policy `P`, and refuses everybody else with the answers that are
/// the same for all adapters. The functions behind it can ask the request for further proofs
/// ([`AuthContext`]). See the [example](self).
pub struct GuardLayer<P> {
    auth: Auth,
    policy: PhantomData<fn() -> P>,
}

impl<P: Immediate + Rule<Caller = Identity>> GuardLayer<P> {
    /// Asks with this handle; see the [example](self).
    #[must_use]
    pub fn new(auth: Auth) -> Self {
        Self { auth, policy: PhantomData }
    }
}

impl<P, S> Layer<S> for GuardLayer<P> {
    type Service = GuardService<P, S>;

    fn layer(&self, inner: S) -> Self::Service {
        GuardService { inner, auth: self.auth.clone(), policy: PhantomData }
    }
}

/// What [`GuardLayer`] makes of a service; see the [example](self).
pub struct GuardService<P, S> {
    inner: S,
    auth: Auth,
    policy: PhantomData<fn() -> P>,
}

impl<P, S, B, R> Service<Request<B>> for GuardService<P, S>
where
    P: Immediate + Rule<Caller = Identity>,
    S: Service<Request<B>, Response = Response<R>> + Clone + Send + 'static,
    S::Future: Send,
    B: Send + 'static,
    R: From<String>,
{
    type Response = Response<R>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response<R>, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        let (mut inner, auth) = (take_ready(&mut self.inner), self.auth.clone());
        Box::pin(async move {
            let verification = verify(request.headers_mut(), &auth).await;
            request.extensions_mut().insert(verification);
            if let Err(refusal) = request.extensions().require::<P>() {
                return Ok(refusal.to_response().map(R::from));
            }
            inner.call(request).await
        })
    }
}

async fn verify(headers: &mut http::HeaderMap, auth: &Auth) -> Verification {
    // A service that logs its requests shall not log this.
    if let Some(credential) = headers.get_mut(AUTHORIZATION) {
        credential.set_sensitive(true);
    }
    auth.verification(headers).await
}

/// The service that has been polled ready; a clone of it takes its place.
fn take_ready<S: Clone>(service: &mut S) -> S {
    let clone = service.clone();
    std::mem::replace(service, clone)
}

impl<P> Clone for GuardLayer<P> {
    fn clone(&self) -> Self {
        Self { auth: self.auth.clone(), policy: PhantomData }
    }
}

impl<P, S: Clone> Clone for GuardService<P, S> {
    fn clone(&self) -> Self {
        Self { inner: self.inner.clone(), auth: self.auth.clone(), policy: PhantomData }
    }
}

impl<P> fmt::Debug for GuardLayer<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GuardLayer").finish_non_exhaustive()
    }
}

impl<P, S> fmt::Debug for GuardService<P, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GuardService").finish_non_exhaustive()
    }
}
