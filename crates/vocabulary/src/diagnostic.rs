//! Diagnostics: what is wrong with a declaration, where it stands, and what to do next.

use std::fmt;

/// A place in a text file, counted from 1 as editors do.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file, relative to the pack's folder.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// How many characters are meant.
    pub length: usize,
    /// The line's text.
    pub excerpt: String,
}

/// One thing wrong. There is no shorter form: without a next step it is our fault, not the writer's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Stable code, as `P017`; it names the rule in the book's error reference.
    pub code: &'static str,
    /// What is wrong, in the reader's words.
    pub said: String,
    /// Where.
    pub place: Place,
    /// What to do.
    pub next: String,
}

/// All that is wrong, in the order of file and line.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Diagnostics(pub Vec<Diagnostic>);

impl Diagnostics {
    /// Adds one.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.0.push(diagnostic);
    }

    /// In reading order, without repeats.
    pub fn sorted(mut self) -> Diagnostics {
        self.0
            .sort_by(|a, b| (&a.place, a.code, &a.said).cmp(&(&b.place, b.code, &b.said)));
        self.0.dedup();
        self
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = &self.place;
        let gutter = " ".repeat(place.line.to_string().len());
        writeln!(f, "error[{}] {}", self.code, self.said)?;
        writeln!(
            f,
            "{gutter}--> {}:{}:{}",
            place.file, place.line, place.column
        )?;
        writeln!(f, "{gutter} |")?;
        writeln!(f, "{} | {}", place.line, place.excerpt)?;
        // A Chinese character is two columns wide on a terminal; the carets must stand under it.
        let before: usize = place
            .excerpt
            .chars()
            .take(place.column.saturating_sub(1))
            .map(width)
            .sum();
        let under: usize = place
            .excerpt
            .chars()
            .skip(place.column.saturating_sub(1))
            .take(place.length)
            .map(width)
            .sum();
        writeln!(
            f,
            "{gutter} | {}{}",
            " ".repeat(before),
            "^".repeat(under.max(1))
        )?;
        write!(f, "{gutter} = next: {}", self.next)
    }
}

fn width(c: char) -> usize {
    if matches!(c, '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe6f}' | '\u{ff00}'..='\u{ff60}' | '\u{ffe0}'..='\u{ffe6}')
    {
        2
    } else {
        1
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, diagnostic) in self.0.iter().take(50).enumerate() {
            if i > 0 {
                writeln!(f)?;
            }
            writeln!(f, "{diagnostic}")?;
        }
        if self.0.len() > 50 {
            writeln!(f, "\n… {} more", self.0.len() - 50)?;
        }
        Ok(())
    }
}

impl std::error::Error for Diagnostics {}
