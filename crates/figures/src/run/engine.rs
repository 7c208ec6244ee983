//! The questions that can be asked of a pack and a ledger.

use crate::ask::{Answer, Answered, Ask, FigureId, FiguresError};
use crate::check::{Breach, breaches};
use crate::explain::{Opener, Trace, Violation, traced, violations};
use crate::list::{Listed, Listing, Totals};
use crate::run::board::Board;
use crate::run::settle::Worth;
use crate::run::shown;
use crate::source::Source;
use pack::CheckedPack;
use pack::declare::{BreakdownKind, FigureDecl};
use std::collections::BTreeSet;
use std::sync::LazyLock;
use vocabulary::{DivisionId, Words};

static WORDS: LazyLock<Words> = LazyLock::new(|| Words::read(include_str!("../../words/zh.toml")));

/// Answers the figures of one pack from one ledger.
#[derive(Clone, Copy)]
pub struct Engine<'a> {
    pack: &'a CheckedPack,
    source: &'a dyn Source,
    limits: &'a [DivisionId],
}

impl<'a> Engine<'a> {
    /// For a pack and a ledger that was written under it.
    pub fn new(pack: &'a CheckedPack, source: &'a dyn Source) -> Engine<'a> {
        Engine {
            pack,
            source,
            limits: &[],
        }
    }

    /// Sees only what lies in one of these divisions or below it; none: everything. A division asked within, or as a
    /// member, must be one that may be seen: whoever limits looks at that first.
    #[must_use]
    pub fn limited_to(self, limits: &'a [DivisionId]) -> Engine<'a> {
        Engine { limits, ..self }
    }

    fn board(&self, ask: &Ask) -> Result<Board<'a>, FiguresError> {
        // One division that may be seen is the division asked within.
        let within = match self.limits {
            [only] => ask.within.or(Some(*only)),
            _ => ask.within,
        };
        let ask = Ask { within, ..*ask };
        Board::new(self.pack, self.source, self.limits, &ask)
    }

    /// The registers whose records figures count, what they rest on included.
    pub fn registers(
        &self,
        ids: &[FigureId],
        ask: &Ask,
    ) -> Result<BTreeSet<&'a str>, FiguresError> {
        self.board(ask)?.registers(ids)
    }

    /// A page of the records of a register.
    pub fn list(&self, listing: &Listing<'_>, ask: &Ask) -> Result<Vec<Listed>, FiguresError> {
        crate::list::list(&self.board(ask)?, listing)
    }

    /// How many records of a register there are, and the sums of some of its fields.
    pub fn totals(
        &self,
        listing: &Listing<'_>,
        sums: &[&str],
        ask: &Ask,
    ) -> Result<Totals, FiguresError> {
        crate::list::totals(&self.board(ask)?, listing, sums)
    }

    /// Every id there is, declared members and the places of broken-down levels included.
    pub fn ids(&self, ask: &Ask) -> Result<Vec<FigureId>, FiguresError> {
        let board = self.board(ask)?;
        let mut ids = Vec::new();
        for figure in &self.pack.figures {
            if figure.whole {
                ids.push(FigureId::whole(&figure.id));
            }
            let Some(by) = &figure.by else { continue };
            ids.extend(
                by.members
                    .iter()
                    .map(|m| FigureId::member(&figure.id, &m.id)),
            );
            if let BreakdownKind::Level(level) = &by.kind {
                let places = board.places.of_level(level, board.ask.within)?;
                let codes = places.iter().map(|place| place.division.to_string());
                ids.extend(codes.map(|code| FigureId::member(&figure.id, &code)));
            }
        }
        Ok(ids)
    }

    /// The values of figures, in the order asked; none asked: all, with their members.
    pub fn answer(&self, ids: &[FigureId], ask: &Ask) -> Result<Vec<Answer>, FiguresError> {
        let all = if ids.is_empty() {
            Some(self.ids(ask)?)
        } else {
            None
        };
        let ids = all.as_deref().unwrap_or(ids);
        let mut board = self.board(ask)?;
        board.fetch(&board.keys(ids))?;
        ids.iter().map(|id| answered(&board, id)).collect()
    }

    /// A figure's definition and everything behind its value.
    pub fn trace(&self, id: &FigureId, ask: &Ask) -> Result<Trace, FiguresError> {
        let mut board = self.board(ask)?;
        board.fetch(&board.keys(std::slice::from_ref(id)))?;
        traced(&board, id)
    }

    /// The traces of several figures at once, for a document: every record, but the cells of only the first so many
    /// of each figure.
    pub fn traces(
        &self,
        ids: &[FigureId],
        ask: &Ask,
        cells: usize,
    ) -> Result<Vec<Trace>, FiguresError> {
        let mut board = self.board(ask)?;
        board.fetch(&board.keys(ids))?;
        let opener = Opener {
            board: &board,
            cells,
        };
        ids.iter()
            .map(|id| opener.open(id, ask.when(), None))
            .collect()
    }

    /// Every breach of the pack's checks.
    pub fn checks(&self, ask: &Ask) -> Result<Vec<Breach>, FiguresError> {
        breaches(self.pack, self.source, self.limits, ask)
    }

    /// Every figure whose trace does not add up to its value. Always empty, or a fault of ours.
    pub fn consistent(&self, ask: &Ask) -> Result<Vec<Violation>, FiguresError> {
        let ids = self.ids(ask)?;
        let mut board = self.board(ask)?;
        board.fetch(&board.keys(&ids))?;
        violations(&board, &ids)
    }
}

fn answered(board: &Board, id: &FigureId) -> Result<Answer, FiguresError> {
    let figure = board.figure(id)?;
    let settled = board.settle(id, board.ask.when(), None)?;
    let (value, why_null) = match settled.worth {
        Worth::Null(why) => (Answered::Null, Some(why)),
        Worth::Number(exact) => (Answered::Number(shown(exact, figure.round)), None),
        Worth::List(entries) => (Answered::List(entries), None),
    };
    Ok(Answer {
        id: id.to_string(),
        title: title(board, figure, id)?,
        unit: figure.unit.clone(),
        value,
        records: settled.records,
        why_null,
        unknown: settled.unknown,
        undecided: settled.undecided,
    })
}

/// The title of a figure, or of its member: as declared, else put together.
pub(crate) fn title(
    board: &Board,
    figure: &FigureDecl,
    id: &FigureId,
) -> Result<String, FiguresError> {
    let (Some(by), Some(member)) = (&figure.by, &id.member) else {
        return Ok(figure.title.clone());
    };
    let declared = by.members.iter().find(|declared| declared.id == *member);
    if let Some(title) = declared.and_then(|declared| declared.title.clone()) {
        return Ok(title);
    }
    let member = match &by.kind {
        BreakdownKind::Codes(list) => {
            let code = board
                .pack
                .code_lists
                .get(list)
                .and_then(|list| list.code(member));
            code.map_or_else(|| member.clone(), |code| code.title.clone())
        }
        BreakdownKind::Level(_) => board.places.name(member.parse().unwrap_or_default())?,
        BreakdownKind::Bands => member.clone(),
    };
    Ok(WORDS.say(
        "member.title",
        &[("title", &figure.title), ("member", &member)],
    ))
}
