//! What a role may not do.

use crate::desk::{Desk, Noon, actor};
use office::clock::SystemEntropy;
use office::{ImportInput, Office, OfficeError, Whose};

#[test]
fn a_reader_may_not_import() {
    let desk = Desk::new();
    let path = desk.file("a.csv", "x");
    let ledger = path.with_file_name("a.db");
    let roles = desk.office.pack().roles.clone();
    let reader = roles
        .iter()
        .find(|role| !role.may.iter().any(|d| d == "import" || d == "*"));
    let reader = reader
        .expect("the hamlet declares somebody who only reads")
        .name
        .clone();
    drop(desk.office);
    let mut office =
        Office::open(&ledger, actor(Some(&reader)), Box::new(Noon), SystemEntropy).expect("open");
    let input = ImportInput {
        paths: vec![path],
        commit: true,
        ..ImportInput::default()
    };
    let refused = office.import(&input, &|_, _, _| {}).expect_err("refused");
    assert!(matches!(refused, OfficeError::NotAllowed(_)));
    assert_eq!(refused.whose(), Whose::NotAllowed);
}
