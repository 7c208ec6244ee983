//! The example town: its workbooks, its date, its known answers. Refuses to compute any of them.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use crate::desk::{Desk, root, value_of};

/// The example town as `examples/qinghe` describes itself.
#[derive(Debug)]
pub struct Town {
    /// Its name.
    pub name: String,
    /// The date of the answers.
    pub at: String,
    /// The period of the answers.
    pub period: String,
    /// The end of the last term.
    pub before: String,
    /// The answers of answers.json and the plain ones of answers_detail.json, by figure.
    pub answers: BTreeMap<String, Value>,
    /// Answers at another date: figure, date, value.
    pub answers_then: Vec<(String, String, Value)>,
}

/// Beginnings of the ids of figures over people and posts: those of the four workbooks that the variants re-write.
const OF_PEOPLE: [&str; 6] = [
    "post.",
    "leader.",
    "staff.",
    "committee.",
    "secretary.",
    "population.",
];

/// Beginnings of the ids of the other figures that the township pack declares so far.
const OF_WORK: [&str; 18] = [
    "agent.", "appeal.", "award.", "consume.", "duty.", "enforce.", "fund.", "hazard.", "org.",
    "parking.", "party.", "points.", "reserve.", "space.", "team.", "watch.", "wechat.",
    "welfare.",
];

/// Details that the pack asks for under another id.
const ALSO_CALLED: [(&str, &str); 3] = [
    ("agent.town.cases", "agent.handled[town]"),
    ("leader.open", "leader.open.posts"),
    ("watch.unresolved", "watch.in"),
];

impl Town {
    /// The township's division code.
    pub const BOOK: &str = "511729102000";

    /// Reads what the example says of itself.
    pub fn read() -> Town {
        let detail = json("examples/qinghe/answers_detail.json");
        let meta = &detail["meta"];
        let text = |key: &str| meta[key].as_str().expect("meta is complete").to_owned();
        let mut town = Town {
            name: text("town"),
            at: text("at"),
            period: meta["period"].to_string(),
            before: text("previous_term_at"),
            answers: BTreeMap::new(),
            answers_then: Vec::new(),
        };
        let lists = [&json("examples/qinghe/answers.json"), &detail["detail"]];
        for (id, value) in lists
            .into_iter()
            .flat_map(|list| list.as_object().expect("an object"))
        {
            let plain = value.is_number()
                || value
                    .as_array()
                    .is_some_and(|list| list.iter().all(Value::is_string));
            let mut declared = OF_PEOPLE.iter().chain(&OF_WORK);
            // A detail under a word of the workbooks says what it counts, and is no figure's id.
            if !plain || !id.is_ascii() || !declared.any(|start| id.starts_with(start)) {
                continue;
            }
            match id.split_once('@') {
                Some((id, date)) => {
                    town.answers_then
                        .push((id.to_owned(), date.to_owned(), value.clone()));
                }
                // answers.json comes first: the detail of a list is not its value.
                None => {
                    let called = ALSO_CALLED.iter().find(|(detail, _)| detail == id);
                    town.answers
                        .entry(called.map_or(id.as_str(), |(_, id)| id).to_owned())
                        .or_insert_with(|| value.clone());
                }
            }
        }
        town
    }

    /// The township pack's folder.
    pub fn pack(&self) -> String {
        root().join("packs/township").to_string_lossy().into_owned()
    }

    /// The folder of the town's workbooks.
    pub fn folder(&self) -> PathBuf {
        root().join("examples/qinghe")
    }

    /// One of its files, found by a part of the name.
    pub fn file(&self, part: &str) -> String {
        let found = fs::read_dir(self.folder())
            .expect("the example is part of the project")
            .flatten()
            .find(|entry| entry.file_name().to_string_lossy().contains(part));
        found
            .unwrap_or_else(|| panic!("no file of the example is called {part}"))
            .path()
            .to_string_lossy()
            .into()
    }

    /// A desk with the town's book and the villages in it.
    pub fn villages(&self) -> Desk {
        let desk = Desk::with_book(self);
        desk.import(&[&self.file("villages.geojson")]).done();
        desk
    }

    /// Those answers that the figures of a desk do not give, as sentences.
    pub fn disagreements(&self, figures: &[Value]) -> Vec<String> {
        self.differing(figures, |_| true)
    }

    /// Of the figures over people and posts, those answers that the figures of a desk do not give.
    pub fn disagreements_of_people(&self, figures: &[Value]) -> Vec<String> {
        self.differing(figures, |id| {
            OF_PEOPLE.iter().any(|start| id.starts_with(start))
        })
    }

    fn differing(&self, figures: &[Value], about: impl Fn(&str) -> bool) -> Vec<String> {
        self.answers
            .iter()
            .filter(|(id, _)| about(id))
            .filter_map(|(id, known)| {
                let got = value_of(figures, id);
                let agrees = got
                    .as_ref()
                    .is_some_and(|got| crate::numbers_agree(got, known));
                (!agrees).then(|| match got {
                    Some(got) => format!("{id}: {got}, known {known}"),
                    None => format!("{id}: no such figure, known {known}"),
                })
            })
            .collect()
    }
}

fn json(path: &str) -> Value {
    let text = fs::read_to_string(root().join(path)).expect("the example is part of the project");
    serde_json::from_str(&text).expect("the example's answers are JSON")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answers_are_those_of_the_declared_figures() {
        let town = Town::read();
        assert_eq!(town.answers["post.authorised"], 77);
        assert!(town.answers.contains_key("secretary.edu[bachelor]"));
        assert_eq!(town.answers["duty.meetings"], 23);
        assert_eq!(town.answers["watch.in"], 33);
        assert!(town.answers.keys().all(|id| !id.starts_with("sown.")));
        assert_eq!(town.answers_then.len(), 3);
    }
}
