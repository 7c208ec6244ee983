//! The schema and the reader refuse the same: a good pack that has every key of every table is spoilt in every way
//! that a schema can see.

use super::{Judge, write};
use pack::form::{DECLARATIONS, Form, Holds, KeyForm, Stands, Word};
use std::collections::{BTreeMap, BTreeSet};
use toml::{Table, Value};

const COMPLETE: &str = include_str!("../../forms/complete.toml");

/// One way to spoil the pack: where, and what stands there then (nothing: the key is gone).
#[derive(Debug)]
struct Spoilt {
    path: Vec<Step>,
    put: Option<Value>,
    why: &'static str,
}

#[derive(Debug, Clone)]
enum Step {
    Key(String),
    Item(usize),
}

fn complete() -> Table {
    COMPLETE.parse().expect("TOML")
}

fn judge() -> Judge {
    let schemas: BTreeMap<&str, serde_json::Value> = write::schemas().into_iter().collect();
    Judge::of(schemas["any"].clone())
}

/// The codes that the reader reports, in their order.
fn reader(file: &Table) -> Vec<&'static str> {
    let text = toml::to_string(file).expect("TOML");
    let files = BTreeMap::from([
        ("pack.toml".to_owned(), text),
        ("brief.md".to_owned(), "nothing".to_owned()),
    ]);
    match pack::read_files(files) {
        Ok(_) => Vec::new(),
        Err(errors) => errors.0.iter().map(|error| error.code).collect(),
    }
}

/// Every key of the pack with its form, each visited with its path.
fn walk(file: &Table, see: &mut See<'_>) {
    for kind in DECLARATIONS {
        let Some(value) = file.get(kind.key) else {
            continue;
        };
        let path = vec![Step::Key(kind.key.into())];
        match (kind.stands, value) {
            (Stands::Once, Value::Table(table)) => form(kind.form, table, &path, see),
            (Stands::Named, Value::Table(named)) => {
                for (name, value) in named {
                    let table = value.as_table().expect("a declaration is a table");
                    form(kind.form, table, &then(&path, Step::Key(name.clone())), see);
                }
            }
            (Stands::Listed, Value::Array(items)) => {
                for (at, value) in items.iter().enumerate() {
                    let table = value.as_table().expect("a declaration is a table");
                    form(kind.form, table, &then(&path, Step::Item(at)), see);
                }
            }
            _ => panic!("`{}` stands otherwise", kind.key),
        }
    }
}

fn then(path: &[Step], step: Step) -> Vec<Step> {
    path.iter().cloned().chain([step]).collect()
}

type See<'a> = dyn FnMut(&'static Form, &'static KeyForm, &[Step], &Value) + 'a;

fn form(form_: &'static Form, table: &Table, path: &[Step], see: &mut See<'_>) {
    for key in form_.keys {
        if let Some(value) = table.get(key.name) {
            let path = then(path, Step::Key(key.name.into()));
            see(form_, key, &path, value);
            inside(&key.holds, value, &path, see);
        }
    }
}

fn inside(holds: &'static Holds, value: &Value, path: &[Step], see: &mut See<'_>) {
    match (holds, value) {
        (Holds::Table(inner) | Holds::WordOr(_, inner), Value::Table(table)) => {
            form(inner, table, path, see)
        }
        (Holds::List(item) | Holds::Some(item), Value::Array(items)) => {
            for (at, value) in items.iter().enumerate() {
                inside(item, value, &then(path, Step::Item(at)), see);
            }
        }
        (Holds::Map(_, item), Value::Table(table)) => {
            for (name, value) in table {
                inside(item, value, &then(path, Step::Key(name.clone())), see);
            }
        }
        _ => {}
    }
}

/// A value that a key cannot hold.
fn misfit(holds: &Holds) -> Value {
    match holds {
        Holds::Value => Value::Array(vec![Value::Integer(7)]),
        Holds::Small(most) => Value::Integer(most + 1),
        Holds::Flag => Value::String("yes".into()),
        Holds::List(item) | Holds::Some(item) => Value::Array(vec![misfit(item)]),
        Holds::Map(_, item) => Value::Table(Table::from_iter([("a".to_owned(), misfit(item))])),
        _ => Value::Integer(7),
    }
}

/// A text that is none of the choices, or not of the form.
fn bad_text(holds: &Holds) -> Option<Value> {
    let text = match holds {
        Holds::Choice(_) => "neither",
        Holds::Word(Word::Any) => return None,
        Holds::Word(_) | Holds::WordOr(Word::Field, _) => "Neither this",
        Holds::List(item) => return Some(Value::Array(vec![bad_text(item)?])),
        _ => return None,
    };
    Some(Value::String(text.into()))
}

fn spoil(file: &Table, spoilt: &Spoilt) -> Table {
    let (last, before) = spoilt.path.split_last().expect("a path has a step");
    let mut root = Value::Table(file.clone());
    let mut here = &mut root;
    for step in before {
        here = match step {
            Step::Key(key) => &mut here[key.as_str()],
            Step::Item(at) => &mut here[*at],
        };
    }
    match (last, &spoilt.put) {
        (Step::Key(key), Some(value)) => {
            let table = here.as_table_mut().expect("keys stand in tables");
            table.insert(key.clone(), value.clone());
        }
        (Step::Key(key), None) => {
            here.as_table_mut()
                .expect("keys stand in tables")
                .remove(key);
        }
        (Step::Item(at), Some(value)) => here[*at] = value.clone(),
        (Step::Item(_), None) => panic!("items are not taken away"),
    }
    root.as_table().expect("still a table").clone()
}

/// Every way to spoil it that a schema can see, and every optional key taken away.
fn spoils(file: &Table) -> Vec<Spoilt> {
    let mut found = Vec::new();
    walk(file, &mut |_, key, path, value| {
        let mut add =
            |path: Vec<Step>, put: Option<Value>, why| found.push(Spoilt { path, put, why });
        add(path.to_vec(), Some(misfit(&key.holds)), "misfit");
        add(
            path.to_vec(),
            None,
            if key.required { "missing" } else { "left out" },
        );
        if let Some(bad) = bad_text(&key.holds) {
            add(path.to_vec(), Some(bad), "bad text");
        }
        if matches!(key.holds, Holds::Some(_)) {
            add(path.to_vec(), Some(Value::Array(Vec::new())), "empty");
        }
        let mut sibling = path.to_vec();
        sibling.pop();
        add(
            then(&sibling, Step::Key(format!("{}_x", key.name))),
            Some(Value::Integer(1)),
            "unknown key",
        );
        if let (Holds::Map(Word::Name, _), Value::Table(table)) = (&key.holds, value)
            && let Some((_, entry)) = table.iter().next()
        {
            add(
                then(path, Step::Key("Not a name".into())),
                Some(entry.clone()),
                "bad name",
            );
        }
    });
    found
}

#[test]
fn the_complete_pack_is_good_and_complete() {
    let file = complete();
    assert_eq!(
        reader(&file),
        Vec::<&str>::new(),
        "{:?}",
        pack::read_files(BTreeMap::from([
            ("pack.toml".to_owned(), COMPLETE.to_owned()),
            ("brief.md".to_owned(), String::new()),
        ]))
        .err()
        .map(|errors| errors.to_string())
    );
    assert_eq!(judge().refuses(&file), None);
    let mut seen = BTreeSet::new();
    walk(&file, &mut |form, key, _, _| {
        seen.insert((form.name, key.name));
    });
    let mut all = BTreeSet::new();
    for kind in DECLARATIONS {
        keys(kind.form, &mut all);
    }
    let absent: Vec<_> = all.difference(&seen).collect();
    assert!(
        absent.is_empty(),
        "tests/forms/complete.toml lacks {absent:?}"
    );
}

fn keys(form: &'static Form, all: &mut BTreeSet<(&'static str, &'static str)>) {
    for key in form.keys {
        if all.insert((form.name, key.name)) {
            below(&key.holds, all);
        }
    }
}

fn below(holds: &'static Holds, all: &mut BTreeSet<(&'static str, &'static str)>) {
    match holds {
        Holds::Table(form) | Holds::WordOr(_, form) => keys(form, all),
        Holds::List(item) | Holds::Some(item) | Holds::Map(_, item) => below(item, all),
        _ => {}
    }
}

#[test]
fn the_schema_and_the_reader_refuse_the_same() {
    let (file, judge) = (complete(), judge());
    let mut wrong = Vec::new();
    let spoils = spoils(&file);
    assert!(
        spoils.len() > 300,
        "only {} ways to spoil the pack",
        spoils.len()
    );
    for spoilt in &spoils {
        let broken = spoil(&file, spoilt);
        let (schema, reader) = (judge.refuses(&broken), reader(&broken));
        let both = match spoilt.why {
            // What may be left out may still be missed by what refers to it; the schema does not know more than that.
            "left out" => schema.is_none() || !reader.is_empty(),
            _ => schema.is_some() && !reader.is_empty(),
        };
        // A breakdown needs `of` unless its figure is a formula: a key of another table decides, which the schema of
        // this one does not see.
        let elsewhere = matches!(spoilt.path.last(), Some(Step::Key(key)) if key == "of")
            && matches!(spoilt.path.first(), Some(Step::Key(key)) if key == "figure");
        let missed = reader.contains(&"P004") && schema.is_none() && !elsewhere;
        if !both || missed {
            wrong.push(format!(
                "{:?} {}: schema {schema:?}, reader {reader:?}",
                spoilt.path, spoilt.why
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn forms_of_words_are_what_the_rules_say() {
    let names = ["a", "a_1", "A", "1a", "a-b", "a b", "a.b", "", "名"];
    let ids = [
        "a",
        "a.b",
        "a[x].b",
        "a[x]",
        "a.b[<=3].c",
        "a..b",
        "a.",
        ".a",
        "a[].b",
        "A.b",
        "a[x]b",
    ];
    let types = [
        "text",
        "decimal:2",
        "decimal:7",
        "decimal:",
        "code:kind",
        "code:",
        "ref:person",
        "Text",
        "number",
    ];
    let measures = [
        "count",
        "count()",
        "count(distinct pay)",
        "sum(pay)",
        "sum",
        "tally(pay)",
        "list(note)",
        "sum(pay",
    ];
    let bands = [
        "<=30", "<30", "31-40", "7", ">=41", ">40", "40以上", "<=", "a-b", "",
    ];
    let days = ["2020-12-31", "2020-12", "31.12.2020", "soon"];
    let cases: [(Word, &[&str], &str, &str); 6] = [
        (
            Word::Name,
            &names,
            "P006",
            "[role.\"?\"]\ntitle = \"R\"\nmay = []",
        ),
        (
            Word::FigureId,
            &ids,
            "P006",
            "[[figure]]\nid = \"?\"\ntitle = \"F\"\nfrom = \"post\"\nmeasure = \"count\"",
        ),
        (
            Word::Type,
            &types,
            "P011 P012 P013",
            "[register.more]\ntitle = \"M\"\nlabel = \"''\"\nfields.a = { type = \"?\", title = \"A\" }",
        ),
        (
            Word::Measure,
            &measures,
            "P062",
            "[[figure]]\nid = \"f\"\ntitle = \"F\"\nfrom = \"post\"\nmeasure = \"?\"",
        ),
        (
            Word::Band,
            &bands,
            "P065",
            "[[figure]]\nid = \"f\"\ntitle = \"F\"\nfrom = \"post\"\nmeasure = \"count\"\nby = { of = \"number\", bands = [\"?\"] }",
        ),
        (
            Word::Day,
            &days,
            "P023",
            "[parameter.more]\ntitle = \"M\"\ntype = \"int\"\nvalues = [{ from = \"?\", value = 1 }]",
        ),
    ];
    for (word, samples, codes, file) in cases {
        let pattern = regex::Regex::new(word.pattern().expect("a pattern")).expect("a pattern");
        for sample in samples {
            let files = BTreeMap::from([
                ("pack.toml".to_owned(), COMPLETE.to_owned()),
                ("more.toml".to_owned(), file.replace('?', sample)),
                ("brief.md".to_owned(), String::new()),
            ]);
            let said = pack::read_files(files)
                .err()
                .map(|errors| errors.0)
                .unwrap_or_default();
            let refused = said
                .iter()
                .any(|error| codes.contains(error.code) && error.place.file == "more.toml");
            assert_eq!(
                !pattern.is_match(sample),
                refused,
                "{word:?} `{sample}`: {said:?}"
            );
        }
    }
}

/// Codes of `tests/errors` whose fault is one of form: the schema sees it.
const OF_FORM: &[&str] = &[
    "P003", "P004", "P005", "P006", "P008", "P011", "P057", "P061", "P062", "P065", "P080",
];

#[test]
fn bad_packs_of_form_are_refused() {
    let judge = judge();
    let cases = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/errors");
    for code in OF_FORM {
        let mut files = BTreeMap::new();
        super::toml_files(&cases.join(code), &mut files);
        assert!(!files.is_empty(), "{code} has files");
        let refused = files.values().any(|file| judge.refuses(file).is_some());
        assert!(refused, "{code}: the schema has nothing against it");
    }
}

#[test]
fn good_files_under_the_errors_are_not_refused() {
    let cases = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/errors/base");
    let (mut files, judge) = (BTreeMap::new(), judge());
    super::toml_files(&cases, &mut files);
    for (path, file) in files {
        assert_eq!(judge.refuses(&file), None, "{path}");
    }
}
