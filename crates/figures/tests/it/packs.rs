//! Every figure and check of every pack in the house can be asked: nothing is left to find out in a town.

use crate::town::{BOOK, Store, ask};
use figures::{Ask, Engine};
use ledger::Dialect;
use std::path::Path;
use vocabulary::Moment;

#[test]
fn every_pack_can_be_asked_whole() {
    let packs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs");
    let mut count = 0;
    for entry in std::fs::read_dir(packs).expect("packs are there") {
        let folder = entry.expect("an entry").path();
        if !folder.join("pack.toml").is_file() {
            continue;
        }
        let pack = pack::read_folder(&folder).unwrap_or_else(|wrong| panic!("{wrong}"));
        for dialect in [Dialect::Sqlite, Dialect::Postgres] {
            let store = Store::speaking(pack.clone(), dialect);
            for register in &pack.registers {
                store.cover(&register.name, BOOK);
            }
            let engine = Engine::new(&store.pack, &store);
            for known in [None, Some(Moment(9))] {
                let ask = Ask { known, ..ask() };
                let answers = engine.answer(&[], &ask).expect("every figure can be asked");
                count += answers.len();
                engine.checks(&ask).expect("every check can be asked");
                assert_eq!(engine.consistent(&ask).expect("every figure opens"), []);
            }
        }
    }
    assert!(count > 0, "no pack was found");
}
