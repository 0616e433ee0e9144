//! Step five: from a compact token to what its issuer says, or a refusal.

use std::sync::Arc;
use std::time::Duration;

use crate::clock::Clock;
use crate::error::{AuthError, Code};
use crate::issuer::Issuer;
use crate::keys::RemoteKeys;
use crate::token::{Claims, TimeRules, UnverifiedToken};

/// How much of an unknown issuer's name is logged.
const LOGGED_ISSUER_LEN: usize = 200;

pub(crate) struct Verifier {
    issuers: Vec<(Issuer, Arc<RemoteKeys>)>,
    clock: Arc<dyn Clock>,
    time: TimeRules,
}

impl Verifier {
    pub(crate) fn new(
        issuers: Vec<(Issuer, Arc<RemoteKeys>)>,
        clock: Arc<dyn Clock>,
        time: TimeRules,
    ) -> Self {
        Self { issuers, clock, time }
    }

    pub(crate) fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }

    pub(crate) fn leeway(&self) -> Duration {
        self.time.leeway
    }

    /// The key sets of all issuers, each once.
    pub(crate) fn key_sets(&self) -> impl Iterator<Item = &Arc<RemoteKeys>> {
        self.issuers.iter().enumerate().filter_map(|(at, (_, keys))| {
            let mut before = self.issuers.iter().take(at);
            let shared = before.any(|(_, known)| Arc::ptr_eq(known, keys));
            (!shared).then_some(keys)
        })
    }

    /// The issuer is chosen once, by its exact name, and no other issuer's rules are tried: with
    /// one key set for several issuers, the key says nothing about who issued.
    pub(crate) async fn verify(&self, compact: &str) -> Result<Claims, AuthError> {
        let token = UnverifiedToken::parse(compact)?;
        let (issuer, keys) = self.choose(token.unverified_issuer())?;

        let header = token.unverified_header();
        issuer.check_header(header)?;
        let key = keys.find(header.key_id(), header.algorithm()).await?;

        let claims = token.verify(&key)?;
        claims.check_time(self.clock.now(), &self.time)?;
        issuer.check_claims(&claims)?;
        Ok(claims)
    }

    fn choose(&self, name: &str) -> Result<&(Issuer, Arc<RemoteKeys>), AuthError> {
        let chosen =
            self.issuers.iter().find(|(issuer, _)| issuer.names().iter().any(|n| n == name));
        chosen.ok_or_else(|| {
            let known: Vec<&String> =
                self.issuers.iter().flat_map(|(issuer, _)| issuer.names()).collect();
            let name: String = name.chars().take(LOGGED_ISSUER_LEN).collect();
            AuthError::new(Code::IssuerUnknown)
                .because(format!("no issuer is called {name:?}; configured are {known:?}"))
        })
    }
}
