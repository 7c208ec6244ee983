//! Figures and what is behind them.

use crate::error::OfficeError;
use crate::office::Office;
use crate::policy::{Sight, masked};
use crate::words::{say, word};
use ::pack::declare::{BreakdownKind, Compute, Measure};
use figures::{Answer, Answered, Ask, Engine, FigureId, FiguresError, Trace, WhyNull};
use vocabulary::{Date, FieldType, FindingClass, Moment, Period, Value};

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
    /// Where the book stands: what was answered before at this transaction would be answered the same.
    pub fn stand(&self) -> Result<Known, OfficeError> {
        stand(&*self.reader()?, None)
    }

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

    /// A division by code or name, if it is seen; else as if there were none.
    pub(crate) fn division(&self, reader: &ledger::Reader, text: &str) -> Result<i64, OfficeError> {
        let divisions = reader.divisions()?;
        let coded = text.parse().ok();
        let coded = coded.filter(|id| divisions.iter().any(|d| d.id == *id));
        let found = match coded {
            Some(id) => Ok(id),
            None => self.places(reader)?.find(text).map_err(|lost| lost.nearest),
        };
        let sight = self.sight();
        let seen = match &found {
            Ok(id) => sight.sees_division(reader, None, *id)?,
            Err(_) => false,
        };
        found.ok().filter(|_| seen).ok_or_else(|| {
            // The nearest name that may be known: of limited sight, where one is.
            let places = || self.places(reader).ok();
            let nearest = match places().map(|places| places.find(text)) {
                Some(Err(lost)) if sight.sees_all_divisions() => lost.nearest,
                _ => None,
            };
            let own = sight.divisions().first();
            let own = own.and_then(|own| divisions.iter().find(|d| d.id == *own));
            let own = own.map_or(self.book_name(), |own| own.name.as_str());
            let params = [
                ("text", text),
                ("nearest", nearest.as_deref().unwrap_or(own)),
            ];
            asked("O105", &params)
        })
    }

    /// Where something new belongs: as typed, else where the actor acts.
    pub(crate) fn place_of(
        &self,
        reader: &ledger::Reader,
        sight: &Sight,
        text: Option<&str>,
    ) -> Result<i64, OfficeError> {
        match (text, sight.divisions()) {
            (Some(text), _) => self.division(reader, text),
            (None, []) => Ok(self.book_id()),
            (None, [only]) => Ok(*only),
            (None, _) => Err(asked("O222", &[])),
        }
    }

    /// Figures by id, all without ids. Needs the deed `figure`.
    pub fn figures(&self, ids: &[String], input: &AskInput) -> Result<FigureReport, OfficeError> {
        self.may("figure")?;
        let reader = self.reader()?;
        let ask = self.ask(&reader, input)?;
        let pack = self.pack();
        let sight = self.sight();
        let engine = Engine::new(&pack, &*reader).limited_to(sight.divisions());
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
        for id in &wanted {
            self.may_count(&reader, &sight, &engine, id, &ask)?;
        }
        // No id asks for all that may be seen: members of which there is none yet are no such question.
        if ids.is_empty() {
            wanted = engine.ids(&ask)?;
            if !sight.sees_all_registers() {
                let mut seen = Vec::with_capacity(wanted.len());
                for id in wanted {
                    if counts(&sight, &engine, &id, &ask)? {
                        seen.push(id);
                    }
                }
                wanted = seen;
            }
        }
        let mut figures = if wanted.is_empty() {
            Vec::new()
        } else {
            engine.answer(&wanted, &ask)?
        };
        for (id, answer) in wanted.iter().zip(&mut figures) {
            mask_list(&pack, &sight, &id.figure, &mut answer.value);
        }
        let within = ask.within.or(sight.divisions().first().copied());
        let within = within.unwrap_or(self.book_id());
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
        let sight = self.sight();
        let engine = Engine::new(&pack, &*reader).limited_to(sight.divisions());
        self.may_count(&reader, &sight, &engine, &id, &ask)?;
        let mut trace = engine.trace(&id, &ask)?;
        mask_trace(&pack, &sight, &mut trace);
        Ok(trace)
    }

    /// An error when a figure counts what is not seen: records of a register, or those of a place.
    pub(crate) fn may_count(
        &self,
        reader: &ledger::Reader,
        sight: &Sight,
        engine: &Engine<'_>,
        id: &FigureId,
        ask: &Ask,
    ) -> Result<(), OfficeError> {
        let pack = self.pack();
        if !counts(sight, engine, id, ask)? {
            let params = [("id", &*id.to_string())];
            return Err(super::record::refused("O234", &params));
        }
        let by = pack
            .figure(&id.figure)
            .and_then(|figure| figure.by.as_ref());
        let of_places = by.is_some_and(|by| matches!(by.kind, BreakdownKind::Level(_)));
        let place = id.member.as_ref().and_then(|member| member.parse().ok());
        if let Some(place) = place.filter(|_| of_places)
            && !sight.sees_division(reader, None, place)?
        {
            let text = id.to_string();
            let params = [("id", text.as_str()), ("nearest", &id.figure)];
            return Err(asked("O101", &params));
        }
        Ok(())
    }
}

/// Whether a figure counts only records of registers that are seen.
pub(crate) fn counts(
    sight: &Sight,
    engine: &Engine<'_>,
    id: &FigureId,
    ask: &Ask,
) -> Result<bool, OfficeError> {
    if sight.sees_all_registers() {
        return Ok(true);
    }
    let registers = engine.registers(std::slice::from_ref(id), ask)?;
    Ok(registers.iter().all(|name| sight.sees_register(name)))
}

/// Masks the entries of a list that tell who people are.
pub(crate) fn mask_list(
    pack: &::pack::CheckedPack,
    sight: &Sight,
    figure: &str,
    value: &mut Answered,
) {
    let Answered::List(entries) = value else {
        return;
    };
    let figure = pack.figure(figure).map(|figure| &figure.compute);
    let Some(Compute::Aggregate {
        from,
        measure: Measure::List { label, .. },
        ..
    }) = figure
    else {
        return;
    };
    let register = pack.register(from);
    if register.is_some_and(|register| sight.closes(pack, register, &label.expr)) {
        for entry in entries {
            *entry = masked(&FieldType::Text, entry);
        }
    }
}

/// Masks the labels of a trace and of its operands, and the entries of its lists.
pub(crate) fn mask_trace(pack: &::pack::CheckedPack, sight: &Sight, trace: &mut Trace) {
    let figure = trace.id.split(['[', '#']).next().unwrap_or_default();
    mask_list(pack, sight, figure, &mut trace.value);
    for record in &mut trace.records {
        // What a list shows of a record need not be its label: what is personal about the register masks it.
        let open = pack.register(&record.register).is_some_and(|register| {
            (sight.is_open() || !register.is_personal())
                && !sight.closes(pack, register, &register.label.expr)
        });
        if !open {
            record.label = masked(&FieldType::Text, &record.label);
        }
    }
    for operand in &mut trace.operands {
        mask_trace(pack, sight, operand);
    }
}

/// Where the ledger stood at a moment; none: where it stands.
pub(crate) fn stand(reader: &ledger::Reader, known: Option<Moment>) -> Result<Known, OfficeError> {
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
