//! A small pack and a store with the ledger's layout, filled by hand.

use figures::{Answer, Answered, Ask, Engine, FigureId, FiguresError, Place, Source};
use ledger::{Cell, Covered, Dialect, Drawn, layout};
use pack::CheckedPack;
use rusqlite::types::ValueRef;
use std::cell::RefCell;
use std::collections::BTreeMap;
use vocabulary::{BookId, Date, DivisionId, Moment, Period, RecordId, Value};

pub(crate) const BOOK: BookId = 511_000_000_000;
pub(crate) const RIVER: DivisionId = 511_000_000_101;
pub(crate) const HILL: DivisionId = 511_000_000_102;
pub(crate) const FORD: DivisionId = 511_000_000_103;
/// A group of `RIVER`.
pub(crate) const GROUP: DivisionId = 511_000_000_101_001;

/// The transaction that everything was written by.
const TX: i64 = 1;

/// The pack of `tests/pack.toml`.
pub(crate) fn pack() -> CheckedPack {
    read(include_str!("../pack.toml"))
}

/// A pack written in one file.
pub(crate) fn read(text: &str) -> CheckedPack {
    let files = BTreeMap::from([("pack.toml".to_owned(), text.to_owned())]);
    pack::read_files(files).unwrap_or_else(|wrong| panic!("{wrong}"))
}

/// The end of 2022, and the year.
pub(crate) fn ask() -> Ask {
    Ask {
        at: Date::from_int(20221231),
        period: Period::year(2022),
        known: None,
        within: None,
    }
}

/// A store with the ledger's tables and nothing of its writing.
pub(crate) struct Store {
    pub(crate) pack: CheckedPack,
    connection: rusqlite::Connection,
    dialect: Dialect,
    /// The statements sent.
    pub(crate) sent: RefCell<Vec<(String, Vec<Value>)>>,
}

impl Store {
    pub(crate) fn new(pack: CheckedPack) -> Store {
        Store::speaking(pack, Dialect::Sqlite)
    }

    /// A store that is spoken to in a dialect; in PostgreSQL's it answers nothing and keeps what was sent.
    pub(crate) fn speaking(pack: CheckedPack, dialect: Dialect) -> Store {
        let connection = rusqlite::Connection::open_in_memory().expect("memory is there");
        let mut tables = "CREATE TABLE division_tree(book INTEGER, ancestor INTEGER, division INTEGER,
               PRIMARY KEY(book, ancestor, division)) WITHOUT ROWID;
             CREATE TABLE division(book INTEGER, division INTEGER, name TEXT, level TEXT, parent INTEGER,
               vfrom INTEGER, vto INTEGER, tx INTEGER, PRIMARY KEY(book, division, vfrom)) WITHOUT ROWID;
             CREATE TABLE coverage(book INTEGER, register TEXT, division INTEGER, as_of INTEGER, tx INTEGER);"
            .to_owned();
        for register in &pack.registers {
            let columns: String = register
                .fields
                .iter()
                .map(|field| match (field.secret, field.kind.is_integer()) {
                    (true, _) => format!(", {} TEXT", layout::secret_column(&field.name)),
                    (_, true) => format!(", {} INTEGER", layout::column(&field.name)),
                    _ => format!(", {} TEXT", layout::column(&field.name)),
                })
                .collect();
            let (current, history) = (
                layout::current(&register.name),
                layout::history(&register.name),
            );
            let head = "book INTEGER, record INTEGER, division INTEGER, vfrom INTEGER, vto INTEGER, tx INTEGER, ord INTEGER";
            tables.push_str(&format!(
                "CREATE TABLE {current}({head}{columns}, PRIMARY KEY(book, record, vfrom)) WITHOUT ROWID;
                 CREATE TABLE {history}({head}{columns}, tx_to INTEGER, PRIMARY KEY(book, record, vfrom, tx)) WITHOUT ROWID;"
            ));
        }
        connection
            .execute_batch(&tables)
            .expect("the layout is sound");
        let store = Store {
            pack,
            connection,
            dialect,
            sent: RefCell::new(Vec::new()),
        };
        for (above, below) in [
            (BOOK, BOOK),
            (BOOK, RIVER),
            (BOOK, HILL),
            (BOOK, FORD),
            (BOOK, GROUP),
            (RIVER, RIVER),
            (HILL, HILL),
            (FORD, FORD),
            (RIVER, GROUP),
            (GROUP, GROUP),
        ] {
            store.run(
                "INSERT INTO division_tree VALUES (?1, ?2, ?3)",
                &[BOOK, above, below],
            );
        }
        store
    }

    fn run(&self, sql: &str, params: &[i64]) {
        self.connection
            .prepare_cached(sql)
            .and_then(|mut statement| statement.execute(rusqlite::params_from_iter(params)))
            .expect("the statement is ours");
    }

    /// Runs statements as they stand.
    pub(crate) fn batch(&self, sql: &str) {
        self.connection
            .execute_batch(sql)
            .expect("the statement is ours");
    }

    /// A place bears a name from a day on.
    pub(crate) fn name_place(&self, division: DivisionId, name: &str, from: i64) {
        let sql = "INSERT INTO division VALUES (?1, ?2, ?3, 'village', NULL, ?4, 99991231, 1)";
        self.connection
            .execute(sql, rusqlite::params![BOOK, division, name, from])
            .expect("the statement is ours");
    }

    /// A source has covered a register for a division.
    pub(crate) fn cover(&self, register: &str, division: DivisionId) {
        let sql = "INSERT INTO coverage VALUES (?1, ?2, ?3, 20221231, ?4)";
        self.connection
            .execute(sql, rusqlite::params![BOOK, register, division, TX])
            .expect("the statement is ours");
    }

    /// A slice that is true for a span.
    pub(crate) fn put_for(
        &self,
        register: &str,
        record: RecordId,
        division: DivisionId,
        span: (i64, i64),
        fields: &[(&str, Value)],
    ) {
        let mut names = "book, record, division, vfrom, vto, tx, ord".to_owned();
        let mut values: Vec<Value> = [BOOK, record, division, span.0, span.1, TX, 0]
            .map(Value::Int)
            .into();
        for (name, value) in fields {
            names.push_str(&format!(", f_{name}"));
            values.push(value.clone());
        }
        let marks: Vec<String> = (1..=values.len()).map(|n| format!("?{n}")).collect();
        let sql = format!(
            "INSERT INTO r_{register}({names}) VALUES ({})",
            marks.join(", ")
        );
        let values = values.iter().map(bound);
        self.connection
            .prepare_cached(&sql)
            .and_then(|mut statement| statement.execute(rusqlite::params_from_iter(values)))
            .expect("the statement is ours");
    }

    /// A slice that is true for ever.
    pub(crate) fn put(
        &self,
        register: &str,
        record: RecordId,
        division: DivisionId,
        fields: &[(&str, Value)],
    ) {
        self.put_for(register, record, division, (0, 99_991_231), fields);
    }

    /// One figure's answer.
    pub(crate) fn answer(&self, id: &str, ask: &Ask) -> Answer {
        let id = FigureId::parse(id, &self.pack).expect("the figure is declared");
        let engine = Engine::new(&self.pack, self);
        let mut answers = engine.answer(&[id], ask).expect("the ledger answers");
        answers.pop().expect("one was asked")
    }

    /// One figure's value in text: a number, entries in brackets, or null.
    pub(crate) fn value(&self, id: &str, ask: &Ask) -> String {
        match self.answer(id, ask).value {
            Answered::Null => "null".to_owned(),
            Answered::Number(number) => number.to_string(),
            Answered::List(entries) => format!("[{}]", entries.join(",")),
        }
    }
}

fn bound(value: &Value) -> rusqlite::types::Value {
    match value {
        Value::Null => rusqlite::types::Value::Null,
        Value::Int(int) => rusqlite::types::Value::Integer(*int),
        Value::Text(text) => rusqlite::types::Value::Text(text.clone()),
    }
}

impl Source for Store {
    fn book(&self) -> BookId {
        BOOK
    }

    fn dialect(&self) -> Dialect {
        self.dialect
    }

    fn query(
        &self,
        sql: &str,
        params: &[Value],
        row: &mut dyn FnMut(&[Value]),
    ) -> Result<(), FiguresError> {
        self.sent
            .borrow_mut()
            .push((sql.to_owned(), params.to_vec()));
        if self.dialect == Dialect::Postgres {
            return Ok(());
        }
        let wrong = |error: rusqlite::Error| FiguresError::Ledger(format!("{error}\n{sql}"));
        let mut statement = self.connection.prepare_cached(sql).map_err(wrong)?;
        let width = statement.column_count();
        let values = rusqlite::params_from_iter(params.iter().map(bound));
        let mut rows = statement.query(values).map_err(wrong)?;
        let mut buffer = vec![Value::Null; width];
        while let Some(found) = rows.next().map_err(wrong)? {
            for (i, value) in buffer.iter_mut().enumerate() {
                *value = match found.get_ref(i).map_err(wrong)? {
                    ValueRef::Integer(int) => Value::Int(int),
                    ValueRef::Text(text) => Value::Text(String::from_utf8_lossy(text).into_owned()),
                    ValueRef::Null => Value::Null,
                    other => return Err(FiguresError::Ledger(format!("{other:?} in {sql}"))),
                };
            }
            row(&buffer);
        }
        Ok(())
    }

    fn tx_at(&self, known: Moment) -> Result<i64, FiguresError> {
        Ok(known.0)
    }

    fn places(&self) -> Result<Vec<Place>, FiguresError> {
        let place = |division, name: &str, level: &str| Place {
            division,
            name: name.to_owned(),
            level: level.to_owned(),
        };
        Ok(vec![
            place(BOOK, "小镇", "town"),
            place(RIVER, "河村", "village"),
            place(HILL, "山村", "village"),
            place(FORD, "渡村", "village"),
            place(GROUP, "河村一组", "group"),
        ])
    }

    fn drawn(&self, _: i64) -> Result<Option<Drawn>, FiguresError> {
        Ok(None)
    }

    fn covered(&self, known: Option<i64>) -> Result<Vec<Covered>, FiguresError> {
        let mut found = Vec::new();
        let sql = "SELECT register, division, as_of FROM coverage WHERE tx <= ?1";
        let known = Value::Int(known.unwrap_or(i64::MAX));
        self.query(sql, &[known], &mut |row| {
            let int = |at: usize| row[at].as_int().unwrap_or_default();
            found.push(Covered {
                register: row[0].to_string(),
                division: int(1),
                since: Date::from_int(i32::try_from(int(2)).expect("a day")),
            });
        })?;
        Ok(found)
    }

    fn cell(
        &self,
        register: &str,
        record: RecordId,
        field: Option<&str>,
        _: Date,
        _: Option<Moment>,
    ) -> Result<Option<Cell>, FiguresError> {
        Ok(Some(Cell {
            file: format!("{register}.xlsx"),
            sheet: field.unwrap_or("first").to_owned(),
            cell: format!("A{record}"),
            tx: 1,
        }))
    }

    fn keyed(&self, value: &Value) -> Value {
        Value::Text(format!("keyed {value}"))
    }
}
