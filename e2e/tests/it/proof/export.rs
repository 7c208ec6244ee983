//! The chain as a file: nothing personal in clear, and judged alike by two programs.

use super::{codes, hamlet, hamlet_sm3, judged, python_is_here, read};

#[test]
fn two_programs_agree_on_every_hash() {
    if !python_is_here() {
        return;
    }
    for desk in [hamlet(), hamlet_sm3()] {
        let said = desk
            .yiben(&["export", "-o", "chain.ndjson", "--json"])
            .done()
            .json();
        desk.yiben(&["export", "-o", "chain.ndjson.gz"]).done();
        let judged_plain = judged(&desk, 0, &["chain.ndjson"]);
        assert_eq!(judged_plain, judged(&desk, 0, &["chain.ndjson.gz"]));
        // The file itself, read by Python's own SQLite.
        assert_eq!(judged_plain, judged(&desk, 0, &["yiben.db"]));
        for name in ["transactions", "facts", "root"] {
            assert_eq!(said[name], judged_plain[name], "{name}");
        }
        let verified = desk.yiben(&["verify", "--json"]).done().json();
        for name in ["transactions", "facts"] {
            assert_eq!(verified[name], judged_plain[name], "{name}");
        }
        assert!(said["facts"].as_u64() > Some(30), "{said}");
    }
}

#[test]
fn nobody_is_named_in_an_export() {
    let desk = hamlet();
    desk.yiben(&["export", "-o", "chain.ndjson"]).done();
    let text = read(&desk, "chain.ndjson");
    for name in ["陈大山", "李桂花", "林秀", "郑有才"] {
        assert!(!text.contains(name), "{name} stands in the export");
    }
    assert!(text.contains("{\\\"#\\\":\\\""), "names are commitments");
}

#[test]
fn part_of_a_chain_is_judged_as_that_part() {
    if !python_is_here() {
        return;
    }
    let desk = hamlet();
    desk.yiben(&["export", "-o", "part.ndjson", "--until", "2"])
        .done();
    let said = judged(&desk, 0, &["part.ndjson"]);
    assert_eq!(said["transactions"], 2);
    let refused = desk.yiben(&["export", "-o", "part.ndjson", "--until", "两"]);
    assert!(refused.ended(2).err.contains("O190"));
}

#[test]
fn a_file_cut_short_is_not_called_sound_and_a_changed_one_is_named() {
    if !python_is_here() {
        return;
    }
    let desk = hamlet();
    desk.yiben(&["export", "-o", "chain.ndjson"]).done();
    let text = read(&desk, "chain.ndjson");
    let (whole, _) = text
        .trim_end()
        .rsplit_once('\n')
        .expect("more than one line");
    desk.file("cut.ndjson", format!("{whole}\n").as_bytes());
    assert_eq!(codes(&judged(&desk, 2, &["cut.ndjson"]), "doubts"), ["cut"]);
    let changed = text.replacen("\\\"op\\\":\\\"assert\\\"", "\\\"op\\\":\\\"decide\\\"", 1);
    assert_ne!(changed, text);
    desk.file("changed.ndjson", changed.as_bytes());
    assert_eq!(
        codes(&judged(&desk, 1, &["changed.ndjson"]), "breaks"),
        ["root"]
    );
}
