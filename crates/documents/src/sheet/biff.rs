//! The records inside an `.xls`, looked at before the workbook library makes a grid of them: it takes memory for every
//! cell between the first and the last, so two far cells of a small file would take more than the machine has. Refuses
//! to know what the cells hold.

use crate::sheet::Limits;
use crate::sheet::error::ReadErrorKind;
use crate::sheet::packed::too_large;
use std::io::{Cursor, Read};

/// Records that begin a sheet.
const BEGINNINGS: [u16; 4] = [0x0009, 0x0209, 0x0409, 0x0809];
/// What a sheet says of its own size.
const DIMENSIONS: u16 = 0x0200;
/// Records of a cell or a run of cells: row and column are their first two numbers.
const CELLS: [u16; 15] = [
    0x0001, 0x0002, 0x0003, 0x0004, 0x0005, 0x0006, 0x00bd, 0x00be, 0x00d6, 0x00fd, 0x0201, 0x0203,
    0x0204, 0x0205, 0x027e,
];

/// Refuses a workbook one of whose sheets spans more cells than are read, and a container that is broken: in a circle of
/// its sectors the workbook library walks until the memory is full.
pub(crate) fn weigh(bytes: &[u8], limits: &Limits) -> Result<(), ReadErrorKind> {
    let damaged = |error: std::io::Error| ReadErrorKind::Damaged(error.to_string());
    let mut container = cfb::CompoundFile::open(Cursor::new(bytes)).map_err(damaged)?;
    for name in ["Workbook", "Book"] {
        let Ok(mut stream) = container.open_stream(name) else {
            continue;
        };
        let mut records = Vec::new();
        stream.read_to_end(&mut records).map_err(damaged)?;
        span(&records, limits)?;
    }
    Ok(())
}

fn span(records: &[u8], limits: &Limits) -> Result<(), ReadErrorKind> {
    let number = |data: &[u8], at: usize| {
        let bytes = data.get(at..at + 2)?;
        Some(usize::from(u16::from_le_bytes([bytes[0], bytes[1]])))
    };
    let check = |rows: usize, columns: usize| {
        let cells = rows.saturating_mul(columns);
        if cells > limits.cells {
            return Err(too_large("cells", cells, limits.cells));
        }
        Ok(())
    };
    // The first and the last corner of the sheet's cells so far.
    let (mut at, mut reach) = (0, None::<((usize, usize), (usize, usize))>);
    while let (Some(kind), Some(length)) = (number(records, at), number(records, at + 2)) {
        let data = &records[at + 4..records.len().min(at + 4 + length)];
        at += 4 + length;
        let kind = u16::try_from(kind).expect("read from two bytes");
        if BEGINNINGS.contains(&kind) {
            reach = None;
        } else if kind == DIMENSIONS {
            // Rows are four bytes in newer files and two in older ones, told apart by the length.
            let (rows, columns) = if data.len() >= 12 {
                let high = number(data, 6).unwrap_or(0);
                (
                    number(data, 4).unwrap_or(0) + (high << 16),
                    number(data, 10),
                )
            } else {
                (number(data, 2).unwrap_or(0), number(data, 6))
            };
            check(rows, columns.unwrap_or(0))?;
        } else if CELLS.contains(&kind)
            && let (Some(row), Some(column)) = (number(data, 0), number(data, 2))
        {
            let (first, last) = reach.get_or_insert(((row, column), (row, column)));
            *first = (first.0.min(row), first.1.min(column));
            *last = (last.0.max(row), last.1.max(column));
            check(last.0 - first.0 + 1, last.1 - first.1 + 1)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(kind: u16, numbers: &[u16]) -> Vec<u8> {
        let length = u16::try_from(numbers.len() * 2).expect("short");
        let all = [kind, length].into_iter().chain(numbers.iter().copied());
        all.flat_map(u16::to_le_bytes).collect()
    }

    #[test]
    fn far_cells_and_false_dimensions_are_refused() {
        let weigh = |records: &[Vec<u8>]| span(&records.concat(), &Limits::default()).is_ok();
        let begin = || record(0x0809, &[0x0600, 0x0010]);
        assert!(weigh(&[begin(), record(0x0203, &[65_535, 255, 0])]));
        assert!(!weigh(&[
            begin(),
            record(0x0203, &[0, 0, 0]),
            record(0x0203, &[65_535, 65_535, 0])
        ]));
        let sheets = [
            begin(),
            record(0x0203, &[0, 0, 0]),
            begin(),
            record(0x0203, &[65_535, 65_535, 0]),
        ];
        assert!(weigh(&sheets), "each sheet has cells of its own");
        assert!(weigh(&[record(DIMENSIONS, &[0, 0, 0, 1, 0, 256, 0])]));
        assert!(!weigh(&[record(
            DIMENSIONS,
            &[0, 0, 0, 0xffff, 0, 0xffff, 0]
        )]));
        let back = [[0, 0, 0], [30_000, 10, 0], [0, 0, 0], [10, 60_000, 0]];
        let back: Vec<Vec<u8>> = back.iter().map(|cell| record(0x0203, cell)).collect();
        assert!(!weigh(&back), "coming back to the corner forgets nothing");
        assert!(weigh(&[vec![9, 8, 255]]), "cut off in the middle");
    }
}
