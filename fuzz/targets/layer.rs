//! Bytes as a map layer.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let first = documents::layer::open(bytes);
    assert_eq!(
        first,
        documents::layer::open(bytes),
        "a layer reads the same twice"
    );
});
