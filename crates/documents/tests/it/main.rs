//! The public doors of this room, one module a door.

mod layer; // map layers, one kind of trouble a layer
mod mark;
mod nasty; // small nasty sheets, one kind of mess a file
mod report;
mod sheet;
