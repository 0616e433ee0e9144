//! Each public item is shown by an example that compiles: its own, one on the page of its type, or one
//! that its documentation links to.

use std::collections::BTreeSet;
use std::fs;

use serde_json::{Map, Value};

use super::page::Page;
use crate::built;
use crate::command::{of_toolchain, succeed};

/// What stands behind the fence of a block of Rust that rustdoc compiles.
const COMPILED: [&str; 4] = ["", "no_run", "compile_fail", "should_panic"];

/// Looks at the documentation as data, which takes the nightly toolchain.
pub(super) fn check(package: &str) -> Result<(), String> {
    let target = built::target()?;
    let mut rustdoc = of_toolchain("nightly", "rustdoc --quiet --lib --all-features --package");
    rustdoc.arg(package).arg("--target-dir").arg(&target);
    rustdoc.args(["--", "-Z", "unstable-options", "--output-format", "json"]);
    succeed(rustdoc)?;
    let path = target.join("doc").join(package.replace('-', "_")).with_extension("json");
    let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let data: Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    let library = Library::read(&data).ok_or("rustdoc's data has another form than is known")?;
    let unshown = library.unshown();
    println!("{} public items of {package}, {} without", library.items.len(), unshown.len());
    if unshown.is_empty() {
        Ok(())
    } else {
        Err(format!("no example shows {}", unshown.join(", ")))
    }
}

struct Library<'a> {
    index: &'a Map<String, Value>,
    items: Vec<Item<'a>>,
}

struct Item<'a> {
    data: &'a Value,
    /// The type or trait that it belongs to.
    owner: Option<&'a Value>,
}

impl<'a> Library<'a> {
    fn read(data: &'a Value) -> Option<Self> {
        let mut library = Self { index: data.get("index")?.as_object()?, items: Vec::new() };
        let root = library.get(data.get("root")?)?;
        library.add_module(root, &mut BTreeSet::new());
        Some(library)
    }

    fn get(&self, id: &Value) -> Option<&'a Value> {
        self.index.get(&id.to_string())
    }

    fn get_all(&self, ids: Option<&'a Value>) -> Vec<&'a Value> {
        let ids = ids.and_then(Value::as_array).into_iter().flatten();
        ids.filter_map(|id| self.get(id)).filter(|item| !is_hidden(item)).collect()
    }

    fn add_module(&mut self, module: &'a Value, seen: &mut BTreeSet<u64>) {
        for item in self.get_all(inner(module).1.get("items")) {
            match inner(item) {
                _ if !is_new(item, seen) => {}
                ("module", _) => self.add_module(item, seen),
                ("use", exported) => match exported.get("id").and_then(|id| self.get(id)) {
                    Some(item) if is_new(item, seen) => self.add(item),
                    Some(_) => {}
                    // Of another package, so its documentation is that of the export.
                    None => self.items.push(Item { data: item, owner: None }),
                },
                _ => self.add(item),
            }
        }
    }

    fn add(&mut self, item: &'a Value) {
        self.items.push(Item { data: item, owner: None });
        let (kind, inner) = inner(item);
        let mut members = match kind {
            "trait" => self.get_all(inner.get("items")),
            _ => Vec::new(),
        };
        for block in self.get_all(inner.get("impls")) {
            let block = self::inner(block).1;
            if block.get("trait").is_some_and(Value::is_null) {
                members.extend(self.get_all(block.get("items")));
            }
        }
        // What a type consists of, and what a trait asks for beside functions, its own example shows.
        let functions = members.into_iter().filter(|member| self::inner(member).0 == "function");
        self.items.extend(functions.map(|data| Item { data, owner: Some(item) }));
    }

    fn unshown(&self) -> Vec<String> {
        let unshown = self.items.iter().filter(|item| !self.is_shown(item));
        let path = |item: &Item| match item.owner {
            Some(owner) => format!("`{}::{}`", name(owner), name(item.data)),
            None => format!("`{}`", name(item.data)),
        };
        unshown.map(path).collect()
    }

    fn is_shown(&self, item: &Item<'_>) -> bool {
        let links = item.data.get("links").and_then(Value::as_object);
        let linked = links.into_iter().flat_map(Map::values).filter_map(|id| self.get(id));
        let mut elsewhere = item.owner.into_iter().chain(linked);
        !examples(item.data).is_empty()
            || elsewhere.any(|other| has_word(&examples(other), name(item.data)))
    }
}

/// The kind of an item, and what is known of one.
fn inner(item: &Value) -> (&str, &Value) {
    let inner = item.get("inner").and_then(Value::as_object);
    let inner = inner.and_then(|inner| inner.iter().next());
    inner.map_or(("", &Value::Null), |(kind, inner)| (kind, inner))
}

/// What is exported under several names is one item.
fn is_new(item: &Value, seen: &mut BTreeSet<u64>) -> bool {
    item.get("id").and_then(Value::as_u64).is_some_and(|id| seen.insert(id))
}

/// Its own, or that of what it exports.
fn name(item: &Value) -> &str {
    let name = item.get("name").and_then(Value::as_str);
    name.or_else(|| inner(item).1.get("name")?.as_str()).unwrap_or_default()
}

fn is_hidden(item: &Value) -> bool {
    item.get("attrs").is_some_and(|attributes| attributes.to_string().contains("hidden"))
}

/// The code of its documentation that is compiled.
fn examples(item: &Value) -> String {
    let docs = item.get("docs").and_then(Value::as_str).unwrap_or_default();
    let page = Page::parse(name(item), docs);
    let compiled = page.blocks.iter().filter(|block| COMPILED.contains(&&*block.language));
    compiled.map(|block| block.text.as_str()).collect()
}

fn has_word(text: &str, word: &str) -> bool {
    text.split(|it: char| !it.is_alphanumeric() && it != '_').any(|part| part == word)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn library() -> Value {
        let function = |id: u64, name: &str, docs: &str, links: Value| json!({ "id": id, "name": name, "docs": docs, "links": links, "inner": { "function": {} } });
        let example = "```\nlet a = Shown::new().with(1);\n```";
        json!({
            "root": 0,
            "index": {
                "0": { "id": 0, "name": "a", "inner": { "module": { "items": [1, 2, 7, 8] } } },
                "1": { "id": 1, "name": "Shown", "docs": example, "inner": { "struct": { "impls": [3] } } },
                "2": { "id": 2, "inner": { "use": { "id": 6, "name": "linked" } } },
                "3": { "id": 3, "inner": { "impl": { "trait": null, "items": [4, 5] } } },
                "4": function(4, "with", "It is in the example of its type.", json!({})),
                "5": function(5, "without", "```text\nlet a = without();\n```", json!({})),
                "6": function(6, "linked", "See [`Shown`].", json!({ "`Shown`": 1 })),
                "7": { "id": 7, "name": "h", "attrs": ["#[doc(hidden)]"], "inner": { "function": {} } },
                "8": { "id": 8, "docs": "", "inner": { "use": { "id": 99, "name": "elsewhere" } } },
            }
        })
    }

    #[test]
    fn an_item_is_shown_on_its_page_or_a_link_away() {
        let data = library();
        let library = Library::read(&data).unwrap();
        assert_eq!(library.items.len(), 5, "the hidden one is none");
        // The example that is linked to is about something else.
        assert_eq!(library.unshown(), ["`Shown::without`", "`linked`", "`elsewhere`"]);
    }
}
