//! System, security and audit are three people.

use super::{GOOD, Town, asked};
use office::{PasswordPolicy, PersonGrantInput, PersonRevokeInput};
use proptest::prelude::*;
use std::collections::BTreeSet;

const ADMINS: [&str; 3] = ["system", "security", "audit"];

#[test]
fn nobody_is_granted_a_second_of_the_three() {
    let mut town = Town::empty(PasswordPolicy::Asvs);
    town.person("luo");
    town.grant("luo", "system", None).expect("granted");
    town.grant("luo", "clerk", None)
        .expect("what is no administrator does not count");
    for other in ["security", "audit"] {
        assert_eq!(asked(town.grant("luo", other, None)), "O313");
    }
    let part = town.grant("luo", "system", Some("大石村"));
    assert_eq!(
        asked(part),
        "O326",
        "an administrator is one of the whole book"
    );
    // One after the other, with no day of both, is another matter.
    let leaves = PersonRevokeInput {
        name: "luo".to_owned(),
        on: Some("2023-06-01".to_owned()),
        ..PersonRevokeInput::default()
    };
    town.office.person_revoke(&leaves).expect("revoked");
    let input = |from: &str| PersonGrantInput {
        name: "luo".to_owned(),
        role: "audit".to_owned(),
        from: Some(from.to_owned()),
        ..PersonGrantInput::default()
    };
    assert_eq!(
        asked(town.office.person_grant(&input("2023-05-31"))),
        "O313"
    );
    town.office
        .person_grant(&input("2023-06-01"))
        .expect("granted");
}

#[test]
fn a_pack_that_makes_two_of_one_takes_both_away() {
    let mut town = Town::empty(PasswordPolicy::Asvs);
    town.person("luo");
    town.grant("luo", "system", None).expect("granted");
    town.grant("luo", "clerk", None).expect("granted");
    let luo = town.sign_in("luo", GOOD).expect("in").session;
    assert!(town.office.actor_of(&luo, None).is_ok());
    let pack = town.ledger().with_file_name("pack");
    let roles = std::fs::read_to_string(pack.join("roles.toml")).expect("read");
    let changed = roles.replace(
        "title = \"业务员\"\nmay = [\"import\", \"settle\", \"undo\", \"figure\", \"trace\", \"check\", \"report\", \"history\"]\nregisters = [\"*\"]\npersonal = true",
        "title = \"业务员\"\nadmin = \"audit\"\nmay = [\"audit\"]",
    );
    assert_ne!(changed, roles);
    std::fs::write(pack.join("roles.toml"), changed).expect("written");
    town.office.apply_pack(&pack, true).expect("applied");
    let error = town.office.actor_of(&luo, None).expect_err("two of three");
    assert!(matches!(error, office::OfficeError::SignIn { ref said, .. } if said.code == "O313"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    /// Whatever is granted and revoked, from whatever day: on no day is anybody two of the three.
    #[test]
    fn on_no_day_is_anybody_two_of_the_three(
        deeds in prop::collection::vec((0_usize..2, 0_usize..3, 1_u32..28, 1_u32..28, any::<bool>()), 1..12)
    ) {
        let mut town = Town::empty(PasswordPolicy::Asvs);
        let people = ["luo", "chen"];
        for name in people { town.add(name); }
        let day = |day: u32| format!("2023-01-{day:02}");
        for (who, role, from, to, grant) in deeds {
            let name = people[who].to_owned();
            if grant {
                let input = PersonGrantInput {
                    name, role: ADMINS[role].to_owned(), within: None,
                    from: Some(day(from)), to: (to > from).then(|| day(to)),
                };
                let _ = town.office.person_grant(&input);
            } else {
                let role = Some(ADMINS[role].to_owned());
                let input = PersonRevokeInput { name, role, within: None, on: Some(day(from)) };
                let _ = town.office.person_revoke(&input);
            }
        }
        for person in town.office.people().expect("people") {
            for on in 1..=31 {
                let on = vocabulary::Date::parse_iso(&day(on)).expect("a day");
                let held: BTreeSet<&str> = person.grants.iter()
                    .filter(|grant| grant.holds(on)).map(|grant| grant.role.as_str()).collect();
                prop_assert!(held.len() <= 1, "{on}: {held:?}");
            }
        }
    }
}
