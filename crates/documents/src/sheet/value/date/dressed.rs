//! Dates among words: in characters, with remarks, of a year that is named by another, as a part of a month,
//! as one end of a span; and what is no date of this calendar.

use super::parts::parse;
use super::range::range;
use super::{DateContext, Note, PartialDate, Precision, Read, Reject};
use crate::sheet::fold::{fold_plain, is_space};
use crate::sheet::lexicon::LEXICON;
use crate::sheet::value::{is_null_word, numeral, without_apostrophe};

/// Reads what is no plain date; `fault` is what was wrong with it as one. `None`: the cell says “not known”.
pub(super) fn read(
    text: &str,
    context: DateContext,
    fault: Reject,
) -> Result<Option<(PartialDate, Option<Note>)>, Reject> {
    let words = &LEXICON.date;
    let folded = fold_plain(&with_points(text));
    let folded = without_apostrophe(&folded);
    let is_open = |word: &String| !word.is_empty() && word == folded;
    if is_null_word(folded) || words.open.iter().any(is_open) {
        return Ok(None);
    }
    if words
        .lunar
        .iter()
        .any(|word| folded.contains(word.as_str()))
    {
        return Err(Reject::new("D141"));
    }
    let folded = in_digits(folded);
    let mut first = fault;
    let mut keep = |reject: Reject| {
        // The most telling fault is kept: that it is no date at all says least.
        if first.code == "D104" {
            first = reject;
        }
    };
    for attempt in [plain, remarked, timed, relative, coarse] {
        match attempt(&folded, context) {
            Some(Ok(read)) => return Ok(Some(read)),
            Some(Err(reject)) => keep(reject),
            None => {}
        }
    }
    // Only the span's beginning is the field's; what it ends with is another column.
    match range(&folded, context) {
        // A span without an end says nothing more than its beginning.
        Some((from, to)) => Ok(Some((from, to.map(|_| Note::RangeStart)))),
        None => Err(first),
    }
}

fn plain(text: &str, context: DateContext) -> Option<Read> {
    Some(parse(text, context))
}

/// `1990年8月（工龄）`
fn remarked(text: &str, context: DateContext) -> Option<Read> {
    let (date, _) = text.strip_suffix(')')?.split_once('(')?;
    let read = parse(date, context).or_else(|fault| coarse(date, context).unwrap_or(Err(fault)));
    Some(read.map(|(date, note)| (date, note.or(Some(Note::Remark)))))
}

/// `2022年7月3日14时30分`, `2022-07-03下午`
fn timed(text: &str, context: DateContext) -> Option<Read> {
    let words = &LEXICON.date;
    let time = words
        .times
        .iter()
        .filter_map(|word| text.find(word.as_str()))
        .min()?;
    let before = text[..time].trim_end_matches(|c: char| c.is_ascii_digit());
    let ends = words.day.iter().any(|word| before.ends_with(word.as_str()));
    let date = if ends { before } else { &text[..time] };
    let read = parse(date, context).ok()?;
    (read.0.precision() == Precision::Day).then_some(Ok(read))
}

/// `次年3月`, `去年12月`: counted from the year that the title names.
fn relative(text: &str, context: DateContext) -> Option<Read> {
    let words = LEXICON.date.relative.iter();
    let (rest, by) = words
        .filter_map(|(word, by)| Some((text.strip_prefix(word.as_str())?, *by)))
        .next()?;
    let Some(year) = context.year else {
        return Some(Err(Reject::new("D117")));
    };
    let word = LEXICON.date.year.first()?;
    let dated = format!("{}{word}{rest}", year + by);
    let read =
        parse(&dated, context).or_else(|fault| coarse(&dated, context).unwrap_or(Err(fault)));
    Some(read.map(|(date, _)| (date, Some(Note::YearFromTitle))))
}

/// `2022年12月底前`, `2022年上半年`, `6月中旬`: the month or the year that is named.
fn coarse(text: &str, context: DateContext) -> Option<Read> {
    let words = &LEXICON.date;
    let mut rest = text;
    while let Some(cut) = words
        .coarse
        .iter()
        .find_map(|word| rest.strip_suffix(word.as_str()))
    {
        rest = cut;
    }
    if rest.len() == text.len() || rest.is_empty() {
        return None;
    }
    // `2022年年底` says its year twice; `2022年底` loses the word with its part.
    let year = words.year.first()?;
    let digits = rest.trim_end_matches(year.as_str());
    let bare_year = digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_digit());
    let read = if bare_year {
        parse(digits, context)
    } else {
        parse(rest, context)
            // `12月底` may have lost its word with the part: `月底` is one word.
            .or_else(|fault| match words.month.last() {
                Some(month) if rest.ends_with(|c: char| c.is_ascii_digit()) => {
                    parse(&format!("{rest}{month}"), context)
                }
                _ => Err(fault),
            })
    };
    Some(read.map(|(date, note)| {
        let part = match date.precision() {
            Precision::Year => Some(Note::OnlyYear),
            Precision::Month => Some(Note::OnlyMonth),
            Precision::Day => None,
        };
        (date, note.or(part))
    }))
}

/// Spaces between digits are as good as points: `1985 7 3`.
fn with_points(text: &str) -> String {
    let is_digit = |c: char| c.is_ascii_digit() || matches!(c, '\u{ff10}'..='\u{ff19}');
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.trim_matches(is_space).chars() {
        if is_space(c) {
            gap = true;
            continue;
        }
        if gap && is_digit(c) && out.chars().next_back().is_some_and(is_digit) {
            out.push('.');
        }
        gap = false;
        out.push(c);
    }
    out
}

/// Numbers in characters become digits: `二〇二二年十二月`.
pub(super) fn in_digits(text: &str) -> String {
    let words = &LEXICON.date;
    let mut text = text.to_owned();
    for word in &words.first_month {
        if let Some(month) = words.month.last() {
            text = text.replace(word.as_str(), &format!("1{month}"));
        }
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(c) = rest.chars().next() {
        let end = rest.find(|c| !numeral::is_part(c)).unwrap_or(rest.len());
        if end == 0 {
            out.push(c);
            rest = &rest[c.len_utf8()..];
            continue;
        }
        let (run, tail) = rest.split_at(end);
        let digits = numeral::digit_by_digit(run)
            .or_else(|| numeral::read(run).map(|number| number.to_string()));
        out.push_str(digits.as_deref().unwrap_or(run));
        rest = tail;
    }
    out
}
