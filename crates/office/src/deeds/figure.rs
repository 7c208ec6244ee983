//! Figures and what is behind them.

use crate::error::OfficeError;
use crate::office::Office;
use crate::words::{say, word};
use figures::{Answer, Ask, Engine, FigureId, FiguresError, Trace, WhyNull};
use vocabulary::{Date, FindingClass, Moment, Period, Value};

/// A question as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AskInput {
    /// A date; none: today.
    pub at: Option<String>,
    /// A period or the name of one; none: the calendar year of the date.
    pub period: Option<String>,
    /// As the ledger knew it then.
    pub known: Option<String>,
    /// A division, by code or name; none: the whole book.
    pub within: Option<String>,
}

/// Figures with the question they answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FigureReport {
    /// The date.
    pub at: Date,
    /// The period.
    pub period: Period,
    /// The division asked in.
    pub within: i64,
    /// Its name.
    pub within_name: String,
    /// Where the ledger stood that answered: its transaction and that one's moment. The same question with this moment
    /// as `known` is answered the same for ever.
    pub known: Known,
    /// The version of the pack whose definitions were asked.
    pub pack: String,
    /// The answers, in the order asked or declared.
    pub figures: Vec<Answer>,
}

/// A place in the ledger's own time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    /// The last transaction; 0 before the first.
    pub tx: i64,
    /// Its record time; `None` before the first.
    pub at: Option<Moment>,
}

/// Why a figure is null, in words.
pub fn why_null(why: &WhyNull, pack: &::pack::CheckedPack) -> String {
    match why {
        WhyNull::NotCovered { register } => {
            let title = pack
                .register(register)
                .map_or(register.as_str(), |register| &register.title);
            word("report.not_covered", &[("register", title)])
        }
        WhyNull::Nothing => word("report.nothing", &[]),
        WhyNull::OperandNull { operand } => word("report.operand", &[("operand", operand)]),
        WhyNull::DivisionByZero => word("report.by_zero", &[]),
    }
}

/// The period that the pack names so, up to a date: from the day after its parameter's.
pub(crate) fn named_period(pack: &::pack::CheckedPack, name: &str, at: Date) -> Option<Period> {
    let mut parameters = pack.parameters.values();
    let begins = parameters.find(|parameter| parameter.period.as_deref() == Some(name))?;
    let Value::Int(day) = begins.at(at) else {
        return None;
    };
    let from = vocabulary::PartialDate::from_int(i32::try_from(day).unwrap_or(0)).end();
    Some(Period {
        from,
        to: at.next(),
    })
}

fn asked(code: &str, params: &[(&str, &str)]) -> OfficeError {
    OfficeError::Asked(Box::new(say(code, FindingClass::Rejected, params)))
}

impl Office {
    /// A question's date, period, knowledge and place, understood.
    pub(crate) fn ask(
        &self,
        reader: &ledger::Reader,
        input: &AskInput,
    ) -> Result<Ask, OfficeError> {
        let at = match &input.at {
            None => self.today(),
            Some(text) => Date::parse_iso(text).ok_or_else(|| asked("O103", &[("text", text)]))?,
        };
        let period = match &input.period {
            None => Period::year(at.year()),
            Some(text) => self.period(text, at)?,
        };
        let known = match &input.known {
            None => None,
            Some(text) => {
                let known = Moment::parse(text).ok_or_else(|| asked("O109", &[("text", text)]))?;
                // What will be known is not known; record time may be ahead of a clock that was set back.
                let last = stand(reader, None)?.at.unwrap_or(known);
                let now = self.clock.now().max(last);
                if known > now {
                    let params = [("text", text.as_str()), ("now", &now.to_string())];
                    return Err(asked("O150", &params));
                }
                Some(known)
            }
        };
        let within = match &input.within {
            None => None,
            Some(text) => Some(self.division(reader, text)?),
        };
        Ok(Ask {
            at,
            period,
            known,
            within: within.filter(|id| *id != self.book_id()),
        })
    }

    fn period(&self, text: &str, at: Date) -> Result<Period, OfficeError> {
        let pack = self.pack();
        if let Some(period) = named_period(&pack, text, at) {
            return Ok(period);
        }
        Period::parse(text).map_err(|_| {
            let named = pack.parameters.values();
            let known: Vec<&str> = named.filter_map(|p| p.period.as_deref()).collect();
            asked(
                "O104",
                &[
                    ("text", text),
                    ("known", &known.join(&word("word.comma", &[]))),
                ],
            )
        })
    }

    pub(crate) fn division(&self, reader: &ledger::Reader, text: &str) -> Result<i64, OfficeError> {
        let divisions = reader.divisions()?;
        if let Some(id) = text
            .parse()
            .ok()
            .filter(|id| divisions.iter().any(|d| d.id == *id))
        {
            return Ok(id);
        }
        self.places(reader)?.find(text).map_err(|lost| {
            asked(
                "O105",
                &[
                    ("text", text),
                    (
                        "nearest",
                        lost.nearest.as_deref().unwrap_or(self.book_name()),
                    ),
                ],
            )
        })
    }

    /// Figures by id, all without ids. Needs the deed `figure`.
    pub fn figures(&self, ids: &[String], input: &AskInput) -> Result<FigureReport, OfficeError> {
        self.may("figure")?;
        let reader = self.reader()?;
        let ask = self.ask(&reader, input)?;
        let pack = self.pack();
        let engine = Engine::new(&pack, &reader);
        let mut wanted = Vec::with_capacity(ids.len());
        for id in ids {
            match pack.figure(id).filter(|figure| !figure.whole) {
                // There is no whole to answer: its members are what was meant.
                Some(figure) => wanted.extend(
                    engine
                        .ids(&ask)?
                        .into_iter()
                        .filter(|known| known.figure == figure.id),
                ),
                None => wanted.push(figure_id(id, &pack)?),
            }
        }
        // No id asks for all: members of which there is none yet are no such question.
        let figures = if wanted.is_empty() && !ids.is_empty() {
            Vec::new()
        } else {
            engine.answer(&wanted, &ask)?
        };
        let within = ask.within.unwrap_or(self.book_id());
        let known = stand(&reader, ask.known)?;
        let places = match reader.drawn(known.tx)? {
            Some(drawn) => drawn.places().to_vec(),
            None => reader.divisions()?,
        };
        let name = places.into_iter().find(|d| d.id == within).map(|d| d.name);
        Ok(FigureReport {
            at: ask.at,
            period: ask.period,
            within,
            within_name: name.unwrap_or_else(|| self.book_name().to_owned()),
            known,
            pack: pack.version.clone(),
            figures,
        })
    }

    /// A figure's definition and every record behind it. Needs the deed `trace`.
    pub fn trace(&self, id: &str, input: &AskInput) -> Result<Trace, OfficeError> {
        self.may("trace")?;
        let reader = self.reader()?;
        let ask = self.ask(&reader, input)?;
        let pack = self.pack();
        let id = figure_id(id, &pack)?;
        Ok(Engine::new(&pack, &reader).trace(&id, &ask)?)
    }
}

/// Where the ledger stood at a moment; none: where it stands.
fn stand(reader: &ledger::Reader, known: Option<Moment>) -> Result<Known, OfficeError> {
    let tx = match known {
        None => reader.head()?.0,
        Some(known) => reader.tx_at(known)?,
    };
    let found = reader.transactions(tx..=tx)?;
    Ok(Known {
        tx,
        at: found.first().map(|tx| tx.at),
    })
}

fn figure_id(text: &str, pack: &::pack::CheckedPack) -> Result<FigureId, OfficeError> {
    FigureId::parse(text, pack).map_err(|error| match error {
        FiguresError::Unknown { id, nearest } => asked(
            "O101",
            &[
                ("id", &id),
                ("nearest", nearest.as_deref().unwrap_or_default()),
            ],
        ),
        error => error.into(),
    })
}
