//! Numbers for a monitor, as Prometheus reads them. Paths appear as templates; nothing here is personal.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Upper bounds of the latency histogram, in microseconds, with the text that Prometheus wants.
const BOUNDS: [(u64, &str); 9] = [
    (1_000, "0.001"),
    (5_000, "0.005"),
    (10_000, "0.01"),
    (25_000, "0.025"),
    (50_000, "0.05"),
    (100_000, "0.1"),
    (500_000, "0.5"),
    (2_000_000, "2"),
    (30_000_000, "30"),
];

/// Counted since the start.
#[derive(Debug, Default)]
pub(crate) struct Metrics {
    /// By method, template and status. Templates are the table's, so this is bounded.
    requests: Mutex<BTreeMap<(&'static str, &'static str, u16), u64>>,
    within: [AtomicU64; BOUNDS.len()],
    all: AtomicU64,
    micros: AtomicU64,
    /// Requests in work.
    pub(crate) in_work: Gauge,
    /// Deeds that a thread carries out or that wait for one.
    pub(crate) deeds: Gauge,
    /// Of these, deeds that may write.
    pub(crate) writers: Gauge,
    /// Open streams of events.
    pub(crate) streams: Gauge,
    /// Open connections.
    pub(crate) connections: Gauge,
    /// Panics that became answers.
    pub(crate) panics: AtomicU64,
    /// Clients dropped because they did not read or did not send.
    pub(crate) dropped: AtomicU64,
}

/// Goes up and down.
#[derive(Debug, Default)]
pub(crate) struct Gauge(AtomicI64);

/// One more, until it is dropped.
#[derive(Debug)]
pub(crate) struct Held<'a>(&'a Gauge);

impl Gauge {
    /// Counts one more while the guard lives.
    pub(crate) fn hold(&self) -> Held<'_> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Held(self)
    }

    fn get(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Metrics {
    /// A request was answered.
    pub(crate) fn answered(
        &self,
        method: &'static str,
        template: &'static str,
        status: u16,
        took: Duration,
    ) {
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        for ((bound, _), count) in BOUNDS.iter().zip(&self.within) {
            if micros <= *bound {
                count.fetch_add(1, Ordering::Relaxed);
            }
        }
        self.all.fetch_add(1, Ordering::Relaxed);
        self.micros.fetch_add(micros, Ordering::Relaxed);
        let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        *requests.entry((method, template, status)).or_default() += 1;
    }

    /// As Prometheus reads it.
    pub(crate) fn text(&self) -> String {
        let mut out = String::new();
        out.push_str("# TYPE yiben_requests_total counter\n");
        let requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        for ((method, template, status), count) in &*requests {
            let _ = writeln!(
                out,
                "yiben_requests_total{{method=\"{method}\",url=\"{template}\",status=\"{status}\"}} {count}"
            );
        }
        drop(requests);
        out.push_str("# TYPE yiben_request_seconds histogram\n");
        for ((_, bound), count) in BOUNDS.iter().zip(&self.within) {
            let count = count.load(Ordering::Relaxed);
            let _ = writeln!(
                out,
                "yiben_request_seconds_bucket{{le=\"{bound}\"}} {count}"
            );
        }
        let all = self.all.load(Ordering::Relaxed);
        let micros = self.micros.load(Ordering::Relaxed);
        let _ = writeln!(out, "yiben_request_seconds_bucket{{le=\"+Inf\"}} {all}");
        let (whole, part) = (micros / 1_000_000, micros % 1_000_000);
        let _ = writeln!(out, "yiben_request_seconds_sum {whole}.{part:06}");
        let _ = writeln!(out, "yiben_request_seconds_count {all}");
        let gauges = [
            ("requests_in_work", &self.in_work),
            ("deeds_in_work", &self.deeds),
            ("writing_deeds_in_work", &self.writers),
            ("event_streams", &self.streams),
            ("connections", &self.connections),
        ];
        for (name, gauge) in gauges {
            let _ = writeln!(
                out,
                "# TYPE yiben_{name} gauge\nyiben_{name} {}",
                gauge.get()
            );
        }
        for (name, counter) in [("panics", &self.panics), ("clients_dropped", &self.dropped)] {
            let count = counter.load(Ordering::Relaxed);
            let _ = writeln!(
                out,
                "# TYPE yiben_{name}_total counter\nyiben_{name}_total {count}"
            );
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_counted_under_its_template_and_in_every_wider_bound() {
        let metrics = Metrics::default();
        metrics.answered("GET", "/api/figures", 200, Duration::from_millis(7));
        let held = metrics.deeds.hold();
        let text = metrics.text();
        for line in [
            "yiben_requests_total{method=\"GET\",url=\"/api/figures\",status=\"200\"} 1",
            "yiben_request_seconds_bucket{le=\"0.005\"} 0",
            "yiben_request_seconds_bucket{le=\"0.01\"} 1",
            "yiben_request_seconds_sum 0.007000",
            "yiben_deeds_in_work 1",
        ] {
            assert!(text.lines().any(|l| l == line), "{line} not in\n{text}");
        }
        drop(held);
        assert!(metrics.text().contains("yiben_deeds_in_work 0"));
    }
}
