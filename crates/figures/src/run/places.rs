//! The place tree of the book, and which registers have been covered where: both as the question knows them.

use crate::ask::FiguresError;
use crate::source::{Place, Source};
use ledger::{Drawn, layout};
use pack::CheckedPack;
use pack::declare::RegisterDecl;
use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;
use vocabulary::{Date, DivisionId, Value};

/// Places and coverage, read when first needed.
pub(crate) struct Places<'a> {
    pack: &'a CheckedPack,
    source: &'a dyn Source,
    limits: &'a [DivisionId],
    known: Option<i64>,
    /// The tree of then, where it is not today's.
    drawn: Option<Rc<Drawn>>,
    tree: OnceCell<HashMap<DivisionId, HashSet<DivisionId>>>,
    /// By register and division, the date of the earliest source that covered it.
    covered: OnceCell<HashMap<String, HashMap<DivisionId, Date>>>,
    list: OnceCell<Vec<Place>>,
}

impl<'a> Places<'a> {
    pub(crate) fn new(
        pack: &'a CheckedPack,
        source: &'a dyn Source,
        limits: &'a [DivisionId],
        known: Option<i64>,
    ) -> Result<Places<'a>, FiguresError> {
        let drawn = known.map(|known| source.drawn(known)).transpose()?;
        Ok(Places {
            pack,
            source,
            limits,
            known,
            drawn: drawn.flatten().map(Rc::new),
            tree: OnceCell::new(),
            covered: OnceCell::new(),
            list: OnceCell::new(),
        })
    }

    /// The tree of then, where it is not today's.
    pub(crate) fn drawn(&self) -> Option<Rc<Drawn>> {
        self.drawn.clone()
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
        if let Some(drawn) = &self.drawn {
            return Ok(drawn.lies_in(division, above));
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
                None => self.is_seen(place.division)?,
            };
            if place.level == level && inside {
                places.push(place.clone());
            }
        }
        places.sort_by_key(|place| place.division);
        Ok(places)
    }

    /// Whether a division may be seen.
    fn is_seen(&self, division: DivisionId) -> Result<bool, FiguresError> {
        for above in self.limits {
            if self.lies_in(division, *above)? {
                return Ok(true);
            }
        }
        Ok(self.limits.is_empty())
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
        let asked = match &within {
            Some(within) => std::slice::from_ref(within),
            None if self.limits.is_empty() => return Ok(divisions.values().any(in_time)),
            None => self.limits,
        };
        for (division, _) in divisions.iter().filter(|(_, since)| in_time(since)) {
            for within in asked {
                if self.lies_in(*division, *within)? || self.lies_in(*within, *division)? {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    fn list(&self) -> Result<&[Place], FiguresError> {
        once(&self.list, || match &self.drawn {
            None => self.source.places(),
            Some(drawn) => Ok(drawn.places().iter().map(Place::from).collect()),
        })
        .map(Vec::as_slice)
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
            for one in self.source.covered(self.known)? {
                // What a source said of a register it said of it under every later name.
                let named = |decl: &&RegisterDecl| {
                    decl.name == one.register || decl.was.contains(&one.register)
                };
                let name = match self.pack.registers.iter().find(named) {
                    Some(decl) => decl.name.clone(),
                    None => one.register,
                };
                let since = covered.entry(name).or_default();
                let earliest = since.entry(one.division).or_insert(one.since);
                *earliest = one.since.min(*earliest);
            }
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
