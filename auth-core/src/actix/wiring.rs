//! What can be wrong with a router, found before it serves.

use std::any::TypeId;
use std::collections::BTreeSet;
use std::ptr;

use super::app_data::Need;
use super::method_router::MethodRouter;
use super::pattern::Pattern;
use super::router::{Entry, Router, path_below};
use crate::access::Endpoint;
use crate::auth::Auth;

/// Every endpoint with its path, and every mistake.
pub(super) fn check(router: &Router) -> (Vec<(String, Endpoint)>, Vec<String>) {
    let mut check = Check { root: router, endpoints: Vec::new(), mistakes: BTreeSet::new() };
    check.router(router, &Place::root());
    (check.endpoints, check.mistakes.into_iter().collect())
}

struct Check<'a> {
    root: &'a Router,
    endpoints: Vec<(String, Endpoint)>,
    /// Several routes can lack the same.
    mistakes: BTreeSet<String>,
}

/// Where a router is.
#[derive(Clone)]
struct Place {
    prefix: String,
    parameters: Vec<String>,
    /// Paths that lead here; `None` where nobody knows one.
    samples: Vec<Option<String>>,
    given: Vec<TypeId>,
}

impl Place {
    fn root() -> Self {
        Self {
            prefix: String::new(),
            parameters: Vec::new(),
            samples: vec![Some(String::new()); Pattern::SAMPLES],
            given: Vec::new(),
        }
    }

    fn at(&self, pattern: &Pattern, path: &str) -> Self {
        let samples = self.samples.iter().enumerate().map(|(at, sample)| {
            // The one path that is joined in another way than it is written.
            let end = if path.is_empty() { "" } else { pattern.sample(at)? };
            Some(format!("{}{end}", sample.as_ref()?))
        });
        Self {
            prefix: format!("{}{path}", self.prefix),
            parameters: self.parameters.iter().chain(&pattern.parameters).cloned().collect(),
            samples: samples.collect(),
            given: self.given.clone(),
        }
    }

    /// Where no route leads: deeper than people nest.
    fn nowhere(&self) -> Self {
        let samples = self.samples.iter().map(|sample| {
            let sample = sample.as_ref()?;
            Some(format!("{sample}/zqxj/zqxj/zqxj/zqxj/zqxj/zqxj/zqxj"))
        });
        Self { samples: samples.collect(), ..self.clone() }
    }
}

impl Check<'_> {
    fn router(&mut self, router: &Router, place: &Place) {
        self.mistakes.extend(router.mistakes.iter().cloned());
        let mut place = place.clone();
        self.app_data(router, &mut place);

        for entry in &router.entries {
            match entry {
                Entry::Route(pattern, handlers) => {
                    let place = place.at(pattern, path_below(&place.prefix, &pattern.text));
                    self.route(handlers, &place);
                }
                Entry::Service(service) => {
                    for (pattern, endpoint) in &service.routes {
                        let place = place.at(pattern, &pattern.text);
                        self.needs(endpoint, &[], &place);
                        self.reached(endpoint, &place);
                        self.endpoint(endpoint, &place, "");
                    }
                }
                Entry::Nested(pattern, nested) => {
                    self.router(nested, &place.at(pattern, &pattern.text));
                }
                Entry::Public(pattern, service) => {
                    let place = place.at(pattern, &pattern.text);
                    self.reached(&service.endpoint, &place);
                    self.endpoint(&service.endpoint, &place, "/*");
                }
            }
        }
        for fallback in &router.fallbacks {
            self.needs(&fallback.endpoint, &fallback.needs, &place);
            self.reached(&fallback.endpoint, &place.nowhere());
            self.endpoint(&fallback.endpoint, &place, "/*");
        }
    }

    fn app_data(&mut self, router: &Router, place: &mut Place) {
        for (at, data) in router.app_data.iter().enumerate() {
            if router.app_data.iter().take(at).any(|other| other.type_id == data.type_id) {
                self.mistakes.insert(format!(
                    "two values of type `{}` are `app_data` of one router; nest the routes that \
                     need the other",
                    data.name
                ));
            }
            place.given.push(data.type_id);
        }
    }

    fn route(&mut self, handlers: &MethodRouter, place: &Place) {
        let repeated: Vec<&Endpoint> = handlers.repeated().collect();
        for Endpoint { method, handler, .. } in &repeated {
            self.mistakes
                .insert(format!("{method} {} has two handlers; remove `{handler}`", place.prefix));
        }
        for handler in &handlers.handlers {
            let endpoint = &handler.endpoint;
            self.needs(endpoint, &handler.needs, place);
            if !repeated.iter().any(|repeated| ptr::eq(*repeated, endpoint)) {
                self.reached(endpoint, place);
                self.endpoint(endpoint, place, "");
            }
        }
    }

    /// Whether all is given that the guard asks for.
    fn needs(&mut self, endpoint: &Endpoint, needs: &[Need], place: &Place) {
        let auth = Need::of::<Auth>();
        if !auth.is_met_by(&place.given) {
            self.mistakes.insert("guards ask an `Auth`; add `.app_data(auth)`".to_owned());
        }
        for need in needs.iter().filter(|need| !need.is_met_by(&place.given)) {
            self.mistakes.insert(format!(
                "the policy `{}` asks for `{}`; add it with `.app_data(..)`",
                endpoint.policy, need.name
            ));
        }
        for need in needs.iter().chain([&auth]) {
            if need.is_ambiguous_in(&place.given) {
                self.mistakes.insert(format!(
                    "`{}` is `app_data` both bare and in `web::Data`; give it in one way",
                    need.name
                ));
            }
        }
    }

    /// Whether any request reaches the endpoint. actix takes the first route that fits, so one that
    /// comes before can have them all; then the access table would not be true.
    fn reached(&mut self, endpoint: &Endpoint, place: &Place) {
        let Endpoint { method, handler, .. } = endpoint;
        let samples = place.samples.iter().flatten();
        let reached: Vec<_> = samples.map(|path| find(self.root, "", method, path)).collect();
        let is_reached =
            reached.iter().any(|found| found.is_some_and(|found| ptr::eq(found, endpoint)));
        if is_reached || reached.is_empty() {
            return;
        }
        let before = reached.iter().flatten().next();
        let before = before.map_or("a route", |before| before.handler);
        self.mistakes.insert(format!(
            "{method} {}: no request reaches `{handler}`: `{before}` comes before it and has the \
             same path, or one that fits it, too",
            place.prefix
        ));
    }

    fn endpoint(&mut self, endpoint: &Endpoint, place: &Place, end: &str) {
        let Endpoint { method, handler, .. } = endpoint;
        let path = format!("{}{end}", place.prefix);
        if path.is_empty() {
            self.mistakes.insert(format!("{method} `{handler}`: a path starts with `/`"));
        }
        let parameters: Vec<&str> = place.parameters.iter().map(String::as_str).collect();
        let of_path = endpoint.mistakes_at(&parameters).into_iter();
        self.mistakes.extend(of_path.map(|what| format!("{method} {path}: {what}")));

        let mut known = self.endpoints.iter();
        let same = known.find(|(known, other)| *known == path && other.method == *method);
        if let Some((_, other)) = same {
            self.mistakes.insert(format!(
                "{method} {path}: both `{}` and `{handler}` handle it; remove one",
                other.handler
            ));
        }
        self.endpoints.push((path, endpoint.clone()));
    }
}

/// The endpoint that actix finds for a request.
fn find<'a>(router: &'a Router, prefix: &str, method: &str, path: &str) -> Option<&'a Endpoint> {
    for entry in &router.entries {
        match entry {
            Entry::Route(pattern, handlers) => {
                let fits = match path_below(prefix, &pattern.text) {
                    "" => path.is_empty(),
                    _ => pattern.fits(path),
                };
                if fits {
                    return endpoint_of(handlers, method);
                }
            }
            Entry::Service(service) => {
                let mut routes = service.routes.iter();
                let fitting = routes
                    .find(|(pattern, endpoint)| endpoint.method == method && pattern.fits(path));
                if let Some((_, endpoint)) = fitting {
                    return Some(endpoint);
                }
            }
            Entry::Nested(pattern, nested) => {
                if let Some(length) = pattern.length_in(path) {
                    let found = find(nested, &pattern.text, method, path.get(length..)?);
                    return found.or(fallback(router));
                }
            }
            Entry::Public(pattern, service) => {
                if pattern.length_in(path).is_some() {
                    return Some(&service.endpoint);
                }
            }
        }
    }
    fallback(router)
}

fn fallback(router: &Router) -> Option<&Endpoint> {
    router.fallbacks.first().map(|fallback| &fallback.endpoint)
}

fn endpoint_of<'a>(handlers: &'a MethodRouter, method: &str) -> Option<&'a Endpoint> {
    let of = |method: &str| {
        let mut endpoints = handlers.handlers.iter().map(|handler| &handler.endpoint);
        endpoints.find(|endpoint| endpoint.method == method)
    };
    of(method).or_else(|| of("*"))
}
