//! In, out, and the passwords between.

use super::{BETTER, DAY, GOOD, MINUTE, Town, asked, refusal, secret};
use office::people::{Gate, Token};
use office::{Actor, OfficeError, PasswordPolicy, RedeemInput, Refusal};
use proptest::prelude::*;

fn town() -> Town {
    Town::with_chen(PasswordPolicy::Asvs)
}

#[test]
fn a_name_and_a_password_become_a_session_and_a_role_in_a_place() {
    let mut town = town();
    town.person("zhou");
    town.grant("zhou", "cadre", Some("大石村"))
        .expect("granted");
    let chen = town.sign_in(" Chen ", GOOD).expect("in");
    assert_eq!(chen.session.name, "chen");
    assert_eq!(chen.session.display, "chen 某");
    assert_eq!(chen.session.address.as_deref(), Some("10.0.0.7"));
    let actor = town.office.actor_of(&chen.session, None).expect("acts");
    assert_eq!(actor.role.as_deref(), Some("clerk"));
    assert_eq!(actor.scope, Vec::<i64>::new(), "the whole book");
    assert_eq!(actor.account, Some(chen.session.account));
    let zhou = town.sign_in("zhou", GOOD).expect("in");
    let actor = town.office.actor_of(&zhou.session, None).expect("acts");
    assert_eq!(actor.scope, [511_729_102_200]);
}

#[test]
fn somebody_unknown_is_answered_and_costs_like_a_wrong_password() {
    let mut town = town();
    let before = town.gate.passwords().computed();
    let wrong = town.sign_in("chen", BETTER);
    let known = town.gate.passwords().computed() - before;
    let nobody = town.sign_in("nobody", BETTER);
    let unknown = town.gate.passwords().computed() - before - known;
    assert_eq!((known, unknown), (1, 1));
    let said = |done: &Result<_, OfficeError>| match done {
        Err(OfficeError::SignIn { said, why, wait }) => (said.clone(), *why, *wait),
        _ => panic!("let in"),
    };
    assert_eq!(said(&wrong), said(&nobody));
    // Locked out, they are alike too.
    for name in ["chen", "nobody"] {
        for _ in 0..4 {
            assert_eq!(refusal(town.sign_in(name, BETTER)).1, Refusal::Wrong);
        }
        assert_eq!(refusal(town.sign_in(name, BETTER)).1, Refusal::Wait);
    }
    assert!(town.sign_in("x".repeat(70).as_str(), GOOD).is_err());
}

#[test]
fn after_five_wrong_passwords_the_right_one_waits_a_quarter_of_an_hour() {
    let mut town = town();
    for _ in 0..5 {
        assert_eq!(refusal(town.sign_in("chen", BETTER)).1, Refusal::Wrong);
    }
    let before = town.gate.passwords().computed();
    match town.sign_in("chen", GOOD) {
        Err(OfficeError::SignIn { wait, .. }) => assert_eq!(wait, Some(15 * 60)),
        other => panic!("{other:?}"),
    }
    assert_eq!(
        town.gate.passwords().computed(),
        before,
        "not even looked at"
    );
    town.turn(14 * MINUTE);
    assert_eq!(refusal(town.sign_in("chen", GOOD)).0, "O302");
    town.turn(MINUTE);
    town.sign_in("chen", GOOD).expect("in");
}

#[test]
fn a_new_process_remembers_the_failures_of_the_last_quarter_of_an_hour() {
    let mut town = town();
    for _ in 0..5 {
        assert_eq!(refusal(town.sign_in("chen", BETTER)).1, Refusal::Wrong);
    }
    town.turn(MINUTE);
    town.gate = Gate::new(None);
    town.office.recall_attempts(&town.gate).expect("recalled");
    assert_eq!(refusal(town.sign_in("chen", GOOD)).1, Refusal::Wait);
    town.turn(15 * MINUTE);
    town.gate = Gate::new(None);
    town.office.recall_attempts(&town.gate).expect("recalled");
    town.sign_in("chen", GOOD).expect("in");
}

#[test]
fn a_session_ends_by_time_by_its_owner_and_everywhere() {
    let mut town = town();
    let first = town.sign_in("chen", GOOD).expect("in");
    town.turn(14 * MINUTE);
    let second = town.sign_in("chen", GOOD).expect("in");
    assert!(town.touch(&first.token).is_some());
    town.turn(15 * MINUTE);
    assert!(town.touch(&first.token).is_none());
    assert!(town.touch(&second.token).is_none());
    let first = town.sign_in("chen", GOOD).expect("in");
    let second = town.sign_in("chen", GOOD).expect("in");
    let out = town.office.sign_out(&town.gate, &first.token).expect("out");
    assert_eq!(out.map(|session| session.name).as_deref(), Some("chen"));
    assert!(town.touch(&first.token).is_none());
    assert!(
        town.office
            .sign_out(&town.gate, &first.token)
            .expect("out")
            .is_none()
    );
    let third = town.sign_in("chen", GOOD).expect("in");
    let session = town.touch(&second.token).expect("lives");
    let ended = town.office.sign_out_everywhere(&town.gate, &session);
    assert_eq!(ended.expect("out"), 2);
    assert!(town.touch(&third.token).is_none());
}

#[test]
fn what_is_taken_away_is_gone_at_once() {
    let mut town = town();
    let chen = town.sign_in("chen", GOOD).expect("in").session;
    assert!(town.office.actor_of(&chen, None).is_ok());
    town.office
        .person_lock("chen", Some("调离"))
        .expect("locked");
    assert_eq!(
        refusal(town.office.actor_of(&chen, None)).1,
        Refusal::Locked
    );
    assert_eq!(refusal(town.sign_in("chen", GOOD)).1, Refusal::Locked);
    assert_eq!(
        refusal(town.sign_in("chen", BETTER)).1,
        Refusal::Wrong,
        "told to nobody else"
    );
    town.office.person_unlock("chen", None).expect("unlocked");
    assert!(town.office.actor_of(&chen, None).is_ok());
    let leaves = office::PersonRevokeInput {
        name: "chen".to_owned(),
        on: Some("2023-01-07".to_owned()),
        ..office::PersonRevokeInput::default()
    };
    let (ended, _) = town.office.person_revoke(&leaves).expect("revoked");
    assert_eq!(ended, 1);
    town.turn(DAY);
    assert!(town.office.actor_of(&chen, None).is_ok(), "his last day");
    town.turn(DAY);
    assert_eq!(
        refusal(town.office.actor_of(&chen, None)).1,
        Refusal::NoRole
    );
    assert_eq!(refusal(town.sign_in("chen", GOOD)).0, "O304");
    assert_eq!(asked(town.office.person_revoke(&leaves)), "O320");
    let grants = town.office.people().expect("people")[0].grants.clone();
    assert_eq!(grants.len(), 1, "that he was a clerk stays");
}

#[test]
fn a_link_is_used_once_and_within_an_hour_and_the_old_password_changes_itself_alone() {
    let mut town = town();
    let link = town.office.person_link("chen").expect("a link").token;
    let chen = town.sign_in("chen", GOOD).expect("in").session;
    assert!(chen.must_change);
    assert_eq!(
        refusal(town.office.actor_of(&chen, None)).1,
        Refusal::MustChange
    );
    town.turn(61 * MINUTE);
    assert_eq!(refusal(town.redeem(&link, BETTER)).0, "O309");
    let void = town.office.person_link("chen").expect("a link").token;
    let link = town.office.person_link("chen").expect("a link").token;
    assert_eq!(
        refusal(town.redeem(&void, BETTER)).0,
        "O309",
        "a later one was made"
    );
    assert_eq!(asked(town.redeem(&link, "short")), "O305");
    assert_eq!(town.redeem(&link, BETTER).expect("redeemed"), "chen");
    assert_eq!(refusal(town.redeem(&link, GOOD)).0, "O309");
    town.root();
    assert_eq!(refusal(town.sign_in("chen", GOOD)).1, Refusal::Wrong);
    assert!(
        !town
            .sign_in("chen", BETTER)
            .expect("in")
            .session
            .must_change
    );
}

#[test]
fn the_first_administrator_comes_by_a_link_and_nobody_is_there_by_default() {
    let mut town = Town::empty(PasswordPolicy::Asvs);
    assert!(town.office.people().expect("people").is_empty());
    let stale = town
        .office
        .first_link(&town.gate)
        .expect("asked")
        .expect("a link");
    let link = town
        .office
        .first_link(&town.gate)
        .expect("asked")
        .expect("a link");
    let redeem = |town: &mut Town, token: &Token, name: &str, password: &str| {
        let input = RedeemInput {
            token: token.clone(),
            name: Some(name.to_owned()),
            display: Some("罗敏".to_owned()),
            password: secret(password),
        };
        town.comes("10.0.0.9");
        town.office.redeem(&town.gate, &input)
    };
    assert_eq!(refusal(redeem(&mut town, &stale, "luo", GOOD)).0, "O309");
    assert_eq!(asked(redeem(&mut town, &link, "13800138000", GOOD)), "O311");
    assert_eq!(
        asked(redeem(&mut town, &link, "luo", "LuoLuoLuo2023")),
        "O305"
    );
    assert_eq!(
        redeem(&mut town, &link, "Luo", GOOD).expect("redeemed"),
        "luo"
    );
    assert_eq!(refusal(redeem(&mut town, &link, "other", GOOD)).0, "O309");
    assert!(town.office.first_link(&town.gate).expect("asked").is_none());
    town.root();
    let luo = town.sign_in("luo", GOOD).expect("in").session;
    let actor = town.office.actor_of(&luo, None).expect("acts");
    assert_eq!(actor.role.as_deref(), Some("security"));
    let late = Town::empty(PasswordPolicy::Asvs);
    let mut late = late;
    let link = late
        .office
        .first_link(&late.gate)
        .expect("asked")
        .expect("a link");
    late.turn(60 * MINUTE);
    assert_eq!(refusal(redeem(&mut late, &link, "luo", GOOD)).0, "O309");
}

#[test]
fn a_changed_password_ends_the_other_sessions() {
    let mut town = town();
    let here = town.sign_in("chen", GOOD).expect("in");
    let there = town.sign_in("chen", GOOD).expect("in");
    assert_eq!(refusal(town.change(&here.token, BETTER, GOOD)).0, "O308");
    assert_eq!(asked(town.change(&here.token, GOOD, GOOD)), "O305");
    assert_eq!(
        asked(town.change(&here.token, GOOD, "password1234")),
        "O305"
    );
    town.change(&here.token, GOOD, BETTER).expect("changed");
    assert!(town.touch(&here.token).is_some());
    assert!(town.touch(&there.token).is_none());
    assert_eq!(
        refusal(town.change(&there.token, BETTER, GOOD)).1,
        Refusal::Ended
    );
    assert_eq!(refusal(town.sign_in("chen", GOOD)).1, Refusal::Wrong);
    town.change(&here.token, BETTER, GOOD)
        .expect("asvs forbids no former one but the present");
}

#[test]
fn dengbao_changes_after_ninety_days_and_takes_none_of_the_last_five() {
    let mut town = Town::with_chen(PasswordPolicy::Dengbao);
    town.turn(90 * DAY);
    assert!(!town.sign_in("chen", GOOD).expect("in").session.must_change);
    town.turn(DAY);
    let chen = town.sign_in("chen", GOOD).expect("in");
    assert!(chen.session.must_change);
    assert_eq!(
        asked(town.change(&chen.token, GOOD, "kmzwpqtrlvbn")),
        "O305"
    );
    let mut old = GOOD.to_owned();
    for n in 1..=5 {
        let new = format!("{BETTER}{n}");
        assert_eq!(asked(town.change(&chen.token, &old, GOOD)), "O305", "{n}");
        town.change(&chen.token, &old, &new).expect("changed");
        old = new;
    }
    assert!(!town.touch(&chen.token).expect("lives").must_change);
    town.change(&chen.token, &old, GOOD)
        .expect("the sixth back");
}

#[test]
fn no_password_and_no_token_stands_anywhere_in_clear() {
    let mut town = town();
    let link = town.add("zhou");
    let chen = town.sign_in("chen", GOOD).expect("in");
    town.sign_in("chen", BETTER).expect_err("wrong");
    for debug in [format!("{:?}", chen), format!("{link:?}")] {
        assert!(!debug.contains(chen.token.shown()) && !debug.contains(link.shown()));
    }
    let folder = town.ledger().parent().expect("a folder").to_owned();
    let mut looked = 0;
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_file() {
            let bytes = std::fs::read(&path).expect("read");
            let holds = |text: &str| bytes.windows(text.len()).any(|w| w == text.as_bytes());
            for text in [GOOD, BETTER, chen.token.shown(), link.shown(), "$argon2id$"] {
                assert!(!holds(text), "{} holds {text}", path.display());
            }
            looked += 1;
        }
    }
    assert!(looked >= 2, "the book and its log");
}

#[test]
fn a_sign_in_name_is_one_persons() {
    let mut town = town();
    let again = office::PersonAddInput {
        name: "CHEN".to_owned(),
        display: "陈静".to_owned(),
    };
    assert_eq!(asked(town.office.person_add(&again)), "O312");
    let phone = office::PersonAddInput {
        name: "13800138000".to_owned(),
        ..again
    };
    assert_eq!(asked(town.office.person_add(&phone)), "O311");
    assert_eq!(asked(town.grant("nobody", "clerk", None)), "O310");
    assert_eq!(asked(town.grant("chen", "clark", None)), "O315");
    assert_eq!(
        asked(town.grant("chen", "cadre", None)),
        "O316",
        "not the whole town"
    );
    assert_eq!(asked(town.grant("chen", "cadre", Some("大右村"))), "O105");
}

#[test]
fn whoever_was_not_seen_for_ninety_days_is_named() {
    let mut town = town();
    town.person("zhou");
    town.turn(60 * DAY);
    town.sign_in("chen", GOOD).expect("in");
    town.turn(31 * DAY);
    let people = town.office.people().expect("people");
    let stale: Vec<_> = people
        .iter()
        .map(|one| (one.account.name.as_str(), one.stale))
        .collect();
    assert_eq!(stale, [("chen", false), ("zhou", true)]);
    town.office.person_lock("zhou", None).expect("locked");
    assert!(
        !town.office.people().expect("people")[1].stale,
        "nobody comes in by it"
    );
}

#[test]
fn nobody_shuts_himself_out_or_raises_himself() {
    let mut town = Town::empty(PasswordPolicy::Asvs);
    town.person("luo");
    town.grant("luo", "security", None).expect("granted");
    let luo = town.sign_in("luo", GOOD).expect("in").session;
    let actor = town.office.actor_of(&luo, None).expect("acts");
    town.office.acts(actor);
    assert_eq!(asked(town.grant("luo", "clerk", None)), "O314");
    assert_eq!(asked(town.office.person_lock("luo", None)), "O314");
    let input = office::PersonRevokeInput {
        name: "luo".to_owned(),
        ..office::PersonRevokeInput::default()
    };
    assert_eq!(asked(town.office.person_revoke(&input)), "O314");
}

#[test]
fn who_acts_in_a_part_has_nothing_to_say_about_people() {
    let mut town = town();
    town.office.acts(Actor {
        scope: vec![511_729_102_200],
        ..Actor::new("luo", Some("security"))
    });
    assert_eq!(asked(town.office.people()), "O325");
    assert_eq!(asked(town.office.person_lock("chen", None)), "O325");
    assert_eq!(asked(town.grant("chen", "clerk", None)), "O325");
}

#[test]
fn accounts_are_facts_like_all_others() {
    let mut town = town();
    town.office.acts(Actor::new("root", None));
    let report = town.office.verify().expect("verified");
    assert!(report.is_sound(), "{:?}", report.named);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]
    /// Whatever order of right and wrong: never more than five wrong ones are looked at within a quarter of an hour.
    #[test]
    fn guesses_are_few(turns in prop::collection::vec((any::<bool>(), 0_i64..120), 1..24)) {
        let mut town = town();
        let start = town.gate.passwords().computed();
        let mut right = 0;
        let mut elapsed = 0;
        for (wrong, seconds) in turns {
            if elapsed + seconds >= 14 * MINUTE { break; }
            elapsed += seconds;
            town.turn(seconds);
            let password = if wrong { BETTER } else { GOOD };
            if town.sign_in("chen", password).is_ok() { right += 1; }
        }
        let looked = town.gate.passwords().computed() - start;
        prop_assert!(looked - right <= 5 * (right + 1), "{looked} looked at, {right} right");
    }
}

#[test]
fn not_even_a_history_or_a_receipt_shows_a_hash() {
    let mut town = town();
    let account = town.office.people().expect("people")[0].account.record;
    let history = town.office.history("account", &account.to_string());
    let history = history.expect("whoever holds the file reads it");
    assert!(history.events.len() >= 3);
    let told = format!("{:?}", history.events);
    assert!(
        told.contains("chen 某") && !told.contains("argon2id"),
        "{told}"
    );
    for event in &history.events {
        let input = office::ProofInput {
            fact: format!("{}:{}", event.assertion.tx, event.assertion.ord),
            open: true,
            output: None,
            checkpoint: None,
        };
        let receipt = town.office.proof(&input).expect("a receipt");
        assert!(!receipt.opened && !receipt.text.contains("argon2id"));
    }
}
