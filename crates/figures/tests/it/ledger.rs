//! The figures of a declared pack over a real ledger: written, followed, read as known before.

use figures::{Answered, Ask, Engine, FigureId};
use ledger::{Deed, Draft, HashAlg, Ledger, LedgerError, Mode, NewBook, NewFact, Source};
use pack::CheckedPack;
use std::path::Path;
use testkit::{CountingEntropy, FakeClock};
use vocabulary::{Date, Moment, Period, Value};

const BOOK: i64 = 511_000_000_000;
const DAY: Date = Date::from_int(20_221_231);

fn hamlet() -> CheckedPack {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/hamlet");
    pack::read_folder(&folder).unwrap_or_else(|wrong| panic!("{wrong}"))
}

fn deed(clock: &mut FakeClock, id: &str, sources: Vec<Source>) -> Deed {
    clock.turn(1);
    Deed {
        name: "import".to_owned(),
        actor: "test".to_owned(),
        at: clock.now(),
        client_id: id.to_owned(),
        by: ledger::By::default(),
        asked: None,
        why: None,
        sources,
    }
}

/// One household of a sheet: number, income in 分.
fn household(
    draft: &mut Draft<'_>,
    record: Option<i64>,
    row: (u32, &str, i64),
) -> Result<i64, LedgerError> {
    let register = draft.reader().register_index("household")?;
    let declared = &draft.reader().registers()[register];
    let field = |name: &str| declared.field_index(name).expect("the hamlet declares it");
    let (number, income) = (field("number"), field("income"));
    let record = record.unwrap_or_else(|| draft.new_record());
    draft.assert(NewFact {
        as_of: DAY,
        source: Some((0, row.0)),
        values: vec![(number, Value::from(row.1)), (income, Value::Int(row.2))],
        ..NewFact::new(register, record, BOOK)
    })?;
    draft.coverage(register, BOOK, DAY)?;
    Ok(record)
}

#[test]
fn a_ledger_answers_traces_and_remembers() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let pack = hamlet();
    let mut clock = FakeClock::default();
    let new = NewBook {
        book: BOOK,
        name: "小村".to_owned(),
        level: pack.levels[0].name.clone(),
        pack: pack.clone(),
        alg: HashAlg::Sha256,
        at: clock.now(),
        actor: "test".to_owned(),
    };
    let path = folder.path().join("book.db");
    let mut ledger =
        Ledger::create(&path, new, Box::new(CountingEntropy::new(7))).expect("a new book");
    let sheet = |columns: &[(&str, &str)]| Source {
        file: "农户.xlsx".to_owned(),
        sha256: String::new(),
        sheet: "Sheet1".to_owned(),
        form: String::new(),
        as_of: DAY,
        columns: columns
            .iter()
            .map(|(f, c)| ((*f).to_owned(), (*c).to_owned()))
            .collect(),
    };
    let columns = [("household.number", "B"), ("household.income", "D")];
    let ask = Ask {
        at: DAY,
        period: Period::year(2022),
        known: None,
        within: None,
    };

    let reader = ledger.reader().expect("a reader");
    let engine = Engine::new(&pack, &reader);
    for answer in engine.answer(&[], &ask).expect("an empty book answers") {
        assert!(
            matches!(answer.value, Answered::Null),
            "{} of an empty book",
            answer.id
        );
    }

    let (first, _) = ledger
        .write(
            deed(&mut clock, "a", vec![sheet(&columns)]),
            Mode::Commit,
            |draft| {
                household(draft, None, (4, "001", 100_050))?;
                household(draft, None, (5, "002", 200_000))
            },
        )
        .expect("the deed is done");
    let then = clock.now();
    ledger
        .write(
            deed(&mut clock, "b", vec![sheet(&columns)]),
            Mode::Commit,
            |draft| household(draft, first, (5, "002", 300_000)),
        )
        .expect("the deed is done");

    let reader = ledger.reader().expect("a reader");
    let engine = Engine::new(&pack, &reader);
    let value = |id: &str, known: Option<Moment>| {
        let id = FigureId::parse(id, &pack).expect("the hamlet declares it");
        let answers = engine
            .answer(&[id], &Ask { known, ..ask })
            .expect("the ledger answers");
        answers[0].value.number().map(|number| number.to_string())
    };
    assert_eq!(value("household.all", None).as_deref(), Some("2"));
    assert_eq!(value("household.income", None).as_deref(), Some("2000.25"));
    assert_eq!(
        value("household.income", Some(then)).as_deref(),
        Some("1500.25")
    );
    assert_eq!(
        value("household.all", Some(Moment(0))),
        None,
        "nothing was known yet"
    );
    assert_eq!(value("person.all", None), None, "no source has covered it");

    let id = FigureId::whole("household.income");
    let trace = engine.trace(&id, &ask).expect("the ledger answers");
    let cells: Vec<String> = trace.operands[0]
        .records
        .iter()
        .filter_map(|record| record.source.as_ref())
        .map(|cell| format!("{}!{}!{}", cell.file, cell.sheet, cell.cell))
        .collect();
    assert_eq!(cells, ["农户.xlsx!Sheet1!D4", "农户.xlsx!Sheet1!D5"]);
    assert_eq!(engine.consistent(&ask).expect("the ledger answers"), []);
    assert_eq!(engine.checks(&ask).expect("the ledger answers"), []);
}
