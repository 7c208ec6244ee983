//! An answer of then stays the answer: a thousand questions at random about (date, known, division), over all
//! figures, their records and the checks, give the same hash after thousands of later facts that reach back, after new
//! and redrawn places, undos, a new version of the pack, a start from the file alone, a restore from a backup, and a
//! rebuild of everything derived.

use crate::desk::{actor, pack};
use ledger::{Entropy, HashAlg, Ledger, LedgerError, Mode, NewFact, layout};
use office::clock::Clock;
use office::{
    AskInput, BackupInput, EraseInput, ImportInput, InitInput, Office, OfficeError, RebuildInput,
    RestoreInput, SettleInput, UndoInput, Who,
};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use testkit::CountingEntropy;
use vocabulary::{Date, Moment, Value};

const TOWN: i64 = 511_729_102_000;
const QUESTIONS: usize = 1_000;
const LATER_FACTS: u64 = 10_000;
const VILLAGES: [(&str, i64); 4] = [
    ("大石村", TOWN + 200),
    ("青山村", TOWN + 201),
    ("河口村", TOWN + 202),
    ("柏林村", TOWN + 203),
];
const FAMILY: [&str; 8] = ["田", "袁", "韩", "李", "周", "陈", "林", "郑"];
const GIVEN: [&str; 8] = [
    "平中", "香容", "礼安", "四海", "大山", "桂花", "有才", "秀芳",
];

/// Goes on by some seconds whenever somebody asks.
#[derive(Debug, Clone)]
struct Ticking(Arc<AtomicI64>);

impl Clock for Ticking {
    fn now(&self) -> Moment {
        Moment(self.0.fetch_add(7_000_000, Ordering::Relaxed))
    }
}

struct Hall {
    office: Option<Office>,
    clock: Ticking,
    random: CountingEntropy,
    seed: u64,
    files: u32,
    folder: tempfile::TempDir,
    /// The ledger's file in it.
    ledger: &'static str,
}

impl Hall {
    fn new() -> Hall {
        let folder = tempfile::tempdir().expect("a folder");
        let begin = Moment::parse("2023-01-05T04:00:00Z").expect("a moment");
        let clock = Ticking(Arc::new(AtomicI64::new(begin.0)));
        let init = InitInput {
            path: folder.path().join("a.db"),
            pack: pack(),
            book: TOWN.to_string(),
            name: "桥头镇".to_owned(),
            sm3: false,
        };
        let random = CountingEntropy::new(41);
        let office = Office::init(
            &init,
            actor(None),
            Box::new(clock.clone()),
            CountingEntropy::new(1),
        )
        .expect("a book");
        let mut hall = Hall {
            office: Some(office),
            clock,
            random,
            seed: 1,
            files: 0,
            folder,
            ledger: "a.db",
        };
        hall.villages(&[0, 1]);
        hall
    }

    fn office(&mut self) -> &mut Office {
        self.office.as_mut().expect("it is open")
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join(self.ledger)
    }

    fn entropy(&mut self) -> CountingEntropy {
        self.seed += 1;
        CountingEntropy::new(self.seed)
    }

    /// Closes the book and opens it from its file.
    fn restart(&mut self) {
        self.office = None;
        let (clock, entropy) = (Box::new(self.clock.clone()), self.entropy());
        let office = Office::open(&self.path(), actor(None), clock, entropy).expect("it opens");
        self.office = Some(office);
    }

    /// Backs the book up and goes on with what is restored from there; the first is gone for good.
    fn restore(&mut self) {
        let (to, key) = (
            self.folder.path().join("backup"),
            self.folder.path().join("backup.key"),
        );
        let input = BackupInput {
            to: vec![to.clone()],
            key: key.clone(),
            quick: true,
        };
        let report = self.office().backup(&input, &mut |_, _, _| {});
        for one in report.expect("backed up").folders {
            one.done.expect("backed up");
        }
        self.office = None;
        for end in ["", ".key", ".backups"] {
            let path = self.folder.path().join(format!("{}{end}", self.ledger));
            std::fs::remove_file(path).expect("it lies there");
        }
        self.ledger = "b.db";
        let input = RestoreInput {
            from: to,
            key,
            ledger: self.path(),
            ..RestoreInput::default()
        };
        let entropy = self.entropy();
        Office::restore(
            &input,
            &actor(None),
            &self.clock,
            entropy,
            &mut |_, _, _| {},
        )
        .expect("restored");
        self.restart();
    }

    /// Makes everything derived again.
    fn rebuild(&mut self) {
        let input = RebuildInput {
            commit: true,
            why: Some("换了磁盘".to_owned()),
        };
        let report = self.office().rebuild(&input).expect("rebuilt");
        assert_eq!(report.differences, 0, "{:?}", report.named);
        assert!(
            report
                .written
                .is_some_and(|(rows, _)| rows > LATER_FACTS / 4)
        );
        self.restart();
    }

    /// Writes past the office, as a later part of the program will.
    fn by_hand(&mut self, run: impl FnOnce(&mut ledger::Draft<'_>) -> Result<(), LedgerError>) {
        self.office = None;
        let entropy = self.entropy();
        let mut ledger = Ledger::open(&self.path(), Box::new(entropy)).expect("it opens");
        self.files += 1;
        let deed = ledger::Deed {
            name: "by hand".to_owned(),
            actor: "test".to_owned(),
            at: self.clock.now(),
            client_id: format!("hand {}", self.files),
            asked: None,
            by: ledger::By::default(),
            why: None,
            sources: Vec::new(),
        };
        ledger.write(deed, Mode::Commit, run).expect("written");
        drop(ledger);
        self.restart();
    }

    fn below(&mut self, limit: usize) -> usize {
        let mut bytes = [0; 8];
        self.random.fill(&mut bytes);
        let limit = u64::try_from(limit).expect("small");
        usize::try_from(u64::from_le_bytes(bytes) % limit).expect("small")
    }

    fn pick<'t>(&mut self, list: &[&'t str]) -> &'t str {
        list[self.below(list.len())]
    }

    fn take(&mut self, name: &str, text: &str) {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).expect("written");
        let input = ImportInput {
            paths: vec![path],
            commit: true,
            ..ImportInput::default()
        };
        let report = self.office().import(&input, &|_, _, _| {}).expect("taken");
        assert!(report.took_something(), "{report:?}");
    }

    fn villages(&mut self, which: &[usize]) {
        self.files += 1;
        let features: Vec<String> = which
            .iter()
            .map(|at| {
                let (name, code) = VILLAGES[*at];
                format!(
                    r#"{{"type":"Feature","properties":{{"名称":"{name}","代码":"{code}","类型":"行政村"}},"geometry":null}}"#
                )
            })
            .collect();
        let text = format!(
            r#"{{"type":"FeatureCollection","features":[{}]}}"#,
            features.join(",")
        );
        self.take(&format!("villages{}.geojson", self.files), &text);
    }

    /// A committee's list of some date, each village complete.
    fn committee(&mut self, villages: usize) {
        self.files += 1;
        let (year, month) = (2019 + self.below(5), 1 + self.below(12));
        let mut text = format!(
            "村“两委”干部花名册（{year}年{month}月）\n村,姓名,性别,出生年月,职务,任职时间\n"
        );
        for (village, _) in &VILLAGES[..villages] {
            for post in ["村党支部书记", "村委会主任", "文书"] {
                let name = match self.below(5) {
                    0 => "空缺".to_owned(),
                    _ => self.name(),
                };
                let birth = format!("{}.{:02}", 1960 + self.below(40), 1 + self.below(12));
                let (sex, start) = (self.pick(&["男", "女"]), 2015 + self.below(8));
                let line = if name == "空缺" {
                    format!("{village},空缺,,,{post},\n")
                } else {
                    format!("{village},{name},{sex},{birth},{post},{start}.03\n")
                };
                text.push_str(&line);
            }
        }
        self.take(&format!("花名册{}.csv", self.files), &text);
    }

    fn name(&mut self) -> String {
        format!("{}{}", self.pick(&FAMILY), self.pick(&GIVEN))
    }

    fn residents(&mut self, villages: usize, rows: usize) {
        self.files += 1;
        let (year, month) = (2019 + self.below(5), 1 + self.below(12));
        let mut text = format!(
            "常住人口信息表（{year}年{month}月）\n户编号,村,农户类型,年收入,承包地,姓名,性别,出生日期\n"
        );
        let base = 100 * self.below(30);
        for row in 0..rows {
            let village = VILLAGES[row % villages].0;
            let kind = self.pick(&["一般户", "脱贫户", "一般户"]);
            let (income, land) = (1_000 * self.below(90), self.below(90));
            let (name, sex) = (self.name(), self.pick(&["男", "女"]));
            let birth = format!(
                "{}-{:02}-{:02}",
                1940 + row % 80,
                1 + row % 12,
                1 + row % 28
            );
            text.push_str(&format!(
                "{:04},{village},{kind},{income},{}.{}亩,{name}{row},{sex},{birth}\n",
                base + row / 2,
                land / 10,
                land % 10,
            ));
        }
        self.take(&format!("常住人口{}.csv", self.files), &text);
    }

    /// Takes back an import at random.
    fn undo(&mut self) {
        let list = self.office().undo_list().expect("listed");
        let batch = list[self.below(list.len())].tx.to_string();
        let input = UndoInput {
            batch,
            commit: true,
            why: None,
        };
        match self.office().undo(&input) {
            // Places that later imports stand on stay.
            Ok(_) | Err(OfficeError::Asked(_)) => {}
            Err(error) => panic!("{error:?}"),
        }
    }

    /// Settles one open contradiction, if there is one.
    fn settle(&mut self) {
        let findings = self.office().check(&AskInput::default()).expect("checked");
        let open = findings
            .findings
            .iter()
            .find(|f| f.id.is_some() && f.field.is_some());
        let Some(finding) = open.and_then(|f| f.id) else {
            return;
        };
        let input = SettleInput {
            finding: finding.to_string(),
            take: Some("1".to_owned()),
            why: Some("查过户口本".to_owned()),
            ..SettleInput::default()
        };
        match self.office().settle(&input) {
            Ok(_) | Err(OfficeError::Asked(_)) => {}
            Err(error) => panic!("{error:?}"),
        }
    }

    /// A village by another name and under another, from a day that may lie long back.
    fn redraw(&mut self, code: i64, name: &str, parent: i64, from: i32) {
        self.by_hand(|draft| {
            let register = draft.reader().register_index(layout::DIVISIONS)?;
            let decl = draft.reader().registers()[register].clone();
            let at = |name: &str| decl.field_index(name).expect("the ledger's own");
            let mut fact = NewFact::new(register, code, code);
            (fact.from, fact.as_of) = (Date::from_int(from), Date::from_int(20_230_601));
            fact.values = vec![
                (at("name"), Value::from(name)),
                (at("parent"), Value::Int(parent)),
            ];
            draft.assert(fact)?;
            Ok(())
        });
    }

    fn facts(&self) -> u64 {
        let ledger = Ledger::open_read(&self.path()).expect("a book");
        let reader = ledger.reader().expect("a reader");
        let last = reader.head().expect("a head").0;
        let all = reader.transactions(1..=last).expect("read");
        all.iter().map(|tx| u64::from(tx.facts)).sum()
    }

    /// A question at random, and the figure whose records are asked for.
    fn question(&mut self, from: i64, to: i64) -> (AskInput, usize) {
        let spread = usize::try_from(to - from).expect("time goes on");
        let known = Moment(from + i64::try_from(self.below(spread)).expect("small"));
        let (year, month) = (2018 + self.below(7), 1 + self.below(12));
        let at = format!("{year}-{month:02}-{:02}", 1 + self.below(28));
        let places = ["", "511729102200", "511729102201", "511729102000"];
        let within = self.pick(&places);
        let ask = AskInput {
            at: Some(at),
            period: [None, Some((2015 + self.below(9)).to_string())][self.below(2)].clone(),
            known: Some(known.to_string()),
            within: Some(within.to_owned()).filter(|place| !place.is_empty()),
        };
        (ask, self.below(1_000))
    }

    /// The people of today, some of them.
    fn people(&self) -> Vec<i64> {
        let ledger = Ledger::open_read(&self.path()).expect("a book");
        let reader = ledger.reader().expect("a reader");
        let all = reader.all("person").expect("read");
        let mut people: Vec<i64> = all.map(|(record, _)| record).collect();
        people.dedup();
        people.truncate(4);
        people
    }

    /// The values alone; without the figures that rest on something personal, if so wished.
    fn numbers(&self, (ask, _): &(AskInput, usize), personal: bool) -> String {
        let office = self.office.as_ref().expect("it is open");
        let report = office.figures(&[], ask).expect("answered");
        let rests = |id: &str| ["person.oldest", "person.youngest", "seat.age"].contains(&id);
        let mut text = format!("{ask:?}\n");
        for answer in &report.figures {
            let id = answer.id.split('[').next().unwrap_or_default();
            if personal || !rests(id) {
                let (value, null) = (&answer.value, answer.why_null.is_some());
                text.push_str(&format!(
                    "{} {value:?} {} {null}\n",
                    answer.id, answer.records
                ));
            }
        }
        text
    }

    /// Everything that is answered to a question, as text.
    fn answer(&self, (ask, nth): &(AskInput, usize)) -> String {
        let office = self.office.as_ref().expect("it is open");
        let report = office.figures(&[], ask).expect("answered");
        let mut text = format!("{ask:?}\n{:?} {}\n", report.known, report.within_name);
        for answer in &report.figures {
            text.push_str(&format!("{answer:?}\n"));
        }
        let id = &report.figures[nth % report.figures.len()].id;
        let trace = office.trace(id, ask).expect("opened");
        text.push_str(&format!("{trace:#?}\n"));
        if nth % 8 == 0 {
            let check = office.check(ask).expect("checked");
            text.push_str(&format!("{check:#?}\n"));
        }
        text
    }
}

fn hash(text: &str) -> [u8; 32] {
    HashAlg::Sha256.hash(&[text.as_bytes()])
}

/// The hamlet with a field and a register by other names, another definition, and one more field.
fn next_pack(folder: &Path) -> PathBuf {
    let to = folder.join("pack2");
    let mut open = vec![pack()];
    while let Some(from) = open.pop() {
        for entry in std::fs::read_dir(&from).expect("a folder") {
            let path = entry.expect("an entry").path();
            let target = to.join(path.strip_prefix(pack()).expect("below the pack"));
            if path.is_dir() {
                open.push(path);
                continue;
            }
            std::fs::create_dir_all(target.parent().expect("a folder")).expect("made");
            let text = std::fs::read_to_string(&path).expect("read");
            let text = text
                .replace("version = \"0.1.0\"", "version = \"0.2.0\"")
                .replace("register.household", "register.home")
                .replace(
                    "[register.home]\n",
                    "[register.home]\nwas = [\"household\"]\n",
                )
                .replace("from = \"household\"", "from = \"home\"")
                .replace("ref:household", "ref:home")
                .replace("household.number\"", "home.number\"")
                .replace("\"household.kind\"", "\"home.kind\"")
                .replace("is = \"household", "is = \"home")
                .replace("write = \"household\"", "write = \"home\"")
                .replace("land = \"household.land\"", "land = \"home.plot\"")
                .replace("income = \"household.income\"", "income = \"home.income\"")
                .replace(
                    "land = { type = \"area\", title = \"承包地\",",
                    "plot = { type = \"area\", was = [\"land\"], title = \"承包地\",",
                )
                .replace(
                    "number = \"number\", kind = \"kind\", income = \"income\", land = \"land\"",
                    "number = \"number\", kind = \"kind\", income = \"income\", plot = \"land\"",
                )
                .replace("sum(land)", "sum(plot)");
            std::fs::write(&target, text).expect("written");
        }
    }
    to
}

#[test]
fn a_thousand_answers_of_then_stay_the_same() {
    let mut hall = Hall::new();
    for round in 0..14 {
        match round % 7 {
            0 | 3 => hall.committee(2),
            1 | 4 => hall.residents(2, 24),
            2 => hall.settle(),
            5 => hall.undo(),
            _ => hall.redraw(TOWN + 201, "青山社区", TOWN, 20_210_101),
        }
    }
    let began = Moment::parse("2023-01-05T03:59:00Z").expect("a moment").0;
    let now = hall.clock.now().0;
    let questions: Vec<_> = (0..QUESTIONS).map(|_| hall.question(began, now)).collect();
    let first: Vec<_> = questions.iter().map(|q| hash(&hall.answer(q))).collect();
    let some: Vec<String> = questions.iter().take(60).map(|q| hall.answer(q)).collect();

    let before = hall.facts();
    hall.redraw(TOWN + 201, "青山新村", TOWN + 200, 0);
    hall.villages(&[2, 3]);
    hall.committee(4);
    hall.undo();
    hall.committee(4);
    hall.undo();
    hall.settle();
    // The undo of that undo: what it covered is covered again.
    hall.by_hand(|draft| {
        let last = draft.seq() - 1;
        let undos = draft.reader().transactions(1..=last)?;
        let undo = undos.iter().rev().find(|tx| tx.deed == "undo");
        draft.withdraw(undo.expect("there was one").seq, None)?;
        Ok(())
    });
    while hall.facts() < before + LATER_FACTS {
        hall.residents(4, 1_500);
        hall.committee(4);
        hall.undo();
    }
    let same = |hall: &Hall, after: &str, share: usize| {
        for (question, text) in questions.iter().zip(&some) {
            assert_eq!(hall.answer(question), *text, "{after}");
        }
        for (question, first) in questions.iter().zip(&first).step_by(share) {
            assert_eq!(
                hash(&hall.answer(question)),
                *first,
                "{after}: {question:?}"
            );
        }
    };
    same(&hall, "after later facts", 1);
    hall.restart();
    same(&hall, "after a restart", 5);
    hall.restore();
    same(&hall, "after a restore", 1);
    hall.rebuild();
    same(&hall, "after a rebuild", 1);

    // Lawful erasure is the one exception: what was personal is gone from every answer, what was not stays.
    let numbers = |hall: &Hall, personal: bool| -> Vec<String> {
        let all = questions.iter().take(60);
        all.map(|question| hall.numbers(question, personal))
            .collect()
    };
    let (clear, all) = (numbers(&hall, false), numbers(&hall, true));
    for person in hall.people() {
        let input = EraseInput {
            register: "person".to_owned(),
            who: Who::Number(person.to_string()),
            basis: "本人书面申请".to_owned(),
            approver: "李主任".to_owned(),
            commit: true,
        };
        hall.office().erase(&input).expect("erased");
    }
    assert_eq!(numbers(&hall, false), clear, "what is not personal stays");
    let erased = numbers(&hall, true);
    assert_ne!(erased, all, "ages of erased people are gone");

    // Other definitions over the same facts: a register and a field that only changed their names.
    let folder = hall.folder.path().to_owned();
    let report = hall.office().apply_pack(&next_pack(&folder), true);
    report.expect("a version of the pack");
    assert_eq!(
        numbers(&hall, true),
        erased,
        "after a new version of the pack"
    );
    let verified = hall.office().verify().expect("verified");
    assert!(verified.is_sound(), "{:?}", verified.named);
}
