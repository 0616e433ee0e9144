//! The versions of what is measured, as the lock file has them.

use std::str::FromStr;

use anyhow::{Context, ensure};
use cargo_lock::Lockfile;
use serde::{Deserialize, Serialize};

const LOCK_FILE: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.lock"));

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Version {
    pub(crate) package: String,
    pub(crate) version: String,
}

impl Version {
    /// All versions of these packages that are linked.
    ///
    /// # Errors
    /// If the lock file has no such package.
    pub(crate) fn of(packages: &[&str]) -> anyhow::Result<Vec<Self>> {
        let lock_file = Lockfile::from_str(LOCK_FILE).context("Cargo.lock cannot be read")?;
        let mut versions = Vec::new();
        for name in packages {
            let locked = lock_file.packages.iter().filter(|locked| locked.name.as_str() == *name);
            let before = versions.len();
            versions.extend(locked.map(|locked| Self {
                package: locked.name.to_string(),
                version: locked.version.to_string(),
            }));
            ensure!(versions.len() > before, "Cargo.lock has no package `{name}`");
        }
        Ok(versions)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_those_of_the_lock_file() {
        let versions = Version::of(&["auth-benches"]).unwrap();
        let expected = Version { package: "auth-benches".into(), version: "0.0.0".into() };
        assert_eq!(versions, [expected]);
        assert!(Version::of(&["no-such-package"]).is_err());
    }
}
