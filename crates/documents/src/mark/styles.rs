//! Looks. A coloured cell keeps its own number format, font, border and alignment: its look is cloned and only
//! the fill is another. What the list needs is added beside.

use crate::mark::MarkError;
use crate::mark::wording::{CLASSES, colour, say};
use crate::mark::xml::{Edits, Node, escape, outline, with_attribute};
use std::collections::HashMap;
use vocabulary::FindingClass;

/// Excel stops at 65,490 looks.
const LOOKS_MAX: usize = 65_000;

/// The part of a workbook that has none.
const NONE: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<styleSheet xmlns=\"{namespace}\"><fonts count=\"1\"><font><sz val=\"11\"/></font></fonts><fills count=\"2\"><fill><patternFill patternType=\"none\"/></fill><fill><patternFill patternType=\"gray125\"/></fill></fills><borders count=\"1\"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count=\"1\"><xf/></cellStyleXfs><cellXfs count=\"1\"><xf xfId=\"0\"/></cellXfs></styleSheet>";

/// The elements of the part in the schema's order.
const ORDER: [&str; 11] = [
    "numFmts",
    "fonts",
    "fills",
    "borders",
    "cellStyleXfs",
    "cellXfs",
    "cellStyles",
    "dxfs",
    "tableStyles",
    "colors",
    "extLst",
];

/// The looks of a workbook with those that are added.
pub(super) struct Styles {
    xml: String,
    prefix: String,
    fonts: Section,
    fills: Section,
    borders: Section,
    looks: Section,
    /// What names the parent of a new look, when the part has parents.
    parent: &'static str,
    /// Clones by what they clone and their class.
    tints: HashMap<(u32, FindingClass), u32>,
}

/// A list of numbered entries in the part.
#[derive(Default)]
struct Section {
    name: &'static str,
    /// The entries that are there, as text.
    there: Vec<String>,
    added: Vec<String>,
}

/// The looks of the list.
pub(super) struct ListLooks {
    pub(super) summary: u32,
    pub(super) header: u32,
    pub(super) number: u32,
    pub(super) text: u32,
    pub(super) link: u32,
    pub(super) classes: HashMap<FindingClass, u32>,
}

impl Section {
    fn read(name: &'static str, xml: &str, nodes: &[Node<'_>]) -> Section {
        let mut section = Section {
            name,
            ..Section::default()
        };
        let Some(at) = nodes
            .iter()
            .position(|node| node.tag.depth == 1 && node.tag.local == name)
        else {
            return section;
        };
        let inside = nodes[at + 1..].iter().take_while(|node| node.tag.depth > 1);
        section.there = inside
            .filter(|node| node.tag.depth == 2)
            .map(|node| xml[node.tag.at..node.end].to_owned())
            .collect();
        section
    }

    /// Adds an entry; its number. The same entry is added once.
    fn add(&mut self, entry: String) -> usize {
        let place = self.added.iter().position(|added| *added == entry);
        self.there.len()
            + place.unwrap_or_else(|| {
                self.added.push(entry);
                self.added.len() - 1
            })
    }

    /// Writes what was added behind what is there.
    fn edit(&self, prefix: &str, nodes: &[Node<'_>], edits: &mut Edits) -> Result<(), MarkError> {
        if self.added.is_empty() {
            return Ok(());
        }
        let count = (self.there.len() + self.added.len()).to_string();
        let children = self.added.concat();
        let sections = || nodes.iter().filter(|node| node.tag.depth == 1);
        if let Some(node) = sections().find(|node| node.tag.local == self.name) {
            edits.attribute(&node.tag, "count", &count);
            edits.append(node, &children);
            return Ok(());
        }
        let root = nodes
            .first()
            .ok_or_else(|| MarkError::Damaged("styles".to_owned()))?;
        let rank = |name: &str| ORDER.iter().position(|known| *known == name);
        let behind = sections().find(|node| rank(node.tag.local) > rank(self.name));
        let name = self.name;
        let text = format!("<{prefix}{name} count=\"{count}\">{children}</{prefix}{name}>");
        edits.insert(behind.map_or(root.inner_end, |node| node.tag.at), text);
        Ok(())
    }
}

impl Styles {
    /// The part of a workbook that has no looks.
    pub(super) fn bare(namespace: &str) -> String {
        NONE.replace("{namespace}", namespace)
    }

    /// Reads the part.
    pub(super) fn new(xml: String) -> Result<Styles, MarkError> {
        let nodes = outline(&xml, 2)?;
        let Some(root) = nodes.first().filter(|root| root.tag.end() != root.end) else {
            return Err(MarkError::Damaged("styles".to_owned()));
        };
        let prefix = root.tag.prefix.to_owned();
        let p = prefix.as_str();
        let mut fonts = Section::read("fonts", &xml, &nodes);
        let mut fills = Section::read("fills", &xml, &nodes);
        let mut borders = Section::read("borders", &xml, &nodes);
        let mut looks = Section::read("cellXfs", &xml, &nodes);
        // What every entry may point to by 0; the first two fills mean none and grey whatever they say.
        if fonts.there.is_empty() {
            fonts.add(format!("<{p}font><{p}sz val=\"11\"/></{p}font>"));
        }
        for pattern in ["none", "gray125"].iter().skip(fills.there.len()) {
            fills.add(format!(
                "<{p}fill><{p}patternFill patternType=\"{pattern}\"/></{p}fill>"
            ));
        }
        if borders.there.is_empty() {
            borders.add(border(p, ""));
        }
        if looks.there.is_empty() {
            looks.add(format!("<{p}xf/>"));
        }
        let parents = nodes.iter().any(|node| {
            node.tag.depth == 2 && node.tag.local == "xf" && node.tag.at < looks_at(&nodes)
        });
        Ok(Styles {
            prefix,
            parent: if parents { " xfId=\"0\"" } else { "" },
            fonts,
            fills,
            borders,
            looks,
            tints: HashMap::new(),
            xml,
        })
    }

    /// A look as `base` is, filled with the colour of a class.
    pub(super) fn tinted(&mut self, base: u32, class: FindingClass) -> Result<u32, MarkError> {
        if let Some(known) = self.tints.get(&(base, class)) {
            return Ok(*known);
        }
        let fill = self.fill(colour(class));
        let entries = &self.looks;
        let look = entries
            .there
            .get(base as usize)
            .or_else(|| entries.there.first())
            .or_else(|| entries.added.first())
            .expect("an entry was added when there was none");
        let open = look.find('>').map_or(look.len(), |end| end + 1);
        let (tag, rest) = look.split_at(open);
        let tag = with_attribute(tag, "fillId", &fill.to_string());
        let tag = with_attribute(&tag, "applyFill", "1");
        let look = format!("{tag}{rest}");
        let number = self.look(look)?;
        self.tints.insert((base, class), number);
        Ok(number)
    }

    /// The looks of the list.
    pub(super) fn list(&mut self) -> Result<ListLooks, MarkError> {
        let p = self.prefix.clone();
        let name = escape(&say("font.name", &[]));
        let mut font = |before: &str, colour: &str| {
            let entry = format!(
                "<{p}font>{before}<{p}sz val=\"11\"/><{p}color rgb=\"{colour}\"/><{p}name val=\"{name}\"/><{p}charset val=\"134\"/></{p}font>"
            );
            self.fonts.add(entry)
        };
        let plain = font("", "FF000000");
        let bold = font(&format!("<{p}b/>"), "FFFFFFFF");
        let blue = font(&format!("<{p}u/>"), "FF0563C1");
        let thin = self.borders.add(border(&p, "FFBFBFBF"));
        let dark = self.fill("FF2F5597");
        let none = 0;
        let parent = self.parent;
        let mut look = |font: usize, fill: usize, border: usize, across: &str| {
            let entry = format!(
                "<{p}xf numFmtId=\"0\" fontId=\"{font}\" fillId=\"{fill}\" borderId=\"{border}\"{parent} applyFont=\"1\" applyFill=\"1\" applyBorder=\"1\" applyAlignment=\"1\"><{p}alignment horizontal=\"{across}\" vertical=\"center\" wrapText=\"1\"/></{p}xf>"
            );
            self.look(entry)
        };
        let summary = look(plain, none, 0, "left")?;
        let header = look(bold, dark, thin, "center")?;
        let number = look(plain, none, thin, "center")?;
        let text = look(plain, none, thin, "left")?;
        let link = look(blue, none, thin, "left")?;
        let mut classes = HashMap::new();
        for class in CLASSES {
            classes.insert(class, self.tinted_new(number, class)?);
        }
        Ok(ListLooks {
            summary,
            header,
            number,
            text,
            link,
            classes,
        })
    }

    /// As [`Styles::tinted`], of a look that was added.
    fn tinted_new(&mut self, base: u32, class: FindingClass) -> Result<u32, MarkError> {
        let fill = self.fill(colour(class));
        let look = &self.looks.added[base as usize - self.looks.there.len()];
        let look = with_attribute(look, "fillId", &fill.to_string());
        self.look(look)
    }

    fn fill(&mut self, colour: &str) -> usize {
        let p = &self.prefix;
        self.fills.add(format!(
            "<{p}fill><{p}patternFill patternType=\"solid\"><{p}fgColor rgb=\"{colour}\"/><{p}bgColor indexed=\"64\"/></{p}patternFill></{p}fill>"
        ))
    }

    fn look(&mut self, entry: String) -> Result<u32, MarkError> {
        let number = self.looks.add(entry);
        if number > LOOKS_MAX {
            return Err(MarkError::TooLarge);
        }
        u32::try_from(number).map_err(|_| MarkError::TooLarge)
    }

    /// The part with what was added.
    pub(super) fn finish(self) -> Result<String, MarkError> {
        let nodes = outline(&self.xml, 2)?;
        let mut edits = Edits::default();
        for section in [&self.fonts, &self.fills, &self.borders, &self.looks] {
            section.edit(&self.prefix, &nodes, &mut edits)?;
        }
        Ok(edits.apply(&self.xml))
    }
}

/// Where the looks of cells begin; those before are the looks of named styles, their parents.
fn looks_at(nodes: &[Node<'_>]) -> usize {
    nodes
        .iter()
        .find(|node| node.tag.depth == 1 && node.tag.local == "cellXfs")
        .map_or(usize::MAX, |node| node.tag.at)
}

/// A border all around in a thin line, or none.
fn border(p: &str, colour: &str) -> String {
    let side = |name: &str| {
        if colour.is_empty() {
            return format!("<{p}{name}/>");
        }
        format!("<{p}{name} style=\"thin\"><{p}color rgb=\"{colour}\"/></{p}{name}>")
    };
    let sides = ["left", "right", "top", "bottom"].map(side).concat();
    format!("<{p}border>{sides}<{p}diagonal/></{p}border>")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_is_cloned_with_all_it_has_but_the_fill() {
        let xml = "<x:styleSheet xmlns:x=\"n\"><x:fonts count=\"1\"><x:font/></x:fonts><x:fills count=\"1\"><x:fill/></x:fills><x:cellXfs count=\"2\"><x:xf numFmtId=\"0\"/><x:xf numFmtId=\"14\" fillId=\"0\" applyFill=\"0\"><x:alignment wrapText=\"1\"/></x:xf></x:cellXfs><x:cellStyles/></x:styleSheet>";
        let mut styles = Styles::new(xml.to_owned()).expect("styles");
        assert_eq!(styles.tinted(1, FindingClass::Total), Ok(2));
        assert_eq!(styles.tinted(1, FindingClass::Total), Ok(2));
        assert_eq!(styles.tinted(0, FindingClass::Total), Ok(3));
        let out = styles.finish().expect("styles");
        assert!(out.contains("<x:fills count=\"3\"><x:fill/><x:fill><x:patternFill patternType=\"gray125\"/></x:fill><x:fill>"), "{out}");
        assert!(out.contains("<x:xf numFmtId=\"14\" fillId=\"2\" applyFill=\"1\"><x:alignment wrapText=\"1\"/></x:xf>"), "{out}");
        assert!(out.contains("<x:borders count=\"1\"><x:border>"), "{out}");
        let order: Vec<usize> = [
            "<x:fonts",
            "<x:fills",
            "<x:borders",
            "<x:cellXfs count=\"4\"",
            "<x:cellStyles",
        ]
        .iter()
        .map(|tag| out.find(tag).expect(tag))
        .collect();
        assert!(order.is_sorted(), "{out}");
    }

    #[test]
    fn a_workbook_without_looks_gets_the_least() {
        let mut styles = Styles::new(Styles::bare("n")).expect("styles");
        assert_eq!(styles.tinted(7, FindingClass::Notice), Ok(1));
        styles.list().expect("looks");
        let out = styles.finish().expect("styles");
        let nodes = outline(&out, 2).expect("well-formed");
        for section in nodes.iter().filter(|node| node.tag.depth == 1) {
            let inside = nodes
                .iter()
                .filter(|n| n.tag.depth == 2 && n.tag.at > section.tag.at && n.end < section.end);
            let count = section.tag.attribute("count").expect("a count");
            assert_eq!(count, inside.count().to_string(), "{}", section.tag.local);
        }
    }
}
