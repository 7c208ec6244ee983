//! Workbooks in, from the outside.

mod example; // the example town's own workbooks
mod files; // whole files: formats, limits, faults
pub(crate) mod forms; // hand-made forms
mod headers; // headers in other words
mod hostile; // files made to exhaust, or that are not what their name says
mod layout; // where tables lie on a sheet
mod mess; // one kind of mess at a time, on sheets made in memory
mod noted; // what is said of cells
mod random; // nothing panics
mod sections; // lines that say what rows belong to
mod value_laws;
mod wide; // years, crops or seasons across // what is shown reads back, a disguise changes nothing
