//! Why a deed is done, in the actor's words. It stays in the chain for ever, which no erasure reaches: so it is short,
//! and numbers of persons in it are starred. Refuses to judge whether it is a good reason.

use crate::error::OfficeError;
use crate::words::say;
use vocabulary::{FindingClass, masked};

/// Characters of a reason: who looked at what, and a file number, fit many times over.
const WHY_MAX: usize = 500;

/// A reason as it is kept.
pub(crate) fn kept(typed: Option<&str>) -> Result<Option<String>, OfficeError> {
    let Some(text) = typed.map(str::trim).filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    let length = text.chars().count();
    if length > WHY_MAX {
        let (length, most) = (length.to_string(), WHY_MAX.to_string());
        let params = [("length", length.as_str()), ("most", most.as_str())];
        let finding = say("O172", FindingClass::Rejected, &params);
        return Err(OfficeError::Asked(Box::new(finding)));
    }
    Ok(Some(masked(text).into_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_short_and_tells_no_number() {
        let ok = |text| kept(text).expect("kept");
        assert_eq!(ok(None), None);
        assert_eq!(ok(Some(" ")), None);
        assert_eq!(
            ok(Some("核对了电话13800138000")).as_deref(),
            Some("核对了电话*******8000")
        );
        assert!(kept(Some(&"长".repeat(WHY_MAX))).is_ok());
        let refused = kept(Some(&"长".repeat(WHY_MAX + 1)));
        assert!(matches!(refused, Err(OfficeError::Asked(finding)) if finding.code == "O172"));
    }
}
