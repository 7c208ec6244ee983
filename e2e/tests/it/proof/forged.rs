//! Receipts and proofs hold for both programs as they are, and for neither after any change.

use super::{grown, judged, python_is_here, read, tool};
use serde_json::Value;

/// Forgeries that the second verifier judges; every thirtieth goes to the binary too, whose own tests judge as many.
const FORGERIES: usize = 1200;

/// Numbers that look random and come again.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % end
    }
}

/// Changes one thing somewhere in it: a character, a number, an element, a key.
fn change(value: &mut Value, dice: &mut Dice) {
    match value {
        Value::Object(object) => {
            let names: Vec<String> = object.keys().cloned().collect();
            let name = &names[dice.below(names.len())];
            match dice.below(20) {
                0 => drop(object.shift_remove(name)),
                1 => drop(object.insert("more".to_owned(), Value::from(1))),
                _ => change(object.get_mut(name).expect("its own key"), dice),
            }
        }
        Value::Array(list) => match (dice.below(6), list.len()) {
            (0, _) => list.push(Value::from("00".repeat(32))),
            (1, 1..) => drop(list.pop()),
            (2, 2..) => list.reverse(),
            (3, 1..) => list.insert(0, list[0].clone()),
            (_, 1..) => {
                let at = dice.below(list.len());
                change(&mut list[at], dice);
            }
            _ => list.push(Value::Null),
        },
        Value::String(text) => {
            let mut chars: Vec<char> = text.chars().collect();
            let at = dice.below(chars.len().max(1));
            match dice.below(4) {
                0 => chars.insert(at.min(chars.len()), '0'),
                1 if !chars.is_empty() => drop(chars.remove(at)),
                _ if !chars.is_empty() => {
                    let bit = 1 << dice.below(7);
                    let other = char::from_u32(u32::from(chars[at]) ^ bit);
                    chars[at] = other.unwrap_or('x');
                }
                _ => chars.push(' '),
            }
            *text = chars.into_iter().collect();
        }
        Value::Number(number) => {
            let by = [1, -1, 256, -7][dice.below(4)];
            *value = Value::from(number.as_i64().expect("an integer") + by);
        }
        Value::Bool(_) | Value::Null => *value = Value::from("null"),
    }
}

#[test]
fn no_forged_receipt_and_no_forged_proof_is_taken() {
    if !python_is_here() {
        return;
    }
    let desk = grown();
    desk.yiben(&["checkpoint", "--since", "old.txt", "-o", "new.txt"])
        .done();
    desk.yiben(&["proof", "4:1", "--open", "-o", "a.json"])
        .done();
    desk.yiben(&["proof", "2:0", "--checkpoint", "old.txt", "-o", "b.json"])
        .done();
    let whole = ["a.json", "b.json", "new.txt.proof"];
    judged(&desk, 0, &[&whole[..], &["old.txt", "yiben.db"]].concat());
    for name in whole {
        desk.yiben(&["proof", "--check", name]).done();
    }
    let mut dice = Dice(5);
    let mut names: Vec<String> = Vec::new();
    while names.len() < FORGERIES {
        let text = read(&desk, whole[names.len() % whole.len()]);
        let sound: Value = serde_json::from_str(&text).expect("JSON");
        let mut forged = sound.clone();
        change(&mut forged, &mut dice);
        // Without what was opened a receipt is a receipt: whoever holds it may keep the values to himself.
        let closed = sound.get("open").is_some() && forged.get("open").is_none();
        if forged == sound || closed {
            continue;
        }
        let name = format!("forged-{}.json", names.len());
        desk.file(&name, forged.to_string().as_bytes());
        names.push(name);
    }
    let mut args = vec!["--each"];
    args.extend(names.iter().map(String::as_str));
    let said = tool(&desk, "verify.py", &args).ended(1);
    let taken: Vec<&str> = said
        .out
        .lines()
        .filter(|line| line.starts_with('0'))
        .collect();
    assert!(taken.is_empty(), "{taken:?}");
    assert_eq!(said.out.lines().count(), FORGERIES);
    for name in names.iter().step_by(30) {
        let answer = desk.yiben(&["proof", "--check", name]);
        assert_eq!(answer.code, Some(2), "{name}: {}", read(&desk, name));
    }
}

#[test]
fn personal_values_are_opened_only_for_a_role_that_sees_them() {
    let desk = grown();
    let named = desk.yiben(&["proof", "4:1", "--open"]).done();
    assert!(named.out.contains("陈大山"), "{}", named.out);
    let closed = desk.yiben(&["proof", "4:1"]).done();
    assert!(!closed.out.contains("陈大山"));
    let refused = desk.yiben(&["--role", "reader", "proof", "4:1"]);
    refused.ended(3);
    for (fact, code) in [
        ("9:0", "L036"),
        ("4:999", "L036"),
        ("四", "O191"),
        ("4", "O191"),
    ] {
        let refused = desk.yiben(&["proof", fact]).ended(2);
        assert!(refused.err.contains(code), "{fact}: {}", refused.err);
    }
    let early = desk.yiben(&["proof", "5:0", "--checkpoint", "old.txt"]);
    assert!(early.ended(2).err.contains("L034"));
}
