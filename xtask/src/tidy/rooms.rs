//! `rooms.toml`: who may use whom and what each room must never know. Refuses to know the rooms' names.

use std::collections::BTreeMap;

use serde::Deserialize;

/// The house as declared.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rooms {
    /// The rooms by name.
    pub(crate) room: BTreeMap<String, Room>,
    /// Words that have their place.
    #[serde(default)]
    pub(crate) word: Vec<WordRule>,
    /// Rules for all rooms alike.
    pub(crate) house: House,
}

/// One room.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Room {
    /// Its folder.
    pub(crate) path: String,
    /// The rooms it may use.
    pub(crate) may_use: Vec<String>,
    /// Outside crates that would give it what it must not know.
    #[serde(default)]
    pub(crate) never_use: Vec<String>,
    /// What it does.
    pub(crate) knows: String,
    /// What it must never know, as a sentence.
    pub(crate) never: String,
    /// Its folder is not there yet.
    #[serde(default)]
    pub(crate) planned: bool,
}

/// Words that stand only in some places.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WordRule {
    /// The words.
    pub(crate) words: Vec<String>,
    /// Paths where they may stand; empty: see `not_in`.
    #[serde(default)]
    pub(crate) only_in: Vec<String>,
    /// Rooms or paths where they must not stand.
    #[serde(default)]
    pub(crate) not_in: Vec<String>,
    /// Paths within `not_in` where they may stand.
    #[serde(default)]
    pub(crate) except: Vec<String>,
    /// Also in tests.
    #[serde(default)]
    pub(crate) tests: bool,
    /// Look in texts, not in code.
    #[serde(default)]
    pub(crate) strings: bool,
    /// Why, in a sentence.
    pub(crate) said: String,
}

/// Rules for all rooms alike.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct House {
    /// Names that say nothing.
    pub(crate) names_never: Vec<String>,
    /// Longer files are asked about.
    pub(crate) lines_question: usize,
    /// Longer files are refused.
    pub(crate) lines_max: usize,
    /// Beginnings of paths of somebody's machine.
    pub(crate) machine_paths: Vec<String>,
    /// Dependencies whose reason needs no words.
    pub(crate) obvious: Vec<String>,
    /// Names that the ledger itself defines.
    pub(crate) built_in: Vec<String>,
    /// ARCHITECTURE.md asks for a review after so many days.
    pub(crate) review_days: i64,
}

impl Rooms {
    /// The room that holds a path.
    pub(crate) fn of(&self, path: &str) -> Option<(&str, &Room)> {
        self.room
            .iter()
            .find(|(_, room)| under(path, &room.path))
            .map(|(name, room)| (name.as_str(), room))
    }

    /// A room that reaches itself through `may_use`.
    pub(crate) fn circle(&self) -> Option<&str> {
        self.room
            .keys()
            .map(String::as_str)
            .find(|&name| self.reaches(name, name, &mut Vec::new()))
    }

    fn reaches<'a>(&'a self, from: &'a str, to: &str, seen: &mut Vec<&'a str>) -> bool {
        let Some(room) = self.room.get(from) else {
            return false;
        };
        room.may_use.iter().any(|next| {
            next == to
                || (!seen.contains(&next.as_str()) && {
                    seen.push(next);
                    self.reaches(next, to, seen)
                })
        })
    }

    /// The table of ARCHITECTURE.md, between its two markers.
    pub(crate) fn table(&self) -> String {
        let mut out =
            String::from("| room | does | may use | must never know |\n|---|---|---|---|\n");
        for (name, room) in &self.room {
            let soon = if room.planned { " (planned)" } else { "" };
            let uses = if room.may_use.is_empty() {
                "no room".into()
            } else {
                room.may_use.join(", ")
            };
            out += &format!(
                "| `{}`{soon} | {} | {uses} | {} |\n",
                name, room.knows, room.never
            );
        }
        out
    }
}

/// Whether `path` is `folder` or lies under it.
pub(crate) fn under(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
