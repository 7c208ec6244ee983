//! Tests of the ledger through its public doors.

mod backup; // carried away and brought back
mod erasure; // somebody leaves by law
mod as_of;
mod judge;
mod life;
mod writing;
