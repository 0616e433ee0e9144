//! What is revoked, and until when that counts.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::SystemTime;

use super::super::{Revocation, Revoked};

#[derive(Clone, Default)]
pub(super) struct List {
    /// Until when.
    sessions: HashMap<Arc<str>, SystemTime>,
    users: HashMap<Arc<str>, User>,
}

#[derive(Clone, Copy)]
struct User {
    issued_until: SystemTime,
    until: SystemTime,
}

impl List {
    pub(super) fn len(&self) -> usize {
        self.sessions.len() + self.users.len()
    }

    pub(super) fn ends(&self) -> impl Iterator<Item = SystemTime> {
        let users = self.users.values().map(|user| user.until);
        self.sessions.values().copied().chain(users)
    }

    pub(super) fn counting(&self, now: SystemTime) -> Self {
        let mut list = self.clone();
        list.sessions.retain(|_, until| now < *until);
        list.users.retain(|_, user| now < user.until);
        list
    }

    /// A token that does not say when it was issued may have been at any time.
    pub(super) fn has(
        &self,
        session: Option<&str>,
        user: &str,
        issued_at: Option<SystemTime>,
    ) -> bool {
        let user = self.users.get(user);
        session.is_some_and(|session| self.sessions.contains_key(session))
            || user.is_some_and(|user| issued_at.is_none_or(|at| at <= user.issued_until))
    }

    pub(super) fn has_place_for(&self, revocation: &Revocation) -> bool {
        match &revocation.revoked {
            Revoked::Session(id) => self.sessions.contains_key(&**id),
            Revoked::User { id, .. } => self.users.contains_key(&**id),
        }
    }

    /// Whether nothing would change.
    pub(super) fn covers(&self, revocation: &Revocation) -> bool {
        match &revocation.revoked {
            Revoked::Session(id) => {
                self.sessions.get(&**id).is_some_and(|until| revocation.until <= *until)
            }
            Revoked::User { id, issued_until } => self.users.get(&**id).is_some_and(|user| {
                *issued_until <= user.issued_until && revocation.until <= user.until
            }),
        }
    }

    pub(super) fn insert(&mut self, revocation: &Revocation) {
        let until = revocation.until;
        match &revocation.revoked {
            Revoked::Session(id) => {
                let known = self.sessions.entry(id.as_str().into()).or_insert(until);
                *known = until.max(*known);
            }
            Revoked::User { id, issued_until } => {
                let new = User { issued_until: *issued_until, until };
                let known = self.users.entry(id.as_str().into()).or_insert(new);
                known.issued_until = new.issued_until.max(known.issued_until);
                known.until = new.until.max(known.until);
            }
        }
    }
}
