//! What is asked and what is answered. Refuses to know how an answer comes about, and holds no
//! sentence: why a figure is null is data, and the office words it.

use pack::CheckedPack;
use pack::declare::{BreakdownKind, FigureDecl};
use vocabulary::{Date, Decimal, DivisionId, Moment, Period};

/// A question's time and place, the same for every figure asked at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ask {
    /// Stocks are true on this day; ages are completed years on it.
    pub at: Date,
    /// Flows are counted in it.
    pub period: Period,
    /// As the ledger knew it then; `None`: as it knows now.
    pub known: Option<Moment>,
    /// A division with everything below it; `None`: the whole book.
    pub within: Option<DivisionId>,
}

/// The time of a question: an operand may be asked at another than its figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct When {
    pub(crate) at: Date,
    pub(crate) period: Period,
}

impl Ask {
    pub(crate) fn when(&self) -> When {
        When {
            at: self.at,
            period: self.period,
        }
    }

    /// The same question at another time.
    pub(crate) fn timed(&self, when: When) -> Ask {
        Ask {
            at: when.at,
            period: when.period,
            ..*self
        }
    }
}

/// A figure, or one member of its breakdown.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FigureId {
    /// The declared id.
    pub figure: String,
    /// The member: a code, a band, or a division's code.
    pub member: Option<String>,
}

/// A figure's answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The id with its member, as `post.authorised[admin]`.
    pub id: String,
    /// Chinese title.
    pub title: String,
    /// The shown unit.
    pub unit: String,
    /// The value.
    pub value: Answered,
    /// How many records are behind it; for a formula those of its operands added up, for an `over`
    /// the divisions counted.
    pub records: u64,
    /// Why the value is null.
    pub why_null: Option<WhyNull>,
    /// Records left out because the filter, the breakdown or the measured value is unknown.
    pub unknown: u64,
    /// Events left out because their date is too vague for the period.
    pub undecided: u64,
}

/// A value in the figure's own unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answered {
    /// Not known; [`Answer::why_null`] says why.
    Null,
    /// A number, rounded as declared, without trailing zeros.
    Number(Decimal),
    /// The entries of a list.
    List(Vec<String>),
}

/// Why a figure is null.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WhyNull {
    /// No import or entry has covered the register for the asked division.
    NotCovered {
        /// The register.
        register: String,
    },
    /// An average, a share, a least or a greatest over nothing.
    Nothing,
    /// An operand of the formula is null.
    OperandNull {
        /// The operand's figure, with its member.
        operand: String,
    },
    /// The formula divides by zero.
    DivisionByZero,
}

/// Why a question cannot be answered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FiguresError {
    /// No such figure.
    #[error("no figure `{id}`{}", nearest.as_ref().map(|n| format!("; did you mean `{n}`?")).unwrap_or_default())]
    Unknown {
        /// As asked.
        id: String,
        /// The nearest id there is.
        nearest: Option<String>,
    },
    /// The pack declares something that a set of rows cannot answer.
    #[error("`{expr}` cannot be asked of the ledger: {why}")]
    Expression {
        /// The expression.
        expr: String,
        /// Why.
        why: String,
    },
    /// The figures refer to one another in a circle.
    #[error("figure `{0}` rests on itself")]
    Circle(String),
    /// The ledger failed.
    #[error("the ledger cannot be read: {0}")]
    Ledger(String),
}

impl FiguresError {
    /// Whether the asker can mend it: another id.
    pub fn is_yours(&self) -> bool {
        matches!(self, FiguresError::Unknown { .. })
    }
}

impl FigureId {
    /// A figure without a member.
    pub fn whole(figure: &str) -> FigureId {
        FigureId {
            figure: figure.to_owned(),
            member: None,
        }
    }

    /// A member of a figure.
    pub fn member(figure: &str, member: &str) -> FigureId {
        FigureId {
            figure: figure.to_owned(),
            member: Some(member.to_owned()),
        }
    }

    /// Reads `post.authorised` or `post.authorised[admin]`. A declared id that itself holds brackets, as
    /// `a[<=40].share`, is taken as it stands; an unknown id is answered with the nearest.
    pub fn parse(text: &str, pack: &CheckedPack) -> Result<FigureId, FiguresError> {
        if pack.figure(text).is_some_and(|figure| figure.whole) {
            return Ok(FigureId::whole(text));
        }
        let split = text
            .strip_suffix(']')
            .and_then(|rest| rest.rsplit_once('['));
        if let Some((id, member)) = split
            && let Some(figure) = pack.figure(id)
            && has_member(figure, member)
        {
            return Ok(FigureId::member(id, member));
        }
        let all = FigureId::all(pack);
        let nearest = all
            .iter()
            .map(FigureId::to_string)
            .map(|id| (strsim::normalized_damerau_levenshtein(&id, text), id))
            .max_by(|a, b| a.0.total_cmp(&b.0))
            .filter(|(likeness, _)| *likeness > 0.4)
            .map(|(_, id)| id);
        Err(FiguresError::Unknown {
            id: text.to_owned(),
            nearest,
        })
    }

    /// Every figure of the pack with its declared members, in order of declaration. Breakdowns by a level
    /// have the ledger's divisions as members; [`crate::Engine::answer`] adds those.
    pub fn all(pack: &CheckedPack) -> Vec<FigureId> {
        let mut ids = Vec::new();
        for figure in &pack.figures {
            if figure.whole {
                ids.push(FigureId::whole(&figure.id));
            }
            let members = figure.by.iter().flat_map(|by| &by.members);
            ids.extend(members.map(|member| FigureId::member(&figure.id, &member.id)));
        }
        ids
    }
}

fn has_member(figure: &FigureDecl, member: &str) -> bool {
    figure.by.as_ref().is_some_and(|by| match by.kind {
        BreakdownKind::Level(_) => member.parse::<DivisionId>().is_ok(),
        _ => by.members.iter().any(|declared| declared.id == member),
    })
}

impl std::fmt::Display for FigureId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.member {
            Some(member) => write!(f, "{}[{member}]", self.figure),
            None => f.write_str(&self.figure),
        }
    }
}

impl Answered {
    /// The number, if it is one.
    pub fn number(&self) -> Option<Decimal> {
        if let Answered::Number(number) = self {
            Some(*number)
        } else {
            None
        }
    }
}
