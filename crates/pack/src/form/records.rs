//! The tables of records: registers with their fields, sheets with their columns and rows.

use super::{Form, Holds, TEXTS, Way, When, Word, may, need};

/// `[register.NAME]`.
pub static REGISTER: Form = Form {
    name: "register",
    text: "A typed table of records.",
    keys: &[
        need("title", Holds::Text, "The title that people read."),
        may("text", Holds::Text, "What it keeps, in a sentence."),
        may("was", TEXTS, "Former names; never used again."),
        need(
            "label",
            Holds::Text,
            "An expression for a record's label in lists and traces.",
        ),
        may(
            "keys",
            Holds::List(&Holds::Some(&Holds::Text)),
            "What identifies a record, in steps: each key lists fields, @division or @ordinal.",
        ),
        may(
            "identity",
            Holds::Table(&IDENTITY),
            "How mentions of one subject are found to be one; for people, households and the like.",
        ),
        may(
            "subject",
            Holds::Word(Word::Name),
            "The reference field that says whose key seals the personal fields.",
        ),
        may(
            "owner",
            Holds::Word(Word::Name),
            "The role that owns findings about it.",
        ),
        need(
            "fields",
            Holds::Map(Word::Name, &Holds::Table(&FIELD)),
            "The fields, in order.",
        ),
    ],
    ways: &[],
    when: &[],
};

/// A register's `identity`.
pub static IDENTITY: Form = Form {
    name: "identity",
    text: "How mentions of one subject are found to be one: `sure` alone, else `name` with the first of `agree`.",
    keys: &[
        may(
            "sure",
            Holds::Word(Word::Name),
            "A field that decides alone, as a valid ID number; different values are never merged.",
        ),
        need(
            "name",
            Holds::Word(Word::Name),
            "The field that must be equal in every weaker step.",
        ),
        may(
            "agree",
            Holds::List(&Holds::List(&Holds::Text)),
            "Alternatives, the strongest first: fields, @place or @unit that must all agree.",
        ),
    ],
    ways: &[],
    when: &[],
};

/// A field of a register.
pub static FIELD: Form = Form {
    name: "field",
    text: "A field.",
    keys: &[
        need(
            "type",
            Holds::Word(Word::Type),
            "Its type, which fixes the stored unit.",
        ),
        need(
            "title",
            Holds::Text,
            "The title that people read; headers may use it.",
        ),
        may("was", TEXTS, "Former names; never used again."),
        may("aliases", TEXTS, "Other words that headers use for it."),
        may("required", Holds::Flag, "A row without it does not enter."),
        may(
            "personal",
            Holds::Flag,
            "Sealed in the ledger's bodies, in clear in derived tables.",
        ),
        may(
            "secret",
            Holds::Flag,
            "Sealed everywhere; compared with = and `is null` only.",
        ),
        may(
            "constant",
            Holds::Flag,
            "One truth for ever, as a birth date: differences are contradictions whatever their dates.",
        ),
        may(
            "gives",
            Holds::Table(&GIVES),
            "For an ID number: fields of the same register that a valid number fills.",
        ),
        may(
            "agree",
            Holds::Word(Word::Name),
            "For a code: a crosswalk from its list; two sources whose codes map to one class do not contradict one another.",
        ),
        may("unit", Holds::Text, "The shown unit."),
    ],
    ways: &[],
    when: &[],
};

/// A field's `gives`.
pub static GIVES: Form = Form {
    name: "gives",
    text: "What a valid ID number fills.",
    keys: &[
        may("birth", Holds::Word(Word::Name), "A field of type date."),
        may(
            "sex",
            Holds::Word(Word::Name),
            "A field of type code:LIST whose list has the codes 1 and 2 of GB/T 2261.1.",
        ),
    ],
    ways: &[],
    when: &[],
};

/// `[sheet.NAME]`.
pub static SHEET: Form = Form {
    name: "sheet",
    text: "How a table in a workbook is recognised, and what one of its rows writes.",
    keys: &[
        need(
            "title",
            Holds::Text,
            "The title that people read in previews.",
        ),
        may(
            "names",
            TEXTS,
            "Words looked for in the sheet's name, its title and the file's name; each found raises confidence.",
        ),
        may(
            "never",
            TEXTS,
            "Words that exclude the sheet when found there.",
        ),
        may(
            "only",
            TEXTS,
            "Words one of which must stand there, or the table is not this sheet.",
        ),
        need(
            "mode",
            Holds::Choice(&["roster", "entries"]),
            "roster: the whole truth of its scope at its date; entries: adds only.",
        ),
        may(
            "of",
            Holds::Word(Word::Name),
            "For a roster: the register that it lists completely.",
        ),
        may(
            "by_division",
            Holds::Flag,
            "For a roster: only the divisions that occur in it are its scope; false when left out.",
        ),
        may(
            "rank",
            Holds::Small(255),
            "Order among sources that say different things: lower wins; 5 when left out.",
        ),
        may(
            "place",
            Holds::Word(Word::Name),
            "The column that names the row's division; without one, the book's own.",
        ),
        may(
            "vacant",
            Holds::Table(&VACANT),
            "Words that mean an empty seat.",
        ),
        may(
            "makes",
            Holds::Table(&MAKES),
            "Its rows are a list of places: the divisions that they name come to be, before any other table is taken.",
        ),
        may(
            "layer",
            Holds::Choice(&["point", "line", "area"]),
            "It is also read from GeoJSON layers of such shapes: a feature is a row, its properties are the columns.",
        ),
        need(
            "columns",
            Holds::Map(Word::Name, &Holds::WordOr(Word::Field, &COLUMN)),
            "The columns, in order: a field, or a table.",
        ),
        need(
            "row",
            Holds::List(&Holds::Table(&ROW)),
            "What one row writes, in order; a later one may refer to an earlier one.",
        ),
    ],
    ways: &[],
    when: &[
        When {
            key: "mode",
            is: "roster",
            needs: &["of"],
            never: &[],
        },
        When {
            key: "mode",
            is: "entries",
            needs: &[],
            never: &["of"],
        },
    ],
};

/// A sheet's `vacant`.
pub static VACANT: Form = Form {
    name: "vacant",
    text: "Which words of which column mean that nobody is there.",
    keys: &[
        need("column", Holds::Word(Word::Name), "The column."),
        need("words", TEXTS, "The words."),
    ],
    ways: &[],
    when: &[],
};

/// A sheet's `makes`.
pub static MAKES: Form = Form {
    name: "makes",
    text: "How a row of a list of places is read as a division.",
    keys: &[
        need(
            "level",
            Holds::Word(Word::Name),
            "The level of the divisions; below the first.",
        ),
        need(
            "name",
            Holds::Word(Word::Name),
            "The column of the division's name, of type division or text.",
        ),
        may(
            "above",
            Holds::Word(Word::Name),
            "The column that names what it lies under; one unheard of comes to be at the level above. Without: the book's own.",
        ),
        may(
            "also",
            Holds::Word(Word::Name),
            "The column of other names that people write, one after another.",
        ),
        may(
            "code",
            Holds::Word(Word::Name),
            "The column of its 12-digit code; without, it is numbered under what it lies under.",
        ),
    ],
    ways: &[],
    when: &[],
};

/// A column of a sheet.
pub static COLUMN: Form = Form {
    name: "column",
    text: "A column: a field of a register, or a type and header words of its own.",
    keys: &[
        may(
            "is",
            Holds::Word(Word::Field),
            "The field it is, from which type, title and aliases come.",
        ),
        may(
            "type",
            Holds::Word(Word::Type),
            "The type its cells are read as, when it is no field.",
        ),
        may(
            "names",
            TEXTS,
            "Header words, the nearest first; the path of a merged header is written `upper>lower`.",
        ),
        may(
            "required",
            Holds::Flag,
            "The table is not this sheet when the column is missing.",
        ),
        may(
            "fill",
            Holds::Choice(&["down"]),
            "A blank cell takes the value above it.",
        ),
        may(
            "blank",
            Holds::Choice(&["no"]),
            "A blank cell means no: a column of ticks; only of type bool.",
        ),
        may(
            "reads",
            Holds::Choice(&[
                "longitude",
                "latitude",
                "heading",
                "geometry",
                "area",
                "length",
            ]),
            "longitude, latitude: degrees, also written with minutes and seconds, of type decimal, in a layer of points the point's; geometry, area, length: in a layer the feature's shape, its area, its metres; heading: no cells, a word of its code list (of a text: one of its names) in the sheet's name, the title or the file's name.",
        ),
        may(
            "across",
            Holds::Choice(&["key", "value"]),
            "It lies across in a wide table: key is a word of the headers (a code, a year, or one of its names), value the cells under them.",
        ),
    ],
    ways: &[
        Way {
            marks: &["is"],
            needs: &["is"],
            never: &[],
        },
        Way {
            marks: &["type"],
            needs: &["type", "names"],
            never: &[],
        },
    ],
    when: &[],
};

/// `[[sheet.NAME.row]]`.
pub static ROW: Form = Form {
    name: "row",
    text: "What one row writes into one register.",
    keys: &[
        need("write", Holds::Word(Word::Name), "The register."),
        may(
            "as",
            Holds::Word(Word::Name),
            "The label by which later rows refer to this record; the register's name when left out.",
        ),
        may("when", Holds::Text, "A condition: written only when true."),
        need(
            "set",
            Holds::Map(Word::Name, &Holds::Text),
            "Field and its expression over the columns and earlier labels.",
        ),
        may(
            "from",
            Holds::Text,
            "When it became true, a date; unknown or left out: the sheet's date.",
        ),
        may(
            "until",
            Holds::Text,
            "The first day on which it is no longer true, a date.",
        ),
        may(
            "extract",
            Holds::List(&Holds::Table(&EXTRACT)),
            "Columns cut out of a text column before the expressions see the row.",
        ),
        may(
            "link",
            Holds::Choice(&["known", "if_one"]),
            "The record is only found, never made: known, what is not there is a finding; if_one, nobody or several is no reference.",
        ),
        may(
            "split",
            Holds::Table(&SPLIT),
            "One record for each piece of a text column; no later row may refer to it.",
        ),
    ],
    ways: &[],
    when: &[],
};

/// A row's `split`.
pub static SPLIT: Form = Form {
    name: "split",
    text: "A text column of which each piece is a record of its own.",
    keys: &[
        need("column", Holds::Word(Word::Name), "The column."),
        need(
            "by",
            Holds::Text,
            "A pattern of the regex crate for what stands between pieces.",
        ),
    ],
    ways: &[],
    when: &[],
};

/// An entry of a row's `extract`.
pub static EXTRACT: Form = Form {
    name: "extract",
    text: "Named parts of a text column.",
    keys: &[
        need(
            "column",
            Holds::Word(Word::Name),
            "The column that is read.",
        ),
        need(
            "pattern",
            Holds::Text,
            "A pattern of the regex crate; each named group (?P<name>…) becomes a column of the row.",
        ),
    ],
    ways: &[],
    when: &[],
};
