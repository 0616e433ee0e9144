//! Which implementation of RSA `jsonwebtoken` uses: one for a process.

use anyhow::anyhow;
use clap::ValueEnum;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Crypto {
    AwsLc,
    RustCrypto,
}

impl Crypto {
    /// For this process, once and for all, and for both versions of `jsonwebtoken`.
    ///
    /// # Errors
    /// If there is one already.
    pub(crate) fn install(self) -> anyhow::Result<()> {
        use jsonwebtoken::crypto as current;
        use jsonwebtoken10::crypto as previous;

        let (current, previous) = match self {
            Self::AwsLc => (
                current::aws_lc::DEFAULT_PROVIDER.install_default().is_ok(),
                previous::aws_lc::DEFAULT_PROVIDER.install_default().is_ok(),
            ),
            Self::RustCrypto => (
                current::rust_crypto::DEFAULT_PROVIDER.install_default().is_ok(),
                previous::rust_crypto::DEFAULT_PROVIDER.install_default().is_ok(),
            ),
        };
        let installed = current && previous;
        installed.then_some(()).ok_or_else(|| anyhow!("this process has a crypto provider already"))
    }
}
