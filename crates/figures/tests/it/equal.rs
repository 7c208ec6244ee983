//! SQL and Rust agree on random expressions over random rows: as a value, as a condition, and negated.
//! A failure prints the expression, the row and the seed. `PROPTEST_CASES` asks for more, `YIBEN_SEED` for others.

use crate::town::{BOOK, Store};
use figures::{Scope, Slice, Source};
use pack::expr::arbitrary::{self, AT, OTHER, PART, REGISTER, RandomRow};
use pack::expr::{Typed, eval, truth};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use vocabulary::Value;

thread_local! {
    static STORE: Store = Store::new(arbitrary::pack());
}

/// The rows as the store evaluates them: the value, and the condition and its negation where it is one.
fn in_sql(store: &Store, rows: &[RandomRow], typed: &Typed, condition: bool) -> Vec<Vec<Value>> {
    store.batch("DELETE FROM r_thing; DELETE FROM r_other; DELETE FROM r_part;");
    let parts = rows.first().map(|row| row.parts.as_slice());
    let parts = parts.unwrap_or_default().iter().map(|part| (PART, part));
    for (register, row) in rows.iter().map(|row| (REGISTER, row)).chain(parts) {
        let record = row.record;
        let mut fields: Vec<(&str, Value)> = row
            .fields
            .iter()
            .map(|(name, value)| (name.as_str(), value.clone()))
            .collect();
        if let Some(other) = &row.other {
            fields
                .iter_mut()
                .filter(|(name, _)| *name == "other")
                .for_each(|f| f.1 = Value::Int(other_of(register, record)));
            let other: Vec<(&str, Value)> = other
                .iter()
                .map(|(name, value)| (name.as_str(), value.clone()))
                .collect();
            store.put(OTHER, other_of(register, record), BOOK, &other);
        }
        let span = (row.valid_from.int().into(), 99_991_231);
        store.put_for(register, record, row.division, span, &fields);
    }
    store.batch("DELETE FROM division;");
    for (place, name) in arbitrary::PLACES {
        store.name_place(place, name, 0);
    }
    let mut scope = Scope::new(
        &store.pack,
        store,
        REGISTER,
        AT,
        Slice::InForce(AT),
        None,
        None,
    )
    .expect("the register is declared");
    let mut columns = scope.value(&typed.expr).expect("it is no formula");
    if condition {
        let condition = scope.condition(&typed.expr).expect("it is a condition");
        columns.push_str(&format!(
            ", CASE WHEN {condition} THEN 1 ELSE 0 END, CASE WHEN NOT {condition} THEN 1 ELSE 0 END"
        ));
    }
    let sql = format!("SELECT {columns} {} ORDER BY t.record", scope.rows(None));
    let mut found = Vec::new();
    store
        .query(&sql, scope.params(), &mut |row| found.push(row.to_vec()))
        .unwrap_or_else(|wrong| panic!("{}\n{wrong}", typed.text));
    found
}

/// The record of [`OTHER`] that a record refers to.
fn other_of(register: &str, record: i64) -> i64 {
    if register == PART {
        1_000 + record
    } else {
        record
    }
}

fn from_env(name: &str, otherwise: u64) -> u64 {
    std::env::var(name)
        .ok()
        .and_then(|value| value.parse().ok())
        .unwrap_or(otherwise)
}

/// The same cases every time, unless asked for others.
fn cases() -> ProptestConfig {
    ProptestConfig {
        cases: u32::try_from(from_env("PROPTEST_CASES", 512)).unwrap_or(u32::MAX),
        rng_seed: RngSeed::Fixed(seed()),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

fn seed() -> u64 {
    from_env("YIBEN_SEED", 20_221_231)
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn values_agree(
        typed in arbitrary::expression(),
        rows in arbitrary::rows(),
    ) {
        let found = STORE.with(|store| in_sql(store, &rows, &typed, false));
        prop_assert_eq!(found.len(), rows.len());
        for (row, found) in rows.iter().zip(&found) {
            let expected = eval(&typed.expr, row);
            prop_assert_eq!(&found[0], &expected, "seed {}: {} of {:?}", seed(), typed.text, row);
        }
    }

    #[test]
    fn conditions_agree(
        typed in arbitrary::condition(),
        rows in arbitrary::rows(),
    ) {
        let found = STORE.with(|store| in_sql(store, &rows, &typed, true));
        for (row, found) in rows.iter().zip(&found) {
            let expected = truth(&eval(&typed.expr, row));
            let text = &typed.text;
            prop_assert_eq!(&found[0], &expected.map_or(Value::Null, Value::from), "seed {}: {} of {:?}", seed(), text, row);
            prop_assert_eq!(&found[1], &Value::from(expected == Some(true)), "seed {}: {} of {:?}", seed(), text, row);
            prop_assert_eq!(&found[2], &Value::from(expected == Some(false)), "seed {}: {} of {:?}", seed(), text, row);
        }
    }
}
