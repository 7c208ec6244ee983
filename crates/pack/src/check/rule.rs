//! The rules by code: stable names for every way in which a pack can be wrong. The sentences are built where
//! the rule is applied, since they name what is there.

/// A rule: its code and what it asks, for the error reference.
pub(crate) type Rule = (&'static str, &'static str);

macro_rules! rules {
    ($($name:ident = $code:literal, $asks:literal;)*) => {
        $(#[doc = $asks] pub(crate) const $name: Rule = ($code, $asks);)*
        /// Every rule of a pack: its stable code and what it asks. The book's error reference is made of it.
        pub const RULES: &[(&str, &str)] = &[$($name,)*];
    };
}

rules! {
    SYNTAX = "P001", "Every .toml file is TOML.";
    NO_PACK = "P002", "The folder holds a pack.toml with a [pack] table, and its files can be read.";
    UNKNOWN_KEY = "P003", "Every key is one that the declaration knows.";
    MISSING_KEY = "P004", "A declaration has the keys that it needs.";
    WRONG_TYPE = "P005", "A value has the type of its key.";
    BAD_NAME = "P006", "Names are lower-case ASCII letters, digits and _, and begin with a letter.";
    DUPLICATE = "P007", "A name is declared once.";
    CHOICE = "P008", "A value that chooses is one of the choices.";
    RESERVED = "P009", "A name is not a word of the language, nor that of a built-in register.";
    REUSED = "P010", "A former name (`was`) is never used again.";
    FIELD_TYPE = "P011", "A field's type is one of the types.";
    UNKNOWN_LIST = "P012", "A code list that is named is declared.";
    UNKNOWN_REGISTER = "P013", "A register that is named is declared.";
    UNKNOWN_FIELD = "P014", "A field that is named belongs to its register.";
    KEY_PART = "P015", "A key has parts, each a field, @division or @ordinal.";
    IDENTITY_TERM = "P016", "A term of `agree` is a field, @place or @unit.";
    SUBJECT = "P017", "A subject is a field that refers to a register.";
    UNKNOWN_ROLE = "P018", "A role that is named is declared.";
    UNKNOWN_LEVEL = "P019", "A level that is named is declared.";
    GIVES = "P020", "An ID number gives a date field and a sex field whose list has the codes 1 and 2.";
    CODE_TWICE = "P021", "A code, title or alias means one code of its list.";
    CROSSWALK_CODE = "P022", "A crosswalk maps codes of its lists.";
    PARAMETER_VALUE = "P023", "A parameter's value has the parameter's type.";
    PARAMETER_ORDER = "P024", "A parameter's values begin at ascending dates.";
    NO_LEVEL = "P025", "The pack declares its levels; the first is the book's own.";
    WHOLE = "P026", "Words for the whole book stand at the first level, the book's own.";
    AGREE = "P027", "`agree` names a crosswalk from the field's own list.";
    ADMIN = "P028", "An administrator sees no register and nothing personal.";
    EXPRESSION = "P030", "An expression is the expression part of SQL.";
    NOT_IN_LANGUAGE = "P031", "An expression uses only what the language has.";
    UNKNOWN_NAME = "P032", "A name in an expression is one that its scope has.";
    NOT_A_REFERENCE = "P033", "A dot follows a reference to another register.";
    MISMATCH = "P034", "The two sides of an operator have types that go together.";
    NOT_BOOLEAN = "P035", "A filter, guard or rule is true, false or unknown.";
    SECRET = "P036", "A secret is compared with = and <> and tested with `is null`, and nothing else.";
    DIVISION_SIGN = "P037", "`/` stands in formulas over figures only.";
    UNKNOWN_FUNCTION = "P038", "A function is one of the language or a crosswalk of the pack.";
    ARGUMENTS = "P039", "A function has arguments of the count and type that it takes.";
    UNKNOWN_PARAMETER = "P040", "A parameter that is named is declared.";
    UNKNOWN_CODE = "P041", "A text compared with a code is a code of its list.";
    LITERAL = "P042", "A literal is a number, a date or a text that the ledger can hold exactly.";
    ASKED = "P043", "What is asked of other records is tied to `this` by `=`.";
    SHAPE = "P044", "A shape is tested with `is null`, and nothing else; it identifies no record.";
    LABEL_CLASH = "P050", "A row's label is used once, and is not a column's name.";
    REQUIRED_NOT_SET = "P051", "A row sets every required field of the register that it writes.";
    ROSTER_NOT_WRITTEN = "P052", "A roster writes the register that it lists.";
    SET_TYPE = "P053", "A field is set to a value of its type.";
    PATTERN = "P054", "A pattern is a regular expression with named groups.";
    GROUP_CLASH = "P055", "A pattern's group has a name of its own, and its column holds text.";
    UNKNOWN_COLUMN = "P056", "A column that is named is declared, and is of the kind that is needed.";
    COLUMN_SOURCE = "P057", "A column says either what field it is or its type.";
    ACROSS = "P058", "A wide table has a key that headers can say and a value of numbers, and none of them is filled down or read twice.";
    LAYER = "P059", "A sheet that is also a layer reads the shape of its kind, and only such a sheet reads from shapes.";
    FIGURE_TWICE = "P060", "A figure's id is its own.";
    COMPUTE = "P061", "A figure has exactly one of `from`, `formula` and `over`.";
    MEASURE = "P062", "A measure is count, count(distinct …), sum(…), avg(…), min(…), max(…) or list(…).";
    MEASURE_TYPE = "P063", "A measure's argument is of the type that it needs.";
    PERIOD = "P064", "A figure of a period says by `on` which date must lie in it; a stock does not.";
    BAND = "P065", "A band is <=N, <N, N-M, N, >=N or >N, over whole numbers.";
    BAND_OVERLAP = "P066", "Bands do not overlap, and ascend.";
    BAND_GAP = "P067", "Bands leave no gap.";
    MEMBER = "P068", "A breakdown's member is one that it has.";
    BREAKDOWN = "P069", "A breakdown is by a code list, by bands or by a level, of a value that fits.";
    UNKNOWN_FIGURE = "P070", "A figure that is named is declared, with the member that is named.";
    OPERAND = "P071", "An operand is one number: a figure that is no list, with its member where it has no whole.";
    CYCLE = "P072", "No figure is its own operand, not even through others.";
    DATE_PARAMETER = "P073", "An operand's `at` names a parameter that is a date.";
    UNIT = "P074", "A figure over money or an area is given in a unit of money or of areas.";
    CHECK_RULE = "P080", "A check has exactly one rule: `must`, `figures`, or `left` and `right`.";
    SENTENCE = "P081", "A check's sentence uses parameters that its rule has.";
    SIDES = "P082", "Both sides of a check are grouped by the same keys.";
    NO_TEMPLATE = "P090", "A report's template lies in the pack.";
    TEMPLATE_FIGURE = "P091", "A template names figures that are declared.";
    TEMPLATE_LIST = "P092", "A template asks lists by `list`, and numbers by `fig` and `val`.";
    TEMPLATE_OPTION = "P093", "A place of a template has options that it knows, with values that fit its figure.";
    TEMPLATE_SYNTAX = "P094", "A template can be read: tags are closed, blocks are ended, names are known.";
}
