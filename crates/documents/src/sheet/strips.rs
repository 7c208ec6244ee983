//! Tables that stand beside each other: where a header falls into parts that are each a table, the sheet is
//! read part by part. Decided by empty columns and by headers that begin again; a part that is no table (a
//! legend, a small summary) is only kept out of its neighbour.

use crate::sheet::dated::is_dated_line;
use crate::sheet::header::{least_height, paths};
use crate::sheet::matching::{Candidate, Search};
use crate::sheet::view::View;
use crate::sheet::{CellAt, Merge};

/// More parts than this are no tables beside each other.
const STRIPS_MAX: usize = 8;
/// An empty column must stay empty for this many rows under the header to part two tables, where the
/// sheet has as many.
const GAP_ROWS: usize = 2;
/// Longer headers do not begin again.
const SEEN_MAX: usize = 200;
/// How far down an empty column is looked at.
const GAP_LOOK: usize = 5_000;

/// A header that falls into parts.
pub(crate) struct Split<'a> {
    /// The parts, from left to right.
    pub(crate) strips: Vec<View<'a>>,
    /// The row after the last one for which this holds.
    pub(crate) bottom: usize,
}

impl<'a> Search<'a> {
    /// The parts of the header in a row, when reading them one by one loses nothing.
    pub(crate) fn split(&self, row: usize, from: usize, whole: &[Candidate]) -> Option<Split<'a>> {
        let height = least_height(&self.merges, row)?;
        let header = paths(self.view, &self.merges, row, height);
        let (cuts, bottom) = self.gaps(
            row,
            row + height,
            &header.iter().map(|c| c.column).collect::<Vec<_>>(),
        );
        let split = |cuts: &[usize], bottom: usize| {
            let mut edges = vec![self.view.left];
            edges.extend(cuts);
            edges.push(self.view.right);
            let strips: Vec<View<'a>> = edges
                .windows(2)
                .map(|edge| self.view.strip(edge[0], edge[1], bottom))
                .filter(|strip| (from..bottom).any(|row| strip.filled(row).next().is_some()))
                .collect();
            Split { strips, bottom }
        };
        if !cuts.is_empty() {
            let by_gaps = split(&cuts, bottom);
            if self.is_better(&by_gaps, row, from, whole) {
                return Some(by_gaps);
            }
        }
        // Directly beside each other: the header's words begin again.
        let mut seen: Vec<&[String]> = Vec::new();
        let mut again = Vec::new();
        for cell in &header {
            if seen.contains(&cell.path.as_slice()) {
                again.push(cell.column);
                seen.clear();
            }
            seen.push(&cell.path);
            if again.len() >= STRIPS_MAX || seen.len() > SEEN_MAX {
                return None;
            }
        }
        if again.is_empty() {
            return None;
        }
        let crossing = |merge: &Merge| {
            merge.top >= row + height
                && again
                    .iter()
                    .any(|cut| merge.left < *cut && merge.right >= *cut)
        };
        let bottom = self.merges.all().iter().find(|merge| crossing(merge));
        let again = split(&again, bottom.map_or(self.view.rows(), |merge| merge.top));
        let complete = again
            .strips
            .iter()
            .filter(|strip| self.completes(**strip, row, from) > 0);
        (again.strips.len() > 1 && complete.count() == again.strips.len()).then_some(again)
    }

    /// Where empty columns part the rows from a header down: the first column of each further part, and the
    /// row at which something lies across.
    fn gaps(&self, row: usize, body: usize, words: &[usize]) -> (Vec<usize>, usize) {
        let (mut cuts, mut bottom) = (Vec::new(), self.view.rows());
        let Some((&first, &last)) = words.first().zip(words.last()) else {
            return (cuts, bottom);
        };
        let mut gaps: Vec<(usize, usize)> = words
            .windows(2)
            .filter(|pair| pair[1] > pair[0] + 1)
            .map(|pair| (pair[0] + 1, pair[1]))
            .collect();
        let (least, most) = self.reach(row);
        if least + 1 < first {
            gaps.insert(0, (least + 1, first));
        }
        if most > last + 1 {
            gaps.push((last + 1, most));
        }
        if gaps.len() >= STRIPS_MAX {
            return (cuts, bottom);
        }
        for (from, to) in gaps {
            let parting = (from..to.min(from + STRIPS_MAX)).find_map(|column| {
                let end = self.empty_until(column, row, body)?;
                Some((column, end))
            });
            if let Some((column, end)) = parting {
                cuts.push(column);
                bottom = bottom.min(end);
            }
        }
        (cuts, bottom)
    }

    /// First and last column that anything fills from a row on.
    fn reach(&self, row: usize) -> (usize, usize) {
        let (mut least, mut most) = (usize::MAX, 0);
        for row in row..self.view.rows().min(row + GAP_LOOK) {
            let mut filled = self.view.filled(row);
            if let Some((first, _)) = filled.next() {
                least = least.min(first);
                most = most.max(filled.next_back().map_or(first, |(last, _)| last));
            }
        }
        (least, most)
    }

    /// The row down to which a column parts what lies left and right of it; `None` when it does not.
    fn empty_until(&self, column: usize, row: usize, body: usize) -> Option<usize> {
        let crossing = |row: usize| {
            let across = |merge: &&Merge| merge.left < column && merge.right >= column;
            self.merges
                .within(row, row + 1)
                .iter()
                .any(|merge| across(&merge))
        };
        let mut end = self.view.rows();
        for row in row..self.view.rows().min(row + GAP_LOOK) {
            let filled = |column: usize| !self.view.cell(row, column).is_empty();
            let beside = column > 0 && filled(column - 1) && filled(column + 1);
            if crossing(row) || (filled(column) && beside && self.may_be_header(row)) {
                end = row;
                break;
            }
            // A column without a word in the header, filled like its neighbours, is part of the table.
            if filled(column) && (beside || row < body + GAP_ROWS) {
                return None;
            }
        }
        (end >= (body + GAP_ROWS).min(self.view.rows())).then_some(end)
    }

    /// Whether the parts read at least what the whole would.
    fn is_better(&self, split: &Split<'a>, row: usize, from: usize, whole: &[Candidate]) -> bool {
        let found: Vec<usize> = split
            .strips
            .iter()
            .map(|strip| self.completes(*strip, row, from))
            .collect();
        let most = whole.iter().map(Candidate::found).max().unwrap_or(0);
        let complete = found.iter().filter(|found| **found > 0).count();
        split.strips.len() > 1
            && (complete > 1 || (complete == 1 && found.iter().any(|found| *found >= most)))
    }

    /// How many columns of a form the part of a header in a strip serves; 0 when it completes none.
    fn completes(&self, strip: View<'a>, row: usize, from: usize) -> usize {
        let candidates = self
            .within(strip, from, row)
            .candidates(row, from, &mut None);
        candidates.iter().map(Candidate::found).max().unwrap_or(0)
    }

    /// The same search in a strip. What stands over the strips without belonging to one is over each: a
    /// title merged across, a line that is alone in its row.
    pub(crate) fn within(&self, strip: View<'a>, from: usize, row: usize) -> Search<'a> {
        let mut inside = self.part(strip);
        let mut shared: Vec<(CellAt, String)> = self.shared_at(from).to_vec();
        // A part that begins with its header has no title of its own.
        let begins = (from..strip.rows()).find(|row| strip.filled(*row).next().is_some());
        let own = begins.is_some_and(|row| !inside.may_be_header(row));
        for row in from..row {
            for (column, cell) in self
                .view
                .filled(row)
                .filter(|(column, _)| !strip.has(*column))
            {
                let reaches = |merge: &Merge| {
                    merge.left == column
                        && merge.top == row
                        && merge.right >= strip.left
                        && column < strip.left
                };
                let text = cell.shown();
                let alone = self.view.filled(row).nth(1).is_none();
                let merged = self.merges.within(row, row + 1).iter().any(reaches);
                let elsewhere = self
                    .merges
                    .within(row, row + 1)
                    .iter()
                    .any(|m| m.left == column && m.right > column);
                if merged || (alone && !elsewhere && (!own || is_dated_line(&text))) {
                    shared.push((CellAt::of(row, column), text.into_owned()));
                }
            }
        }
        inside.share(from, shared);
        inside
    }
}
