//! Says nothing.
