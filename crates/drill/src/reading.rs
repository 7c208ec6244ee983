//! Everything there is, as one hash a question: the head, the current rows of every register, and what was
//! believed at some moments in between. Two runs that print the same saw the same book.

use crate::contents::hex;
use ledger::{LedgerError, Reader, Slice};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use vocabulary::{Moment, RecordId};

/// Moments in between at which the book is asked again.
const MOMENTS: i64 = 5;

/// One line a question: what was asked, and the hash of the answer.
pub fn answers(reader: &Reader) -> Result<Vec<String>, LedgerError> {
    let (seq, hash) = reader.head()?;
    let mut lines = vec![format!("head {seq} {}", hex(&hash))];
    let registers: Vec<String> = reader
        .registers()
        .iter()
        .map(|register| register.name.clone())
        .collect();
    let mut records: Vec<BTreeSet<RecordId>> = Vec::new();
    for register in &registers {
        let mut hash = Sha256::new();
        let mut seen = BTreeSet::new();
        reader.each(register, &mut |record, slice| {
            seen.insert(record);
            take(&mut hash, record, &slice);
        })?;
        lines.push(format!("now {register} {}", hex(&hash.finalize())));
        records.push(seen);
    }
    for part in 1..=MOMENTS {
        let known = moment_of(reader, 1 + seq * part / (MOMENTS + 1))?;
        for (register, records) in registers.iter().zip(&records) {
            let mut hash = Sha256::new();
            for record in records {
                for slice in reader.slices(register, *record, Some(known))? {
                    take(&mut hash, *record, &slice);
                }
            }
            let hash = hex(&hash.finalize());
            lines.push(format!("known {} {register} {hash}", known.0));
        }
    }
    Ok(lines)
}

fn moment_of(reader: &Reader, seq: i64) -> Result<Moment, LedgerError> {
    let found = reader.transactions(seq..=seq)?;
    Ok(found.first().map_or(Moment(0), |tx| tx.at))
}

fn take(hash: &mut Sha256, record: RecordId, slice: &Slice) {
    let values: Vec<String> = slice.values.iter().map(ToString::to_string).collect();
    let line = format!(
        "{record} {} {} {} {} {} {}\n",
        slice.from.int(),
        slice.to.int(),
        slice.division,
        slice.tx,
        slice.ord,
        values.join("|")
    );
    hash.update(line.as_bytes());
}
