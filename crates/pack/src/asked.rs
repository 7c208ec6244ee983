//! Conditions from outside the pack: what somebody asks of a register's records, typed by the pack's own language.
//! Refuses to know who asks, and where the records are.

use crate::CheckedPack;
use crate::check::catalogue;
use crate::expr::{Names, Scope, Type, Typed, noun, typed};
use std::ops::Range;

/// The longest condition that is read: a page of text. Longer ones are built by programs, which have lists for that.
const LONGEST: usize = 4_096;

/// What is wrong with a condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedFault {
    /// Where, in bytes of the condition.
    pub part: Range<usize>,
    /// What is wrong.
    pub said: String,
    /// What to do.
    pub next: String,
}

impl CheckedPack {
    /// A condition over the records of a register, or everything that is wrong with it.
    pub fn condition(&self, register: &str, text: &str) -> Result<Typed, Vec<AskedFault>> {
        let fault = |said: String, next: &str| {
            vec![AskedFault {
                part: 0..text.len(),
                said,
                next: next.to_owned(),
            }]
        };
        let Some(declared) = self.register(register) else {
            let said = format!("there is no register `{register}`");
            return Err(fault(said, "ask one that the pack declares"));
        };
        if text.len() > LONGEST {
            let said = format!("the condition is longer than {LONGEST} bytes");
            return Err(fault(said, "ask for less at once"));
        }
        let scope = Scope {
            catalogue: catalogue(self),
            names: Names::Record(declared),
        };
        let typed = typed(text, &scope, None).map_err(|faults| {
            let told = faults.into_iter().map(|fault| AskedFault {
                part: fault.part,
                said: fault.said,
                next: fault.next,
            });
            told.collect::<Vec<_>>()
        })?;
        if matches!(typed.kind, Type::Bool | Type::Null) {
            return Ok(typed);
        }
        let said = format!("this is {}, not a condition", noun(&typed.kind));
        Err(fault(said, "compare it, as in `x > 0` or `x is not null`"))
    }
}
