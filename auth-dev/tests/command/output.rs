//! What is printed, and to whom.

use std::process::Stdio;

use crate::run::{command, server, stderr, stdout};

#[tokio::test]
async fn colours_are_for_terminals() {
    let coloured = |name: &'static str| async move {
        let output = command(&["explain", "hello"]).env(name, "1").output().await.unwrap();
        stdout(&output).contains('\u{1b}')
    };
    assert!(!coloured("NOTHING").await);
    assert!(coloured("CLICOLOR_FORCE").await);
    let both =
        command(&["explain", "hello"]).env("CLICOLOR_FORCE", "1").env("NO_COLOR", "1").output();
    assert!(!stdout(&both.await.unwrap()).contains('\u{1b}'));
}

#[tokio::test]
async fn whoever_has_read_enough_is_no_failure_and_a_full_disk_is_one() {
    let workos = server().await;
    let full = || Stdio::from(std::fs::File::create("/dev/full").unwrap());
    let (_, closed) = std::io::pipe().unwrap();
    for (stdout, code) in [(full(), 3), (closed.into(), 0)] {
        let mut command = command(&["token", "admin", "--url", workos.url()]);
        let child = command.stdout(stdout).stderr(Stdio::piped()).spawn().unwrap();
        let output = child.wait_with_output().await.unwrap();
        let said = stderr(&output);
        assert_eq!(output.status.code(), Some(code), "{said}");
        assert_eq!(said.starts_with("error: "), code == 3, "{said}");
    }
    let mut command = command(&["serve", "--port", "0"]);
    let served = command.stdout(full()).stderr(Stdio::null()).kill_on_drop(true).status().await;
    assert_eq!(served.unwrap().code(), Some(3));
}
