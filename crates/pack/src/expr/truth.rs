//! Three-valued logic, shared by both evaluators.

/// `and`: false wins, then unknown.
pub(super) fn and(left: Option<bool>, right: Option<bool>) -> Option<bool> {
    match (left, right) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}

/// `or`: true wins, then unknown.
pub(super) fn or(left: Option<bool>, right: Option<bool>) -> Option<bool> {
    match (left, right) {
        (Some(true), _) | (_, Some(true)) => Some(true),
        (Some(false), Some(false)) => Some(false),
        _ => None,
    }
}

/// `in`: whether one of the items is equal; an unknown one does not end the search.
pub(super) fn any(items: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut found = Some(false);
    for item in items {
        found = or(found, item);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logic_has_three_values() {
        let all = [Some(true), Some(false), None];
        for left in all {
            for right in all {
                let not = |truth: Option<bool>| truth.map(|truth| !truth);
                assert_eq!(
                    not(and(left, right)),
                    or(not(left), not(right)),
                    "De Morgan"
                );
                assert_eq!(and(left, right), and(right, left));
            }
        }
        assert_eq!(and(None, Some(false)), Some(false));
        assert_eq!(and(None, Some(true)), None);
        assert_eq!(any([None, Some(true)].into_iter()), Some(true));
        assert_eq!(any([None, Some(false)].into_iter()), None);
    }
}
