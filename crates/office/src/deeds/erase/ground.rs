//! The ground of an erasure: what it rests on and who agreed. Both stay in the chain for ever, so neither may hold
//! what is erased.

use super::{EraseInput, asked};
use crate::error::OfficeError;
use ledger::Ground;
use vocabulary::{Finding, tells_a_person};

/// Characters of a basis: a law, a request and a file number fit many times over.
pub(crate) const BASIS_MAX: usize = 500;

/// Characters of a name.
pub(crate) const APPROVER_MAX: usize = 60;

/// The ground, if it can stand; everything that is wrong with it otherwise. A preview needs none yet.
pub(super) fn checked(
    input: &EraseInput,
    actor: &str,
    names: &[String],
) -> Result<Ground, OfficeError> {
    let (basis, approver) = (input.basis.trim(), input.approver.trim());
    let mut wrong: Vec<Finding> = Vec::new();
    let mut refuse = |code: &str, params: &[(&str, &str)]| {
        if let OfficeError::Asked(finding) = asked(code, params) {
            wrong.push(*finding);
        }
    };
    if input.commit && basis.is_empty() {
        refuse("O165", &[]);
    }
    if input.commit && approver.is_empty() {
        refuse("O166", &[]);
    }
    // Two persons: whoever presses the button does not agree with himself under another spelling.
    if !approver.is_empty() && same_person(approver, actor) {
        refuse("O167", &[("actor", actor)]);
    }
    for (part, text, most) in [
        ("--basis", basis, BASIS_MAX),
        ("--approver", approver, APPROVER_MAX),
    ] {
        if text.chars().count() > most {
            refuse("O168", &[("part", part), ("most", &most.to_string())]);
        }
        if tells_a_person(text) || names.iter().any(|name| text.contains(name)) {
            refuse("O169", &[("part", part)]);
        }
    }
    OfficeError::none_of(wrong)?;
    Ok(Ground {
        basis: basis.to_owned(),
        approver: approver.to_owned(),
    })
}

/// Whether two spellings are one name: without blanks, in one case.
fn same_person(one: &str, other: &str) -> bool {
    let plain = |name: &str| -> String {
        let letters = name.chars().filter(|c| !c.is_whitespace());
        letters.flat_map(char::to_lowercase).collect()
    };
    plain(one) == plain(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_the_same_in_other_dress() {
        assert!(same_person("周 婷婷", "周婷婷"));
        assert!(same_person("Admin", "admin"));
        assert!(!same_person("周婷婷", "李四海"));
    }
}
