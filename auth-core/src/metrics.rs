//! What is counted, by the names that dashboards know. Without the feature `metrics` it is nothing.

use std::time::Duration;

use crate::decision::Outcome;

pub(crate) const IS_ON: bool = cfg!(feature = "metrics");

/// `auth_decisions_total` of guards, and `auth_refusals_total` by their code.
pub(crate) fn decided(policy: Option<&str>, outcome: Outcome) {
    #[cfg(feature = "metrics")]
    {
        let policy = policy.unwrap_or_default().to_owned();
        let name = match outcome {
            Outcome::Allowed => "allowed",
            Outcome::Refused(code) => {
                ::metrics::counter!("auth_refusals_total", "code" => code.as_str()).increment(1);
                "refused"
            }
        };
        ::metrics::counter!("auth_decisions_total", "outcome" => name, "policy" => policy)
            .increment(1);
    }
    #[cfg(not(feature = "metrics"))]
    let _ = (policy, outcome);
}

/// `auth_token_cache_total`: whether a token was known.
pub(crate) fn looked_up(is_known: bool) {
    #[cfg(feature = "metrics")]
    {
        let result = if is_known { "hit" } else { "miss" };
        ::metrics::counter!("auth_token_cache_total", "result" => result).increment(1);
    }
    #[cfg(not(feature = "metrics"))]
    let _ = is_known;
}

/// `auth_key_fetches_total` and `auth_key_fetch_seconds`.
pub(crate) fn fetched_keys(is_ok: bool, time: Duration) {
    #[cfg(feature = "metrics")]
    {
        let outcome = if is_ok { "ok" } else { "failed" };
        ::metrics::counter!("auth_key_fetches_total", "outcome" => outcome).increment(1);
        ::metrics::histogram!("auth_key_fetch_seconds").record(time);
    }
    #[cfg(not(feature = "metrics"))]
    let _ = (is_ok, time);
}

/// `auth_session_refreshes_total` and `auth_session_refresh_seconds`.
#[cfg(all(feature = "session", any(feature = "actix", feature = "axum")))]
pub(crate) fn refreshed(outcome: &'static str, time: Duration) {
    #[cfg(feature = "metrics")]
    {
        ::metrics::counter!("auth_session_refreshes_total", "outcome" => outcome).increment(1);
        ::metrics::histogram!("auth_session_refresh_seconds").record(time);
    }
    #[cfg(not(feature = "metrics"))]
    let _ = (outcome, time);
}
