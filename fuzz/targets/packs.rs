//! Text as a pack: files between zero bytes. Every error has a place that is there.
#![no_main]

use libfuzzer_sys::fuzz_target;
use std::collections::BTreeMap;

fuzz_target!(|text: &str| {
    let names = ["pack.toml", "more.toml", "brief.md"];
    let files: BTreeMap<String, String> = names
        .iter()
        .zip(text.split('\0'))
        .map(|(name, text)| ((*name).to_owned(), text.to_owned()))
        .collect();
    match pack::read_files(files.clone()) {
        Ok(pack) => {
            let again = pack::read_files(pack.files.clone()).expect("what was good stays good");
            assert_eq!(pack.hash, again.hash);
        }
        Err(errors) => {
            assert!(!errors.0.is_empty());
            for error in &errors.0 {
                assert!(!error.said.is_empty() && !error.next.is_empty());
                assert!(error.place.line >= 1 && error.place.column >= 1);
                assert!(
                    error.place.line
                        <= files
                            .get(&error.place.file)
                            .map_or(1, |text| text.lines().count() + 1)
                );
            }
            let _ = errors.to_string();
        }
    }
});
