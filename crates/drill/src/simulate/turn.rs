//! One group of deeds: who asks, who asks again, where the process dies, which answers arrive, and what each must
//! be. Knows nothing of what deeds say.

use super::Simulation;
use super::carry::{Heard, carry_out, sources};
use super::model::said;
use super::plan::{Plan, draw};
use super::world::{Cut, World, copy_book};
use crate::contents::hex;
use crate::deeds::Refused;
use ledger::{Answer, Deed, Hand, LedgerError, Mode, Point};
use std::path::PathBuf;
use std::sync::mpsc::Receiver;
use std::sync::{Arc, Mutex, PoisonError};
use vocabulary::Moment;

/// Somebody's question to the writing hand.
struct Asked {
    actor: usize,
    id: String,
    plan: Plan,
    at: Moment,
    /// What the deed said when it ran.
    slot: Arc<Mutex<Option<Heard>>>,
    /// `None`: whoever asked has gone away.
    answer: Option<Receiver<Answer<(), Refused>>>,
}

/// Where the process dies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Death {
    /// Within a deed of the group, before one of its steps.
    Within(usize, usize),
    /// After so many deeds.
    After(usize),
    /// Before the commit.
    Closing,
    /// While the commit writes.
    Torn,
    /// Between the commit and the answers.
    Closed,
}

/// What an answer must be.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Wanted {
    /// A new transaction.
    New(i64),
    /// The receipt of this transaction, again.
    Again(i64),
    /// Looked at, and nothing kept.
    Looked,
    /// Refused, and nothing kept.
    Refused,
}

impl Simulation<'_> {
    /// A group, and perhaps a death in the midst of it.
    pub(super) fn group(&mut self) -> Result<(), String> {
        let mut wishes = self.wishes();
        self.dice.shuffle(&mut wishes);
        let death = self.death(&wishes);
        self.carry(wishes, death, 12)
    }

    /// Whoever still waits asks once more, and is answered.
    pub(super) fn last_words(&mut self) -> Result<(), String> {
        let mut wishes = Vec::new();
        for (n, actor) in self.actors.iter_mut().enumerate() {
            wishes.extend(actor.waiting.take().map(|(id, plan)| (n, id, plan)));
        }
        self.carry(wishes, None, 0)
    }

    /// Who wants what.
    fn wishes(&mut self) -> Vec<(usize, String, Plan)> {
        let mut wishes = Vec::new();
        for n in 0..self.actors.len() {
            if !self.dice.chance(45) {
                continue;
            }
            if let Some((id, plan)) = self.actors[n].waiting.take() {
                wishes.push((n, id, plan));
                continue;
            }
            let plan = draw(&mut self.dice, &self.model, self.actors[n].duty);
            let id = if self.ids > 0 && self.dice.chance(6) {
                // An id that was given away already, with other words: of a deed that was kept, it is answered as
                // that; of one that was refused or looked at, it is free.
                format!("s{}-{}", self.seed, 1 + self.dice.below(self.ids))
            } else {
                self.ids += 1;
                format!("s{}-{}", self.seed, self.ids)
            };
            if self.promised(&id) {
                continue;
            }
            if self.dice.chance(8) {
                wishes.push((n, id.clone(), plan.clone()));
            }
            wishes.push((n, id, plan));
        }
        wishes
    }

    /// Whether somebody else still waits for an answer to this id: two may not have one id for two things at once.
    fn promised(&self, id: &str) -> bool {
        let mut waiting = self
            .actors
            .iter()
            .filter_map(|actor| actor.waiting.as_ref());
        waiting.any(|(other, _)| other == id)
    }

    fn death(&mut self, wishes: &[(usize, String, Plan)]) -> Option<Death> {
        if wishes.is_empty() || !self.dice.chance(18) {
            return None;
        }
        let one = self.dice.below(wishes.len());
        let steps = wishes[one].2.steps.len();
        Some(match self.dice.below(10) {
            0..=1 => Death::Within(one, self.dice.below(steps)),
            2 => Death::After(one + 1),
            3 => Death::Closing,
            4..=6 => Death::Torn,
            _ => Death::Closed,
        })
    }

    fn carry(
        &mut self,
        wishes: Vec<(usize, String, Plan)>,
        death: Option<Death>,
        lost: usize,
    ) -> Result<(), String> {
        // A reader of an older state would have the wiping after an erasure wait for it.
        if wishes.iter().any(|(_, _, plan)| plan.erases()) || death.is_some() {
            self.held = None;
        }
        self.view = None;
        let (from, to) = (self.world.folder(), self.world.another());
        let mut asked = Vec::new();
        for (n, (actor, id, plan)) in wishes.into_iter().enumerate() {
            let cut = match death {
                Some(Death::Within(one, step)) if one == n => Some(Cut {
                    step,
                    from: from.clone(),
                    to: to.clone(),
                }),
                _ => None,
            };
            let mut one = self.submit(actor, id, plan, cut);
            if death.is_none() && self.dice.chance(lost / 2) {
                one.answer = None;
            }
            asked.push(one);
        }
        self.summary.asked += asked.len();
        let whole = self.serve(&from, &to, death)?;
        let Some(death) = death else {
            let wanted = self.outcome(&asked)?;
            return self.answers(asked, &wanted, lost);
        };
        self.summary.crashes += 1;
        self.revive(asked, death, to, whole)
    }

    fn submit(&mut self, actor: usize, id: String, plan: Plan, cut: Option<Cut>) -> Asked {
        let slot: Arc<Mutex<Option<Heard>>> = Arc::default();
        self.now.0 += i64::try_from(self.dice.below(3)).expect("small");
        let deed = Deed {
            name: plan.kind.to_owned(),
            actor: self.actors[actor].name.clone(),
            at: self.now,
            by: ledger::By::default(),
            asked: None,
            client_id: id.clone(),
            why: None,
            sources: sources(&plan),
        };
        let mode = if plan.look {
            Mode::Preview
        } else {
            Mode::Commit
        };
        let (kept, said) = (slot.clone(), plan.clone());
        self.tell(&format!(
            "{} asks {id} {} of {} at {}",
            self.actors[actor].name.clone(),
            plan.kind,
            plan.steps.len(),
            self.now
        ));
        let (writer, _) = self.world.desk();
        let answer = writer.submit(deed, mode, move |draft| {
            let heard = carry_out(draft, &said, cut.as_ref());
            let heard = heard?;
            *kept.lock().unwrap_or_else(PoisonError::into_inner) = Some(heard);
            Ok(())
        });
        Asked {
            actor,
            id,
            plan,
            at: self.now,
            slot,
            answer: Some(answer),
        }
    }

    /// Moves the hand once, and takes the disk as it is where the process dies. Answers, for a commit that was torn,
    /// whether it had written everything.
    fn serve(
        &mut self,
        from: &std::path::Path,
        to: &std::path::Path,
        death: Option<Death>,
    ) -> Result<Option<bool>, String> {
        let mut failed: Result<Option<bool>, String> = Ok(None);
        let mut before = None;
        let dice = &mut self.dice;
        let mut look = |point: Point| {
            let done = match (death, point) {
                (Some(Death::After(n)), Point::CarriedOut(m)) if n == m => {
                    copy_book(from, to).map(|()| None)
                }
                (Some(Death::Closing), Point::Closing) | (Some(Death::Closed), Point::Closed) => {
                    copy_book(from, to).map(|()| None)
                }
                // The step was never reached: its deed failed before it, or was known.
                (Some(Death::Within(..)), Point::Closing) if !to.exists() => {
                    copy_book(from, to).map(|()| None)
                }
                (Some(Death::Torn), Point::Closing) => World::disk(from).map(|disk| {
                    before = Some(disk);
                    None
                }),
                (Some(Death::Torn), Point::Closed) => match &before {
                    Some(before) => World::torn(dice, before, from, to),
                    None => Ok(None),
                },
                _ => return,
            };
            if failed.is_ok() {
                failed = done;
            }
        };
        let (_, hand): (_, &mut Hand) = self.world.desk();
        while hand.turn(&mut look) {}
        failed
    }

    /// What the answers of a group that was kept must be; the model hears what it said.
    fn outcome(&mut self, asked: &[Asked]) -> Result<Vec<Wanted>, String> {
        let last = self.model.last().seq;
        let reader = self.look()?;
        let found = reader.transactions(last + 1..=i64::MAX).map_err(said)?;
        let mut found = found.into_iter();
        self.view = Some(reader);
        let mut wanted = Vec::new();
        for one in asked {
            let mut slot = one.slot.lock().unwrap_or_else(PoisonError::into_inner);
            let heard = slot.take();
            wanted.push(if let Some(entry) = self.model.entry(&one.id) {
                if heard.is_some() {
                    return Err(format!("{} is known and was carried out again", one.id));
                }
                Wanted::Again(entry.seq)
            } else if one.plan.fails() {
                Wanted::Refused
            } else if one.plan.look {
                Wanted::Looked
            } else {
                let heard = heard.ok_or_else(|| format!("{} was not carried out", one.id))?;
                let (seq, next) = (heard.seq, self.model.last().seq + 1);
                if seq != next {
                    return Err(format!("{} was written as {seq}, not {next}", one.id));
                }
                // Everything else of it is compared when the chain is read.
                let hash = found.next().map(|tx| tx.hash);
                let hash = hash.ok_or_else(|| format!("{} is not in the book", one.id))?;
                self.model.hear(&one.id, one.at, heard, hash);
                Wanted::New(seq)
            });
        }
        if let Some(tx) = found.next() {
            return Err(format!(
                "{} is in the book, and nobody was told",
                tx.client_id
            ));
        }
        Ok(wanted)
    }

    /// Compares the answers that arrive; the others are asked for again.
    fn answers(&mut self, asked: Vec<Asked>, wanted: &[Wanted], lost: usize) -> Result<(), String> {
        for (one, wanted) in asked.into_iter().zip(wanted) {
            let lose = self.dice.chance(lost / 2);
            let Some(answer) = one.answer.as_ref().filter(|_| !lose) else {
                self.summary.cut += 1;
                self.tell(&format!("{} is not answered", one.id));
                self.waits(one);
                continue;
            };
            let answer = answer.try_recv();
            let answer = answer.map_err(|_| format!("{} was never answered", one.id))?;
            self.compare(&one, answer, wanted)?;
        }
        Ok(())
    }

    fn compare(
        &mut self,
        one: &Asked,
        answer: Answer<(), Refused>,
        wanted: &Wanted,
    ) -> Result<(), String> {
        let id = &one.id;
        let (seq, repeated) = match (&answer, wanted) {
            (Ok((Some(()), _)), Wanted::Looked) => {
                self.tell(&format!("{id} looked"));
                return Ok(());
            }
            (Err(Refused::Ours(_)), Wanted::Refused) => {
                self.tell(&format!("{id} failed"));
                return Ok(());
            }
            (Err(Refused::Ledger(error)), Wanted::Refused) if is_bad(error) => {
                self.tell(&format!("{id} refused"));
                return Ok(());
            }
            (Ok((Some(()), _)), Wanted::New(seq)) => (*seq, false),
            (Ok((None, _)), Wanted::Again(seq)) => (*seq, true),
            _ => return Err(format!("{id} was answered {answer:?}, not {wanted:?}")),
        };
        let entry = self.model.entry(id).ok_or("an answer without a deed")?;
        let (_, receipt) = answer.map_err(|_| "no receipt")?;
        let told = (receipt.seq, receipt.at, receipt.facts, receipt.hash);
        if told != (seq, entry.at, entry.facts, entry.hash) || receipt.repeated != repeated {
            return Err(format!(
                "{id} was answered {receipt:?}, and the book has {entry:?}"
            ));
        }
        self.summary.again += usize::from(repeated);
        let known = if repeated { "again" } else { "new" };
        self.tell(&format!(
            "{id} is {seq} {known} {}",
            &hex(&receipt.hash)[..12]
        ));
        Ok(())
    }

    /// Asks again, in some later turn. Of two that asked with one id the one who waits longest does.
    fn waits(&mut self, one: Asked) {
        let waiting = &mut self.actors[one.actor].waiting;
        if waiting.is_none() {
            *waiting = Some((one.id, one.plan));
        }
    }

    /// The process died: whoever opens the book finds the whole group or nothing of it, and everyone asks again.
    fn revive(
        &mut self,
        asked: Vec<Asked>,
        death: Death,
        to: PathBuf,
        whole: Option<bool>,
    ) -> Result<(), String> {
        self.world.reopen(to, &mut self.dice)?;
        let kept = match death {
            Death::Within(..) | Death::After(_) | Death::Closing => false,
            Death::Closed => true,
            Death::Torn => whole.unwrap_or(true),
        };
        self.tell(&format!("died {death:?}, group kept: {kept}"));
        if kept {
            self.outcome(&asked)?;
        }
        asked.into_iter().for_each(|one| self.waits(one));
        let reader = self.look()?;
        self.model.check_chain(&reader)?;
        self.view = Some(reader);
        Ok(())
    }
}

fn is_bad(error: &LedgerError) -> bool {
    matches!(error, LedgerError::BadFact { .. })
}
