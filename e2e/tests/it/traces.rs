//! Every figure opens to what it says: amounts of a count or a sum add up, a list is its records, and the operands of
//! everything else are traces of which that holds.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use e2e::Desk;
use serde_json::Value;

use crate::shared::{figures, imported, town};

#[test]
fn every_figure_of_the_pack_opens_to_what_it_says() {
    let (desk, _) = imported();
    let wrong = open_all(desk, figures(), &town().at, &town().period);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(
        figures().len() >= town().answers.len(),
        "only {} figures opened",
        figures().len()
    );
}

/// Opens every figure; what does not hold, in sentences.
pub(crate) fn open_all(desk: &Desk, figures: &[Value], at: &str, period: &str) -> Vec<String> {
    let next = AtomicUsize::new(0);
    let wrong = Mutex::new(Vec::new());
    // One process opens one figure: hundreds of them want every core.
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(figure) = figures.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let mut found = Vec::new();
                    opens(desk, figure, (at, period), &mut found);
                    wrong
                        .lock()
                        .expect("no thread panics holding it")
                        .append(&mut found);
                }
            });
        }
    });
    wrong.into_inner().expect("all threads are done")
}

/// Opens one figure and checks its trace.
fn opens(desk: &Desk, figure: &Value, (at, period): (&str, &str), wrong: &mut Vec<String>) {
    let id = figure["id"].as_str().expect("a figure has an id");
    let answer = desk.yiben(&["trace", id, "--at", at, "--period", period, "--json"]);
    if answer.code != Some(0) {
        wrong.push(format!("{id}: {}", answer.words().trim()));
        return;
    }
    let trace = answer.json();
    if !e2e::numbers_agree(&trace["value"], &figure["value"]) {
        wrong.push(format!(
            "{id}: the trace says {}, the figure {}",
            trace["value"], figure["value"]
        ));
    }
    holds(id, &trace, wrong);
}

/// Checks one trace and those below it.
fn holds(id: &str, trace: &Value, wrong: &mut Vec<String>) {
    let kind = trace["definition"]["kind"].as_str().unwrap_or_default();
    if trace["value"].is_null() {
        return;
    }
    let empty = Vec::new();
    let records = trace["records"].as_array().unwrap_or(&empty);
    let operands = trace["operands"].as_array().unwrap_or(&empty);
    match kind {
        "count" | "sum" => {
            let sum: f64 = records.iter().map(|record| number(&record["amount"])).sum();
            if (sum - number(&trace["value"])).abs() > 1e-6 {
                wrong.push(format!(
                    "{id}: records add to {sum}, the figure is {}",
                    trace["value"]
                ));
            }
        }
        "list" => {
            let named = trace["value"].as_array().map_or(0, Vec::len);
            if named > records.len() {
                wrong.push(format!(
                    "{id}: {named} names from {} records",
                    records.len()
                ));
            }
        }
        "min" | "max" => {}
        "avg" | "formula" | "over" => {
            // Where places themselves are counted, a place is the last thing to open.
            let is_place = trace["definition"]["expr"] == "" && trace["value"] == 1;
            if operands.is_empty() && !is_place {
                wrong.push(format!("{id}: a figure of kind {kind} opens to nothing"));
            }
        }
        other => wrong.push(format!("{id}: a figure of kind {other:?}")),
    }
    for operand in operands {
        holds(
            &format!("{id} > {}", operand["id"].as_str().unwrap_or("?")),
            operand,
            wrong,
        );
    }
}

fn number(value: &Value) -> f64 {
    value
        .as_f64()
        .or_else(|| value.as_str()?.parse().ok())
        .unwrap_or(0.0)
}

#[test]
fn a_record_names_the_cell_it_was_read_from() {
    let (desk, _) = imported();
    let args = [
        "trace",
        "post.authorised[admin]",
        "--at",
        &town().at,
        "--json",
    ];
    let trace = desk.yiben(&args).done().json();
    let records = trace["records"].as_array().expect("a list");
    assert!(!records.is_empty());
    for record in records {
        let source = &record["source"];
        assert!(
            source["file"]
                .as_str()
                .is_some_and(|file| file.ends_with(".xlsx")),
            "{record}"
        );
        assert_eq!(source["sheet"], "编制使用情况", "{record}");
        let cell = source["cell"].as_str().expect("a cell");
        assert!(
            cell.starts_with('C'),
            "admin posts stand in column C, not {cell}"
        );
        assert!(record["tx"].is_number(), "{record}");
    }
}

#[test]
fn a_traced_record_has_a_history_and_others_have_none() {
    let (desk, _) = imported();
    let trace = desk
        .yiben(&["trace", "committee.members", "--at", &town().at, "--json"])
        .done()
        .json();
    let record = &trace["records"][0];
    let register = record["register"].as_str().expect("a register");
    desk.yiben(&["history", register, &record["record"].to_string(), "--json"])
        .done()
        .json();
    desk.yiben(&["history", register, "999999999"]).ended(2);
    desk.yiben(&["history", "no_such_register", "1"]).ended(2);
}
