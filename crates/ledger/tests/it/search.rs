//! Records found by a part of what names them, by first letters, by a whole number; only where one may look, and
//! no longer than the rows say it.

use ledger::search::{Ask, Fit, Found, Way};
use ledger::{Ground, HashAlg, Ledger, LedgerError, Mode, NewFact, Reader};
use testkit::{Stand, both_stores, hamlet, register_of};
use vocabulary::{Date, DivisionId, RecordId, Value};

const TOWN: DivisionId = 511_000_000_000;
const EAST: DivisionId = 511_000_000_100;
const WEST: DivisionId = 511_000_000_200;

fn day(int: i32) -> Date {
    Date::from_int(int)
}

/// A book with two villages and these people in them.
fn town(stand: &mut Stand, people: &[(&str, DivisionId)]) -> Ledger {
    let mut ledger = stand.create(HashAlg::Sha256);
    let person = register_of(&ledger.pack(), "person");
    let deed = stand.deed("import");
    let write = ledger.write(deed, Mode::Commit, |draft| {
        let place = draft.reader().register_index("division")?;
        let decl = &draft.reader().registers()[place];
        let at = |name: &str| decl.field_index(name).expect("a field of places");
        let (name, parent) = (at("name"), at("parent"));
        for (division, called) in [(EAST, "东沟村"), (WEST, "西沟村")] {
            let mut fact = NewFact::new(place, division, division);
            fact.values = vec![(name, Value::from(called)), (parent, Value::Int(TOWN))];
            draft.assert(fact)?;
        }
        for (name, division) in people {
            let record = draft.new_record();
            let mut fact = NewFact::new(person, record, *division);
            fact.from = day(20_200_101);
            fact.values = vec![(0, Value::Text((*name).to_owned()))];
            draft.assert(fact)?;
        }
        Ok::<_, LedgerError>(())
    });
    write.expect("written");
    ledger
}

fn search(reader: &Reader, words: &str, within: &[DivisionId]) -> Found {
    let registers: Vec<usize> = (0..reader.registers().len()).collect();
    let ask = Ask {
        words,
        registers: &registers,
        within,
        limit: 50,
    };
    reader.search(&ask).expect("searched")
}

/// The texts that were found, in order.
fn texts(ledger: &Ledger, words: &str, within: &[DivisionId]) -> Vec<String> {
    let reader = ledger.reader().expect("a reader");
    let hits = search(&reader, words, within).hits.into_iter();
    hits.map(|hit| {
        hit.slice.values[hit.field]
            .as_text()
            .unwrap_or_default()
            .to_owned()
    })
    .collect()
}

fn say(
    stand: &mut Stand,
    ledger: &mut Ledger,
    record: RecordId,
    (from, name): (i32, &str),
    division: DivisionId,
) -> i64 {
    let person = register_of(&ledger.pack(), "person");
    let write = ledger.write(stand.deed("correct"), Mode::Commit, |draft| {
        let mut fact = NewFact::new(person, record, division);
        fact.from = day(from);
        fact.as_of = day(from);
        fact.rank = 1;
        fact.values = vec![(0, Value::from(name))];
        draft.assert(fact)
    });
    write.expect("written").1.seq
}

fn sound(ledger: &Ledger) -> u64 {
    let verified = ledger
        .reader()
        .expect("a reader")
        .verify()
        .expect("verified");
    assert!(verified.is_sound(), "{verified:#?}");
    verified.rows["gram"]
}

#[test]
fn a_name_is_found_by_any_part_and_by_its_letters() {
    both_stores(|mut stand| {
        let people = [
            ("王小明", EAST),
            ("王明", EAST),
            ("李王明", WEST),
            ("明珠", WEST),
            ("单强", WEST),
            ("阿依·古丽", EAST),
        ];
        let ledger = town(&mut stand, &people);
        // Whole, then at the beginning, then within.
        assert_eq!(texts(&ledger, "王明", &[]), ["王明", "李王明"]);
        assert_eq!(texts(&ledger, "王", &[]), ["王小明", "王明", "李王明"]);
        assert_eq!(
            texts(&ledger, "明", &[]),
            ["明珠", "王小明", "王明", "李王明"]
        );
        assert_eq!(texts(&ledger, " 王 小 明 ", &[]), ["王小明"]);
        assert_eq!(texts(&ledger, "依古", &[]), ["阿依·古丽"]);
        assert_eq!(texts(&ledger, "wxm", &[]), ["王小明"]);
        assert_eq!(texts(&ledger, "WM", &[]), ["王明"]);
        assert_eq!(texts(&ledger, "lw", &[]), ["李王明"]);
        // 单 is a surname read with another letter than the word.
        assert_eq!(texts(&ledger, "sq", &[]), ["单强"]);
        assert_eq!(texts(&ledger, "dq", &[]), ["单强"]);
        assert_eq!(texts(&ledger, "东沟", &[]), ["东沟村"]);
        for nobody in ["", " ", "小王", "wmx", "xm", "赵", "%", "王_"] {
            assert_eq!(texts(&ledger, nobody, &[]), [""; 0], "{nobody}");
        }
        let reader = ledger.reader().expect("a reader");
        let hit = search(&reader, "wm", &[]).hits.remove(0);
        assert_eq!((hit.way, hit.fit), (Way::Letters, Fit::Whole));
    });
}

#[test]
fn nothing_is_found_outside_the_divisions_asked() {
    both_stores(|mut stand| {
        let mut ledger = town(&mut stand, &[("王小明", EAST), ("王大明", WEST)]);
        assert_eq!(texts(&ledger, "王", &[EAST]), ["王小明"]);
        assert_eq!(texts(&ledger, "王", &[EAST, WEST]).len(), 2);
        assert_eq!(texts(&ledger, "w", &[TOWN]).len(), 2);
        assert_eq!(texts(&ledger, "王大", &[EAST]), [""; 0]);
        // Who moves is found in both places; a name is one truth for ever, so under the new one.
        say(&mut stand, &mut ledger, 1, (20_210_101, "王晓明"), WEST);
        assert_eq!(texts(&ledger, "王", &[EAST]), ["王晓明"]);
        assert_eq!(texts(&ledger, "王", &[WEST]), ["王晓明", "王大明"]);
        assert_eq!(texts(&ledger, "小", &[]), [""; 0]);
        sound(&ledger);
    });
}

#[test]
fn registers_not_asked_are_not_looked_through() {
    both_stores(|mut stand| {
        let ledger = town(&mut stand, &[("东沟", EAST)]);
        let reader = ledger.reader().expect("a reader");
        let person = register_of(&ledger.pack(), "person");
        for (registers, wanted) in [(vec![person], 1), (vec![], 0), (vec![99], 0)] {
            let ask = Ask {
                words: "东沟",
                registers: &registers,
                within: &[],
                limit: 9,
            };
            assert_eq!(reader.search(&ask).expect("searched").hits.len(), wanted);
        }
    });
}

#[test]
fn a_secret_number_is_found_whole_and_never_in_part() {
    both_stores(|mut stand| {
        let mut ledger = town(&mut stand, &[]);
        let person = register_of(&ledger.pack(), "person");
        let write = ledger.write(stand.deed("import"), Mode::Commit, |draft| {
            let record = draft.new_record();
            let mut fact = NewFact::new(person, record, EAST);
            fact.values = vec![
                (0, Value::from("王小明")),
                (1, Value::from("51170219900307461X")),
            ];
            draft.assert(fact)
        });
        write.expect("written");
        assert_eq!(texts(&ledger, "51170219900307461x", &[]).len(), 1);
        assert_eq!(texts(&ledger, "5117021990030746", &[]).len(), 0);
        assert_eq!(texts(&ledger, "51170219900307461x", &[WEST]).len(), 0);
        sound(&ledger);
    });
}

#[test]
fn corrections_ends_and_what_is_taken_back_are_followed() {
    both_stores(|mut stand| {
        let mut ledger = town(&mut stand, &[("王小明", EAST)]);
        let before = sound(&ledger);
        let tx = say(&mut stand, &mut ledger, 1, (20_200_101, "王晓明"), EAST);
        assert_eq!(texts(&ledger, "小", &[]), [""; 0]);
        assert_eq!(texts(&ledger, "晓", &[]), ["王晓明"]);
        assert_eq!(sound(&ledger), before);
        let deed = stand.deed("undo");
        let undo = ledger.write(deed, Mode::Commit, |draft| draft.withdraw(tx, None));
        undo.expect("taken back");
        assert_eq!(texts(&ledger, "小", &[]), ["王小明"]);
        assert_eq!(sound(&ledger), before);
        // Written and taken back in one deed, over several flushes.
        let person = register_of(&ledger.pack(), "person");
        let write = ledger.write(stand.deed("both"), Mode::Commit, |draft| {
            let record = draft.new_record();
            for name in ["甲一", "乙二", "丙三"] {
                let mut fact = NewFact::new(person, record, EAST);
                fact.values = vec![(0, Value::from(name))];
                draft.assert(fact)?;
                draft.flush()?;
            }
            Ok::<_, LedgerError>(())
        });
        write.expect("written");
        sound(&ledger);
        let undo = ledger.write(stand.deed("rebuild"), Mode::Commit, |draft| draft.rebuild());
        undo.expect("rebuilt");
        assert_eq!(texts(&ledger, "小", &[]), ["王小明"]);
        sound(&ledger);
    });
}

#[test]
fn another_shape_of_the_pack_makes_the_table_again() {
    both_stores(|mut stand| {
        let mut ledger = town(&mut stand, &[("王小明", EAST)]);
        let mut pack = hamlet(2);
        // Without its register, seats are history; people are told anew.
        pack.registers.retain(|register| register.name != "seat");
        let deed = stand.deed("pack");
        let apply = ledger.write(deed, Mode::Commit, |draft| draft.pack(pack.clone()));
        apply.expect("applied");
        assert_eq!(texts(&ledger, "wxm", &[]), ["王小明"]);
        sound(&ledger);
    });
}

#[test]
fn who_is_erased_is_found_no_more_and_leaves_no_piece() {
    both_stores(|mut stand| {
        let mut ledger = town(&mut stand, &[("龘靐齉", EAST), ("王小明", EAST)]);
        assert_eq!(texts(&ledger, "靐", &[]), ["龘靐齉"]);
        let ground = Ground {
            basis: "本人书面申请".to_owned(),
            approver: "李主任".to_owned(),
        };
        let deed = stand.deed("erase");
        let erase = ledger.write(deed, Mode::Commit, |draft| draft.erase(1, &ground));
        erase.expect("erased");
        for words in ["龘", "靐", "龘靐", "靐齉", "龘靐齉"] {
            assert_eq!(texts(&ledger, words, &[]), [""; 0], "{words}");
        }
        assert_eq!(texts(&ledger, "wx", &[]), ["王小明"]);
        sound(&ledger);
        let path = stand.path();
        drop(ledger);
        for file in [path.clone(), path.with_extension("db-wal")] {
            let bytes = std::fs::read(&file).unwrap_or_default();
            for piece in ["龘", "靐", "齉"] {
                let found = bytes
                    .windows(piece.len())
                    .any(|part| part == piece.as_bytes());
                assert!(!found, "{piece} in {}", file.display());
            }
        }
    });
}

#[test]
fn verifying_names_a_row_too_many_and_a_row_too_few() {
    both_stores(|mut stand| {
        let ledger = town(&mut stand, &[("王小明", EAST), ("李四", EAST)]);
        let path = stand.path();
        drop(ledger);
        let store = rusqlite::Connection::open(&path).expect("opens");
        let moved = store
            .execute("UPDATE gram SET record = 2 WHERE gram = 'a王小'", [])
            .expect("changed");
        assert_eq!(moved, 1);
        drop(store);
        let ledger = stand.open().expect("opens");
        let verified = ledger
            .reader()
            .expect("a reader")
            .verify()
            .expect("verified");
        let named: Vec<(&str, &str)> = verified
            .named
            .iter()
            .map(|one| (one.part.as_str(), one.place.as_str()))
            .collect();
        assert_eq!(named, [("gram", ""), ("gram", "1"), ("gram", "2")]);
    });
}

/// Against a look at every name: the same records, whatever is asked and wherever.
#[test]
fn random_questions_find_what_a_look_at_everybody_finds() {
    both_stores(|mut stand| {
        let mut random = 7_u64;
        let mut drawn = move |n: usize| {
            random = random
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            usize::try_from(random >> 33).expect("31 bits") % n
        };
        let signs: Vec<char> = "王李小明强单重1a".chars().collect();
        let names: Vec<(String, DivisionId)> = (0..300)
            .map(|_| {
                let length = 1 + drawn(4);
                let name: String = (0..length).map(|_| signs[drawn(signs.len())]).collect();
                (name, [EAST, WEST, TOWN][drawn(3)])
            })
            .collect();
        let people: Vec<(&str, DivisionId)> = names.iter().map(|(n, d)| (n.as_str(), *d)).collect();
        let ledger = town(&mut stand, &people);
        let reader = ledger.reader().expect("a reader");
        let person = register_of(&ledger.pack(), "person");
        for _ in 0..300 {
            let length = 1 + drawn(4);
            let words: String = (0..length).map(|_| signs[drawn(8)]).collect();
            let within = [vec![], vec![TOWN], vec![EAST], vec![WEST, EAST]][drawn(4)].clone();
            let ask = Ask {
                words: &words,
                registers: &[person],
                within: &within,
                limit: 200,
            };
            let found = reader.search(&ask).expect("searched");
            let mut hits: Vec<RecordId> = found.hits.iter().map(|hit| hit.record).collect();
            hits.sort_unstable();
            let seen = |division| {
                within.is_empty() || within.contains(&TOWN) || within.contains(&division)
            };
            let wanted: Vec<RecordId> = (1..)
                .zip(&names)
                .filter(|(_, (name, division))| name.contains(&words) && seen(*division))
                .map(|(record, _)| record)
                .collect();
            if wanted.len() <= 200 {
                assert_eq!(hits, wanted, "{words} in {within:?}");
                assert!(!found.more, "{words}");
            }
        }
    });
}
