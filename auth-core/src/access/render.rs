//! The access table as text, Markdown, JSON and HTML.

use std::fmt::{self, Write};

use serde::Serialize;
use serde::ser::{SerializeStruct, Serializer};

use super::{AccessRow, AccessTable};

impl AccessTable {
    /// The table in Markdown, for a page of documentation.
    #[must_use]
    pub fn to_markdown(&self) -> String {
        let mut text = "| method | path | who may | handler |\n|---|---|---|---|\n".to_owned();
        for row in &self.rows {
            let cells = [row.method, &row.path, &row.access(), row.handler].map(in_markdown);
            let _ = writeln!(text, "| {} |", cells.join(" | "));
        }
        if !self.definitions.is_empty() {
            text.push_str("\n| policy | stands for |\n|---|---|\n");
        }
        for (name, expression) in self.definitions() {
            let _ = writeln!(text, "| {} | {} |", in_markdown(name), in_markdown(expression));
        }
        text
    }

    /// The table in JSON, for other programs: `{"routes": [..], "policies": {..}}`.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default()
    }

    /// The table as a page to look at. It loads nothing and runs nothing.
    #[must_use]
    pub fn to_html(&self) -> String {
        let mut rows = String::new();
        for row in &self.rows {
            let class = if row.reason.is_some() { " class=\"public\"" } else { "" };
            let cells = [row.method, &row.path, &row.access(), row.handler].map(in_html);
            let _ = writeln!(rows, "<tr{class}><td>{}</td></tr>", cells.join("</td><td>"));
        }
        let mut definitions = String::new();
        for (name, expression) in self.definitions() {
            let _ =
                writeln!(definitions, "<dt>{}</dt><dd>{}</dd>", in_html(name), in_html(expression));
        }
        format!(include_str!("page.html"), rows = rows, definitions = definitions)
    }
}

impl AccessRow {
    /// The policy, and for a public route why it is one.
    fn access(&self) -> String {
        match self.reason {
            Some(reason) => format!("{} ({reason})", self.policy),
            None => self.policy.clone(),
        }
    }
}

impl fmt::Display for AccessTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let access: Vec<String> = self.rows.iter().map(AccessRow::access).collect();
        let width = |texts: &mut dyn Iterator<Item = &str>| {
            texts.map(|text| text.chars().count()).max().unwrap_or_default()
        };
        let method = width(&mut self.rows.iter().map(|row| row.method));
        let path = width(&mut self.rows.iter().map(|row| row.path.as_str()));
        let policy = width(&mut access.iter().map(String::as_str));
        for (row, access) in self.rows.iter().zip(&access) {
            writeln!(
                f,
                "{:method$}  {:path$}  {access:policy$}  {}",
                row.method, row.path, row.handler
            )?;
        }
        if !self.definitions.is_empty() {
            writeln!(f)?;
        }
        self.definitions().try_for_each(|(name, expression)| writeln!(f, "{name} = {expression}"))
    }
}

impl Serialize for AccessTable {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut table = serializer.serialize_struct("AccessTable", 2)?;
        table.serialize_field("routes", &self.rows)?;
        table.serialize_field("policies", &self.definitions)?;
        table.end()
    }
}

impl Serialize for AccessRow {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut row = serializer.serialize_struct("AccessRow", 5)?;
        row.serialize_field("method", self.method)?;
        row.serialize_field("path", &self.path)?;
        row.serialize_field("policy", &self.policy)?;
        row.serialize_field("reason", &self.reason)?;
        row.serialize_field("handler", self.handler)?;
        row.end()
    }
}

/// Code in a cell of a table; GitHub's Markdown takes `\|` for the text of one there.
fn in_markdown(text: &str) -> String {
    format!("`{}`", text.replace('`', "'").replace('|', "\\|"))
}

fn in_html(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            _ => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::super::Endpoint;
    use super::*;
    use crate::policy::{Admin, All, Any, Authenticated, Named, Public, Role, Text};

    struct Reason;

    impl Text for Reason {
        const TEXT: &'static str = "<b> | \"probe\"";
    }

    struct EditorRole;

    impl Text for EditorRole {
        const TEXT: &'static str = "editor";
    }

    struct Editor;

    impl Named for Editor {
        type Rule = Any<(Role<EditorRole>, Admin)>;
        const NAME: Option<&'static str> = Some("Editor");
    }

    fn table() -> AccessTable {
        AccessTable::new([
            ("/posts/{id}".to_owned(), Endpoint::new::<Editor>("PUT", "posts::update")),
            ("/health".to_owned(), Endpoint::new::<Public<Reason>>("GET", "health")),
            (
                "/posts/{id}".to_owned(),
                Endpoint::new::<All<(Editor, Authenticated)>>("DELETE", "posts::delete"),
            ),
        ])
        .unwrap()
    }

    #[test]
    fn as_text_it_is_aligned_and_explains_names() {
        let expected = "\
GET     /health      public (<b> | \"probe\")   health
DELETE  /posts/{id}  Editor && authenticated  posts::delete
PUT     /posts/{id}  Editor                   posts::update

Editor = role(\"editor\") || admin
";
        assert_eq!(table().to_string(), expected);
    }

    struct OtherEditor;

    impl Named for OtherEditor {
        type Rule = All<(Admin,)>;
        const NAME: Option<&'static str> = Some("Editor");
    }

    #[test]
    fn one_name_stands_for_one_policy() {
        let told = AccessTable::new([
            ("/a".to_owned(), Endpoint::new::<Editor>("GET", "a")),
            ("/b".to_owned(), Endpoint::new::<All<(Authenticated, OtherEditor)>>("GET", "b")),
        ]);
        let expected = "two policies are called `Editor`: `role(\"editor\") || admin` and `admin`; \
                        give one of them another name";
        assert_eq!(told.unwrap_err(), [expected]);
    }

    #[test]
    fn as_markdown_no_text_leaves_its_cell() {
        let markdown = table().to_markdown();
        assert!(
            markdown.contains("| `GET` | `/health` | `public (<b> \\| \"probe\")` | `health` |")
        );
        assert!(markdown.contains("| `Editor` | `role(\"editor\") \\|\\| admin` |"));
    }

    #[test]
    fn as_json_it_is_read_back() {
        let json: serde_json::Value = serde_json::from_str(&table().to_json()).unwrap();
        assert_eq!(json["routes"][0]["reason"], Reason::TEXT);
        assert_eq!(json["routes"][2]["policy"], "Editor");
        assert_eq!(json["policies"]["Editor"], "role(\"editor\") || admin");
    }

    #[test]
    fn as_html_no_text_becomes_markup() {
        let html = table().to_html();
        assert!(html.contains("public (&lt;b&gt; | &quot;probe&quot;)"));
        assert!(!html.contains("<b>"));
        assert!(html.starts_with("<!doctype html>"));
    }
}
