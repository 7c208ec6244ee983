//! From definitions to scans: every aggregate that the asked figures rest on becomes a few columns of the one
//! scan over its register and day. Refuses to run anything.

mod breakdown; // which records fall into a member
mod flow; // whether an event lies in a period
mod scan; // columns of one scan, each printed once

pub(crate) use breakdown::{Part, is_own_place};
pub(crate) use flow::Inside;
pub(crate) use scan::{Columns, Conditions, Merge, Slots, both, measured};

use crate::ask::Ask;
use crate::compile::Slice;
use pack::declare::{FigureDecl, FigureTime};
use vocabulary::Date;

/// Which slices a figure reads. A flow is read as of the last day of its period, but not after the asked day.
pub(crate) fn slice_of(figure: &FigureDecl, ask: &Ask) -> Slice {
    match figure.time {
        FigureTime::At => Slice::InForce(ask.at),
        FigureTime::Period => Slice::Event(last_day(ask).min(ask.at)),
    }
}

fn last_day(ask: &Ask) -> Date {
    ask.period.to.prev()
}
