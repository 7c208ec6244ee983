//! Households and who lives in them: ages that fit one another, one head each, ID numbers that pass their check and
//! never repeat. Refuses to know how they are written down.

use std::collections::HashMap;

use super::dice::Dice;
use super::plan::Plan;
use crate::house::{day_number, day_text};

/// The day on which the base lists were closed.
pub(super) const BASE: &str = "2022-01-01";

/// What somebody is to the head of the household.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kin {
    Head,
    Spouse,
    Child,
    Parent,
}

/// Somebody.
#[derive(Debug, Clone)]
pub(super) struct Person {
    pub(super) name: String,
    pub(super) female: bool,
    /// The day number.
    pub(super) born: i64,
    pub(super) id: String,
    pub(super) nation: usize,
    pub(super) education: usize,
    pub(super) phone: String,
    pub(super) kin: Kin,
}

/// A household.
#[derive(Debug, Clone)]
pub(super) struct Household {
    pub(super) number: String,
    pub(super) village: usize,
    pub(super) group: usize,
    pub(super) members: Vec<Person>,
}

/// Makes people of one town.
pub(super) struct Maker<'p> {
    plan: &'p Plan,
    pub(super) dice: Dice,
    surnames: Vec<char>,
    given: Vec<char>,
    rare: Vec<char>,
    /// ID numbers given out, by birthday and sex.
    given_out: HashMap<(i64, bool), u32>,
    phones: u64,
    rarities: usize,
    base: i64,
}

impl<'p> Maker<'p> {
    /// With a town's own draws.
    pub(super) fn new(plan: &'p Plan, seed: u64, town: u64) -> Maker<'p> {
        Maker {
            plan,
            dice: Dice::new(seed, town),
            surnames: plan.surnames.chars().collect(),
            given: plan.given.chars().collect(),
            rare: plan.rare.chars().collect(),
            given_out: HashMap::new(),
            phones: town * 7_000_000,
            rarities: 0,
            base: day_number(BASE).unwrap_or(0),
        }
    }

    /// A household of at most `most` members, its number made of where it is.
    pub(super) fn household(&mut self, village: usize, n: usize, most: usize) -> Household {
        let size = *self.dice.one(&[1, 2, 2, 3, 3, 3, 4, 4, 5, 6]);
        let size = size.min(most);
        let (surname, female) = (self.surname(), self.dice.percent(25));
        let age = self.dice.between(26, 74);
        let mut members = vec![self.person(surname, female, age, Kin::Head)];
        let married = size > 1 && self.dice.percent(85);
        if married {
            let surname = self.surname();
            let age = (age + self.dice.between(-4, 4)).max(22);
            members.push(self.person(surname, !female, age, Kin::Spouse));
        }
        let parents = age < 62 && size > members.len() && self.dice.percent(35);
        if parents {
            let mother = self.dice.percent(50);
            let surname = if mother { self.surname() } else { surname };
            let age = age + self.dice.between(21, 32);
            members.push(self.person(surname, mother, age, Kin::Parent));
        }
        while members.len() < size {
            // Of a mother between twenty and forty; somebody of twenty-six has a child of six at the most.
            let age = (age - self.dice.between(20, 40)).max(0);
            let daughter = self.dice.percent(48);
            members.push(self.person(surname, daughter, age, Kin::Child));
        }
        let group = 1 + self.dice.below(9);
        Household {
            number: format!("{village:03}{group:02}{n:04}"),
            village,
            group,
            members,
        }
    }

    /// A child born on a day into a household of this name.
    pub(super) fn newborn(&mut self, head: &Person, born: i64) -> Person {
        let surname = head.name.chars().next().unwrap_or(self.surnames[0]);
        let female = self.dice.percent(48);
        let mut child = self.person(surname, female, 0, Kin::Child);
        child.born = born;
        child.id = self.id(born, female);
        child
    }

    /// A name that nobody else of the town has.
    pub(super) fn rare_name(&mut self) -> String {
        let (count, n) = (self.rare.len(), self.rarities);
        self.rarities += 1;
        let surname = *self.dice.common(&self.surnames);
        let parts = [surname, self.rare[n / count % count], self.rare[n % count]];
        parts.iter().collect()
    }

    fn surname(&mut self) -> char {
        *self.dice.common(&self.surnames)
    }

    fn person(&mut self, surname: char, female: bool, age: i64, kin: Kin) -> Person {
        let mut name = String::from(surname);
        for _ in 0..1 + usize::from(self.dice.percent(80)) {
            name.push(*self.dice.one(&self.given));
        }
        let born = self.base - age * 365 - age / 4 - self.dice.between(1, 364);
        self.phones += 1;
        let schooled = match age {
            0..=11 => 0,
            12..=17 => self.dice.below(2),
            18..=45 => self.dice.below(5),
            _ => self.dice.below(3),
        };
        Person {
            name,
            female,
            born,
            id: self.id(born, female),
            nation: self.dice.below(self.plan.words.nations.len()),
            education: schooled,
            phone: format!("138{:08}", self.phones % 100_000_000),
            kin,
        }
    }

    /// The next number of a birthday: odd for men, and another area when its thousand is used up.
    fn id(&mut self, born: i64, female: bool) -> String {
        let next = self.given_out.entry((born, female)).or_insert(0);
        let n = *next;
        *next += 1;
        let (area, order) = (n / 499, n % 499 * 2 + if female { 2 } else { 1 });
        let first: u32 = self.plan.area.parse().unwrap_or(0);
        let day = day_text(born).replace('-', "");
        let body = format!("{:06}{day}{order:03}", first + area);
        let check = check_digit(&body);
        format!("{body}{check}")
    }
}

/// The last character of an ID number (GB 11643-1999).
pub(super) fn check_digit(body: &str) -> char {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let digits = body.chars().filter_map(|c| c.to_digit(10));
    let sum: u32 = digits
        .zip(WEIGHTS)
        .map(|(digit, weight)| digit * weight)
        .sum();
    char::from(b"10X98765432"[usize::try_from(sum % 11).unwrap_or(0)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_example_passes() {
        // GB 11643-1999, appendix A.
        assert_eq!(check_digit("11010519491231002"), 'X');
    }
}
