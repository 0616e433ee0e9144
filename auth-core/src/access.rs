//! Who may do what, as a table to read and to compare.

use std::fmt;

use crate::policy::Access;

/// Every route of a service with its policy.
///
/// As text, one line a route, aligned. The order is that of paths and methods, whatever the order
/// in the code, so that a snapshot of it changes only when access changes.
#[derive(Clone, Debug, Default)]
pub struct AccessTable {
    routes: Vec<AccessRow>,
}

/// One method of one path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessRow {
    /// The path as the router has it, parameters in braces. `/*` at the end stands for every path
    /// below that no route matches.
    pub path: String,
    /// The HTTP method; `*` stands for all of them. `GET` includes `HEAD`.
    pub method: &'static str,
    /// Who may.
    pub access: Access,
    /// The handler's path in its crate.
    pub handler: &'static str,
}

impl AccessTable {
    pub(crate) fn new(mut routes: Vec<AccessRow>) -> Self {
        routes.sort_by(|a, b| (&a.path, a.method).cmp(&(&b.path, b.method)));
        Self { routes }
    }

    /// The rows, by path and method.
    #[must_use]
    pub fn rows(&self) -> &[AccessRow] {
        &self.routes
    }
}

impl fmt::Display for AccessTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let policies: Vec<String> = self.routes.iter().map(|row| row.access.to_string()).collect();
        let width = |texts: &mut dyn Iterator<Item = &str>| {
            texts.map(|text| text.chars().count()).max().unwrap_or_default()
        };
        let method = width(&mut self.routes.iter().map(|row| row.method));
        let path = width(&mut self.routes.iter().map(|row| row.path.as_str()));
        let policy = width(&mut policies.iter().map(String::as_str));
        for (row, access) in self.routes.iter().zip(&policies) {
            writeln!(
                f,
                "{:method$}  {:path$}  {access:policy$}  {}",
                row.method, row.path, row.handler
            )?;
        }
        Ok(())
    }
}

/// The policy, and for a public route why it is one.
impl fmt::Display for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.reason {
            Some(reason) => write!(f, "{} ({reason})", self.policy),
            None => f.write_str(self.policy),
        }
    }
}
