//! One scan's rows: the register asked, the slices read, the registers joined for references, and the
//! parameters bound. Refuses to know what is measured.

use crate::ask::FiguresError;
use crate::compile::others::Group;
use crate::source::Source;
use ledger::{Dialect, Drawn, layout};
use pack::CheckedPack;
use pack::declare::RegisterDecl;
use pack::expr::Expr;
use std::collections::HashMap;
use std::rc::Rc;
use vocabulary::{Date, DivisionId, FieldType, Value};

/// Which slice of each record is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Slice {
    /// The one in force on the day: for stocks.
    InForce(Date),
    /// The one in force on the day or, if none, the latest before (an event stays an event after its record ended)
    /// or, if none, the first after it up to the asked date (an event that was written down late).
    Event(Date),
}

impl Slice {
    /// The day.
    pub fn day(self) -> Date {
        match self {
            Slice::InForce(day) | Slice::Event(day) => day,
        }
    }
}

/// Everything a statement over one register needs besides its columns.
pub struct Scope<'a> {
    pack: &'a CheckedPack,
    register: &'a RegisterDecl,
    source: &'a dyn Source,
    at: Date,
    slice: Slice,
    /// The last transaction believed; `None` reads the current rows alone.
    known: Option<i64>,
    /// The place tree, where it is not the one in the tables.
    drawn: Option<Rc<Drawn>>,
    within: Option<DivisionId>,
    /// The divisions that may be seen, each with what lies below it; empty: all. A division asked within is one of
    /// them or lies below one.
    limits: &'a [DivisionId],
    joins: Vec<Join<'a>>,
    pub(super) groups: Vec<Group<'a>>,
    pub(super) params: Vec<Value>,
    pub(super) bound: HashMap<Value, usize>,
}

struct Join<'a> {
    path: Vec<String>,
    register: &'a RegisterDecl,
    /// `alias.column` of the reference that leads here.
    from: String,
}

impl<'a> Scope<'a> {
    /// Rows of a register as they were on a day, by what was known after a transaction, in a division. Places are
    /// those of the present tables unless [`Scope::drawn`] hands in others.
    pub fn new(
        pack: &'a CheckedPack,
        source: &'a dyn Source,
        register: &str,
        at: Date,
        slice: Slice,
        known: Option<i64>,
        within: Option<DivisionId>,
    ) -> Result<Scope<'a>, FiguresError> {
        let register = pack
            .register(register)
            .ok_or_else(|| FiguresError::Expression {
                expr: register.to_owned(),
                why: "the pack has no such register".to_owned(),
            })?;
        Ok(Scope {
            pack,
            register,
            source,
            at,
            slice,
            known,
            drawn: None,
            within,
            limits: &[],
            joins: Vec::new(),
            groups: Vec::new(),
            params: Vec::new(),
            bound: HashMap::new(),
        })
    }

    /// With the place tree of another time.
    pub(crate) fn drawn(mut self, drawn: Option<Rc<Drawn>>) -> Scope<'a> {
        self.drawn = drawn;
        self
    }

    /// Only rows that lie in one of these divisions or below it.
    pub(crate) fn limited(mut self, limits: &'a [DivisionId]) -> Scope<'a> {
        self.limits = limits;
        self
    }

    /// Rows of another register as they were on the same day, wherever they are.
    pub(super) fn beside(&self, register: &str) -> Result<Scope<'a>, FiguresError> {
        Scope::new(
            self.pack,
            self.source,
            register,
            self.at,
            self.slice,
            self.known,
            None,
        )
        .map(|scope| scope.drawn(self.drawn.clone()))
    }

    /// The register asked.
    pub fn register(&self) -> &'a RegisterDecl {
        self.register
    }

    pub(super) fn at(&self) -> Date {
        self.at
    }

    pub(super) fn dialect(&self) -> Dialect {
        self.source.dialect()
    }

    pub(super) fn parameter(&self, name: &str) -> Value {
        self.pack
            .parameters
            .get(name)
            .map_or(Value::Null, |parameter| parameter.at(self.at))
    }

    /// Binds a value and yields its place holder; equal values share one.
    pub fn bind(&mut self, value: Value) -> String {
        let next = self.params.len() + 1;
        let number = *self.bound.entry(value.clone()).or_insert(next);
        let kind = if matches!(value, Value::Text(_)) {
            "TEXT"
        } else {
            "BIGINT"
        };
        if number == next {
            self.params.push(value);
        }
        match self.dialect() {
            Dialect::Sqlite => format!("?{number}"),
            Dialect::Postgres => format!("CAST(${number} AS {kind})"),
        }
    }

    /// The parameters bound so far, in their numbers' order.
    pub fn params(&self) -> &[Value] {
        &self.params
    }

    /// The column of a path of names; every step but the last joins the register referred to.
    pub(super) fn name(&mut self, path: &[String]) -> Result<String, FiguresError> {
        let (field, way) = path
            .split_last()
            .ok_or_else(|| self.unnamed(path, "it is empty"))?;
        let (alias, register) = self.follow(way)?;
        let declared = register
            .field(field)
            .ok_or_else(|| self.unnamed(path, "the register has no such field"))?;
        let column = if declared.secret {
            layout::secret_column(field)
        } else {
            layout::column(field)
        };
        Ok(format!("{alias}.{column}"))
    }

    /// What a secret field's column holds for a value, when the expression is a secret field.
    pub(super) fn secret(&mut self, expr: &Expr, value: &Value) -> Option<String> {
        let Expr::Name(path) = expr else { return None };
        let (field, way) = path.split_last()?;
        let (_, register) = self.follow(way).ok()?;
        register.field(field).filter(|field| field.secret)?;
        let keyed = self.source.keyed(value);
        Some(self.bind(keyed))
    }

    /// The record number of the register that a path's last name belongs to, and that register.
    pub fn owner(&mut self, path: &[String]) -> Result<(String, &'a RegisterDecl), FiguresError> {
        let way = &path[..path.len().saturating_sub(1)];
        let (alias, register) = self.follow(way)?;
        Ok((format!("{alias}.{}", layout::RECORD), register))
    }

    fn follow(&mut self, way: &[String]) -> Result<(String, &'a RegisterDecl), FiguresError> {
        let (mut alias, mut register) = ("t".to_owned(), self.register);
        for step in 1..=way.len() {
            let path = &way[..step];
            let place = self.joins.iter().position(|join| join.path == path);
            let place = match place {
                Some(place) => place,
                None => {
                    let field = &way[step - 1];
                    let Some(FieldType::Reference(to)) = register.field(field).map(|f| &f.kind)
                    else {
                        return Err(self.unnamed(way, "a step is no reference"));
                    };
                    let to = self
                        .pack
                        .register(to)
                        .ok_or_else(|| self.unnamed(way, "it refers to no register"))?;
                    let from = format!("{alias}.{}", layout::column(field));
                    self.joins.push(Join {
                        path: path.to_vec(),
                        register: to,
                        from,
                    });
                    self.joins.len() - 1
                }
            };
            alias = format!("j{}", place + 1);
            register = self.joins[place].register;
        }
        Ok((alias, register))
    }

    fn unnamed(&self, path: &[String], why: &str) -> FiguresError {
        FiguresError::Expression {
            expr: format!("{}.{}", self.register.name, path.join(".")),
            why: why.to_owned(),
        }
    }

    /// `FROM …` and `WHERE …` of the scan, to be asked for when all columns are printed, so that every reference
    /// they follow is joined.
    pub fn rows(&mut self, filter: Option<&str>) -> String {
        let book = self.bind(Value::Int(self.source.book()));
        let table = self.table(self.register, &book);
        let mut text = format!("FROM {table} t\n");
        if let (Some(division), None) = (self.within, &self.drawn) {
            let division = self.bind(Value::Int(division));
            text.push_str(&format!(
                "JOIN {} w ON w.book = {book} AND w.ancestor = {division} AND w.division = t.division\n",
                layout::TREE
            ));
        }
        for place in 0..self.joins.len() {
            let Join { register, from, .. } = &self.joins[place];
            let (register, from) = (*register, from.clone());
            let table = self.table(register, &book);
            let (j, believed) = (
                place + 1,
                self.believed(&format!("j{}", place + 1), register),
            );
            text.push_str(&format!(
                "LEFT JOIN {table} j{j} ON j{j}.book = {book} AND j{j}.record = {from} AND {believed}\n"
            ));
        }
        text.push_str(&self.grouped());
        let believed = self.believed("t", self.register);
        // Every id is at least 0; said, it lets a store go through the rows as they lie, by their key, where it
        // would else go through an index and look each row up.
        text.push_str(&format!(
            "WHERE t.book = {book} AND t.record >= 0 AND {believed}"
        ));
        if let (Some(division), Some(drawn)) = (self.within, &self.drawn) {
            text.push_str(&format!(" AND {}", among(drawn, "t.division", &[division])));
        }
        if self.within.is_none() && !self.limits.is_empty() {
            let seen = self.within_limits(&book);
            text.push_str(&format!(" AND {seen}"));
        }
        if let Some(filter) = filter {
            text.push_str(&format!("\n  AND {filter}"));
        }
        text
    }

    /// The condition that a row may be seen. The places are gathered once, and the sign before the column keeps a
    /// store from beginning with them: a page of rows in the order of their key is read as they lie.
    fn within_limits(&mut self, book: &str) -> String {
        let limits = self.limits;
        if let Some(drawn) = &self.drawn {
            return among(drawn, "t.division", limits);
        }
        let places: Vec<String> = limits
            .iter()
            .map(|division| self.bind(Value::Int(*division)))
            .collect();
        format!(
            "+t.division IN (SELECT p.division FROM {} p WHERE p.book = {book} AND p.ancestor IN ({}))",
            layout::TREE,
            places.join(", ")
        )
    }

    /// The condition that a row is the slice that counts.
    fn believed(&mut self, alias: &str, register: &RegisterDecl) -> String {
        let day = self.bind(Value::Int(self.slice.day().int().into()));
        let Slice::Event(_) = self.slice else {
            return format!("{alias}.vfrom <= {day} AND {alias}.vto > {day}");
        };
        // Slices of a record do not overlap, so that the latest that has begun is the one in force, if any is.
        let until = self.bind(Value::Int(self.at.int().into()));
        let book = self.bind(Value::Int(self.source.book()));
        let table = self.table(register, &book);
        format!(
            "{alias}.vfrom <= {until} AND NOT EXISTS (SELECT 1 FROM {table} u WHERE u.book = {book} AND u.record = {alias}.record AND \
             (({alias}.vfrom <= {day} AND u.vfrom <= {day} AND u.vfrom > {alias}.vfrom) OR \
             ({alias}.vfrom > {day} AND u.vfrom < {alias}.vfrom)))"
        )
    }

    fn table(&mut self, register: &RegisterDecl, book: &str) -> String {
        let current = layout::current(&register.name);
        let Some(known) = self.known else {
            return current;
        };
        let known = self.bind(Value::Int(known));
        let mut columns = "book, record, division, vfrom, vto, tx".to_owned();
        for field in &register.fields {
            columns.push_str(", ");
            columns.push_str(&if field.secret {
                layout::secret_column(&field.name)
            } else {
                layout::column(&field.name)
            });
        }
        let history = layout::history(&register.name);
        format!(
            "(SELECT {columns} FROM {current} WHERE book = {book} AND tx <= {known} UNION ALL SELECT {columns} FROM {history} WHERE book = {book} AND tx <= {known} AND tx_to > {known})"
        )
    }

    /// The condition that a division is a place or lies below it.
    pub(crate) fn lies_in(&mut self, division: &str, place: DivisionId) -> String {
        if let Some(drawn) = &self.drawn {
            let among = among(drawn, division, &[place]);
            return format!("({division} IS NOT NULL AND {among})");
        }
        let book = self.bind(Value::Int(self.source.book()));
        let place = self.bind(Value::Int(place));
        format!(
            "({division} IS NOT NULL AND EXISTS (SELECT 1 FROM {} p WHERE p.book = {book} AND p.ancestor = {place} \
             AND p.division = {division}))",
            layout::TREE
        )
    }

    /// A place's name: the one it bore on the day; before the first that is known, the first.
    pub(super) fn place_name(&mut self, division: &str) -> String {
        let book = self.bind(Value::Int(self.source.book()));
        let day = self.bind(Value::Int(self.slice.day().int().into()));
        let table = match (&self.drawn, self.known) {
            (Some(_), Some(known)) => {
                let known = self.bind(Value::Int(known));
                let (current, history) = (
                    layout::current(layout::DIVISIONS),
                    layout::history(layout::DIVISIONS),
                );
                let columns = format!(
                    "book, record AS division, {} AS name, vfrom",
                    layout::column("name")
                );
                format!(
                    "(SELECT {columns} FROM {current} WHERE book = {book} AND tx <= {known} UNION ALL \
                     SELECT {columns} FROM {history} WHERE book = {book} AND tx <= {known} AND tx_to > {known})"
                )
            }
            _ => layout::DIVISIONS.to_owned(),
        };
        format!(
            "(SELECT p.name FROM {table} p WHERE p.book = {book} AND p.division = {division} \
             ORDER BY CASE WHEN p.vfrom <= {day} THEN - p.vfrom ELSE p.vfrom END LIMIT 1)"
        )
    }

    /// A sum as an integer: PostgreSQL widens sums to `numeric`.
    pub fn sum(&self, value: &str) -> String {
        match self.dialect() {
            Dialect::Sqlite => format!("SUM({value})"),
            Dialect::Postgres => format!("CAST(SUM({value}) AS BIGINT)"),
        }
    }
}

/// The condition that a division is one of those at or below one of these places, in a tree of another time. Codes are numbers:
/// they are printed, since a place of some size has more of them than a statement has room for parameters.
fn among(drawn: &Drawn, division: &str, places: &[DivisionId]) -> String {
    let below: Vec<String> = places
        .iter()
        .flat_map(|place| drawn.below(*place))
        .map(|code| code.to_string())
        .collect();
    if below.is_empty() {
        return "1 = 0".to_owned();
    }
    format!("{division} IN ({})", below.join(", "))
}
