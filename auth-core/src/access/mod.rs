//! Who may do what, as a table to read and to compare.

mod render;
mod snapshot;

use std::collections::{BTreeMap, BTreeSet};

use crate::policy::{Notes, Rule, is_one_line};

/// Every route of a service with its policy; also in Markdown, JSON and HTML.
///
/// As text, one line a route, aligned, and below it what the named policies stand for. The order is
/// that of paths and methods, whatever the order in the code, so that a snapshot of it changes only
/// when access changes.
///
/// ```
/// # #[cfg(all(feature = "axum", feature = "macros", feature = "http-client"))]
/// # fn build() -> Result<(), Box<dyn std::error::Error>> {
/// use auth_core::axum::{Router, get};
/// use auth_core::{AccessRow, AccessTable, Auth, policy, require};
///
/// policy!(Editor = role("editor") || admin);
///
/// #[require(Editor)]
/// async fn drafts() {}
///
/// let auth = Auth::workos("client_01ABCDEFGHJKMNPQRS").build()?;
/// let app = Router::new().route("/drafts", get(drafts)).with_state(auth).finish()?;
/// let table: &AccessTable = app.access_table();
///
/// let [AccessRow { method, path, policy, .. }] = table.rows() else { panic!("one route") };
/// assert_eq!((*method, path.as_str(), policy.as_str()), ("GET", "/drafts", "Editor"));
/// let definitions: Vec<_> = table.definitions().collect();
/// assert_eq!(definitions, [("Editor", "role(\"editor\") || admin")]);
///
/// println!("{table}");
/// println!("{}\n{}\n{}", table.to_markdown(), table.to_json(), table.to_html());
/// # Ok(())
/// # }
/// # #[cfg(all(feature = "axum", feature = "macros", feature = "http-client"))]
/// # build().unwrap();
/// ```
#[derive(Clone, Debug, Default)]
pub struct AccessTable {
    rows: Vec<AccessRow>,
    definitions: BTreeMap<String, String>,
}

/// One method of one path, in an [`AccessTable`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessRow {
    /// The path as the router has it, parameters in braces. `/*` at the end stands for every path
    /// below that no route matches; on axum, a path that is the prefix and a slash is not below.
    pub path: String,
    /// The HTTP method; `*` stands for all of them. `GET` includes `HEAD`, but for handlers with a
    /// route attribute of actix.
    pub method: &'static str,
    /// Who may: the policy as `#[require(...)]` has it, `authenticated`, `admin` or `public`.
    pub policy: String,
    /// Why everybody may, for a public route.
    pub reason: Option<&'static str>,
    /// The handler's path in its crate.
    pub handler: &'static str,
}

/// A handler with its policy, before it has a path.
#[derive(Clone, Debug)]
pub(crate) struct Endpoint {
    pub(crate) method: &'static str,
    pub(crate) policy: String,
    pub(crate) notes: Notes,
    pub(crate) handler: &'static str,
    /// It has every path below its own.
    #[cfg_attr(not(feature = "axum"), expect(dead_code, reason = "actix keeps services apart"))]
    pub(crate) is_service: bool,
}

impl Endpoint {
    pub(crate) fn new<P: Rule>(method: &'static str, handler: &'static str) -> Self {
        let mut notes = Notes::default();
        let policy = P::describe(&mut notes).to_string();
        Self { method, policy, notes, handler, is_service: false }
    }

    /// A service that has no guard; `service` is its type.
    pub(crate) fn public_service(
        reason: &'static str,
        service: &'static str,
    ) -> Result<Self, &'static str> {
        if reason.trim().is_empty() || !is_one_line(reason) {
            return Err("the reason is not one line of text; say why everybody may");
        }
        let notes = Notes { reason: Some(reason), ..Notes::default() };
        let policy = "public".to_owned();
        Ok(Self { method: "*", policy, notes, handler: service, is_service: true })
    }

    /// A route of sessions, which everybody may ask for.
    #[cfg(feature = "session")]
    pub(crate) fn of_sessions(method: &'static str, reason: &'static str) -> Self {
        Self::of_ours(method, reason, "auth_core::session")
    }

    /// The route at which this service tells of itself.
    pub(crate) fn of_metadata() -> Self {
        let reason = "tells clients whom to ask for a token (RFC 9728)";
        Self::of_ours("GET", reason, "auth_core::protected_resource")
    }

    fn of_ours(method: &'static str, reason: &'static str, handler: &'static str) -> Self {
        let notes = Notes { reason: Some(reason), ..Notes::default() };
        let policy = "public".to_owned();
        Self { method, policy, notes, handler, is_service: false }
    }

    /// What is wrong with this path for the endpoint.
    pub(crate) fn mistakes_at(&self, parameters_of_path: &[&str]) -> Vec<String> {
        let wanted = self.notes.parameters.iter();
        let mistaken = wanted.filter_map(|wanted| {
            let found = parameters_of_path.iter().filter(|known| *known == wanted).count();
            let mistake = match found {
                1 => return None,
                0 => "which the path does not have",
                _ => "of which the path has several",
            };
            Some(format!(
                "the policy `{}` reads the path parameter `{wanted}`, {mistake}",
                self.policy
            ))
        });
        mistaken.collect()
    }
}

/// The path of a function or a type in its crate.
pub(crate) fn path_in_crate<F>() -> &'static str {
    let name = std::any::type_name::<F>();
    name.split_once("::").map_or(name, |(_crate, path)| path)
}

impl AccessTable {
    /// The table, or what stands in the way of reading it.
    pub(crate) fn new(
        endpoints: impl IntoIterator<Item = (String, Endpoint)>,
    ) -> Result<Self, Vec<String>> {
        let mut table = Self::default();
        let mut mistakes = BTreeSet::new();
        for (path, Endpoint { method, policy, notes, handler, .. }) in endpoints {
            for (name, expression) in notes.definitions {
                let known = table.definitions.entry(name.clone()).or_insert(expression.clone());
                if *known != expression {
                    mistakes.insert(format!(
                        "two policies are called `{name}`: `{known}` and `{expression}`; give one \
                         of them another name"
                    ));
                }
            }
            table.rows.push(AccessRow { path, method, policy, reason: notes.reason, handler });
        }
        table.rows.sort_by(|a, b| (&a.path, a.method).cmp(&(&b.path, b.method)));
        if mistakes.is_empty() { Ok(table) } else { Err(mistakes.into_iter().collect()) }
    }

    /// The rows, by path and method.
    #[must_use]
    pub fn rows(&self) -> &[AccessRow] {
        &self.rows
    }

    /// The named policies of the table, with the expressions that they stand for.
    pub fn definitions(&self) -> impl Iterator<Item = (&str, &str)> {
        self.definitions.iter().map(|(name, expression)| (name.as_str(), expression.as_str()))
    }
}
