//! The records behind: equal to the figure, with their cells.

use crate::town::ask;
use crate::values::town;
use figures::{Ask, Engine, FigureId, Trace, TraceKind};
use vocabulary::{Date, Period};

fn trace(id: &str) -> Trace {
    let store = town();
    let id = FigureId::parse(id, &store.pack).expect("the figure is declared");
    Engine::new(&store.pack, &store)
        .trace(&id, &ask())
        .expect("the ledger answers")
}

#[test]
fn every_figure_equals_what_it_opens_to() {
    let store = town();
    let engine = Engine::new(&store.pack, &store);
    for (at, period) in [
        (20_221_231, "2022"),
        (20_221_231, "2022Q3"),
        (20_201_231, "2020"),
    ] {
        let period = Period::parse(period).expect("a period");
        let ask = Ask {
            at: Date::from_int(at),
            period,
            ..ask()
        };
        assert_eq!(engine.consistent(&ask).expect("the ledger answers"), []);
    }
}

#[test]
fn a_count_opens_to_its_records() {
    let trace = trace("seat.age[<=40]");
    assert_eq!(trace.definition.kind, TraceKind::Count);
    assert_eq!(
        trace.definition.expr,
        "count from seat where person is not null and age(person.birth) in <=40"
    );
    let records: Vec<(i64, &str)> = trace
        .records
        .iter()
        .map(|r| (r.record, r.label.as_str()))
        .collect();
    assert_eq!(records, [(11, "张三主任"), (16, "张三副主任")]);
    let cell = trace.records[0]
        .source
        .as_ref()
        .expect("it came from a file");
    assert_eq!((cell.sheet.as_str(), cell.cell.as_str()), ("first", "A11"));
}

#[test]
fn a_sum_opens_to_the_cells_of_its_amounts() {
    let trace = trace("visit.cost");
    let amounts: Vec<String> = trace
        .records
        .iter()
        .map(|r| r.amount.expect("a sum adds").to_string())
        .collect();
    assert_eq!(amounts, ["100", "25.5", "5"]);
    assert_eq!(trace.unknown, 2);
    assert_eq!(
        trace.records[1].source.as_ref().expect("a cell").sheet,
        "cost"
    );
}

#[test]
fn an_average_opens_to_sum_and_count_with_the_referred_cell() {
    let trace = trace("seat.age.avg");
    assert!(trace.records.is_empty());
    let parts: Vec<(String, usize)> = trace
        .operands
        .iter()
        .map(|operand| {
            let value = operand.value.number().expect("a number").to_string();
            (value, operand.records.len())
        })
        .collect();
    assert_eq!(parts, [("170".to_owned(), 4), ("4".to_owned(), 4)]);
    let cell = trace.operands[0].records[0]
        .source
        .as_ref()
        .expect("a cell");
    assert_eq!(
        (cell.file.as_str(), cell.sheet.as_str()),
        ("person.xlsx", "birth")
    );
}

#[test]
fn a_formula_opens_to_operands_at_their_dates() {
    let trace = trace("seat.change");
    let dates: Vec<i32> = trace
        .operands
        .iter()
        .map(|operand| operand.at.int())
        .collect();
    assert_eq!(dates, [20_221_231, 20_201_231]);
    assert_eq!(trace.operands[1].records.len(), 1);
}

#[test]
fn an_over_opens_to_its_places() {
    let trace = trace("income.rich");
    let places: Vec<(&str, Option<String>)> = trace
        .operands
        .iter()
        .map(|place| {
            (
                place.title.as_str(),
                place.value.number().map(|n| n.to_string()),
            )
        })
        .collect();
    let (yes, no) = (Some("1".to_owned()), Some("0".to_owned()));
    assert_eq!(places, [("河村", yes), ("山村", no), ("渡村", None)]);
    assert_eq!(trace.operands[0].operands[0].records[0].record, 41);
}

#[test]
fn different_values_are_counted_once() {
    let trace = trace("seat.people");
    let amounts: Vec<String> = trace
        .records
        .iter()
        .filter_map(|r| r.amount)
        .map(|a| a.to_string())
        .collect();
    assert_eq!(
        amounts,
        ["1", "1", "1", "1", "0"],
        "the second seat of one person adds nothing"
    );
}
