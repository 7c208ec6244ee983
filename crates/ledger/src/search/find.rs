//! What is looked for becomes one to six statements over the table of grams: candidates come in bounded numbers and are
//! compared with the slices that may be seen. Whole texts first, then those that begin with it, then those that hold
//! it, each in order of register and record; among more candidates than are looked at, the table's order decides
//! which are seen.

use super::gram::{self, Fit, Gram, HEAD, LAST, LETTERS, LETTERS_MAX, REST};
use super::table::Sought;
use crate::error::LedgerError;
use crate::fact::Slice;
use crate::layout;
use crate::reader::{Reader, slice_of};
use crate::register::Plan;
use crate::store::Datum;
use foldhash::{HashSet, HashSetExt};
use vocabulary::{DivisionId, RecordId, Value};

/// Longest text that is looked for; what follows is passed over.
const WORDS_MAX: usize = 40;

/// Shortest text that may be a whole number of somebody.
const NUMBER_MIN: usize = 6;

/// Windows that are asked together; the rest is compared with the text.
const WINDOWS_MAX: usize = 5;

/// Candidates of one statement that are compared with their slices: some 20 ms of work at the worst.
const LOOKED_MAX: usize = 2_000;

/// Hits of one answer at the most.
const HITS_MAX: usize = 200;

/// What is looked for, and where.
#[derive(Debug, Clone, Copy)]
pub struct Ask<'a> {
    /// A part of a name or number, first letters, or a whole secret number.
    pub words: &'a str,
    /// Positions of the registers that are looked through, in the order in which their hits come.
    pub registers: &'a [usize],
    /// Divisions under which a record's slice must lie; none: the whole book.
    pub within: &'a [DivisionId],
    /// Hits wanted.
    pub limit: usize,
}

/// By what a record was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    /// A whole secret number.
    Number,
    /// A part of a text.
    Text,
    /// First letters.
    Letters,
}

/// A record that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// The position of its register.
    pub register: usize,
    /// The record.
    pub record: RecordId,
    /// Its latest slice that may be seen and has what is looked for.
    pub slice: Slice,
    /// The field that has it.
    pub field: usize,
    /// By what.
    pub way: Way,
    /// How well.
    pub fit: Fit,
}

/// What was found.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Found {
    /// The best first.
    pub hits: Vec<Hit>,
    /// There may be others: whoever looks had better say more.
    pub more: bool,
}

/// What is looked for, read.
struct Words {
    chars: Vec<char>,
    letters: bool,
    number: Option<String>,
}

impl Words {
    fn read(text: &str) -> Words {
        let chars: Vec<char> = gram::folded(text).take(WORDS_MAX).collect();
        let letters = chars.len() <= LETTERS_MAX && chars.iter().all(char::is_ascii_lowercase);
        let digits = chars.iter().filter(|c| c.is_ascii_digit()).count();
        let plain = chars
            .iter()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '+'));
        let number = plain && digits >= NUMBER_MIN;
        let number = number.then(|| chars.iter().collect::<String>().to_uppercase());
        Words {
            chars,
            letters,
            number,
        }
    }

    /// How a text answers.
    fn fit(&self, way: Way, text: &str) -> Option<Fit> {
        match way {
            Way::Number => None,
            Way::Text => gram::fit(&self.chars, text),
            Way::Letters => gram::fit_letters(&self.chars, text),
        }
    }
}

/// A search at work.
struct Search<'a> {
    reader: &'a Reader,
    ask: Ask<'a>,
    words: Words,
    /// The names of the registers asked, or nothing when all are.
    named: Option<Vec<&'a str>>,
    limit: usize,
    seen: HashSet<(usize, RecordId)>,
    found: Found,
}

impl Reader {
    /// Looks for records. What is asked for is compared without regard to width, capitals and spaces.
    pub fn search(&self, ask: &Ask<'_>) -> Result<Found, LedgerError> {
        let words = Words::read(ask.words);
        let plans = &self.state.registers.plans;
        let asked = |at: &usize| plans.get(*at).is_some_and(Plan::is_sought);
        if words.chars.is_empty() || !ask.registers.iter().any(asked) {
            return Ok(Found::default());
        }
        let all = (0..plans.len()).filter(|at| plans[*at].is_sought());
        let named = if all.clone().all(|at| ask.registers.contains(&at)) {
            None
        } else {
            let asked = ask.registers.iter().filter(|at| asked(at));
            Some(asked.map(|at| plans[*at].decl.name.as_str()).collect())
        };
        let mut search = Search {
            reader: self,
            ask: *ask,
            words,
            named,
            limit: ask.limit.clamp(1, HITS_MAX),
            seen: HashSet::new(),
            found: Found::default(),
        };
        search.run()?;
        Ok(search.found)
    }
}

impl Search<'_> {
    fn run(&mut self) -> Result<(), LedgerError> {
        if let Some(number) = self.words.number.clone() {
            let hash = self.reader.keyed(&Value::Text(number));
            if let Some(hash) = hash.as_text() {
                let gram = gram::number(hash);
                let candidates = self.candidates(&[gram], None, LOOKED_MAX)?;
                self.look(Way::Number, candidates, Some(hash))?;
                let candidates = self.by_index(hash)?;
                self.look(Way::Number, candidates, Some(hash))?;
            }
        }
        self.by_text()?;
        if self.words.letters && self.found.hits.len() <= self.limit {
            let letters: String = self.words.chars.iter().collect();
            self.cut(Way::Letters, &[], Some(&format!("{LETTERS}{letters}")))?;
        }
        let hits = &mut self.found.hits;
        let order = |hit: &Hit| {
            let asked = &self.ask.registers;
            asked.iter().position(|at| *at == hit.register)
        };
        hits.sort_by_key(|hit| (hit.way, hit.fit, order(hit), hit.record));
        if hits.len() > self.limit {
            hits.truncate(self.limit);
            self.found.more = true;
        }
        Ok(())
    }

    /// Those that begin with it, then those that hold it, until there are enough.
    fn by_text(&mut self) -> Result<(), LedgerError> {
        let chars = self.words.chars.clone();
        for begins in [true, false] {
            if self.found.hits.len() > self.limit {
                break;
            }
            let windows = gram::windows(&chars, begins, false);
            let mark = if begins { HEAD } else { REST };
            let range = windows.is_empty().then(|| format!("{mark}{}", chars[0]));
            if begins && self.cut(Way::Text, &windows, range.as_deref())? {
                // Among so many the whole ones must not be missed.
                let whole = gram::windows(&chars, true, true);
                let candidates = self.candidates(&whole, None, self.limit + 1)?;
                self.look_on(Way::Text, candidates)?;
            } else if !begins {
                self.cut(Way::Text, &windows, range.as_deref())?;
            }
        }
        Ok(())
    }

    /// Looks at a few candidates, and at many when the few were not it; answers whether there are more.
    fn cut(&mut self, way: Way, grams: &[Gram], begins: Option<&str>) -> Result<bool, LedgerError> {
        let few = (self.limit + 1) * 2;
        let candidates = self.candidates(grams, begins, few)?;
        let cut = candidates.len() >= few;
        self.look(way, candidates, None)?;
        if cut && self.found.hits.len() <= self.limit {
            // Windows that stand apart from one another answered for too many.
            let candidates = self.candidates(grams, begins, LOOKED_MAX)?;
            self.found.more |= candidates.len() >= LOOKED_MAX;
            self.look(way, candidates, None)?;
        }
        Ok(cut)
    }

    /// Records of which a number is looked up by their own register's index.
    fn by_index(&self, hash: &str) -> Result<Vec<(usize, RecordId)>, LedgerError> {
        let mut found = Vec::new();
        for register in self.ask.registers {
            let Some(plan) = self.reader.state.registers.plans.get(*register) else {
                continue;
            };
            let fields = plan.sought.iter().enumerate();
            for (field, _) in fields.filter(|(_, sought)| **sought == Sought::Indexed) {
                let sql = format!(
                    "SELECT DISTINCT record FROM {} WHERE book = {} AND {} = {}",
                    plan.current,
                    self.reader.placeholder(1),
                    plan.columns[field],
                    self.reader.placeholder(2)
                );
                let params = [Datum::Int(self.reader.book().id), Datum::Text(hash)];
                self.reader.store.query(&sql, &params, &mut |row| {
                    found.push((*register, row[0].int()));
                    Ok(())
                })?;
            }
        }
        Ok(found)
    }

    /// Records that have all these grams, or one that begins so, where they may be seen.
    fn candidates(
        &self,
        grams: &[Gram],
        begins: Option<&str>,
        limit: usize,
    ) -> Result<Vec<(usize, RecordId)>, LedgerError> {
        let book = Datum::Int(self.reader.book().id);
        let (table, tree) = (layout::GRAMS, layout::TREE);
        let mut params = vec![book];
        let upper = begins.map(|begins| format!("{begins}{LAST}"));
        let p = |n: usize| self.reader.placeholder(n);
        let mut sql = format!("SELECT g.register, g.record FROM {table} g");
        let (first, rest) = match grams.split_first() {
            Some((first, rest)) => (Some(first), rest),
            None => (None, grams),
        };
        // The last ones tell most that the first did not.
        let skipped = rest.len().saturating_sub(WINDOWS_MAX);
        for (n, gram) in rest[skipped..].iter().enumerate() {
            params.push(Datum::Text(gram.text()));
            // In this order: a gram's records are walked, the others are looked up.
            sql.push_str(&format!(
                " CROSS JOIN {table} g{n} ON g{n}.book = g.book AND g{n}.gram = {} AND g{n}.division = g.division \
                 AND g{n}.register = g.register AND g{n}.record = g.record",
                p(params.len())
            ));
        }
        sql.push_str(" WHERE g.book = ");
        sql.push_str(&p(1));
        match (first, begins, &upper) {
            (Some(gram), _, _) => {
                params.push(Datum::Text(gram.text()));
                sql.push_str(&format!(" AND g.gram = {}", p(params.len())));
            }
            (None, Some(begins), Some(upper)) => {
                params.extend([Datum::Text(begins), Datum::Text(upper)]);
                let (from, to) = (p(params.len() - 1), p(params.len()));
                sql.push_str(&format!(" AND g.gram >= {from} AND g.gram < {to}"));
            }
            _ => return Ok(Vec::new()),
        }
        if !self.ask.within.is_empty() {
            let within = self.list(&mut params, self.ask.within.iter().map(|d| Datum::Int(*d)));
            sql.push_str(&format!(
                " AND g.division IN (SELECT division FROM {tree} WHERE book = {} AND ancestor IN ({within}))",
                p(1)
            ));
        }
        if let Some(named) = &self.named {
            let named = self.list(&mut params, named.iter().map(|name| Datum::Text(name)));
            sql.push_str(&format!(" AND g.register IN ({named})"));
        }
        params.push(Datum::Int(i64::try_from(limit).unwrap_or(i64::MAX)));
        sql.push_str(&format!(" LIMIT {}", p(params.len())));
        let mut found = Vec::new();
        self.reader.store.query(&sql, &params, &mut |row| {
            // A register that the pack no longer has is history that no search shows.
            if let Some(register) = self.reader.state.registers.index(row[0].text()) {
                found.push((register, row[1].int()));
            }
            Ok(())
        })?;
        Ok(found)
    }

    fn list<'d>(
        &self,
        params: &mut Vec<Datum<'d>>,
        items: impl Iterator<Item = Datum<'d>>,
    ) -> String {
        let mut list = Vec::new();
        for item in items {
            params.push(item);
            list.push(self.reader.placeholder(params.len()));
        }
        list.join(", ")
    }

    /// Compares candidates with their slices, until there are enough hits.
    fn look(
        &mut self,
        way: Way,
        mut candidates: Vec<(usize, RecordId)>,
        hash: Option<&str>,
    ) -> Result<(), LedgerError> {
        candidates.sort_unstable();
        for (register, record) in candidates {
            if self.found.hits.len() > self.limit {
                return Ok(());
            }
            self.consider(way, (register, record), hash)?;
        }
        Ok(())
    }

    /// Compares these though there are enough: they are better than what was found.
    fn look_on(&mut self, way: Way, candidates: Vec<(usize, RecordId)>) -> Result<(), LedgerError> {
        for at in candidates {
            self.consider(way, at, None)?;
        }
        Ok(())
    }

    fn consider(
        &mut self,
        way: Way,
        (register, record): (usize, RecordId),
        hash: Option<&str>,
    ) -> Result<(), LedgerError> {
        if !self.seen.insert((register, record)) {
            return Ok(());
        }
        match self.hit(way, register, record, hash)? {
            Some(hit) => self.found.hits.push(hit),
            // It may still answer in another way.
            None => drop(self.seen.remove(&(register, record))),
        }
        Ok(())
    }

    fn hit(
        &self,
        way: Way,
        register: usize,
        record: RecordId,
        hash: Option<&str>,
    ) -> Result<Option<Hit>, LedgerError> {
        let plan = &self.reader.state.registers.plans[register];
        for slice in self.slices(plan, record)? {
            let mut best: Option<(Fit, usize)> = None;
            for (field, value) in slice.values.iter().enumerate() {
                let Some(text) = value.as_text() else {
                    continue;
                };
                let fit = match (plan.sought[field], way) {
                    (Sought::Number | Sought::Indexed, Way::Number) => {
                        (hash == Some(text)).then_some(Fit::Whole)
                    }
                    (Sought::Text, Way::Text | Way::Letters) => self.words.fit(way, text),
                    _ => None,
                };
                if let Some(fit) = fit
                    && best.is_none_or(|(better, _)| fit < better)
                {
                    best = Some((fit, field));
                }
            }
            if let Some((fit, field)) = best {
                return Ok(Some(Hit {
                    register,
                    record,
                    slice,
                    field,
                    way,
                    fit,
                }));
            }
        }
        Ok(None)
    }

    /// The slices of a record that may be seen, the latest first.
    fn slices(&self, plan: &Plan, record: RecordId) -> Result<Vec<Slice>, LedgerError> {
        let p = |n: usize| self.reader.placeholder(n);
        let mut params = vec![Datum::Int(self.reader.book().id), Datum::Int(record)];
        let mut sql = format!(
            "SELECT {} FROM {} WHERE book = {} AND record = {}",
            plan.selected,
            plan.current,
            p(1),
            p(2)
        );
        if !self.ask.within.is_empty() {
            let within = self.list(&mut params, self.ask.within.iter().map(|d| Datum::Int(*d)));
            sql.push_str(&format!(
                " AND division IN (SELECT division FROM {} WHERE book = {} AND ancestor IN ({within}))",
                layout::TREE,
                p(1)
            ));
        }
        sql.push_str(" ORDER BY vfrom DESC");
        let mut slices = Vec::new();
        self.reader.store.query(&sql, &params, &mut |row| {
            slices.push(slice_of(row).1);
            Ok(())
        })?;
        Ok(slices)
    }
}
