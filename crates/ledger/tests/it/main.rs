//! Tests of the ledger through its public doors.

mod as_of; // the place tree and coverage of then
mod audit; // who did what
mod backup; // carried away and brought back
mod erasure; // somebody leaves by law
mod full; // no room on the disk
mod judge;
mod lent; // borrowed for a long deed, and readers kept open
mod life;
mod search; // found by a part of a name
mod writing;
