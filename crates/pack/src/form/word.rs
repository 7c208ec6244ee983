//! The forms that a short text may be held to, as patterns. The rules say the same in sentences; a test holds the two
//! equal. Refuses to know whether what is named is there.

/// A text of a certain form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Word {
    /// Anything, but a key.
    Any,
    /// `post_kind`.
    Name,
    /// `post.filled`.
    Dotted,
    /// `post.filled[admin].share`.
    FigureId,
    /// `register.field`.
    Field,
    /// `text`, `decimal:2`, `code:LIST`, `ref:REGISTER`.
    Type,
    /// `count`, `sum(…)`.
    Measure,
    /// `<=30`, `31-40`.
    Band,
    /// `2022-12-31`.
    Day,
}

impl Word {
    /// The pattern, for a regular expression of ECMAScript; none when anything goes.
    pub fn pattern(self) -> Option<&'static str> {
        Some(match self {
            Word::Any => return None,
            Word::Name => "^[a-z][a-z0-9_]*$",
            Word::Dotted => "^[a-z][a-z0-9_]*(\\.[a-z0-9_]+)*$",
            Word::FigureId => "^[a-z][a-z0-9_]*((\\[[^\\]]+\\])?\\.[a-z0-9_]+)*$",
            Word::Field => "^[a-z][a-z0-9_]*\\.[a-z][a-z0-9_]*$",
            Word::Type => {
                "^(text|int|bool|date|money|area|id_number|phone|division|shape:(point|line|area)|decimal:[0-6]|(code|ref):[a-z][a-z0-9_]*)$"
            }
            Word::Measure => {
                "^\\s*(count|count\\s*\\(\\s*distinct [\\s\\S]*\\)|(sum|avg|min|max|list)\\s*\\([\\s\\S]*\\))\\s*$"
            }
            Word::Band => "^((<=|>=|<|>)\\s*-?[0-9]+|[0-9]+(\\s*-\\s*[0-9]+)?)$",
            Word::Day => "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
        })
    }

    /// What is asked, in words.
    pub fn asks(self) -> &'static str {
        match self {
            Word::Any => "any text",
            Word::Name => "a name: lower-case ASCII letters, digits and _, a letter first",
            Word::Dotted => "names joined by dots, as post.filled",
            Word::FigureId => {
                "names joined by dots, a step may name a member, as post.filled[admin].share"
            }
            Word::Field => "a field of a register, as person.name",
            Word::Type => {
                "text, int, decimal:2, bool, date, money, area, id_number, phone, division, shape:area, code:LIST or ref:REGISTER"
            }
            Word::Measure => "count, count(distinct …), sum(…), avg(…), min(…), max(…) or list(…)",
            Word::Band => "<=30, <30, 31-40, 30, >=41 or >40, over whole numbers",
            Word::Day => "a day, as 2022-12-31",
        }
    }
}
