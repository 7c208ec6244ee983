//! The tables that every book has, whatever its pack. Names of register tables come from the layout.

use crate::layout;
use crate::search::table;
use crate::store::Dialect;

/// The number of this schema; a greater one in a file means a later program. 2: findings name their field and
/// what may be chosen; header choices are kept. 3: the audit has a table; accounts and their roles.
pub(crate) const SCHEMA: i64 = 3;

/// The index by which a record's facts are found: its name and its statement. A restore makes it last.
pub(crate) const BY_RECORD: (&str, &str) = (
    "i_fact_record",
    "CREATE INDEX i_fact_record ON fact (book, record)",
);

/// The statements that make them.
pub(crate) fn create(dialect: Dialect) -> String {
    let (int, text, bytes, clustered) = (
        dialect.integer(),
        dialect.text(),
        dialect.bytes(),
        dialect.clustered(),
    );
    let (tree, coverage, by_record) = (layout::TREE, layout::COVERAGE, BY_RECORD.1);
    let grams = table::create(dialect);
    format!(
        "CREATE TABLE meta (book {int} NOT NULL, key {text} NOT NULL, value {text} NOT NULL,
            PRIMARY KEY (book, key)){clustered};
        CREATE TABLE tx (book {int} NOT NULL, seq {int} NOT NULL, at {int} NOT NULL, actor {text} NOT NULL,
            deed {text} NOT NULL, client_id {text} NOT NULL, pack {text} NOT NULL, alg {text} NOT NULL,
            salt {bytes} NOT NULL, header {text} NOT NULL, root {bytes} NOT NULL, prev {bytes} NOT NULL,
            hash {bytes} NOT NULL, PRIMARY KEY (book, seq)){clustered};
        CREATE UNIQUE INDEX i_tx_client ON tx (book, client_id);
        CREATE INDEX i_tx_at ON tx (book, at);
        CREATE TABLE fact (book {int} NOT NULL, tx {int} NOT NULL, ord {int} NOT NULL, register {text},
            record {int}, body {text} NOT NULL, PRIMARY KEY (book, tx, ord)){clustered};
        {by_record};
        CREATE TABLE subject_key (book {int} NOT NULL, record {int} NOT NULL, wrapped {bytes} NOT NULL,
            PRIMARY KEY (book, record)){clustered};
        CREATE TABLE sealed (book {int} NOT NULL, tx {int} NOT NULL, ord {int} NOT NULL, record {int} NOT NULL,
            box {bytes} NOT NULL, PRIMARY KEY (book, tx, ord)){clustered};
        CREATE TABLE division (book {int} NOT NULL, division {int} NOT NULL, name {text}, level {text},
            parent {int}, vfrom {int} NOT NULL, vto {int} NOT NULL, tx {int} NOT NULL,
            PRIMARY KEY (book, division, vfrom)){clustered};
        CREATE TABLE division_alias (book {int} NOT NULL, alias {text} NOT NULL, division {int} NOT NULL,
            PRIMARY KEY (book, alias, division)){clustered};
        CREATE TABLE {tree} (book {int} NOT NULL, ancestor {int} NOT NULL, division {int} NOT NULL,
            PRIMARY KEY (book, ancestor, division)){clustered};
        CREATE TABLE roster (book {int} NOT NULL, register {text} NOT NULL, scope {text} NOT NULL,
            as_of {int} NOT NULL, tx {int} NOT NULL);
        CREATE TABLE {coverage} (book {int} NOT NULL, register {text} NOT NULL, division {int} NOT NULL,
            as_of {int} NOT NULL, tx {int} NOT NULL,
            PRIMARY KEY (book, register, division, as_of, tx)){clustered};
        CREATE TABLE withdrawal (book {int} NOT NULL, tx {int} NOT NULL, ord {int} NOT NULL,
            by_tx {int} NOT NULL, by_ord {int} NOT NULL, PRIMARY KEY (book, by_tx, by_ord)){clustered};
        CREATE TABLE audit (book {int} NOT NULL, tx {int} NOT NULL, ord {int} NOT NULL, deed {text} NOT NULL,
            actor {text} NOT NULL, account {int}, role {text}, register {text}, record {int}, division {int},
            field {text}, outcome {text} NOT NULL, why {text}, address {text}, PRIMARY KEY (book, tx, ord)){clustered};
        CREATE INDEX i_audit_record ON audit (book, record) WHERE record IS NOT NULL;
        CREATE INDEX i_audit_account ON audit (book, account) WHERE account IS NOT NULL;
         {grams}"
    )
}
