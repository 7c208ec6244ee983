//! Heading numbers: 一、 （一） 1. （1）, restarted under each parent.
//!
//! A heading that its author numbered keeps that number; the count goes on past it.

use super::{Block, plain, wording};

const LEVELS: usize = 4;

/// For each block, the number to print before it; none for what is not a heading and for a
/// heading that begins with its number already.
pub fn number_headings(blocks: &[Block]) -> Vec<Option<String>> {
    let mut counts = [0_usize; LEVELS];
    blocks
        .iter()
        .map(|block| {
            let Block::Heading { level, runs } = block else {
                return None;
            };
            let depth = usize::from(*level).clamp(1, LEVELS) - 1;
            counts[depth] += 1;
            counts[depth + 1..].fill(0);
            (!has_number(&plain(runs), depth)).then(|| print(depth, counts[depth]))
        })
        .collect()
}

fn print(depth: usize, count: usize) -> String {
    let key = [
        "number.first",
        "number.second",
        "number.third",
        "number.fourth",
    ][depth];
    let n = if depth < 2 {
        chinese(count)
    } else {
        count.to_string()
    };
    wording().say(key, &[("n", &n)])
}

/// 1 to 99 as headings write them; beyond that in digits, which no report reaches.
fn chinese(n: usize) -> String {
    if n == 0 || n > 99 {
        return n.to_string();
    }
    let digits: Vec<char> = wording().say("number.digits", &[]).chars().collect();
    let digit = |i: usize| digits.get(i).map_or_else(|| i.to_string(), char::to_string);
    let ten = wording().say("number.ten", &[]);
    let tens = match n / 10 {
        0 => String::new(),
        1 => ten,
        more => digit(more) + &ten,
    };
    if n.is_multiple_of(10) {
        tens
    } else {
        tens + &digit(n % 10)
    }
}

/// Whether a heading begins with a number of its level, as its pattern in the words has it.
fn has_number(text: &str, depth: usize) -> bool {
    // “1.5 …” opens with a quantity, not with a heading's number.
    let stands = |rest: &str| depth != 2 || !rest.starts_with(|c: char| c.is_ascii_digit());
    (1..=99).any(|n| text.strip_prefix(&print(depth, n)).is_some_and(stands))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Run;

    fn heading(level: u8, text: &str) -> Block {
        Block::Heading {
            level,
            runs: vec![Run::Text(text.to_owned())],
        }
    }

    #[test]
    fn numbers_restart_under_each_parent() {
        let blocks = [
            (1, "甲"),
            (2, "乙"),
            (2, "丙"),
            (3, "丁"),
            (4, "戊"),
            (1, "己"),
            (2, "庚"),
            (3, "辛"),
        ]
        .map(|(level, text)| heading(level, text));
        let numbers: Vec<String> = number_headings(&blocks).into_iter().flatten().collect();
        assert_eq!(
            numbers,
            [
                "一、",
                "（一）",
                "（二）",
                "1.",
                "（1）",
                "二、",
                "（一）",
                "1."
            ]
        );
    }

    #[test]
    fn a_number_typed_by_the_author_is_kept() {
        let blocks = [
            heading(1, "一、甲"),
            heading(1, "乙"),
            heading(3, "1.丙"),
            heading(3, "丁"),
        ];
        let numbers = number_headings(&blocks);
        assert_eq!(
            numbers,
            [None, Some("二、".to_owned()), None, Some("2.".to_owned())]
        );
    }

    #[test]
    fn tens_are_written_as_headings_write_them() {
        let said: Vec<String> = [1, 10, 11, 20, 35].into_iter().map(chinese).collect();
        assert_eq!(said, ["一", "十", "十一", "二十", "三十五"]);
    }
}
