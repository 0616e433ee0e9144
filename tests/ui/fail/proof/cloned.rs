//! A proof is of one request, and goes where its owner gives it.

use auth_core::Guard;
use auth_core::policy::Admin;

fn keep(guard: &Guard<Admin>) -> Guard<Admin> {
    guard.clone()
}

fn main() {}
