//! Tells code from comments, texts and tests in a Rust file, well enough for rules about words.
//! Refuses to know the language's grammar: `cargo` compiles, this only looks.

/// What one character of a file belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Code,
    Comment,
    Text,
}

/// One line of a Rust file, taken apart.
#[derive(Debug, Clone, Default)]
pub(crate) struct Line {
    /// The code, with texts and comments blanked.
    pub(crate) code: String,
    /// What stands inside string and character literals.
    pub(crate) texts: String,
    /// What stands in comments.
    pub(crate) comment: String,
    /// Inside an item marked `#[cfg(test)]` or `#[test]`.
    pub(crate) test: bool,
}

/// A Rust file, line by line.
#[derive(Debug)]
pub(crate) struct Rust {
    /// The lines in order; the first is line 1.
    pub(crate) lines: Vec<Line>,
    /// Every string literal with the number of the line it begins on, outside tests.
    pub(crate) literals: Vec<(usize, String)>,
}

impl Rust {
    /// Takes a file apart.
    pub(crate) fn read(text: &str) -> Rust {
        let chars: Vec<char> = text.chars().collect();
        let kinds = kinds(&chars);
        let tests = tests(&chars, &kinds);
        let mut lines = vec![Line::default()];
        let mut literals: Vec<(usize, String)> = Vec::new();
        let mut inside = false;
        for (at, &letter) in chars.iter().enumerate() {
            let number = lines.len();
            let line = lines.last_mut().expect("begins with one line");
            line.test |= tests[at];
            if letter == '\n' {
                lines.push(Line::default());
                continue;
            }
            line.code
                .push(if kinds[at] == Kind::Code { letter } else { ' ' });
            match kinds[at] {
                Kind::Comment => line.comment.push(letter),
                Kind::Text => line.texts.push(letter),
                Kind::Code => {}
            }
            let text_here = kinds[at] == Kind::Text && !tests[at];
            if text_here && !inside {
                literals.push((number, String::new()));
            }
            if text_here && let Some(last) = literals.last_mut() {
                last.1.push(letter);
            }
            inside = text_here;
        }
        Rust { lines, literals }
    }
}

/// Whether a letter may stand in a name.
pub(crate) fn is_name(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

/// Where `word` stands in `line` as whole words: neither side continues a name.
pub(crate) fn holds(line: &str, word: &str) -> bool {
    let starts = word.chars().next().is_some_and(is_name);
    let ends = word.chars().last().is_some_and(is_name);
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + word.len()..].chars().next();
        let goes_on = starts && before.is_some_and(is_name) || ends && after.is_some_and(is_name);
        !goes_on
    })
}

fn kinds(chars: &[char]) -> Vec<Kind> {
    let mut kinds = vec![Kind::Code; chars.len()];
    let mut at = 0;
    while at < chars.len() {
        let next = chars.get(at + 1).copied();
        let end = match (chars[at], next) {
            ('/', Some('/')) => line_end(chars, at),
            ('/', Some('*')) => block_end(chars, at),
            ('"', _) => {
                let end = text_end(chars, at + 1, '"');
                fill(&mut kinds, at + 1, end - 1, Kind::Text);
                at = end;
                continue;
            }
            ('r', Some('"' | '#'))
                if at == 0 || !is_name(chars[at - 1]) || chars[at - 1] == 'b' =>
            {
                match raw_end(chars, at) {
                    Some((from, to, end)) => {
                        fill(&mut kinds, from, to, Kind::Text);
                        at = end;
                    }
                    None => at += 1,
                }
                continue;
            }
            ('\'', Some('\\')) => {
                let end = text_end(chars, at + 1, '\'');
                fill(&mut kinds, at + 1, end - 1, Kind::Text);
                at = end;
                continue;
            }
            ('\'', Some(_)) if chars.get(at + 2) == Some(&'\'') => {
                fill(&mut kinds, at + 1, at + 2, Kind::Text);
                at += 3;
                continue;
            }
            _ => {
                at += 1;
                continue;
            }
        };
        fill(&mut kinds, at, end, Kind::Comment);
        at = end;
    }
    kinds
}

fn fill(kinds: &mut [Kind], from: usize, to: usize, kind: Kind) {
    let to = to.min(kinds.len());
    if from < to {
        kinds[from..to].fill(kind);
    }
}

fn line_end(chars: &[char], from: usize) -> usize {
    (from..chars.len())
        .find(|&at| chars[at] == '\n')
        .unwrap_or(chars.len())
}

/// The end of a block comment; they nest.
fn block_end(chars: &[char], from: usize) -> usize {
    let mut depth = 0;
    let mut at = from;
    while at + 1 < chars.len() {
        match (chars[at], chars[at + 1]) {
            ('/', '*') => (depth, at) = (depth + 1, at + 2),
            ('*', '/') => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            return at;
        }
    }
    chars.len()
}

/// The place after the closing quote.
fn text_end(chars: &[char], from: usize, quote: char) -> usize {
    let mut at = from;
    while at < chars.len() {
        match chars[at] {
            '\\' => at += 2,
            letter if letter == quote => return at + 1,
            _ => at += 1,
        }
    }
    chars.len() + 1
}

/// Of a raw string at `r`: where its content begins and ends, and the place after it.
fn raw_end(chars: &[char], from: usize) -> Option<(usize, usize, usize)> {
    let hashes = chars[from + 1..]
        .iter()
        .take_while(|&&letter| letter == '#')
        .count();
    let open = from + 1 + hashes;
    if chars.get(open) != Some(&'"') {
        return None;
    }
    let closes = |at: usize| {
        chars[at] == '"'
            && chars[at + 1..]
                .iter()
                .take(hashes)
                .filter(|&&l| l == '#')
                .count()
                == hashes
    };
    let close = (open + 1..chars.len()).find(|&at| closes(at))?;
    Some((open + 1, close, close + 1 + hashes))
}

/// Marks every item that follows `#[cfg(test)]` or `#[test]`.
fn tests(chars: &[char], kinds: &[Kind]) -> Vec<bool> {
    let mut marks = vec![false; chars.len()];
    let code: Vec<char> = chars
        .iter()
        .zip(kinds)
        .map(|(&letter, &kind)| {
            if kind == Kind::Code || letter == '\n' {
                letter
            } else {
                ' '
            }
        })
        .collect();
    for attribute in ["#[cfg(test)]", "#[cfg(all(test", "#[test]"] {
        let wanted: Vec<char> = attribute.chars().collect();
        let mut at = 0;
        while at + wanted.len() <= code.len() {
            if code[at..at + wanted.len()] == wanted[..] {
                let end = item_end(&code, at + 1);
                marks[at..end].fill(true);
                at = end;
            } else {
                at += 1;
            }
        }
    }
    marks
}

/// The end of the item whose attribute begins at `from`: its closing brace, or the semicolon.
fn item_end(code: &[char], from: usize) -> usize {
    let (mut round, mut curly) = (0, 0);
    for (at, &letter) in code.iter().enumerate().skip(from) {
        match letter {
            '(' | '[' => round += 1,
            ')' | ']' => round -= 1,
            '{' => curly += 1,
            '}' => {
                curly -= 1;
                if curly <= 0 {
                    return at + 1;
                }
            }
            ';' if round == 0 && curly == 0 => return at + 1,
            _ => {}
        }
    }
    code.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str, number: usize) -> Line {
        Rust::read(text).lines[number - 1].clone()
    }

    #[test]
    fn comments_and_texts_are_not_code() {
        let line = line("let a = \"now() // no\"; // a note", 1);
        assert!(!line.code.contains("now"));
        assert_eq!(line.texts, "now() // no");
        assert_eq!(line.comment, "// a note");
    }

    #[test]
    fn a_lifetime_is_code_and_a_letter_is_text() {
        let line = line("fn f<'a>(x: &'a str) -> char { '村' }", 1);
        assert!(line.code.contains("'a str"));
        assert_eq!(line.texts, "村");
    }

    #[test]
    fn raw_strings_end_where_their_hashes_say() {
        let read = Rust::read("let a = r#\"one \" two\"#; rusqlite");
        assert_eq!(read.literals, vec![(1, "one \" two".to_owned())]);
        assert!(read.lines[0].code.contains("rusqlite"));
    }

    #[test]
    fn tests_are_marked_to_their_closing_brace() {
        let text = "fn a() {}\n#[cfg(test)]\nmod tests {\n    fn b() {}\n}\nfn c() {}\n";
        let marks: Vec<bool> = Rust::read(text)
            .lines
            .iter()
            .map(|line| line.test)
            .collect();
        assert_eq!(marks, [false, true, true, true, true, false, false]);
    }

    #[test]
    fn words_are_whole() {
        assert!(holds("x = f64::NAN", "f64"));
        assert!(!holds("x = buf64", "f64"));
        assert!(holds("use std::fs;", "std::fs"));
    }
}
