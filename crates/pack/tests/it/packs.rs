//! The packs of the house load clean, and say what changed.

use pack::{CheckedPack, PackChange};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The folder of all packs.
pub(crate) fn packs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs")
}

pub(crate) fn hamlet() -> CheckedPack {
    pack::read_folder(&packs().join("hamlet")).unwrap_or_else(|errors| panic!("{errors}"))
}

#[test]
fn every_pack_loads_clean() {
    let mut seen = 0;
    for entry in std::fs::read_dir(packs()).expect("the folder of packs") {
        let folder = entry.expect("an entry").path();
        if folder.join("pack.toml").is_file() {
            seen += 1;
            if let Err(errors) = pack::read_folder(&folder) {
                panic!(
                    "{} has {} errors\n{errors}",
                    folder.display(),
                    errors.0.len()
                );
            }
        }
    }
    assert!(seen > 0, "there is a pack");
}

#[test]
fn the_hash_is_of_the_files_alone() {
    let pack = hamlet();
    assert_eq!(pack.hash.len(), 64);
    let again = pack::read_files(pack.files.clone()).unwrap_or_else(|errors| panic!("{errors}"));
    assert_eq!(pack.hash, again.hash);
    assert_eq!(pack.files, again.files);
    assert!(pack.files.contains_key("reports/brief.md"));
    assert!(!pack.files.contains_key("README.md"), "no report names it");
}

#[test]
fn a_report_knows_its_figures() {
    let pack = hamlet();
    let figures = &pack.report("brief").expect("the report").figures;
    assert!(figures.contains(&"seat.age[<=35]".to_owned()));
    assert!(figures.contains(&"seat.open".to_owned()));
}

#[test]
fn a_new_version_says_what_it_changes() {
    let old = hamlet();
    let mut files: BTreeMap<String, String> = old.files.clone();
    let path = "registers/registers.toml";
    let text = files[path]
        .replace(
            "standing = { type = \"bool\", title = \"常职\" }",
            "standing = { type = \"bool\", title = \"常职\" }\nleft = { type = \"date\", title = \"离任时间\" }",
        )
        .replace("land = { type = \"area\"", "plot = { was = [\"land\"], type = \"area\"");
    files.insert(path.to_owned(), text);
    for (path, from, to) in [
        ("figures/figures.toml", "sum(land)", "sum(plot)"),
        ("sheets/residents.toml", "household.land", "household.plot"),
        (
            "sheets/residents.toml",
            "land = \"land\"",
            "plot = \"land\"",
        ),
    ] {
        let text = files[path].replace(from, to);
        files.insert(path.to_owned(), text);
    }
    let new = pack::read_files(files).unwrap_or_else(|errors| panic!("{errors}"));
    assert_ne!(new.hash, old.hash);
    let changes = new.changes_from(&old);
    let expected = [
        PackChange::FieldRenamed {
            register: "household".into(),
            from: "land".into(),
            to: "plot".into(),
        },
        PackChange::FieldAdded {
            register: "seat".into(),
            field: "left".into(),
        },
        PackChange::FigureChanged {
            figure: "household.land".into(),
        },
    ];
    assert_eq!(changes, expected);
    assert!(!changes.iter().any(PackChange::is_breaking));
    let back = old.changes_from(&new);
    assert!(back.contains(&PackChange::FieldRemoved {
        register: "seat".into(),
        field: "left".into()
    }));
    assert!(back.iter().any(PackChange::is_breaking));
}

#[test]
fn what_would_misread_old_facts_is_breaking() {
    let with = |from: &str, to: &str| {
        let mut files = hamlet().files;
        let path = "registers/registers.toml";
        let text = files[path].replace(from, to);
        assert_ne!(text, files[path], "{from} stands in the file");
        files.insert(path.to_owned(), text);
        pack::read_files(files).unwrap_or_else(|errors| panic!("{errors}"))
    };
    let income = "income = { type = \"money\", title = \"年收入\", unit = \"元\" }";
    let old = with(income, &income.replace(" }", ", was = [\"pay\"] }"));
    let retyped = with(income, &income.replace("money", "decimal:4"));
    let change = PackChange::FieldRetyped {
        register: "household".into(),
        field: "income".into(),
        from: vocabulary::FieldType::Money,
        to: vocabulary::FieldType::Decimal(4),
    };
    assert_eq!(retyped.changes_from(&old).first(), Some(&change));
    assert!(change.is_breaking());
    let reused = with(
        income,
        &format!("{income}\npay = {{ type = \"money\", title = \"工资\" }}"),
    );
    let change = PackChange::NameReused {
        register: "household".into(),
        field: Some("pay".into()),
    };
    assert!(reused.changes_from(&old).contains(&change));
    assert!(change.is_breaking());
    assert!(hamlet().changes_from(&hamlet()).is_empty());
}
