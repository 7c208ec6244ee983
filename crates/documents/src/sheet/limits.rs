//! How much is read. Every limit is named with its reason; a file beyond one is refused whole, with a
//! sentence, never read in part.

/// A file: the largest workbook seen in a county was 40 MB; above that it is not a table.
pub const FILE_BYTES_MAX: u64 = 200 * 1024 * 1024;
/// Unzipped: what one process may hold beside everything else.
pub const UNZIPPED_BYTES_MAX: u64 = 1024 * 1024 * 1024;
/// Unzipped to zipped: honest sheets stay below 100, bare formatting dragged to the last row below 300.
pub const RATIO_MAX: u64 = 400;
/// Below this a ratio does no harm and is not looked at.
pub const RATIO_FREE_BYTES: u64 = 32 * 1024 * 1024;
/// Sheets of one workbook: a sheet a village and a month is 300.
pub const SHEETS_MAX: usize = 1_000;
/// Rows of one sheet: Excel stops at 1,048,576; a csv of a county's residents is 1 million.
pub const ROWS_MAX: usize = 1_100_000;
/// Columns of one sheet: Excel's own end.
pub const COLUMNS_MAX: usize = 16_384;
/// Merges of one sheet that are kept; more have only been seen in damaged files.
pub const MERGES_MAX: usize = 200_000;
/// Bytes of one cell's text: Excel stops at 32,767 characters, which are 98,301 bytes of Chinese.
pub const TEXT_BYTES_MAX: usize = 131_071;
/// Cells of one sheet up to the last filled of each row: 1 million residents of 20 columns.
pub const CELLS_MAX: usize = 20_000_000;

/// Findings about cells that one table keeps: nobody reads more, and a million rows with a broken column would fill the
/// machine with sentences. The rest is counted; their cells stay marked as rejected.
pub const FINDINGS_MAX: usize = 50_000;
/// Words compared while a sheet is searched for headers: thousands of rows that look like headers of thirty columns, or
/// two seconds of a sheet that is made of nothing else.
pub const EFFORT_MAX: u64 = 20_000_000;

/// The limits in force; [`Limits::default`] is the named constants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// See [`FILE_BYTES_MAX`].
    pub file_bytes: u64,
    /// See [`UNZIPPED_BYTES_MAX`].
    pub unzipped_bytes: u64,
    /// See [`RATIO_MAX`].
    pub ratio: u64,
    /// See [`SHEETS_MAX`].
    pub sheets: usize,
    /// See [`ROWS_MAX`].
    pub rows: usize,
    /// See [`COLUMNS_MAX`].
    pub columns: usize,
    /// See [`CELLS_MAX`].
    pub cells: usize,
    /// See [`MERGES_MAX`].
    pub merges: usize,
    /// See [`TEXT_BYTES_MAX`].
    pub text_bytes: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            file_bytes: FILE_BYTES_MAX,
            unzipped_bytes: UNZIPPED_BYTES_MAX,
            ratio: RATIO_MAX,
            sheets: SHEETS_MAX,
            rows: ROWS_MAX,
            columns: COLUMNS_MAX,
            cells: CELLS_MAX,
            merges: MERGES_MAX,
            text_bytes: TEXT_BYTES_MAX,
        }
    }
}
