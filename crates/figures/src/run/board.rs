//! Everything one question has fetched. Gathers the aggregates that the asked figures rest on, at every date
//! they rest on them, and runs one scan for all of a register and day.

use crate::ask::{Ask, FigureId, FiguresError, When};
use crate::compile::{Scope, Slice};
use crate::plan::{Columns, Merge, Part, Slots, is_own_place, slice_of};
use crate::run::partial::{Entry, Leaf};
use crate::run::places::Places;
use crate::run::records::behind;
use crate::run::resolve;
use crate::source::Source;
use pack::CheckedPack;
use pack::declare::{Compute, FigureDecl, Measure};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use vocabulary::{Date, DivisionId};

/// How deep formulas may rest on formulas: more is a circle.
const DEPTH: usize = 64;

/// An aggregate at a date.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    pub(crate) id: FigureId,
    pub(crate) when: When,
}

/// What was fetched for an aggregate.
pub(crate) enum Fetched {
    /// Columns of a scan.
    Columns { scan: usize, slots: Slots },
    /// The records themselves, for lists and distinct counts.
    Entries {
        entries: Vec<Entry>,
        unknown: u64,
        undecided: u64,
    },
}

/// One scan's answer.
pub(crate) struct Scanned {
    pub(crate) leaves: Vec<Leaf>,
    pub(crate) merges: Vec<Merge>,
}

/// Everything one question has fetched.
pub(crate) struct Board<'a> {
    pub(crate) pack: &'a CheckedPack,
    pub(crate) source: &'a dyn Source,
    pub(crate) ask: Ask,
    pub(crate) known: Option<i64>,
    /// The divisions that may be seen; empty: all.
    pub(crate) limits: &'a [DivisionId],
    pub(crate) places: Places<'a>,
    pub(crate) scans: Vec<Scanned>,
    pub(crate) fetched: HashMap<Key, Fetched>,
}

impl<'a> Board<'a> {
    pub(crate) fn new(
        pack: &'a CheckedPack,
        source: &'a dyn Source,
        limits: &'a [DivisionId],
        ask: &Ask,
    ) -> Result<Board<'a>, FiguresError> {
        let known = ask.known.map(|known| source.tx_at(known)).transpose()?;
        Ok(Board {
            pack,
            source,
            ask: *ask,
            known,
            limits,
            places: Places::new(pack, source, limits, known)?,
            scans: Vec::new(),
            fetched: HashMap::new(),
        })
    }

    /// The figure of an id.
    pub(crate) fn figure(&self, id: &FigureId) -> Result<&'a FigureDecl, FiguresError> {
        self.pack
            .figure(&id.figure)
            .ok_or_else(|| FiguresError::Unknown {
                id: id.to_string(),
                nearest: None,
            })
    }

    /// A place named as a member narrows the division, so that what is fetched does not depend on it.
    pub(crate) fn narrowed(
        figure: &FigureDecl,
        id: &FigureId,
    ) -> (Option<DivisionId>, Option<String>) {
        let level = figure.by.as_ref().is_some_and(is_own_place);
        match &id.member {
            Some(member) if level => (member.parse().ok(), None),
            member => (None, member.clone()),
        }
    }

    /// The members that a figure without a whole stands for when a formula or a check names it without one: what is
    /// meant is their sum (all bands together), which leaves out records that fall into none.
    pub(crate) fn parts(figure: &FigureDecl, id: &FigureId) -> Vec<FigureId> {
        let adds = match &figure.compute {
            Compute::Aggregate { measure, .. } => {
                matches!(
                    measure,
                    Measure::Count | Measure::CountDistinct(_) | Measure::Sum(_)
                )
            }
            Compute::Formula { .. } => true,
            Compute::Over { .. } => false,
        };
        if figure.whole || id.member.is_some() || !adds {
            return Vec::new();
        }
        let members = figure.by.iter().flat_map(|by| &by.members);
        members
            .map(|member| FigureId::member(&figure.id, &member.id))
            .collect()
    }

    /// Rows of a register as this question sees them.
    pub(crate) fn scope(
        &self,
        register: &str,
        at: Date,
        slice: Slice,
        within: Option<DivisionId>,
    ) -> Result<Scope<'a>, FiguresError> {
        Scope::new(
            self.pack,
            self.source,
            register,
            at,
            slice,
            self.known,
            within,
        )
        .map(|scope| scope.drawn(self.places.drawn()).limited(self.limits))
    }

    /// The registers that figures count records of, their own and those of what they rest on.
    pub(crate) fn registers(&self, ids: &[FigureId]) -> Result<BTreeSet<&'a str>, FiguresError> {
        let (mut keys, mut seen) = (Vec::new(), HashSet::new());
        for id in ids {
            self.gather(id, self.ask.when(), 0, &mut seen, &mut keys)?;
        }
        let mut registers = BTreeSet::new();
        for key in keys {
            if let Compute::Aggregate { from, .. } = &self.figure(&key.id)?.compute {
                registers.insert(from.as_str());
            }
        }
        Ok(registers)
    }

    /// The ids at the asked date.
    pub(crate) fn keys(&self, ids: &[FigureId]) -> Vec<Key> {
        ids.iter()
            .map(|id| Key {
                id: id.clone(),
                when: self.ask.when(),
            })
            .collect()
    }

    /// Fetches what the figures rest on, in one scan for a register and day.
    pub(crate) fn fetch(&mut self, asked: &[Key]) -> Result<(), FiguresError> {
        let mut keys = Vec::new();
        let mut seen = HashSet::new();
        for Key { id, when } in asked {
            self.gather(id, *when, 0, &mut seen, &mut keys)?;
        }
        let mut scans: BTreeMap<(String, Date, Slice), Vec<Key>> = BTreeMap::new();
        for key in keys {
            let figure = self.figure(&key.id)?;
            let Compute::Aggregate { from, measure, .. } = &figure.compute else {
                continue;
            };
            let ask = self.ask.timed(key.when);
            if matches!(measure, Measure::List { .. } | Measure::CountDistinct(_)) {
                let behind = behind(self, figure, key.id.member.as_deref(), key.when, None)?;
                let fetched = Fetched::Entries {
                    entries: behind.entries,
                    unknown: behind.unknown,
                    undecided: behind.undecided,
                };
                self.fetched.insert(key, fetched);
            } else {
                let place = (from.clone(), key.when.at, slice_of(figure, &ask));
                scans.entry(place).or_default().push(key);
            }
        }
        for ((register, at, slice), keys) in scans {
            self.scan(&register, at, slice, keys)?;
        }
        Ok(())
    }

    fn scan(
        &mut self,
        register: &str,
        at: Date,
        slice: Slice,
        keys: Vec<Key>,
    ) -> Result<(), FiguresError> {
        let mut scope = self.scope(register, at, slice, self.ask.within)?;
        let mut columns = Columns::default();
        for key in keys {
            let figure = self.figure(&key.id)?;
            let part = Part::of(figure.by.as_ref(), key.id.member.as_deref());
            let slots = columns.figure(figure, part, &self.ask.timed(key.when), &mut scope)?;
            self.fetched.insert(
                key,
                Fetched::Columns {
                    scan: self.scans.len(),
                    slots,
                },
            );
        }
        let scan = columns.scan(&mut scope);
        let mut leaves = Vec::new();
        self.source.query(&scan.sql, scope.params(), &mut |row| {
            let division = row[0].as_int().unwrap_or_default();
            leaves.push(Leaf {
                division,
                values: row[1..].to_vec(),
            });
        })?;
        self.scans.push(Scanned {
            leaves,
            merges: scan.merges,
        });
        Ok(())
    }

    fn gather(
        &self,
        id: &FigureId,
        when: When,
        depth: usize,
        seen: &mut HashSet<Key>,
        keys: &mut Vec<Key>,
    ) -> Result<(), FiguresError> {
        if depth > DEPTH {
            return Err(FiguresError::Circle(id.to_string()));
        }
        let figure = self.figure(id)?;
        for part in Board::parts(figure, id) {
            self.gather(&part, when, depth + 1, seen, keys)?;
        }
        let (_, member) = Board::narrowed(figure, id);
        let key = Key {
            id: FigureId {
                figure: id.figure.clone(),
                member,
            },
            when,
        };
        if self.fetched.contains_key(&key) || !seen.insert(key.clone()) {
            return Ok(());
        }
        let (operands, over) = match &figure.compute {
            Compute::Aggregate { .. } => {
                keys.push(key);
                return Ok(());
            }
            Compute::Formula { operands, .. } => (operands, false),
            Compute::Over { operands, .. } => (operands, true),
        };
        for operand in operands {
            let (by, member) = if over {
                (None, None)
            } else {
                (Some(figure), key.id.member.as_deref())
            };
            let resolved = resolve(self.pack, by, member, operand, when)?;
            if let Some(when) = resolved.when {
                self.gather(&resolved.id, when, depth + 1, seen, keys)?;
            }
        }
        Ok(())
    }
}
