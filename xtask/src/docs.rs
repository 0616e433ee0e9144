//! Pages of Markdown: their code runs or can be read, their links lead somewhere.

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::ffi::OsString;
use std::fs;
use std::io::{BufRead, BufReader};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

use crate::step::{cargo, is_installed, succeed};

/// The pages whose shell blocks are run, but for those with `by-hand` behind the language.
const GUIDE: &str = "docs/src/";

const SERVICE_PORT: &str = "3000";

pub(crate) fn check() -> Result<(), String> {
    let mut tally = Tally::default();
    // That of the guide, of the READMEs and of the packages.
    tally.count("code in documentation", succeed(cargo("test --workspace --doc")));

    let files = files_of_repository()?;
    let pages = pages(&files)?;
    let programs = Programs::build()?;
    for page in pages.values() {
        let mut mistakes = page.mistakes_of_blocks();
        mistakes.extend(page.mistakes_of_links(&pages, &files));
        mistakes.extend(page.mistakes_of_commands(&programs)?);
        tally.count_page(page, &mistakes);
    }
    let links = pages.values().flat_map(|page| &page.links);
    println!(
        "{} links to other sites, not asked",
        links.filter(|link| link.is_elsewhere()).count()
    );

    let mut documentation = cargo("doc --workspace --no-deps --all-features");
    documentation.env("RUSTDOCFLAGS", "--deny warnings");
    tally.count("documentation of the code", succeed(documentation));

    println!("{} checks, {} different", tally.checks, tally.different);
    if tally.different == 0 { Ok(()) } else { Err("the documentation differs".to_owned()) }
}

#[derive(Default)]
struct Tally {
    checks: u32,
    different: u32,
}

impl Tally {
    fn count(&mut self, check: &str, result: Result<(), String>) {
        self.checks += 1;
        self.different += u32::from(result.is_err());
        match result {
            Ok(()) => println!("ok {check}"),
            Err(why) => println!("DIFFERENT {check}: {why}"),
        }
    }

    fn count_page(&mut self, page: &Page, mistakes: &[String]) {
        self.checks += 1;
        self.different += u32::from(!mistakes.is_empty());
        let verdict = if mistakes.is_empty() { "ok" } else { "DIFFERENT" };
        let of = |language: &str| page.blocks_in(language).count();
        let run = page.blocks_in("sh").filter(|block| page.runs(block)).count();
        println!(
            "{verdict} {}: {} toml, {} json, {} sh ({run} run), {} links",
            page.path,
            of("toml"),
            of("json"),
            of("sh"),
            page.links.len()
        );
        mistakes.iter().for_each(|mistake| println!("  {mistake}"));
    }
}

/// All that is in the repository, or will be: paths with slashes.
fn files_of_repository() -> Result<BTreeSet<String>, String> {
    let mut git = Command::new("git");
    git.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
    let output = git.output().map_err(|error| format!("git: {error}"))?;
    if !output.status.success() {
        return Err(format!("git: {}", String::from_utf8_lossy(&output.stderr).trim()));
    }
    let listed = String::from_utf8(output.stdout).map_err(|error| error.to_string())?;
    let listed = listed.split_terminator('\0').map(str::to_owned);
    // What has been deleted and not yet committed is listed, too.
    Ok(listed.filter(|path| Path::new(path).exists()).collect())
}

fn pages(files: &BTreeSet<String>) -> Result<BTreeMap<String, Page>, String> {
    let paths = files.iter().filter(|path| path.ends_with(".md"));
    paths.map(|path| Ok((path.clone(), Page::read(path)?))).collect()
}

/// A page of Markdown, with what is checked of it.
struct Page {
    path: String,
    blocks: Vec<Block>,
    links: Vec<Link>,
    /// Where links can lead to, without the `#`.
    anchors: BTreeSet<String>,
}

/// A fenced block.
struct Block {
    line: usize,
    language: String,
    is_by_hand: bool,
    text: String,
}

struct Link {
    line: usize,
    target: String,
}

impl Page {
    fn read(path: &str) -> Result<Self, String> {
        let text = fs::read_to_string(path).map_err(|error| format!("{path}: {error}"))?;
        Ok(Self::parse(path, &text))
    }

    fn parse(path: &str, text: &str) -> Self {
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

    fn blocks_in(&self, language: &str) -> impl Iterator<Item = &Block> {
        self.blocks.iter().filter(move |block| block.language == language)
    }

    fn runs(&self, block: &Block) -> bool {
        self.path.starts_with(GUIDE) && !block.is_by_hand
    }

    /// TOML and JSON that cannot be read.
    fn mistakes_of_blocks(&self) -> Vec<String> {
        let toml = self.blocks_in("toml").filter_map(|block| {
            let error = toml::from_str::<toml::Table>(&block.text).err()?;
            Some(format!("line {}: no TOML: {}", block.line, error.message()))
        });
        let json = self.blocks_in("json").filter_map(|block| {
            let text = with_values(&block.text);
            let error = serde_json::from_str::<serde_json::Value>(&text).err()?;
            Some(format!("line {}: no JSON: {error}", block.line))
        });
        toml.chain(json).collect()
    }

    /// Links within the repository that lead nowhere.
    fn mistakes_of_links(
        &self,
        pages: &BTreeMap<String, Self>,
        files: &BTreeSet<String>,
    ) -> Vec<String> {
        let inside = self.links.iter().filter(|link| !link.is_elsewhere());
        let mistaken = inside.filter_map(|Link { line, target }| {
            let (path, anchor) = target.split_once('#').unwrap_or((target, ""));
            let Some(path) = self.resolve(path) else {
                return Some(format!("line {line}: {target} leads out of the repository"));
            };
            let folder = format!("{path}/");
            let is_folder = path.is_empty() || files.iter().any(|file| file.starts_with(&folder));
            if !files.contains(&path) && !is_folder {
                return Some(format!("line {line}: there is no {path}"));
            }
            let is_there = match pages.get(&path) {
                Some(page) => page.anchors.contains(anchor),
                None => is_line(anchor),
            };
            (!anchor.is_empty() && !is_there)
                .then(|| format!("line {line}: {path} has no #{anchor}"))
        });
        mistaken.collect()
    }

    /// The path in the repository that a relative one stands for; none if it leads out of it.
    fn resolve(&self, relative: &str) -> Option<String> {
        if relative.is_empty() {
            return Some(self.path.clone());
        }
        if relative.starts_with('/') {
            return None;
        }
        let mut segments: Vec<&str> = self.path.split('/').collect();
        segments.pop();
        for segment in relative.split('/') {
            match segment {
                "" | "." => {}
                ".." => {
                    segments.pop()?;
                }
                name => segments.push(name),
            }
        }
        Some(segments.join("/"))
    }

    /// Shell blocks that do not run, or cannot be read.
    fn mistakes_of_commands(&self, programs: &Programs) -> Result<Vec<String>, String> {
        let mut mistakes = Vec::new();
        let mut running = None;
        for block in self.blocks_in("sh") {
            let result = if self.runs(block) {
                if running.is_none() {
                    running = Some(programs.start()?);
                }
                programs.run(&block.text)
            } else {
                programs.read(&block.text)
            };
            mistakes.extend(result.err().map(|why| format!("line {}: {why}", block.line)));
        }
        Ok(mistakes)
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
    fn is_elsewhere(&self) -> bool {
        self.target.split_once(':').is_some_and(|(scheme, _)| !scheme.contains(['/', '#', '.']))
    }
}

fn line_of(text: &str, range: &Range<usize>) -> usize {
    text.get(..range.start).unwrap_or_default().matches('\n').count() + 1
}

/// A line of a file, or some lines, as GitHub calls them: `L7`, `L7-L9`.
fn is_line(anchor: &str) -> bool {
    anchor.split('-').all(|line| {
        let number = line.strip_prefix('L').unwrap_or_default();
        !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
    })
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

/// What the guide's commands need.
struct Programs {
    /// Where `auth-dev` is.
    folder: PathBuf,
    path: OsString,
}

impl Programs {
    fn build() -> Result<Self, String> {
        for program in ["curl", "bash"] {
            if !is_installed(program) {
                return Err(format!("{program} is not installed; `apt-get install {program}`"));
            }
        }
        // As `cargo xtask test` builds its tests, after which there is nothing left to build.
        succeed(cargo("test --quiet --workspace --no-run --test command"))?;
        succeed(cargo("build --quiet --example axum"))?;
        // Cargo puts programs beside this one.
        let xtask = env::current_exe().map_err(|error| error.to_string())?;
        let folder = xtask.parent().ok_or("this program is in no folder")?.to_owned();
        let paths = env::var_os("PATH").unwrap_or_default();
        let paths = [folder.clone()].into_iter().chain(env::split_paths(&paths));
        let path = env::join_paths(paths).map_err(|error| error.to_string())?;
        Ok(Self { folder, path })
    }

    /// WorkOS and a service, at the ports that the guide has.
    fn start(&self) -> Result<[Running; 2], String> {
        let mut serve = self.command(&self.folder.join("auth-dev"));
        let (workos, said) = Running::start(serve.arg("serve"), "VITE_WORKOS_API_URL=")?;
        let variables = said.iter().filter_map(|line| line.split_once('='));
        let mut service = self.command(&self.folder.join("examples/axum"));
        // Where no file `.env` is taken for the service's.
        service.envs(variables).env("PORT", SERVICE_PORT).current_dir(env::temp_dir());
        let (service, _) = Running::start(&mut service, "Stop it with")?;
        Ok([workos, service])
    }

    fn read(&self, text: &str) -> Result<(), String> {
        let output = self.command(Path::new("bash")).args(["-n", "-c", text]).output();
        let output = output.map_err(|error| format!("bash: {error}"))?;
        let said = String::from_utf8_lossy(&output.stderr);
        let mistake = || format!("bash cannot read it: {}", said.trim());
        output.status.success().then_some(()).ok_or_else(mistake)
    }

    /// Runs commands, and compares what `curl` got with the statuses behind `# `.
    fn run(&self, text: &str) -> Result<(), String> {
        let mut bash = self.command(Path::new("bash"));
        let output = bash.args(["-euo", "pipefail", "-c", text]).stdin(Stdio::null()).output();
        let output = output.map_err(|error| format!("bash: {error}"))?;
        if !output.status.success() {
            let said = [output.stdout, output.stderr].concat();
            return Err(format!("{}: {}", output.status, String::from_utf8_lossy(&said).trim()));
        }
        let printed = String::from_utf8_lossy(&output.stdout);
        // A body need not end with its line.
        let heads = printed.split("HTTP/").skip(1);
        let came: Vec<&str> =
            heads.filter_map(|head| head.split_ascii_whitespace().nth(1)).collect();
        let curl_lines = text.lines().filter(|line| line.starts_with("curl "));
        let expected: Vec<&str> =
            curl_lines.filter_map(|line| Some(line.rsplit_once(" # ")?.1.trim())).collect();
        if expected.is_empty() || came == expected {
            Ok(())
        } else {
            Err(format!("expected {}, came {}", expected.join(" "), came.join(" ")))
        }
    }

    /// With nothing of the environment but what a command needs to be found.
    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.env_clear().env("PATH", &self.path);
        command
    }
}

/// A server that has said that it is there. Stops with this.
struct Running {
    child: Child,
    output: BufReader<ChildStdout>,
}

impl Running {
    /// Waits for a line that begins so; with all lines up to it.
    fn start(command: &mut Command, last: &str) -> Result<(Self, Vec<String>), String> {
        let name = command.get_program().display().to_string();
        let child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let mut child = child.map_err(|error| format!("{name}: {error}"))?;
        let output = child.stdout.take().ok_or("it has no output")?;
        let mut running = Self { child, output: BufReader::new(output) };
        let mut said = Vec::new();
        loop {
            let mut line = String::new();
            let read = running.output.read_line(&mut line).map_err(|error| error.to_string())?;
            if read == 0 {
                return Err(format!("{name} has ended; is its port taken?"));
            }
            said.push(line.trim_end().to_owned());
            if line.starts_with(last) {
                return Ok((running, said));
            }
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
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
    fn a_jwt_template_is_json_once_it_has_values() {
        let template = r#"{"a": {{user.a || "b"}}, "b": "{{user.b}} \"{{c}}\"", "c": {"d": {}}}"#;
        let json = r#"{"a": null, "b": "{{user.b}} \"{{c}}\"", "c": {"d": {}}}"#;
        assert_eq!(with_values(template), json);
    }

    #[test]
    fn a_page_has_blocks_links_and_anchors() {
        let text = "# A `b`\n\n[c](d.md#e) <https://f.test>\n\n```sh,by-hand\nh\n```\n";
        let page = Page::parse("docs/src/a.md", text);
        assert_eq!(page.anchors, ["a-b".to_owned()].into());
        let links = page.links.iter().map(|link| (link.line, &*link.target, link.is_elsewhere()));
        let expected = [(3, "d.md#e", false), (3, "https://f.test", true)];
        assert_eq!(links.collect::<Vec<_>>(), expected);
        let blocks = page.blocks.iter().map(|block| (block.line, &*block.text, page.runs(block)));
        assert_eq!(blocks.collect::<Vec<_>>(), [(5, "h\n", false)]);
        assert_eq!(page.resolve("../b.md").as_deref(), Some("docs/b.md"));
        assert_eq!(page.resolve("../../../b.md"), None);
    }
}
