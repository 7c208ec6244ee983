//! The quick reader of canonical bodies and of opened boxes: it copies nothing, and it reads only what the writer
//! next door writes. Whatever else it meets it leaves to the JSON reader, and says so by `None`; what it does read
//! it reads as that one does (a test holds both equal). Refuses to know what a field means.

use super::{OWN_RANK, word};
use crate::fact::{Op, RANK_DEFAULT};
use vocabulary::{Date, Value};

/// A value as it stands in a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Held<'t> {
    /// Nothing is known.
    Null,
    /// An integer.
    Int(i64),
    /// A text without escapes.
    Text(&'t str),
    /// The commitment that stands for a personal value, hex.
    Sealed(&'t str),
}

impl Held<'_> {
    /// The value in clear; a commitment has none.
    pub(crate) fn value(self) -> Option<Value> {
        match self {
            Held::Null => Some(Value::Null),
            Held::Int(int) => Some(Value::Int(int)),
            Held::Text(text) => Some(Value::Text(text.to_owned())),
            Held::Sealed(_) => None,
        }
    }
}

/// The body of an `assert`, `end` or `decide`, as far as its rows depend on it: all but its cells.
#[derive(Debug)]
pub(crate) struct Lean<'t> {
    pub(crate) op: Op,
    pub(crate) register: &'t str,
    pub(crate) record: i64,
    pub(crate) division: i64,
    pub(crate) from: Date,
    pub(crate) to: Date,
    pub(crate) as_of: Date,
    pub(crate) set: Vec<(&'t str, Held<'t>)>,
    pub(crate) rank: u8,
    pub(crate) ranks: Vec<(&'t str, u8)>,
    pub(crate) src: Option<(u16, u32)>,
}

/// Reads a body that the writer next door wrote; `None` for anything that is not exactly so.
pub(crate) fn lean(text: &str) -> Option<Lean<'_>> {
    let mut at = Cursor { text, at: 0 };
    at.eat("{\"op\":\"")?;
    let op = [Op::Assert, Op::End, Op::Decide]
        .into_iter()
        .find(|op| at.eat(word(*op)).is_some())?;
    at.eat("\",\"register\":")?;
    let register = at.string()?;
    at.eat(",\"record\":")?;
    let record = at.int()?;
    let division = at.after(",\"division\":", 0)?;
    at.eat(",\"from\":")?;
    let from = at.date()?;
    let to = if at.eat(",\"to\":").is_some() {
        at.date()?
    } else {
        Date::FOREVER
    };
    at.eat(",\"as_of\":")?;
    let as_of = at.date()?;
    let mut out = Lean {
        op,
        register,
        record,
        division,
        from,
        to,
        as_of,
        set: Vec::new(),
        rank: RANK_DEFAULT,
        ranks: Vec::new(),
        src: None,
    };
    if at.eat(",\"set\":").is_some() {
        out.set.reserve(8);
        at.members(|name, at| {
            let held = at.held()?;
            out.set.push((name, held));
            Some(())
        })?;
    }
    if at.eat(",\"rank\":").is_some() {
        at.members(|name, at| {
            let rank = u8::try_from(at.int()?).ok()?;
            if name == OWN_RANK {
                out.rank = rank;
            } else if out.ranks.iter().any(|(other, _)| *other == name) {
                return None;
            } else {
                out.ranks.push((name, rank));
            }
            Some(())
        })?;
    }
    if at.eat(",\"src\":[").is_some() {
        let source = u16::try_from(at.int()?).ok()?;
        at.eat(",")?;
        out.src = Some((source, u32::try_from(at.int()?).ok()?));
        at.eat("]")?;
    }
    if at.eat(",\"at\":").is_some() {
        at.members(|_, at| at.string().map(drop))?;
    }
    at.eat("}")?;
    at.ends().then_some(out)
}

/// The members of an opened box: name, the value's own bytes (what the commitment was made over), the value.
pub(crate) fn members<'t>(
    text: &'t str,
    into: &mut Vec<(&'t str, &'t str, Held<'t>)>,
) -> Option<()> {
    into.clear();
    let mut at = Cursor { text, at: 0 };
    at.members(|name, at| {
        let begins = at.at;
        let held = at.held()?;
        if let Held::Sealed(_) = held {
            return None;
        }
        into.push((name, &at.text[begins..at.at], held));
        Some(())
    })?;
    at.ends().then_some(())
}

/// A place in a text.
struct Cursor<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Cursor<'t> {
    fn ends(&self) -> bool {
        self.at == self.text.len()
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Goes past `wanted`, if that is what comes.
    #[inline]
    fn eat(&mut self, wanted: &str) -> Option<()> {
        let found = self.text.as_bytes()[self.at..].starts_with(wanted.as_bytes());
        self.at += if found { wanted.len() } else { 0 };
        found.then_some(())
    }

    /// The integer after `key`, or what a missing one means.
    fn after(&mut self, key: &str, missing: i64) -> Option<i64> {
        if self.eat(key).is_some() {
            self.int()
        } else {
            Some(missing)
        }
    }

    fn date(&mut self) -> Option<Date> {
        i32::try_from(self.int()?).ok().map(Date::from_int)
    }

    /// A canonical integer: no sign but minus, no leading zero, within 64 bits.
    fn int(&mut self) -> Option<i64> {
        let begins = self.at;
        let minus = self.eat("-").is_some();
        let digits = self.at;
        let mut value: i64 = 0;
        while let Some(digit) = self.peek().filter(u8::is_ascii_digit) {
            let digit = i64::from(digit - b'0');
            let next = value.checked_mul(10)?;
            value = if minus {
                next.checked_sub(digit)?
            } else {
                next.checked_add(digit)?
            };
            self.at += 1;
        }
        let length = self.at - digits;
        let plain = length == 1 || (length > 1 && self.text.as_bytes()[digits] != b'0');
        // A number that goes on as a fraction is not ours: whatever follows is then not what is expected.
        (plain && !(minus && value == 0) && self.at > begins).then_some(value)
    }

    /// A string without escapes.
    #[inline]
    fn string(&mut self) -> Option<&'t str> {
        self.eat("\"")?;
        let begins = self.at;
        let bytes = &self.text.as_bytes()[begins..];
        let length = bytes
            .iter()
            .position(|byte| *byte == b'"' || *byte == b'\\' || *byte < 0x20)?;
        if bytes[length] != b'"' {
            return None;
        }
        self.at += length + 1;
        Some(&self.text[begins..begins + length])
    }

    fn held(&mut self) -> Option<Held<'t>> {
        match self.peek()? {
            b'"' => self.string().map(Held::Text),
            b'n' => self.eat("null").map(|()| Held::Null),
            b'{' => {
                self.eat("{\"#\":")?;
                let commitment = self.string()?;
                self.eat("}")?;
                Some(Held::Sealed(commitment))
            }
            _ => self.int().map(Held::Int),
        }
    }

    /// An object of one member or more, each handed to `each` after its name.
    fn members(&mut self, mut each: impl FnMut(&'t str, &mut Self) -> Option<()>) -> Option<()> {
        self.eat("{")?;
        loop {
            let name = self.string()?;
            self.eat(":")?;
            each(name, self)?;
            if self.eat("}").is_some() {
                return Some(());
            }
            self.eat(",")?;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::read;
    use super::*;
    use proptest::prelude::*;

    /// Both readers on one text: where the quick one answers, the other must say the same.
    fn agree(text: &str) -> bool {
        let Some(quick) = lean(text) else {
            return false;
        };
        let mut names: Vec<&str> = quick.set.iter().map(|(name, _)| *name).collect();
        names.sort_unstable();
        names.dedup();
        if names.len() < quick.set.len() {
            // A name twice is left to the caller, who knows its fields by number.
            return true;
        }
        let slow = read(text).expect("JSON").expect("speaks of a record");
        assert_eq!(
            (quick.op, quick.register, quick.record, quick.division),
            (slow.op, slow.register.as_str(), slow.record, slow.division)
        );
        let ranks: Vec<(String, u8)> = quick
            .ranks
            .iter()
            .map(|(name, rank)| ((*name).to_owned(), *rank))
            .collect();
        assert_eq!(ranks, slow.ranks);
        assert_eq!(
            (quick.from, quick.to, quick.as_of, quick.src),
            (slow.from, slow.to, slow.as_of, slow.src)
        );
        assert_eq!(quick.rank, slow.rank);
        let set: Vec<(String, Option<Value>)> = quick
            .set
            .iter()
            .map(|(name, held)| ((*name).to_owned(), held.value()))
            .collect();
        assert_eq!(set, slow.set);
        let sealed: Vec<(String, String)> = quick
            .set
            .iter()
            .filter_map(|(name, held)| match held {
                Held::Sealed(hex) => Some(((*name).to_owned(), (*hex).to_owned())),
                _ => None,
            })
            .collect();
        assert_eq!(sealed, slow.commitments);
        true
    }

    const WHOLE: &str = "{\"op\":\"assert\",\"register\":\"person\",\"record\":12,\"division\":511729102200,\
        \"from\":20221226,\"to\":20230101,\"as_of\":20221226,\"set\":{\"education\":\"21\",\"name\":{\"#\":\"00ff\"},\
        \"n\":-3,\"gone\":null,\"note\":\"张 三\"},\"rank\":{\"*\":7,\"birth\":20},\"src\":[0,41],\
        \"at\":{\"village\":\"B38\",\"*\":\"f:9\"}}";

    #[test]
    fn what_the_writer_writes_is_read_without_the_json_reader() {
        assert!(agree(WHOLE));
        assert!(agree(
            "{\"op\":\"end\",\"register\":\"person\",\"record\":1,\"from\":0,\"as_of\":0}"
        ));
        for strange in [
            "{\"op\":\"audit\",\"deed\":\"x\"}",
            "{\"op\":\"assert\",\"register\":\"p\",\"record\":01,\"from\":0,\"as_of\":0}",
            "{\"op\":\"assert\",\"register\":\"p\",\"record\":1,\"from\":0,\"as_of\":0} ",
            "{\"op\":\"assert\",\"register\":\"p\",\"record\":1,\"from\":0,\"as_of\":0,\"set\":{\"a\":1.5}}",
            "{\"op\":\"assert\",\"register\":\"p\",\"record\":1,\"from\":0,\"as_of\":0,\"set\":{\"a\":\"\\n\"}}",
        ] {
            assert!(!agree(strange), "{strange}");
        }
    }

    #[test]
    fn an_opened_box_gives_the_bytes_that_were_committed_to() {
        let mut found = Vec::new();
        members("{\"name\":\"张三\",\"n\":-12,\"x\":null}", &mut found).expect("read");
        assert_eq!(
            found,
            [
                ("name", "\"张三\"", Held::Text("张三")),
                ("n", "-12", Held::Int(-12)),
                ("x", "null", Held::Null)
            ]
        );
        assert!(members("{\"name\":\"a\\\"b\"}", &mut found).is_none());
    }

    proptest! {
        #[test]
        fn a_text_changed_anywhere_is_read_alike_or_left_alone(
            place in 0..WHOLE.len(), byte in 0x20_u8..0x7f, cut in 0_usize..3,
        ) {
            let mut bytes = WHOLE.as_bytes().to_vec();
            bytes.splice(place..(place + cut).min(WHOLE.len()), [byte]);
            if let Ok(text) = String::from_utf8(bytes) {
                agree(&text);
            }
        }

        #[test]
        fn integers_at_the_edge_are_read_alike(int in any::<i64>(), more in "[0-9]{0,3}") {
            agree(&format!(
                "{{\"op\":\"end\",\"register\":\"p\",\"record\":{int}{more},\"from\":0,\"as_of\":0}}"
            ));
        }
    }
}
