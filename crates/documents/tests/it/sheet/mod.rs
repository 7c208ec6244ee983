//! Workbooks in, from the outside.

mod forms; // hand-made forms
mod mess; // one kind of mess at a time, on sheets made in memory
mod files; // whole files: formats, limits, faults
mod example; // the example town's own workbooks
mod random; // nothing panics
