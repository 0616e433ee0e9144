//! Who can sign in, and what they may do where.

mod membership;
mod organization;
mod person;
mod step_up;
mod user;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Mutex;
use std::time::SystemTime;

use serde_json::{Value, json};

pub use self::membership::Membership;
pub use self::organization::Organization;
pub use self::person::Person;
pub use self::step_up::StepUp;
pub use self::user::User;
use crate::clock::rfc3339;
use crate::error::Error;
use crate::lock::lock;
use crate::secret::hidden;

/// When everything that was configured has been made.
const CREATED_AT: &str = "2026-01-01T00:00:00.000Z";

pub(crate) struct Directory {
    users: Mutex<Vec<User>>,
    /// The ids of users that were deleted: nobody else gets one of them. Locked after `users`.
    deleted: Mutex<HashSet<String>>,
    /// The last one of each user.
    sign_ins: Mutex<HashMap<String, SystemTime>>,
    organizations: Vec<Organization>,
    /// The permissions of each role.
    roles: BTreeMap<String, Vec<String>>,
}

impl Directory {
    pub(crate) fn new(
        users: Vec<User>,
        organizations: Vec<Organization>,
        roles: BTreeMap<String, Vec<String>>,
    ) -> Self {
        let users = Mutex::new(users);
        let (deleted, sign_ins) = (Mutex::default(), Mutex::default());
        Self { users, deleted, sign_ins, organizations, roles }
    }

    pub(crate) fn users(&self) -> Vec<User> {
        lock(&self.users).clone()
    }

    pub(crate) fn by_id(&self, id: &str) -> Option<User> {
        lock(&self.users).iter().find(|user| user.id == id).cloned()
    }

    pub(crate) fn by_email(&self, email: &str) -> Option<User> {
        lock(&self.users).iter().find(|user| user.email.eq_ignore_ascii_case(email)).cloned()
    }

    /// By id, by address, or by what only one address has before the `@`.
    pub(crate) fn find(&self, who: &str) -> Result<User, Error> {
        if let Some(user) = self.by_id(who).or_else(|| self.by_email(who)) {
            return Ok(user);
        }
        let users = lock(&self.users);
        let mut called = users.iter().filter(|user| user.local_part() == who);
        match (called.next(), called.next()) {
            (Some(user), None) => Ok(user.clone()),
            (Some(_), Some(_)) => Err(Error::SeveralUsers(hidden(who))),
            (None, _) => Err(Error::NoUser(hidden(who))),
        }
    }

    /// The user with this address, who signs up if there is none.
    pub(crate) fn with_email(&self, email: &str) -> User {
        let mut users = lock(&self.users);
        if let Some(user) = users.iter().find(|user| user.email.eq_ignore_ascii_case(email)) {
            return user.clone();
        }
        let deleted = lock(&self.deleted);
        let is_taken = |id: &str| deleted.contains(id) || users.iter().any(|known| known.id == id);
        let mut user = User::new(email);
        let id = user.id.clone();
        let mut number: u64 = 0;
        while is_taken(&user.id) {
            number += 1;
            user.id = format!("{id}{number}");
        }
        users.push(user.clone());
        user
    }

    pub(crate) fn remove(&self, id: &str) -> Option<User> {
        let mut users = lock(&self.users);
        let position = users.iter().position(|user| user.id == id)?;
        lock(&self.deleted).insert(id.to_owned());
        Some(users.remove(position))
    }

    pub(crate) fn note_sign_in(&self, user_id: &str, time: SystemTime) {
        lock(&self.sign_ins).insert(user_id.to_owned(), time);
    }

    /// A user as the API shows one.
    pub(crate) fn show(&self, user: &User) -> Value {
        let last_sign_in = lock(&self.sign_ins).get(&user.id).copied();
        user.to_json(last_sign_in.map(rfc3339).as_deref())
    }

    pub(crate) fn organization(&self, id: &str) -> Option<&Organization> {
        self.organizations.iter().find(|organization| organization.id == id)
    }

    /// What the roles of a membership allow, each once.
    pub(crate) fn permissions(&self, membership: &Membership) -> Vec<&str> {
        let roles = membership.roles.iter().filter_map(|role| self.roles.get(role));
        let mut permissions: Vec<&str> = roles.flatten().map(String::as_str).collect();
        permissions.sort_unstable();
        permissions.dedup();
        permissions
    }

    /// What a JWT template can speak of.
    pub(crate) fn template_context(&self, user: &User, organization_id: Option<&str>) -> Value {
        let organization = organization_id.and_then(|id| self.organization(id));
        let membership = organization_id.and_then(|id| user.membership(id));
        json!({
            "user": self.show(user),
            "organization": organization.map(Organization::to_json),
            "organization_membership": membership.map(|membership| json!({
                "object": "organization_membership",
                "role": membership.roles.first(),
                "roles": membership.roles,
                "custom_attributes": {},
                "created_at": CREATED_AT,
                "updated_at": CREATED_AT,
            })),
        })
    }
}
