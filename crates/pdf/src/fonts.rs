//! Which fonts there are on this machine, and which of them a report needs.
//!
//! Finding looks only at file names; a font is read when a report needs it and kept from then on.
//! Refuses to embed fonts in the binary: the official ones are the site's own licensed copies.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, OnceLock};

use typst::foundations::Bytes;
use typst::text::{Font, FontInfo};
use vocabulary::Words;

/// The declared chains: per role, font files and families, best first.
static CHAINS: LazyLock<Words> = LazyLock::new(|| Words::read(include_str!("../words/fonts.toml")));

/// What a font is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Role {
    Title,
    Body,
    First,
    Second,
    Page,
}

impl Role {
    pub(crate) const ALL: [Role; 5] = [
        Role::Title,
        Role::Body,
        Role::First,
        Role::Second,
        Role::Page,
    ];

    /// Its section of the chains; also its name to callers.
    const fn key(self) -> &'static str {
        match self {
            Role::Title => "title",
            Role::Body => "body",
            Role::First => "first",
            Role::Second => "second",
            Role::Page => "page",
        }
    }
}

/// No Chinese font was found.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "no Chinese font in {looked}; install one (Debian: apt-get install fonts-noto-cjk \
     fonts-lxgw-wenkai, or texlive-lang-chinese for FangSong), or put the licensed fonts into a \
     folder and name it in YIBEN_FONTS"
)]
pub struct FontsMissing {
    /// The folders that were looked into.
    pub looked: String,
}

/// The fonts found on this machine.
#[derive(Debug)]
pub struct Fonts {
    faces: Vec<Face>,
    /// Per role, positions in `faces`, best first.
    chains: BTreeMap<Role, Vec<usize>>,
    looked: String,
}

#[derive(Debug)]
struct Face {
    path: PathBuf,
    /// The families meant, for files that hold several.
    families: Vec<String>,
    loaded: OnceLock<Option<Font>>,
}

/// The fonts of one report.
#[derive(Debug)]
pub(crate) struct Chosen {
    /// All that typst is given.
    pub(crate) fonts: Vec<Font>,
    /// Per role the families in order, and the weight of the first.
    pub(crate) roles: BTreeMap<Role, (Vec<String>, u16)>,
    pub(crate) substituted: Vec<(char, String)>,
    pub(crate) missing: Vec<char>,
    pub(crate) families: Vec<(&'static str, String)>,
}

impl Fonts {
    /// Looks into `extra` (or the folder that `YIBEN_FONTS` names), then the system's and the
    /// user's font folders. Only names are read here.
    pub fn find(extra: Option<&Path>) -> Result<Fonts, FontsMissing> {
        let own = extra
            .map(Path::to_path_buf)
            .or_else(|| folder("YIBEN_FONTS", ""));
        let mut folders: Vec<PathBuf> = own.iter().cloned().collect();
        folders.extend(system_folders());
        Fonts::find_in(&folders, own.as_deref())
    }

    fn find_in(folders: &[PathBuf], own: Option<&Path>) -> Result<Fonts, FontsMissing> {
        let mut files: BTreeMap<String, PathBuf> = BTreeMap::new();
        for folder in folders {
            walk(folder, 0, &mut files);
        }
        let by_family = own.map(families_within).unwrap_or_default();
        let looked: Vec<String> = folders.iter().map(|f| f.display().to_string()).collect();
        let mut fonts = Fonts {
            faces: Vec::new(),
            chains: BTreeMap::new(),
            looked: looked.join(", "),
        };
        for role in Role::ALL {
            let mut chain = Vec::new();
            for (stems, families) in entries(role.key()).into_iter().chain(entries("last")) {
                let named = stems
                    .iter()
                    .find_map(|stem| files.get(&stem.to_lowercase()));
                let held = || families.iter().find_map(|family| by_family.get(family));
                if let Some(path) = named.cloned().or_else(|| held().cloned()) {
                    let at = fonts.face(path, &families);
                    if !chain.contains(&at) {
                        chain.push(at);
                    }
                }
            }
            fonts.chains.insert(role, chain);
        }
        if fonts.chains.values().any(Vec::is_empty) {
            return Err(FontsMissing {
                looked: fonts.looked,
            });
        }
        Ok(fonts)
    }

    fn face(&mut self, path: PathBuf, families: &[String]) -> usize {
        if let Some(at) = self.faces.iter().position(|face| face.path == path) {
            return at;
        }
        self.faces.push(Face {
            path,
            families: families.to_vec(),
            loaded: OnceLock::new(),
        });
        self.faces.len() - 1
    }

    /// The fonts for so many characters per role: the first of each chain, and further ones only
    /// while characters are lacking.
    pub(crate) fn choose(
        &self,
        characters: &BTreeMap<Role, BTreeSet<char>>,
    ) -> Result<Chosen, FontsMissing> {
        let mut used: Vec<usize> = Vec::new();
        let mut substituted = BTreeMap::new();
        let mut missing = BTreeSet::new();
        let mut roles = BTreeMap::new();
        let mut families = Vec::new();
        for (role, chain) in &self.chains {
            let mut lacking = characters.get(role).cloned().unwrap_or_default();
            let mut names: Vec<String> = Vec::new();
            let mut weight = 400;
            for &at in chain {
                if !names.is_empty() && lacking.is_empty() {
                    break;
                }
                // A file that is not a font after all is passed over.
                let Some(font) = self.faces[at].font() else {
                    continue;
                };
                let info = font.info();
                let had: Vec<char> = lacking
                    .iter()
                    .copied()
                    .filter(|c| covers(info, *c))
                    .collect();
                if names.is_empty() {
                    weight = info.variant.weight.to_number();
                    families.push((role.key(), info.family.clone()));
                } else if had.is_empty() {
                    continue;
                } else {
                    let taken = had.iter().map(|c| (*c, info.family.clone()));
                    substituted.extend(taken);
                }
                for c in had {
                    lacking.remove(&c);
                }
                names.push(info.family.clone());
                if !used.contains(&at) {
                    used.push(at);
                }
            }
            if names.is_empty() {
                return Err(FontsMissing {
                    looked: self.looked.clone(),
                });
            }
            missing.extend(lacking);
            roles.insert(*role, (names, weight));
        }
        let fonts = used
            .into_iter()
            .filter_map(|at| self.faces[at].font().cloned())
            .collect();
        Ok(Chosen {
            fonts,
            roles,
            substituted: substituted.into_iter().collect(),
            missing: missing.into_iter().collect(),
            families,
        })
    }
}

impl Face {
    fn font(&self) -> Option<&Font> {
        self.loaded
            .get_or_init(|| {
                let bytes = Bytes::new(std::fs::read(&self.path).ok()?);
                let mut first = None;
                for font in Font::iter(bytes) {
                    if self.families.contains(&font.info().family) {
                        return Some(font);
                    }
                    first = first.or(Some(font));
                }
                first
            })
            .as_ref()
    }
}

fn covers(info: &FontInfo, c: char) -> bool {
    c.is_whitespace() || c.is_control() || info.coverage.contains(u32::from(c))
}

/// A role's chain: file names and families.
fn entries(key: &str) -> Vec<(Vec<String>, Vec<String>)> {
    let names = |text: &str| text.split(',').map(|name| name.trim().to_owned()).collect();
    (1..)
        .map_while(|n| CHAINS.get(&format!("{key}.{n}")))
        .filter_map(|line| line.split_once('|'))
        .map(|(stems, families)| (names(stems), names(families)))
        .collect()
}

/// Font files below a folder, by lower-case name; the first folder that has a name wins.
fn walk(folder: &Path, depth: usize, files: &mut BTreeMap<String, PathBuf>) {
    // Fonts lie a few folders deep; deeper is a loop of links.
    const DEPTH_MAX: usize = 6;
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let path = entry.path();
        let ending = path
            .extension()
            .and_then(|e| e.to_str())
            .unwrap_or_default();
        if ["ttf", "otf", "ttc", "otc"].contains(&ending.to_lowercase().as_str()) {
            if let Some(stem) = path.file_stem().and_then(|s| s.to_str()) {
                files.entry(stem.to_lowercase()).or_insert(path);
            }
        } else if depth < DEPTH_MAX && path.is_dir() {
            walk(&path, depth + 1, files);
        }
    }
}

/// The families in the site's own folder, whatever its files are called.
fn families_within(folder: &Path) -> BTreeMap<String, PathBuf> {
    let mut files = BTreeMap::new();
    walk(folder, 0, &mut files);
    let mut families = BTreeMap::new();
    for path in files.into_values() {
        if let Ok(bytes) = std::fs::read(&path) {
            families.extend(FontInfo::iter(&bytes).map(|info| (info.family, path.clone())));
        }
    }
    families
}

fn system_folders() -> Vec<PathBuf> {
    let fixed = [
        "/usr/local/share/fonts",
        "/usr/share/fonts",
        "/usr/share/texmf/fonts/opentype/public/fandol",
        "/usr/share/texlive/texmf-dist/fonts/opentype/public/fandol",
        "/System/Library/Fonts",
        "/Library/Fonts",
    ];
    let mine = [
        folder("HOME", ".fonts"),
        folder("HOME", ".local/share/fonts"),
        folder("WINDIR", "Fonts"),
    ];
    mine.into_iter()
        .flatten()
        .chain(fixed.map(PathBuf::from))
        .collect()
}

fn folder(variable: &str, below: &str) -> Option<PathBuf> {
    std::env::var_os(variable)
        .filter(|v| !v.is_empty())
        .map(|v| Path::new(&v).join(below))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_without_fonts_is_told_what_to_install() {
        let missing = Fonts::find_in(&[PathBuf::from("/nowhere")], None).expect_err("no fonts");
        let said = missing.to_string();
        assert!(
            said.contains("fonts-noto-cjk") && said.contains("/nowhere"),
            "{said}"
        );
    }

    #[test]
    fn every_role_has_a_chain() {
        for role in Role::ALL {
            assert!(entries(role.key()).len() >= 3, "{role:?}");
        }
        assert!(entries("last").len() >= 3);
    }
}
