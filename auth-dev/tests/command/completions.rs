//! `auth-dev completions`.

use crate::run::{auth_dev, stdout};

#[tokio::test]
async fn every_shell_has_completions() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let output = auth_dev(&["completions", shell]).await;
        assert!(output.status.success(), "{shell}");
        let script = stdout(&output);
        for word in ["explain", "doctor", "admin-domain", "env-file"] {
            assert!(script.contains(word), "{shell}: {word}");
        }
    }
    assert_eq!(auth_dev(&["completions", "tcsh"]).await.status.code(), Some(2));
}
