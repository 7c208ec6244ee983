//! Tests of the ledger through its public doors.

mod judge;
mod life;
mod writing;
