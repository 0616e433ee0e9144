//! `/_dev/`: what a test or a developer wants of the server, and WorkOS has no path for.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::error::Refusal;
use crate::clock::rfc3339;
use crate::duration;
use crate::environment::Environment;
use crate::error::Error;
use crate::faults::Fault;
use crate::token::TokenOptions;

type Shared = State<Arc<Environment>>;

/// A token as plain text, for `curl` and for the command `auth-dev token`.
pub(super) async fn token(
    State(environment): Shared,
    Path(user): Path<String>,
    Query(options): Query<TokenOptions>,
) -> Result<String, Refusal> {
    Ok(environment.token(&user, &options)?)
}

pub(super) async fn users(State(environment): Shared) -> Json<Vec<Value>> {
    let directory = &environment.directory;
    Json(directory.users().iter().map(|user| directory.show(user)).collect())
}

pub(super) async fn faults(State(environment): Shared) -> Json<Vec<Fault>> {
    Json(environment.faults.outstanding())
}

pub(super) async fn fail(
    State(environment): Shared,
    Json(fault): Json<Fault>,
) -> Result<StatusCode, Refusal> {
    match fault.mistake() {
        Some(mistake) => Err(Refusal::not_meant(mistake)),
        None => {
            environment.faults.add(fault);
            Ok(StatusCode::NO_CONTENT)
        }
    }
}

pub(super) async fn heal(State(environment): Shared) -> StatusCode {
    environment.faults.clear();
    StatusCode::NO_CONTENT
}

pub(super) async fn requests(State(environment): Shared) -> Json<BTreeMap<String, u64>> {
    Json(environment.requests.all())
}

pub(super) async fn clock(State(environment): Shared) -> Json<Value> {
    Json(time_of(&environment))
}

/// A text such as `10m` sets the clock ahead, a time such as `2026-01-01T00:00:00Z` sets it.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum SetClock {
    Advance(String),
    Time(String),
}

pub(super) async fn set_clock(
    State(environment): Shared,
    wanted: Result<Json<SetClock>, JsonRejection>,
) -> Result<Json<Value>, Refusal> {
    let Ok(Json(wanted)) = wanted else {
        let message = "send {\"advance\": \"10m\"} or {\"time\": \"2030-01-01T00:00:00Z\"}";
        return Err(Refusal::not_meant(message));
    };
    let wrong = |text: &str, why: &str| Refusal::not_meant(format!("{text:?}: {why}"));
    let time = match wanted {
        SetClock::Advance(text) => {
            let by = duration::parse(&text).map_err(|why| wrong(&text, &why))?;
            let time = environment.clock.after(by);
            time.ok_or_else(|| wrong(&text, "that is after the year 9999"))?
        }
        SetClock::Time(text) => humantime::parse_rfc3339_weak(&text).map_err(|error| {
            wrong(&text, &format!("{error}; write `2026-01-01T00:00:00Z` or the like"))
        })?,
    };
    environment.clock.set(time);
    Ok(Json(time_of(&environment)))
}

fn time_of(environment: &Environment) -> Value {
    json!({ "time": rfc3339(environment.clock.now()) })
}

pub(super) async fn rotate_key(State(environment): Shared) -> Result<Json<Value>, Refusal> {
    let kid = environment.keys.rotate().map_err(Error::from)?;
    Ok(Json(json!({ "kid": kid })))
}

pub(super) async fn withdraw_key(
    State(environment): Shared,
    Path(kid): Path<String>,
) -> Result<StatusCode, Refusal> {
    match environment.keys.withdraw(&kid) {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(Refusal::not_found("Key", &kid)),
    }
}

pub(super) async fn publish_odd_keys(State(environment): Shared) -> StatusCode {
    environment.keys.publish_odd_keys(true);
    StatusCode::NO_CONTENT
}

pub(super) async fn withdraw_odd_keys(State(environment): Shared) -> StatusCode {
    environment.keys.publish_odd_keys(false);
    StatusCode::NO_CONTENT
}
