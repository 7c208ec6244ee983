//! The table of the township's systems: docs/rows.toml says which registers each has and what it waits for, the pack says
//! the rest. What the table names and the pack lacks, or the other way round, fails.

use office::{PackDescription, PartDescription};
use serde::Deserialize;
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// How many systems a township has.
const ROWS: u32 = 43;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    shared: Vec<String>,
    row: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    number: u32,
    section: String,
    system: String,
    #[serde(default)]
    registers: Vec<String>,
    #[serde(default)]
    parts: Vec<String>,
    #[serde(default)]
    figures: Vec<String>,
    waits: String,
}

fn table() -> Table {
    let text = std::fs::read_to_string(super::root().join("docs/rows.toml")).expect("the rows");
    toml::from_str(&text).unwrap_or_else(|wrong| panic!("docs/rows.toml: {wrong}"))
}

impl Row {
    /// The parts of the pack in which it is declared.
    fn parts<'p>(&self, pack: &'p PackDescription) -> Vec<&'p PartDescription> {
        let mut ids: Vec<&str> = self.parts.iter().map(String::as_str).collect();
        for register in &self.registers {
            let part = pack.part_of(register);
            let id = part.map_or("", |part| part.id.as_str());
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        let found = ids.iter();
        found
            .filter_map(|id| pack.parts.iter().find(|part| part.id == *id))
            .collect()
    }

    /// The ids of its figures: those of its parts, where several rows share a part only those that begin so.
    fn figures<'p>(&self, pack: &'p PackDescription) -> Vec<&'p str> {
        let all = pack.parts.iter().flat_map(|part| &part.figures);
        let of_parts = || {
            let parts = self.parts(pack).into_iter();
            parts.flat_map(|part| &part.figures)
        };
        let own: Vec<&str> = if self.figures.is_empty() {
            of_parts().map(|figure| figure.id.as_str()).collect()
        } else {
            let begins = |id: &str| {
                self.figures
                    .iter()
                    .any(|start| id.starts_with(start.as_str()))
            };
            all.map(|figure| figure.id.as_str())
                .filter(|id| begins(id))
                .collect()
        };
        own
    }
}

/// The parts in the order of the rows that have them; the rest after them.
pub(super) fn order(pack: &PackDescription) -> Vec<String> {
    let mut ids: Vec<String> = Vec::new();
    let rows = table().row;
    let named = rows.iter().flat_map(|row| row.parts(pack));
    for part in named.chain(&pack.parts) {
        if !ids.contains(&part.id) {
            ids.push(part.id.clone());
        }
    }
    ids
}

/// The page.
pub(super) fn page(pack: &PackDescription) -> String {
    let rows = table().row;
    let sheets: usize = pack.parts.iter().map(|part| part.sheets.len()).sum();
    let mut out = String::from("# 四十三个系统\n\n");
    out.push_str(
        "<!-- written by cargo xtask bless --docs from docs/rows.toml and packs/township -->\n\n",
    );
    let count = |of: fn(&PartDescription) -> usize| pack.parts.iter().map(of).sum::<usize>();
    let _ = writeln!(
        out,
        "乡镇配置包 {} 声明了 {} 本台账、{sheets} 种表样、{} 个指标（分项不另计）、{} 条校验。下面是镇上的四十三个系统，\
         每一个声明在哪里、现在有什么、还缺什么。",
        pack.version,
        count(|part| part.registers.len()),
        count(|part| part.figures.len()),
        count(|part| part.checks.len()),
    );
    out.push_str(
        "\n“现在有的”都已能用：表能导入，指标能问、能点开，校验能查。“还缺的”没有声明或还没有程序；\
         所有行都还缺手工录入的界面。\
         几行合用一个文件时，校验在每一行都计。\n",
    );
    let mut sections: Vec<&str> = Vec::new();
    for row in &rows {
        if !sections.contains(&row.section.as_str()) {
            sections.push(&row.section);
        }
    }
    for name in sections {
        let _ = write!(
            out,
            "\n## {name}\n\n| 行 | 系统 | 台账 | 声明在 | 现在有的 | 还缺的 |\n|---|---|---|---|---|---|\n"
        );
        for row in rows.iter().filter(|row| row.section == name) {
            out.push_str(&line(row, pack));
        }
    }
    let _ = write!(
        out,
        "\n各行都用到的台账：{}。\n",
        table()
            .shared
            .iter()
            .map(|name| register(pack, name))
            .collect::<Vec<_>>()
            .join("、")
    );
    out
}

fn register(pack: &PackDescription, name: &str) -> String {
    let title = pack
        .part_of(name)
        .and_then(|part| part.registers.iter().find(|r| r.name == name))
        .map_or("", |register| register.title.as_str());
    format!("`{name}` {title}")
}

fn line(row: &Row, pack: &PackDescription) -> String {
    let parts = row.parts(pack);
    let registers: Vec<String> = row
        .registers
        .iter()
        .map(|name| register(pack, name))
        .collect();
    let pages: Vec<String> = parts
        .iter()
        .map(|part| format!("[{}](township/{}.md)", part.id, part.id))
        .collect();
    let sheets = pack
        .parts
        .iter()
        .flat_map(|part| &part.sheets)
        .filter(|sheet| sheet.writes.iter().any(|name| row.registers.contains(name)))
        .count();
    let checks: usize = parts.iter().map(|part| part.checks.len()).sum();
    let mut has = Vec::new();
    for (count, unit) in [
        (sheets, "种表样"),
        (row.figures(pack).len(), "个指标"),
        (checks, "条校验"),
    ] {
        if count > 0 {
            has.push(format!("{count} {unit}"));
        }
    }
    let reports: usize = parts
        .iter()
        .flat_map(|part| &part.others)
        .filter(|other| other.kind == "report")
        .count();
    if reports > 0 {
        has.push(format!("{reports} 份报告，Word、PDF、网页、文本"));
    }
    format!(
        "| {} | {} | {} | {} | {} | {} |\n",
        row.number,
        row.system,
        registers.join("、"),
        pages.join("、"),
        has.join("、"),
        row.waits
    )
}

#[test]
fn every_row_is_there_and_names_what_the_pack_has() {
    let pack = super::township();
    let table = table();
    let mut wrong = Vec::new();
    let numbers: BTreeSet<u32> = table.row.iter().map(|row| row.number).collect();
    wrong.extend(
        (1..=ROWS)
            .filter(|n| !numbers.contains(n))
            .map(|n| format!("row {n} is missing")),
    );
    for row in &table.row {
        let n = row.number;
        let lost = row
            .registers
            .iter()
            .filter(|name| pack.part_of(name).is_none());
        wrong.extend(lost.map(|name| format!("row {n}: the pack has no register {name}")));
        let parts = row.parts.iter();
        let lost = parts.filter(|id| !pack.parts.iter().any(|part| part.id == **id));
        wrong.extend(lost.map(|id| format!("row {n}: the pack has no file {id}.toml")));
        let ids = row.figures(&pack);
        let idle = row.figures.iter();
        let idle = idle.filter(|start| !ids.iter().any(|id| id.starts_with(start.as_str())));
        wrong.extend(idle.map(|start| format!("row {n}: no figure begins with {start}")));
    }
    let rows = &table.row;
    for part in &pack.parts {
        let of_row = |name: &String| rows.iter().any(|row| row.registers.contains(name));
        for register in &part.registers {
            if !of_row(&register.name) && !table.shared.contains(&register.name) {
                wrong.push(format!("register {} is of no row", register.name));
            }
        }
    }
    assert!(wrong.is_empty(), "docs/rows.toml: {}", wrong.join("\n"));
}
