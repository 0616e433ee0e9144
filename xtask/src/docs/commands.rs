//! Shell blocks: those of the guide are run, with the servers that it starts; others can be read.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::page::{Block, Page};
use crate::running::Running;
use crate::{built, installed};

/// The pages whose shell blocks are run, but for those with `by-hand` behind the language.
const GUIDE: &str = "docs/src/";

const SERVICE_PORT: &str = "3000";

pub(super) fn are_run(page: &Page, block: &Block) -> bool {
    page.path.starts_with(GUIDE) && !block.is_by_hand
}

/// What the guide's commands need.
pub(super) struct Commands {
    auth_dev: PathBuf,
    service: PathBuf,
    /// Where `auth-dev` is found by its name, too.
    path: OsString,
}

impl Commands {
    pub(super) fn build() -> Result<Self, String> {
        installed::shell_and_curl()?;
        let (auth_dev, service) = (built::auth_dev()?, built::example("axum")?);
        let paths = env::var_os("PATH").unwrap_or_default();
        let paths =
            auth_dev.parent().map(Path::to_owned).into_iter().chain(env::split_paths(&paths));
        let path = env::join_paths(paths).map_err(|error| error.to_string())?;
        Ok(Self { auth_dev, service, path })
    }

    /// Blocks of a page that do not run, or cannot be read.
    pub(super) fn mistakes(&self, page: &Page) -> Result<Vec<String>, String> {
        let mut mistakes = Vec::new();
        let mut running = None;
        for block in page.blocks_in("sh") {
            let result = if are_run(page, block) {
                if running.is_none() {
                    running = Some(self.start()?);
                }
                self.run(&block.text)
            } else {
                self.read(&block.text)
            };
            mistakes.extend(result.err().map(|why| format!("line {}: {why}", block.line)));
        }
        Ok(mistakes)
    }

    /// WorkOS and a service, at the ports that the guide has.
    fn start(&self) -> Result<[Running; 2], String> {
        let mut serve = self.command(&self.auth_dev);
        let (workos, said) = Running::start(serve.arg("serve"), "VITE_WORKOS_API_URL=")?;
        let variables = said.iter().filter_map(|line| line.split_once('='));
        let mut service = self.command(&self.service);
        // Where no file `.env` is taken for the service's.
        service.envs(variables).env("PORT", SERVICE_PORT).current_dir(env::temp_dir());
        let (service, _) = Running::start(&mut service, "Stop it with")?;
        Ok([workos, service])
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

    fn read(&self, text: &str) -> Result<(), String> {
        let output = self.command(Path::new("bash")).args(["-n", "-c", text]).output();
        let output = output.map_err(|error| format!("bash: {error}"))?;
        let said = String::from_utf8_lossy(&output.stderr);
        let mistake = || format!("bash cannot read it: {}", said.trim());
        output.status.success().then_some(()).ok_or_else(mistake)
    }

    /// With nothing of the environment but what a command needs to be found.
    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.env_clear().env("PATH", &self.path);
        command
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_run_is_the_guide_but_for_what_is_done_by_hand() {
        let text = "```sh\nls\n```\n\n```sh,by-hand\nls\n```\n";
        for (path, expected) in [("docs/src/a.md", [true, false]), ("README.md", [false, false])] {
            let page = Page::parse(path, text);
            let run = page.blocks_in("sh").map(|block| are_run(&page, block));
            assert_eq!(run.collect::<Vec<_>>(), expected, "{path}");
        }
    }
}
