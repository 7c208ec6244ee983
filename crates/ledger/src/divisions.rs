//! The place tree as tables: names by day, other names, and who lies under whom. Derived from the register of
//! places whenever it changes; a town has some hundred places, so everything is written anew.

use crate::built_in::DIVISION_ALIASES;
use crate::error::LedgerError;
use crate::fact::{Division, Slice};
use crate::layout;
use crate::reader::Reader;
use crate::register::Plan;
use crate::store::Datum;
use std::collections::{BTreeMap, BTreeSet};
use vocabulary::{DivisionId, Value};

/// A row of the division table.
pub(crate) type Named = (DivisionId, Value, Value, Value, i64, i64, i64);

/// Who lies under whom.
type Under = BTreeSet<(DivisionId, DivisionId)>;

/// The three tables, as they must be.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Places {
    pub(crate) named: Vec<Named>,
    pub(crate) aliases: BTreeSet<(String, DivisionId)>,
    pub(crate) tree: Under,
}

/// Works the tables out from the register's current rows.
pub(crate) fn places(reader: &Reader) -> Result<Places, LedgerError> {
    let registers = &reader.state.registers;
    let plan = &registers.plans[registers.division];
    let (name, level) = (plan.need("name")?, plan.need("level")?);
    let (parent, aliases) = (plan.need("parent")?, plan.need(DIVISION_ALIASES)?);
    let mut out = Places::default();
    let mut parents: BTreeMap<DivisionId, Option<DivisionId>> = BTreeMap::new();
    reader.each(&plan.decl.name, &mut |division, slice| {
        let value = |index: usize| slice.values[index].clone();
        let texts = [
            slice.values[name].as_text(),
            slice.values[aliases].as_text(),
        ];
        for line in texts.into_iter().flatten().flat_map(str::lines) {
            out.aliases.insert((line.to_owned(), division));
        }
        // Rows come in order of time: the last one is the tree of today.
        parents.insert(division, slice.values[parent].as_int());
        let (from, to) = (slice.from.int().into(), slice.to.int().into());
        out.named.push((
            division,
            value(name),
            value(level),
            value(parent),
            from,
            to,
            slice.tx,
        ));
    })?;
    out.tree = closed(&parents);
    Ok(out)
}

/// Every place under every place above it, itself included.
fn closed(parents: &BTreeMap<DivisionId, Option<DivisionId>>) -> Under {
    let mut tree = BTreeSet::new();
    for start in parents.keys() {
        let mut at = Some(*start);
        // The count of steps ends a circle, which a wrong source may draw.
        for _ in 0..=parents.len() {
            let Some(ancestor) = at else { break };
            tree.insert((ancestor, *start));
            at = parents.get(&ancestor).copied().flatten();
        }
    }
    tree
}

/// The places of the register's rows, in order of code and time, each as its latest slice names it; and the tree.
pub(crate) fn latest(
    plan: &Plan,
    rows: Vec<(DivisionId, Slice)>,
) -> Result<(Vec<Division>, Under), LedgerError> {
    let (name, level) = (plan.need("name")?, plan.need("level")?);
    let parent = plan.need("parent")?;
    let mut found: BTreeMap<DivisionId, Division> = BTreeMap::new();
    for (id, slice) in rows {
        let text = |index: usize| slice.values[index].as_text().unwrap_or_default().to_owned();
        let place = Division {
            id,
            name: text(name),
            level: text(level),
            parent: slice.values[parent].as_int(),
        };
        found.insert(id, place);
    }
    let parents = found
        .iter()
        .map(|(id, place)| (*id, place.parent))
        .collect();
    Ok((found.into_values().collect(), closed(&parents)))
}

/// Writes the tables anew.
pub(crate) fn derive(reader: &Reader) -> Result<(), LedgerError> {
    let places = places(reader)?;
    let book = Datum::Int(reader.book().id);
    for table in ["division", "division_alias", "division_tree"] {
        let sql = format!("DELETE FROM {table} WHERE book = {}", reader.placeholder(1));
        reader.store.execute(&sql, &[book])?;
    }
    let into = |columns: &str, width: usize| {
        format!(
            "INSERT INTO {columns} VALUES ({})",
            reader.dialect().placeholders(width)
        )
    };
    let mut rows = Vec::new();
    for (division, name, level, parent, from, to, tx) in &places.named {
        rows.extend([
            book,
            Datum::Int(*division),
            Datum::of(name),
            Datum::of(level),
            Datum::of(parent),
            Datum::Int(*from),
            Datum::Int(*to),
            Datum::Int(*tx),
        ]);
    }
    let sql = into(
        "division (book, division, name, level, parent, vfrom, vto, tx)",
        8,
    );
    reader.store.insert(&sql, 8, &rows)?;
    let rows: Vec<Datum<'_>> = places
        .aliases
        .iter()
        .flat_map(|(alias, division)| [book, Datum::Text(alias), Datum::Int(*division)])
        .collect();
    reader
        .store
        .insert(&into("division_alias (book, alias, division)", 3), 3, &rows)?;
    let rows: Vec<Datum<'_>> = places
        .tree
        .iter()
        .flat_map(|(ancestor, division)| [book, Datum::Int(*ancestor), Datum::Int(*division)])
        .collect();
    reader.store.insert(
        &into("division_tree (book, ancestor, division)", 3),
        3,
        &rows,
    )
}

impl Reader {
    /// Whether a division is another or lies below it, in the tree of today.
    pub fn lies_in(&self, division: DivisionId, above: DivisionId) -> Result<bool, LedgerError> {
        let sql = format!(
            "SELECT 1 FROM {} WHERE book = {} AND ancestor = {} AND division = {}",
            layout::TREE,
            self.placeholder(1),
            self.placeholder(2),
            self.placeholder(3)
        );
        let params = [self.book().id, above, division].map(Datum::Int);
        let mut found = false;
        self.store.query(&sql, &params, &mut |_| {
            found = true;
            Ok(())
        })?;
        Ok(found)
    }

    /// Every place, as its latest slice names it, in order of code.
    pub fn divisions(&self) -> Result<Vec<Division>, LedgerError> {
        let mut found: BTreeMap<DivisionId, Division> = BTreeMap::new();
        let sql = format!(
            "SELECT division, name, level, parent FROM division WHERE book = {} ORDER BY division, vfrom",
            self.placeholder(1)
        );
        self.store
            .query(&sql, &[Datum::Int(self.book().id)], &mut |row| {
                let parent = row[3].value().as_int();
                let (name, level) = (row[1].text().to_owned(), row[2].text().to_owned());
                found.insert(
                    row[0].int(),
                    Division {
                        id: row[0].int(),
                        name,
                        level,
                        parent,
                    },
                );
                Ok(())
            })?;
        Ok(found.into_values().collect())
    }

    /// Every name of every place, former and other names included.
    pub fn division_aliases(&self) -> Result<Vec<(String, DivisionId)>, LedgerError> {
        let mut found = Vec::new();
        let sql = format!(
            "SELECT alias, division FROM division_alias WHERE book = {} ORDER BY alias, division",
            self.placeholder(1)
        );
        self.store
            .query(&sql, &[Datum::Int(self.book().id)], &mut |row| {
                found.push((row[0].text().to_owned(), row[1].int()));
                Ok(())
            })?;
        Ok(found)
    }
}
