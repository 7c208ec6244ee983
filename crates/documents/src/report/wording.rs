//! The fixed words of a printed report, from `words/report.toml`.

use std::sync::LazyLock;

use vocabulary::Words;

static WORDING: LazyLock<Words> =
    LazyLock::new(|| Words::read(include_str!("../../words/report.toml")));

/// The words that writers print besides the report's own text.
pub fn wording() -> &'static Words {
    &WORDING
}
