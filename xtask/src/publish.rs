//! What others build of this: with each feature, with old Rust and old dependencies, from the packages
//! that are published, and against the public interface that they know.

use std::path::Path;
use std::process::Command;
use std::{env, fs};

use serde_json::Value;

use crate::command::{cargo, of_toolchain, output_of, succeed};
use crate::{built, installed};

const PUBLISHED: [&str; 3] = ["auth-macros", "auth-core", "auth-dev"];

/// Features that change what the others do, and all of them.
const TOGETHER: [&str; 6] = [
    "actix,axum",
    "axum,session,redis",
    "actix,session",
    "axum,openapi",
    "axum,testing",
    "__steps,actix,axum,http-client,macros,metrics,openapi,redis,session,testing,tonic,tower",
];

/// What services build.
const FOR_SERVICES: &str = "actix,axum,metrics,openapi,redis,tonic,tower";

/// Lints `auth-core` with no feature, each by itself, some together, and all.
pub(crate) fn features() -> Result<(), String> {
    installed::by_cargo("cargo-hack")?;
    let lint = |arguments: &str| {
        let mut hack = cargo("hack clippy --package auth-core --all-targets");
        hack.args(arguments.split(' ')).args(["--", "--deny", "warnings"]);
        succeed(hack)
    };
    lint("--each-feature --exclude-features testing-in-release,__steps")?;
    TOGETHER.iter().try_for_each(|set| lint(&format!("--no-default-features --features {set}")))
}

/// No dependency asks for a newer Rust than we say we need; and, where that one is installed, it builds.
pub(crate) fn oldest_rust() -> Result<(), String> {
    let (_, metadata) = output_of(&mut cargo("metadata --format-version 1 --quiet"))?;
    let metadata = metadata.lines().find(|line| line.starts_with('{')).unwrap_or_default();
    let metadata: Value = serde_json::from_str(metadata).map_err(|error| error.to_string())?;
    let packages = metadata
        .get("packages")
        .and_then(Value::as_array)
        .ok_or("cargo metadata has no packages")?;
    let text =
        |package: &Value, name: &str| package.get(name).and_then(Value::as_str).map(str::to_owned);
    let ours = packages.iter().find(|it| text(it, "name").as_deref() == Some("auth-core"));
    let ours = ours.and_then(|package| text(package, "rust_version"));
    let ours = ours.ok_or("auth-core has no rust-version")?;
    let too_new = packages.iter().filter_map(|package| {
        let wanted = text(package, "rust_version").filter(|it| version(it) > version(&ours))?;
        Some(format!("{} wants Rust {wanted}", text(package, "name")?))
    });
    let too_new: Vec<String> = too_new.collect();
    println!("{} packages, {} want a newer Rust than {ours}", packages.len(), too_new.len());
    if !too_new.is_empty() {
        return Err(too_new.join("\n"));
    }
    let toolchains = Command::new("rustup").args(["toolchain", "list"]).output();
    let toolchains = toolchains.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    if !toolchains.is_ok_and(|list| list.lines().any(|name| name.starts_with(&ours))) {
        println!("building with it: not run (Rust {ours} is not installed)");
        return Ok(());
    }
    let mut check = of_toolchain(&ours, "check --package auth-core --package auth-dev --features");
    check.args([&of_core(FOR_SERVICES), "--target-dir"]);
    check.arg(built::target()?.join("oldest-rust"));
    succeed(check)
}

/// Builds with the oldest versions of our dependencies that we say are enough.
pub(crate) fn oldest_dependencies() -> Result<(), String> {
    if !installed::has_nightly() {
        println!("not run (the nightly toolchain is not installed)");
        return Ok(());
    }
    let copy = built::target()?.join("oldest-dependencies");
    let _ = fs::remove_dir_all(&copy);
    copy_of_repository(&copy)?;
    let nightly = |arguments: &str| {
        let mut command = of_toolchain("nightly", arguments);
        command.current_dir(&copy);
        command
    };
    succeed(nightly("update --quiet -Z direct-minimal-versions"))?;
    let mut check = nightly("check --quiet -Z direct-minimal-versions --package auth-core");
    check.args(["--package", "auth-dev", "--features", &of_core(FOR_SERVICES), "--target-dir"]);
    check.arg(built::target()?.join("oldest-dependencies-built"));
    succeed(check)
}

/// Makes the packages, and builds them from what is in them.
pub(crate) fn packages() -> Result<(), String> {
    let mut package = cargo("package --allow-dirty");
    for name in PUBLISHED {
        package.args(["--package", name]);
    }
    let (made, said) = output_of(&mut package)?;
    let warnings: Vec<&str> = said.lines().filter(|line| line.starts_with("warning")).collect();
    let packed = said.lines().filter(|line| line.trim_start().starts_with("Packaged"));
    packed.for_each(|line| println!("{}", line.trim()));
    if made && warnings.is_empty() {
        Ok(())
    } else {
        Err(format!("the packages are not clean:\n{said}"))
    }
}

/// Compares the public interfaces with those that were reviewed last. With `UPDATE_PUBLIC_API` set,
/// writes them.
pub(crate) fn api() -> Result<(), String> {
    installed::by_cargo("cargo-public-api")?;
    let core = interface("auth-core", &["--features", &format!("{FOR_SERVICES},testing")]);
    let others = ["auth-dev", "auth-macros"].map(|package| interface(package, &[]));
    others.into_iter().fold(core, Result::and)
}

fn interface(package: &str, features: &[&str]) -> Result<(), String> {
    let mut list = cargo("public-api --omit blanket-impls,auto-trait-impls");
    list.args(["--package", package]).args(features);
    let output = list.output().map_err(|error| error.to_string())?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    let now = String::from_utf8_lossy(&output.stdout).into_owned();
    let file = format!("{package}/public-api.txt");
    if env::var_os("UPDATE_PUBLIC_API").is_some() {
        return fs::write(&file, now).map_err(|error| format!("{file}: {error}"));
    }
    let reviewed = fs::read_to_string(&file).map_err(|error| format!("{file}: {error}"))?;
    let (old, new): (Vec<&str>, Vec<&str>) = (reviewed.lines().collect(), now.lines().collect());
    let gone = old.iter().filter(|line| !new.contains(line)).map(|line| format!("- {line}"));
    let come = new.iter().filter(|line| !old.contains(line)).map(|line| format!("+ {line}"));
    let changes: Vec<String> = gone.chain(come).collect();
    println!("{package}: {} items, {} changes", new.len(), changes.len());
    match changes.is_empty() {
        true => Ok(()),
        false => Err(format!(
            "the public interface of {package} has changed; if it is meant, UPDATE_PUBLIC_API=1 \
             cargo xtask publish\n{}",
            changes.join("\n")
        )),
    }
}

/// As cargo wants features where there are several packages.
fn of_core(features: &str) -> String {
    let features: Vec<String> =
        features.split(',').map(|feature| format!("auth-core/{feature}")).collect();
    features.join(",")
}

fn version(text: &str) -> Vec<u32> {
    let mut numbers: Vec<u32> = text.split('.').map(|part| part.parse().unwrap_or(0)).collect();
    numbers.resize(3, 0);
    numbers
}

/// What is under version control, without the lock file.
fn copy_of_repository(to: &Path) -> Result<(), String> {
    let (_, files) = output_of(
        Command::new("git").args(["ls-files", "--", "*.rs", "*.toml", "*.md", "*.html", "*.css"]),
    )?;
    for file in files.lines().filter(|file| !file.starts_with("benches/")) {
        let copy = to.join(file);
        let made = copy.parent().map_or(Ok(()), fs::create_dir_all);
        made.and_then(|()| fs::copy(file, &copy)).map_err(|error| format!("{file}: {error}"))?;
    }
    Ok(())
}
