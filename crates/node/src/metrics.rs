//! What the node counts, in the form that Prometheus reads.

use prometheus::{
    Encoder as _, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGauge, IntGaugeVec,
    Opts, Registry, TextEncoder,
};

/// The counters of a node.
pub(crate) struct Metrics {
    registry: Registry,
    /// Requests by route, method and status.
    pub(crate) requests: IntCounterVec,
    /// How long they took, in seconds, by route.
    pub(crate) seconds: HistogramVec,
    /// Open connections.
    pub(crate) connections: IntGauge,
    /// Connections refused for their number.
    pub(crate) refused: IntCounter,
    /// Requests refused for their rate.
    pub(crate) limited: IntCounter,
    /// Failed attempts to sign in.
    pub(crate) sign_in_failed: IntCounter,
    /// Entries appended since the start.
    pub(crate) appended: IntCounter,
    /// Visits to peers by party and result.
    pub(crate) visits: IntCounterVec,
    /// Pieces of evidence found since the start.
    pub(crate) evidence: IntCounter,
    size: IntGauge,
    witnessed: IntGauge,
    lag: IntGaugeVec,
    mirrored: IntGaugeVec,
}

impl Metrics {
    pub(crate) fn new() -> Result<Metrics, prometheus::Error> {
        let registry = Registry::new();
        macro_rules! register {
            ($metric:expr) => {{
                let metric = $metric?;
                registry.register(Box::new(metric.clone()))?;
                metric
            }};
        }
        let counter = |name: &str, help: &str| IntCounter::new(name, help);
        Ok(Metrics {
            requests: register!(IntCounterVec::new(
                Opts::new("detente_requests_total", "Requests answered"),
                &["route", "method", "status"]
            )),
            seconds: register!(HistogramVec::new(
                HistogramOpts::new("detente_request_seconds", "Time to answer a request"),
                &["route"]
            )),
            connections: register!(IntGauge::new("detente_connections", "Open connections")),
            refused: register!(counter(
                "detente_connections_refused_total",
                "Connections refused for their number"
            )),
            limited: register!(counter(
                "detente_requests_limited_total",
                "Requests refused for their rate"
            )),
            sign_in_failed: register!(counter(
                "detente_sign_in_failed_total",
                "Tokens that were not good"
            )),
            appended: register!(counter(
                "detente_entries_appended_total",
                "Entries appended since the start"
            )),
            visits: register!(IntCounterVec::new(
                Opts::new("detente_peer_visits_total", "Visits to peers"),
                &["party", "result"]
            )),
            evidence: register!(counter(
                "detente_evidence_total",
                "Evidence of misbehaviour found since the start"
            )),
            size: register!(IntGauge::new("detente_log_size", "Entries in the own log")),
            witnessed: register!(IntGauge::new(
                "detente_log_witnessed",
                "Entries that a quorum has seen"
            )),
            lag: register!(IntGaugeVec::new(
                Opts::new("detente_witness_lag", "Entries that a witness is behind"),
                &["party"]
            )),
            mirrored: register!(IntGaugeVec::new(
                Opts::new(
                    "detente_mirror_size",
                    "Entries of a log that are copied here"
                ),
                &["party"]
            )),
            registry,
        })
    }

    /// The text, after the gauges were set by the node's status.
    pub(crate) fn text(&self, status: &crate::node::Status) -> String {
        let gauge = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        self.size.set(gauge(status.size));
        self.witnessed.set(gauge(status.witnessed));
        for witness in &status.witnesses {
            self.lag
                .with_label_values(&[&witness.party])
                .set(gauge(witness.lag));
        }
        for log in &status.logs {
            self.mirrored
                .with_label_values(&[&log.party])
                .set(gauge(log.mirror.size));
        }
        let mut text = Vec::new();
        let _ = TextEncoder::new().encode(&self.registry.gather(), &mut text);
        String::from_utf8_lossy(&text).into_owned()
    }
}
