//! The typed tree that every evaluator walks.

use vocabulary::Value;

/// An expression with its type and its source text.
#[derive(Debug, Clone, PartialEq)]
pub struct Typed {
    /// The tree.
    pub expr: Expr,
    /// The type of its value.
    pub kind: Type,
    /// What a number of it measures.
    pub unit: Unit,
    /// As written in the pack, for definitions and traces.
    pub text: String,
}

/// What a number measures, so that money is not added to areas.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Unit {
    /// A bare number.
    #[default]
    Plain,
    /// Money.
    Money,
    /// An area.
    Area,
}

/// The type of an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Type {
    /// True, false or unknown. Stored as 1, 0, null.
    Bool,
    /// A whole number; `scale` stored units make one shown unit (100 for money, 10,000 for area, 1 for counts).
    Int {
        /// Stored units per shown unit.
        scale: i64,
    },
    /// An exact fraction; only in formulas over figures.
    Number,
    /// Text.
    Text,
    /// A date, maybe partial, `yyyymmdd`.
    Date,
    /// A code of the named list.
    Code(String),
    /// A record of the named register.
    Reference(String),
    /// A node of the place tree.
    Division,
    /// A secret: `=`, `<>` and `is null` only.
    Secret,
    /// A shape on the ground: `is null` only; maps ask it, expressions do not.
    Shape,
    /// The type of a bare `null`.
    Null,
}

impl Type {
    /// Whether no expression opens its values.
    pub(crate) fn is_closed(&self) -> bool {
        matches!(self, Type::Secret | Type::Shape)
    }
}

/// A node. Field paths are resolved: nothing below needs the pack to walk the tree.
#[derive(Debug, Clone, PartialEq)]
pub enum Expr {
    /// A literal in the ledger's units (a date literal `date '2022-12-31'` is `yyyymmdd`).
    Literal(Value),
    /// A name: a field (`["kind"]`), a field of a record referred to (`["person", "birth"]`), a column or label
    /// of a sheet's row, or an operand of a formula. Every step but the last is a reference field.
    Name(Vec<String>),
    /// A parameter of the pack, asked at the figure's date.
    Parameter(String),
    /// The date the question is asked with (`at`).
    At,
    /// The record's own valid-from date (`valid_from`).
    ValidFrom,
    /// The record's division (`division`).
    Division,
    /// The record itself. Written `this`, and only in what is asked of other records.
    Record,
    /// What the records of a register that are tied to this one say: `exists(REGISTER, condition)` and its kin.
    Others(Box<Others>),
    /// `not x`, `-x`.
    Unary(Unary, Box<Expr>),
    /// `x and y`, `x + y`, `x = y`, …
    Binary(Binary, Box<Expr>, Box<Expr>),
    /// `x is null` (`true`) or `x is not null` (`false`).
    IsNull(Box<Expr>, bool),
    /// `x in (a, b)`; the flag is true for `not in`.
    In(Box<Expr>, Vec<Expr>, bool),
    /// `x between a and b`, both inside; the flag is true for `not between`.
    Between(Box<Expr>, Box<Expr>, Box<Expr>, bool),
    /// `x like 'pattern'` with `%` and `_`, case as written; the flag is true for `not like`.
    Like(Box<Expr>, String, bool),
    /// `case when c then x … else y end`.
    Case(Vec<(Expr, Expr)>, Option<Box<Expr>>),
    /// A function.
    Call(Call, Vec<Expr>),
}

/// What is asked of the records of a register, as they are at the same date.
#[derive(Debug, Clone, PartialEq)]
pub struct Others {
    /// The register.
    pub register: String,
    /// What ties its records to the one in hand: their side and ours of each equality. At least one, so that a set
    /// of records is answered by grouping the others once.
    pub keys: Vec<(Expr, Expr)>,
    /// Which of them count: a condition over their own fields. Unknown satisfies it not.
    pub filter: Option<Expr>,
    /// What is made of them.
    pub gives: Gives,
}

/// What is made of the records that are asked.
#[derive(Debug, Clone, PartialEq)]
pub enum Gives {
    /// `exists(…)`: whether there is one; never unknown.
    Exists,
    /// `count_of(…)`: how many; never unknown.
    Count,
    /// `sum_of(…, x)`: 0 of none; unknown when one of them is.
    Sum(Expr),
    /// `min_of(…, x)`: the least known; unknown of none.
    Least(Expr),
    /// `max_of(…, x)`: the greatest known.
    Greatest(Expr),
}

impl Expr {
    /// This node and every one below it, what is asked of other records included.
    pub fn walk<'e>(&'e self, see: &mut dyn FnMut(&'e Expr)) {
        see(self);
        match self {
            Expr::Literal(_)
            | Expr::Name(_)
            | Expr::Parameter(_)
            | Expr::At
            | Expr::ValidFrom
            | Expr::Division
            | Expr::Record => {}
            Expr::Unary(_, inner) | Expr::IsNull(inner, _) | Expr::Like(inner, _, _) => {
                inner.walk(see);
            }
            Expr::Binary(_, left, right) => {
                left.walk(see);
                right.walk(see);
            }
            Expr::In(inner, list, _) => {
                inner.walk(see);
                list.iter().for_each(|item| item.walk(see));
            }
            Expr::Between(inner, low, high, _) => {
                [inner, low, high].iter().for_each(|part| part.walk(see));
            }
            Expr::Case(branches, otherwise) => {
                for (condition, value) in branches {
                    condition.walk(see);
                    value.walk(see);
                }
                if let Some(otherwise) = otherwise {
                    otherwise.walk(see);
                }
            }
            Expr::Call(_, arguments) => arguments.iter().for_each(|part| part.walk(see)),
            Expr::Others(others) => {
                for (theirs, ours) in &others.keys {
                    theirs.walk(see);
                    ours.walk(see);
                }
                if let Some(filter) = &others.filter {
                    filter.walk(see);
                }
                match &others.gives {
                    Gives::Exists | Gives::Count => {}
                    Gives::Sum(of) | Gives::Least(of) | Gives::Greatest(of) => of.walk(see),
                }
            }
        }
    }

    /// The registers that are asked beside the record's own.
    pub fn asks(&self) -> Vec<&str> {
        let mut registers = Vec::new();
        self.walk(&mut |node| {
            if let Expr::Others(others) = node {
                registers.push(others.register.as_str());
            }
        });
        registers
    }
}

/// Prefix operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unary {
    /// `not`
    Not,
    /// `-`
    Minus,
}

/// Operators between two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Binary {
    /// `and`
    And,
    /// `or`
    Or,
    /// `=`
    Eq,
    /// `<>`
    NotEq,
    /// `<`; dates compare by their first day.
    Less,
    /// `<=`
    LessEq,
    /// `>`
    Greater,
    /// `>=`
    GreaterEq,
    /// `+`
    Plus,
    /// `-`
    Minus,
    /// `*`
    Times,
    /// `/`; only in formulas over figures, where it is exact; by zero is unknown.
    Over,
    /// `||`
    Join,
}

/// Functions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Call {
    /// `age(date)`: completed years at the asked date; unknown before birth. `age(date, date)`: at another date.
    Age,
    /// `year(date)`.
    Year,
    /// The first day a date may be. Never written: the checker puts it around every date that is compared
    /// and may lack its day, so that evaluators compare plain integers.
    FirstDay,
    /// `last(date)`: the last day a date may mean; a whole day is itself.
    LastDay,
    /// `months(date)`: completed months to the asked date; `months(date, date)`: to another. Unknown when negative.
    Months,
    /// `days(date)`, `days(date, date)`: days, counted as months are.
    Days,
    /// The name of a division. Written `title(division)`; the checker puts it around every division that stands
    /// where a text is wanted.
    PlaceName,
    /// `coalesce(a, b, …)`.
    Coalesce,
    /// `least(a, b, …)` of the known ones (code lists: by the list's order).
    Least,
    /// `greatest(a, b, …)` of the known ones.
    Greatest,
    /// `concat(a, b, …)`: unknown counts as empty text.
    Concat,
    /// A crosswalk of the pack, resolved to its map.
    Crosswalk {
        /// Its name.
        name: String,
        /// From code to code; a missing one is unknown.
        map: Vec<(String, String)>,
    },
    /// `title(code)`: the Chinese title, resolved to its map.
    Title {
        /// From code to title.
        map: Vec<(String, String)>,
    },
    /// `least` or `greatest` over codes: position in the list, resolved.
    ByOrder {
        /// The codes in the list's order.
        codes: Vec<String>,
        /// True for the later in the list.
        greatest: bool,
    },
}
