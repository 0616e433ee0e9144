//! The header that says that WorkOS has sent it, and when.

use std::time::Duration;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::hmac::{Context, Key};

use super::WebhookError;

/// How far a message's time may be from ours, both ways.
const TOLERANCE: Duration = Duration::from_secs(180);

/// `t=<milliseconds>, v1=<hexadecimal>`; parts of other names are for other readers.
pub(super) struct Signature<'a> {
    /// As it was signed.
    time: &'a str,
    milliseconds: u64,
    tag: &'a str,
}

impl<'a> Signature<'a> {
    pub(super) fn parse(header: &'a [u8]) -> Option<Self> {
        let (mut time, mut tag) = (None, None);
        for part in std::str::from_utf8(header).ok()?.split(',') {
            let (name, value) = part.trim().split_once('=')?;
            let repeated = match name {
                "t" => time.replace(value),
                "v1" => tag.replace(value),
                _ => None,
            };
            if repeated.is_some() {
                return None;
            }
        }
        let (time, tag) = (time?, tag?);
        // `parse` would take a sign.
        let is_number = time.bytes().all(|byte| byte.is_ascii_digit());
        let milliseconds = is_number.then(|| time.parse().ok())??;
        Some(Self { time, milliseconds, tag })
    }

    pub(super) fn check_time(&self, now: Duration) -> Result<(), WebhookError> {
        let time = Duration::from_millis(self.milliseconds);
        if now.saturating_sub(time) > TOLERANCE {
            return Err(WebhookError::TooOld { by: now.saturating_sub(time) });
        }
        if time.saturating_sub(now) > TOLERANCE {
            return Err(WebhookError::TooNew { by: time.saturating_sub(now) });
        }
        Ok(())
    }

    pub(super) fn is_by(&self, key: &Key, body: &[u8]) -> bool {
        let mut context = Context::with_key(key);
        for part in [self.time.as_bytes(), b".", body] {
            context.update(part);
        }
        let expected: String =
            context.sign().as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        verify_slices_are_equal(expected.as_bytes(), self.tag.as_bytes()).is_ok()
    }
}
