//! `yiben audit`: who read and wrote what, searched or handed out.

use super::{Done, out, reading};
use crate::args::{Audit, Common};
use crate::say::say;
use crate::{table, wire};
use office::{AuditInput, AuditReport, Audited, Outcome};

pub(crate) fn run(common: &Common, input: Audit) -> Done {
    let office = reading(common)?;
    let asked = AuditInput {
        from: input.from,
        to: input.to,
        actor: input.actor,
        deed: input.deed,
        register: input.register,
        record: input.record,
        outcome: input.outcome,
        address: input.address,
        before: input.before,
        limit: input.limit,
    };
    if let Some(path) = input.output {
        let count = office.audit_write(&asked, &path, &|line| wire::audited(line).to_string())?;
        if common.json {
            out(wire::audit_written(count, &path));
        } else {
            let path = path.display().to_string();
            let params = [("count", count.to_string()), ("path", path)];
            out(say(
                "audit.written",
                &params.each_ref().map(|(k, v)| (*k, v.as_str())),
            ));
        }
        return Ok(0);
    }
    let report = office.audit(&asked)?;
    if common.json {
        out(wire::audit(&report));
    } else {
        print(&report);
    }
    Ok(0)
}

fn print(report: &AuditReport) {
    if report.lines.is_empty() {
        out(say("audit.none", &[]));
        return;
    }
    let rows: Vec<Vec<String>> = report.lines.iter().map(row).collect();
    for line in table::lines(&rows, &[]) {
        out(line);
    }
    if let Some(next) = &report.next {
        out(say("audit.next", &[("next", next)]));
    }
}

fn row(one: &Audited) -> Vec<String> {
    let line = &one.line;
    let on = match (&line.register, line.record) {
        (Some(register), Some(record)) => format!("{register} #{record}"),
        (Some(register), None) => register.clone(),
        (None, Some(record)) => format!("#{record}"),
        (None, None) => String::new(),
    };
    let field = line.field.as_deref().unwrap_or_default();
    let outcome = match line.outcome {
        Outcome::Done => String::new(),
        Outcome::Refused => say("audit.refused", &[]),
        Outcome::Failed => say("audit.failed", &[]),
    };
    vec![
        format!("{}:{}", one.tx, one.ord),
        one.at.in_china(),
        line.actor.clone(),
        line.role.clone().unwrap_or_default(),
        line.deed.clone(),
        format!("{on} {field}").trim().to_owned(),
        outcome,
        line.address.clone().unwrap_or_default(),
        line.why.clone().unwrap_or_default(),
    ]
}
