//! The place tree of the book, and which registers have been covered where.

use crate::ask::FiguresError;
use crate::source::{Place, Source};
use ledger::layout;
use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};
use vocabulary::{Date, DivisionId, Value};

/// Places and coverage, read when first needed.
pub(crate) struct Places<'a> {
    source: &'a dyn Source,
    known: Option<i64>,
    tree: OnceCell<HashMap<DivisionId, HashSet<DivisionId>>>,
    /// By register and division, the date of the earliest source that covered it.
    covered: OnceCell<HashMap<String, HashMap<DivisionId, Date>>>,
    list: OnceCell<Vec<Place>>,
}

impl<'a> Places<'a> {
    pub(crate) fn new(source: &'a dyn Source, known: Option<i64>) -> Places<'a> {
        Places {
            source,
            known,
            tree: OnceCell::new(),
            covered: OnceCell::new(),
            list: OnceCell::new(),
        }
    }

    /// Whether a division is another or lies below it.
    pub(crate) fn lies_in(
        &self,
        division: DivisionId,
        above: DivisionId,
    ) -> Result<bool, FiguresError> {
        if division == above {
            return Ok(true);
        }
        Ok(self
            .tree()?
            .get(&above)
            .is_some_and(|below| below.contains(&division)))
    }

    /// The places of a level within a division, in the order of their codes.
    pub(crate) fn of_level(
        &self,
        level: &str,
        within: Option<DivisionId>,
    ) -> Result<Vec<Place>, FiguresError> {
        let mut places = Vec::new();
        for place in self.list()? {
            let inside = match within {
                Some(above) => self.lies_in(place.division, above)?,
                None => true,
            };
            if place.level == level && inside {
                places.push(place.clone());
            }
        }
        places.sort_by_key(|place| place.division);
        Ok(places)
    }

    /// A place's name; its code when it has none.
    pub(crate) fn name(&self, division: DivisionId) -> Result<String, FiguresError> {
        let place = self.list()?.iter().find(|place| place.division == division);
        Ok(place.map_or_else(|| division.to_string(), |place| place.name.clone()))
    }

    /// Whether a source has covered a register for a division, for one above it, or for one below it. A stock is
    /// covered on the day of such a source and after it, never before: what no source speaks of is not nought.
    /// For a flow (`on` is none) any source counts, since it speaks of what lies behind it.
    pub(crate) fn covers(
        &self,
        register: &str,
        within: Option<DivisionId>,
        on: Option<Date>,
    ) -> Result<bool, FiguresError> {
        let Some(divisions) = self.covered()?.get(register) else {
            return Ok(false);
        };
        let in_time = |since: &Date| on.is_none_or(|day| *since <= day);
        let Some(within) = within else {
            return Ok(divisions.values().any(in_time));
        };
        for (division, _) in divisions.iter().filter(|(_, since)| in_time(since)) {
            if self.lies_in(*division, within)? || self.lies_in(within, *division)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn list(&self) -> Result<&[Place], FiguresError> {
        once(&self.list, || self.source.places()).map(Vec::as_slice)
    }

    fn tree(&self) -> Result<&HashMap<DivisionId, HashSet<DivisionId>>, FiguresError> {
        once(&self.tree, || {
            let mut tree: HashMap<DivisionId, HashSet<DivisionId>> = HashMap::new();
            let one = self.place_holder(1);
            let sql = format!(
                "SELECT ancestor, division FROM {} WHERE book = {one}",
                layout::TREE
            );
            self.source
                .query(&sql, &[Value::Int(self.source.book())], &mut |row| {
                    if let (Some(above), Some(below)) = (row[0].as_int(), row[1].as_int()) {
                        tree.entry(above).or_default().insert(below);
                    }
                })?;
            Ok(tree)
        })
    }

    fn covered(&self) -> Result<&HashMap<String, HashMap<DivisionId, Date>>, FiguresError> {
        once(&self.covered, || {
            let mut covered: HashMap<String, HashMap<DivisionId, Date>> = HashMap::new();
            let mut params = vec![Value::Int(self.source.book())];
            let mut sql = format!(
                "SELECT register, division, MIN(as_of) FROM {} WHERE book = {}",
                layout::COVERAGE,
                self.place_holder(1)
            );
            if let Some(known) = self.known {
                sql.push_str(&format!(" AND tx <= {}", self.place_holder(2)));
                params.push(Value::Int(known));
            }
            sql.push_str(" GROUP BY register, division");
            self.source.query(&sql, &params, &mut |row| {
                let since = row[2].as_int().and_then(|day| i32::try_from(day).ok());
                let place = (row[0].as_text(), row[1].as_int(), since);
                if let (Some(register), Some(division), Some(since)) = place {
                    let register = covered.entry(register.to_owned()).or_default();
                    register.insert(division, Date::from_int(since));
                }
            })?;
            Ok(covered)
        })
    }

    fn place_holder(&self, number: usize) -> String {
        match self.source.dialect() {
            ledger::Dialect::Sqlite => format!("?{number}"),
            ledger::Dialect::Postgres => format!("CAST(${number} AS BIGINT)"),
        }
    }
}

fn once<T>(
    cell: &OnceCell<T>,
    fetch: impl FnOnce() -> Result<T, FiguresError>,
) -> Result<&T, FiguresError> {
    if let Some(value) = cell.get() {
        return Ok(value);
    }
    let value = fetch()?;
    Ok(cell.get_or_init(|| value))
}
