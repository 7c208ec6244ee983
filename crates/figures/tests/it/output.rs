//! The SQL sent, by shape and dialect, held in files. `UPDATE_EXPECT=1` writes them anew.

use crate::town::{RIVER, Store, ask, pack};
use figures::{Ask, Engine, FigureId};
use ledger::Dialect;
use std::path::Path;
use vocabulary::Moment;

const SHAPES: [(&str, &[&str]); 11] = [
    ("count", &["seat.all"]),
    ("sum", &["slot.number"]),
    ("avg", &["seat.age.avg"]),
    (
        "bands",
        &["seat.age[<=40]", "seat.age[41-50]", "seat.age[>=51]"],
    ),
    (
        "codes",
        &["seat.filled", "seat.filled[head]", "seat.rung[high]"],
    ),
    ("list", &["seat.open"]),
    ("references", &["seat.units"]),
    ("distinct", &["seat.people"]),
    ("flow", &["visit.done", "visit.cost"]),
    ("known", &["seat.filled[head]", "seat.age[<=40]"]),
    ("within", &["seat.all"]),
];

#[test]
fn the_sql_of_every_shape() {
    for (shape, ids) in SHAPES {
        let ask = match shape {
            "known" => Ask {
                known: Some(Moment(7)),
                ..ask()
            },
            "within" => Ask {
                within: Some(RIVER),
                ..ask()
            },
            _ => ask(),
        };
        for (dialect, name) in [(Dialect::Sqlite, "sqlite"), (Dialect::Postgres, "postgres")] {
            let store = Store::speaking(pack(), dialect);
            let parse = |id: &&str| FigureId::parse(id, &store.pack).expect("it is declared");
            let ids: Vec<FigureId> = ids.iter().map(parse).collect();
            Engine::new(&store.pack, &store)
                .answer(&ids, &ask)
                .expect("the store answers");
            let mut text = String::new();
            for (sql, params) in store.sent.borrow().iter() {
                if !sql.contains("FROM coverage") && !sql.contains("FROM division_tree WHERE") {
                    text.push_str(sql);
                    text.push_str(";\n");
                    for (i, value) in params.iter().enumerate() {
                        text.push_str(&format!("-- {} = {value}\n", i + 1));
                    }
                }
            }
            expect(&format!("{shape}.{name}.sql"), &text);
        }
    }
}

fn expect(file: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/output")
        .join(file);
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(&path, text).expect("the folder is there");
        return;
    }
    let held = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(held, text, "{file} differs; UPDATE_EXPECT=1 writes it anew");
}
