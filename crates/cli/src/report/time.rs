//! Times of logs, which count seconds, as people read them.

use detente_quantity::Instant;

/// Seconds since 1970-01-01T00:00:00Z as an instant in UTC.
pub(crate) fn utc(seconds: u64) -> String {
    i64::try_from(seconds)
        .ok()
        .and_then(|seconds| seconds.checked_mul(1_000_000))
        .map_or_else(
            || format!("{seconds} s after 1970"),
            |micros| Instant::from_micros(micros).to_string(),
        )
}
