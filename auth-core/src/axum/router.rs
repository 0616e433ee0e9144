//! The guarded router.

use std::convert::Infallible;

use ::axum::extract::Request;
use ::axum::handler::Handler;
use ::axum::response::IntoResponse;
use ::axum::routing::Route;
use http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_TYPE};
use tower_layer::Layer;
use tower_service::Service;

use super::app::App;
use super::guard_first::GuardFirst;
use super::guarded::Guarded;
use super::method_router::{MethodRouter, endpoint};
use super::state::{HasAuth, HasState};
use crate::access::{AccessTable, Endpoint, path_in_crate};
use crate::auth::Auth;
use crate::policy::Rule;
use crate::wiring::{NO_METADATA, WiringError};

/// A router that takes only guarded handlers.
///
/// It mirrors axum's own: `route`, `nest`, `merge`, `fallback`, `layer`, `with_state`. Where axum
/// panics at a mistake, this one notes it, and [`finish`](Self::finish) tells all of them at once.
///
/// A handler without a guard does not compile:
///
/// ```compile_fail
/// use auth_core::Auth;
/// use auth_core::axum::{Router, get};
///
/// async fn naked() -> &'static str {
///     "anybody can read this"
/// }
///
/// let router: Router<Auth> = Router::new().route("/", get(naked));
/// ```
///
/// What there is besides `route`:
///
/// ```
/// # #[cfg(all(feature = "macros", feature = "http-client"))]
/// # fn build() -> Result<(), Box<dyn std::error::Error>> {
/// use auth_core::axum::{Router, delete, get};
/// use auth_core::{Auth, ProtectedResource, authenticated, public, require_admin};
///
/// #[authenticated]
/// async fn posts() {}
///
/// #[require_admin]
/// async fn delete_post() {}
///
/// #[public(reason = "load balancer probe")]
/// async fn health() {}
///
/// #[public(reason = "says that there is nothing")]
/// async fn nothing_here() -> ::axum::http::StatusCode {
///     ::axum::http::StatusCode::NOT_FOUND
/// }
///
/// let resource = ProtectedResource::new("https://api.yourdomain.com");
/// let auth =
///     Auth::workos("client_01ABCDEFGHJKMNPQRS").protected_resource(resource).build()?;
///
/// let api = Router::new().route("/posts", get(posts)).route("/posts/{id}", delete(delete_post));
/// let probes = Router::new().route("/health", get(health));
/// let styles = ::axum::routing::get(|| async { "body { margin: 0 }" });
/// let app = Router::new()
///     .nest("/api", api)
///     .merge(probes)
///     .service_public("/styles", "the same for everybody", styles)
///     .fallback(nothing_here)
///     .protected_resource(&auth)
///     .layer(::axum::Extension("eu-1"))
///     .with_state(auth)
///     .finish()?;
/// println!("{}", app.access_table());
/// # Ok(())
/// # }
/// # #[cfg(all(feature = "macros", feature = "http-client"))]
/// # build().unwrap();
/// ```
#[must_use]
#[derive(Clone)]
pub struct Router<S = ()> {
    inner: ::axum::Router<S>,
    /// Every endpoint with its path.
    routes: Vec<(String, Endpoint)>,
    /// Answers, as axum's own will, whether two paths can stand side by side.
    paths: matchit::Router<()>,
    /// The same for the prefixes that have fallbacks.
    fallbacks: matchit::Router<()>,
    mistakes: Vec<String>,
    /// How many routes there were when sessions came.
    #[cfg(feature = "session")]
    with_sessions: Option<usize>,
}

impl<S: Clone + Send + Sync + 'static> Default for Router<S> {
    fn default() -> Self {
        Self::new()
    }
}

impl<S: Clone + Send + Sync + 'static> Router<S> {
    /// A router without routes.
    pub fn new() -> Self {
        let mut fallbacks = matchit::Router::new();
        // axum has these from the start; into an empty router they fit.
        let _ = fallbacks.insert("/", ());
        let _ = fallbacks.insert("/{*rest}", ());
        Self {
            inner: ::axum::Router::new(),
            routes: Vec::new(),
            paths: matchit::Router::new(),
            fallbacks,
            mistakes: Vec::new(),
            #[cfg(feature = "session")]
            with_sessions: None,
        }
    }

    /// Adds the handlers of a path.
    pub fn route(mut self, path: &str, handlers: MethodRouter<S>) -> Self {
        if let Err(mistake) = check_path(path) {
            self.mistakes.push(format!("cannot route {path:?}: {mistake}"));
            return self;
        }
        for Endpoint { method, handler, .. } in &handlers.repeated {
            self.mistakes.push(format!("{method} {path} has two handlers; remove `{handler}`"));
        }
        let endpoints = handlers.endpoints.into_iter();
        if self.admits(endpoints.map(|endpoint| (path.to_owned(), endpoint)).collect()) {
            self.inner = self.inner.route(path, handlers.inner);
        }
        self
    }

    /// Adds the routes of another router under a prefix.
    pub fn nest(mut self, prefix: &str, router: Self) -> Self {
        let nestable = check_prefix(prefix).and_then(|()| router.check_fallbacks());
        #[cfg(feature = "session")]
        self.forbid_sessions_of(&router);
        self.mistakes.extend(router.mistakes);
        if let Err(mistake) = nestable {
            self.mistakes.push(format!("cannot nest at {prefix:?}: {mistake}"));
            return self;
        }
        let routes = router.routes.into_iter();
        let routes = routes.map(|(path, endpoint)| (join(prefix, &path), endpoint));
        if self.admits(routes.collect()) {
            self.inner = self.inner.nest(prefix, router.inner);
        }
        self
    }

    /// Adds the routes of another router.
    pub fn merge(mut self, router: Self) -> Self {
        #[cfg(feature = "session")]
        self.forbid_sessions_of(&router);
        self.mistakes.extend(router.mistakes);
        if self.admits(router.routes) {
            self.inner = self.inner.merge(router.inner);
        }
        self
    }

    /// Adds a service that has no guard, such as static files: everybody may ask for whatever it has
    /// under the prefix, for the reason that stands in the access table. As with axum's
    /// `nest_service`, it sees paths without the prefix.
    pub fn service_public<V>(mut self, prefix: &str, reason: &'static str, service: V) -> Self
    where
        V: Service<Request, Error = Infallible> + Clone + Send + Sync + 'static,
        V::Response: IntoResponse,
        V::Future: Send + 'static,
    {
        let endpoint = Endpoint::public_service(reason, path_in_crate::<V>());
        let endpoint = endpoint
            .map_err(str::to_owned)
            .and_then(|endpoint| check_prefix(prefix).map(|()| endpoint));
        match endpoint {
            Ok(endpoint) => {
                if self.admits(vec![(format!("{prefix}{FALLBACK}"), endpoint)]) {
                    self.inner = self.inner.nest_service(prefix, service);
                }
            }
            Err(mistake) => {
                self.mistakes.push(format!("cannot add a service at {prefix:?}: {mistake}"));
            }
        }
        self
    }

    /// Serves what the [`Auth`](crate::Auth) tells clients of this service (RFC 9728), which is
    /// [`AuthBuilder::protected_resource`](crate::AuthBuilder::protected_resource). Every page may read
    /// it.
    pub fn protected_resource(mut self, auth: &Auth) -> Self {
        let Some(metadata) = auth.metadata() else {
            self.mistakes.push(NO_METADATA.to_owned());
            return self;
        };
        let headers = [
            (CONTENT_TYPE, "application/json"),
            (ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
            (CACHE_CONTROL, "public, max-age=3600"),
        ];
        let json = metadata.json.clone();
        let route = ::axum::routing::get(move || async move { (headers, json) });
        self.route_public(&metadata.path, Endpoint::of_metadata(), route)
    }

    /// A route of ours, which has no guard.
    pub(super) fn route_public(
        mut self,
        path: &str,
        endpoint: Endpoint,
        route: ::axum::routing::MethodRouter<S>,
    ) -> Self {
        if self.admits(vec![(path.to_owned(), endpoint)]) {
            self.inner = self.inner.route(path, route);
        }
        self
    }

    /// From here on, a new route is a mistake.
    #[cfg(feature = "session")]
    pub(super) fn with_sessions(mut self) -> Self {
        if self.with_sessions.is_some() {
            self.mistakes.push("sessions are added twice; add them once".to_owned());
        }
        self.with_sessions = Some(self.routes.len());
        self
    }

    /// Routes beside those of an inner router would know no sessions, and nobody would see it.
    #[cfg(feature = "session")]
    fn forbid_sessions_of(&mut self, inner: &Self) {
        if inner.with_sessions.is_some() {
            self.mistakes.push(
                "a router within this one has sessions; call `sessions` on the outermost, behind all \
                 routes"
                    .to_owned(),
            );
        }
    }

    /// Answers requests that no route matches. Without it they get axum's 404.
    pub fn fallback<H, T>(mut self, handler: H) -> Self
    where
        H: Handler<T, S> + GuardFirst<T>,
        T: 'static,
        S: HasAuth + HasState<<H::Policy as Rule>::State>,
    {
        if self.admits(vec![(FALLBACK.to_owned(), endpoint::<H, T>("*"))]) {
            self.inner = self.inner.fallback(Guarded(handler));
        }
        self
    }

    /// Puts a layer around the routes there are so far, guards included. A layer that answers by
    /// itself does so before any guard: what it serves is open, and no table lists it.
    pub fn layer<L>(self, layer: L) -> Self
    where
        L: Layer<Route> + Clone + Send + Sync + 'static,
        L::Service: Service<Request> + Clone + Send + Sync + 'static,
        <L::Service as Service<Request>>::Response: IntoResponse + 'static,
        <L::Service as Service<Request>>::Error: Into<Infallible> + 'static,
        <L::Service as Service<Request>>::Future: Send + 'static,
    {
        Self { inner: self.inner.layer(layer), ..self }
    }

    /// Gives the handlers their state.
    pub fn with_state<S2>(self, state: S) -> Router<S2> {
        Router {
            inner: self.inner.with_state(state),
            routes: self.routes,
            paths: self.paths,
            fallbacks: self.fallbacks,
            mistakes: self.mistakes,
            #[cfg(feature = "session")]
            with_sessions: self.with_sessions,
        }
    }

    /// axum nests the fallbacks of a router only together with one of its own.
    fn check_fallbacks(&self) -> Result<(), String> {
        let not_services = self.routes.iter().filter(|(_, endpoint)| !endpoint.is_service);
        let paths = not_services.map(|(path, _)| path.as_str());
        let fallbacks: Vec<&str> = paths.filter(|path| path.ends_with(FALLBACK)).collect();
        if fallbacks.is_empty() || fallbacks.contains(&FALLBACK) {
            return Ok(());
        }
        Err(format!(
            "axum would lose the fallbacks at {fallbacks:?}; give that router one of its own"
        ))
    }

    /// Notes endpoints; `false` if axum would panic at the routes they stand for.
    fn admits(&mut self, routes: Vec<(String, Endpoint)>) -> bool {
        let mistakes_before = self.mistakes.len();
        for (path, endpoint) in routes {
            match self.check(&path, &endpoint) {
                Ok(()) => self.routes.push((path, endpoint)),
                Err(mistake) => {
                    self.mistakes.push(format!("{} {path}: {mistake}", endpoint.method))
                }
            }
        }
        self.mistakes.len() == mistakes_before
    }

    fn check(&mut self, path: &str, endpoint: &Endpoint) -> Result<(), String> {
        let mut same_path = self.routes.iter().filter(|(known, _)| known == path).peekable();
        let known_path = same_path.peek().is_some();
        if let Some((_, known)) = same_path.find(|(_, known)| known.method == endpoint.method) {
            return Err(format!(
                "both `{}` and `{}` handle it; remove one",
                known.handler, endpoint.handler
            ));
        }
        if known_path {
            return Ok(());
        }
        let inserted = match path.strip_suffix(FALLBACK) {
            Some(prefix) if endpoint.is_service => ["", "/", "/{*rest}"]
                .iter()
                .try_for_each(|end| self.paths.insert(format!("{prefix}{end}"), ())),
            // axum has one there from the start.
            Some("") => Ok(()),
            Some(prefix) => self
                .fallbacks
                .insert(prefix, ())
                .and_then(|()| self.fallbacks.insert(format!("{prefix}/{{*rest}}"), ())),
            None => self.paths.insert(path, ()),
        };
        inserted.map_err(|error| error.to_string())
    }
}

impl Router {
    /// The service, ready for `axum::serve`.
    ///
    /// # Errors
    /// If the router is wired wrongly; the error lists every mistake.
    pub fn finish(mut self) -> Result<App, WiringError> {
        #[cfg(feature = "session")]
        if let Some(known) = self.with_sessions {
            let later = self.routes.iter().skip(known);
            self.mistakes.extend(later.map(|(path, endpoint)| {
                format!("{} {path} knows no sessions; call `sessions` behind it", endpoint.method)
            }));
        }
        for (path, endpoint) in &self.routes {
            // `{{` and `}}` are braces that are meant.
            let plain = path.replace("{{", "").replace("}}", "");
            let of_path = endpoint.mistakes_at(&parameters(&plain)).into_iter();
            self.mistakes.extend(of_path.map(|what| format!("{} {path}: {what}", endpoint.method)));
        }
        if !self.mistakes.is_empty() {
            return Err(WiringError::new(self.mistakes));
        }
        let access = AccessTable::new(self.routes).map_err(WiringError::new)?;
        Ok(App { inner: self.inner, access })
    }
}

/// The path of a fallback in the table. No route can have it: axum 0.8 writes `{*rest}`.
const FALLBACK: &str = "/*";

/// The names of the parameters of a path: `{id}`, `{*rest}`, and `{id}` beside other text.
fn parameters(path: &str) -> Vec<&str> {
    let braced = path.split('{').skip(1).filter_map(|rest| rest.split_once('}'));
    braced.map(|(name, _)| name.trim_start_matches('*')).collect()
}

/// As axum joins them.
fn join(prefix: &str, path: &str) -> String {
    if path == "/" { prefix.to_owned() } else { format!("{prefix}{path}") }
}

fn check_path(path: &str) -> Result<(), String> {
    if !path.starts_with('/') {
        return Err("a path starts with `/`".to_owned());
    }
    match path.split('/').find(|segment| segment.starts_with([':', '*'])) {
        Some(old) => {
            Err(format!("`{old}` is the syntax of axum 0.7; write `{{id}}` or `{{*rest}}`"))
        }
        None => Ok(()),
    }
}

fn check_prefix(prefix: &str) -> Result<(), String> {
    check_path(prefix)?;
    if prefix == "/" {
        return Err("that is no prefix; call `merge`".to_owned());
    }
    if prefix.ends_with('/') {
        return Err("a prefix has no slash at the end".to_owned());
    }
    if prefix.contains("{*") {
        return Err("a prefix has no wildcard".to_owned());
    }
    Ok(())
}
