//! Where variables are read from.

use std::fs;

use super::{PASSWORD, Place};
use crate::run::{server, stderr, stdout};

#[tokio::test]
async fn files_are_read_in_order_and_the_process_wins() {
    let server = server().await;
    let place = Place::new("files", &server);
    place.write();
    let write = |name: &str, text: &str| fs::write(place.folder.join(name), text).unwrap();
    write("first", "WORKOS_CLIENT_ID=client_01FIRST\nADMIN_DOMAIN=first.test\n");
    write("second", "export ADMIN_DOMAIN = \"second.test\" # the later wins\n");
    write("broken", &format!("ADMIN_DOMAIN=a.test\nWORKOS_COOKIE_PASSWORD={PASSWORD} x\n"));

    let both = ["--env-file", "first", "--env-file", "second"];
    let output = place.command(&both).env("WORKOS_CLIENT_ID", "undefined").output().await.unwrap();
    let text = stdout(&output);
    for words in [
        "read first and second",
        "is `undefined`, from the environment, where first has another value",
        "second.test, from second, where first has another value",
    ] {
        assert!(text.contains(words), "no {words:?} in\n{text}");
    }

    let output = place.command(&["--env-file", "broken"]).output().await.unwrap();
    let text = stdout(&output);
    assert!(text.contains("broken has a line behind ADMIN_DOMAIN that cannot be read"), "{text}");
    assert!(!text.contains(PASSWORD), "{text}");

    let output = place.command(&["--env-file", "absent"]).output().await.unwrap();
    assert_eq!(output.status.code(), Some(3));
    assert!(stderr(&output).contains("cannot read absent"));
}
