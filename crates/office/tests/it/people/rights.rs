//! Every role against every deed: who may what is a page that a change shows.

use super::{GOOD, Town};
use office::people::Session;
use office::{DEEDS, OfficeError, PasswordPolicy};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

/// The table of a pack: a line a deed, a column a role.
fn table(pack: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../packs")
        .join(pack);
    let pack = office::check_pack(&folder).expect("a sound pack");
    let mut out = String::new();
    for role in &pack.roles {
        let admin = role.admin.map(|admin| admin.word()).unwrap_or_default();
        let level = role.level.as_deref().unwrap_or_default();
        let registers = if role.registers.iter().any(|name| name == "*") {
            "all".to_owned()
        } else {
            let sees = pack.registers.iter().filter(|register| role.sees(register));
            sees.count().to_string()
        };
        let _ = writeln!(
            out,
            "{} {}: registers {registers}, personal {}, level {level:?}, admin {admin:?}",
            role.name, role.title, role.personal
        );
    }
    let width = DEEDS
        .iter()
        .map(|deed| deed.len())
        .max()
        .unwrap_or_default();
    for deed in DEEDS {
        let _ = write!(out, "\n{deed:width$}");
        for role in &pack.roles {
            let _ = write!(
                out,
                "  {:>1$}",
                if role.may(deed) { "✔" } else { "·" },
                role.name.len()
            );
        }
    }
    let mut head = format!("\n{:width$}", "");
    for role in &pack.roles {
        let _ = write!(head, "  {}", role.name);
    }
    let (about, lines) = out.split_at(out.find("\n\n").map_or(0, |at| at + 1));
    format!("{about}{head}{lines}\n")
}

#[test]
fn who_may_what_in_the_township() {
    insta::assert_snapshot!("roles_township", table("township"));
}

#[test]
fn who_may_what_in_the_school() {
    insta::assert_snapshot!("roles_school", table("school"));
}

/// The deeds that the office asks for, read from its own files.
#[test]
fn every_deed_that_is_asked_for_stands_in_the_table() {
    fn asked(folder: &Path, found: &mut BTreeSet<String>) {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                asked(&path, found);
                continue;
            }
            let text = std::fs::read_to_string(&path).expect("read");
            for part in text.split(".may(\"").skip(1) {
                found.extend(part.split_once('"').map(|(deed, _)| deed.to_owned()));
            }
        }
    }
    let mut found = BTreeSet::new();
    asked(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
        &mut found,
    );
    let there: BTreeSet<String> = DEEDS.iter().map(|deed| (*deed).to_owned()).collect();
    let missing: Vec<&String> = found.difference(&there).collect();
    assert!(missing.is_empty(), "not in office::DEEDS: {missing:?}");
}

/// Every deed about people is refused to whoever's role does not have it, and to nobody else.
#[test]
fn a_role_does_what_its_pack_says_and_nothing_more() {
    let mut town = Town::empty(PasswordPolicy::Asvs);
    town.person("chen");
    let roles = town.office.pack().roles.clone();
    for role in &roles {
        let name = format!("x.{}", role.name);
        town.root();
        town.person(&name);
        let within = role.level.as_ref().map(|_| "大石村");
        town.grant(&name, &role.name, within).expect("granted");
        let session: Session = town.sign_in(&name, GOOD).expect("in").session;
        let actor = town.office.actor_of(&session, None).expect("acts");
        town.office.acts(actor);
        for deed in [
            "people",
            "person_add",
            "person_grant",
            "person_revoke",
            "person_lock",
            "person_link",
            "audit",
        ] {
            let office = &mut town.office;
            let done: Result<(), OfficeError> = match deed {
                "people" => office.people().map(drop),
                "audit" => office.audit(&office::AuditInput::default()).map(drop),
                "person_add" => office
                    .person_add(&office::PersonAddInput {
                        name: format!("y.{}", role.name),
                        display: "某".to_owned(),
                    })
                    .map(drop),
                "person_grant" => office
                    .person_grant(&office::PersonGrantInput {
                        name: "chen".to_owned(),
                        role: "clerk".to_owned(),
                        ..office::PersonGrantInput::default()
                    })
                    .map(drop),
                "person_revoke" => office
                    .person_revoke(&office::PersonRevokeInput {
                        name: "chen".to_owned(),
                        ..office::PersonRevokeInput::default()
                    })
                    .map(drop),
                "person_lock" => office
                    .person_lock("chen", None)
                    .and_then(|_| office.person_unlock("chen", None))
                    .map(drop),
                _ => office.person_link("chen").map(drop),
            };
            match done {
                Ok(()) => assert!(role.may(deed), "{} did {deed}", role.name),
                Err(OfficeError::NotAllowed(refused)) => {
                    assert!(!role.may(deed), "{} was refused {deed}", role.name);
                    assert_eq!(refused.deed, deed);
                }
                Err(other) => panic!("{} {deed}: {other}", role.name),
            }
        }
    }
}
