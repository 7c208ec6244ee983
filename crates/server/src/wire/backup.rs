//! The JSON of `backup`, `restore` and `rebuild`.

use office::{BackedUp, BackupReport, OfficeError, Proof, RebuildReport, RestoreReport};
use serde_json::{Value as Json, json};

fn hex(hash: &[u8; 32]) -> String {
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// `{"key","key_made","folders":[{"folder","ok",…}]}`; `parts` gives an error its code, sentence and next step.
pub fn backup(
    report: &BackupReport,
    parts: impl Fn(&OfficeError) -> (String, String, String),
) -> Json {
    let folders = report.folders.iter().map(|one| {
        let folder = one.folder.display().to_string();
        match &one.done {
            Ok(done) => backed_up(folder, done, one.took),
            Err(error) => {
                let (code, said, next) = parts(error);
                let error = json!({"code": code, "said": said, "next": next});
                json!({"folder": folder, "ok": false, "error": error})
            }
        }
    });
    json!({
        "key": report.key.display().to_string(), "key_made": report.key_made,
        "key_beside_ledger": report.key_beside, "folders": folders.collect::<Vec<_>>(),
    })
}

fn backed_up(folder: String, done: &BackedUp, took: i64) -> Json {
    let proof = match done.proof {
        Proof::ReadBack => json!({"how": "read back"}),
        Proof::Restored {
            transactions,
            facts,
            rows,
        } => json!({
            "how": "restored", "transactions": transactions, "facts": facts, "rows": rows,
        }),
    };
    json!({
        "folder": folder, "ok": true, "transactions": done.transactions, "facts": done.facts,
        "bytes": done.bytes, "segments": done.segments, "facts_in_all": done.facts_in_all,
        "bytes_in_all": done.bytes_in_all, "tx": done.seq, "hash": hex(&done.hash),
        "milliseconds": took / 1000, "proof": proof,
    })
}

/// `{"ledger","book","tx","hash","at","erased","recorded",…}`
pub fn restore(ledger: &str, report: &RestoreReport) -> Json {
    let one = &report.restored;
    json!({
        "ledger": ledger, "book": one.book.to_string(), "name": one.name,
        "transactions": one.transactions, "facts": one.facts, "rows": one.rows, "tx": one.seq,
        "at": one.at.to_string(), "hash": hex(&one.hash), "backup_tx": one.backup_seq,
        "backup_at": one.backup_at.to_string(), "erased": one.erased,
        "recorded": one.recorded.map(|(subjects, tx)| json!({"subjects": subjects, "tx": tx})),
        "milliseconds": report.took / 1000,
    })
}

/// `{"differences","named","rows","tx"}`
pub fn rebuild(report: &RebuildReport) -> Json {
    let named = report.named.iter().map(|one| {
        json!({"part": one.part, "place": one.place, "found": one.found, "wanted": one.wanted})
    });
    json!({
        "differences": report.differences, "named": named.collect::<Vec<_>>(),
        "rows": report.written.map(|(rows, _)| rows), "tx": report.written.map(|(_, tx)| tx),
    })
}
