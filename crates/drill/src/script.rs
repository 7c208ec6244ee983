//! A script of deeds, carried out by an office whose clock and randomness follow from the script: the same script
//! makes the same book, hash for hash. What the deeds say lies in files beside it; knows no pack.
//!
//! A line is a deed, its words parted by tabs; what came of it is one line or more of the answer, parted likewise:
//! `init PACK CODE NAME`, `at MOMENT`, `import FILE [AS_OF]`, `undo WHY` (the last import), `erase REGISTER FIELD
//! VALUE BASIS APPROVER`, `figure ID DATE PERIOD`, `check DATE`, `count REGISTER`, `search WORDS`, `verify`, `head`.

use office::clock::Clock;
use office::{
    Actor, Answered, AskInput, EraseInput, ImportInput, InitInput, Office, OfficeError,
    SearchInput, UndoInput, Who,
};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use testkit::CountingEntropy;
use vocabulary::{Date, Moment};

/// Stands where the script puts it, and goes on a second a deed.
#[derive(Debug, Clone)]
struct Turned(Arc<AtomicI64>);

impl Clock for Turned {
    fn now(&self) -> Moment {
        Moment(self.0.load(Ordering::Relaxed))
    }
}

/// Why a script stopped.
#[derive(Debug)]
pub enum Stopped {
    /// It cannot be read so.
    Script(String),
    /// A deed was refused.
    Deed(String, OfficeError),
}

impl std::fmt::Display for Stopped {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Stopped::Script(said) => to.write_str(said),
            Stopped::Deed(deed, error) => write!(to, "{deed}: {error}"),
        }
    }
}

/// Makes a new book at `ledger` of the script's deeds; `told` hears what came of each.
pub fn play(
    ledger: &Path,
    script: &Path,
    seed: u64,
    told: &mut dyn FnMut(&str),
) -> Result<(), Stopped> {
    let text = std::fs::read_to_string(script);
    let text = text.map_err(|cause| Stopped::Script(format!("{}: {cause}", script.display())))?;
    let mut desk = Desk {
        ledger: ledger.to_owned(),
        folder: script.parent().map(Path::to_owned).unwrap_or_default(),
        clock: Turned(Arc::new(AtomicI64::new(0))),
        entropy: CountingEntropy::new(seed),
        office: None,
        imported: None,
    };
    for line in text.lines().filter(|line| !line.is_empty()) {
        let words: Vec<&str> = line.split('\t').collect();
        desk.clock.0.fetch_add(1_000_000, Ordering::Relaxed);
        desk.one(&words, told)?;
    }
    Ok(())
}

struct Desk {
    ledger: PathBuf,
    folder: PathBuf,
    clock: Turned,
    entropy: CountingEntropy,
    office: Option<Office>,
    /// The transaction of the last import.
    imported: Option<i64>,
}

impl Desk {
    fn one(&mut self, words: &[&str], told: &mut dyn FnMut(&str)) -> Result<(), Stopped> {
        let failed = |error| Stopped::Deed(words.join(" "), error);
        let unread = || Stopped::Script(format!("no deed: {}", words.join(" ")));
        match words {
            ["at", moment] => {
                let moment = Moment::parse(moment).ok_or_else(unread)?;
                self.clock.0.store(moment.0, Ordering::Relaxed);
                Ok(())
            }
            ["init", pack, code, name] => self.init(pack, code, name).map_err(failed),
            ["import", file] => self.import(file, None, told).map_err(failed),
            ["import", file, day] => {
                let day = Date::parse_iso(day).ok_or_else(unread)?;
                self.import(file, Some(day), told).map_err(failed)
            }
            ["undo", why] => self.undo(why, told).map_err(failed),
            ["erase", register, field, value, basis, approver] => {
                let input = EraseInput {
                    register: (*register).to_owned(),
                    who: Who::Value {
                        field: (*field).to_owned(),
                        value: (*value).to_owned(),
                    },
                    basis: (*basis).to_owned(),
                    approver: (*approver).to_owned(),
                    commit: true,
                };
                let report = self.office()?.erase(&input).map_err(failed)?;
                told(&format!(
                    "erased\t{}\t{}",
                    report.register,
                    report.destroyed.len()
                ));
                Ok(())
            }
            _ => self.asked(words, told),
        }
    }

    fn asked(&mut self, words: &[&str], told: &mut dyn FnMut(&str)) -> Result<(), Stopped> {
        let failed = |error| Stopped::Deed(words.join(" "), error);
        let office = self.office()?;
        match words {
            ["figure", id, at, period] => {
                let ask = AskInput {
                    at: Some((*at).to_owned()),
                    period: Some((*period).to_owned()),
                    ..AskInput::default()
                };
                let report = office.figures(&[(*id).to_owned()], &ask).map_err(failed)?;
                for answer in report.figures {
                    let value = match answer.value {
                        Answered::Number(value) => value.to_string(),
                        Answered::List(list) => list.len().to_string(),
                        Answered::Null => "null".to_owned(),
                    };
                    told(&format!("figure\t{}\t{value}", answer.id));
                }
            }
            ["check", at] => {
                let ask = AskInput {
                    at: Some((*at).to_owned()),
                    ..AskInput::default()
                };
                let report = office.check(&ask).map_err(failed)?;
                let mut counts: BTreeMap<String, u64> = BTreeMap::new();
                for finding in &report.findings {
                    *counts.entry(finding.code.clone()).or_default() += 1;
                }
                for (code, count) in counts {
                    told(&format!("check\t{code}\t{count}"));
                }
            }
            ["search", words] => {
                let input = SearchInput {
                    words: (*words).to_owned(),
                    ..SearchInput::default()
                };
                let report = office.search(&input).map_err(failed)?;
                told(&format!("search\t{words}\t{}", report.hits.len()));
            }
            ["verify"] => {
                let report = office.verify().map_err(failed)?;
                told(&format!(
                    "verify\t{}\t{}\t{}",
                    report.transactions, report.facts, report.differences
                ));
                for one in &report.named {
                    told(&format!("differs\t{}\t{}", one.part, one.place));
                }
            }
            ["head"] => {
                // Another handle: the office shows figures, not hashes.
                let head = ledger::Ledger::open_read(&self.ledger)
                    .and_then(|ledger| ledger.reader()?.head())
                    .map_err(|error| failed(error.into()))?;
                let hash: String = head.1.iter().map(|byte| format!("{byte:02x}")).collect();
                told(&format!("head\t{}\t{hash}", head.0));
            }
            _ => return Err(Stopped::Script(format!("no deed: {}", words.join(" ")))),
        }
        Ok(())
    }

    fn office(&mut self) -> Result<&mut Office, Stopped> {
        let none = || Stopped::Script("a script begins with init".to_owned());
        self.office.as_mut().ok_or_else(none)
    }

    fn init(&mut self, pack: &str, code: &str, name: &str) -> Result<(), OfficeError> {
        let input = InitInput {
            path: self.ledger.clone(),
            pack: PathBuf::from(pack),
            book: code.to_owned(),
            name: name.to_owned(),
            sm3: false,
        };
        let actor = Actor::new("seed", None);
        let clock = Box::new(self.clock.clone());
        self.office = Some(Office::init(&input, actor, clock, self.entropy.clone())?);
        Ok(())
    }

    fn import(
        &mut self,
        file: &str,
        as_of: Option<Date>,
        told: &mut dyn FnMut(&str),
    ) -> Result<(), OfficeError> {
        let input = ImportInput {
            paths: vec![self.folder.join(file)],
            commit: true,
            as_of,
            ..ImportInput::default()
        };
        let Some(office) = &mut self.office else {
            return Ok(());
        };
        let report = office.import(&input, &|_, _, _| {})?;
        for one in &report.files {
            self.imported = one.tx.or(self.imported);
            for sheet in &one.sheets {
                told(&format!(
                    "import\t{file}\t{}\t{}\t{}\t{}\t{}",
                    sheet.register.as_deref().unwrap_or("-"),
                    sheet.rows,
                    sheet.new,
                    sheet.changed,
                    sheet.unchanged
                ));
                let mut counts: BTreeMap<&str, (u64, &str)> = BTreeMap::new();
                for finding in &sheet.findings {
                    counts.entry(&finding.code).or_insert((0, &finding.said)).0 += 1;
                }
                for (code, (count, said)) in counts {
                    told(&format!("found\t{file}\t{code}\t{count}\t{said}"));
                }
            }
        }
        Ok(())
    }

    fn undo(&mut self, why: &str, told: &mut dyn FnMut(&str)) -> Result<(), OfficeError> {
        let (Some(office), Some(tx)) = (&mut self.office, self.imported.take()) else {
            return Ok(());
        };
        let report = office.undo(&UndoInput {
            batch: tx.to_string(),
            commit: true,
            why: Some(why.to_owned()),
        })?;
        told(&format!("undone\t{tx}\t{}", report.registers.len()));
        Ok(())
    }
}
