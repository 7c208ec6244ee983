//! The order of calls, without a fault: an answer is written only when every write to the log before it has been
//! synced. One client at a time, so that no other deed's writes lie between. A point is a seed.

use super::ground::{Stand, output, shown};

/// One run under strace, read in order.
pub(crate) fn strike(stand: &mut Stand<'_>, point: &str) -> Result<String, String> {
    let (trace, book, acks) = (
        stand.text("trace"),
        stand.text("book.db"),
        stand.text("first"),
    );
    let over = [
        "strace",
        "-f",
        "-y",
        "-s",
        "16",
        "-o",
        &trace,
        "-e",
        "trace=write,pwrite64,fsync,fdatasync,msync",
    ];
    let words = [
        "deeds", "--count", "40", "--seed", point, "--ledger", &book, "--acks", &acks,
    ];
    let ended = output(&mut stand.ground.under(&over, &words))?;
    if !ended.status.success() {
        return Err(format!("the workload ended with {}", shown(&ended)));
    }
    let text = std::fs::read_to_string(&trace).map_err(|cause| format!("{trace}: {cause}"))?;
    let answers = in_order(&text)?;
    Ok(match answers {
        ..30 => "fewer than 30 answers, in order".to_owned(),
        _ => "30 answers or more, in order".to_owned(),
    })
}

/// How many answers there were; an error when one came before its sync.
fn in_order(trace: &str) -> Result<usize, String> {
    let (mut unsynced, mut answers) = (0_usize, 0_usize);
    for line in trace.lines() {
        let call = line.split_whitespace().nth(1).unwrap_or_default();
        let wal = line.contains("book.db-wal>");
        if call.starts_with("pwrite64") && wal {
            unsynced += 1;
        } else if (call.starts_with("fsync") || call.starts_with("fdatasync")) && wal {
            unsynced = 0;
        } else if call.starts_with("write") && line.contains("\"ack ") {
            answers += 1;
            if unsynced > 0 {
                return Err(format!(
                    "answer {answers} was given with {unsynced} writes to the log unsynced"
                ));
            }
        }
    }
    if answers == 0 {
        return Err("no answer was seen".to_owned());
    }
    Ok(answers)
}

#[cfg(test)]
mod tests {
    use super::in_order;

    #[test]
    fn an_answer_before_its_sync_is_seen() {
        let good = "7 pwrite64(4</x/book.db-wal>, \"\", 8, 0) = 8\n7 fsync(4</x/book.db-wal>) = 0\n\
                    8 write(3</x/first>, \"ack drill-1-0 2\"..., 90) = 90\n";
        assert_eq!(in_order(good), Ok(1));
        let bad: Vec<&str> = good
            .lines()
            .filter(|line| !line.contains("fsync"))
            .collect();
        assert!(in_order(&bad.join("\n")).is_err());
        assert!(in_order("").is_err());
    }
}
