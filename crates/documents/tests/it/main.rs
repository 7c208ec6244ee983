//! The public doors of this room, one module a door.

mod report;
mod sheet;
