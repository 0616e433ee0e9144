//! base64url as JOSE has it (RFC 7515, section 2): no padding, no other alphabet, no trailing bits.

use std::sync::LazyLock;

use base64::Engine;
use base64::engine::general_purpose::NO_PAD;

#[cfg(any(target_arch = "aarch64", target_arch = "x86_64"))]
static ENGINE: LazyLock<base64::engine::Simd> =
    LazyLock::new(|| base64::engine::Simd::url_safe(NO_PAD));

#[cfg(not(any(target_arch = "aarch64", target_arch = "x86_64")))]
static ENGINE: LazyLock<base64::engine::GeneralPurpose> =
    LazyLock::new(|| base64::engine::GeneralPurpose::new(&base64::alphabet::URL_SAFE, NO_PAD));

/// As long as what a text decodes to can be.
pub(crate) fn max_decoded_len(text: &str) -> usize {
    base64::decoded_len_estimate(text.len())
}

/// How many bytes a text has decoded to, in front of `room`.
pub(crate) fn decode(text: &str, room: &mut [u8]) -> Option<usize> {
    ENGINE.decode_slice(text, room).ok()
}
