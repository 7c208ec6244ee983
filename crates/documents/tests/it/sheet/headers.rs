//! Headers that the township pack does not list, each in a table of its form: found, or left alone.

use super::forms;
use documents::sheet::{ColumnChoices, Form, FormColumn, MapReason, Merge, Sheet, match_tables};
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use toml::{Table, Value};
use vocabulary::FieldType;

const CASES: &str = include_str!("../../headers/township.tsv");

fn files(folder: &Path) -> Vec<Table> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .collect();
    paths.sort();
    let text = |path: PathBuf| std::fs::read_to_string(path).expect("a readable file");
    paths
        .into_iter()
        .map(|path| text(path).parse().expect("TOML"))
        .collect()
}

fn strings(table: &Table, key: &str) -> Vec<String> {
    let list = table
        .get(key)
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    list.filter_map(|word| word.as_str().map(str::to_owned))
        .collect()
}

fn merged(files: Vec<Table>, key: &str) -> Table {
    let tables = files
        .into_iter()
        .filter_map(|mut file| match file.remove(key) {
            Some(Value::Table(table)) => Some(table),
            _ => None,
        });
    tables.flatten().collect()
}

fn kind(name: &str) -> FieldType {
    match name
        .split_once(':')
        .map_or((name, ""), |(kind, list)| (kind, list))
    {
        ("int", _) => FieldType::Int,
        ("bool", _) => FieldType::Bool,
        ("date", _) => FieldType::Date,
        ("id_number", _) => FieldType::IdNumber,
        ("phone", _) => FieldType::Phone,
        ("division", _) => FieldType::Division,
        ("code", list) => FieldType::Code(list.to_owned()),
        _ => FieldType::Text,
    }
}

/// The pack's sheets as forms, read from its files: this room knows no packs.
fn forms() -> Vec<Form> {
    let pack = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/township");
    let registers = merged(files(&pack.join("registers")), "register");
    let lists = merged(files(&pack.join("codes")), "codes");
    let words = |kind: &FieldType| -> Vec<(String, String)> {
        let FieldType::Code(list) = kind else {
            return Vec::new();
        };
        let list = lists[list]["list"].as_array().expect("a list");
        let words = list.iter().filter_map(Value::as_table).flat_map(|code| {
            let own = [code["title"].as_str().expect("a title").to_owned()];
            let own = own.into_iter().chain(strings(code, "aliases"));
            let code = code["code"].as_str().expect("a code").to_owned();
            own.map(move |word| (word, code.clone()))
        });
        words.collect()
    };
    let made = merged(files(&pack.join("sheets")), "sheet")
        .into_iter()
        .map(|(id, sheet)| {
            let sheet = sheet.as_table().expect("a sheet").clone();
            let columns = sheet["columns"].as_table().expect("columns").iter();
            let columns = columns.map(|(name, value)| {
                let own = value.as_table().cloned().unwrap_or_default();
                let is = value.as_str().or(own.get("is").and_then(Value::as_str));
                let mut headers = strings(&own, "names");
                let mut said = own.get("type").and_then(Value::as_str).map(str::to_owned);
                if let Some((register, field)) = is.and_then(|is| is.split_once('.')) {
                    let field = registers[register]["fields"][field]
                        .as_table()
                        .expect("a field");
                    headers.push(field["title"].as_str().expect("a title").to_owned());
                    headers.extend(strings(field, "aliases"));
                    said = field["type"].as_str().map(str::to_owned);
                }
                let kind = kind(&said.expect("a type"));
                FormColumn {
                    name: name.clone(),
                    headers,
                    codes: words(&kind),
                    kind,
                    required: own.get("required").is_some(),
                    ..FormColumn::default()
                }
            });
            Form {
                title: sheet["title"].as_str().expect("a title").to_owned(),
                names: strings(&sheet, "names"),
                columns: columns.collect(),
                id,
                ..Form::default()
            }
        });
    made.collect()
}

fn id_number(person: usize) -> String {
    let (year, month, day) = birth(person);
    let body = format!("511799{year}{month:02}{day:02}{:03}", 100 + person * 7);
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let digits = body.bytes().map(|byte| u32::from(byte - b'0'));
    let sum: u32 = digits
        .zip(weights)
        .map(|(digit, weight)| digit * weight)
        .sum();
    format!("{body}{}", b"10X98765432"[sum as usize % 11] as char)
}

fn birth(person: usize) -> (usize, usize, usize) {
    (
        1960 + person * 5 % 38,
        1 + person * 7 % 12,
        1 + person * 11 % 28,
    )
}

/// What stands under a column of some meaning, in one row.
fn cell(what: &str, column: Option<&FormColumn>, row: usize) -> String {
    let one = |words: &[&str]| words[row % words.len()].to_owned();
    match what {
        "name" | "head" => one(&["张伟", "王芳", "李　娜", "刘洋", "陈静", "杨建国", "黄秀英"]),
        "people" => one(&["周敏", "吴强", "郑丽", "孙浩", "马玉兰", "朱平"]),
        "sex" => one(if (100 + row * 7) % 2 == 1 {
            &["男"]
        } else {
            &["女"]
        }),
        "birth" => format!("{}.{:02}", birth(row).0, birth(row).1),
        "id_number" => id_number(row),
        "ids" => id_number(row + 40),
        "phone" => format!("138****{:04}", 1000 + row * 37),
        "phones" => format!("139{:08}", 10_001_000 + row * 371),
        "village" => one(&["大石村", "青山村", "河口社区", "上坪村"]),
        "hamlet" => one(&["王家湾", "李家坝", "张家沟"]),
        "address" => format!("{}{}组", one(&["大石村", "青山村"]), 1 + row % 6),
        "party" | "since" | "work_start" => format!("{}.{:02}", 2001 + row * 3 % 19, 1 + row % 12),
        "age" => (25 + row * 3).to_string(),
        "post" => one(&["主任", "支部书记", "委员", "副主任"]),
        "unit" => one(&["县农业农村局", "县财政局", "县水利局"]),
        "department" => one(&["党政办公室", "财政所", "农业服务中心"]),
        "school" => one(&["川北大学法学专业", "泽川师范学校"]),
        "bank" => format!("62284800{:011}", row * 7919),
        "document" => format!("泽编发〔2020〕{row}号"),
        "number" if column.is_some_and(|c| c.kind == FieldType::Text) => format!("{row:09}"),
        "text" => one(&["良好", "已婚", "一般"]),
        _ => match column.map(|column| &column.kind) {
            Some(FieldType::Code(_)) => {
                let words = &column.expect("some").codes;
                words[row * 3 % words.len().min(4)].0.clone()
            }
            Some(FieldType::Bool) => one(&["是", "否"]),
            Some(FieldType::Date) => format!("{}.{:02}", 2015 + row % 8, 1 + row % 12),
            Some(FieldType::Text) => one(&["甲", "乙", "丙"]),
            _ => (row % 7).to_string(),
        },
    }
}

/// A table of some headers with what stands under each.
fn table(title: &str, columns: &[(String, String, Option<&FormColumn>)]) -> Sheet {
    let deep = columns.iter().any(|(header, ..)| header.contains('>'));
    let mut rows = vec![vec![title.to_owned()], Vec::new()];
    let mut merges = Vec::new();
    if deep {
        rows.push(Vec::new());
    }
    for (at, (header, ..)) in columns.iter().enumerate() {
        match header.rsplit_once('>') {
            Some((above, last)) => {
                rows[1].push(above.replace('>', "").clone());
                rows[2].push(last.to_owned());
            }
            None => {
                rows[1].push(header.clone());
                if deep {
                    rows[2].push(String::new());
                    merges.push(Merge {
                        top: 1,
                        left: at,
                        bottom: 2,
                        right: at,
                    });
                }
            }
        }
    }
    for row in 0..12 {
        let cells = columns
            .iter()
            .map(|(_, what, column)| cell(what, *column, row));
        rows.push(cells.collect());
    }
    let rows: Vec<Vec<&str>> = rows
        .iter()
        .map(|r| r.iter().map(String::as_str).collect())
        .collect();
    let mut sheet = Sheet::from_rows("Sheet1", &rows);
    sheet.merges = merges;
    sheet
}

fn mapped(form: &Form, sheet: &Sheet, at: usize) -> Option<(String, MapReason, u8)> {
    let forms = std::slice::from_ref(form);
    let reading = match_tables(sheet, forms, "表.xlsx", &ColumnChoices::default());
    let table = reading.tables.first()?;
    let found = table
        .mapping
        .iter()
        .find(|mapped| mapped.sheet_column == at)?;
    Some((
        form.columns[found.column].name.clone(),
        found.reason,
        found.confidence,
    ))
}

/// The columns of a form as they are usually written, without some.
fn usual<'f>(form: &'f Form, without: &str) -> Vec<(String, String, Option<&'f FormColumn>)> {
    // A tick and a flag of one meaning never stand side by side.
    let either = [
        "other_tick",
        "standing_tick",
        "category",
        "finish",
        "fulltime",
        "inservice",
    ];
    let columns = form
        .columns
        .iter()
        .filter(|c| c.name != without && !either.contains(&&*c.name));
    columns
        .map(|c| (c.headers[0].clone(), c.name.clone(), Some(c)))
        .collect()
}

#[test]
fn headers_in_other_words_are_found_or_left_alone() {
    let forms = forms();
    if forms.is_empty() {
        return;
    }
    let by_id: HashMap<&str, &Form> = forms.iter().map(|form| (&*form.id, form)).collect();
    let (mut cases, mut right, mut wrong, mut missed) = (0, 0, Vec::new(), Vec::new());
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    for line in CASES
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
    {
        let fields: Vec<&str> = line.split('\t').collect();
        let [id, header, expected, what] = fields[..] else {
            panic!("four fields: {line}")
        };
        let form = by_id[id];
        let expected = Some(expected).filter(|expected| *expected != "-");
        // A foreign column beside all others, and in the place of the one that it might be taken for.
        let mut layouts = vec![expected.unwrap_or_default()];
        if expected.is_none() {
            let optional = form.columns.iter().filter(|column| !column.required);
            layouts.extend(optional.map(|column| column.name.as_str()));
        }
        for without in layouts {
            let mut columns = usual(form, without);
            let own = form.columns.iter().find(|column| column.name == what);
            // Not at the end and not at the column's usual place.
            let at = columns.len() / 2;
            columns.insert(at, (header.to_owned(), what.to_owned(), own));
            let found = mapped(form, &table(&form.title, &columns), at);
            cases += 1;
            let name = found.as_ref().map(|found| found.0.as_str());
            if name == expected {
                right += 1;
                *reasons
                    .entry(found.map_or("none", |found| found.1.word()))
                    .or_default() += 1;
            } else if let Some(found) = found {
                wrong.push(format!("{line} without {without:?}: {found:?}"));
            } else {
                missed.push(line);
            }
        }
    }
    let measured = format!("{right} of {cases} right; {reasons:?}");
    assert!(
        wrong.is_empty(),
        "{measured}\nwrong:\n{}\nmissed:\n{}",
        wrong.join("\n"),
        missed.join("\n")
    );
    let known = CASES
        .lines()
        .filter(|line| !line.starts_with('#') && !line.contains("	-	"));
    assert!(
        missed.len() * 50 <= known.count(),
        "missed:
{}",
        missed.join(
            "
"
        )
    );
}

#[test]
fn a_guess_is_said_with_its_cell_reason_and_remedy() {
    let form = super::forms::roster();
    let header = ["所在村居名称", "姓名", "证件号", "配偶身份证号", "职务"];
    let mut rows = vec![header.map(str::to_owned).to_vec()];
    rows.extend((0..6).map(|row| {
        ["village", "name", "id_number", "ids", "post"]
            .map(|what| cell(what, None, row))
            .to_vec()
    }));
    let rows: Vec<Vec<&str>> = rows
        .iter()
        .map(|r| r.iter().map(String::as_str).collect())
        .collect();
    let table = super::forms::read(form, &rows);
    let said: Vec<_> = table
        .findings
        .iter()
        .map(|f| (&*f.code, f.cell.as_deref()))
        .collect();
    assert_eq!(said, [("D155", Some("A1")), ("D155", Some("C1"))]);
    let finding = &table.findings[1];
    assert!(
        finding.said.contains("证件号") && finding.said.contains("身份证号码"),
        "{finding:?}"
    );
    assert!(
        finding.next.contains("--map '表!证件号="),
        "{}",
        finding.next
    );
}

#[test]
fn birth_is_proved_by_the_id_number_row_by_row_and_by_nothing_else() {
    let table = |ids: &str, other: &str| {
        let mut rows = vec![vec![
            "村".to_owned(),
            "姓名".to_owned(),
            "身份证号".to_owned(),
            "时间".to_owned(),
        ]];
        rows.extend((0..6).map(|row| {
            ["village", "name", ids, other]
                .map(|w| cell(w, None, row))
                .to_vec()
        }));
        let rows: Vec<Vec<&str>> = rows
            .iter()
            .map(|r| r.iter().map(String::as_str).collect())
            .collect();
        super::forms::read(super::forms::roster(), &rows)
    };
    let found = |table: &documents::sheet::Table| {
        let birth = table.mapping.iter().find(|mapped| mapped.column == 2);
        birth.map(|mapped| mapped.reason)
    };
    assert_eq!(found(&table("id_number", "birth")), Some(MapReason::Values));
    assert_eq!(found(&table("id_number", "party")), None);
    // The numbers of other people prove nothing.
    assert_eq!(found(&table("ids", "birth")), None);
}

#[test]
fn two_that_fit_alike_are_left_to_a_person_in_any_order() {
    for header in [["证件号", "身份号"], ["身份号", "证件号"]] {
        let mut rows = vec![vec![
            "村".to_owned(),
            "姓名".to_owned(),
            header[0].to_owned(),
            header[1].to_owned(),
        ]];
        rows.extend((0..6).map(|row| {
            ["village", "name", "ids", "ids"]
                .map(|what| cell(what, None, row))
                .to_vec()
        }));
        let rows: Vec<Vec<&str>> = rows
            .iter()
            .map(|r| r.iter().map(String::as_str).collect())
            .collect();
        let table = super::forms::read(super::forms::roster(), &rows);
        assert!(
            table.mapping.iter().all(|mapped| mapped.column != 3),
            "{:?}",
            table.mapping
        );
        let codes: Vec<&str> = table.findings.iter().map(|f| &*f.code).collect();
        assert_eq!(codes, ["D156", "D156"]);
    }
}

#[test]
fn a_form_may_ask_for_a_word_around_the_table() {
    let mut fields = forms::fields();
    fields.only = vec!["地块".to_owned(), "耕地".to_owned()];
    let rows = |title: &'static str| {
        vec![
            vec![title],
            vec!["村", "编号", "面积"],
            vec!["大石村", "1", "2"],
        ]
    };
    let read = |title, file| {
        let sheet = documents::sheet::Sheet::from_rows("表", &rows(title));
        let forms = [fields.clone()];
        documents::sheet::match_tables(&sheet, &forms, file, &Default::default())
    };
    assert_eq!(read("耕地台账", "a.xlsx").tables.len(), 1);
    assert_eq!(read("台账", "全村地块.xlsx").tables.len(), 1);
    assert_eq!(read("台账", "a.xlsx").tables.len(), 0);
}

#[test]
fn a_column_may_be_what_the_heading_says() {
    let mut fields = forms::fields();
    let mut list = forms::codes(
        "list",
        &[],
        &[("权力", "power"), ("小微权力", "small"), ("责任", "duty")],
    );
    list.kind = vocabulary::FieldType::Text;
    list.reads = Some(documents::sheet::Reads::Heading);
    fields.columns.push(list);
    let read = |name: &str, title: &str, file: &str| {
        let rows = vec![
            vec![title],
            vec!["村", "编号", "面积", "备注"],
            vec!["大石村", "1", "2", "责任"],
        ];
        let sheet = documents::sheet::Sheet::from_rows(name, &rows);
        let forms = [fields.clone()];
        let table = forms::only(documents::sheet::match_tables(
            &sheet,
            &forms,
            file,
            &Default::default(),
        ));
        let read = table.rows.at(0).values[3].clone();
        (read.value.to_string(), read.cell.to_string())
    };
    let said = |value: &str, cell: &str| (value.to_owned(), cell.to_owned());
    assert_eq!(
        read("表1", "小微权力清单", "责任.xlsx"),
        said("small", "A1")
    );
    assert_eq!(read("权力", "责任清单", "a.xlsx"), said("power", "A2"));
    assert_eq!(read("表1", "清单", "责任清单.xlsx"), said("duty", "A2"));
    assert_eq!(
        read("表1", "清单", "a.xlsx").0,
        "",
        "the cells do not say it"
    );
}
