//! The rules by which workbooks are re-written. None may move a figure.

mod files; // which sheets stand in which files, beside what
mod header; // other words, other orders, other levels
mod lines; // titles, notes, totals, sections, repeats
mod values; // the same value in another spelling

pub(crate) use values::wide;

use super::dice::Dice;
use super::model::Folder;

/// One way to re-write.
#[derive(Clone, Copy)]
pub(crate) struct Rule {
    pub(crate) name: &'static str,
    pub(crate) apply: fn(&mut Folder, &mut Dice),
    /// Dropping a column asks for the residents' list, where the values stand too.
    pub(crate) residents: bool,
    /// Says the same of every cell as the example itself: nothing invented, nothing lost.
    pub(crate) says_the_same: bool,
    /// May be applied after others and before others.
    pub(crate) mixes: bool,
}

const fn rule(name: &'static str, apply: fn(&mut Folder, &mut Dice)) -> Rule {
    Rule {
        name,
        apply,
        residents: false,
        says_the_same: true,
        mixes: true,
    }
}

/// As [`rule`]; other things are said of it.
const fn said_otherwise(rule: Rule) -> Rule {
    Rule {
        says_the_same: false,
        ..rule
    }
}

const fn alone(name: &'static str, apply: fn(&mut Folder, &mut Dice)) -> Rule {
    Rule {
        mixes: false,
        ..rule(name, apply)
    }
}

/// Every rule, in the order in which a mixture applies them.
pub(crate) const RULES: &[Rule] = &[
    rule("as-they-are", |_, _| {}),
    rule("headers-listed", header::listed),
    rule("headers-unlisted", header::unlisted),
    rule("headers-broken-over-lines", header::broken),
    rule("headers-with-units", header::with_units),
    rule("columns-shuffled", header::shuffled),
    rule("one-level-more", header::super_level),
    rule("strange-columns", header::strange_columns),
    said_otherwise(alone("no-sex", header::no_sex)),
    Rule {
        residents: true,
        says_the_same: false,
        ..alone("no-id-numbers", header::no_id_numbers)
    },
    rule("columns-hidden", header::hidden),
    said_otherwise(rule("dates-spelt-otherwise", values::dates)),
    said_otherwise(rule("full-width", values::full_width)),
    rule("spaced-names", values::spaced_names),
    rule("other-ticks", values::ticks),
    rule("units-in-cells", values::units),
    rule("villages-named-in-full", values::full_villages),
    rule("title-gone", lines::untitled),
    rule("more-lines-over", lines::more_lines),
    rule("month-only", lines::month_only),
    rule("date-in-chinese", lines::chinese_date),
    rule("date-in-file-name", lines::date_in_file_name),
    rule("written-once", lines::written_once),
    rule("written-in-every-row", lines::written_in_every_row),
    rule("section-lines", lines::sections),
    rule("totals-first", lines::totals_first),
    rule("totals-added", lines::totals_added),
    rule("sub-totals", lines::sub_totals),
    rule("notes-between", lines::notes_between),
    rule("blank-rows", lines::blank_rows),
    rule("headers-repeated", lines::headers_repeated),
    rule("pages-repeated", lines::pages_repeated),
    rule("rows-hidden", lines::rows_hidden),
    rule("formulas", values::formulas),
    rule("formula-errors-unread", values::formula_errors),
    rule("side-by-side", files::side_by_side),
    rule("one-under-another", files::stacked),
    rule("empty-and-pivot-sheets", files::idle_sheets),
    said_otherwise(rule("old-version-beside", files::old_beside)),
    said_otherwise(rule("backup-hidden", files::backup_hidden)),
    rule("one-book", files::one_book),
    rule("a-book-a-sheet", files::book_a_sheet),
    said_otherwise(alone("csv-utf8", files::csv_utf8)),
    said_otherwise(alone("csv-gb18030", files::csv_gb18030)),
    alone("xls", files::xls),
];
