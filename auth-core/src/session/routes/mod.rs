//! What the routes of sessions do, whichever framework serves them.

mod answer;
mod instead;
mod session;
mod sign_in;
mod sign_out;
mod webhook;

pub(crate) use answer::{Answer, AnswerBody, PAGE_POLICY};
