//! What a running node says of itself, a line for each event.

/// Sends it to standard error, for people or as JSON for programs. `DETENTE_LOG` chooses how much: `error`, `warn`, `info` (what
/// is said without it), `debug`. The second call does nothing.
pub fn to_standard_error(json: bool) {
    let level = std::env::var("DETENTE_LOG")
        .ok()
        .and_then(|word| word.parse().ok())
        .unwrap_or(tracing::Level::INFO);
    let lines = tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .with_max_level(level);
    let _ = if json {
        lines.json().try_init()
    } else {
        lines.try_init()
    };
}
