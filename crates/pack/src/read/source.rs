//! A file's text, and how a byte in it is shown to a person. Knows nothing of TOML.

use vocabulary::Place;

/// A stretch of a file, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    /// Which source.
    pub(crate) file: usize,
    /// First byte.
    pub(crate) start: usize,
    /// First byte after it.
    pub(crate) end: usize,
}

/// A file of the pack.
#[derive(Debug)]
pub(crate) struct Source {
    /// Its path within the pack, with `/`.
    pub(crate) path: String,
    /// Its text.
    pub(crate) text: String,
}

impl Source {
    /// The place of a stretch: its first line, from its first character to its end or the line's.
    pub(crate) fn place(&self, span: Span) -> Place {
        let start = floor(&self.text, span.start);
        let end = floor(&self.text, span.end.max(start));
        let line_start = self.text[..start].rfind('\n').map_or(0, |at| at + 1);
        let line_end = self.text[start..]
            .find('\n')
            .map_or(self.text.len(), |at| start + at);
        Place {
            file: self.path.clone(),
            line: self.text[..start].matches('\n').count() + 1,
            column: self.text[line_start..start].chars().count() + 1,
            length: self.text[start..end.min(line_end)].chars().count().max(1),
            excerpt: self.text[line_start..line_end].trim_end().to_owned(),
        }
    }

    /// The stretch of `part`, given in bytes of a string's decoded text. A string with escapes is marked whole.
    pub(crate) fn within(&self, string: Span, decoded: &str, part: std::ops::Range<usize>) -> Span {
        let written = self.text.get(string.start..string.end).unwrap_or_default();
        match written.find(decoded) {
            Some(quotes) if !decoded.is_empty() => {
                let from = string.start + quotes;
                Span {
                    file: string.file,
                    start: from + part.start,
                    end: from + part.end,
                }
            }
            _ => string,
        }
    }
}

/// The nearest byte at or before `at` where a character starts.
fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_characters() {
        let source = Source {
            path: "a.toml".into(),
            text: "x = 1\n题 = \"age(出生)\"\n".into(),
        };
        let start = source.text.find('"').expect("a quote");
        let string = Span {
            file: 0,
            start,
            end: source.text.len() - 1,
        };
        let place = source.place(source.within(string, "age(出生)", 4..10));
        assert_eq!((place.line, place.column, place.length), (2, 10, 2));
        assert_eq!(place.excerpt, "题 = \"age(出生)\"");
    }
}
