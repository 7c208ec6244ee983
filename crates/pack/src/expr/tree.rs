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
    /// The type of a bare `null`.
    Null,
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
