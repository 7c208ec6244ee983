//! The example town, imported once for all tests that only read, and small desks to copy for those that write.

use std::sync::OnceLock;

use e2e::{Desk, Town};
use serde_json::Value;

/// The example town.
pub(crate) fn town() -> &'static Town {
    static TOWN: OnceLock<Town> = OnceLock::new();
    TOWN.get_or_init(Town::read)
}

/// A ledger with every file of the town, and what the import said. Read only: tests that write take a copy.
pub(crate) fn imported() -> &'static (Desk, Value) {
    static DESK: OnceLock<(Desk, Value)> = OnceLock::new();
    DESK.get_or_init(|| {
        let desk = Desk::with_book(town());
        let folder = town().folder().to_string_lossy().into_owned();
        let said = desk.import(&[&folder]).done().json();
        (desk, said)
    })
}

/// The figures of the whole town at the date of the answers.
pub(crate) fn figures() -> &'static Vec<Value> {
    static FIGURES: OnceLock<Vec<Value>> = OnceLock::new();
    FIGURES.get_or_init(|| imported().0.figures(&town().at, &town().period))
}

/// A ledger with the villages alone, to write in.
pub(crate) fn villages() -> Desk {
    static DESK: OnceLock<Desk> = OnceLock::new();
    DESK.get_or_init(|| town().villages()).copy()
}

/// A ledger with the villages and their committees, to write in.
pub(crate) fn committees() -> Desk {
    static DESK: OnceLock<Desk> = OnceLock::new();
    let desk = DESK.get_or_init(|| {
        let desk = town().villages();
        desk.import(&[&town().file("“两委”干部花名册")]).done();
        desk
    });
    desk.copy()
}

/// Runs `deed` on a ledger with committees and asserts that it changed nothing: figures, chain.
#[track_caller]
pub(crate) fn unchanged_by(deed: impl FnOnce(&Desk)) {
    let desk = committees();
    let before = desk.figures(&town().at, &town().period);
    assert!(
        before
            .iter()
            .any(|figure| figure["id"] == "committee.members" && !figure["value"].is_null())
    );
    deed(&desk);
    desk.verified();
    assert_eq!(
        before,
        desk.figures(&town().at, &town().period),
        "a refused deed changed a figure"
    );
}
