//! The simulation one storey higher: an office that reads small files, takes imports back and settles what is at
//! odds, and whose process dies while it does. The naive judge hears the rows of every file that was taken.

use super::dice::Dice;
use super::model::said;
use super::{DAY, SECOND, copy_book};
use crate::contents::hex;
use ledger::{Ledger, Op, Reader, Said, Transaction};
use office::clock::Clock;
use office::{
    Actor, AskInput, ImportInput, InitInput, Office, OfficeError, SettleInput, UndoInput,
};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use tempfile::TempDir;
use testkit::judge::{Judge, Kind, Statement};
use vocabulary::{Date, Moment, RecordId, Value};

/// Deeds of one run.
const DEEDS: usize = 9;

/// Days on which files speak.
const DAYS: [i32; 4] = [20_200_101, 20_210_601, 20_221_226, 20_240_229];

const INCOME: usize = 1;

/// A town whose one register is read from a table of two columns.
const PACK: &str = r#"
[pack]
name = "small"
title = "small"
version = "1"
[[level]]
name = "town"
title = "town"
endings = ["town"]
[role.clerk]
title = "clerk"
may = ["*"]
registers = ["*"]
personal = true
[register.household]
title = "household"
label = "number"
keys = [["number"]]
[register.household.fields]
number = { type = "text", title = "number", required = true }
income = { type = "int", title = "income" }
[sheet.households]
title = "households"
mode = "entries"
[sheet.households.columns]
number = { is = "household.number", required = true }
income = "household.income"
[[sheet.households.row]]
write = "household"
set = { number = "number", income = "income" }
"#;

/// Goes on by a second whenever somebody asks.
#[derive(Debug, Clone)]
struct Ticking(Arc<AtomicI64>);

impl Clock for Ticking {
    fn now(&self) -> Moment {
        Moment(self.0.fetch_add(SECOND, Ordering::Relaxed))
    }
}

/// A file: its name, its date, its rows.
#[derive(Debug, Clone)]
struct Table {
    file: String,
    as_of: Date,
    rows: Vec<(String, i64)>,
}

/// What an office came to.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Done {
    pub(super) deeds: usize,
    pub(super) deaths: usize,
    pub(super) kept: usize,
    pub(super) questions: usize,
}

struct Hall<'t> {
    dice: Dice,
    root: TempDir,
    folder: PathBuf,
    folders: usize,
    clock: Ticking,
    office: Option<Office>,
    judge: Judge,
    /// Record time of each transaction, the first at 0.
    times: Vec<Moment>,
    done: Done,
    trace: &'t mut dyn FnMut(&str),
}

/// Runs an office of a seed.
pub(super) fn run(seed: u64, place: &Path, trace: &mut dyn FnMut(&str)) -> Result<Done, String> {
    let mut hall = Hall::new(seed, place, trace)?;
    for _ in 0..DEEDS {
        hall.deed()?;
    }
    hall.close()
}

impl<'t> Hall<'t> {
    fn new(seed: u64, place: &Path, trace: &'t mut dyn FnMut(&str)) -> Result<Hall<'t>, String> {
        let mut dice = Dice::new(seed ^ 0xa11);
        let fault = |cause: std::io::Error| cause.to_string();
        let root = tempfile::Builder::new()
            .prefix("yiben-simulate-")
            .tempdir_in(place);
        let root = root.map_err(fault)?;
        let folder = root.path().join("0");
        std::fs::create_dir(&folder).map_err(fault)?;
        let pack = root.path().join("pack");
        std::fs::create_dir(&pack).map_err(fault)?;
        std::fs::write(pack.join("pack.toml"), PACK).map_err(fault)?;
        let begin = Moment::parse("2024-03-01T00:00:00Z").expect("a moment");
        let clock = Ticking(Arc::new(AtomicI64::new(begin.0)));
        let init = InitInput {
            path: folder.join("book.db"),
            pack,
            book: crate::book::BOOK.to_string(),
            name: "Stone town".to_owned(),
            sm3: false,
        };
        let office = Office::init(&init, actor(), Box::new(clock.clone()), dice.entropy());
        let mut hall = Hall {
            dice,
            root,
            folder,
            folders: 0,
            clock,
            office: Some(office.map_err(refused)?),
            judge: Judge::new(&[], &[]),
            times: Vec::new(),
            done: Done::default(),
            trace,
        };
        hall.times = hall.news()?.iter().map(|tx| tx.at).collect();
        Ok(hall)
    }

    fn office(&mut self) -> &mut Office {
        self.office.as_mut().expect("it is open between deaths")
    }

    fn reader(&self) -> Result<Reader, String> {
        // The pack lies in the book, as for everyone else.
        let ledger = Ledger::open_read(&self.folder.join("book.db")).map_err(said)?;
        ledger.reader().map_err(said)
    }

    /// Transactions that the judge has not heard of.
    fn news(&self) -> Result<Vec<Transaction>, String> {
        let known = i64::try_from(self.times.len()).expect("few transactions");
        let all = self.reader()?.transactions(known + 1..=i64::MAX);
        all.map_err(said)
    }

    fn deed(&mut self) -> Result<(), String> {
        self.done.deeds += 1;
        let leap = match self.dice.below(12) {
            0 => 365 * DAY,
            1 => -DAY,
            _ => 60 * SECOND,
        };
        self.clock.0.fetch_add(leap, Ordering::Relaxed);
        match self.dice.below(100) {
            0..=64 => self.import()?,
            65..=79 => self.undo()?,
            80..=92 => self.settle()?,
            _ => self.restart(None)?,
        }
        self.questions(2)
    }

    /// A file is read; the process may die in the midst of it or before it answers, and the clerk reads it again.
    fn import(&mut self) -> Result<(), String> {
        let table = self.table();
        let path = self.root.path().join(&table.file);
        let mut text = "number,income\n".to_owned();
        for (number, income) in &table.rows {
            text.push_str(&format!("{number},{income}\n"));
        }
        std::fs::write(&path, text).map_err(|cause| cause.to_string())?;
        let death = match self.dice.below(100) {
            0..=11 => Some(self.dice.below(6)),
            12..=19 => Some(usize::MAX),
            _ => None,
        };
        let to = self.next_folder();
        let kept = self.read(&table, &path, death.map(|at| (at, &*to)))?;
        if death.is_none() {
            return Ok(());
        }
        (self.trace)(&format!("died while it read {}, kept: {kept}", table.file));
        self.done.deaths += 1;
        self.read(&table, &path, None).map(drop)
    }

    /// Reads a file; with `death` the process dies at some step of it, or after it. Answers whether it was kept.
    fn read(
        &mut self,
        table: &Table,
        path: &Path,
        death: Option<(usize, &Path)>,
    ) -> Result<bool, String> {
        let input = ImportInput {
            paths: vec![path.to_owned()],
            commit: true,
            as_of: Some(table.as_of),
            ..ImportInput::default()
        };
        let (folder, steps) = (self.folder.clone(), AtomicUsize::new(0));
        let fault = std::sync::Mutex::new(None);
        let report = self.office().import(&input, &|_, _, _| {
            let step = steps.fetch_add(1, Ordering::Relaxed);
            if let Some((_, to)) = death.filter(|(at, _)| *at == step)
                && let Err(cause) = copy_book(&folder, to)
            {
                *fault.lock().expect("no step panics") = Some(cause);
            }
        });
        let report = report.map_err(refused)?;
        if let Some(cause) = fault.into_inner().expect("no step panics") {
            return Err(cause);
        }
        let answered = report.files.first().and_then(|file| file.tx);
        if let Some((_, to)) = death {
            if !to.exists() {
                copy_book(&folder, to)?;
            }
            self.restart(Some(to.to_owned()))?;
        }
        let news = self.news()?;
        match (&news[..], answered, death) {
            ([], None, _) => {
                (self.trace)(&format!("{} says nothing new", table.file));
                Ok(false)
            }
            ([], Some(_), Some(_)) => Ok(false),
            ([tx], Some(answered), _) if tx.seq == answered => {
                (self.trace)(&format!("{} is {answered}", table.file));
                self.hear_rows(table, tx)?;
                Ok(true)
            }
            _ => Err(format!(
                "{} was answered {answered:?}, and the book has {} more transactions",
                table.file,
                news.len()
            )),
        }
    }

    fn table(&mut self) -> Table {
        let mut numbers: Vec<usize> = (0..6).collect();
        self.dice.shuffle(&mut numbers);
        numbers.truncate(2 + self.dice.below(4));
        let rows = numbers.into_iter().map(|n| {
            let income = i64::try_from(self.dice.below(4)).expect("small");
            (format!("h-{n}"), income)
        });
        let rows = rows.collect();
        Table {
            file: format!("households-{}.csv", self.dice.below(4)),
            as_of: Date::from_int(self.dice.pick(&DAYS)),
            rows,
        }
    }

    fn hear_rows(&mut self, table: &Table, tx: &Transaction) -> Result<(), String> {
        let reader = self.reader()?;
        self.times.push(tx.at);
        for (n, (number, income)) in table.rows.iter().enumerate() {
            let found = reader.find("household", "number", &Value::text(number.clone()));
            let found = found.map_err(said)?;
            let [record] = found[..] else {
                return Err(format!(
                    "{number} is {} records after its import",
                    found.len()
                ));
            };
            self.judge.hear(Statement {
                at: (tx.seq, u32::try_from(n).expect("few rows")),
                kind: Kind::Assert,
                record,
                division: crate::book::BOOK,
                from: table.as_of,
                to: Date::FOREVER,
                as_of: table.as_of,
                source: (table.file.clone(), String::new()),
                rank: 10,
                set: vec![
                    (0, Value::text(number.clone())),
                    (INCOME, Value::Int(*income)),
                ],
            });
        }
        Ok(())
    }

    /// An import is taken back; the answer may be lost, and asking again finds nothing to take back.
    fn undo(&mut self) -> Result<(), String> {
        let list = self.office().undo_list().map_err(refused)?;
        let batches: Vec<i64> = list.iter().map(|batch| batch.tx).collect();
        let Some(batch) = self.dice.any(&batches) else {
            return Ok(());
        };
        let input = UndoInput {
            batch: batch.to_string(),
            commit: true,
            why: None,
        };
        let report = self.office().undo(&input).map_err(refused)?;
        if self.dice.chance(20) {
            self.die()?;
            let again = self.office().undo(&input);
            if !matches!(again, Err(OfficeError::Asked(_))) {
                return Err(format!("{batch} was taken back twice"));
            }
        }
        let news = self.news()?;
        let [tx] = &news[..] else {
            return Err(format!("an undo made {} transactions", news.len()));
        };
        if report.tx != Some(tx.seq) {
            return Err(format!(
                "an undo was answered {:?}, not {}",
                report.tx, tx.seq
            ));
        }
        self.times.push(tx.at);
        self.judge.withdraw((tx.seq, 0), batch, None);
        (self.trace)(&format!("{batch} is taken back by {}", tx.seq));
        Ok(())
    }

    /// Something at odds is decided.
    fn settle(&mut self) -> Result<(), String> {
        let open = self.office().check(&AskInput::default()).map_err(refused)?;
        let open: Vec<(i64, RecordId)> = open
            .findings
            .iter()
            .filter(|finding| finding.field.as_deref() == Some("income"))
            .filter_map(|finding| Some((finding.id?, finding.record?)))
            .collect();
        let Some((finding, record)) = self.dice.any(&open) else {
            return Ok(());
        };
        let input = SettleInput {
            finding: finding.to_string(),
            value: Some((4 + self.dice.below(3)).to_string()),
            why: Some("asked at the door".to_owned()),
            ..SettleInput::default()
        };
        self.office().settle(&input).map_err(refused)?;
        if self.dice.chance(30) {
            self.die()?;
            if self.office().settle(&input).is_ok() {
                return Err(format!("finding {finding} was settled twice"));
            }
        }
        let news = self.news()?;
        let [tx] = &news[..] else {
            return Err(format!("a settlement made {} transactions", news.len()));
        };
        self.times.push(tx.at);
        // Since when a decision speaks is read off it: what follows from that is the judge's.
        let all = self
            .reader()?
            .assertions("household", record)
            .map_err(said)?;
        for one in all
            .iter()
            .filter(|one| one.tx == tx.seq && one.op == Op::Decide)
        {
            let set = one.set.iter().filter_map(|(field, value)| match value {
                Said::Value(value) => Some((*field, value.clone())),
                Said::Erased => None,
            });
            self.judge.hear(Statement {
                at: (one.tx, one.ord),
                kind: Kind::Decide,
                record,
                division: 0,
                from: one.from,
                to: one.to,
                as_of: one.as_of,
                source: Default::default(),
                rank: one.rank,
                set: set.collect(),
            });
        }
        (self.trace)(&format!("finding {finding} is settled by {}", tx.seq));
        Ok(())
    }

    /// The process dies between two deeds.
    fn die(&mut self) -> Result<(), String> {
        self.done.deaths += 1;
        let to = self.next_folder();
        copy_book(&self.folder, &to)?;
        self.restart(Some(to))
    }

    fn next_folder(&mut self) -> PathBuf {
        self.folders += 1;
        self.root.path().join(self.folders.to_string())
    }

    /// Opens the book from its file, or from a copy that a death left.
    fn restart(&mut self, folder: Option<PathBuf>) -> Result<(), String> {
        self.office = None;
        if let Some(folder) = folder {
            self.folder = folder;
        }
        let (clock, entropy) = (Box::new(self.clock.clone()), self.dice.entropy());
        let office = Office::open(&self.folder.join("book.db"), actor(), clock, entropy);
        self.office = Some(office.map_err(refused)?);
        (self.trace)("opened again");
        Ok(())
    }

    /// Everything on every day, as known at some moments.
    fn questions(&mut self, moments: usize) -> Result<(), String> {
        let reader = self.reader()?;
        let last = self.times.len();
        let mut asked = vec![(None, last)];
        for _ in 0..moments {
            let tx = 1 + self.dice.below(last);
            asked.push((Some(self.times[tx - 1]), tx));
        }
        if self.times.windows(2).any(|two| two[0] >= two[1]) {
            return Err("record time does not rise".to_owned());
        }
        for (known, tx) in asked {
            let tx = i64::try_from(tx).expect("few transactions");
            for record in self.judge.records() {
                for day in self
                    .judge
                    .days()
                    .into_iter()
                    .flat_map(|day| [day.prev(), day])
                {
                    self.done.questions += 1;
                    let slice = reader.slice_at("household", record, day, known);
                    let slice = slice.map_err(said)?;
                    let place = format!("household {record} on {day} known after {tx}");
                    let wanted = self.judge.division(record, day, tx);
                    if slice.as_ref().map(|slice| slice.division) != wanted {
                        return Err(format!("{place}: {slice:?}, not in {wanted:?}"));
                    }
                    let Some(slice) = slice else { continue };
                    for field in [0, INCOME] {
                        let wanted = self.judge.value(record, field, day, tx);
                        if slice.values[field] != wanted {
                            let found = &slice.values[field];
                            return Err(format!("{place}: field {field} is {found}, not {wanted}"));
                        }
                    }
                }
            }
        }
        Ok(())
    }

    fn close(mut self) -> Result<Done, String> {
        self.restart(None)?;
        self.questions(6)?;
        let verified = self.office().verify().map_err(refused)?;
        if !verified.is_sound() {
            return Err(format!(
                "the office's book does not verify: {:?}",
                verified.named
            ));
        }
        let (seq, hash) = self.reader()?.head().map_err(said)?;
        (self.trace)(&format!("office's head {seq} {}", hex(&hash)));
        self.done.kept = self.times.len();
        Ok(self.done)
    }
}

fn actor() -> Actor {
    Actor::new("clerk", None)
}

fn refused(error: OfficeError) -> String {
    format!("{error:?}")
}
