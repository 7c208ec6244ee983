//! Text as an expression over a register that has a field of every type.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pack::expr::arbitrary;
use std::sync::LazyLock;

static PACK: LazyLock<pack::CheckedPack> = LazyLock::new(|| arbitrary::pack().clone());

fuzz_target!(|text: &str| {
    match PACK.record_expression(arbitrary::REGISTER, text) {
        Ok(typed) => assert_eq!(typed.text, text.trim()),
        Err(errors) => assert!(!errors.0.is_empty()),
    }
});
