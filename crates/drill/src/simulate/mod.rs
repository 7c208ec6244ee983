//! The seeded simulation: many actors on one book, who lose answers and ask again, on a machine that dies at the
//! worst moment under a clock that leaps. One thread, every choice from the seed: the same seed is the same run to
//! the byte. It moves the real writing hand over real files, and compares every answer with the naive judge.

mod carry; // a plan carried out, and what a judge hears of it
mod dice; // every choice, from one seed
mod hall; // an office that reads files
mod model; // what must be in the book
mod plan; // what an actor wants
mod turn; // one group of deeds, and how it ends
mod world; // the machine that dies

use crate::contents::hex;
use dice::Dice;
use ledger::Reader;
use model::{Model, said};
use plan::{Duty, Plan};
use std::fmt;
use std::path::{Path, PathBuf};
use vocabulary::Moment;
use world::{World, copy_book};

/// One seed in so many has an office too: reading files takes longer than everything else.
const OFFICE_EVERY: u64 = 5;

/// Turns of a run, at least.
const TURNS: usize = 8;

/// Turns that come to them by chance.
const TURNS_MORE: usize = 12;

/// Moments at which the whole book is asked again at the end.
const MOMENTS: usize = 6;

const SECOND: i64 = 1_000_000;
const DAY: i64 = 86_400 * SECOND;

/// What a run came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// Groups.
    pub turns: usize,
    /// Times that a deed was asked for.
    pub asked: usize,
    /// Of these, deeds of an office that reads files.
    pub imports: usize,
    /// Transactions in the end.
    pub kept: usize,
    /// Times that the process died.
    pub crashes: usize,
    /// Answers that did not arrive, deaths not counted.
    pub cut: usize,
    /// Times that a known id was asked again.
    pub again: usize,
    /// Questions, the great comparison at the end not counted.
    pub questions: usize,
    /// The last hash.
    pub head: String,
}

impl Summary {
    /// Adds another run.
    pub fn add(&mut self, other: &Summary) {
        self.turns += other.turns;
        self.asked += other.asked;
        self.imports += other.imports;
        self.kept += other.kept;
        self.crashes += other.crashes;
        self.cut += other.cut;
        self.again += other.again;
        self.questions += other.questions;
    }
}

/// A run that found something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failed {
    /// The seed.
    pub seed: u64,
    /// The turn.
    pub step: usize,
    /// What is not as it must be.
    pub what: String,
}

impl fmt::Display for Failed {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Failed { seed, step, what } = self;
        write!(out, "FAILED seed {seed}: {what}, at step {step}")
    }
}

/// Where books lie that need no disk: a process that dies leaves what it wrote with the kernel.
pub fn in_memory() -> PathBuf {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() {
        memory.to_owned()
    } else {
        std::env::temp_dir()
    }
}

/// Runs a seed in a folder of its own below `place`; `trace` hears every event.
pub fn run(seed: u64, place: &Path, trace: &mut dyn FnMut(&str)) -> Result<Summary, Failed> {
    let mut step = 0;
    let done = Simulation::new(seed, place, trace).and_then(|mut simulation| {
        let turns = TURNS + simulation.dice.below(TURNS_MORE);
        for turn in 1..=turns {
            step = turn;
            simulation.turn()?;
        }
        step = turns + 1;
        let mut summary = simulation.close()?;
        if seed.is_multiple_of(OFFICE_EVERY) {
            step = turns + 2;
            let done = hall::run(seed, place, simulation.trace)?;
            summary.imports = done.deeds;
            summary.asked += done.deeds;
            summary.kept += done.kept;
            summary.crashes += done.deaths;
            summary.questions += done.questions;
        }
        Ok(summary)
    });
    done.map_err(|what| Failed { seed, step, what })
}

/// Somebody who wants something of the book.
struct Actor {
    name: String,
    duty: Duty,
    /// Asked for, and not answered yet.
    waiting: Option<(String, Plan)>,
}

struct Simulation<'t> {
    seed: u64,
    dice: Dice,
    world: World,
    model: Model,
    actors: Vec<Actor>,
    now: Moment,
    ids: usize,
    /// Somebody who reads the present state; opened once a turn.
    view: Option<Reader>,
    /// Somebody who began to read after some transaction, and still does.
    held: Option<(Reader, i64)>,
    summary: Summary,
    trace: &'t mut dyn FnMut(&str),
}

impl<'t> Simulation<'t> {
    fn new(
        seed: u64,
        place: &Path,
        trace: &'t mut dyn FnMut(&str),
    ) -> Result<Simulation<'t>, String> {
        let mut dice = Dice::new(seed);
        let now = Moment::parse("2024-01-01T00:00:00Z").expect("a moment");
        let world = World::new(place, &mut dice, now)?;
        let model = Model::new(&world.reader()?)?;
        let mut actors = Vec::new();
        for (duty, count) in [
            (Duty::Clerk, 2 + dice.below(4)),
            (Duty::Importer, 1 + dice.below(2)),
            (Duty::Keeper, 1),
        ] {
            actors.extend((1..=count).map(|n| Actor {
                name: format!("{duty:?} {n}").to_lowercase(),
                duty,
                waiting: None,
            }));
        }
        Ok(Simulation {
            seed,
            dice,
            world,
            model,
            actors,
            now,
            ids: 0,
            view: None,
            held: None,
            summary: Summary::default(),
            trace,
        })
    }

    /// A reader on the present state. Whoever is done with it leaves it in `view` for the next.
    fn look(&mut self) -> Result<Reader, String> {
        match self.view.take() {
            Some(reader) => Ok(reader),
            None => self.world.reader(),
        }
    }

    fn tell(&mut self, event: &str) {
        (self.trace)(event);
    }

    /// The clock goes on; at times it leaps a year forwards or a day back, or stands.
    fn tick(&mut self) {
        self.now.0 += match self.dice.below(100) {
            0..=4 => 365 * DAY,
            5..=10 => -DAY,
            11..=25 => 0,
            _ => i64::try_from(self.dice.below(3600)).expect("an hour") * SECOND,
        };
    }

    /// One turn: the clock, a group of deeds, questions, and at times the house is moved.
    fn turn(&mut self) -> Result<(), String> {
        self.summary.turns += 1;
        self.tick();
        self.group()?;
        if self.held.is_none() && self.dice.chance(20) {
            self.held = Some((self.world.reader()?, self.model.last().seq));
        }
        self.questions()?;
        if self.dice.chance(3) {
            self.move_house()?;
        }
        Ok(())
    }

    fn questions(&mut self) -> Result<(), String> {
        let reader = self.look()?;
        let (seq, hash) = reader.head().map_err(said)?;
        let last = self.model.last();
        if (seq, hash) != (last.seq, last.hash) {
            return Err(format!("the head is {seq}, not {}", last.seq));
        }
        for _ in 0..1 + self.dice.below(6) {
            let asked = self.model.ask(&reader, &mut self.dice)?;
            self.summary.questions += 1;
            self.tell(&format!("question {asked}"));
        }
        if let Some((reader, tx)) = &self.held {
            self.model.ask_held(reader, *tx, &mut self.dice)?;
            self.summary.questions += 1;
        }
        if self.dice.chance(15) {
            self.model.check_chain(&reader)?;
        }
        self.view = Some(reader);
        Ok(())
    }

    /// Backed up, restored elsewhere, compared, and gone on with there.
    fn move_house(&mut self) -> Result<(), String> {
        (self.held, self.view) = (None, None);
        let to = self.world.carried(&mut self.dice, self.now)?;
        self.world.reopen(to, &mut self.dice)?;
        self.tell("moved into a restored book");
        self.whole(0)
    }

    /// The chain, and every record on every day.
    fn whole(&mut self, moments: usize) -> Result<(), String> {
        let reader = self.look()?;
        self.model.check_chain(&reader)?;
        self.model.check_all(&reader, &mut self.dice, moments)?;
        self.view = Some(reader);
        Ok(())
    }

    /// The end: everyone asks until he is answered, then everything is compared.
    fn close(&mut self) -> Result<Summary, String> {
        while self.actors.iter().any(|actor| actor.waiting.is_some()) {
            self.last_words()?;
        }
        self.held = None;
        self.whole(MOMENTS)?;
        let verified = self.look()?.verify().map_err(said)?;
        if !verified.is_sound() {
            let first = verified.named.first();
            let first = first.map(|one| {
                let (part, place) = (&one.part, &one.place);
                format!("{part} {place}: {}, not {}", one.found, one.wanted)
            });
            let first = first.unwrap_or_default();
            return Err(format!("the book does not verify: {first}"));
        }
        if self.dice.chance(15) {
            let folder = self.world.carried(&mut self.dice, self.now)?;
            let reader = World::look_into(&folder)?;
            self.model.check_chain(&reader)?;
            self.model.check_all(&reader, &mut self.dice, 2)?;
            self.tell("a restored copy answers alike");
        }
        let last = self.model.last();
        let head = hex(&last.hash);
        (self.summary.kept, self.summary.head) = (usize::try_from(last.seq).unwrap_or(0), head);
        self.tell(&format!("head {}", self.summary.head.clone()));
        Ok(self.summary.clone())
    }
}
