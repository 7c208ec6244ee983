//! Header rows: one to four of them, merged across and down, become one path of words for each column.
//! Knows merges and words; not which form they belong to.

use crate::sheet::fold::{fold, is_space};
use crate::sheet::view::View;
use crate::sheet::{Cell, Merge};

/// Headers of more levels have not been seen; more rows are data.
pub(crate) const HEIGHT_MAX: usize = 4;

/// The header over one column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct HeaderCell {
    /// The sheet's column, from 0.
    pub(crate) column: usize,
    /// The levels, folded, top first.
    pub(crate) path: Vec<String>,
    /// The levels as written, without spaces, joined by `>`.
    pub(crate) shown: String,
}

/// The merges that begin in some rows.
pub(crate) struct Merges {
    by_top: Vec<Merge>,
}

impl Merges {
    pub(crate) fn of(view: View<'_>) -> Merges {
        let mut by_top: Vec<Merge> = view.merges().collect();
        by_top.sort_by_key(|merge| (merge.top, merge.left));
        Merges { by_top }
    }

    /// Merges whose first row lies in `from..to`.
    pub(crate) fn within(&self, from: usize, to: usize) -> &[Merge] {
        let start = self.by_top.partition_point(|merge| merge.top < from);
        let end = self.by_top.partition_point(|merge| merge.top < to);
        &self.by_top[start..end.max(start)]
    }

    /// All of them, from top to bottom.
    pub(crate) fn all(&self) -> &[Merge] {
        &self.by_top
    }

    /// Merges of more than one row whose first column is this, from top to bottom.
    pub(crate) fn down(&self, column: usize) -> Vec<Merge> {
        let down = |merge: &&Merge| merge.left == column && merge.bottom > merge.top;
        self.by_top.iter().filter(down).copied().collect()
    }
}

/// The fewest rows that a header beginning here can have, from its merges; `None` when a merge reaches
/// further down than any header does.
pub(crate) fn least_height(merges: &Merges, first: usize) -> Option<usize> {
    let mut height = 1;
    let mut looked = 0;
    while looked < height {
        for merge in merges.within(first + looked, first + looked + 1) {
            height = height.max(merge.bottom.saturating_sub(first) + 1);
        }
        if height > HEIGHT_MAX {
            return None;
        }
        looked += 1;
    }
    Some(height)
}

/// The paths of a header of `height` rows from `first`. Columns without a word are left out.
pub(crate) fn paths(
    sheet: View<'_>,
    merges: &Merges,
    first: usize,
    height: usize,
) -> Vec<HeaderCell> {
    let block = merges.within(first, first + height);
    let rows = first..first + height;
    let width = rows.clone().map(|row| sheet.width(row)).max().unwrap_or(0);
    let width = block
        .iter()
        .map(|m| m.right.min(width + 64) + 1)
        .max()
        .unwrap_or(0)
        .max(width);
    let covers: Vec<Vec<Option<&Merge>>> =
        rows.clone().map(|row| cover(block, row, width)).collect();
    let covering = |row: usize, column: usize| covers[row - first][column];
    // The last filled column left of the one looked at, a row.
    let mut lefts: Vec<Option<usize>> = vec![None; height];
    let mut cells: Vec<HeaderCell> = Vec::new();
    for column in 0..width {
        let mut path = Vec::new();
        let mut shown: Vec<String> = Vec::new();
        let mut last_anchor = None;
        for row in rows.clone() {
            let merge = covering(row, column);
            let (at_row, mut at_column) = merge.map_or((row, column), |m| (m.top, m.left));
            let mut text = text_of(sheet.cell(at_row, at_column));
            if text.is_none() && merge.is_none() && row + 1 < first + height {
                // Merged cells lose their merge in a csv: a blank right of a word, with words below
                // it, belongs to the word.
                let below = (row + 1..first + height).any(|r| !sheet.cell(r, column).is_empty());
                let above = (first..row).any(|r| !sheet.cell(r, column).is_empty());
                if below && !above {
                    let left = lefts[row - first];
                    if let Some(left) = left.filter(|left| covering(row, *left).is_none()) {
                        let parent =
                            (row + 1..first + height).any(|r| !sheet.cell(r, left).is_empty());
                        if parent {
                            at_column = left;
                            text = text_of(sheet.cell(row, left));
                        }
                    }
                }
            }
            if last_anchor == Some((at_row, at_column)) {
                continue;
            }
            last_anchor = Some((at_row, at_column));
            if let Some(text) = text {
                path.push(fold(&text).into_owned());
                shown.push(text);
            }
        }
        for row in rows.clone() {
            if !sheet.cell(row, column).is_empty() {
                lefts[row - first] = Some(column);
            }
        }
        if !path.is_empty() {
            cells.push(HeaderCell {
                column,
                path,
                shown: shown.join(">"),
            });
        }
    }
    cells
}

/// The first merge that covers each column of a row. Each column is filled once, however many merges lie over each
/// other in a damaged file.
fn cover(block: &[Merge], row: usize, width: usize) -> Vec<Option<&Merge>> {
    let mut cover = vec![None; width];
    // Where the next column without a merge is, from each column on.
    let mut free: Vec<usize> = (0..=width).collect();
    for merge in block.iter().filter(|m| (m.top..=m.bottom).contains(&row)) {
        let mut column = next_free(&mut free, merge.left.min(width));
        while column < width && column <= merge.right {
            cover[column] = Some(merge);
            free[column] = column + 1;
            column = next_free(&mut free, column + 1);
        }
    }
    cover
}

fn next_free(free: &mut [usize], from: usize) -> usize {
    let mut at = from;
    while free[at] != at {
        // The way is halved each time it is gone.
        free[at] = free[free[at]];
        at = free[at];
    }
    at
}

/// A header cell's words without spaces and line breaks. A number may be a header (a year).
fn text_of(cell: Cell<'_>) -> Option<String> {
    let shown = match cell {
        Cell::Empty | Cell::Error(_) => return None,
        other => other.shown(),
    };
    let text: String = shown.chars().filter(|c| !is_space(*c)).collect();
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sheet::Sheet;

    fn shown(sheet: &Sheet, height: usize) -> Vec<String> {
        let view = View::whole(sheet);
        let merges = Merges::of(view);
        paths(view, &merges, 0, height)
            .into_iter()
            .map(|cell| cell.shown)
            .collect()
    }

    fn merge(top: usize, left: usize, bottom: usize, right: usize) -> Merge {
        Merge {
            top,
            left,
            bottom,
            right,
        }
    }

    #[test]
    fn levels_become_paths() {
        let mut sheet = Sheet::from_rows(
            "t",
            &[
                vec!["序　号", "学历学位", "", "", "", "备注"],
                vec!["", "全日制\n教育", "", "在职教育", "", ""],
                vec!["", "学历", "院校", "学历", "院校", ""],
            ],
        );
        sheet.merges = vec![
            merge(0, 0, 2, 0),
            merge(0, 1, 0, 4),
            merge(1, 1, 1, 2),
            merge(1, 3, 1, 4),
            merge(0, 5, 2, 5),
        ];
        let expected = [
            "序号",
            "学历学位>全日制教育>学历",
            "学历学位>全日制教育>院校",
            "学历学位>在职教育>学历",
            "学历学位>在职教育>院校",
            "备注",
        ];
        assert_eq!(least_height(&Merges::of(View::whole(&sheet)), 0), Some(3));
        assert_eq!(shown(&sheet, 3), expected);
    }

    #[test]
    fn a_csv_has_lost_its_merges() {
        let sheet = Sheet::from_rows(
            "t",
            &[
                vec!["机构", "核定", "", "备注"],
                vec!["", "行政", "工勤", ""],
            ],
        );
        assert_eq!(shown(&sheet, 2), ["机构", "核定>行政", "核定>工勤", "备注"]);
    }

    #[test]
    fn a_merge_down_the_body_is_no_header() {
        let mut sheet = Sheet::from_rows("t", &[vec!["大石村", "张三"]]);
        sheet.merges = vec![merge(0, 0, 7, 0)];
        assert_eq!(least_height(&Merges::of(View::whole(&sheet)), 0), None);
    }
}
