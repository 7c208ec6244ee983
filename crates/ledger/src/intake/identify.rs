//! Who is who, over all rows of a table at once: sure values first, then the weaker steps. Refuses to know what is
//! written about anybody.

use crate::error::LedgerError;
use crate::intake::identity::{self, Candidate, Decision};
use crate::intake::lookup::{self, Identity};
use crate::intake::plan::{Subject, Taking};
use crate::intake::{Issue, Row};
use foldhash::{HashMap, HashSet};
use pack::declare::Link;
use rayon::prelude::*;
use vocabulary::{RecordId, Value};

impl Taking<'_, '_> {
    /// Decides who is who for every register whose records are found by identity.
    pub(super) fn identify(&mut self, rows: &[Row]) -> Result<(), LedgerError> {
        for position in 0..self.registers.decls.len() {
            let Some(identity) = Identity::of(position, &self.registers.decls[position]) else {
                continue;
            };
            let (mut places, mut links): (Vec<(usize, usize)>, Vec<_>) = (Vec::new(), Vec::new());
            for (r, row) in rows.iter().enumerate() {
                for (m, mention) in row.mentions.iter().enumerate() {
                    if mention.register == position {
                        match mention.link {
                            None => places.push((r, m)),
                            Some(link) => links.push((link, r, m)),
                        }
                    }
                }
            }
            if !places.is_empty() {
                self.identify_in(&identity, &places, rows)?;
            }
            if !links.is_empty() {
                self.link_in(&identity, &links, rows)?;
            }
        }
        Ok(())
    }

    /// Finds those whom rows mean and do not make: each for itself, since two rows may mean one.
    fn link_in(
        &mut self,
        identity: &Identity,
        links: &[(Link, usize, usize)],
        rows: &[Row],
    ) -> Result<(), LedgerError> {
        let master = self.draft.reader().state.master.clone();
        let mentions: Vec<identity::Mention> = links
            .iter()
            .map(|(_, r, m)| mention_of(identity, &rows[*r], *m))
            .collect();
        let keyed: Vec<Option<String>> = mentions.iter().map(|m| master.keyed(&m.sure)).collect();
        let names = mentions.iter().filter_map(|m| m.name.as_text()).collect();
        let sures = keyed.iter().flatten().map(String::as_str).collect();
        let known = lookup::subjects(self.draft, identity, &names, &sures, mentions.len())?;
        for ((mention, key), (link, r, m)) in mentions.iter().zip(&keyed).zip(links) {
            let sure = key.as_ref().and_then(|key| known.by_sure.get(key));
            let decision = match (sure, mention.name.as_text()) {
                (Some(record), _) => Decision::Known(*record),
                (None, None) => continue,
                (None, Some(name)) => {
                    let mut candidates = Vec::new();
                    for subject in known.by_name.get(name).into_iter().flatten() {
                        // Whoever has another number is not meant.
                        if key.is_none() || !subject.has_sure {
                            candidates.push(lookup::candidate(self.draft, identity, subject)?);
                        }
                    }
                    let mut taken = HashMap::default();
                    let one = std::slice::from_ref(mention);
                    let agree = &identity.agree;
                    identity::decide(one, &[0], &[candidates], agree, &mut taken).swap_remove(0)
                }
            };
            let candidates = match decision {
                Decision::Known(record) => {
                    let is_new = false;
                    self.subjects.insert((*r, *m), Subject { record, is_new });
                    continue;
                }
                Decision::Nobody if *link == Link::IfOne => continue,
                Decision::Nobody => Vec::new(),
                Decision::Several(records) => records,
            };
            self.outcome.issues.push(Issue::Unlinked {
                row: rows[*r].at,
                register: identity.register,
                field: identity.name,
                sought: mention.name.clone(),
                candidates,
            });
        }
        Ok(())
    }

    fn identify_in(
        &mut self,
        identity: &Identity,
        places: &[(usize, usize)],
        rows: &[Row],
    ) -> Result<(), LedgerError> {
        let master = self.draft.reader().state.master.clone();
        let mentions: Vec<identity::Mention> = places
            .par_iter()
            .map(|(r, m)| mention_of(identity, &rows[*r], *m))
            .collect();
        let keyed: Vec<Option<String>> = mentions
            .par_iter()
            .map(|mention| master.keyed(&mention.sure))
            .collect();
        // Many rows: the register is read whole, nothing is asked by name.
        let few = |_: &&str| mentions.len() < lookup::READ_WHOLE_FROM;
        let names: HashSet<&str> = mentions
            .iter()
            .filter_map(|m| m.name.as_text())
            .filter(few)
            .collect();
        let sures: HashSet<&str> = keyed
            .iter()
            .flatten()
            .map(String::as_str)
            .filter(few)
            .collect();
        let known = lookup::subjects(self.draft, identity, &names, &sures, mentions.len())?;

        let mut decided: Vec<Option<Subject>> = vec![None; mentions.len()];
        let mut taken: HashMap<RecordId, usize> = HashMap::default();
        for (i, key) in keyed.iter().enumerate() {
            if let Some(record) = key.as_ref().and_then(|key| known.by_sure.get(key)) {
                decided[i] = Some(Subject {
                    record: *record,
                    is_new: false,
                });
                taken.entry(*record).or_insert(i);
            }
        }

        // Rows with a sure value that nobody has yet: a record without one may be meant.
        let open: Vec<usize> = (0..mentions.len())
            .filter(|i| decided[*i].is_none() && keyed[*i].is_some())
            .collect();
        let mut candidates: Vec<Vec<Candidate>> = vec![Vec::new(); mentions.len()];
        for &i in &open {
            let named = mentions[i]
                .name
                .as_text()
                .and_then(|name| known.by_name.get(name));
            for subject in named
                .into_iter()
                .flatten()
                .filter(|subject| !subject.has_sure)
            {
                candidates[i].push(lookup::candidate(self.draft, identity, subject)?);
            }
        }
        let answers = identity::decide(&mentions, &open, &candidates, &identity.agree, &mut taken);
        let mut made_sure: HashMap<&str, RecordId> = HashMap::default();
        let mut made_named: HashMap<&str, Vec<usize>> = HashMap::default();
        for &i in &open {
            let key = keyed[i]
                .as_deref()
                .expect("open rows here have a sure value");
            let subject = match (&answers[i], made_sure.get(key)) {
                (Decision::Known(record), _) => Subject {
                    record: *record,
                    is_new: false,
                },
                (_, Some(record)) => Subject {
                    record: *record,
                    is_new: true,
                },
                _ => Subject {
                    record: self.draft.new_record(),
                    is_new: true,
                },
            };
            made_sure.insert(key, subject.record);
            taken.entry(subject.record).or_insert(i);
            decided[i] = Some(subject);
            if let (true, Some(name)) = (subject.is_new, mentions[i].name.as_text()) {
                made_named.entry(name).or_default().push(i);
            }
        }
        self.namesakes(
            identity,
            (places, rows),
            &mentions,
            &decided,
            &known,
            &made_named,
        )?;

        // Rows without: any record of the name may be meant, those just made only when all else agrees.
        let open: Vec<usize> = (0..mentions.len())
            .filter(|i| decided[*i].is_none())
            .collect();
        for &i in &open {
            let Some(name) = mentions[i].name.as_text() else {
                continue;
            };
            for subject in known.by_name.get(name).into_iter().flatten() {
                candidates[i].push(lookup::candidate(self.draft, identity, subject)?);
            }
            for &other in made_named.get(name).into_iter().flatten() {
                let record = decided[other].expect("made above").record;
                if !candidates[i].iter().any(|c| c.record == record) {
                    candidates[i].push(candidate_of(&mentions[other], record));
                }
            }
        }
        let answers = identity::decide(&mentions, &open, &candidates, &identity.agree, &mut taken);
        let had: HashSet<RecordId> = known.by_name.values().flatten().map(|s| s.record).collect();
        let mut made: Vec<(usize, RecordId)> = Vec::new();
        let chosen = self.chosen(&open, &answers, &mentions, places, rows);
        for &i in &open {
            if let Some((finding, record)) = chosen.get(&i) {
                let is_new = record.is_none();
                let record = record.unwrap_or_else(|| self.draft.new_record());
                self.outcome.followed.push((*finding, record));
                decided[i] = Some(Subject { record, is_new });
                continue;
            }
            decided[i] = match &answers[i] {
                Decision::Known(record) => Some(Subject {
                    record: *record,
                    is_new: !had.contains(record),
                }),
                Decision::Several(records) => {
                    let (r, _) = places[i];
                    self.waiting.insert(r);
                    self.outcome.issues.push(Issue::Ambiguous {
                        row: rows[r].at,
                        register: identity.register,
                        name: mentions[i].name.clone(),
                        candidates: records.clone(),
                    });
                    None
                }
                Decision::Nobody => {
                    let same = made
                        .iter()
                        .find(|(other, _)| identity::same_subject(&mentions[i], &mentions[*other]));
                    let record = same
                        .map(|(_, record)| *record)
                        .unwrap_or_else(|| self.draft.new_record());
                    made.push((i, record));
                    Some(Subject {
                        record,
                        is_new: true,
                    })
                }
            };
        }
        let mut mentioned: HashMap<RecordId, u32> = HashMap::default();
        for (place, subject) in places.iter().zip(decided) {
            if let Some(subject) = subject {
                self.subjects.insert(*place, subject);
                *mentioned.entry(subject.record).or_insert(0) += 1;
            }
        }
        self.single.extend(
            mentioned
                .iter()
                .filter(|(_, count)| **count == 1)
                .map(|(record, _)| *record),
        );
        Ok(())
    }

    /// What people have said of the rows that may mean several: by the name in the row, and by its number where
    /// rows of one name must be told apart.
    fn chosen(
        &self,
        open: &[usize],
        answers: &[Decision],
        mentions: &[identity::Mention],
        places: &[(usize, usize)],
        rows: &[Row],
    ) -> HashMap<usize, (RecordId, Option<RecordId>)> {
        let mut found = HashMap::default();
        if self.table.chosen.is_empty() {
            return found;
        }
        let asked: Vec<usize> = open
            .iter()
            .copied()
            .filter(|i| matches!(answers[*i], Decision::Several(_)))
            .collect();
        for &i in &asked {
            let name = &mentions[i].name;
            let alike = asked.iter().filter(|j| mentions[**j].name == *name).count();
            let said = || self.table.chosen.iter().filter(|c| c.name == *name);
            let row = rows[places[i].0].at.number;
            let one = if alike == 1 && said().count() == 1 {
                said().next()
            } else {
                said().find(|c| c.row == row)
            };
            let Some(one) = one else { continue };
            // Whoever is no longer among those it may mean was taken back since: it is asked again.
            let stands = match (&answers[i], one.record) {
                (_, None) => true,
                (Decision::Several(records), Some(record)) => records.contains(&record),
                _ => false,
            };
            if stands {
                found.insert(i, (one.finding, one.record));
            }
        }
        found
    }

    /// The same name, birth month and place under another sure value is worth a look.
    fn namesakes(
        &mut self,
        identity: &Identity,
        (places, rows): (&[(usize, usize)], &[Row]),
        mentions: &[identity::Mention],
        decided: &[Option<Subject>],
        known: &lookup::Subjects,
        made_named: &HashMap<&str, Vec<usize>>,
    ) -> Result<(), LedgerError> {
        let strongest = identity
            .agree
            .first()
            .map(Vec::as_slice)
            .unwrap_or_default();
        let mut names: Vec<&str> = made_named.keys().copied().collect();
        names.sort_unstable();
        for name in names {
            let made = &made_named[name];
            for (n, &i) in made.iter().enumerate() {
                let Some(subject) = decided[i] else { continue };
                let mut others: Vec<Candidate> = made[..n]
                    .iter()
                    .filter(|&&j| mentions[j].place == mentions[i].place)
                    .filter_map(|&j| decided[j].map(|s| candidate_of(&mentions[j], s.record)))
                    .collect();
                for other in known
                    .by_name
                    .get(name)
                    .into_iter()
                    .flatten()
                    .filter(|s| s.has_sure)
                {
                    others.push(lookup::candidate(self.draft, identity, other)?);
                }
                let alike = others.iter().find(|other| {
                    other.record != subject.record
                        && other.places.contains(&mentions[i].place)
                        && identity::agrees(&mentions[i], other, strongest)
                });
                if let Some(other) = alike {
                    self.outcome.issues.push(Issue::Namesake {
                        row: rows[places[i].0].at,
                        register: identity.register,
                        record: subject.record,
                        name: mentions[i].name.clone(),
                        other: other.record,
                    });
                }
            }
        }
        Ok(())
    }
}

fn mention_of(identity: &Identity, row: &Row, m: usize) -> identity::Mention {
    let mention = &row.mentions[m];
    let value = |at: usize| {
        mention
            .values
            .iter()
            .find(|(field, _)| *field == at)
            .map_or(Value::Null, |(_, value)| value.clone())
    };
    // The registers that the row writes about this subject: those that refer to the mention by its label.
    let label = -(i64::try_from(m).expect("a row writes few registers")) - 1;
    let units = row
        .mentions
        .iter()
        .filter(|other| {
            other
                .values
                .iter()
                .any(|(_, value)| *value == Value::Int(label))
        })
        .map(|other| (other.register, other.division))
        .collect();
    identity::Mention {
        name: value(identity.name),
        sure: identity.sure.map_or(Value::Null, value),
        fields: identity.fields.iter().map(|at| (*at, value(*at))).collect(),
        place: mention.division,
        units,
    }
}

fn candidate_of(mention: &identity::Mention, record: RecordId) -> Candidate {
    Candidate {
        record,
        has_sure: true,
        fields: mention.fields.clone(),
        places: vec![mention.place],
        units: mention.units.clone(),
        of_this_table: true,
    }
}
