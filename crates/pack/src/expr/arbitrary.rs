//! Random well-typed expressions over a small pack, and random rows for them, so that every evaluator of the
//! tree can be held equal to [`super::eval`]. For tests only: it stands behind the feature `arbitrary`.
//!
//! Expressions are written as text and read by the checker, which must take every one of them: the generator
//! knows the rules of types, so a refusal is a bug of one of the two and panics.

use super::{Row, Typed};
use crate::CheckedPack;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::rc::Rc;
use vocabulary::{Date, Value};

/// The register that expressions are over; its `other` refers to a record of [`OTHER`].
pub const REGISTER: &str = "thing";
/// The register referred to.
pub const OTHER: &str = "other";
/// The register whose records refer to those of [`REGISTER`] by `thing`; it has every field of that one too.
pub const PART: &str = "part";

/// The places that have a name; the third, which rows may belong to, has none.
pub const PLACES: [(i64, &str); 2] = [(1, "\u{6751}"), (2, "ab")];

/// The date that expressions are asked with.
pub const AT: Date = Date::from_int(20_221_231);

/// The pack that declares the registers, a code list, a crosswalk and a parameter.
pub fn pack() -> CheckedPack {
    let text = r#"
        [pack]
        name = "random"
        title = "random"
        version = "1"
        [[level]]
        name = "town"
        title = "town"
        [parameter.bar]
        title = "bar"
        type = "int"
        values = [{ from = "2000-01-01", value = 3 }]
        [parameter.day]
        title = "day"
        type = "date"
        values = [{ from = "2000-01-01", value = "2020-12-31" }]
        [codes.colour]
        title = "colour"
        scheme = "random"
        version = "1"
        list = [{ code = "red", title = "Red" }, { code = "green", title = "Green" }, { code = "blue", title = "Blue" }]
        [codes.warmth]
        title = "warmth"
        scheme = "random"
        version = "1"
        list = [{ code = "warm", title = "Warm" }, { code = "cold", title = "Cold" }]
        [crosswalk.warmth_of]
        from = "colour"
        to = "warmth"
        map = { red = "warm", blue = "cold" }
        [register.other]
        title = "other"
        label = "name"
        fields.name = { type = "text", title = "name" }
        fields.count = { type = "int", title = "count" }
        fields.born = { type = "date", title = "born" }
        fields.colour = { type = "code:colour", title = "colour" }
        fields.place = { type = "division", title = "place" }
        [register.part]
        title = "part"
        label = "name"
        fields.thing = { type = "ref:thing", title = "thing" }
        FIELDS
        [register.thing]
        title = "thing"
        label = "name"
        FIELDS
    "#;
    let fields = r#"
        fields.name = { type = "text", title = "name" }
        fields.note = { type = "text", title = "note" }
        fields.count = { type = "int", title = "count" }
        fields.money = { type = "money", title = "money" }
        fields.area = { type = "area", title = "area" }
        fields.flag = { type = "bool", title = "flag" }
        fields.born = { type = "date", title = "born" }
        fields.seen = { type = "date", title = "seen" }
        fields.colour = { type = "code:colour", title = "colour" }
        fields.other = { type = "ref:other", title = "other" }
        fields.place = { type = "division", title = "place" }
    "#;
    let text = text.replace("FIELDS", fields);
    let files = BTreeMap::from([("pack.toml".to_owned(), text)]);
    crate::read_files(files)
        .unwrap_or_else(|errors| panic!("the generator's pack is wrong:\n{errors}"))
}

/// A random record of [`REGISTER`] with the record that it refers to.
#[derive(Debug, Clone)]
pub struct RandomRow {
    /// Fields of the record; a missing one is unknown. `other` is 1 when it refers to a record.
    pub fields: BTreeMap<String, Value>,
    /// Fields of the record referred to; `None` when `other` is unknown.
    pub other: Option<BTreeMap<String, Value>>,
    /// The record's valid-from date.
    pub valid_from: Date,
    /// The record's division.
    pub division: i64,
    /// The pack's parameters at [`AT`].
    pub parameters: BTreeMap<String, Value>,
    /// Its number, when it has one.
    pub record: i64,
    /// The records of [`PART`] that there are, whichever they refer to.
    pub parts: Rc<Vec<RandomRow>>,
}

impl Row for RandomRow {
    fn name(&self, path: &[String]) -> Value {
        let found = match path {
            [field] => self.fields.get(field),
            [_, field] => self.other.as_ref().and_then(|other| other.get(field)),
            _ => None,
        };
        found.cloned().unwrap_or_default()
    }

    fn parameter(&self, name: &str) -> Value {
        self.parameters.get(name).cloned().unwrap_or_default()
    }

    fn at(&self) -> Date {
        AT
    }

    fn valid_from(&self) -> Date {
        self.valid_from
    }

    fn division(&self) -> Value {
        Value::Int(self.division)
    }

    fn place_name(&self, division: i64) -> Value {
        let place = PLACES.iter().find(|(place, _)| *place == division);
        place.map_or(Value::Null, |(_, name)| Value::from(*name))
    }

    fn record(&self) -> Value {
        Value::Int(self.record)
    }

    fn others(&self, register: &str) -> Vec<&dyn Row> {
        assert_eq!(register, PART, "nothing else is asked");
        self.parts.iter().map(|part| part as &dyn Row).collect()
    }
}

/// Random records, numbered from 1, with the records of [`PART`] that refer to some of them.
pub fn rows() -> impl Strategy<Value = Vec<RandomRow>> {
    let part = (row(), numbers(1, 12));
    let parts = prop::collection::vec(part, 0..12);
    (prop::collection::vec(row(), 1..12), parts).prop_map(|(mut rows, parts)| {
        let parts = parts.into_iter().map(|(mut part, thing)| {
            part.fields.insert("thing".to_owned(), thing);
            part
        });
        let mut parts: Vec<RandomRow> = parts.collect();
        for (number, part) in (1..).zip(&mut parts) {
            part.record = number;
        }
        let parts = Rc::new(parts);
        for (number, row) in (1..).zip(&mut rows) {
            (row.record, row.parts) = (number, Rc::clone(&parts));
        }
        rows
    })
}

/// Random records that nobody refers to.
pub fn row() -> impl Strategy<Value = RandomRow> {
    let own = (
        (
            texts(),
            texts(),
            numbers(-5, 50),
            numbers(-500, 500),
            numbers(-5_000, 50_000),
        ),
        (numbers(0, 1), dates(), dates(), codes(), numbers(1, 3)),
    );
    let other = prop::option::of((texts(), numbers(-5, 50), dates(), codes()));
    let from = prop_oneof![Just(0), Just(20_200_101), Just(20_221_001)];
    (own, other, from, 1..4_i64).prop_map(|(own, other, from, division)| {
        let ((name, note, count, money, area), (flag, born, seen, colour, place)) = own;
        let held = Value::from(i64::from(other.is_some()));
        let held = if other.is_some() { held } else { Value::Null };
        let named = [
            ("name", name),
            ("note", note),
            ("count", count),
            ("money", money),
            ("area", area),
            ("flag", flag),
            ("born", born),
            ("seen", seen),
            ("colour", colour),
            ("other", held),
            ("place", place),
        ];
        let other = other.map(|(name, count, born, colour)| {
            fields([
                ("name", name),
                ("count", count),
                ("born", born),
                ("colour", colour),
            ])
        });
        RandomRow {
            fields: fields(named),
            other,
            valid_from: Date::from_int(from),
            division,
            parameters: fields([("bar", Value::Int(3)), ("day", Value::Int(20_201_231))]),
            record: 0,
            parts: Rc::default(),
        }
    })
}

fn fields<const N: usize>(named: [(&str, Value); N]) -> BTreeMap<String, Value> {
    named
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

fn numbers(least: i64, most: i64) -> impl Strategy<Value = Value> {
    prop_oneof![1 => Just(Value::Null), 4 => (least..=most).prop_map(Value::Int)]
}

fn texts() -> impl Strategy<Value = Value> {
    prop::sample::select(vec![
        Value::Null,
        Value::from("a"),
        Value::from("A"),
        Value::from("ab"),
        Value::from("b%"),
        Value::from("\u{6751}\u{59d4}"),
        Value::from("\u{6751}"),
    ])
}

fn dates() -> impl Strategy<Value = Value> {
    let days = [
        19_600_101, 19_850_700, 19_850_703, 19_851_231, 20_000_200, 20_000_229, 20_220_000,
        20_220_200, 20_220_331, 20_230_101,
    ];
    let days = days
        .into_iter()
        .map(Value::Int)
        .chain([Value::Null])
        .collect::<Vec<_>>();
    prop::sample::select(days)
}

fn codes() -> impl Strategy<Value = Value> {
    let codes = ["red", "green", "blue"]
        .map(Value::from)
        .into_iter()
        .chain([Value::Null]);
    prop::sample::select(codes.collect::<Vec<_>>())
}

/// Random conditions, as a filter or a guard.
pub fn condition() -> impl Strategy<Value = Typed> {
    grammar().condition.prop_map(|text| read(&text))
}

/// Random expressions of any type.
pub fn expression() -> impl Strategy<Value = Typed> {
    let all = grammar();
    prop_oneof![all.condition, all.number, all.text, all.date, all.code]
        .prop_map(|text| read(&text))
}

fn read(text: &str) -> Typed {
    thread_local! {
        static PACK: CheckedPack = pack();
    }
    PACK.with(|pack| pack.record_expression(REGISTER, text))
        .unwrap_or_else(|errors| {
            panic!("the generator wrote what the checker refuses: {text}\n{errors}")
        })
}

/// One strategy a type; each level is built of the level below.
struct Grammar {
    condition: BoxedStrategy<String>,
    number: BoxedStrategy<String>,
    text: BoxedStrategy<String>,
    date: BoxedStrategy<String>,
    code: BoxedStrategy<String>,
}

const DEPTH: usize = 3;

fn grammar() -> Grammar {
    (1..DEPTH).fold(asking(&deeper(&leaves())), |below, _| deeper(&below))
}

/// What is asked of the others, beside what is below: the same words are true of them, since they have all fields.
fn asking(below: &Grammar) -> Grammar {
    let tie = || {
        one_of(&[
            "thing = this",
            "this = thing and colour = this.colour",
            "name = this.name",
            "division = this.division",
            "this.other.colour = colour",
            "born = this.born",
            "thing = this and valid_from = this.valid_from",
            "money = this.count",
        ])
    };
    let asked = |word: &'static str, of: &BoxedStrategy<String>| {
        let filter = prop::option::of(below.condition.clone());
        (tie(), filter, of.clone()).prop_map(move |(tie, filter, of)| {
            let filter = filter.map_or_else(String::new, |filter| format!(" and ({filter})"));
            let of = if of.is_empty() { of } else { format!(", {of}") };
            format!("{word}(part, {tie}{filter}{of})")
        })
    };
    let nothing = one_of(&[""]);
    let (n, d) = (&below.number, &below.date);
    let (condition, number, date) = (
        prop_oneof![2 => below.condition.clone(), 1 => asked("exists", &nothing)],
        prop_oneof![
            4 => n.clone(),
            1 => asked("count_of", &nothing),
            1 => asked("sum_of", n),
            1 => asked("min_of", n),
            1 => asked("max_of", n),
        ],
        prop_oneof![3 => d.clone(), 1 => asked("max_of", d), 1 => asked("min_of", d)],
    );
    Grammar {
        condition: condition.boxed(),
        number: number.boxed(),
        text: below.text.clone(),
        date: date.boxed(),
        code: below.code.clone(),
    }
}

fn one_of(texts: &[&str]) -> BoxedStrategy<String> {
    let texts: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
    prop::sample::select(texts).boxed()
}

fn leaves() -> Grammar {
    Grammar {
        condition: one_of(&[
            "flag",
            "true",
            "false",
            "other is null",
            "colour is not null",
            "division = place",
        ]),
        number: one_of(&[
            "count",
            "other.count",
            "param.bar",
            "0",
            "1",
            "7",
            "age(born)",
            "year(seen)",
            "months(seen)",
            "days(born)",
        ]),
        text: one_of(&[
            "name",
            "note",
            "other.name",
            "'a'",
            "'ab'",
            "'\u{6751}'",
            "''",
            "title(division)",
            "place || name",
        ]),
        date: one_of(&[
            "born",
            "seen",
            "other.born",
            "at",
            "valid_from",
            "param.day",
            "date '1985-07-01'",
            "date '1985-07'",
            "date '2022'",
        ]),
        code: one_of(&["colour", "other.colour"]),
    }
}

fn deeper(below: &Grammar) -> Grammar {
    let (c, n, t, d, k) = (
        &below.condition,
        &below.number,
        &below.text,
        &below.date,
        &below.code,
    );
    let compare = || one_of(&["=", "<>", "<", "<=", ">", ">="]);
    let same = || one_of(&["=", "<>"]);
    let not = || one_of(&["", "not "]);
    let pair = |of: &BoxedStrategy<String>| (of.clone(), compare(), of.clone());
    let join = |(l, op, r): (String, String, String)| format!("({l}) {op} ({r})");
    let units = one_of(&[
        "money > 1.5",
        "money * 1.5 >= 2",
        "area >= 0.5",
        "area + 1 < 3.25",
        "count < money",
        "-money <= count - 1",
    ]);
    let condition = prop_oneof![
        2 => c.clone(),
        2 => pair(n).prop_map(join),
        1 => pair(t).prop_map(join),
        2 => pair(d).prop_map(join),
        1 => (k.clone(), same(), k.clone()).prop_map(join),
        1 => (k.clone(), not(), one_of(&["'red'", "'red', 'blue'"]))
            .prop_map(|(code, not, list)| format!("({code}) {not}in ({list})")),
        1 => (n.clone(), not(), n.clone(), n.clone())
            .prop_map(|(v, not, a, b)| format!("({v}) {not}in (({a}), ({b}), 3)")),
        1 => (d.clone(), not(), d.clone(), d.clone())
            .prop_map(|(v, not, a, b)| format!("({v}) {not}between ({a}) and ({b})")),
        1 => (n.clone(), not(), n.clone(), n.clone())
            .prop_map(|(v, not, a, b)| format!("({v}) {not}between ({a}) and ({b})")),
        1 => (t.clone(), not(), one_of(&["'a%'", "'%b'", "'_'", "'%\u{6751}%'", "'A'"]))
            .prop_map(|(text, not, pattern)| format!("({text}) {not}like {pattern}")),
        1 => (prop_oneof![n.clone(), t.clone(), d.clone()], not())
            .prop_map(|(value, not)| format!("({value}) is {not}null")),
        2 => (c.clone(), one_of(&["and", "or"]), c.clone()).prop_map(join),
        1 => c.clone().prop_map(|c| format!("not ({c})")),
        1 => units,
    ];
    let chosen = |of: &BoxedStrategy<String>| {
        (c.clone(), of.clone(), of.clone())
            .prop_map(|(c, yes, no)| format!("case when {c} then ({yes}) else ({no}) end"))
    };
    let partly = |of: &BoxedStrategy<String>| {
        (c.clone(), of.clone()).prop_map(|(c, yes)| format!("case when {c} then ({yes}) end"))
    };
    let known = |of: &BoxedStrategy<String>| {
        (of.clone(), of.clone()).prop_map(|(a, b)| format!("coalesce({a}, {b})"))
    };
    let extreme = |of: &BoxedStrategy<String>| {
        (one_of(&["least", "greatest"]), of.clone(), of.clone())
            .prop_map(|(word, a, b)| format!("{word}({a}, {b})"))
    };
    let number = prop_oneof![
        3 => n.clone(),
        2 => (n.clone(), one_of(&["+", "-"]), n.clone()).prop_map(join),
        // Small factors: a product that does not fit into 64 bits is null here and something else in each store.
        1 => (n.clone(), one_of(&["*"]), one_of(&["count", "3", "param.bar"])).prop_map(join),
        1 => n.clone().prop_map(|n| format!("-({n})")),
        1 => (d.clone(), d.clone()).prop_map(|(a, b)| format!("age({a}, {b})")),
        1 => d.clone().prop_map(|d| format!("year({d})")),
        2 => (one_of(&["months", "days"]), d.clone(), d.clone())
            .prop_map(|(word, a, b)| format!("{word}({a}, {b})")),
        1 => chosen(n), 1 => known(n), 1 => extreme(n),
    ];
    let text = prop_oneof![
        3 => t.clone(),
        1 => (t.clone(), t.clone()).prop_map(|(a, b)| format!("({a}) || ({b})")),
        1 => (t.clone(), k.clone(), n.clone()).prop_map(|(a, b, c)| format!("concat({a}, {b}, {c})")),
        1 => (one_of(&["division", "place"]), t.clone()).prop_map(|(a, b)| format!("concat({a}, {b})")),
        1 => k.clone().prop_map(|k| format!("title({k})")),
        1 => chosen(t), 1 => known(t), 1 => extreme(t),
    ];
    let date = prop_oneof![
        3 => d.clone(), 1 => chosen(d), 1 => known(d), 1 => extreme(d), 1 => partly(d),
        1 => d.clone().prop_map(|d| format!("last({d})")),
    ];
    let code = prop_oneof![3 => k.clone(), 1 => chosen(k), 1 => known(k), 1 => extreme(k)];
    Grammar {
        condition: condition.boxed(),
        number: number.boxed(),
        text: text.boxed(),
        date: date.boxed(),
        code: code.boxed(),
    }
}
