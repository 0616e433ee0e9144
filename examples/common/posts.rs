//! What the service is about: with an example's `api` it makes one, here and in the workspace's tests.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use auth_core::Guard;
use auth_core::policy::Admin;
use serde::Serialize;

#[derive(Clone, Serialize)]
pub(crate) struct Post {
    id: u64,
    title: &'static str,
    author: &'static str,
}

#[derive(Clone)]
pub(crate) struct Posts(Arc<Mutex<Vec<Post>>>);

impl Posts {
    pub(crate) fn new() -> Self {
        let author = "the people behind this service";
        let titles = ["What a guard proves", "Tokens, and how long to trust them", "Signing out"];
        let posts = titles.into_iter().zip(1..).map(|(title, id)| Post { id, title, author });
        Self(Arc::new(Mutex::new(posts.collect())))
    }

    pub(crate) fn list(&self) -> Vec<Post> {
        self.posts().clone()
    }

    /// Asks for the proof, so that no code path reaches it around the guard.
    pub(crate) fn delete(&self, id: u64, admin: &Guard<Admin>) {
        tracing::info!(by = admin.identity().subject(), id, "a post is deleted");
        self.posts().retain(|post| post.id != id);
    }

    fn posts(&self) -> MutexGuard<'_, Vec<Post>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
