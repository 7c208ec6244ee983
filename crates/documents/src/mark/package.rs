//! The zip: parts by their names whatever the spelling, relations between them, content types. Parts that are
//! not touched are copied as they lie, compressed.

use crate::mark::MarkError;
use crate::mark::xml::{Edits, Kind, escape, outline};
use std::collections::{BTreeMap, HashMap};
use std::io::{Cursor, Read, Write};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

const TYPES: &str = "[Content_Types].xml";

/// A relation of a part.
#[derive(Debug, Clone)]
pub(super) struct Relation {
    pub(super) id: String,
    /// The last segment of its type: `worksheet`, `comments`.
    pub(super) kind: String,
    /// The part it points to, from the package's root without a slash; none for one outside.
    pub(super) target: Option<String>,
}

/// An open package with what has been changed of it.
pub(super) struct Package<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    /// By folded name: the entry.
    names: HashMap<String, usize>,
    touched: BTreeMap<usize, String>,
    added: Vec<(String, String)>,
    /// How many bytes may still be unpacked.
    room: u64,
    /// What stands before the kind of a relation in this package.
    pub(super) relation_base: &'static str,
}

/// Before the kind of a relation, in the common form of the format and in its strict one.
pub(super) const RELATIONS: [&str; 2] = [
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",
];

fn damaged(error: impl std::fmt::Display) -> MarkError {
    MarkError::Damaged(error.to_string())
}

/// Names are compared without case; some writers use back-slashes.
fn folded(name: &str) -> String {
    name.replace('\\', "/")
        .trim_start_matches('/')
        .to_ascii_lowercase()
}

impl<'a> Package<'a> {
    /// Opens a package; `room` is how much may be unpacked in all.
    pub(super) fn open(bytes: &'a [u8], room: u64) -> Result<Package<'a>, MarkError> {
        let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
        let mut names = HashMap::new();
        for index in 0..archive.len() {
            let entry = archive.by_index_raw(index).map_err(damaged)?;
            if entry.encrypted() {
                return Err(MarkError::Locked);
            }
            names.insert(folded(&String::from_utf8_lossy(entry.name_raw())), index);
        }
        let has = |start: &str| names.keys().any(|name| name.starts_with(start));
        if has("_xmlsignatures/") {
            return Err(MarkError::Signed);
        }
        if has("xl/revisions/") {
            return Err(MarkError::Shared);
        }
        Ok(Package {
            archive,
            names,
            touched: BTreeMap::new(),
            added: Vec::new(),
            room,
            relation_base: RELATIONS[0],
        })
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.names.contains_key(&folded(name)) || self.added.iter().any(|(added, _)| added == name)
    }

    /// A part's text as it stands now; none when there is no such part.
    pub(super) fn read(&mut self, name: &str) -> Result<Option<String>, MarkError> {
        if let Some((_, text)) = self.added.iter().find(|(added, _)| added == name) {
            return Ok(Some(text.clone()));
        }
        let Some(&index) = self.names.get(&folded(name)) else {
            return Ok(None);
        };
        if let Some(text) = self.touched.get(&index) {
            return Ok(Some(text.clone()));
        }
        let entry = self.archive.by_index(index).map_err(damaged)?;
        let mut bytes = Vec::new();
        let read = entry
            .take(self.room.saturating_add(1))
            .read_to_end(&mut bytes)
            .map_err(damaged)?;
        self.room = self
            .room
            .checked_sub(read as u64)
            .ok_or(MarkError::TooLarge)?;
        let text = String::from_utf8(bytes).map_err(|_| damaged(format!("{name}: UTF-8")))?;
        Ok(Some(match text.strip_prefix('\u{feff}') {
            Some(rest) => rest.to_owned(),
            None => text,
        }))
    }

    /// A part that must be there.
    pub(super) fn need(&mut self, name: &str) -> Result<String, MarkError> {
        self.read(name)?.ok_or_else(|| damaged(name))
    }

    /// Puts a part in its new form, or a new part.
    pub(super) fn write(&mut self, name: &str, text: String) {
        if let Some(&index) = self.names.get(&folded(name)) {
            self.touched.insert(index, text);
        } else if let Some(entry) = self.added.iter_mut().find(|(added, _)| added == name) {
            entry.1 = text;
        } else {
            self.added.push((name.to_owned(), text));
        }
    }

    /// A name that is free: `before`, a number, `after`.
    pub(super) fn free_name(&self, before: &str, after: &str) -> String {
        (1..)
            .map(|n| format!("{before}{n}{after}"))
            .find(|name| !self.has(name))
            .expect("numbers do not end")
    }

    /// The names of all parts whose folded name ends so.
    pub(super) fn ending(&self, end: &str) -> Vec<String> {
        let mut names: Vec<String> = self
            .names
            .keys()
            .filter(|name| name.ends_with(end))
            .cloned()
            .collect();
        names.sort();
        names
    }

    /// The relations of a part; of the package itself for an empty name.
    pub(super) fn relations(&mut self, part: &str) -> Result<Vec<Relation>, MarkError> {
        let Some(xml) = self.read(&relations_name(part))? else {
            return Ok(Vec::new());
        };
        let mut relations = Vec::new();
        for node in outline(&xml, 1)? {
            let tag = node.tag;
            if tag.local != "Relationship" {
                continue;
            }
            let (Some(id), Some(kind), Some(target)) = (
                tag.attribute("Id"),
                tag.attribute("Type"),
                tag.attribute("Target"),
            ) else {
                continue;
            };
            let outside = tag.attribute("TargetMode").is_some_and(|m| m == "External");
            relations.push(Relation {
                id: id.into_owned(),
                kind: kind.rsplit('/').next().unwrap_or_default().to_owned(),
                target: (!outside).then(|| resolve(part, &target)),
            });
        }
        Ok(relations)
    }

    /// Relates a part to another; the relation's id.
    pub(super) fn relate(
        &mut self,
        part: &str,
        kind: &str,
        target: &str,
    ) -> Result<String, MarkError> {
        let taken = self.relations(part)?;
        let id = (1..)
            .map(|n| format!("rId{n}"))
            .find(|id| taken.iter().all(|relation| relation.id != *id))
            .expect("numbers do not end");
        let name = relations_name(part);
        let xml = match self.read(&name)? {
            Some(xml) => xml,
            None => "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"/>".to_owned(),
        };
        let nodes = outline(&xml, 0)?;
        let root = nodes.first().ok_or_else(|| damaged(&name))?;
        let child = format!(
            "<{}Relationship Id=\"{id}\" Type=\"{}/{kind}\" Target=\"/{}\"/>",
            root.tag.prefix,
            self.relation_base,
            escape(target)
        );
        let mut edits = Edits::default();
        edits.append(root, &child);
        let xml = edits.apply(&xml);
        self.write(&name, xml);
        Ok(id)
    }

    /// Says of what type a part is.
    pub(super) fn declare(&mut self, part: &str, content_type: &str) -> Result<(), MarkError> {
        let xml = self.need(TYPES)?;
        let nodes = outline(&xml, 0)?;
        let root = nodes.first().ok_or_else(|| damaged(TYPES))?;
        let child = format!(
            "<{}Override PartName=\"/{}\" ContentType=\"{content_type}\"/>",
            root.tag.prefix,
            escape(part)
        );
        let mut edits = Edits::default();
        edits.append(root, &child);
        let xml = edits.apply(&xml);
        self.write(TYPES, xml);
        Ok(())
    }

    /// The type that is declared for all parts of an ending.
    pub(super) fn declare_ending(
        &mut self,
        ending: &str,
        part: &str,
        content_type: &str,
    ) -> Result<(), MarkError> {
        let xml = self.need(TYPES)?;
        let nodes = outline(&xml, 1)?;
        let root = nodes.first().ok_or_else(|| damaged(TYPES))?;
        let default = nodes.iter().find(|node| {
            node.tag.local == "Default"
                && node
                    .tag
                    .attribute("Extension")
                    .is_some_and(|extension| extension.eq_ignore_ascii_case(ending))
        });
        match default {
            Some(node) if node.tag.attribute("ContentType").as_deref() == Some(content_type) => {
                Ok(())
            }
            Some(_) => self.declare(part, content_type),
            None => {
                let child = format!(
                    "<{}Default Extension=\"{ending}\" ContentType=\"{content_type}\"/>",
                    root.tag.prefix
                );
                let mut edits = Edits::default();
                // Before the rest: some readers want the defaults first.
                if root.tag.kind == Kind::Empty {
                    edits.append(root, &child);
                } else {
                    edits.insert(root.tag.end(), child);
                }
                let xml = edits.apply(&xml);
                self.write(TYPES, xml);
                Ok(())
            }
        }
    }

    /// The type of a part as the package declares it by name.
    pub(super) fn declared(&mut self, part: &str) -> Result<Option<String>, MarkError> {
        let xml = self.need(TYPES)?;
        let nodes = outline(&xml, 1)?;
        let named = nodes.iter().find(|node| {
            node.tag.local == "Override"
                && node
                    .tag
                    .attribute("PartName")
                    .is_some_and(|name| folded(&name) == folded(part))
        });
        Ok(named
            .and_then(|node| node.tag.attribute("ContentType"))
            .map(std::borrow::Cow::into_owned))
    }

    /// The package with its changes.
    pub(super) fn finish(mut self) -> Result<Vec<u8>, MarkError> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for index in 0..self.archive.len() {
            let entry = self.archive.by_index_raw(index).map_err(damaged)?;
            match self.touched.get(&index) {
                None => zip.raw_copy_file(entry).map_err(damaged)?,
                Some(text) => {
                    let name = String::from_utf8_lossy(entry.name_raw()).into_owned();
                    let mut options = SimpleFileOptions::default();
                    if let Some(moment) = entry.last_modified() {
                        options = options.last_modified_time(moment);
                    }
                    drop(entry);
                    put(&mut zip, &name, text, options)?;
                }
            }
        }
        for (name, text) in &self.added {
            put(&mut zip, name, text, SimpleFileOptions::default())?;
        }
        Ok(zip.finish().map_err(damaged)?.into_inner())
    }
}

fn put(
    zip: &mut ZipWriter<Cursor<Vec<u8>>>,
    name: &str,
    text: &str,
    options: SimpleFileOptions,
) -> Result<(), MarkError> {
    zip.start_file(name, options).map_err(damaged)?;
    zip.write_all(text.as_bytes()).map_err(damaged)
}

/// Where a part's relations lie.
fn relations_name(part: &str) -> String {
    match part.rsplit_once('/') {
        Some((folder, file)) => format!("{folder}/_rels/{file}.rels"),
        None => format!("_rels/{part}.rels"),
    }
}

/// A target as a name from the package's root.
fn resolve(part: &str, target: &str) -> String {
    let target = target.replace('\\', "/");
    if let Some(absolute) = target.strip_prefix('/') {
        return absolute.to_owned();
    }
    let mut segments: Vec<&str> = part.split('/').collect();
    segments.pop();
    for segment in target.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                segments.pop();
            }
            other => segments.push(other),
        }
    }
    segments.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_relative_or_absolute() {
        let from = "xl/worksheets/sheet1.xml";
        assert_eq!(resolve(from, "../comments1.xml"), "xl/comments1.xml");
        assert_eq!(resolve(from, "/xl/a.xml"), "xl/a.xml");
        assert_eq!(resolve("", "xl\\workbook.xml"), "xl/workbook.xml");
        assert_eq!(resolve("xl/workbook.xml", "./s.xml"), "xl/s.xml");
        assert_eq!(relations_name(""), "_rels/.rels");
        assert_eq!(relations_name(from), "xl/worksheets/_rels/sheet1.xml.rels");
    }
}
