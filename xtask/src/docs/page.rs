//! A page of Markdown, with what is checked of it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

pub(super) struct Page {
    pub(super) path: String,
    pub(super) blocks: Vec<Block>,
    pub(super) links: Vec<Link>,
    /// Where links can lead to, without the `#`.
    pub(super) anchors: BTreeSet<String>,
}

/// A fenced block.
pub(super) struct Block {
    pub(super) line: usize,
    pub(super) language: String,
    pub(super) is_by_hand: bool,
    pub(super) text: String,
}

pub(super) struct Link {
    pub(super) line: usize,
    pub(super) target: String,
}

impl Page {
    pub(super) fn read(path: &str) -> Result<Self, String> {
        let text = fs::read_to_string(path).map_err(|error| format!("{path}: {error}"))?;
        Ok(Self::parse(path, &text))
    }

    pub(super) fn parse(path: &str, text: &str) -> Self {
        let mut page = Self {
            path: path.to_owned(),
            blocks: Vec::new(),
            links: Vec::new(),
            anchors: BTreeSet::new(),
        };
        let mut anchors = Anchors::default();
        let mut heading: Option<String> = None;
        let mut in_block = false;
        let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
        for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
            match event {
                Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                    page.blocks.push(Block::new(&info, line_of(text, &range)));
                    in_block = true;
                }
                Event::End(TagEnd::CodeBlock) => in_block = false,
                Event::Text(part) if in_block => {
                    if let Some(block) = page.blocks.last_mut() {
                        block.text.push_str(&part);
                    }
                }
                Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
                Event::End(TagEnd::Heading(_)) => {
                    page.anchors.extend(heading.take().map(|heading| anchors.of(&heading)));
                }
                Event::Text(part) | Event::Code(part) => {
                    if let Some(heading) = &mut heading {
                        heading.push_str(&part);
                    }
                }
                Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                    let line = line_of(text, &range);
                    page.links.push(Link { line, target: dest_url.into_string() });
                }
                _ => {}
            }
        }
        page
    }

    pub(super) fn blocks_in(&self, language: &str) -> impl Iterator<Item = &Block> {
        self.blocks.iter().filter(move |block| block.language == language)
    }
}

impl Block {
    /// `info` is what stands behind the fence, such as `sh,by-hand`.
    fn new(info: &str, line: usize) -> Self {
        let mut words = info.split([',', ' ']);
        let language = words.next().unwrap_or_default().to_owned();
        Self {
            line,
            language,
            is_by_hand: words.any(|word| word == "by-hand"),
            text: String::new(),
        }
    }
}

impl Link {
    pub(super) fn is_elsewhere(&self) -> bool {
        self.target.split_once(':').is_some_and(|(scheme, _)| !scheme.contains(['/', '#', '.']))
    }
}

fn line_of(text: &str, range: &Range<usize>) -> usize {
    text.get(..range.start).unwrap_or_default().matches('\n').count() + 1
}

/// What GitHub calls headings in links.
#[derive(Default)]
struct Anchors {
    given: BTreeMap<String, u32>,
}

impl Anchors {
    /// Letters, digits, `-` and `_` in lower case, hyphens for spaces, and a number if it is there
    /// already.
    fn of(&mut self, heading: &str) -> String {
        let kept = heading.chars().filter(|it| it.is_alphanumeric() || " -_".contains(*it));
        let anchor = kept.collect::<String>().to_lowercase().replace(' ', "-");
        let times = self.given.entry(anchor.clone()).or_default();
        *times += 1;
        match *times {
            1 => anchor,
            times => format!("{anchor}-{}", times - 1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anchors_are_those_of_github() {
        let mut anchors = Anchors::default();
        for (heading, anchor) in [
            ("Try it", "try-it"),
            ("auth.config.ts", "authconfigts"),
            ("Ten minutes, and no more: `cargo run`", "ten-minutes-and-no-more-cargo-run"),
            ("Rules & reasons", "rules--reasons"),
            ("Try it", "try-it-1"),
            ("snake_case - and Größe", "snake_case---and-größe"),
        ] {
            assert_eq!(anchors.of(heading), anchor);
        }
    }

    #[test]
    fn a_page_has_blocks_links_and_anchors() {
        let text = "# A `b`\n\n[c](d.md#e) <https://f.test>\n\n```sh,by-hand\nh\n```\n";
        let page = Page::parse("docs/src/a.md", text);
        assert_eq!(page.anchors, ["a-b".to_owned()].into());
        let links = page.links.iter().map(|link| (link.line, &*link.target, link.is_elsewhere()));
        let expected = [(3, "d.md#e", false), (3, "https://f.test", true)];
        assert_eq!(links.collect::<Vec<_>>(), expected);
        let blocks = page.blocks.iter().map(|block| (block.line, &*block.text, block.is_by_hand));
        assert_eq!(blocks.collect::<Vec<_>>(), [(5, "h\n", true)]);
    }
}
