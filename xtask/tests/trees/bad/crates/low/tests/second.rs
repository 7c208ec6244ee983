//! A second binary.
