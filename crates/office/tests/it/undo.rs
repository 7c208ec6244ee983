//! Imports taken back: as if they had never been.

use crate::content::content;
use crate::desk::Desk;
use office::{AskInput, OfficeError};

const OLD: &str = "村“两委”干部花名册（2020年12月）\n村,姓名,性别,出生年月,职务\n\
    大石村,田平中,男,1977.04,村党支部书记\n大石村,袁香容,女,1972.02,村委会主任\n";
const NEW: &str = "村“两委”干部花名册（2022年12月）\n村,姓名,性别,出生年月,职务\n\
    大石村,田平中,男,1977.05,村党支部书记\n青山村,韩礼安,男,1981.11,村党支部书记\n";

fn last(desk: &Desk) -> String {
    let list = desk.office.undo_list().expect("listed");
    list[0].tx.to_string()
}

fn refused<T: std::fmt::Debug>(result: Result<T, OfficeError>) -> String {
    match result {
        Err(OfficeError::Asked(finding)) => finding.code.clone(),
        other => panic!("not refused: {other:?}"),
    }
}

fn open(desk: &Desk) -> usize {
    let ask = AskInput {
        at: Some("2022-12-31".to_owned()),
        ..AskInput::default()
    };
    let report = desk.office.check(&ask).expect("checked");
    report.findings.iter().filter(|f| f.id.is_some()).count()
}

#[test]
fn after_an_undo_the_book_is_as_if_it_had_not_been() {
    for order in [
        [("旧.csv", OLD), ("新.csv", NEW)],
        [("新.csv", NEW), ("旧.csv", OLD)],
    ] {
        let mut both = Desk::new();
        let mut only = Desk::new();
        only.take(order[0].0, order[0].1);
        both.take(order[0].0, order[0].1);
        both.take(order[1].0, order[1].1);
        assert_ne!(content(&both), content(&only));
        let preview = both.undo(&last(&both), false).expect("previewed");
        assert!(preview.tx.is_none() && !preview.registers.is_empty());
        assert_ne!(content(&both), content(&only), "a preview changes nothing");
        both.undo(&last(&both), true).expect("undone");
        assert_eq!(content(&both), content(&only), "{order:?}");
        both.verified();
    }
}

#[test]
fn an_older_import_is_taken_back_after_a_newer_one() {
    for order in [
        [("旧.csv", OLD), ("新.csv", NEW)],
        [("新.csv", NEW), ("旧.csv", OLD)],
    ] {
        let mut both = Desk::new();
        let mut only = Desk::new();
        only.take(order[1].0, order[1].1);
        both.take(order[0].0, order[0].1);
        let first = last(&both);
        both.take(order[1].0, order[1].1);
        assert_eq!(open(&both), 1, "the birth months are at odds");
        let report = both.undo(&first, true).expect("undone");
        assert_eq!(report.later.len(), 1);
        assert_eq!(content(&both), content(&only), "{order:?}");
        assert_eq!(open(&both), 0, "one source is left: nothing is at odds");
        both.verified();
    }
}

#[test]
fn a_roster_between_two_is_taken_back_and_the_next_one_ends_who_is_missing() {
    let middle = "村“两委”干部花名册（2021年12月）\n村,姓名,性别,出生年月,职务\n\
        大石村,田平中,男,1977.04,村党支部书记\n青山村,李四海,男,1970.01,村委会主任\n";
    let files = [("旧.csv", OLD), ("中.csv", middle), ("新.csv", NEW)];
    for order in [
        [0, 1, 2],
        [2, 1, 0],
        [1, 0, 2],
        [1, 2, 0],
        [0, 2, 1],
        [2, 0, 1],
    ] {
        let mut all = Desk::new();
        let mut two = Desk::new();
        let mut batch = String::new();
        for at in order {
            all.take(files[at].0, files[at].1);
            if at == 1 {
                batch = last(&all);
            } else {
                two.take(files[at].0, files[at].1);
            }
        }
        all.undo(&batch, true).expect("undone");
        assert_eq!(content(&all), content(&two), "{order:?}");
        all.verified();
    }
}

#[test]
fn the_same_file_can_be_imported_again_and_gives_the_same() {
    let mut desk = Desk::new();
    desk.take("旧.csv", OLD);
    desk.take("新.csv", NEW);
    let before = content(&desk);
    let batch = last(&desk);
    desk.undo(&batch, true).expect("undone");
    let report = desk.take("新.csv", NEW);
    assert!(report.files[0].tx.is_some(), "it is written anew");
    assert_eq!(content(&desk), before);
    assert_eq!(open(&desk), 1);
    desk.verified();
}

#[test]
fn a_corrected_file_stays_whole_when_its_first_version_is_taken_back() {
    let corrected = OLD.replace("1972.02", "1972.03");
    let mut both = Desk::new();
    let mut only = Desk::new();
    both.take("旧.csv", OLD);
    let first = last(&both);
    both.take("旧.csv", &corrected);
    only.take("旧.csv", &corrected);
    both.undo(&first, true).expect("undone");
    assert_eq!(content(&both), content(&only));
    both.verified();
}

#[test]
fn a_corrected_file_imported_again_is_still_at_odds_with_whoever_spoke_between() {
    let mut desk = Desk::new();
    desk.take("旧.csv", OLD);
    desk.take("另.csv", &OLD.replace("1972.02", "1972.05"));
    let corrected = OLD.replace("1972.02", "1972.08");
    desk.take("旧.csv", &corrected);
    let (before, first) = (open(&desk), last(&desk));
    assert_eq!(before, 2, "the correction is at odds too");
    desk.take("旧.csv", &corrected);
    assert_eq!((open(&desk), last(&desk)), (before, first));
}

#[test]
fn what_cannot_be_taken_back_says_why() {
    let mut desk = Desk::new();
    desk.take("旧.csv", OLD);
    let batch = last(&desk);
    assert_eq!(refused(desk.undo("1", false)), "O142", "the book itself");
    assert_eq!(refused(desk.undo("99", false)), "O140");
    assert_eq!(refused(desk.undo("七", false)), "O140");
    let places: i64 = batch.parse().expect("a number");
    assert_eq!(
        refused(desk.undo(&(places - 1).to_string(), true)),
        "O143",
        "places are used by what came later"
    );
    let done = desk.undo(&batch, true).expect("undone");
    assert_eq!(refused(desk.undo(&batch, true)), "O141");
    let own = done.tx.expect("written").to_string();
    assert_eq!(refused(desk.undo(&own, true)), "O144");
    assert_eq!(desk.office.undo_list().expect("listed").len(), 1);
    assert_eq!(
        desk.figure("seat.members", "2022-12-31"),
        "null",
        "no longer covered"
    );
}
