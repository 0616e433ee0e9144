//! The guarded router.

use std::any::{TypeId, type_name};
use std::rc::Rc;
use std::sync::Arc;

use actix_web::dev::{AppService, Extensions, Handler, HttpServiceFactory, Service as _};
use actix_web::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL};
#[cfg(feature = "session")]
use actix_web::middleware::from_fn;
use actix_web::{FromRequest, HttpResponse, Responder, Scope, web};

use super::app::App;
use super::app_data::{FromAppData, Given};
use super::guard_first::GuardFirst;
use super::method_router::{GuardedHandler, MethodRouter};
use super::pattern::Pattern;
use super::service::GuardedService;
use super::wiring;
use crate::access::{AccessTable, Endpoint, path_in_crate};
use crate::auth::Auth;
use crate::policy::Rule;
use crate::wiring::{NO_METADATA, WiringError};

/// A router that takes only guarded handlers.
///
/// Paths are actix's: `/posts/{id}`, `/posts/{id:\d+}`, `/files/{rest}*`. As with actix, the first
/// route that fits a path has it. What is never reached that way is a mistake, and
/// [`finish`](Self::finish) tells all mistakes at once.
///
/// A handler without a guard does not compile:
///
/// ```compile_fail
/// use auth_core::actix::{Router, get};
///
/// async fn naked() -> &'static str {
///     "anybody can read this"
/// }
///
/// let router = Router::new().route("/", get(naked));
/// ```
///
/// What there is besides `route`:
///
/// ```
/// # #[cfg(all(feature = "macros", feature = "http-client"))]
/// # fn build() -> Result<(), Box<dyn std::error::Error>> {
/// use auth_core::actix::{Router, delete, get};
/// use auth_core::{Auth, ProtectedResource, authenticated, public, require_admin};
/// use ::actix_web::{HttpResponse, web};
///
/// #[authenticated]
/// async fn posts() -> &'static str {
///     "posts"
/// }
///
/// #[require_admin]
/// async fn delete_post() -> &'static str {
///     "deleted"
/// }
///
/// // With a route attribute of actix's own, which stands below the guard.
/// #[public(reason = "load balancer probe")]
/// #[::actix_web::get("/health")]
/// async fn health() -> &'static str {
///     "ok"
/// }
///
/// #[public(reason = "says that there is nothing")]
/// async fn nothing_here() -> HttpResponse {
///     HttpResponse::NotFound().finish()
/// }
///
/// let resource = ProtectedResource::new("https://api.yourdomain.com");
/// let auth =
///     Auth::workos("client_01ABCDEFGHJKMNPQRS").protected_resource(resource).build()?;
///
/// let api = Router::new().route("/posts", get(posts)).route("/posts/{id}", delete(delete_post));
/// let probes = Router::new().service(health);
/// let app = Router::new()
///     .nest("/api", api)
///     .merge(probes)
///     .service_public("/styles", "the same for everybody", || {
///         web::resource("/{name}").to(|| async { "body { margin: 0 }" })
///     })
///     .fallback(nothing_here)
///     .protected_resource(&auth)
///     .app_data(auth)
///     .finish()?;
/// println!("{}", app.access_table());
/// # Ok(())
/// # }
/// # #[cfg(all(feature = "macros", feature = "http-client"))]
/// # build().unwrap();
/// ```
#[must_use]
#[derive(Clone, Default)]
pub struct Router {
    pub(super) entries: Vec<Entry>,
    /// One, or else it is a mistake.
    pub(super) fallbacks: Vec<GuardedHandler>,
    pub(super) app_data: Vec<AppData>,
    pub(super) mistakes: Vec<String>,
    /// Together with how many entries there were when sessions came.
    #[cfg(feature = "session")]
    sessions: Option<(crate::session::Sessions, usize)>,
}

#[derive(Clone)]
pub(super) enum Entry {
    Route(Pattern, MethodRouter),
    Service(Service),
    Nested(Pattern, Router),
    Public(Pattern, PublicService),
}

/// A handler with route attributes.
#[derive(Clone)]
pub(super) struct Service {
    pub(super) routes: Vec<(Pattern, Endpoint)>,
    add: Change,
}

impl Service {
    pub(super) fn new(
        routes: Vec<(Pattern, Endpoint)>,
        add: impl Fn(Scope) -> Scope + Send + Sync + 'static,
    ) -> Self {
        Self { routes, add: Arc::new(add) }
    }
}

/// A service that has no guard.
#[derive(Clone)]
pub(super) struct PublicService {
    pub(super) endpoint: Endpoint,
    add: Change,
}

#[derive(Clone)]
pub(super) struct AppData {
    pub(super) type_id: TypeId,
    pub(super) name: &'static str,
    add: Change,
    insert: Arc<dyn Fn(&mut Extensions) + Send + Sync>,
}

/// What is done to a scope, in each worker anew.
type Change = Arc<dyn Fn(Scope) -> Scope + Send + Sync>;

impl Router {
    /// A router without routes.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the handlers of a path.
    pub fn route(mut self, path: &str, handlers: MethodRouter) -> Self {
        match Pattern::of_route(path) {
            Ok(pattern) => self.add_route(pattern, handlers),
            Err(mistake) => self.mistakes.push(format!("cannot route {path:?}: {mistake}")),
        }
        self
    }

    /// Adds a handler that has a guard and, below it, one of actix's route attributes.
    ///
    /// actix calls it itself. So what the route attribute wraps around it (`wrap = ".."`) runs before
    /// the guard, other arguments may be extracted beside the guard, and while keys are being fetched
    /// one of them may refuse first. With [`route`](Self::route) the guard comes before everything.
    pub fn service<S: GuardedService>(mut self, _service: S) -> Self {
        let mut routes = Vec::new();
        for (method, path) in S::ROUTES {
            let endpoint = (S::guard().endpoint)(method, path_in_crate::<S>());
            match Pattern::of_attribute(path) {
                Ok(pattern) => routes.push((pattern, endpoint)),
                Err(mistake) => self.mistakes.push(format!("cannot route {path:?}: {mistake}")),
            }
        }
        let add: Change = Arc::new(|scope| scope.service(S::service()));
        self.entries.push(Entry::Service(Service { routes, add }));
        self
    }

    /// Adds a service that has no guard, such as static files, under a prefix that it cannot leave:
    /// everybody may ask for whatever it has there, for the reason that stands in the access table.
    ///
    /// `factory` is called in each worker. The paths of its service are relative to the prefix.
    pub fn service_public<F, S>(mut self, prefix: &str, reason: &'static str, factory: F) -> Self
    where
        F: Fn() -> S + Send + Sync + 'static,
        S: HttpServiceFactory + 'static,
    {
        let add: Change = Arc::new(move |scope| scope.service(factory()));
        let endpoint = Endpoint::public_service(reason, path_in_crate::<S>());
        let parts = endpoint
            .map_err(str::to_owned)
            .and_then(|endpoint| Ok((Pattern::of_scope(prefix)?, PublicService { endpoint, add })));
        match parts {
            Ok((pattern, service)) => self.entries.push(Entry::Public(pattern, service)),
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
        match Pattern::of_route(&metadata.path) {
            Ok(pattern) => {
                let (path, json) = (metadata.path.clone(), metadata.json.clone());
                let routes = vec![(pattern, Endpoint::of_metadata())];
                self.entries.push(Entry::Service(Service::new(routes, move |scope| {
                    let json = json.clone();
                    let answer = move || std::future::ready(described(json.clone()));
                    scope.service(web::resource(path.as_str()).route(web::get().to(answer)))
                })));
            }
            Err(mistake) => {
                self.mistakes.push(format!("cannot route {:?}: {mistake}", metadata.path));
            }
        }
        self
    }

    /// Adds the routes of another router under a prefix: as a scope, with `app_data` of its own.
    pub fn nest(mut self, prefix: &str, router: Self) -> Self {
        match Pattern::of_scope(prefix) {
            Ok(pattern) => self.entries.push(Entry::Nested(pattern, router)),
            Err(mistake) => {
                self.mistakes.extend(router.mistakes);
                self.mistakes.push(format!("cannot nest at {prefix:?}: {mistake}"));
            }
        }
        self
    }

    /// Adds the routes of another router, and its `app_data`.
    pub fn merge(mut self, router: Self) -> Self {
        for entry in router.entries {
            match entry {
                Entry::Route(pattern, handlers) => self.add_route(pattern, handlers),
                other => self.entries.push(other),
            }
        }
        #[cfg(feature = "session")]
        if router.sessions.is_some() {
            self.mistakes.push(
                "a router with sessions is merged; call `sessions` on the outermost".to_owned(),
            );
        }
        self.fallbacks.extend(router.fallbacks);
        self.app_data.extend(router.app_data);
        self.mistakes.extend(router.mistakes);
        self
    }

    /// Answers requests that no route matches, also those of nested routers that have no fallback of
    /// their own. Without it they get actix's 404.
    pub fn fallback<H, Args>(mut self, handler: H) -> Self
    where
        H: Handler<Args, Output: Responder>
            + GuardFirst<Args, Policy: Rule<State: FromAppData>, Rest: FromRequest>
            + Send
            + Sync,
        Args: FromRequest + 'static,
    {
        self.fallbacks.push(GuardedHandler::for_all_methods(handler));
        self
    }

    /// Gives something to handlers, extractors and guards: the [`Auth`](crate::Auth), states of
    /// policies, `web::Data`, `web::JsonConfig`. See actix's method of this name.
    pub fn app_data<T: Clone + Send + Sync + 'static>(mut self, data: T) -> Self {
        let inserted = data.clone();
        self.app_data.push(AppData {
            type_id: TypeId::of::<T>(),
            name: type_name::<T>(),
            add: Arc::new(move |scope| scope.app_data(Given(data.clone())).app_data(data.clone())),
            insert: Arc::new(move |container| {
                container.insert(Given(inserted.clone()));
                container.insert(inserted.clone());
            }),
        });
        self
    }

    /// The service, ready for actix's `App::service`.
    ///
    /// # Errors
    /// If the router is wired wrongly; the error lists every mistake.
    pub fn finish(self) -> Result<App, WiringError> {
        let (endpoints, mistakes) = wiring::check(&self);
        #[cfg(feature = "session")]
        let mistakes = [mistakes, self.mistakes_of_sessions()].concat();
        if !mistakes.is_empty() {
            return Err(WiringError::new(mistakes));
        }
        let access = AccessTable::new(endpoints).map_err(WiringError::new)?;
        Ok(App::new(self, access))
    }

    /// Two resources of one path would hide each other, so they become one.
    fn add_route(&mut self, pattern: Pattern, handlers: MethodRouter) {
        let known = self.entries.iter_mut().find_map(|entry| match entry {
            Entry::Route(known, handlers) if known.text == pattern.text => Some(handlers),
            _ => None,
        });
        match known {
            Some(known) => known.handlers.extend(handlers.handlers),
            None => self.entries.push(Entry::Route(pattern, handlers)),
        }
    }

    /// Registers the routes that come before everything else by themselves, and the rest as a scope
    /// behind them. A scope around all would find the same, at the price of a second search and a
    /// future for each request.
    pub(super) fn register(&self, config: &mut AppService) {
        #[cfg(feature = "session")]
        if self.sessions.is_some() {
            self.scope("", &Outside::default()).register(config);
            return;
        }
        let mut container = Extensions::new();
        for data in &self.app_data {
            (data.insert)(&mut container);
        }
        let container = Rc::new(container);
        let mut entries = self.entries.as_slice();
        while let [Entry::Route(pattern, handlers), rest @ ..] = entries {
            let container = Rc::clone(&container);
            let resource = handlers.resource(&pattern.text).wrap_fn(move |mut request, routes| {
                request.add_data_container(Rc::clone(&container));
                routes.call(request)
            });
            resource.register(config);
            entries = rest;
        }
        self.scope_of(entries, "", &Outside::default()).register(config);
    }

    /// The routes as actix has them.
    pub(super) fn scope(&self, prefix: &str, outside: &Outside<'_>) -> Scope {
        #[cfg(feature = "session")]
        if let (Some((sessions, _)), [Entry::Service(own), entries @ ..]) =
            (&self.sessions, self.entries.as_slice())
        {
            let sessions = sessions.clone();
            let looks =
                from_fn(move |request, next| super::session::look(sessions.clone(), request, next));
            let guarded = self.scope_of(entries, "", outside).wrap(looks);
            return (own.add)(web::scope(prefix)).service(guarded);
        }
        self.scope_of(&self.entries, prefix, outside)
    }

    /// The routes of sessions come before all others, where no middleware looks at cookies.
    #[cfg(feature = "session")]
    pub(super) fn add_sessions(&mut self, sessions: crate::session::Sessions, own: Service) {
        if self.sessions.is_some() {
            self.mistakes.push("sessions are added twice; add them once".to_owned());
        }
        self.entries.insert(0, Entry::Service(own));
        self.sessions = Some((sessions, self.entries.len()));
    }

    /// What is wrong with where sessions are.
    #[cfg(feature = "session")]
    fn mistakes_of_sessions(&self) -> Vec<String> {
        let nested = self.entries.iter().filter(|entry| match entry {
            Entry::Nested(_, router) => router.has_sessions(),
            _ => false,
        });
        let mut mistakes: Vec<String> = nested
            .map(|_| "a nested router has sessions; call `sessions` on the outermost".to_owned())
            .collect();
        let known = self.sessions.as_ref().map_or(usize::MAX, |(_, known)| *known);
        if self.entries.len() > known {
            mistakes.push("a route was added behind `sessions`; call it last".to_owned());
        }
        mistakes
    }

    #[cfg(feature = "session")]
    fn has_sessions(&self) -> bool {
        self.sessions.is_some() || !self.mistakes_of_sessions().is_empty()
    }

    fn scope_of(&self, entries: &[Entry], prefix: &str, outside: &Outside<'_>) -> Scope {
        let mut scope = web::scope(prefix);
        for data in &self.app_data {
            scope = (data.add)(scope);
        }
        let inside = outside.with(self);
        for entry in entries {
            scope = match entry {
                Entry::Route(pattern, handlers) => {
                    scope.service(handlers.resource(path_below(prefix, &pattern.text)))
                }
                Entry::Service(service) => (service.add)(scope),
                Entry::Nested(pattern, router) => {
                    scope.service(router.scope(&pattern.text, &inside))
                }
                Entry::Public(pattern, service) => {
                    scope.service((service.add)(web::scope(&pattern.text)))
                }
            };
        }
        match (self.fallbacks.first(), outside.fallback) {
            (Some(own), _) => scope.default_service(own.route()),
            (None, Some(outer)) => scope.service(outside.everything_to(outer)),
            (None, None) => scope,
        }
    }
}

/// actix puts a slash behind the prefix for a route at `/`.
pub(super) fn path_below<'a>(prefix: &str, path: &'a str) -> &'a str {
    if path == "/" && !prefix.is_empty() { "" } else { path }
}

/// What the routers around a router have for it.
#[derive(Clone, Default)]
pub(super) struct Outside<'a> {
    fallback: Option<&'a GuardedHandler>,
    app_data: Vec<&'a AppData>,
}

impl<'a> Outside<'a> {
    fn with(&self, router: &'a Router) -> Self {
        match router.fallbacks.first() {
            own @ Some(_) => {
                let app_data = self.app_data.iter().copied().chain(&router.app_data);
                Self { fallback: own, app_data: app_data.collect() }
            }
            None => self.clone(),
        }
    }

    /// A scope knows no fallback but its own and the one of the whole application. So the one between
    /// is added to it as its last service, and keeps the `app_data` of where it comes from.
    fn everything_to(&self, fallback: &GuardedHandler) -> Scope {
        let scope = self.app_data.iter().fold(web::scope(""), |scope, data| (data.add)(scope));
        scope.default_service(fallback.route())
    }
}

fn described(json: String) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("application/json")
        .insert_header((ACCESS_CONTROL_ALLOW_ORIGIN, "*"))
        .insert_header((CACHE_CONTROL, "public, max-age=3600"))
        .body(json)
}
