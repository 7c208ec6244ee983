//! What one run of the binary said, and how it ended. Refuses to repeat the run.

use std::process::Output;

use serde_json::Value;

/// One run of the binary.
#[derive(Debug)]
pub struct Answer {
    /// The command as typed.
    pub command: String,
    /// The exit code; none when a signal ended it.
    pub code: Option<i32>,
    /// What it printed.
    pub out: String,
    /// What it said beside that.
    pub err: String,
}

impl Answer {
    /// From a finished process.
    pub fn new(command: String, output: &Output) -> Answer {
        Answer {
            command,
            code: output.status.code(),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// Asserts how it ended.
    #[track_caller]
    pub fn ended(self, code: i32) -> Answer {
        assert_eq!(
            self.code,
            Some(code),
            "{}\n-- said --\n{}\n-- beside --\n{}",
            self.command,
            self.out,
            self.err
        );
        self
    }

    /// Asserts that it did what was asked.
    #[track_caller]
    pub fn done(self) -> Answer {
        self.ended(0)
    }

    /// Standard output, which under `--json` is exactly one JSON document.
    #[track_caller]
    pub fn json(&self) -> Value {
        match serde_json::from_str(&self.out) {
            Ok(value) => value,
            Err(cause) => {
                panic!(
                    "{}: not one JSON document: {cause}\n{}\n{}",
                    self.command, self.out, self.err
                )
            }
        }
    }

    /// Everything it said, on both streams.
    pub fn words(&self) -> String {
        format!("{}\n{}", self.out, self.err)
    }
}

/// Every finding in a JSON document, wherever it stands: an object with a class and a sentence.
pub fn findings(document: &Value) -> Vec<Value> {
    let mut found = Vec::new();
    collect(document, &mut found);
    found
}

fn collect(value: &Value, found: &mut Vec<Value>) {
    match value {
        Value::Object(object) => {
            if object.contains_key("class") && object.contains_key("said") {
                found.push(value.clone());
            }
            object.values().for_each(|inner| collect(inner, found));
        }
        Value::Array(list) => list.iter().for_each(|inner| collect(inner, found)),
        _ => {}
    }
}

/// Whether two JSON values say the same: `44` and `44.0` do, and so does the text `"44.0"`.
pub fn numbers_agree(left: &Value, right: &Value) -> bool {
    match (number(left), number(right)) {
        (Some(left), Some(right)) => (left - right).abs() < 1e-9,
        _ => left == right,
    }
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn numbers_agree_in_any_dress() {
        assert!(numbers_agree(&json!(44), &json!(44.0)));
        assert!(numbers_agree(&json!("38.2"), &json!(38.2)));
        assert!(!numbers_agree(&json!(null), &json!(0)));
        assert!(numbers_agree(&json!(["a"]), &json!(["a"])));
    }

    #[test]
    fn findings_are_found_at_any_depth() {
        let document =
            json!({"files": [{"sheets": [{"findings": [{"class": "total", "said": "x"}]}]}]});
        assert_eq!(findings(&document).len(), 1);
    }
}
