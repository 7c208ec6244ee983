//! A book on the hamlet pack in a folder that vanishes, with a fake clock.

use ledger::{Ledger, Reader};
use office::clock::{Clock, SystemEntropy};
use office::{
    Actor, Answered, AskInput, ImportInput, ImportReport, InitInput, Office, OfficeError,
    UndoInput, UndoReport,
};
use std::path::{Path, PathBuf};
use vocabulary::{Finding, FindingClass, Moment};

/// Stands still.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Noon;

impl Clock for Noon {
    fn now(&self) -> Moment {
        Moment::parse("2023-01-05T04:00:00Z").expect("a moment")
    }
}

pub(crate) struct Desk {
    pub(crate) office: Office,
    folder: tempfile::TempDir,
}

pub(crate) fn pack() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/hamlet")
}

pub(crate) fn actor(role: Option<&str>) -> Actor {
    Actor::new("周婷婷", role)
}

impl Desk {
    /// A new book with two villages.
    pub(crate) fn new() -> Desk {
        let mut desk = Desk::without_villages();
        let villages = r#"{"type":"FeatureCollection","features":[
            {"type":"Feature","properties":{"名称":"大石村","代码":"511729102200","类型":"行政村"},"geometry":null},
            {"type":"Feature","properties":{"名称":"青山村","代码":"511729102201","类型":"行政村"},"geometry":null}]}"#;
        let report = desk.take("villages.geojson", villages);
        assert_eq!(report.files[0].sheets[0].new, 2, "{report:?}");
        desk
    }

    pub(crate) fn without_villages() -> Desk {
        Desk::bare("511729102000", "桥头镇")
    }

    pub(crate) fn bare(book: &str, name: &str) -> Desk {
        Desk::of("hamlet", book, name)
    }

    /// A new book on one of the packs.
    pub(crate) fn of(pack: &str, book: &str, name: &str) -> Desk {
        let packs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs");
        let folder = tempfile::tempdir().expect("a folder");
        let init = InitInput {
            path: folder.path().join("a.db"),
            pack: packs.join(pack),
            book: book.to_owned(),
            name: name.to_owned(),
            sm3: false,
        };
        let office =
            Office::init(&init, actor(None), Box::new(Noon), SystemEntropy).expect("a book");
        Desk { office, folder }
    }

    pub(crate) fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).expect("written");
        path
    }

    pub(crate) fn import(&mut self, name: &str, text: &str, commit: bool) -> ImportReport {
        let input = ImportInput {
            paths: vec![self.file(name, text)],
            commit,
            ..ImportInput::default()
        };
        self.office.import(&input, &|_, _, _| {}).expect("imported")
    }

    /// Imports for good.
    pub(crate) fn take(&mut self, name: &str, text: &str) -> ImportReport {
        self.import(name, text, true)
    }

    /// Takes a transaction back, or looks.
    pub(crate) fn undo(&mut self, batch: &str, commit: bool) -> Result<UndoReport, OfficeError> {
        self.office.undo(&UndoInput {
            batch: batch.to_owned(),
            commit,
            why: None,
        })
    }

    /// Reads the book beside the office.
    pub(crate) fn reader(&self) -> Reader {
        let ledger = Ledger::open_read(&self.folder.path().join("a.db")).expect("a book");
        ledger.reader().expect("a reader")
    }

    /// A figure at a date, as printed.
    pub(crate) fn figure(&self, id: &str, at: &str) -> String {
        let ask = AskInput {
            at: Some(at.to_owned()),
            ..AskInput::default()
        };
        let report = self.office.figures(&[id.to_owned()], &ask).expect("asked");
        match &report.figures[0].value {
            Answered::Null => "null".to_owned(),
            Answered::Number(number) => number.to_string(),
            Answered::List(entries) => entries.join("、"),
        }
    }

    /// Proves the book whole.
    pub(crate) fn verified(&self) {
        let report = self.office.verify().expect("verified");
        assert!(report.is_sound(), "{:?}", report.named);
    }
}

/// Class, cell and sentence of every finding.
pub(crate) fn findings(report: &ImportReport) -> Vec<(FindingClass, String, String)> {
    let all = report
        .files
        .iter()
        .flat_map(|file| &file.sheets)
        .flat_map(|sheet| &sheet.findings);
    all.map(|f: &Finding| (f.class, f.cell.clone().unwrap_or_default(), f.said.clone()))
        .collect()
}

/// The number of findings of a class.
pub(crate) fn count(report: &ImportReport, class: FindingClass) -> usize {
    findings(report)
        .iter()
        .filter(|(c, _, _)| *c == class)
        .count()
}

/// A pack with a town, its villages and a clerk who may do everything, and what a test declares.
pub(crate) fn small_pack(declared: &str) -> String {
    format!("{FRAME}{declared}")
}

const FRAME: &str = r#"
[pack]
name = "small"
title = "小"
version = "1"
[[level]]
name = "town"
title = "乡镇"
endings = ["镇"]
whole = ["全镇"]
[[level]]
name = "village"
title = "村"
endings = ["村"]
kinds = ["村"]
[role.clerk]
title = "业务员"
may = ["*"]
registers = ["*"]
personal = true
"#;
