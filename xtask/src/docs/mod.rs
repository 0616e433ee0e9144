//! Documentation: its code runs or can be read, and its links lead somewhere.

mod commands;
mod data;
mod examples;
mod first_service;
mod links;
mod migrating;
mod page;
mod repository;

use std::process::Command;

use self::commands::Commands;
use self::page::Page;
use self::repository::Repository;
use crate::command::{cargo, succeed};
use crate::{built, installed};

pub(crate) fn check() -> Result<(), String> {
    let mut tally = Tally::default();
    // That of the guide, of the READMEs and of the packages.
    tally.count("code in documentation", succeed(cargo("test --workspace --doc")));

    let repository = Repository::read()?;
    tally.count("the first service by the README", first_service::of_readme(&repository));
    tally.count("the first service by the guide", first_service::of_guide(&repository));
    tally.count("what services migrate from", migrating::check(&repository));
    let commands = Commands::build()?;
    for page in repository.pages() {
        let mut mistakes = data::mistakes(page);
        mistakes.extend(links::mistakes(page, &repository));
        mistakes.extend(commands.mistakes(page)?);
        tally.count_page(page, &mistakes);
    }
    let links = repository.pages().flat_map(|page| &page.links);
    println!(
        "{} links to other sites, not asked",
        links.filter(|link| link.is_elsewhere()).count()
    );

    let mut documentation = cargo("doc --workspace --no-deps --all-features");
    documentation.env("RUSTDOCFLAGS", "--deny warnings");
    tally.count("documentation of the code", succeed(documentation));
    if installed::has_nightly() {
        for package in ["auth-core", "auth-dev"] {
            tally.count(&format!("examples of {package}"), examples::check(package));
        }
    } else {
        println!("not run: examples of the packages (the nightly toolchain is not installed)");
    }
    if installed::is_there("mdbook") {
        tally.count("the guide as a book", book());
    } else {
        println!("not run: the guide as a book (mdbook is not installed)");
    }

    println!("{} checks, {} different", tally.checks, tally.different);
    if tally.different == 0 { Ok(()) } else { Err("the documentation differs".to_owned()) }
}

/// The guide as mdBook makes it, in the target folder.
fn book() -> Result<(), String> {
    let mut book = Command::new("mdbook");
    book.args(["build", "docs", "--dest-dir"]).arg(built::target()?.join("book"));
    succeed(book)
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
        let run = page.blocks_in("sh").filter(|block| commands::are_run(page, block)).count();
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
