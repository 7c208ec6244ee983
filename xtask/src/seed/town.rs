//! One town: its places and people, a year of what happens to them, the tables that tell of it, and what a ledger
//! must answer when it has read them. Pure: everything follows from the seed.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::dice::Dice;
use super::people::{Household, Kin, Maker, Person};
use super::plan::Plan;
use crate::house::{day_number, day_text};

/// People of a village, about.
const VILLAGE: usize = 1_500;
/// Codes left for villages under a town's.
const VILLAGES_MAX: usize = 780;
/// Rows of one file of residents: about a large town's list.
const ROWS_A_FILE: usize = 50_000;
/// The days on which lists are closed.
const QUARTERS: [&str; 4] = ["2022-03-31", "2022-06-30", "2022-09-30", "2022-12-30"];
/// The last day, asked about.
pub(super) const ASKED: &str = "2022-12-31";

/// What was made: files with their text, the script, and what must come of it.
pub(super) struct Made {
    pub(super) files: Vec<(String, String)>,
    pub(super) script: String,
    /// Figures by id.
    pub(super) figures: BTreeMap<String, usize>,
    /// Findings planted, by what was planted.
    pub(super) planted: BTreeMap<&'static str, usize>,
    /// Deeds, by kind.
    pub(super) deeds: BTreeMap<&'static str, usize>,
}

struct Town<'p> {
    plan: &'p Plan,
    maker: Maker<'p>,
    dice: Dice,
    code: u64,
    villages: Vec<String>,
    households: Vec<Household>,
    made: Made,
    appeals: usize,
}

/// Makes the `n`th town with so many residents.
pub(super) fn make(plan: &Plan, seed: u64, n: u64, residents: usize) -> Result<Made, String> {
    let area: u64 = plan
        .area
        .parse()
        .map_err(|_| "area: six digits".to_owned())?;
    let code = area * 1_000_000 + (100 + n) * 1_000;
    let name = &plan.towns[usize::try_from(n).unwrap_or(0) % plan.towns.len()];
    let villages = (residents / VILLAGE).clamp(4, VILLAGES_MAX);
    let mut town = Town {
        plan,
        maker: Maker::new(plan, seed, n),
        dice: Dice::new(seed, 1_000 + n),
        code,
        villages: village_names(plan, villages),
        households: Vec::new(),
        made: Made {
            files: Vec::new(),
            script: format!(
                "at\t2022-01-04T01:00:00Z\ninit\t{}\t{code:012}\t{name}\n",
                plan.pack
            ),
            figures: BTreeMap::new(),
            planted: BTreeMap::new(),
            deeds: BTreeMap::new(),
        },
        appeals: 0,
    };
    town.places();
    town.settle(residents);
    town.spoil();
    town.base()?;
    town.offices()?;
    for (quarter, day) in QUARTERS.iter().enumerate() {
        town.quarter(quarter, day)?;
    }
    town.wrong_file()?;
    town.erasures();
    town.ask();
    Ok(town.made)
}

/// A village's bounds: a square of its own in a grid.
fn square(n: usize) -> String {
    // In thousandths of a degree; a square is nine wide, so that none touches another.
    let (west, south) = (106_000 + n % 40 * 10, 31_000 + n / 40 * 10);
    let corner = |x: usize, y: usize| {
        format!(
            "[{}.{:03},{}.{:03}]",
            x / 1000,
            x % 1000,
            y / 1000,
            y % 1000
        )
    };
    let corners = [(0, 0), (9, 0), (9, 9), (0, 9), (0, 0)];
    let corners: Vec<String> = corners
        .iter()
        .map(|(x, y)| corner(west + x, south + y))
        .collect();
    format!(
        "{{\"type\":\"Polygon\",\"coordinates\":[[{}]]}}",
        corners.join(",")
    )
}

fn village_names(plan: &Plan, count: usize) -> Vec<String> {
    let first: Vec<char> = plan.village_first.chars().collect();
    let second: Vec<char> = plan.village_second.chars().collect();
    let name = |n: usize| {
        let (a, b) = (
            first[n % first.len()],
            second[(n + n / first.len()) % second.len()],
        );
        format!("{a}{b}{}", plan.village_ending)
    };
    (0..count).map(name).collect()
}

impl Town<'_> {
    fn count(&mut self, deed: &'static str, n: usize) {
        *self.made.deeds.entry(deed).or_default() += n;
    }

    fn file(&mut self, table: &str, part: &str, rows: &[Vec<String>]) -> Result<String, String> {
        let table = self.plan.table(table)?;
        let mut text = table.head.join(",");
        text.push('\n');
        for row in rows {
            text.push_str(&row.join(","));
            text.push('\n');
        }
        let name = format!("{}{part}.csv", table.file);
        self.made.files.push((name.clone(), text));
        Ok(name)
    }

    fn import(&mut self, file: &str, day: &str) {
        let _ = writeln!(self.made.script, "import\t{file}\t{day}");
        self.count("imports", 1);
    }

    /// The villages, as the map's layer tells them.
    fn places(&mut self) {
        let mut text = String::from("{\"type\":\"FeatureCollection\",\"features\":[\n");
        for (n, name) in self.villages.iter().enumerate() {
            let code = self.code + 200 + u64::try_from(n).unwrap_or(0);
            let comma = if n == 0 { "" } else { ",\n" };
            let [called, coded] = &self.plan.layer;
            let _ = write!(
                text,
                "{comma}{{\"type\":\"Feature\",\"properties\":{{\"{called}\":\"{name}\",\"{coded}\":\"{code:012}\"}},\"geometry\":{}}}",
                square(n)
            );
        }
        text.push_str("]}\n");
        self.made.files.push(("villages.geojson".to_owned(), text));
        self.made.script.push_str("import\tvillages.geojson\n");
        self.count("imports", 1);
        self.count("villages", self.villages.len());
    }

    /// Everybody, village by village.
    fn settle(&mut self, residents: usize) {
        let villages = self.villages.len();
        for village in 0..villages {
            let mut left = residents / villages + usize::from(village < residents % villages);
            let mut n = 0;
            while left > 0 {
                let household = self.maker.household(village, n, left);
                left -= household.members.len();
                self.households.push(household);
                n += 1;
            }
        }
    }

    /// Numbers that do not pass their check: their cells are rejected and their people known by name. In the last
    /// village, which no later list tells again.
    fn spoil(&mut self) {
        let people: usize = self.households.iter().map(|h| h.members.len()).sum();
        let wanted = (people / 2_000).clamp(2, 200);
        let mut spoiled = BTreeSet::new();
        for at in (0..self.households.len()).rev() {
            if spoiled.len() == wanted {
                break;
            }
            if self.households[at].members.len() < 2 {
                continue;
            }
            let name = self.maker.rare_name();
            // Not the head: the household is told by his name too.
            let Some(person) = self.households[at].members.last_mut() else {
                continue;
            };
            person.name = name;
            let last = person.id.pop().unwrap_or('0');
            person.id.push(if last == '1' { '2' } else { '1' });
            spoiled.insert(person.id.clone());
        }
        self.made.planted.insert("rejected numbers", spoiled.len());
    }

    fn row(&self, household: &Household, person: &Person) -> Vec<String> {
        let words = &self.plan.words;
        let kin = match (person.kin, person.female) {
            (Kin::Head, _) => &words.head,
            (Kin::Spouse, true) => &words.wife,
            (Kin::Spouse, false) => &words.husband,
            (Kin::Child, true) => &words.daughter,
            (Kin::Child, false) => &words.son,
            (Kin::Parent, true) => &words.mother,
            (Kin::Parent, false) => &words.father,
        };
        vec![
            household.number.clone(),
            household.members[0].name.clone(),
            person.name.clone(),
            kin.clone(),
            self.sex(person),
            person.id.clone(),
            day_text(person.born),
            words.nations[person.nation].clone(),
            words.educations[person.education].clone(),
            person.phone.clone(),
            self.villages[household.village].clone(),
            household.group.to_string(),
        ]
    }

    fn sex(&self, person: &Person) -> String {
        let words = &self.plan.words;
        if person.female {
            &words.female
        } else {
            &words.male
        }
        .clone()
    }

    /// The lists of residents, whole villages in a file.
    fn base(&mut self) -> Result<(), String> {
        let mut rows: Vec<Vec<String>> = Vec::new();
        let mut part = 1;
        for at in 0..self.households.len() {
            let household = &self.households[at];
            rows.extend(
                household
                    .members
                    .iter()
                    .map(|person| self.row(household, person)),
            );
            let next = self.households.get(at + 1).map(|next| next.village);
            let ends = next != Some(household.village);
            if ends && (rows.len() >= ROWS_A_FILE || next.is_none()) {
                let file = self.file("residents", &format!("-{part}"), &rows)?;
                self.import(&file, super::people::BASE);
                self.count("residents at first", rows.len());
                rows.clear();
                part += 1;
            }
        }
        self.count("households", self.households.len());
        Ok(())
    }

    /// Grown people of a village with a number that stands, a few of them.
    fn grown(&mut self, village: usize, wanted: usize) -> Vec<Person> {
        let until = day_number("1998-01-01").unwrap_or(0);
        let from = day_number("1965-01-01").unwrap_or(0);
        let of = self.households.iter().filter(|h| h.village == village);
        let heads = of.map(|h| &h.members[0]);
        let fit = heads.filter(|p| p.born > from && p.born < until);
        fit.take(wanted).cloned().collect()
    }

    /// Committees, quotas, hazards, watched households, posts and staff.
    fn offices(&mut self) -> Result<(), String> {
        self.committees()?;
        self.hazards()?;
        self.watches()?;
        self.staff()
    }

    fn committees(&mut self) -> Result<(), String> {
        let posts = self.plan.table("committee")?.list("posts");
        let words = &self.plan.words;
        let (mut rows, mut quotas, mut standing) = (Vec::new(), Vec::new(), 0);
        // One member in so many villages has another schooling than the list of residents says.
        let contradicted = (self.villages.len() / 50).clamp(1, 20);
        for village in 0..self.villages.len() {
            let name = self.villages[village].clone();
            let members = self.grown(village, posts.len());
            for (n, person) in members.iter().enumerate() {
                let mut education = person.education;
                if n == 0 && village < contradicted {
                    education = (education + 2) % words.educations.len();
                }
                standing += usize::from(n < 3);
                rows.push(vec![
                    name.clone(),
                    person.name.clone(),
                    self.sex(person),
                    day_text(person.born),
                    person.id.clone(),
                    words.educations[education].clone(),
                    posts[n].clone(),
                    if n < 3 { &words.yes } else { &words.no }.clone(),
                ]);
            }
            quotas.push(vec![name, posts.len().to_string(), "3".to_owned()]);
        }
        let file = self.file("quota", "", &quotas)?;
        self.import(&file, super::people::BASE);
        let file = self.file("committee", "", &rows)?;
        self.import(&file, super::people::BASE);
        let seats = self.villages.len() * posts.len();
        for (id, count) in [
            ("committee.members", rows.len()),
            ("committee.seats", seats),
            ("committee.standing", standing),
        ] {
            self.made.figures.insert(id.to_owned(), count);
        }
        self.made
            .planted
            .insert("contradicted schoolings", contradicted);
        Ok(())
    }

    fn hazards(&mut self) -> Result<(), String> {
        let table = self.plan.table("hazards")?;
        let (kinds, places, state) = (
            table.list("kinds"),
            table.list("places"),
            table.word("state"),
        );
        let (mut rows, mut people) = (Vec::new(), 0);
        for village in (0..self.villages.len()).step_by(2) {
            let households = 1 + self.dice.below(9);
            let persons = households * 3;
            people += persons;
            let watcher = self.grown(village, 1);
            rows.push(vec![
                format!("{}{:04}", self.plan.area, rows.len() + 1),
                self.villages[village].clone(),
                self.dice.one(&places).clone(),
                self.dice.one(&kinds).clone(),
                households.to_string(),
                persons.to_string(),
                watcher.first().map(|p| p.name.clone()).unwrap_or_default(),
                state.clone(),
            ]);
        }
        let file = self.file("hazards", "", &rows)?;
        self.import(&file, super::people::BASE);
        self.made.figures.insert("hazard.points".into(), rows.len());
        self.made
            .figures
            .insert("hazard.threatened.persons".into(), people);
        Ok(())
    }

    fn watches(&mut self) -> Result<(), String> {
        let table = self.plan.table("watches")?;
        let (kinds, risks, measures) = (
            table.list("kinds"),
            table.list("risks"),
            table.list("measures"),
        );
        let no = self.plan.words.no.clone();
        let step = 150;
        let mut rows = Vec::new();
        let (mut households, mut members) = (0, 0);
        // A head's name is the household's in this list: two of one name in a village would be one.
        let mut heads: BTreeSet<(usize, String)> = BTreeSet::new();
        for at in (7..self.households.len()).step_by(step) {
            let household = self.households[at].clone();
            // The last village's numbers do not all stand.
            let head = (household.village, household.members[0].name.clone());
            if household.village + 1 >= self.villages.len() || !heads.insert(head) {
                continue;
            }
            let n = self.dice.below(risks.len());
            let kind = self.dice.one(&kinds).clone();
            let entered =
                day_text(day_number("2021-03-01").unwrap_or(0) + self.dice.between(0, 300));
            households += 1;
            members += household.members.len();
            for person in &household.members {
                let told = self.row(&household, person);
                rows.push(vec![
                    told[10].clone(),
                    told[1].clone(),
                    household.members.len().to_string(),
                    kind.clone(),
                    person.name.clone(),
                    told[3].clone(),
                    person.id.clone(),
                    risks[n].clone(),
                    entered.clone(),
                    measures[n].clone(),
                    no.clone(),
                ]);
            }
        }
        let file = self.file("watches", "", &rows)?;
        self.import(&file, super::people::BASE);
        self.made.figures.insert("watch.all".into(), households);
        self.made.figures.insert("watch.in.persons".into(), members);
        Ok(())
    }

    fn staff(&mut self) -> Result<(), String> {
        let units = self.plan.table("posts")?.list("units");
        let table = self.plan.table("staff")?;
        let (kinds, posts) = (table.list("kinds"), table.list("posts"));
        let mut rows: Vec<Vec<String>> = Vec::new();
        for n in 0..units.len() * 6 {
            let village = n % (self.villages.len() - 1);
            // The committee's five come first.
            let Some(person) = self.grown(village, 6 + n / self.villages.len()).pop() else {
                continue;
            };
            if rows.iter().any(|row| row[4] == person.id) {
                continue;
            }
            rows.push(vec![
                units[n % units.len()].clone(),
                person.name.clone(),
                self.sex(&person),
                day_text(person.born),
                person.id.clone(),
                self.plan.words.educations[person.education].clone(),
                kinds[n % kinds.len()].clone(),
                posts[n % posts.len()].clone(),
            ]);
        }
        let (mut quotas, mut authorised) = (Vec::new(), 0);
        for unit in &units {
            let (admin, institution) = (self.dice.between(7, 9), self.dice.between(7, 9));
            authorised += admin + institution;
            // Nobody of a kind: nothing is reported of it.
            let there = |kind: &String| {
                let of = rows.iter().filter(|row| row[0] == *unit && row[6] == *kind);
                let count = of.count();
                if count > 0 {
                    count.to_string()
                } else {
                    String::new()
                }
            };
            quotas.push(vec![
                unit.clone(),
                admin.to_string(),
                institution.to_string(),
                there(&kinds[0]),
                there(&kinds[1]),
            ]);
        }
        let file = self.file("posts", "", &quotas)?;
        self.import(&file, super::people::BASE);
        let file = self.file("staff", "", &rows)?;
        self.import(&file, super::people::BASE);
        self.made.figures.insert("staff.all".into(), rows.len());
        let authorised = usize::try_from(authorised).unwrap_or(0);
        self.made
            .figures
            .insert("post.authorised".into(), authorised);
        Ok(())
    }

    /// What happened in a quarter: some villages tell their lists again, and appeals come in.
    fn quarter(&mut self, quarter: usize, day: &str) -> Result<(), String> {
        let _ = writeln!(self.made.script, "at\t{day}T02:00:00Z");
        let closed = day_number(day).unwrap_or(0);
        // Never the last village: its numbers do not all stand.
        let tells = (self.villages.len() / 20).max(2);
        let first = quarter * tells;
        let told: Vec<usize> = (0..tells)
            .map(|n| (first + n) % (self.villages.len() - 1))
            .collect();
        self.births(&told, closed);
        self.deaths(&told);
        self.corrections(&told);
        self.moves(&told);
        let homes = self.households.iter().filter(|h| told.contains(&h.village));
        let each = homes.flat_map(|home| home.members.iter().map(|person| self.row(home, person)));
        let rows: Vec<Vec<String>> = each.collect();
        let file = self.file("residents", &format!("-{}", day.replace('-', "")), &rows)?;
        self.import(&file, day);
        self.appeals(quarter, closed)
    }

    /// Positions of households in these villages.
    fn homes(&self, villages: &[usize]) -> Vec<usize> {
        let each = self.households.iter().enumerate();
        each.filter(|(_, home)| villages.contains(&home.village))
            .map(|(at, _)| at)
            .collect()
    }

    fn births(&mut self, villages: &[usize], closed: i64) {
        let homes = self.homes(villages);
        let wanted = (homes.len() / 100).max(1);
        for _ in 0..wanted {
            let at = *self.dice.one(&homes);
            let born = closed - self.dice.between(3, 80);
            let head = self.households[at].members[0].clone();
            let child = self.maker.newborn(&head, born);
            self.households[at].members.push(child);
        }
        self.count("births", wanted);
    }

    fn deaths(&mut self, villages: &[usize]) {
        let homes = self.homes(villages);
        let wanted = (homes.len() / 120).max(1);
        let mut done = 0;
        for _ in 0..wanted * 20 {
            if done == wanted {
                break;
            }
            let at = *self.dice.one(&homes);
            let members = &mut self.households[at].members;
            // A head stays: the household goes by him.
            let parent = members.iter().position(|p| p.kin == Kin::Parent);
            if let Some(parent) = parent {
                members.remove(parent);
                done += 1;
            }
        }
        self.count("deaths", done);
    }

    fn corrections(&mut self, villages: &[usize]) {
        let homes = self.homes(villages);
        let wanted = (homes.len() / 100).max(1);
        for _ in 0..wanted {
            let at = *self.dice.one(&homes);
            let phone = format!("139{:08}", self.dice.below(100_000_000));
            if let Some(person) = self.households[at].members.last_mut() {
                person.phone = phone;
            }
        }
        self.count("corrections", wanted);
    }

    /// Households move from one village to the next one that tells.
    fn moves(&mut self, villages: &[usize]) {
        let homes = self.homes(villages);
        let wanted = (homes.len() / 200).max(1);
        for _ in 0..wanted {
            let at = *self.dice.one(&homes);
            let here = self.households[at].village;
            let place = villages.iter().position(|v| *v == here).unwrap_or(0);
            self.households[at].village = villages[(place + 1) % villages.len()];
        }
        self.count("moves", wanted);
    }

    fn appeals(&mut self, quarter: usize, closed: i64) -> Result<(), String> {
        let rows = self.appeal_rows(quarter, closed, "")?;
        let count = rows.len();
        let file = self.file("appeals", &format!("-{}", quarter + 1), &rows)?;
        self.import(&file, &day_text(closed));
        *self
            .made
            .figures
            .entry("appeal.received".into())
            .or_default() += count;
        let done = rows.iter().filter(|row| !row[8].is_empty()).count();
        *self.made.figures.entry("appeal.done".into()).or_default() += done;
        Ok(())
    }

    fn appeal_rows(
        &mut self,
        quarter: usize,
        closed: i64,
        mark: &str,
    ) -> Result<Vec<Vec<String>>, String> {
        let table = self.plan.table("appeals")?;
        let [sources, kinds, contents, rated] =
            ["sources", "kinds", "contents", "rated"].map(|name| table.list(name));
        let people: usize = self.households.iter().map(|h| h.members.len()).sum();
        let mut rows = Vec::new();
        for _ in 0..(people / 2_000).max(5) {
            self.appeals += 1;
            let at = self.dice.below(self.households.len());
            let received = closed - self.dice.between(20, 80);
            let answered = self
                .dice
                .percent(80)
                .then(|| received + self.dice.between(1, 5));
            rows.push(vec![
                format!("SQ{mark}2022{}{:06}", quarter + 1, self.appeals),
                day_text(received),
                self.dice.one(&sources).clone(),
                self.villages[self.households[at].village].clone(),
                self.households[at].members[0].name.clone(),
                self.dice.one(&kinds).clone(),
                self.dice.one(&contents).clone(),
                "5".to_owned(),
                answered.map(day_text).unwrap_or_default(),
                answered
                    .map(|_| self.dice.one(&rated).clone())
                    .unwrap_or_default(),
            ]);
        }
        Ok(rows)
    }

    /// A file that should not have been taken in, and is taken back.
    fn wrong_file(&mut self) -> Result<(), String> {
        let closed = day_number(QUARTERS[3]).unwrap_or(0);
        let rows = self.appeal_rows(9, closed, "X")?;
        let file = self.file("appeals", "-9", &rows)?;
        self.import(&file, QUARTERS[3]);
        let _ = writeln!(self.made.script, "undo\t{}", self.plan.words.undo);
        self.count("imports taken back", 1);
        Ok(())
    }

    /// A few leave the book by law: children, about whom no office keeps more.
    fn erasures(&mut self) {
        let words = &self.plan.words;
        let homes = self
            .households
            .iter()
            .rev()
            .filter(|h| h.village + 1 < self.villages.len());
        let children = homes.flat_map(|h| h.members.iter().filter(|p| p.kin == Kin::Child));
        let chosen: Vec<String> = children.step_by(5).take(3).map(|p| p.id.clone()).collect();
        for id in &chosen {
            let (basis, approver) = (&words.basis, &words.approver);
            let _ = writeln!(
                self.made.script,
                "erase\tperson\tid_number\t{id}\t{basis}\t{approver}"
            );
        }
        self.count("erasures", chosen.len());
    }

    /// What is asked at the end.
    fn ask(&mut self) {
        let people: usize = self.households.iter().map(|h| h.members.len()).sum();
        let figures = &mut self.made.figures;
        figures.insert("population.residents".into(), people);
        figures.insert("population.households".into(), self.households.len());
        for id in figures.keys() {
            let _ = writeln!(self.made.script, "figure\t{id}\t{ASKED}\t2022");
        }
        let _ = write!(self.made.script, "check\t{ASKED}\nverify\nhead\n");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::house::root;
    use std::collections::HashMap;

    fn town(seed: u64, residents: usize) -> Made {
        let plan = Plan::read(&root()).expect("the plan");
        make(&plan, seed, 0, residents).expect("a town")
    }

    /// The rows of the base lists.
    fn rows(made: &Made) -> Vec<Vec<&str>> {
        let base = made.files.iter().filter(|(name, _)| {
            let part = name.trim_end_matches(".csv").rsplit('-').next();
            part.is_some_and(|part| part.len() < 8) && name.contains("\u{4eba}\u{53e3}")
        });
        base.flat_map(|(_, text)| text.lines().skip(1))
            .map(|line| line.split(',').collect())
            .collect()
    }

    #[test]
    fn the_same_seed_makes_the_same_town_and_another_makes_another() {
        let (one, same, other) = (town(1, 3_000), town(1, 3_000), town(2, 3_000));
        assert_eq!((&one.files, &one.script), (&same.files, &same.script));
        assert_ne!(one.files, other.files);
    }

    #[test]
    fn everybody_is_there_once_with_a_number_of_his_own() {
        let made = town(1, 20_000);
        let rows = rows(&made);
        assert_eq!(rows.len(), 20_000);
        let ids: BTreeSet<&str> = rows.iter().map(|row| row[5]).collect();
        assert_eq!(ids.len(), rows.len());
        let broken = rows
            .iter()
            .filter(|row| !row[5].ends_with(super::super::people::check_digit(&row[5][..17])));
        assert_eq!(broken.count(), made.planted["rejected numbers"]);
    }

    #[test]
    fn every_household_has_one_head_by_whom_it_goes() {
        let made = town(3, 5_000);
        let plan = Plan::read(&root()).expect("the plan");
        let mut heads: HashMap<&str, Vec<&str>> = HashMap::new();
        let rows = rows(&made);
        for row in rows.iter().filter(|row| row[3] == plan.words.head) {
            assert_eq!(row[1], row[2]);
            heads.entry(row[0]).or_default().push(row[2]);
        }
        assert!(heads.values().all(|heads| heads.len() == 1));
        assert!(rows.iter().all(|row| heads[row[0]] == [row[1]]));
        assert_eq!(heads.len(), made.deeds["households"]);
    }
}
