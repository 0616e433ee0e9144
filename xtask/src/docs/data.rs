//! Blocks are of a language that something looks at, and those of TOML and JSON can be read.

use super::page::Page;

/// Rust is compiled as tests, that of `rs` by `migrating`; shell is run or read by `commands`. Text
/// and HTML are for people.
const LANGUAGES: [&str; 7] = ["rust", "rs", "toml", "json", "sh", "text", "html"];

/// Blocks of a page that are not.
pub(super) fn mistakes(page: &Page) -> Vec<String> {
    let unknown = page.blocks.iter().filter(|block| !LANGUAGES.contains(&&*block.language));
    let unknown =
        unknown.map(|block| format!("line {}: nothing looks at `{}`", block.line, block.language));
    let toml = page.blocks_in("toml").filter_map(|block| {
        let error = toml::from_str::<toml::Table>(&block.text).err()?;
        Some(format!("line {}: no TOML: {}", block.line, error.message()))
    });
    let json = page.blocks_in("json").filter_map(|block| {
        let text = with_values(&block.text);
        let error = serde_json::from_str::<serde_json::Value>(&text).err()?;
        Some(format!("line {}: no JSON: {error}", block.line))
    });
    unknown.chain(toml).chain(json).collect()
}

/// A JWT template is JSON once what stands outside texts in `{{..}}` has a value.
fn with_values(template: &str) -> String {
    let mut json = String::new();
    let (mut rest, mut in_text) = (template.chars(), false);
    loop {
        let value = rest.as_str().strip_prefix("{{").filter(|_| !in_text);
        if let Some((_, behind)) = value.and_then(|value| value.split_once("}}")) {
            json.push_str("null");
            rest = behind.chars();
            continue;
        }
        let Some(character) = rest.next() else { return json };
        json.push(character);
        match character {
            '"' => in_text = !in_text,
            '\\' if in_text => json.extend(rest.next()),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_jwt_template_is_json_once_it_has_values() {
        let template = r#"{"a": {{user.a || "b"}}, "b": "{{user.b}} \"{{c}}\"", "c": {"d": {}}}"#;
        let json = r#"{"a": null, "b": "{{user.b}} \"{{c}}\"", "c": {"d": {}}}"#;
        assert_eq!(with_values(template), json);
    }
}
