//! The package's parts, one after the other: sheets' cells, notes and boxes, the list, the looks.

use crate::mark::package::{Package, RELATIONS};
use crate::mark::plan::{Cells, Plan, anchored};
use crate::mark::shapes::Blocks;
use crate::mark::styles::Styles;
use crate::mark::survey::{Survey, survey};
use crate::mark::xml::{Edits, escape, outline};
use crate::mark::{Mark, MarkError, Marked, NOTES_MAX, cells, list, notes, shapes};
use crate::sheet::CellAt;
use std::collections::BTreeMap;

const MAIN: [&str; 2] = [
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
];
const TYPE: &str = "application/vnd.openxmlformats-officedocument.";

/// What is known of the workbook at hand.
struct Book<'a> {
    package: Package<'a>,
    /// The workbook's own part.
    main: String,
    /// The namespace of its parts.
    namespace: &'static str,
    /// Its sheets and their parts.
    sheets: Vec<(String, Option<String>)>,
    list_name: String,
    styles: Styles,
    styles_part: Option<String>,
    blocks: Blocks,
}

/// Marks a package.
pub(super) fn patch(bytes: &[u8], marks: &[Mark], room: u64) -> Result<Marked, MarkError> {
    let mut book = Book::open(bytes, room)?;
    let names: Vec<String> = book.sheets.iter().map(|(name, _)| name.clone()).collect();
    let mut plan = Plan::new(marks, &names);
    let mut crowded = Vec::new();
    for (name, part) in book.sheets.clone() {
        let (Some(cells), Some(part)) = (plan.sheets.remove(&name), part) else {
            continue;
        };
        let coloured = book.sheet(&part, cells)?;
        if coloured > NOTES_MAX {
            crowded.push((name, coloured));
        }
    }
    book.list(&plan, &crowded)?;
    book.finish()
}

impl<'a> Book<'a> {
    fn open(bytes: &'a [u8], room: u64) -> Result<Book<'a>, MarkError> {
        let mut package = Package::open(bytes, room)?;
        let main = package
            .relations("")?
            .into_iter()
            .find(|relation| relation.kind == "officeDocument")
            .and_then(|relation| relation.target)
            .unwrap_or_else(|| "xl/workbook.xml".to_owned());
        let xml = package.read(&main)?.ok_or(MarkError::NotAWorkbook)?;
        let nodes = outline(&xml, 2)?;
        let root = nodes.first().filter(|root| root.tag.local == "workbook");
        let root = root.ok_or(MarkError::NotAWorkbook)?;
        let strict = root.tag.text.contains(MAIN[1]);
        package.relation_base = RELATIONS[usize::from(strict)];
        let relations = package.relations(&main)?;
        let target = |kind: &str, id: Option<&str>| {
            let found = relations
                .iter()
                .find(|relation| relation.kind == kind && id.is_none_or(|id| relation.id == id));
            found.and_then(|relation| relation.target.clone())
        };
        let sheets: Vec<(String, Option<String>)> = nodes
            .iter()
            .filter(|node| node.tag.depth == 2 && node.tag.local == "sheet")
            .filter_map(|node| {
                let id = node.tag.local_attribute("id");
                let part = target("worksheet", Some(id.as_deref()?));
                Some((node.tag.attribute("name")?.into_owned(), part))
            })
            .collect();
        let names: Vec<String> = sheets.iter().map(|(name, _)| name.clone()).collect();
        let styles_part = target("styles", None).filter(|part| package.has(part));
        let namespace = MAIN[usize::from(strict)];
        let styles = match &styles_part {
            Some(part) => package.need(part)?,
            None => Styles::bare(namespace),
        };
        let mut blocks = Blocks::default();
        for part in package.ending(".vml") {
            blocks.claim(&package.need(&part)?);
        }
        Ok(Book {
            styles: Styles::new(styles)?,
            styles_part,
            list_name: list::name(&names),
            namespace,
            sheets,
            main,
            package,
            blocks,
        })
    }

    /// Colours a sheet and writes its notes; how many cells have a colour.
    fn sheet(&mut self, part: &str, cells: Cells) -> Result<usize, MarkError> {
        let xml = self.package.need(part)?;
        let seen = survey(&xml)?;
        if !seen.has_cells {
            return Ok(0);
        }
        let cells = anchored(cells, &seen.merges);
        // Counted from the end: what is coloured stands before it.
        let behind = xml.len() - seen.boxes_at;
        let mut xml = cells::colour(&xml, &seen, &cells, &mut self.styles)?;
        let texts: BTreeMap<CellAt, String> = cells
            .iter()
            .take(NOTES_MAX)
            .map(|(cell, wanted)| (*cell, wanted.note(&self.list_name)))
            .collect();
        if let Some(relation) = self.notes(part, &seen, &texts)? {
            let at = xml.len() - behind;
            let p = &seen.prefix;
            let link = match &seen.relation_prefix {
                Some(r) => format!("<{p}legacyDrawing {r}:id=\"{relation}\"/>"),
                None => format!(
                    "<{p}legacyDrawing xmlns:r=\"{}\" r:id=\"{relation}\"/>",
                    self.package.relation_base
                ),
            };
            xml.insert_str(at, &link);
        }
        self.package.write(part, xml);
        Ok(cells.len())
    }

    /// Writes a sheet's notes and their boxes; the boxes' relation when the sheet has none yet.
    fn notes(
        &mut self,
        part: &str,
        seen: &Survey,
        texts: &BTreeMap<CellAt, String>,
    ) -> Result<Option<String>, MarkError> {
        if texts.is_empty() {
            return Ok(None);
        }
        let relations = self.package.relations(part)?;
        let target = |kind: &str, id: Option<&str>| {
            let found = relations
                .iter()
                .find(|relation| relation.kind == kind && id.is_none_or(|id| relation.id == id));
            found.and_then(|relation| relation.target.clone())
        };
        let there = target("comments", None);
        let xml = match &there {
            Some(name) => self.package.read(name)?,
            None => None,
        };
        let (xml, fresh) = notes::write(xml, self.namespace, texts)?;
        match &there {
            Some(name) => self.package.write(name, xml),
            None => {
                let name = self.package.free_name("xl/comments", ".xml");
                self.package.write(&name, xml);
                self.package.relate(part, "comments", &name)?;
                let kind = format!("{TYPE}spreadsheetml.comments+xml");
                self.package.declare(&name, &kind)?;
            }
        }
        if fresh.is_empty() {
            return Ok(None);
        }
        let fresh: Vec<(CellAt, &str)> = fresh
            .iter()
            .map(|cell| (*cell, texts.get(cell).map_or("", String::as_str)))
            .collect();
        let boxes = seen
            .boxes
            .as_deref()
            .and_then(|id| target("vmlDrawing", Some(id)));
        let xml = match &boxes {
            Some(name) => Some(self.package.need(name)?),
            None if seen.boxes.is_some() => {
                return Err(MarkError::Damaged("legacyDrawing".to_owned()));
            }
            None => None,
        };
        let xml = shapes::write(xml, &fresh, seen, &mut self.blocks)?;
        if let Some(name) = &boxes {
            self.package.write(name, xml);
            return Ok(None);
        }
        let name = self.package.free_name("xl/drawings/vmlDrawing", ".vml");
        self.package.write(&name, xml);
        let kind = format!("{TYPE}vmlDrawing");
        self.package.declare_ending("vml", &name, &kind)?;
        let id = self.package.relate(part, "vmlDrawing", &name)?;
        Ok(Some(id))
    }

    /// Adds the list behind the sheets.
    fn list(&mut self, plan: &Plan, crowded: &[(String, usize)]) -> Result<(), MarkError> {
        let looks = self.styles.list()?;
        let summary = list::summary(plan, crowded);
        let xml = list::write(&plan.rows, &summary, &looks, self.namespace);
        let part = self.package.free_name("xl/worksheets/sheet", ".xml");
        self.package.write(&part, xml);
        let kind = format!("{TYPE}spreadsheetml.worksheet+xml");
        self.package.declare(&part, &kind)?;
        let relation = self.package.relate(&self.main, "worksheet", &part)?;

        let xml = self.package.need(&self.main)?;
        let nodes = outline(&xml, 2)?;
        let sheets = nodes
            .iter()
            .find(|node| node.tag.depth == 1 && node.tag.local == "sheets")
            .ok_or(MarkError::NotAWorkbook)?;
        let number = nodes
            .iter()
            .filter(|node| node.tag.depth == 2 && node.tag.local == "sheet")
            .filter_map(|node| node.tag.attribute("sheetId")?.parse::<u32>().ok())
            .max()
            .unwrap_or(0)
            + 1;
        let (p, name) = (sheets.tag.prefix, escape(&self.list_name));
        let declared = sheets
            .tag
            .prefix_of(&RELATIONS)
            .or_else(|| nodes.first()?.tag.prefix_of(&RELATIONS));
        let id = match declared {
            Some(r) => format!("{r}:id=\"{relation}\""),
            None => format!(
                "xmlns:r=\"{}\" r:id=\"{relation}\"",
                self.package.relation_base
            ),
        };
        let child = format!("<{p}sheet name=\"{name}\" sheetId=\"{number}\" {id}/>");
        let mut edits = Edits::default();
        edits.append(sheets, &child);
        let xml = edits.apply(&xml);
        self.package.write(&self.main, xml);
        Ok(())
    }

    fn finish(mut self) -> Result<Marked, MarkError> {
        let xml = self.styles.finish()?;
        match &self.styles_part {
            Some(part) => self.package.write(part, xml),
            None => {
                let usual = "xl/styles.xml".to_owned();
                let part = if self.package.has(&usual) {
                    self.package.free_name("xl/styles", ".xml")
                } else {
                    usual
                };
                self.package.write(&part, xml);
                let kind = format!("{TYPE}spreadsheetml.styles+xml");
                self.package.declare(&part, &kind)?;
                self.package.relate(&self.main, "styles", &part)?;
            }
        }
        let kind = self.package.declared(&self.main)?.unwrap_or_default();
        // Office programs refuse a file whose ending does not say what it holds.
        let ending = match (kind.contains("macroEnabled"), kind.contains("template")) {
            (true, true) => "xltm",
            (true, false) => "xlsm",
            (false, true) => "xltx",
            (false, false) => "xlsx",
        };
        Ok(Marked {
            bytes: self.package.finish()?,
            ending,
        })
    }
}
