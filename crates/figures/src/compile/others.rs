//! What records of another register say, for a whole set at once: the others are grouped by what ties them to those
//! who ask, once for all that is asked of them, and joined. Nobody is asked one by one.

use crate::ask::FiguresError;
use crate::compile::scope::Scope;
use pack::expr::{Expr, Gives, Others};

/// The others that are tied in one way, with a column for each thing that is made of them.
pub(super) struct Group<'a> {
    register: String,
    keys: Vec<(Expr, Expr)>,
    /// Our side of each key, printed.
    ours: Vec<String>,
    /// Their side.
    theirs: Vec<String>,
    columns: Vec<String>,
    inner: Scope<'a>,
}

impl Group<'_> {
    fn column(&mut self, text: String) -> usize {
        let found = self.columns.iter().position(|known| *known == text);
        found.unwrap_or_else(|| {
            self.columns.push(text);
            self.columns.len() - 1
        }) + 1
    }
}

impl<'a> Scope<'a> {
    /// What they say, as a value; whether there is one, as their number.
    pub(super) fn others(&mut self, others: &Others) -> Result<String, FiguresError> {
        let at = match self
            .groups
            .iter()
            .position(|group| group.register == others.register && group.keys == others.keys)
        {
            Some(at) => at,
            None => self.group(others)?,
        };
        // A statement numbers its parameters once, whatever it is made of.
        self.lend(at);
        let said = self.groups[at].say(others, at + 1);
        self.give_back(at);
        said
    }

    fn group(&mut self, others: &Others) -> Result<usize, FiguresError> {
        let mut ours = Vec::with_capacity(others.keys.len());
        for (_, our) in &others.keys {
            ours.push(self.value(our)?);
        }
        // Our side may have asked others itself: the place is known only now.
        let at = self.groups.len();
        self.groups.push(Group {
            register: others.register.clone(),
            keys: others.keys.clone(),
            ours,
            theirs: Vec::new(),
            columns: Vec::new(),
            inner: self.beside(&others.register)?,
        });
        self.lend(at);
        let group = &mut self.groups[at];
        let theirs: Result<Vec<String>, FiguresError> = (others.keys.iter())
            .map(|(their, _)| group.inner.value(their))
            .collect();
        self.give_back(at);
        self.groups[at].theirs = theirs?;
        Ok(at)
    }

    fn lend(&mut self, at: usize) {
        let inner = &mut self.groups[at].inner;
        inner.params = std::mem::take(&mut self.params);
        inner.bound = std::mem::take(&mut self.bound);
    }

    fn give_back(&mut self, at: usize) {
        let inner = &mut self.groups[at].inner;
        self.params = std::mem::take(&mut inner.params);
        self.bound = std::mem::take(&mut inner.bound);
    }

    /// The joins of all that is asked of others, for the end of `FROM`.
    pub(super) fn grouped(&mut self) -> String {
        let mut text = String::new();
        for at in 0..self.groups.len() {
            self.lend(at);
            let group = &mut self.groups[at];
            let named = |names: &[String], letter: char| {
                let named = (1..)
                    .zip(names)
                    .map(|(n, text)| format!("{text} AS {letter}{n}"));
                named.collect::<Vec<_>>().join(", ")
            };
            let (keys, columns) = (named(&group.theirs, 'k'), named(&group.columns, 'c'));
            let places: Vec<String> = (1..=group.theirs.len()).map(|n| n.to_string()).collect();
            let rows = group.inner.rows(None);
            let e = at + 1;
            let on: Vec<String> = (1..)
                .zip(&group.ours)
                .map(|(n, ours)| format!("e{e}.k{n} = {ours}"))
                .collect();
            text.push_str(&format!(
                "LEFT JOIN (SELECT {keys}, {columns}\n{rows}\nGROUP BY {}) e{e} ON {}\n",
                places.join(", "),
                on.join(" AND ")
            ));
            self.give_back(at);
        }
        text
    }
}

impl Group<'_> {
    /// Prints what is made of the others as columns of the group, and the value that reads them.
    fn say(&mut self, others: &Others, e: usize) -> Result<String, FiguresError> {
        let filter = match &others.filter {
            Some(filter) => Some(self.inner.condition(filter)?),
            None => None,
        };
        let counted = |more: Option<String>| {
            let all: Vec<String> = filter.iter().cloned().chain(more).collect();
            match all.is_empty() {
                true => "COUNT(*)".to_owned(),
                false => format!("COUNT(CASE WHEN {} THEN 1 END)", all.join(" AND ")),
            }
        };
        let of = match &others.gives {
            Gives::Exists | Gives::Count => {
                let count = self.column(counted(None));
                return Ok(format!("COALESCE(e{e}.c{count}, 0)"));
            }
            Gives::Sum(of) | Gives::Least(of) | Gives::Greatest(of) => of,
        };
        let value = self.inner.value(of)?;
        let measured = match &filter {
            Some(filter) => format!("CASE WHEN {filter} THEN {value} END"),
            None => value.clone(),
        };
        Ok(match &others.gives {
            Gives::Sum(_) => {
                let unknown = self
                    .inner
                    .condition(&Expr::IsNull(Box::new(of.clone()), true))?;
                let unknown = self.column(counted(Some(unknown)));
                let text = self.inner.sum(&measured);
                let sum = self.column(text);
                format!(
                    "CASE WHEN COALESCE(e{e}.c{unknown}, 0) = 0 THEN COALESCE(e{e}.c{sum}, 0) END"
                )
            }
            Gives::Least(_) => format!("e{e}.c{}", self.column(format!("MIN({measured})"))),
            _ => format!("e{e}.c{}", self.column(format!("MAX({measured})"))),
        })
    }
}
