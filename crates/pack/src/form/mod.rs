//! What the files of a pack may look like: every table, its keys, what a key holds. The reader takes its keys from
//! here and the schemas for editors are written from here, so that neither knows a key that the other does not.
//! Refuses to know what a declaration means: that is for the rules.

mod figures; // figures, checks, reports
mod records; // registers and sheets
mod word; // patterns of names, types, measures, bands, days
mod world; // the pack itself, levels, parameters, codes, roles

pub use figures::{BREAKDOWN, CHECK, FIGURE, GROUP, OPERAND, REPORT, SIDE};
pub use records::{
    COLUMN, EXTRACT, FIELD, GIVES, IDENTITY, MAKES, REGISTER, ROW, SHEET, SPLIT, VACANT,
};
pub use word::Word;
pub use world::{CODE, CODES, CROSSWALK, LEVEL, PACK, PARAMETER, ROLE, VALUE};

/// A table of a pack file.
#[derive(Debug)]
pub struct Form {
    /// What it is called in a schema, as `column`.
    pub name: &'static str,
    /// What it is, in a sentence.
    pub text: &'static str,
    /// Its keys; every other key is an error.
    pub keys: &'static [KeyForm],
    /// Keys that go together or exclude each other.
    pub ways: &'static [Way],
    /// Keys that follow from the value of another.
    pub when: &'static [When],
}

/// A key of a table.
#[derive(Debug)]
pub struct KeyForm {
    /// The key.
    pub name: &'static str,
    /// Whether it must be there.
    pub required: bool,
    /// What it holds.
    pub holds: Holds,
    /// What it says, in a sentence.
    pub text: &'static str,
}

/// What a key holds.
#[derive(Debug)]
pub enum Holds {
    /// A text for people, or an expression.
    Text,
    /// A text of a certain form.
    Word(Word),
    /// One of these words.
    Choice(&'static [&'static str]),
    /// True or false.
    Flag,
    /// A whole number from 0 to this.
    Small(i64),
    /// A value of a type that another key names: a text, a number, true or false, a date.
    Value,
    /// A list.
    List(&'static Holds),
    /// A list that is not empty.
    Some(&'static Holds),
    /// A table with these keys.
    Table(&'static Form),
    /// A text of a certain form, or a table.
    WordOr(Word, &'static Form),
    /// A table whose keys are chosen freely, all of one form.
    Map(Word, &'static Holds),
}

/// One of several ways in which a table may be made; exactly one is taken.
#[derive(Debug)]
pub struct Way {
    /// Any of these keys says that this way is meant.
    pub marks: &'static [&'static str],
    /// Keys that it needs.
    pub needs: &'static [&'static str],
    /// Keys that do not go with it.
    pub never: &'static [&'static str],
}

/// What follows when a key has a value.
#[derive(Debug)]
pub struct When {
    /// The key.
    pub key: &'static str,
    /// Its value.
    pub is: &'static str,
    /// Keys that are needed then.
    pub needs: &'static [&'static str],
    /// Keys that are out of place then.
    pub never: &'static [&'static str],
}

/// How a declaration stands at the top of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stands {
    /// Once, as `[pack]`.
    Once,
    /// By name, as `[register.NAME]`.
    Named,
    /// In a list, as `[[figure]]`.
    Listed,
}

/// A kind of declaration: a key at the top of a file.
#[derive(Debug)]
pub struct Declaration {
    /// The key.
    pub key: &'static str,
    /// How it stands.
    pub stands: Stands,
    /// The kind of file in which it stands by habit: the name of its schema.
    pub file: &'static str,
    /// Its table.
    pub form: &'static Form,
}

/// Every kind of declaration, in the order in which a pack is told.
pub static DECLARATIONS: &[Declaration] = &[
    declared("pack", Stands::Once, "pack", &PACK),
    declared("level", Stands::Listed, "divisions", &LEVEL),
    declared("parameter", Stands::Named, "parameters", &PARAMETER),
    declared("codes", Stands::Named, "codes", &CODES),
    declared("crosswalk", Stands::Named, "codes", &CROSSWALK),
    declared("register", Stands::Named, "registers", &REGISTER),
    declared("sheet", Stands::Named, "sheets", &SHEET),
    declared("figure", Stands::Listed, "figures", &FIGURE),
    declared("check", Stands::Listed, "checks", &CHECK),
    declared("report", Stands::Listed, "reports", &REPORT),
    declared("role", Stands::Named, "roles", &ROLE),
];

const fn declared(
    key: &'static str,
    stands: Stands,
    file: &'static str,
    form: &'static Form,
) -> Declaration {
    Declaration {
        key,
        stands,
        file,
        form,
    }
}

impl Form {
    /// Its keys' names.
    pub fn names(&self) -> impl Iterator<Item = &'static str> + Clone {
        self.keys.iter().map(|key| key.name)
    }
}

/// A key that must be there.
const fn need(name: &'static str, holds: Holds, text: &'static str) -> KeyForm {
    KeyForm {
        name,
        required: true,
        holds,
        text,
    }
}

/// A key that may be there.
const fn may(name: &'static str, holds: Holds, text: &'static str) -> KeyForm {
    KeyForm {
        name,
        required: false,
        holds,
        text,
    }
}

/// A list of texts.
const TEXTS: Holds = Holds::List(&Holds::Text);
