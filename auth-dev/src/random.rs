//! What nobody can guess.

use uuid::Uuid;

pub(crate) fn unguessable() -> String {
    Uuid::new_v4().simple().to_string()
}
