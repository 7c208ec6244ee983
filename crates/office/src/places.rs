//! Places by the names that people write: full, short, with or without the town's name, with any ending of the
//! level. Refuses to know workbooks and the ledger: names in, a place or the nearest name out.

use std::collections::HashMap;
use vocabulary::DivisionId;

/// A place as the ledger knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Its number.
    pub id: DivisionId,
    /// Its name in full.
    pub name: String,
    /// The name of its level.
    pub level: String,
}

/// A name that is no place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoPlace {
    /// The nearest name, when one is near.
    pub nearest: Option<String>,
}

/// Finds places by name.
#[derive(Debug, Clone, Default)]
pub struct Places {
    exact: HashMap<String, DivisionId>,
    /// By the name without ending; `None` when two places share it.
    stems: HashMap<String, Option<DivisionId>>,
    /// By other names than their own, former ones included; `None` when two places share one.
    others: HashMap<String, Option<DivisionId>>,
    names: Vec<String>,
    ids: Vec<DivisionId>,
    endings: Vec<String>,
    town: String,
}

impl Places {
    /// An index over places. `town` is the book's own name; `endings` are those of the pack's levels.
    pub fn new(places: &[Place], town: &str, endings: &[String]) -> Places {
        let mut endings: Vec<String> = endings.iter().map(|ending| plain(ending)).collect();
        endings.sort_by_key(|ending| std::cmp::Reverse(ending.chars().count()));
        let mut index = Places {
            town: plain(town),
            endings,
            ..Places::default()
        };
        for place in places {
            index.add(place);
        }
        index
    }

    /// Adds a place.
    pub fn add(&mut self, place: &Place) {
        let name = plain(&place.name);
        self.exact.insert(name.clone(), place.id);
        self.names.push(place.name.clone());
        self.ids.push(place.id);
        let stem = self.stem(&name).to_owned();
        if stem != name && name != self.town {
            self.stems
                .entry(stem)
                .and_modify(|known| {
                    if *known != Some(place.id) {
                        *known = None;
                    }
                })
                .or_insert(Some(place.id));
        }
    }

    /// Another name of a place. A place that bears the name itself comes first; two that are also called so are
    /// neither.
    pub fn also(&mut self, name: &str, id: DivisionId) {
        self.others
            .entry(plain(name))
            .and_modify(|known| {
                if *known != Some(id) {
                    *known = None;
                }
            })
            .or_insert(Some(id));
    }

    /// A place whose name begins with that of what it lies under may say that by its short name: the first shop of
    /// the second works hall, the third group of a village.
    pub fn under(&mut self, name: &str, above: &str, id: DivisionId) {
        let (name, above) = (plain(name), plain(above));
        let stem = self.stem(&above).to_owned();
        if let Some(rest) = name.strip_prefix(&above)
            && stem != above
            && !rest.is_empty()
        {
            self.also(&format!("{stem}{rest}"), id);
        }
    }

    /// The number for the next place to be proposed from workbooks; `None` once a real list of places is known.
    /// Proposed places take the village part 900 and above, which GB/T 10114 leaves free.
    pub fn next_proposed(&self, book: DivisionId) -> Option<DivisionId> {
        let mut next = book + 900;
        for id in self.ids.iter().filter(|id| **id != book) {
            if !(book + 900..book + 1_000).contains(id) {
                return None;
            }
            next = next.max(id + 1);
        }
        Some(next)
    }

    /// A word that means the whole book; a place of that name comes first.
    pub fn whole(&mut self, word: &str, book: DivisionId) {
        self.exact.entry(plain(word)).or_insert(book);
    }

    /// A place's name.
    pub fn name(&self, place: DivisionId) -> Option<&str> {
        let at = self.ids.iter().position(|id| *id == place)?;
        Some(&self.names[at])
    }

    /// The place a name means.
    pub fn find(&self, written: &str) -> Result<DivisionId, NoPlace> {
        let name = plain(written);
        let named = |name: &str| {
            let other = || self.others.get(name).copied().flatten();
            self.exact.get(name).copied().or_else(other)
        };
        // Brackets around a number are a habit of writing, when the name without them is known.
        let known = |name: &str| named(name).or_else(|| named(&name.replace(['(', ')'], "")));
        if let Some(id) = known(&name) {
            return Ok(id);
        }
        let inside = name
            .strip_prefix(&self.town)
            .filter(|rest| !rest.is_empty())
            .unwrap_or(&name);
        if let Some(id) = known(inside) {
            return Ok(id);
        }
        // One ending after another: a committee of a community is the community before it is the bare name.
        let mut short = inside;
        loop {
            let next = self.stem(short);
            if next == short {
                break;
            }
            short = next;
            if let Some(id) = known(short) {
                return Ok(id);
            }
        }
        if let Some(Some(id)) = self.stems.get(short) {
            return Ok(*id);
        }
        Err(NoPlace {
            nearest: self.nearest(&name),
        })
    }

    /// The one place that a text names among other words, as a title does; `None` when there is none or
    /// several. The town itself says nothing there: every title of a town may name it.
    pub fn named_in(&self, text: &str) -> Option<(DivisionId, String)> {
        let squeezed = plain(text);
        let bare = squeezed.split('.').next().unwrap_or_default();
        if let Ok(id) = self.find(bare).as_ref()
            && self.exact.get(&self.town) != Some(id)
        {
            return Some((*id, bare.to_owned()));
        }
        let without_town = squeezed.replace(&self.town, " ");
        let named =
            |name: &&String| plain(name) != self.town && without_town.contains(&plain(name));
        let mut found: Vec<&String> = self.names.iter().filter(named).collect();
        // A name inside a longer one that stands there too is not named itself.
        found.sort_by_key(|name| std::cmp::Reverse(name.chars().count()));
        let longest = *found.first()?;
        let other = found.iter().any(|name| !longest.contains(name.as_str()));
        let id = *self.exact.get(&plain(longest))?;
        (!other).then(|| (id, longest.clone()))
    }

    fn stem<'a>(&self, name: &'a str) -> &'a str {
        self.endings
            .iter()
            .find_map(|ending| {
                name.strip_suffix(ending.as_str())
                    .filter(|stem| !stem.is_empty())
            })
            .unwrap_or(name)
    }

    fn nearest(&self, name: &str) -> Option<String> {
        self.names
            .iter()
            .map(|known| (strsim::damerau_levenshtein(known, name), known))
            .filter(|(distance, known)| *distance < known.chars().count().max(2))
            .min()
            .map(|(_, known)| known.clone())
    }
}

/// A name as it is looked up: without blanks, and brackets, digits and letters of full width as the narrow ones.
fn plain(text: &str) -> String {
    let narrow = |c: char| match u32::from(c) {
        wide @ 0xFF01..=0xFF5E => char::from_u32(wide - 0xFEE0).unwrap_or(c),
        _ => c,
    };
    squeeze(text).chars().map(narrow).collect()
}

/// Without blanks of any width.
pub(crate) fn squeeze(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace() && *c != '\u{200b}' && *c != '\u{feff}')
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places() -> Places {
        let all = [
            (1, "桥头镇"),
            (2, "大石村"),
            (3, "桥头社区"),
            (4, "桥头村"),
            (5, "两河口村"),
        ];
        let all: Vec<Place> = all
            .map(|(id, name)| Place {
                id,
                name: name.to_owned(),
                level: String::new(),
            })
            .into();
        let endings = ["镇", "村", "社区", "村委会", "居委会", "村民委员会"].map(str::to_owned);
        Places::new(&all, "桥头镇", &endings)
    }

    #[test]
    fn every_way_to_write_a_village_is_that_village() {
        for (written, id) in [
            ("大石村", 2),
            ("大石", 2),
            ("大 石 村", 2),
            ("桥头镇大石村", 2),
            ("大石村委会", 2),
            ("大石村民委员会", 2),
            ("桥头社区居委会", 3),
            ("桥头镇桥头村", 4),
            ("桥头镇", 1),
        ] {
            assert_eq!(places().find(written), Ok(id), "{written}");
        }
    }

    #[test]
    fn a_title_names_one_place_or_none() {
        let named = |text: &str| places().named_in(text).map(|(id, _)| id);
        assert_eq!(named("桥头镇大石村“两委”干部花名册"), Some(2));
        assert_eq!(named("大石"), Some(2));
        assert_eq!(named("大石村.xlsx"), Some(2));
        assert_eq!(named("桥头镇桥头村干部花名册"), Some(4));
        assert_eq!(named("大石村、两河口村干部花名册"), None);
        assert_eq!(named("桥头镇干部花名册"), None);
        assert_eq!(named("干部花名册"), None);
    }

    #[test]
    fn a_name_that_two_places_share_is_not_guessed() {
        assert!(places().find("桥头").is_err());
    }

    #[test]
    fn another_name_finds_a_place_unless_two_are_called_so() {
        let mut places = places();
        places.also("河口", 5);
        places.also("上大石", 2);
        places.also("大石村", 5);
        places.also("老街", 3);
        places.also("老街", 4);
        assert_eq!(places.find("河口"), Ok(5));
        assert_eq!(places.find("上大石村"), Ok(2));
        assert_eq!(places.find("大石村"), Ok(2), "its own name comes first");
        assert!(places.find("老街").is_err());
    }

    #[test]
    fn what_lies_under_another_may_say_it_shortly_and_in_brackets() {
        let mut places = places();
        for (id, name) in [(7, "大石村3组"), (8, "青山村3组")] {
            places.add(&Place {
                id,
                name: name.to_owned(),
                level: String::new(),
            });
        }
        places.under("大石村3组", "大石村", 7);
        places.under("青山村3组", "青山村", 8);
        for written in ["大石村3组", "大石3组", "大石（3）组", "大石村(3)组"] {
            assert_eq!(places.find(written), Ok(7), "{written}");
        }
        assert!(places.find("（3）组").is_err());
    }

    #[test]
    fn an_unknown_name_offers_the_nearest() {
        let lost = places().find("大右村").expect_err("no such village");
        assert_eq!(lost.nearest.as_deref(), Some("大石村"));
        assert_eq!(
            places()
                .find("红旗渠首")
                .expect_err("no such place")
                .nearest,
            None
        );
    }
}
