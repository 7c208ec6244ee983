//! The tables of questions and answers: figures, checks, reports.

use super::{Form, Holds, TEXTS, Way, Word, may, need};

/// Operands by the name they have in an expression.
const OPERANDS: Holds = Holds::Map(Word::Name, &Holds::WordOr(Word::Any, &OPERAND));

/// `[[figure]]`.
pub static FIGURE: Form = Form {
    name: "figure",
    text: "A named, defined number or list.",
    keys: &[
        need(
            "id",
            Holds::Word(Word::FigureId),
            "Stable id, as post.filled.",
        ),
        need("title", Holds::Text, "The title that people read."),
        may("text", Holds::Text, "The definition in plain language."),
        may(
            "unit",
            Holds::Text,
            "The shown unit; a figure over money or an area is given in it, as in 10,000 yuan.",
        ),
        may(
            "round",
            Holds::Small(9),
            "Decimals it is rounded to, half up.",
        ),
        may(
            "time",
            Holds::Choice(&["at", "period"]),
            "at: a stock, asked at a date; period: a flow, asked with a period. `at` when left out.",
        ),
        may(
            "from",
            Holds::Word(Word::Name),
            "The register that it reads.",
        ),
        may("where", Holds::Text, "A condition: which records."),
        may(
            "on",
            Holds::Text,
            "For a flow: the date that must lie in the period.",
        ),
        may(
            "measure",
            Holds::Word(Word::Measure),
            "What is done with the records.",
        ),
        may(
            "order",
            Holds::Text,
            "For a list: its order, an expression.",
        ),
        may(
            "distinct",
            Holds::Flag,
            "For a list: equal entries are listed once.",
        ),
        may("formula", Holds::Text, "An expression over the operands."),
        may(
            "operands",
            OPERANDS,
            "Other figures, by the name they have here.",
        ),
        may(
            "over",
            Holds::Word(Word::Name),
            "A level: counts its divisions for which the condition holds; all of them without one.",
        ),
        may(
            "condition",
            Holds::Text,
            "A condition over the operands, asked for each division.",
        ),
        may("by", Holds::Table(&BREAKDOWN), "The breakdown."),
        may(
            "whole",
            Holds::Flag,
            "Whether the id without a member is a figure too; true when left out.",
        ),
    ],
    ways: &[
        Way {
            marks: &["from"],
            needs: &["from", "measure"],
            never: &["operands", "condition", "over"],
        },
        Way {
            marks: &["formula"],
            needs: &["formula", "operands"],
            never: &["over"],
        },
        Way {
            marks: &["condition"],
            needs: &["over", "operands", "condition"],
            never: &["by"],
        },
        // Every place of a level.
        Way {
            marks: &[],
            needs: &["over"],
            never: &["operands", "by"],
        },
    ],
    when: &[],
};

/// A figure's `by`.
pub static BREAKDOWN: Form = Form {
    name: "breakdown",
    text: "What a figure is broken down by: a code list, bands of whole numbers, or a level.",
    keys: &[
        may(
            "of",
            Holds::Text,
            "An expression: what records fall into members by; not on a formula.",
        ),
        may("codes", Holds::Word(Word::Name), "A code list."),
        may(
            "members",
            TEXTS,
            "With `codes`: the codes that are members; all when left out.",
        ),
        may(
            "bands",
            Holds::List(&Holds::Word(Word::Band)),
            "Bands, ascending, without a gap.",
        ),
        may(
            "level",
            Holds::Word(Word::Name),
            "A level of the place tree.",
        ),
        may(
            "titles",
            Holds::Map(Word::Any, &Holds::Text),
            "Titles of members, where they are not made of the figure's.",
        ),
    ],
    ways: &[
        Way {
            marks: &["codes"],
            needs: &["codes"],
            never: &[],
        },
        Way {
            marks: &["bands"],
            needs: &["bands"],
            never: &[],
        },
        Way {
            marks: &["level"],
            needs: &["level"],
            never: &[],
        },
    ],
    when: &[],
};

/// An operand that is asked otherwise than the figure.
pub static OPERAND: Form = Form {
    name: "operand",
    text: "A figure that another one or a check is made of.",
    keys: &[
        need(
            "figure",
            Holds::Text,
            "The figure's id, with its member in brackets.",
        ),
        may("member", Holds::Text, "The member."),
        may(
            "at",
            Holds::Word(Word::Name),
            "Asked at the date that this parameter names.",
        ),
        may(
            "period",
            Holds::Choice(&["before", "year_before"]),
            "Asked in the period of equal length just before, or in the same days of the year before; only of a figure of a period.",
        ),
    ],
    ways: &[],
    when: &[],
};

/// `[[check]]`.
pub static CHECK: Form = Form {
    name: "check",
    text: "A rule whose breaches are listed and owned.",
    keys: &[
        need(
            "id",
            Holds::Word(Word::Dotted),
            "Stable id, also the finding's code.",
        ),
        need("title", Holds::Text, "The title that people read."),
        need(
            "said",
            Holds::Text,
            "What a breach says; parameters in braces: {label}, the operands' names, {left}, {right}, {key}, {count}, {sum}, {day}.",
        ),
        need("next", Holds::Text, "What to do."),
        may(
            "severity",
            Holds::Choice(&["error", "notice"]),
            "How grave it is; error when left out.",
        ),
        may(
            "owner",
            Holds::Word(Word::Name),
            "The role that owns its breaches.",
        ),
        may(
            "register",
            Holds::Word(Word::Name),
            "The register whose every record is looked at.",
        ),
        may("where", Holds::Text, "A condition: which records."),
        may(
            "must",
            Holds::Text,
            "A condition that must hold for each of them.",
        ),
        may(
            "group",
            Holds::Table(&GROUP),
            "The records that belong together: `must` is then about each group's `count` and `sum`.",
        ),
        may(
            "fields",
            TEXTS,
            "Fields whose cells the finding names; without any, the record's first cell.",
        ),
        may(
            "figures",
            Holds::Text,
            "A condition over operands that must hold.",
        ),
        may("operands", OPERANDS, "Figures, by the name they have here."),
        may(
            "names",
            Holds::Text,
            "A list figure whose entries are named in the breach.",
        ),
        may("left", Holds::Table(&SIDE), "What is believed."),
        may(
            "right",
            Holds::Table(&SIDE),
            "What is reported; its cells are named.",
        ),
    ],
    ways: &[
        Way {
            marks: &["register", "must", "group"],
            needs: &["register", "must"],
            never: &[],
        },
        Way {
            marks: &["figures"],
            needs: &["figures", "operands"],
            never: &[],
        },
        Way {
            marks: &["left", "right"],
            needs: &["left", "right"],
            never: &[],
        },
    ],
    when: &[],
};

/// A check's `group`.
pub static GROUP: Form = Form {
    name: "group",
    text: "Which records belong together, and what is summed of them.",
    keys: &[
        need(
            "by",
            TEXTS,
            "The keys: records that agree in all of them are one group; without any, all are one.",
        ),
        may("sum", Holds::Text, "The amount that is summed."),
        may(
            "along",
            Holds::Text,
            "A date: the rule must hold at the end of every day, as a balance must.",
        ),
    ],
    ways: &[],
    when: &[],
};

/// A check's `left` or `right`.
pub static SIDE: Form = Form {
    name: "side",
    text: "One side of a reconciliation: both sides must agree for each key.",
    keys: &[
        need("from", Holds::Word(Word::Name), "The register."),
        may("where", Holds::Text, "A condition: which records."),
        need("by", TEXTS, "The keys, the same on both sides."),
        may(
            "sum",
            Holds::Text,
            "The amount that is summed; left out: records are counted.",
        ),
    ],
    ways: &[],
    when: &[],
};

/// `[[report]]`.
pub static REPORT: Form = Form {
    name: "report",
    text: "A Markdown template with figures in it.",
    keys: &[
        need("id", Holds::Word(Word::Dotted), "Stable id."),
        need("title", Holds::Text, "The title; may hold template places."),
        need(
            "template",
            Holds::Text,
            "The template's path within the pack.",
        ),
        may("audience", Holds::Text, "Who it is written for."),
    ],
    ways: &[],
    when: &[],
};
