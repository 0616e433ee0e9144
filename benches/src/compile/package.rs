//! Packages of many handlers, in a workspace below `target`.

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, ensure};

use super::cpu_time;

pub(super) const HANDLERS: usize = 500;

/// Which handler changes.
const CHANGED: usize = HANDLERS / 2;

#[derive(Clone, Copy)]
pub(super) struct Package {
    pub(super) name: &'static str,
    pub(super) attribute: &'static str,
    pub(super) argument: &'static str,
}

impl Package {
    fn source(&self, edition: usize) -> String {
        let Self { attribute, argument, .. } = self;
        let mut source = String::from(
            "//! Handlers.\n\
             extern crate actix_web as _;\n\
             extern crate actix_web_grants as _;\n\
             extern crate auth_core as _;\n\
             extern crate tracing as _;\n",
        );
        for handler in 0..HANDLERS {
            let edition = if handler == CHANGED { edition } else { 0 };
            let _ = write!(
                source,
                r#"
{attribute}
pub async fn handler_{handler}({argument}id: u64, title: String, posts: Vec<u64>) -> String {{
    let edition = {edition};
    let mut lines = Vec::new();
    for post in posts {{
        if post % 7 == 3 {{
            continue;
        }}
        let line = format!("{{title}} {{edition}}: post {{post}} of {{id}}");
        if line.len() > 100 {{
            lines.push(line.chars().take(100).collect::<String>());
        }} else {{
            lines.push(line);
        }}
    }}
    let longest = lines.iter().map(String::len).max().unwrap_or_default();
    let summary = match longest {{
        0 => "nothing".to_owned(),
        length => format!("{{}} lines, up to {{length}}", lines.len()),
    }};
    lines.insert(0, summary);
    lines.join("\n")
}}
"#
            );
        }
        source
    }
}

pub(super) struct Workspace(PathBuf);

impl Workspace {
    /// # Errors
    /// If it cannot be written.
    pub(super) fn create<const N: usize>(packages: [Package; N]) -> anyhow::Result<Self> {
        let benches = Path::new(env!("CARGO_MANIFEST_DIR"));
        let folder = benches.join("target/compile");
        let names = packages.map(|package| package.name);
        let workspace = format!(
            "[workspace]\n\
             members = {names:?}\n\
             resolver = \"3\"\n\
             [workspace.dependencies]\n\
             actix-web = {{ version = \"4\", default-features = false }}\n\
             actix-web-grants = \"4\"\n\
             auth-core = {{ path = {:?}, default-features = false, features = [\"macros\"] }}\n\
             tracing = \"0.1\"\n",
            benches.with_file_name("auth-core"),
        );
        write(&folder.join("Cargo.toml"), &workspace)?;
        // The versions that everything else is measured with.
        fs::copy(benches.join("Cargo.lock"), folder.join("Cargo.lock"))?;
        for package in packages {
            let manifest = format!(
                "[package]\n\
                 name = {:?}\n\
                 version = \"0.0.0\"\n\
                 edition = \"2024\"\n\
                 [dependencies]\n\
                 actix-web.workspace = true\n\
                 actix-web-grants.workspace = true\n\
                 auth-core.workspace = true\n\
                 tracing.workspace = true\n",
                package.name
            );
            write(&folder.join(package.name).join("Cargo.toml"), &manifest)?;
            write(&source_file(&folder, &package), &package.source(0))?;
        }
        Ok(Self(folder))
    }

    /// How many milliseconds a check computes after a change in one handler's body.
    pub(super) fn check(&self, package: &Package, edition: usize) -> anyhow::Result<f64> {
        write(&source_file(&self.0, package), &package.source(edition))?;
        let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.args(["check", "--package", package.name, "--target-dir", "target"]);
        cargo.current_dir(&self.0).env_remove("RUSTFLAGS").env("CARGO_INCREMENTAL", "1");
        let (output, time) = cpu_time::measure(&mut cargo)?;
        let said = String::from_utf8_lossy(&output.stderr);
        let checked = said.contains(&format!("Checking {} ", package.name));
        ensure!(output.status.success() && checked, "`{}` is not checked:\n{said}", package.name);
        Ok(time.as_secs_f64() * 1e3)
    }
}

fn source_file(folder: &Path, package: &Package) -> PathBuf {
    folder.join(package.name).join("src/lib.rs")
}

fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    let write = || {
        path.parent().map_or(Ok(()), fs::create_dir_all)?;
        fs::write(path, text)
    };
    write().with_context(|| path.display().to_string())
}
