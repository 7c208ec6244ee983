//! `yiben import`: a preview, or with `--commit` for good.

use super::{Done, out, writing};
use crate::args::{Common, Import};
use crate::fault::EXIT_YOURS;
use crate::say::say;
use crate::{progress, table, wire};
use office::{FileReport, ImportInput, ImportReport, MarkedFile, OfficeError, SheetReport};
use vocabulary::{Date, Finding, FindingClass};

/// How many findings of one sheet are printed; `--json` and `yiben check` have all.
const FINDINGS_MAX: usize = 12;

/// How many files set aside for one reason are named.
const ASIDE_MAX: usize = 6;

/// From this confidence on a column is not named one by one.
const SURE: u8 = 90;

pub(crate) fn run(common: &Common, input: Import) -> Done {
    let as_of = match &input.as_of {
        None => None,
        Some(text) => Some(Date::parse_iso(text).ok_or_else(|| {
            let finding = Finding::new(
                "O103",
                FindingClass::Rejected,
                say("import.date", &[("text", text)]),
                say("import.date_next", &[]),
            );
            OfficeError::Asked(Box::new(finding))
        })?),
    };
    let mut office = writing(common)?;
    let bar = progress::bar();
    let import = ImportInput {
        paths: input.files,
        commit: input.commit,
        strict: input.strict,
        as_of,
        maps: input.map,
        marked: input.marked,
    };
    let report = office.import(&import, &|done, all, file| {
        bar.set_length(all as u64);
        bar.set_position(done as u64);
        bar.set_message(file.to_owned());
    })?;
    bar.finish_and_clear();
    if std::env::var_os("YIBEN_TIMINGS").is_some() {
        for (step, time) in report.files.iter().flat_map(|file| &file.timings) {
            super::aside(format!("timing {step} {time}"));
        }
    }
    if common.json {
        out(wire::import(&report));
    } else {
        print(&report, input.commit);
    }
    Ok(if report.took_something() {
        0
    } else {
        EXIT_YOURS
    })
}

fn print(report: &ImportReport, commit: bool) {
    let (taken, aside): (Vec<&FileReport>, Vec<&FileReport>) = report
        .files
        .iter()
        .partition(|file| file.sheets.iter().any(|sheet| sheet.register.is_some()));
    for file in &taken {
        out(&file.file);
        for sheet in &file.sheets {
            print_sheet(sheet);
        }
    }
    print_aside(&aside);
    summary(report, commit);
    marked(report);
}

/// Where the marked files lie, and why one does not.
fn marked(report: &ImportReport) {
    for file in &report.files {
        match &file.marked {
            Some(MarkedFile::Written(path)) => {
                let path = path.display().to_string();
                out(say("import.marked", &[("path", &path)]));
            }
            Some(MarkedFile::Not(why)) => out(finding_line(why)),
            None => {}
        }
    }
}

/// Files of which nothing was taken: those that were nearly understood one by one, the others by their reason.
fn print_aside(aside: &[&FileReport]) {
    if aside.is_empty() {
        return;
    }
    out(say("import.aside", &[("count", &aside.len().to_string())]));
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut groups: Vec<(String, Vec<&str>)> = Vec::new();
    for file in aside {
        let why = file.sheets.iter().flat_map(|sheet| &sheet.findings).next();
        match why {
            Some(why) if why.class != FindingClass::Notice => {
                rows.push(vec![format!("  {}", file.file), why.said.clone()]);
            }
            _ => {
                let code = why.map(|why| why.code.clone()).unwrap_or_default();
                match groups.iter_mut().find(|(known, _)| *known == code) {
                    Some((_, files)) => files.push(&file.file),
                    None => groups.push((code, vec![&file.file])),
                }
            }
        }
    }
    for line in table::lines(&rows, &[]) {
        out(line);
    }
    for (code, files) in groups {
        let shown = files.iter().take(ASIDE_MAX).copied().collect::<Vec<_>>();
        let list = shown.join(&say("comma", &[]));
        let more = if files.len() > ASIDE_MAX {
            say("import.and_more", &[])
        } else {
            String::new()
        };
        let why = say(&format!("aside.{code}"), &[]);
        let why = if why.starts_with("aside.") {
            say("aside.other", &[])
        } else {
            why
        };
        let params = [
            ("why", why.as_str()),
            ("count", &files.len().to_string()),
            ("list", &list),
            ("more", &more),
        ];
        out(say("import.group", &params));
    }
}

fn print_sheet(sheet: &SheetReport) {
    let name = if sheet.sheet.is_empty() {
        say("import.file", &[])
    } else {
        sheet.sheet.clone()
    };
    if sheet.register.is_none() {
        let why = sheet
            .findings
            .first()
            .map(|finding| finding.said.clone())
            .unwrap_or_default();
        out(say(
            "import.sheet_aside",
            &[("sheet", &name), ("why", &why)],
        ));
        return;
    }
    let counts = [sheet.rows, sheet.new, sheet.changed, sheet.unchanged].map(|n| n.to_string());
    let params = [
        ("sheet", name.as_str()),
        (
            "title",
            sheet
                .title
                .as_deref()
                .or(sheet.register.as_deref())
                .unwrap_or_default(),
        ),
        ("rows", counts[0].as_str()),
        ("new", counts[1].as_str()),
        ("changed", counts[2].as_str()),
        ("unchanged", counts[3].as_str()),
    ];
    out(say("import.sheet", &params));
    print_mapping(sheet);
    for finding in sheet.findings.iter().take(FINDINGS_MAX) {
        out(finding_line(finding));
    }
    if sheet.findings.len() > FINDINGS_MAX {
        let rest = &sheet.findings[FINDINGS_MAX..];
        let list = by_class(rest.iter());
        let params = [("count", &*rest.len().to_string()), ("list", &list)];
        out(say("import.more", &params));
    }
}

/// How the columns were understood: the sure ones by their number, the others one by one.
fn print_mapping(sheet: &SheetReport) {
    if sheet.mapping.is_empty() {
        return;
    }
    let unsure: Vec<_> = sheet
        .mapping
        .iter()
        .filter(|used| used.confidence < SURE)
        .collect();
    let sure = (sheet.mapping.len() - unsure.len()).to_string();
    out(say("import.columns", &[("count", &sure)]));
    for used in &unsure {
        let params = [
            ("cell", used.cell.as_str()),
            ("header", used.header.as_str()),
            ("title", used.title.as_str()),
            ("column", used.column.as_str()),
            ("reason", &say(&format!("reason.{}", used.reason), &[])),
            ("confidence", &used.confidence.to_string()),
        ];
        out(say("import.column", &params));
    }
    if !sheet.unmapped.is_empty() {
        let list = sheet.unmapped.join(&say("comma", &[]));
        out(say("import.unused", &[("list", &list)]));
    }
    if !unsure.is_empty() {
        out(say("import.correct", &[("sheet", &sheet.sheet)]));
    }
}

/// A finding in one line: class, cell, what is wrong, what to do.
pub(crate) fn finding_line(finding: &Finding) -> String {
    let class = say(&format!("class.{}", finding.class.word()), &[]);
    let id = finding.id.map_or_else(String::new, |id| {
        say("finding.id", &[("id", &id.to_string())])
    });
    let params = [
        ("id", id.as_str()),
        ("class", class.as_str()),
        ("cell", finding.cell.as_deref().unwrap_or("-")),
        ("said", finding.said.as_str()),
        ("next", finding.next.as_str()),
    ];
    say("finding.line", &params)
}

/// Findings by class with their numbers, in words.
fn by_class<'f>(findings: impl Iterator<Item = &'f Finding>) -> String {
    let classes = [
        FindingClass::Rejected,
        FindingClass::Contradictory,
        FindingClass::Duplicate,
        FindingClass::Total,
        FindingClass::Check,
        FindingClass::Notice,
    ];
    let mut counts = [0_usize; 6];
    for finding in findings {
        let at = classes.iter().position(|class| *class == finding.class);
        counts[at.expect("every class is listed")] += 1;
    }
    let words = classes.iter().zip(counts).filter(|(_, count)| *count > 0);
    let words = words.map(|(class, count)| {
        let word = say(&format!("class.{}", class.word()), &[]);
        let params = [("class", word.as_str()), ("count", &*count.to_string())];
        say("import.class", &params)
    });
    words.collect::<Vec<_>>().join(&say("comma", &[]))
}

/// What a person reads in ten seconds: files, rows, findings, what to do next.
fn summary(report: &ImportReport, commit: bool) {
    let sheets = || report.files.iter().flat_map(|file| &file.sheets);
    let taken = || sheets().filter(|sheet| sheet.register.is_some());
    let (mut rows, mut new, mut changed, mut unchanged) = (0_u64, 0_u64, 0_u64, 0_u64);
    for sheet in taken() {
        rows += u64::from(sheet.rows);
        new += u64::from(sheet.new);
        changed += u64::from(sheet.changed);
        unchanged += u64::from(sheet.unchanged);
    }
    let is_taken = |file: &&FileReport| file.sheets.iter().any(|sheet| sheet.register.is_some());
    let read = report.files.iter().filter(is_taken).count();
    let aside = report.files.len() - read;
    out("");
    let [read, aside, tables] = [read, aside, taken().count()].map(|n| n.to_string());
    let params = [
        ("read", read.as_str()),
        ("aside", aside.as_str()),
        ("tables", tables.as_str()),
    ];
    out(say("import.files", &params));
    let [rows, new, changed, unchanged] = [rows, new, changed, unchanged].map(|n| n.to_string());
    let params = [
        ("rows", rows.as_str()),
        ("new", new.as_str()),
        ("changed", changed.as_str()),
        ("unchanged", unchanged.as_str()),
    ];
    out(say("import.total", &params));
    let stands = |sheet: &&SheetReport| sheet.register.is_some();
    let findings = sheets().flat_map(|sheet| {
        let all = stands(&sheet);
        let findings = sheet.findings.iter();
        findings.filter(move |finding| all || finding.class != FindingClass::Notice)
    });
    let list = by_class(findings);
    let open = !list.is_empty();
    if open {
        out(say("import.findings", &[("list", &list)]));
    }
    let next = match (commit, open) {
        (true, true) => "import.written",
        (true, false) => "import.written_clean",
        (false, true) => "import.preview",
        (false, false) => "import.preview_clean",
    };
    out(say(next, &[]));
}
