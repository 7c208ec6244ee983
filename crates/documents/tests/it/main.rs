//! The public doors of this room, one module a door.

mod mark;
mod report;
mod sheet;
