//! The boxes in which notes are shown: an old drawing language of which every program expects the same phrases.
//! A part that is there is often not well-formed, so it is only added to, at its end.

use crate::mark::MarkError;
use crate::mark::survey::Survey;
use crate::sheet::CellAt;
use std::ops::Range;

/// Shapes are numbered in blocks of this many; a sheet owns whole blocks.
const BLOCK: usize = 1_024;
/// A box's width on the screen.
const WIDTH: u32 = 260;
/// A line's height, and that of a usual row.
const LINE: usize = 17;
const ROW: usize = 18;
/// Characters of a line, by halves: a Chinese one counts two.
const LINE_HALVES: usize = 40;
/// Lines of the tallest box.
const LINES_MAX: usize = 24;

const EMPTY: &str = "<xml xmlns:v=\"urn:schemas-microsoft-com:vml\" xmlns:o=\"urn:schemas-microsoft-com:office:office\" xmlns:x=\"urn:schemas-microsoft-com:office:excel\"></xml>";
const KIND: &str = "<v:shapetype id=\"_x0000_t202\" coordsize=\"21600,21600\" o:spt=\"202\" path=\"m,l,21600r21600,l21600,xe\"><v:stroke joinstyle=\"miter\"/><v:path gradientshapeok=\"t\" o:connecttype=\"rect\"/></v:shapetype>";

/// The blocks of shape numbers that parts of a workbook claim.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    last: usize,
}

impl Blocks {
    /// Takes note of what a part claims.
    pub(super) fn claim(&mut self, xml: &str) {
        let taken = block_list(xml).map(|range| &xml[range]);
        let numbers = taken.into_iter().flat_map(|list| list.split(','));
        let most = numbers.filter_map(|n| n.trim().parse().ok()).max();
        self.last = self.last.max(most.unwrap_or(0));
    }
}

/// Where the part lists its blocks.
fn block_list(xml: &str) -> Option<Range<usize>> {
    let tag = xml.find(":idmap")?;
    let end = tag + xml[tag..].find('>')?;
    let data = tag + xml[tag..end].find(" data=")? + " data=".len();
    let quote = xml[data..]
        .chars()
        .next()
        .filter(|c| matches!(c, '"' | '\''))?;
    let close = data + 1 + xml[data + 1..].find(quote)?;
    Some(data + 1..close)
}

/// Adds a box for each note to a part, or makes a part of them.
pub(super) fn write(
    xml: Option<String>,
    notes: &[(CellAt, &str)],
    survey: &Survey,
    blocks: &mut Blocks,
) -> Result<String, MarkError> {
    let mut xml = xml.unwrap_or_else(|| EMPTY.to_owned());
    let first = blocks.last + 1;
    let count = notes.len().div_ceil(BLOCK - 1).max(1);
    blocks.last += count;
    let list: Vec<String> = (first..first + count).map(|n| n.to_string()).collect();
    let list = list.join(",");
    let mut layout = String::new();
    match block_list(&xml) {
        Some(range) if range.is_empty() => xml.insert_str(range.end, &list),
        Some(range) => xml.insert_str(range.end, &format!(",{list}")),
        None => {
            layout = format!(
                "<o:shapelayout v:ext=\"edit\"><o:idmap v:ext=\"edit\" data=\"{list}\"/></o:shapelayout>"
            );
        }
    }
    for prefix in ["xmlns:v=", "xmlns:o=", "xmlns:x="] {
        if !xml.contains(prefix) {
            return Err(MarkError::Damaged("vml".to_owned()));
        }
    }
    if !xml.contains("\"_x0000_t202\"") && !xml.contains("'_x0000_t202'") {
        layout.push_str(KIND);
    }
    let mut text = layout;
    for (n, (cell, note)) in notes.iter().enumerate() {
        // The first number of each block belongs to the sheet itself.
        let id = (first + n / (BLOCK - 1)) * BLOCK + 1 + n % (BLOCK - 1);
        text.push_str(&shape(id, *cell, lines(note), survey));
    }
    let end = xml
        .rfind("</")
        .ok_or_else(|| MarkError::Damaged("vml".to_owned()))?;
    xml.insert_str(end, &text);
    Ok(xml)
}

/// How many lines a note takes in a box.
fn lines(note: &str) -> usize {
    let halves = |line: &str| line.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum();
    let all = note.split('\n').map(|line| {
        let halves: usize = halves(line);
        halves.div_ceil(LINE_HALVES).max(1)
    });
    all.sum::<usize>().min(LINES_MAX)
}

fn shape(id: usize, cell: CellAt, lines: usize, survey: &Survey) -> String {
    let column = cell.column;
    let row = cell.row - 1;
    let height = lines * LINE + 8;
    // From the next column as far as the columns' widths need to be followed.
    let left = column.saturating_add(1);
    let (mut right, mut rest) = (left, WIDTH + 12);
    while rest > survey.pixels(right).max(1) && right < left.saturating_add(40) {
        rest -= survey.pixels(right).max(1);
        right += 1;
    }
    let top = row.saturating_sub(1);
    let bottom = top as usize + (height + 4) / ROW;
    let into = (height + 4) % ROW;
    let points = |pixels: usize| pixels * 3 / 4;
    let (wide, tall) = (points(WIDTH as usize), points(height));
    format!(
        "<v:shape id=\"_x0000_s{id}\" type=\"#_x0000_t202\" style='position:absolute;margin-left:80pt;margin-top:5pt;width:{wide}pt;height:{tall}pt;z-index:1;visibility:hidden' fillcolor=\"#ffffe1\" o:insetmode=\"auto\"><v:fill color2=\"#ffffe1\"/><v:shadow on=\"t\" color=\"black\" obscured=\"t\"/><v:path o:connecttype=\"none\"/><v:textbox style='mso-direction-alt:auto'><div style='text-align:left'></div></v:textbox><x:ClientData ObjectType=\"Note\"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{left}, 12, {top}, 4, {right}, {rest}, {bottom}, {into}</x:Anchor><x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mark::survey::parse_cell;

    fn cell(name: &str) -> CellAt {
        parse_cell(name).expect("a cell")
    }

    #[test]
    fn numbers_of_shapes_are_never_taken_twice() {
        let survey = Survey::default();
        let mut blocks = Blocks::default();
        let theirs = "<xml xmlns:v=\"a\" xmlns:o=\"b\" xmlns:x=\"c\"><o:shapelayout><o:idmap v:ext=\"edit\" data=\"1,7\"/></o:shapelayout><v:shapetype id=\"_x0000_t202\"/><v:shape id=\"_x0000_s1025\"><br></v:shape></xml>";
        blocks.claim(theirs);
        let many: Vec<(CellAt, &str)> = (0..2_000).map(|_| (cell("B2"), "一")).collect();
        let xml = write(Some(theirs.to_owned()), &many, &survey, &mut blocks).expect("boxes");
        assert!(xml.contains("data=\"1,7,8,9\""), "{}", &xml[..300]);
        let mut ids: Vec<&str> = xml
            .match_indices("id=\"_x0000_s")
            .map(|(at, _)| xml[at + 4..].split('"').next().expect("an id"))
            .collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), 2_001);
        assert!(ids.contains(&"_x0000_s8193") && ids.contains(&"_x0000_s9217"));
        assert_eq!(xml.matches("_x0000_t202\"/>").count(), 1, "the kind once");
        let next = write(None, &many[..1], &survey, &mut blocks).expect("boxes");
        assert!(next.contains("data=\"10\"") && next.contains("_x0000_s10241"));
        assert!(next.contains(KIND) && next.ends_with("</xml>"));
    }

    #[test]
    fn a_box_holds_its_lines() {
        assert_eq!(lines("短"), 1);
        assert_eq!(lines("一行\n\n三行"), 3);
        assert_eq!(lines(&"长".repeat(41)), 3);
        assert_eq!(lines(&"\n".repeat(90)), LINES_MAX);
    }
}
