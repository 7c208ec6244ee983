//! The tables of the world around the records: the pack itself, levels of the place tree, parameters, code lists,
//! roles.

use super::{Form, Holds, KeyForm, TEXTS, Word, may, need};

/// `[pack]`.
pub static PACK: Form = plain(
    "pack",
    "The pack's own table; it stands once, in pack.toml.",
    &[
        need("name", Holds::Word(Word::Name), "Short name."),
        need("title", Holds::Text, "The title that people read."),
        need("version", Holds::Text, "The pack's own version, as 0.1.0."),
        may(
            "passwords",
            Holds::Choice(&["asvs", "dengbao"]),
            "Which rules passwords follow: asvs (length, none of the commonest) or dengbao (kinds of characters and a change every 90 days besides); asvs when left out.",
        ),
    ],
);

/// `[[level]]`.
pub static LEVEL: Form = plain(
    "level",
    "A level of the place tree; the levels stand top first, and the first is the book's own.",
    &[
        need("name", Holds::Word(Word::Name), "Stable name, as village."),
        need("title", Holds::Text, "The title that people read."),
        may(
            "endings",
            TEXTS,
            "Endings that a division's name of this level may carry or drop; the longest is tried first.",
        ),
        may(
            "kinds",
            TEXTS,
            "Words of a source's column or property of kind that mean this level.",
        ),
        may(
            "whole",
            TEXTS,
            "Words that mean the whole of the book in a column of places; only of the first level.",
        ),
    ],
);

/// `[parameter.NAME]`.
pub static PARAMETER: Form = plain(
    "parameter",
    "A typed value that is in force from a date: a threshold, a date, the beginning of a period.",
    &[
        need("title", Holds::Text, "The title that people read."),
        need("type", Holds::Word(Word::Type), "The type of its values."),
        may(
            "period",
            Holds::Word(Word::Name),
            "Names a period that begins on the day after this date; only of type date.",
        ),
        need(
            "values",
            Holds::List(&Holds::Table(&VALUE)),
            "Its values, oldest first.",
        ),
    ],
);

/// An entry of a parameter's `values`.
pub static VALUE: Form = plain(
    "value",
    "A value from a day on.",
    &[
        need(
            "from",
            Holds::Word(Word::Day),
            "The first day on which it is true.",
        ),
        need("value", Holds::Value, "The value, of the parameter's type."),
    ],
);

/// `[codes.NAME]`.
pub static CODES: Form = plain(
    "codes",
    "A list of codes.",
    &[
        need("title", Holds::Text, "The title that people read."),
        need(
            "scheme",
            Holds::Text,
            "The standard it is taken from, as GB/T 4658, or the pack's own name.",
        ),
        need("version", Holds::Text, "The scheme's version, as 2006."),
        need(
            "list",
            Holds::List(&Holds::Table(&CODE)),
            "The codes, in the list's order.",
        ),
    ],
);

/// An entry of a code list's `list`.
pub static CODE: Form = plain(
    "code",
    "One code.",
    &[
        need("code", Holds::Text, "What is stored."),
        need("title", Holds::Text, "The title that people read."),
        may(
            "aliases",
            TEXTS,
            "Other words that workbooks use for it; the title and the code itself count too.",
        ),
    ],
);

/// `[crosswalk.NAME]`.
pub static CROSSWALK: Form = plain(
    "crosswalk",
    "A many-to-one mapping from one code list to another, callable in expressions.",
    &[
        need("from", Holds::Word(Word::Name), "The list it maps from."),
        need("to", Holds::Word(Word::Name), "The list it maps to."),
        need(
            "map",
            Holds::Map(Word::Any, &Holds::Text),
            "From code to code; a code that is missing maps to unknown.",
        ),
    ],
);

/// `[role.NAME]`.
pub static ROLE: Form = plain(
    "role",
    "A role: who may do what.",
    &[
        need("title", Holds::Text, "The title that people read."),
        need(
            "may",
            TEXTS,
            "Deeds it may do, as import, report; * is all.",
        ),
        may("registers", TEXTS, "Registers it may see; * is all."),
        may(
            "personal",
            Holds::Flag,
            "Whether personal fields are opened to it; false when left out.",
        ),
        may(
            "level",
            Holds::Word(Word::Name),
            "The level at which the places lie for which it is granted; any when left out.",
        ),
        may(
            "office",
            Holds::Word(Word::Name),
            "The office it belongs to: a role whose registers (those that name it as their owner) it sees as well.",
        ),
        may(
            "fields",
            Holds::Map(Word::Name, &TEXTS),
            "By register: the only fields of it that it sees.",
        ),
        may(
            "hidden",
            Holds::Map(Word::Name, &TEXTS),
            "By register: the fields of it that it does not see.",
        ),
        may(
            "admin",
            Holds::Choice(&["system", "security", "audit"]),
            "Which of the three administrators it is; nobody is two of them, and none of them sees a register.",
        ),
    ],
);

/// A table whose keys are independent of each other.
const fn plain(name: &'static str, text: &'static str, keys: &'static [KeyForm]) -> Form {
    Form {
        name,
        text,
        keys,
        ways: &[],
        when: &[],
    }
}
