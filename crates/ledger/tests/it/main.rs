//! Tests of the ledger through its public doors.

mod erasure; // somebody leaves by law
mod judge;
mod life;
mod writing;
