//! Writing: receipts, previews, group commit, undo, packs, erasure, cells.

use ledger::{Deed, HashAlg, LedgerError, Mode, NewFact, Said, Source, Writer};
use std::collections::BTreeSet;
use testkit::{both_stores, hamlet, register_of};
use vocabulary::{Date, Value};

fn day(int: i32) -> Date {
    Date::from_int(int)
}

fn sheet(file: &str) -> Source {
    Source {
        file: file.to_owned(),
        sha256: "ab".repeat(32),
        sheet: "花名册".to_owned(),
        form: "people".to_owned(),
        as_of: day(20_221_226),
        columns: vec![
            ("person.name".to_owned(), "B".to_owned()),
            ("id_number".to_owned(), "C".to_owned()),
        ],
    }
}

#[test]
fn a_repeated_client_id_is_answered_and_not_repeated() {
    both_stores(|mut stand| {
        let mut ledger = stand.create(HashAlg::Sha256);
        let deed = stand.deed("note");
        let write = |ledger: &mut ledger::Ledger, deed: Deed| {
            ledger
                .write(deed, Mode::Commit, |draft| {
                    Ok::<_, LedgerError>(draft.seq())
                })
                .expect("written")
        };
        let (ran, first) = write(&mut ledger, deed.clone());
        assert_eq!((ran, first.repeated), (Some(2), false));
        let (ran, again) = write(&mut ledger, deed);
        assert_eq!((ran, again.repeated), (None, true));
        assert_eq!(
            (first.seq, first.hash, first.facts),
            (again.seq, again.hash, again.facts)
        );
        assert_eq!(ledger.reader().expect("reader").head().expect("head").0, 2);
    });
}

#[test]
fn a_preview_shows_everything_and_leaves_nothing() {
    both_stores(|mut stand| {
        let mut ledger = stand.create(HashAlg::Sha256);
        let person = register_of(&ledger.pack(), "person");
        let deed = stand.deed("import");
        let (seen, receipt) = ledger
            .write(deed.clone(), Mode::Preview, |draft| {
                let record = draft.new_record();
                let mut fact = NewFact::new(person, record, 7);
                fact.values = vec![(0, Value::from("张三"))];
                draft.assert(fact)?;
                draft.flush()?;
                draft.reader().find("person", "name", &Value::from("张三"))
            })
            .expect("previewed");
        assert_eq!((seen, receipt.seq), (Some(vec![1]), 2));
        let reader = ledger.reader().expect("reader");
        assert!(
            reader
                .find("person", "name", &Value::from("张三"))
                .expect("read")
                .is_empty()
        );
        assert_eq!(reader.head().expect("head").0, 1);
        drop(reader);
        let (record, _) = ledger
            .write(deed, Mode::Commit, |draft| {
                Ok::<_, LedgerError>(draft.new_record())
            })
            .expect("the same id is free");
        assert_eq!(record, Some(1));
    });
}

#[test]
fn sixty_four_threads_are_each_answered_exactly_once() {
    both_stores(|mut stand| {
        let ledger = stand.create(HashAlg::Sha256);
        let person = register_of(&ledger.pack(), "person");
        let writer = Writer::spawn(ledger).expect("spawned");
        let deeds: Vec<Vec<Deed>> = (0..64)
            .map(|_| (0..10).map(|_| stand.deed("note")).collect())
            .collect();
        let threads: Vec<_> = deeds
            .into_iter()
            .map(|deeds| {
                let writer = writer.clone();
                std::thread::spawn(move || {
                    let answers = deeds.into_iter().enumerate().map(|(n, deed)| {
                        let answer = writer.submit(deed, Mode::Commit, move |draft| {
                            if n == 9 {
                                return Err(LedgerError::Stopped);
                            }
                            let record = draft.new_record();
                            let mut fact = NewFact::new(person, record, 7);
                            fact.values = vec![(0, Value::from("某"))];
                            draft.assert(fact)
                        });
                        answer.recv().expect("answered")
                    });
                    answers
                        .filter_map(Result::ok)
                        .map(|(_, receipt)| receipt.seq)
                        .collect::<Vec<i64>>()
                })
            })
            .collect();
        let seqs: Vec<i64> = threads
            .into_iter()
            .flat_map(|t| t.join().expect("joined"))
            .collect();
        assert_eq!(seqs.len(), 64 * 9);
        assert_eq!(seqs.iter().collect::<BTreeSet<_>>().len(), seqs.len());
        let reader = writer.reader().expect("reader");
        assert_eq!(
            reader
                .find("person", "name", &Value::from("某"))
                .expect("read")
                .len(),
            64 * 9
        );
        assert!(reader.verify().expect("verified").is_sound());
        drop(reader);
        drop(writer);
    });
}

#[test]
fn secrets_are_found_and_opened_but_stand_nowhere_in_clear() {
    both_stores(|mut stand| {
        let mut ledger = stand.create(HashAlg::Sha256);
        let person = register_of(&ledger.pack(), "person");
        let mut deed = stand.deed("import");
        deed.sources.push(sheet("人员.xlsx"));
        let number = Value::from("511729198507034321");
        let secret = number.clone();
        let (record, _) = ledger
            .write(deed, Mode::Commit, |draft| {
                let record = draft.new_record();
                let mut fact = NewFact::new(person, record, 7);
                fact.values = vec![(0, Value::from("李四光明")), (1, secret)];
                fact.source = Some((0, 41));
                draft.assert(fact)?;
                Ok::<_, LedgerError>(record)
            })
            .expect("written");
        let record = record.expect("ran");
        let reader = ledger.reader().expect("reader");
        assert_eq!(
            reader.find("person", "id_number", &number).expect("read"),
            [record]
        );
        let slice = reader
            .slices("person", record, None)
            .expect("read")
            .remove(0);
        assert_eq!(slice.values[1], reader.keyed(&number));
        let said = reader
            .assertions("person", record)
            .expect("read")
            .remove(0)
            .set;
        assert_eq!(said[1], (1, Said::Value(number)));
        let cell = reader
            .field_cell("person", record, "id_number", day(20_230_101), None)
            .expect("read");
        assert_eq!(cell.expect("a cell").cell, "C41");
        let cell = reader
            .first_cell("person", record, day(20_230_101), None)
            .expect("read")
            .expect("a cell");
        assert_eq!((cell.cell.as_str(), cell.sheet.as_str()), ("B41", "花名册"));
        let event = reader.history("person", record).expect("read").remove(0);
        assert_eq!((event.deed.as_str(), event.changed.len()), ("import", 1));
        drop(reader);
        let path = stand.path();
        drop(ledger);
        let pages = std::fs::read(&path).expect("pages");
        let has = |text: &str| {
            pages
                .windows(text.len())
                .any(|part| part == text.as_bytes())
        };
        assert!(!has("511729198507034321"));
        // The name is in clear in the derived row only; no body holds it.
        assert_eq!(
            pages
                .windows(12)
                .filter(|part| *part == "李四光明".as_bytes())
                .count(),
            2
        );
    });
}

#[test]
fn an_undo_restores_what_was_and_can_be_undone() {
    both_stores(|mut stand| {
        let mut ledger = stand.create(HashAlg::Sha256);
        let household = register_of(&ledger.pack(), "household");
        let say =
            |stand: &mut testkit::Stand, ledger: &mut ledger::Ledger, file: &str, members: i64| {
                let mut deed = stand.deed("import");
                deed.sources.push(sheet(file));
                let done = ledger.write(deed, Mode::Commit, |draft| {
                    if draft.seq() == 2 {
                        draft.new_record();
                    }
                    let mut fact = NewFact::new(household, 1, 7);
                    (fact.from, fact.as_of) = (
                        day(20_220_101 + i32::try_from(members).expect("small")),
                        day(0),
                    );
                    fact.values = vec![(1, Value::Int(members))];
                    fact.source = Some((0, 2));
                    draft.assert(fact)?;
                    draft.coverage(household, 7, day(20_220_101))?;
                    draft.roster(household, &[7], day(20_220_101))?;
                    Ok::<_, LedgerError>(())
                });
                done.expect("written").1
            };
        say(&mut stand, &mut ledger, "a.xlsx", 1);
        let before = ledger
            .reader()
            .expect("reader")
            .slices("household", 1, None)
            .expect("read");
        let second = say(&mut stand, &mut ledger, "b.xlsx", 2);
        let after = ledger
            .reader()
            .expect("reader")
            .slices("household", 1, None)
            .expect("read");
        assert_eq!((before.len(), after.len()), (1, 2));
        let undo = |stand: &mut testkit::Stand, ledger: &mut ledger::Ledger, tx: i64| {
            let deed = stand.deed("undo");
            let done = ledger.write(deed, Mode::Commit, |draft| draft.withdraw(tx, None));
            done.expect("written").1
        };
        let values = |ledger: &ledger::Ledger, known| -> Vec<(Date, Date, Option<i64>)> {
            let slices = ledger
                .reader()
                .expect("reader")
                .slices("household", 1, known)
                .expect("read");
            slices
                .iter()
                .map(|s| (s.from, s.to, s.values[1].as_int()))
                .collect()
        };
        let covered = |ledger: &ledger::Ledger| {
            let mut rows = 0;
            let sql = "SELECT register FROM coverage UNION ALL SELECT register FROM roster";
            ledger
                .reader()
                .expect("reader")
                .query(sql, &[], &mut |_| rows += 1)
                .expect("read");
            rows
        };
        let both = values(&ledger, None);
        assert_eq!(covered(&ledger), 4);
        let undone = undo(&mut stand, &mut ledger, second.seq);
        assert_eq!(values(&ledger, None).len(), 1);
        assert_eq!(values(&ledger, Some(second.at)), both);
        assert_eq!(covered(&ledger), 2);
        undo(&mut stand, &mut ledger, undone.seq);
        assert_eq!(values(&ledger, None), both);
        assert_eq!(covered(&ledger), 4);
        let verified = ledger.reader().expect("reader").verify().expect("verified");
        assert!(verified.is_sound(), "{verified:#?}");
    });
}

#[test]
fn a_new_pack_renames_adds_and_keeps_the_past() {
    both_stores(|mut stand| {
        let mut ledger = stand.create(HashAlg::Sha256);
        let person = register_of(&ledger.pack(), "person");
        let deed = stand.deed("import");
        let write = ledger.write(deed, Mode::Commit, |draft| {
            let record = draft.new_record();
            let mut fact = NewFact::new(person, record, 7);
            fact.values = vec![(0, Value::from("张三")), (6, Value::from("21"))];
            draft.assert(fact)
        });
        write.expect("written");
        let deed = stand.deed("pack");
        ledger
            .write(deed, Mode::Commit, |draft| draft.pack(hamlet(2)))
            .expect("applied");
        assert_eq!(ledger.pack().version, "2.0.0");
        let reader = ledger.reader().expect("reader");
        let slice = reader.slices("person", 1, None).expect("read").remove(0);
        assert_eq!(
            (slice.values.len(), &slice.values[6]),
            (9, &Value::from("21"))
        );
        assert_eq!(reader.registers()[6 - 1].name, "finding");
        assert!(reader.verify().expect("verified").is_sound());
        drop((reader, ledger));
        assert_eq!(stand.open().expect("opens").pack().version, "2.0.0");
    });
}

#[test]
fn tampering_is_named() {
    both_stores(|mut stand| {
        let mut ledger = stand.create(HashAlg::Sha256);
        let household = register_of(&ledger.pack(), "household");
        let deed = stand.deed("import");
        let write = ledger.write(deed, Mode::Commit, |draft| {
            let record = draft.new_record();
            let mut fact = NewFact::new(household, record, 7);
            fact.values = vec![(1, Value::Int(3))];
            draft.assert(fact)
        });
        write.expect("written");
        let tamper = |sql: &str| {
            use ledger::store::Store;
            let store = ledger::store::sqlite::Sqlite::open(&stand.path()).expect("opens");
            store.execute(sql, &[]).expect("changed");
        };
        tamper("UPDATE r_household SET f_members = 4");
        let found = ledger.reader().expect("reader").verify().expect("verified");
        assert_eq!(
            (found.differences, found.named[0].part.as_str()),
            (1, "household")
        );
        assert!(found.named[0].found.contains("|4") && found.named[0].wanted.contains("|3"));
        tamper("UPDATE fact SET body = replace(body, '\"members\":3', '\"members\":4')");
        let found = ledger.reader().expect("reader").verify().expect("verified");
        assert!(
            found
                .named
                .iter()
                .any(|one| one.part == "chain" && one.place == "2"),
            "{found:#?}"
        );
    });
}

/// Everything outside the chain that an answer may rest on: each is changed alone, and must be named.
#[test]
fn a_change_of_any_table_is_named() {
    let changes = [
        (
            "meta",
            "UPDATE meta SET value = '1' WHERE key = 'next_record'",
        ),
        ("meta", "UPDATE meta SET value = '0:0' WHERE key = 'pack'"),
        ("meta", "UPDATE meta SET value = 'x' WHERE key = 'name'"),
        (
            "fact",
            "UPDATE fact SET register = 'x' WHERE register = 'person'",
        ),
        (
            "fact",
            "UPDATE fact SET record = 77 WHERE register = 'person'",
        ),
        (
            "fact",
            "UPDATE fact SET record = NULL WHERE register = 'person'",
        ),
        (
            "fact",
            "UPDATE fact SET register = NULL WHERE register = 'coverage' OR ord = 1 AND tx = 2",
        ),
        ("sealed", "UPDATE sealed SET record = record + 1"),
        ("sealed", "UPDATE sealed SET ord = ord + 70"),
        ("sealed", "UPDATE sealed SET box = x'00112233'"),
        ("sealed", "DELETE FROM sealed"),
        ("subject_key", "UPDATE subject_key SET wrapped = x'00'"),
        ("sealed", "DELETE FROM subject_key"),
        ("person", "DELETE FROM r_person"),
        ("person", "UPDATE r_person SET record = 5000"),
        ("person", "UPDATE r_person SET f_birth = x'41'"),
        ("person", "INSERT INTO h_person SELECT *, 3 FROM r_person"),
        ("coverage", "UPDATE coverage SET as_of = 20200101"),
        ("audit", "UPDATE audit SET actor = 'x' WHERE tx = 2"),
        ("audit", "UPDATE audit SET record = NULL"),
        ("audit", "DELETE FROM audit WHERE tx = 2"),
        ("audit", "UPDATE audit SET ord = ord + 1 WHERE tx = 2"),
        ("division", "UPDATE division SET name = 'x'"),
        ("division_tree", "DELETE FROM division_tree"),
        ("chain", "UPDATE tx SET actor = 'x' WHERE seq = 2"),
        ("chain", "UPDATE tx SET salt = x'00' WHERE seq = 2"),
        ("chain", "DELETE FROM tx WHERE seq = 1"),
        ("chain", "DELETE FROM tx WHERE seq = 2"),
        ("chain", "UPDATE fact SET ord = 9 WHERE tx = 2 AND ord = 0"),
    ];
    for (part, sql) in changes {
        both_stores(|mut stand| {
            let mut ledger = stand.create(HashAlg::Sha256);
            let person = register_of(&ledger.pack(), "person");
            let deed = stand.deed("import");
            let write = ledger.write(deed, Mode::Commit, |draft| {
                let record = draft.new_record();
                let mut fact = NewFact::new(person, record, 7);
                fact.values = vec![(0, Value::from("张三")), (2, Value::Int(19_850_703))];
                draft.assert(fact)?;
                draft.coverage(person, 7, day(20_221_231))
            });
            write.expect("written");
            let reader = ledger.reader().expect("reader");
            assert!(reader.verify().expect("verified").is_sound());
            drop(reader);
            {
                use ledger::store::Store;
                let store = ledger::store::sqlite::Sqlite::open(&stand.path()).expect("opens");
                store.execute(sql, &[]).expect("changed");
            }
            let found = ledger.reader().expect("reader").verify().expect("verified");
            let named = found.named.iter().any(|one| one.part == part);
            assert!(named, "{sql}: {found:#?}");
        });
    }
}

/// Pages are changed behind the store's back, where only an index holds them.
#[test]
fn damage_that_only_an_index_holds_is_named() {
    both_stores(|mut stand| {
        let mut ledger = stand.create(HashAlg::Sha256);
        let person = register_of(&ledger.pack(), "person");
        let deed = stand.deed("import");
        let write = ledger.write(deed, Mode::Commit, |draft| {
            let record = draft.new_record();
            let mut fact = NewFact::new(person, record, 7);
            fact.values = vec![(0, Value::from("UNIQUENAME"))];
            draft.assert(fact)
        });
        write.expect("written");
        drop(ledger);
        let path = stand.path();
        {
            use ledger::store::Store;
            let store = ledger::store::sqlite::Sqlite::open(&path).expect("opens");
            store.scrub().expect("the log is empty");
        }
        let bytes = std::fs::read(&path).expect("read");
        let places: Vec<usize> = bytes
            .windows(10)
            .enumerate()
            .filter(|(_, window)| *window == b"UNIQUENAME")
            .map(|(at, _)| at)
            .collect();
        // Once in the register's table, once in the index of its names: in the body it is sealed.
        assert_eq!(places.len(), 2);
        for place in places {
            let mut broken = bytes.clone();
            broken[place] ^= 1;
            std::fs::write(&path, broken).expect("written");
            let ledger = ledger::Ledger::open_read_with(&path, &|_| Ok(hamlet(1))).expect("opens");
            let found = ledger.reader().expect("reader").verify().expect("verified");
            assert!(
                found.named.iter().any(|one| one.part == "store"),
                "{found:#?}"
            );
        }
    });
}
