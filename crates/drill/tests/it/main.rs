//! Tests of the drill's own parts.

mod simulate;
mod workload;
