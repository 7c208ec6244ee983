//! The figures room from outside: values, traces, checks, the SQL it sends, and its speed.

mod checks; // broken rules
mod equal; // SQL and Rust agree on random expressions
mod language;
mod ledger; // a real ledger
mod list; // records page by page
mod others; // what records of another register say
mod output; // the SQL sent, by shape and dialect
mod packs; // every pack in the house
mod speed; // a town's figures within a budget
mod town; // a small pack and a store with the ledger's layout
mod traces; // the records behind
mod values; // what figures are worth
