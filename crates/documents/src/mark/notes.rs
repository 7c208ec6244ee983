//! The part that holds a sheet's notes. Notes that are there stay; ours follow theirs after a blank line.

use crate::mark::MarkError;
use crate::mark::survey::parse_cell;
use crate::mark::wording::say;
use crate::mark::xml::{Edits, Kind, Node, escape, outline};
use crate::sheet::CellAt;
use std::collections::BTreeMap;

/// The authors of notes that only stand in for a conversation: Excel writes those anew from the conversation.
const CONVERSATION: &str = "tc=";

/// Writes notes; the part, and the cells whose notes are new and have no box yet.
pub(super) fn write(
    xml: Option<String>,
    namespace: &str,
    notes: &BTreeMap<CellAt, String>,
) -> Result<(String, Vec<CellAt>), MarkError> {
    let xml = xml.unwrap_or_else(|| {
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<comments xmlns=\"{namespace}\"><authors/><commentList/></comments>"
        )
    });
    let nodes = outline(&xml, 4)?;
    let top = |name: &str| {
        nodes
            .iter()
            .find(|node| node.tag.depth == 1 && node.tag.local == name)
            .ok_or_else(|| MarkError::Damaged(name.to_owned()))
    };
    let (authors, list) = (top("authors")?, top("commentList")?);
    let p = authors.tag.prefix;
    let names: Vec<&str> = nodes
        .iter()
        .filter(|node| node.tag.depth == 2 && node.tag.local == "author")
        .map(|node| &xml[node.tag.end()..node.inner_end.max(node.tag.end())])
        .collect();
    let me = escape(&say("note.author", &[]));
    let mine = names.iter().position(|name| *name == me);
    let author = mine.unwrap_or(names.len());

    let mut edits = Edits::default();
    let mut there: BTreeMap<CellAt, usize> = BTreeMap::new();
    for (at, node) in nodes.iter().enumerate() {
        if node.tag.depth == 2 && node.tag.local == "comment" {
            let cell = node.tag.attribute("ref").and_then(|r| parse_cell(&r));
            there.extend(cell.map(|cell| (cell, at)));
        }
    }
    let (mut fresh, mut text) = (Vec::new(), String::new());
    for (&cell, note) in notes {
        if let Some(&at) = there.get(&cell) {
            let by = nodes[at].tag.attribute("authorId");
            let by = by.and_then(|id| names.get(id.parse::<usize>().ok()?).copied());
            if !by.is_some_and(|name| name.starts_with(CONVERSATION)) {
                follow(&nodes, at, p, note, &mut edits);
            }
            continue;
        }
        fresh.push(cell);
        text.push_str(&format!(
            "<{p}comment ref=\"{cell}\" authorId=\"{author}\" shapeId=\"0\"><{p}text>{}</{p}text></{p}comment>",
            run(p, note)
        ));
    }
    if mine.is_none() {
        edits.append(authors, &format!("<{p}author>{me}</{p}author>"));
    }
    if !text.is_empty() {
        edits.append(list, &text);
    }
    Ok((edits.apply(&xml), fresh))
}

/// Our words behind those of a note that is there.
fn follow(nodes: &[Node<'_>], comment: usize, p: &str, note: &str, edits: &mut Edits) {
    let end = nodes[comment].end;
    let inside = || {
        nodes[comment + 1..]
            .iter()
            .take_while(|node| node.tag.at < end)
    };
    let note = run(p, &format!("\n\n{note}"));
    let Some(text) = inside().find(|node| node.tag.depth == 3 && node.tag.local == "text") else {
        edits.append(&nodes[comment], &format!("<{p}text>{note}</{p}text>"));
        return;
    };
    // Runs stand behind plain text and before what tells how to pronounce it.
    let last = inside()
        .filter(|node| node.tag.depth == 4 && matches!(node.tag.local, "t" | "r"))
        .last();
    match last {
        Some(last) => edits.insert(last.end, note),
        None if text.tag.kind == Kind::Empty => edits.append(text, &note),
        None => edits.insert(text.tag.end(), note),
    }
}

/// A run of text in a small font, as office programs write notes.
fn run(p: &str, text: &str) -> String {
    format!(
        "<{p}r><{p}rPr><{p}sz val=\"9\"/><{p}color indexed=\"81\"/><{p}rFont val=\"{}\"/><{p}charset val=\"134\"/></{p}rPr><{p}t xml:space=\"preserve\">{}</{p}t></{p}r>",
        escape(&say("font.name", &[])),
        escape(text)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn notes(all: &[(&str, &str)]) -> BTreeMap<CellAt, String> {
        all.iter()
            .map(|(cell, note)| (parse_cell(cell).expect("a cell"), (*note).to_owned()))
            .collect()
    }

    #[test]
    fn ours_follows_theirs_and_theirs_stays() {
        let theirs = "<c:comments xmlns:c=\"n\"><c:authors><c:author>王</c:author><c:author>tc={1}</c:author></c:authors><c:commentList><c:comment ref=\"B2\" authorId=\"0\"><c:text><c:t>待核</c:t><c:phoneticPr/></c:text></c:comment><c:comment ref=\"B3\" authorId=\"1\"><c:text><c:t>对话</c:t></c:text></c:comment></c:commentList></c:comments>";
        let ours = notes(&[("B2", "甲<乙"), ("B3", "丙"), ("A1", "丁")]);
        let (xml, fresh) = write(Some(theirs.to_owned()), "n", &ours).expect("notes");
        assert_eq!(fresh, [parse_cell("A1").expect("a cell")]);
        assert!(xml.contains("<c:t>待核</c:t><c:r>"), "{xml}");
        assert!(
            xml.contains("\n\n甲&lt;乙</c:t></c:r><c:phoneticPr/></c:text>"),
            "{xml}"
        );
        assert!(
            xml.contains("<c:t>对话</c:t></c:text>"),
            "a conversation stays: {xml}"
        );
        assert!(
            xml.contains("<c:author>一本账</c:author></c:authors>"),
            "{xml}"
        );
        assert!(
            xml.contains("<c:comment ref=\"A1\" authorId=\"2\""),
            "{xml}"
        );
        // Once more: the author is known.
        let (again, _) = write(Some(xml), "n", &notes(&[("C9", "戊")])).expect("notes");
        assert_eq!(again.matches("一本账").count(), 1);
    }

    #[test]
    fn a_new_part_holds_them_in_order() {
        let (xml, fresh) = write(None, "n", &notes(&[("B2", "二"), ("A1", "一")])).expect("notes");
        assert_eq!(fresh.len(), 2);
        assert!(xml.find("ref=\"A1\"") < xml.find("ref=\"B2\""));
        assert!(outline(&xml, 9).is_ok());
    }
}
