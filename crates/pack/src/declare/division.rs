//! Levels of the place tree.

/// One level, as province, county, town, village, group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DivisionLevel {
    /// Stable name, as `village`.
    pub name: String,
    /// Chinese title.
    pub title: String,
    /// Endings that a division's name of this level may carry or drop: 村, 村委会, 村民委员会, 社区, 居委会.
    /// Longest first is tried; the town's own name before it may be dropped too.
    pub endings: Vec<String>,
    /// Words of a source's `类型` column or property that mean this level.
    pub kinds: Vec<String>,
    /// Words that mean the whole of the book, in a column of places; only of the book's own level.
    pub whole: Vec<String>,
}
