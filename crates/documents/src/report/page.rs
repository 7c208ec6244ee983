//! The measures of GB/T 9704-2012 that every paged writer shares.

/// The page: A4, in millimetres.
pub const PAGE_MM: (f64, f64) = (210.0, 297.0);
/// Above the type area (天头), in millimetres.
pub const TOP_MM: f64 = 37.0;
/// Left of the type area (订口), in millimetres.
pub const LEFT_MM: f64 = 28.0;
/// The type area, width and height in millimetres.
pub const TYPE_AREA_MM: (f64, f64) = (156.0, 225.0);
/// From the type area to the page number's upper edge, in millimetres.
pub const PAGE_NUMBER_MM: f64 = 7.0;
/// Lines on a page.
pub const LINES: u32 = 22;
/// Characters in a line.
pub const CHARS: u32 = 28;
/// Body text (3号), in points.
pub const BODY_PT: f64 = 16.0;
/// The title (2号), in points.
pub const TITLE_PT: f64 = 22.0;
/// Page numbers and remarks (4号), in points.
pub const SMALL_PT: f64 = 14.0;
/// Tables in the body (小四), in points.
pub const TABLE_PT: f64 = 12.0;
/// Wide tables and the appendix (小五 and up), in points.
pub const FINE_PT: f64 = 9.0;

/// Right of the type area, in millimetres.
pub const RIGHT_MM: f64 = PAGE_MM.0 - LEFT_MM - TYPE_AREA_MM.0;
/// Below the type area, in millimetres.
pub const BOTTOM_MM: f64 = PAGE_MM.1 - TOP_MM - TYPE_AREA_MM.1;

/// Points in so many millimetres.
pub const fn points(mm: f64) -> f64 {
    mm * 72.0 / 25.4
}

/// Line pitch that puts [`LINES`] lines into the type area, in points.
pub const LINE_PT: f64 = points(TYPE_AREA_MM.1) / LINES as f64;
/// Character pitch that puts [`CHARS`] characters into a line, in points.
pub const CHAR_PT: f64 = points(TYPE_AREA_MM.0) / CHARS as f64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pitches_are_those_of_the_standard() {
        assert_eq!(format!("{LINE_PT:.2} {CHAR_PT:.2}"), "28.99 15.79");
        assert_eq!((RIGHT_MM, BOTTOM_MM), (26.0, 35.0));
    }
}
