//! The pieces that a filled template puts into Markdown: escaped text and numbers.

use super::{MISSING, SCHEME};

/// Text as Markdown that prints it unchanged: names and values never become markup.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' => out.push(' '),
            c if c.is_ascii_punctuation() => out.extend(['\\', c]),
            c => out.push(c),
        }
    }
    out
}

/// A printed number with its figure's identity, as Markdown.
pub fn number(text: &str, figure: &str, missing: bool) -> String {
    let title = if missing {
        format!(" \"{MISSING}\"")
    } else {
        String::new()
    };
    format!("[{}]({SCHEME}{}{title})", escape(text), encode(figure))
}

fn encode(id: &str) -> String {
    let mut out = String::with_capacity(id.len());
    for byte in id.bytes() {
        if byte.is_ascii_alphanumeric() || b"._-~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// The identity behind a link's destination; none when the percent signs are not UTF-8.
pub(super) fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        if first == b'%' {
            let hex = tail
                .get(..2)
                .and_then(|pair| std::str::from_utf8(pair).ok())?;
            bytes.push(u8::from_str_radix(hex, 16).ok()?);
            rest = &tail[2..];
        } else {
            bytes.push(first);
            rest = tail;
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identity_survives_the_link() {
        for id in ["post.filled[admin]", "甲 (乙)%41", "age@last_election"] {
            assert_eq!(decode(&encode(id)).as_deref(), Some(id));
        }
        assert_eq!(decode("a%zz"), None);
        assert_eq!(decode("a%4"), None);
    }
}
