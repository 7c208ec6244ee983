//! Arbitrary grids with merges and hidden columns, held against the forms.
#![no_main]

use arbitrary::{Arbitrary, Unstructured};
use documents::sheet::{Cell, Merge, Sheet};
use libfuzzer_sys::fuzz_target;

#[derive(Debug)]
struct Grid {
    rows: Vec<Vec<String>>,
    merges: Vec<Merge>,
    hidden: Vec<usize>,
}

impl<'a> Arbitrary<'a> for Grid {
    fn arbitrary(input: &mut Unstructured<'a>) -> arbitrary::Result<Grid> {
        let words: Vec<&str> = fuzz::FORMS
            .iter()
            .flat_map(|form| form.columns.iter().flat_map(|column| &column.headers))
            .map(String::as_str)
            .collect();
        let (height, width) = (input.int_in_range(0..=14)?, input.int_in_range(1..=9)?);
        let mut rows = Vec::new();
        for _ in 0..height {
            let mut row = Vec::new();
            for _ in 0..width {
                row.push(match input.int_in_range(0..=3)? {
                    0 => String::new(),
                    1 => (*input.choose(&words)?).to_owned(),
                    2 => input.int_in_range(-9..=99_999_999_i64)?.to_string(),
                    _ => String::arbitrary(input)?,
                });
            }
            rows.push(row);
        }
        let mut merges = Vec::new();
        for _ in 0..input.int_in_range(0..=5)? {
            let (top, left) = (input.int_in_range(0..=14)?, input.int_in_range(0..=9)?);
            merges.push(Merge {
                top,
                left,
                bottom: top + input.int_in_range(0..=5_usize)?,
                right: left + input.int_in_range(0..=16_384_usize)?,
            });
        }
        let hidden = input.int_in_range(0..=9)?;
        Ok(Grid {
            rows,
            merges,
            hidden: (0..hidden).filter(|column| column % 3 == 1).collect(),
        })
    }
}

fuzz_target!(|grid: Grid| {
    let cells: Vec<Vec<Cell<'_>>> = grid
        .rows
        .iter()
        .map(|row| row.iter().map(|text| Cell::text(text)).collect())
        .collect();
    let mut sheet = Sheet::from_cells("s", &cells);
    sheet.merges = grid.merges;
    sheet.hidden_columns = grid.hidden;
    fuzz::read(&sheet);
});
