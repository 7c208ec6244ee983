//! Nothing personal where it has no place. A thousand people go through every command; then every file that the program
//! made, and everything it printed, is looked through. Numbers (ID, phone, bank card) stand nowhere in clear. Names stand
//! in the tables derived for figures and search, and where a command shows them; in no body, log, backup, export or
//! temporary file. Of somebody erased nothing is left, free pages and the log included.

mod people; // whom, and the files that a town would write
mod scan; // looks for them in bytes

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::thread;

use e2e::{Answer, Desk};
use rusqlite::Connection;
use rusqlite::types::ValueRef;

use crate::shared::villages;
use people::{PLANTED, Person, is_head, people, residents, staff};
use scan::Scanner;

/// A town's desk with a folder for temporary files of its own, and everything that was printed at it.
struct Office {
    desk: Desk,
    people: Vec<Person>,
    scanner: Scanner,
    /// What each command printed, and whether it may show names.
    said: Vec<(Answer, bool)>,
}

impl Office {
    fn new() -> Office {
        let (desk, people) = (villages(), people());
        assert_eq!(people.len(), PLANTED);
        fs::create_dir(desk.path("temp")).expect("our own folder");
        fs::create_dir(desk.path("clerk")).expect("our own folder");
        desk.file("clerk/常住人口信息表.csv", residents(&people).as_bytes());
        desk.file("clerk/机关干部职工花名册.xlsx", &staff(&people));
        let scanner = Scanner::new(&people);
        Office {
            desk,
            people,
            scanner,
            said: Vec::new(),
        }
    }

    fn clerk(&self, name: &str) -> String {
        self.desk
            .path(&format!("clerk/{name}"))
            .to_string_lossy()
            .into_owned()
    }

    /// Types a command; `names`: it may show names to whom it answers.
    #[track_caller]
    fn types(&mut self, args: &[&str], names: bool) -> &Answer {
        self.types_with(args, "", names)
    }

    #[track_caller]
    fn types_with(&mut self, args: &[&str], input: &str, names: bool) -> &Answer {
        let mut command = self.desk.command(args);
        command
            .env("TMPDIR", self.desk.path("temp"))
            .env("YIBEN_TIMINGS", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().expect("the binary starts");
        let mut stdin = child.stdin.take().expect("piped");
        // Who does not ask does not read.
        let _ = stdin.write_all(input.as_bytes());
        drop(stdin);
        let output = child.wait_with_output().expect("it ends");
        let answer = Answer::new(format!("yiben {}", args.join(" ")), &output);
        assert!(
            answer.code.is_some_and(|code| code < 70),
            "{}: {}",
            answer.command,
            answer.words()
        );
        self.said.push((answer, names));
        &self.said.last().expect("just now").0
    }

    /// Every file below the folder but the clerk's own and the copies marked for him.
    fn files(&self) -> Vec<PathBuf> {
        let mut files = Vec::new();
        let mut open = vec![self.desk.path("")];
        while let Some(folder) = open.pop() {
            for entry in fs::read_dir(folder).expect("our own folder").flatten() {
                let (path, name) = (entry.path(), entry.file_name());
                if !path.is_dir() {
                    files.push(path);
                } else if name != "clerk" && name != "marked" {
                    open.push(path);
                }
            }
        }
        files
    }

    /// What stands where it has no place.
    fn leaks(&self) -> Vec<String> {
        let mut leaks = Vec::new();
        for path in self.files() {
            let bytes = fs::read(&path).expect("our own file");
            let shown = path.display();
            leaks.extend(
                self.scanner
                    .numbers(&bytes)
                    .iter()
                    .map(|it| format!("{shown}: {it}")),
            );
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            // The ledger's tables are looked through one by one; a report shows what its reader may see.
            let shows =
                name.starts_with("yiben.db") && !name.ends_with(".key") || name.starts_with("报告");
            if !shows {
                leaks.extend(
                    self.scanner
                        .names(&bytes)
                        .iter()
                        .map(|it| format!("{shown}: {it}")),
                );
            }
        }
        leaks.extend(self.in_tables());
        for (answer, names) in &self.said {
            for text in [&answer.out, &answer.err] {
                let found = self.scanner.numbers(text.as_bytes());
                leaks.extend(found.iter().map(|it| format!("{}: {it}", answer.command)));
            }
            let shown = if *names { &answer.err } else { &answer.words() };
            let found = self.scanner.names(shown.as_bytes());
            leaks.extend(found.iter().map(|it| format!("{}: {it}", answer.command)));
        }
        leaks
    }

    /// Names in tables other than those of the registers.
    fn in_tables(&self) -> Vec<String> {
        let ledger = Connection::open(self.desk.ledger()).expect("a ledger is one SQLite file");
        let mut names = ledger
            .prepare("SELECT name FROM sqlite_schema WHERE type = 'table'")
            .expect("a question");
        let tables: Vec<String> = names
            .query_map([], |row| row.get(0))
            .and_then(Iterator::collect)
            .expect("answered");
        assert!(tables.iter().any(|table| table == "fact"), "{tables:?}");
        let kept = tables
            .iter()
            .filter(|table| !table.starts_with("r_") && !table.starts_with("h_"));
        let mut leaks = Vec::new();
        for table in kept {
            let mut all = ledger
                .prepare(&format!("SELECT * FROM {table}"))
                .expect("a question");
            let columns = all.column_count();
            let mut rows = all.query([]).expect("asked");
            while let Some(row) = rows.next().expect("answered") {
                for at in 0..columns {
                    let bytes = match row.get_ref(at).expect("a column") {
                        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => bytes,
                        _ => continue,
                    };
                    let found = self.scanner.names(bytes);
                    leaks.extend(found.iter().map(|it| format!("{table}: {it}")));
                }
            }
        }
        leaks
    }

    #[track_caller]
    fn holds_no_leak(&self) {
        // A few of each place: one fault leaks a thousand times.
        let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for leak in self.leaks() {
            let (place, it) = leak.rsplit_once(": ").expect("a place");
            places
                .entry(place.to_owned())
                .or_default()
                .push(it.to_owned());
        }
        for list in places.values_mut() {
            list.truncate(4);
        }
        assert!(places.is_empty(), "{places:#?}");
    }

    /// Bytes in all those files.
    fn size(&self) -> u64 {
        let sizes = self
            .files()
            .into_iter()
            .filter_map(|path| fs::metadata(path).ok());
        sizes.map(|about| about.len()).sum()
    }

    fn temp_is_empty(&self) -> bool {
        fs::read_dir(self.desk.path("temp"))
            .expect("our own folder")
            .next()
            .is_none()
    }

    /// The numbers of some open findings that two sources made.
    fn contradictions(&mut self) -> Vec<String> {
        let said = self.types(&["check", "--json"], true).json();
        let all = e2e::findings(&said);
        let open = all.iter().filter(|one| one["class"] == "contradiction");
        open.filter_map(|one| Some(one["id"].as_i64()?.to_string()))
            .take(3)
            .collect()
    }
}

/// Everything that can be typed, with a thousand people in the book.
fn a_day(office: &mut Office) {
    let list = office.clerk("常住人口信息表.csv");
    let staff = office.clerk("机关干部职工花名册.xlsx");
    let (first, other) = (office.people[1].clone(), office.people[2].clone());
    let sent = format!("clerk/转来{}，{}.csv", first.id, first.phone);
    let text = residents(&office.people[..8]);
    let sent = office.desk.file(&sent, text.as_bytes());
    let text = |path: &str| office.desk.path(path).to_string_lossy().into_owned();
    let (folder, key, marked) = (text("backup"), text("backup.key"), text("marked"));

    office.types(&["import", &list], true);
    office.types(&["import", &list, "--json", "--marked", &marked], true);
    office.types(&["import", &list, "--commit", "--json"], true);
    office.types(&["import", &staff, "--commit"], true);
    office.types(&["import", &sent, "--commit"], true);
    office.types(&["import", &sent, &list, "--strict", "--commit"], true);
    for json in [&[][..], &["--json"][..]] {
        for command in [
            &["check"][..],
            &["figure"],
            &["undo"],
            &["map"],
            &["history", "person", "1"],
        ] {
            office.types(&[command, json].concat(), true);
        }
        for figure in ["population.residents", "staff.all", "staff.posted.age.avg"] {
            office.types(&[&["trace", figure], json].concat(), true);
        }
    }
    let why = format!("核对了{}的身份证{}，电话{}", "本人", first.id, first.phone);
    for id in office.contradictions() {
        office.types(
            &["settle", &id, "--value", "1970-01-01", "--why", &why],
            true,
        );
    }
    office.types(&["undo", "3", "--commit", "--why", &why], true);
    office.types(&["import", &staff, "--commit"], true);
    for end in ["docx", "html", "txt"] {
        let file = format!("报告.{end}");
        office.types(
            &["report", "leadership", "--at", "2022-12-31", "-o", &file],
            true,
        );
    }
    office.types(&["backup", "--to", &folder, "--key", &key], false);
    for output in ["chain.ndjson", "chain.ndjson.gz"] {
        office.types(&["export", "-o", output], false);
    }
    office.types(&["checkpoint", "-o", "凭据.txt"], false);
    office.types(&["proof", "3:0", "-o", "回执.txt"], false);
    office.types(&["verify", "--json"], false);
    office.types(&["rebuild", "--commit", "--why", &why], false);

    // What is refused says what is wrong, and not to everybody who it was about.
    for json in [&[][..], &["--json"][..]] {
        for command in [
            &["history", "person", &first.id][..],
            &["history", &first.id, "1"],
            &["figure", &first.id],
            &["figure", "--at", &first.phone],
            &["figure", "--in", &first.id],
            &["trace", &first.id],
            &["settle", &first.id, "--why", &why],
            &["undo", &first.id],
            &["import", &format!("没有{}.xlsx", first.id)],
            &["import", &list, "--as-of", &first.id],
            &["report", &first.id, "-o", "报告.txt"],
            &[
                "erase",
                "person",
                "1",
                "--basis",
                &why,
                "--approver",
                "李主任",
                "--commit",
            ],
            &["proof", &first.id],
            &[
                "restore", "--from", &folder, "--key", &key, "--until", &first.id,
            ],
        ] {
            assert_eq!(
                office.types(&[command, json].concat(), true).code,
                Some(2),
                "{command:?}"
            );
        }
    }
    office.types_with(&["erase", "person", "--find", "身份证号"], &other.id, true);
}

#[test]
fn nothing_personal_stands_where_it_has_no_place() {
    let mut office = Office::new();
    a_day(&mut office);
    assert!(office.temp_is_empty(), "temporary files are left");
    office.holds_no_leak();

    // What the program was given is there to be found: the clerk's own files, and the marked copies.
    let mine = fs::read(office.clerk("常住人口信息表.csv")).expect("the clerk's");
    assert!(office.scanner.numbers(&mine).len() > 2 * PLANTED);
    assert_eq!(office.scanner.names(&mine).len(), PLANTED);
    let marked = fs::read_dir(office.desk.path("marked"))
        .expect("marked")
        .flatten();
    let marked: usize = marked
        .map(|entry| {
            office
                .scanner
                .numbers(&fs::read(entry.path()).expect("ours"))
                .len()
        })
        .sum();
    assert!(marked > PLANTED, "{marked}");
    let ledger = fs::read(office.desk.ledger()).expect("the ledger");
    assert!(
        office.scanner.names(&ledger).len() > PLANTED / 2,
        "derived tables hold names"
    );
}

#[test]
fn of_somebody_erased_nothing_is_left() {
    let mut office = Office::new();
    let list = office.clerk("常住人口信息表.csv");
    office.types(&["import", &list, "--commit"], true);
    // Half of them by another source too, so that old rows lie in history and findings speak of them.
    let half: String = residents(&office.people[..PLANTED / 2]).replace("初中", "高中");
    let half = office
        .desk
        .file("clerk/常住人口信息表（新）.csv", half.as_bytes());
    office.types(&["import", &half, "--commit"], true);
    let text = |path: &str| office.desk.path(path).to_string_lossy().into_owned();
    let (folder, key) = (text("backup"), text("backup.key"));
    office.types(
        &["backup", "--to", &folder, "--key", &key, "--quick"],
        false,
    );

    // Heads of households stand under their households too, which the answer names.
    let gone: Vec<Person> = (1..240)
        .step_by(29)
        .filter(|n| !is_head(*n) && !(7..=8).contains(&(n % 50)))
        .map(|n| office.people[n].clone())
        .collect();
    assert!(gone.len() >= 5);
    for one in &gone {
        let ground = [
            "--basis",
            "本人书面申请",
            "--approver",
            "李主任",
            "--commit",
        ];
        let args = [&["erase", "person", "--find", "身份证号"][..], &ground].concat();
        let answer = office.types_with(&args, &one.id, true);
        assert_eq!(answer.code, Some(0), "{}", answer.words());
        assert!(
            answer.out.contains("备份文件夹"),
            "the backup holds a key: {}",
            answer.out
        );
    }
    let scanner = Scanner::new(&gone);
    let left = |office: &Office| -> Vec<String> {
        let mut left = Vec::new();
        for path in office.files() {
            let bytes = fs::read(&path).expect("ours");
            let found = scanner
                .names(&bytes)
                .into_iter()
                .chain(scanner.numbers(&bytes));
            left.extend(found.map(|it| format!("{}: {it}", path.display())));
        }
        left
    };
    assert_eq!(left(&office), Vec::<String>::new());
    office.holds_no_leak();

    office.said.clear();
    for command in [
        &["check", "--json"][..],
        &["trace", "population.households", "--json"],
        &["trace", "population.residents"],
        &["figure", "--json"],
        &["export", "-o", "chain.ndjson"],
        &["rebuild", "--commit"],
        &["verify"],
    ] {
        let answer = office.types(command, true).words();
        assert!(scanner.names(answer.as_bytes()).is_empty(), "{command:?}");
    }
    assert_eq!(left(&office), Vec::<String>::new());

    // The next backup takes the keys away, and what is restored from it has nobody of them.
    office.types(&["backup", "--to", &folder, "--key", &key], false);
    fs::create_dir(office.desk.path("other")).expect("our own folder");
    let new = office
        .desk
        .path("other/yiben.db")
        .to_string_lossy()
        .into_owned();
    let restore = [
        "restore", "--from", &folder, "--key", &key, "--ledger", &new,
    ];
    assert_eq!(office.types(&restore, false).code, Some(0));
    assert_eq!(left(&office), Vec::<String>::new());
}

#[test]
fn a_killed_import_leaves_nothing_in_clear() {
    let mut office = Office::new();
    let list = office.clerk("常住人口信息表.csv");
    let mut killed = 0;
    for grown in [1, 40_000, 300_000, 1_200_000] {
        let mut command = office
            .desk
            .command(&["import", &list, "--commit", "--json"]);
        command
            .env("TMPDIR", office.desk.path("temp"))
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let before = office.size();
        let mut child = command.spawn().expect("the binary starts");
        let runs = |child: &mut Child| child.try_wait().expect("asked").is_none();
        while runs(&mut child) && office.size() < before + grown {
            thread::yield_now();
        }
        killed += usize::from(runs(&mut child));
        // On Unix this is the signal that nobody can catch.
        let _ = child.kill();
        child.wait().expect("it ended");
        office.holds_no_leak();
        let temp = temp_files(&office.desk.path("temp"));
        assert!(
            temp.iter()
                .all(|bytes| office.scanner.names(bytes).is_empty())
        );
    }
    assert!(killed > 0, "no import was cut short");
    office.types(&["import", &list, "--commit"], true);
    office.types(&["verify"], false);
    office.holds_no_leak();
}

fn temp_files(folder: &Path) -> Vec<Vec<u8>> {
    let files = fs::read_dir(folder).expect("our own folder").flatten();
    files
        .filter_map(|entry| fs::read(entry.path()).ok())
        .collect()
}
