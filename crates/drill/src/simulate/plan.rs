//! What an actor wants of the book: drawn once, and said again word for word by whoever got no answer.

use super::dice::Dice;
use super::model::{Model, Table};
use testkit::judge::Kind;
use vocabulary::{Date, RecordId, Value};

/// Which record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Target {
    /// One that somebody was told of.
    Known(RecordId),
    /// One that this deed begins.
    New(usize),
}

/// One fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Saying {
    pub(super) table: Table,
    pub(super) target: Target,
    /// Whose seat it is.
    pub(super) holder: Option<Target>,
    pub(super) kind: Kind,
    pub(super) division: i64,
    pub(super) from: Date,
    pub(super) to: Option<Date>,
    pub(super) as_of: Date,
    pub(super) rank: u8,
    pub(super) set: Vec<(usize, Value)>,
}

/// One step of a deed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    Say(Saying),
    /// What was said so far is written.
    Flush,
    /// A fact, or a whole transaction, taken back.
    Withdraw(i64, Option<u32>),
    Erase(RecordId),
    /// The pack's second version.
    Pack,
    /// Everything derived made again.
    Rebuild,
    /// A fact that no ledger may take.
    Bad,
    /// Ends the deed without a reason of the ledger's.
    Fail,
}

/// One deed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Plan {
    pub(super) kind: &'static str,
    pub(super) steps: Vec<Step>,
    /// The file that it reads, and its date.
    pub(super) source: Option<(String, Date)>,
    /// Only looked at.
    pub(super) look: bool,
}

impl Plan {
    /// Whether it cannot be carried out.
    pub(super) fn fails(&self) -> bool {
        self.has(|step| matches!(step, Step::Fail | Step::Bad))
    }

    /// Whether it erases somebody.
    pub(super) fn erases(&self) -> bool {
        self.has(|step| matches!(step, Step::Erase(_)))
    }

    fn has(&self, what: impl Fn(&Step) -> bool) -> bool {
        self.steps.iter().any(what)
    }
}

/// What somebody is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Duty {
    /// Records, corrects, ends, decides and takes back single records.
    Clerk,
    /// Reads files, and takes them back.
    Importer,
    /// Erases, puts versions of the pack in force, has everything derived made again.
    Keeper,
}

/// Days on which things begin and end: few, so that they meet.
const DAYS: [i32; 8] = [
    0, 20_200_101, 20_200_102, 20_200_601, 20_210_101, 20_220_101, 20_221_226, 20_240_229,
];

/// Births, known to the year, the month and the day.
const BIRTHS: [i64; 5] = [19_850_700, 19_850_703, 19_850_800, 19_850_000, 19_850_720];

/// The next deed of somebody.
pub(super) fn draw(dice: &mut Dice, model: &Model, duty: Duty) -> Plan {
    let mut plan = match duty {
        Duty::Clerk => clerk(dice, model),
        Duty::Importer => importer(dice, model),
        Duty::Keeper => keeper(dice, model),
    };
    match dice.below(100) {
        0..=5 => plan.look = true,
        6..=11 => {
            let step = if dice.chance(50) {
                Step::Fail
            } else {
                Step::Bad
            };
            let at = dice.below(plan.steps.len() + 1);
            plan.steps.insert(at, step);
        }
        _ => {}
    }
    plan
}

fn clerk(dice: &mut Dice, model: &Model) -> Plan {
    let (kind, steps) = match dice.below(100) {
        0..=19 => ("record", begin(dice)),
        20..=64 => ("correct", several(dice, model, Kind::Assert)),
        65..=76 => ("end", several(dice, model, Kind::End)),
        77..=84 => ("decide", several(dice, model, Kind::Decide)),
        _ => ("withdraw", withdraw(dice, model, false)),
    };
    plan(kind, steps)
}

fn importer(dice: &mut Dice, model: &Model) -> Plan {
    if dice.chance(25) {
        return plan("undo", withdraw(dice, model, true));
    }
    let mut steps = Vec::new();
    let mut new = 0;
    for _ in 0..3 + dice.below(6) {
        let table = dice.pick(&[Table::Person, Table::Household]);
        let target = match dice.any(model.records(table)) {
            Some(record) if !dice.chance(15) => Target::Known(record),
            _ => {
                new += 1;
                Target::New(new - 1)
            }
        };
        steps.push(Step::Say(saying(dice, table, target, None, Kind::Assert)));
        if dice.chance(15) {
            steps.push(Step::Flush);
        }
    }
    let file = format!("list-{}.csv", dice.below(3));
    Plan {
        source: Some((file, day(dice))),
        ..plan("import", steps)
    }
}

fn keeper(dice: &mut Dice, model: &Model) -> Plan {
    match dice.below(100) {
        0..=44 => match dice.any(model.records(Table::Person)) {
            Some(person) => plan("erase", vec![Step::Erase(person)]),
            None => plan("record", begin(dice)),
        },
        45..=64 => plan("rebuild", vec![Step::Rebuild]),
        65..=79 => plan("pack", vec![Step::Pack]),
        _ => {
            // Erased and spoken of in one breath.
            let mut steps = several(dice, model, Kind::Assert);
            if let Some(person) = dice.any(model.records(Table::Person)) {
                let at = dice.below(steps.len() + 1);
                steps.insert(at, Step::Erase(person));
            }
            plan("several", steps)
        }
    }
}

fn plan(kind: &'static str, steps: Vec<Step>) -> Plan {
    Plan {
        kind,
        steps,
        source: None,
        look: false,
    }
}

/// A new household, or a new person with a seat.
fn begin(dice: &mut Dice) -> Vec<Step> {
    let new = Target::New(0);
    if dice.chance(40) {
        return vec![Step::Say(saying(
            dice,
            Table::Household,
            new,
            None,
            Kind::Assert,
        ))];
    }
    let mut steps = vec![Step::Say(saying(
        dice,
        Table::Person,
        new,
        None,
        Kind::Assert,
    ))];
    if dice.chance(50) {
        steps.push(Step::Flush);
    }
    if dice.chance(60) {
        let seat = Target::New(1);
        steps.push(Step::Say(saying(
            dice,
            Table::Seat,
            seat,
            Some(new),
            Kind::Assert,
        )));
    }
    steps
}

/// Something about records that are there.
fn several(dice: &mut Dice, model: &Model, kind: Kind) -> Vec<Step> {
    let mut steps = Vec::new();
    for _ in 0..1 + dice.below(3) {
        let table = dice.pick(&[Table::Person, Table::Household, Table::Seat]);
        let Some(record) = dice.any(model.records(table)) else {
            continue;
        };
        let holder = model.holder(record).map(Target::Known);
        let said = saying(dice, table, Target::Known(record), holder, kind);
        steps.push(Step::Say(said));
        if dice.chance(10) {
            steps.push(Step::Flush);
        }
    }
    if steps.is_empty() {
        return begin(dice);
    }
    steps
}

fn withdraw(dice: &mut Dice, model: &Model, whole: bool) -> Vec<Step> {
    let Some((tx, facts)) = model.transaction(dice, whole) else {
        return begin(dice);
    };
    let ord = (!whole && dice.chance(70)).then(|| dice.below(facts.max(1)));
    let ord = ord.map(|ord| u32::try_from(ord).expect("few facts"));
    vec![Step::Withdraw(tx, ord)]
}

fn day(dice: &mut Dice) -> Date {
    Date::from_int(dice.pick(&DAYS))
}

fn saying(
    dice: &mut Dice,
    table: Table,
    target: Target,
    holder: Option<Target>,
    kind: Kind,
) -> Saying {
    let from = day(dice);
    let to = Some(day(dice)).filter(|to| *to > from && kind != Kind::End && dice.chance(40));
    let mut set = Vec::new();
    if kind != Kind::End {
        let begins = matches!(target, Target::New(_));
        for (field, value) in values(dice, table) {
            if begins || dice.chance(40) {
                set.push((field, value));
            }
        }
    }
    Saying {
        table,
        target,
        holder,
        kind,
        division: i64::try_from(dice.below(3)).expect("small"),
        from,
        to,
        as_of: day(dice),
        rank: dice.pick(&[4, 5, 5, 6]),
        set,
    }
}

/// A value for each field, few enough that sources agree at times.
fn values(dice: &mut Dice, table: Table) -> Vec<(usize, Value)> {
    let small = |n: usize| Value::Int(i64::try_from(n).expect("small"));
    match table {
        Table::Person => vec![
            (0, Value::text(format!("name {}", dice.below(4)))),
            (1, Value::text(format!("5110{:014}", dice.below(4)))),
            (2, Value::Int(dice.pick(&BIRTHS))),
            (3, Value::text(dice.pick(&["1", "2"]))),
            (4, Value::text(format!("13{:09}", dice.below(4)))),
            (5, Value::text(format!("house {}", dice.below(3)))),
            (6, Value::text(dice.pick(&["21", "31"]))),
            (7, null(dice, small)),
        ],
        Table::Household => vec![
            (0, Value::text(format!("h-{}", dice.below(9)))),
            (1, null(dice, small)),
        ],
        Table::Seat => vec![
            (1, Value::text(format!("post {}", dice.below(3)))),
            (2, Value::text(format!("remark {}", dice.below(3)))),
        ],
    }
}

/// A number, or “now unknown”.
fn null(dice: &mut Dice, small: impl Fn(usize) -> Value) -> Value {
    if dice.chance(15) {
        return Value::Null;
    }
    small(dice.below(4))
}
