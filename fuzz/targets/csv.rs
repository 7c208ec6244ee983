//! Bytes as a csv, read and matched.
#![no_main]

use documents::sheet::{Limits, open};
use libfuzzer_sys::fuzz_target;
use std::path::Path;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(book) = open(Path::new("a.csv"), bytes, &Limits::default()) {
        for sheet in &book.sheets {
            fuzz::read(sheet);
        }
    }
});
