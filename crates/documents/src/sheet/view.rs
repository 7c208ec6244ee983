//! A part of a sheet under the sheet's own rows and columns: what lies outside is empty. Tables that stand
//! beside each other are each read through their own. Knows no header and no form.

use crate::sheet::{Cell, Merge, Sheet};

/// A window on a sheet.
#[derive(Debug, Clone, Copy)]
pub(crate) struct View<'a> {
    pub(crate) sheet: &'a Sheet,
    /// First column inside.
    pub(crate) left: usize,
    /// First column outside on the right.
    pub(crate) right: usize,
    /// First row outside at the bottom.
    bottom: usize,
}

impl<'a> View<'a> {
    /// The whole sheet.
    pub(crate) fn whole(sheet: &'a Sheet) -> View<'a> {
        let bottom = sheet.rows();
        View {
            sheet,
            left: 0,
            right: usize::MAX,
            bottom,
        }
    }

    /// Some columns of this one, down to a row.
    pub(crate) fn strip(self, left: usize, right: usize, bottom: usize) -> View<'a> {
        View {
            sheet: self.sheet,
            left: left.max(self.left),
            right: right.min(self.right),
            bottom: bottom.min(self.bottom),
        }
    }

    /// The cell at a position of the sheet; empty outside.
    pub(crate) fn cell(&self, row: usize, column: usize) -> Cell<'a> {
        if row < self.bottom && self.has(column) {
            self.sheet.cell(row, column)
        } else {
            Cell::Empty
        }
    }

    /// The filled cells of a row inside, each with its column.
    pub(crate) fn filled(
        &self,
        row: usize,
    ) -> impl DoubleEndedIterator<Item = (usize, Cell<'a>)> + Clone + use<'a> {
        let view = *self;
        let inside = if row < self.bottom { row } else { usize::MAX };
        view.sheet
            .filled(inside)
            .filter(move |(column, _)| view.has(*column))
    }

    /// How many columns reach to the row's last filled cell inside, counted from the sheet's first.
    pub(crate) fn width(&self, row: usize) -> usize {
        let width = self.sheet.width(row);
        if width <= self.right {
            return width;
        }
        self.filled(row).next_back().map_or(0, |(last, _)| last + 1)
    }

    /// The row after the last one inside.
    pub(crate) fn rows(&self) -> usize {
        self.bottom
    }

    /// Whether a column lies inside.
    pub(crate) fn has(&self, column: usize) -> bool {
        (self.left..self.right).contains(&column)
    }

    /// The merged ranges that begin inside, cut off at the right edge.
    pub(crate) fn merges(&self) -> impl Iterator<Item = Merge> + use<'a> {
        let view = *self;
        let inside = self.sheet.merges.iter().copied();
        inside
            .filter(move |merge| merge.top < view.bottom && view.has(merge.left))
            .map(move |merge| Merge {
                right: merge.right.min(view.right - 1),
                ..merge
            })
    }
}
