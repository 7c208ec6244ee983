//! Errors as people see them, and exit codes: 2 your input, 3 not allowed, 70 our fault.

use crate::commands::{aside, out};
use crate::say::say;
use office::{OfficeError, Whose, plainly};
use serde_json::json;

/// The asker's move.
pub(crate) const EXIT_YOURS: u8 = 2;
/// Not allowed in this role.
pub(crate) const EXIT_NOT_ALLOWED: u8 = 3;
/// Our fault (`EX_SOFTWARE`).
pub(crate) const EXIT_OURS: u8 = 70;

/// The exit code of an error.
pub(crate) fn exit(error: &OfficeError) -> u8 {
    match error.whose() {
        Whose::Yours => EXIT_YOURS,
        Whose::NotAllowed => EXIT_NOT_ALLOWED,
        Whose::Ours => EXIT_OURS,
    }
}

/// What is wrong and what to do: code, sentence, next step.
pub(crate) fn parts(error: &OfficeError) -> (String, String, String) {
    match error {
        OfficeError::Pack(diagnostics) => {
            let count = diagnostics.0.len().to_string();
            (
                "P000".to_owned(),
                say("fault.pack", &[("count", &count)]),
                say("fault.pack_next", &[]),
            )
        }
        OfficeError::NotAllowed(refused) => {
            let who = refused.who_may.join(&say("comma", &[]));
            let params = [
                ("role", refused.role.as_str()),
                ("deed", refused.deed),
                ("who", who.as_str()),
            ];
            (
                "A001".to_owned(),
                say("fault.not_allowed", &params),
                say("fault.not_allowed_next", &params),
            )
        }
        OfficeError::Ledger(error) => (error.code().to_owned(), error.said(), error.next()),
        OfficeError::Figures(error) => (
            "F000".to_owned(),
            error.to_string(),
            say("fault.ours_next", &[]),
        ),
        OfficeError::Repeated(tx) => {
            let params = [("tx", &*tx.to_string())];
            (
                "A005".to_owned(),
                say("fault.repeated", &params),
                say("fault.repeated_next", &params),
            )
        }
        OfficeError::Asked(finding) | OfficeError::Refused(finding) => (
            finding.code.clone(),
            finding.said.clone(),
            finding.next.clone(),
        ),
        OfficeError::SignIn { said, .. } => {
            (said.code.clone(), said.said.clone(), said.next.clone())
        }
        OfficeError::AskedAll(findings) => {
            let count = findings.len().to_string();
            (
                "A004".to_owned(),
                say("fault.several", &[("count", &count)]),
                say("fault.several_next", &[]),
            )
        }
        OfficeError::File { path, source } => {
            let why = plainly(&source.to_string());
            let params = [("path", path.as_str()), ("why", why.as_str())];
            (
                "A002".to_owned(),
                say("fault.file", &params),
                say("fault.file_next", &params),
            )
        }
        OfficeError::Report(why) => (
            "A003".to_owned(),
            say("fault.report", &[("why", why)]),
            say("fault.report_next", &[]),
        ),
    }
}

/// Prints an error on stderr, or as JSON on stdout when that was asked for.
pub(crate) fn show(error: &OfficeError, as_json: bool) {
    let (code, said, next) = parts(error);
    if as_json {
        let mut document = json!({"error": {"code": code, "said": said, "next": next}});
        if let OfficeError::Pack(diagnostics) = error {
            document["error"]["diagnostics"] = crate::wire::diagnostics(diagnostics);
        }
        if let OfficeError::AskedAll(findings) = error {
            let all = findings.iter();
            let all = all.map(|f| json!({"code": f.code, "said": f.said, "next": f.next}));
            document["error"]["all"] = all.collect();
        }
        out(document);
        return;
    }
    if let OfficeError::AskedAll(findings) = error {
        for finding in findings {
            let params = [("code", finding.code.as_str()), ("said", &finding.said)];
            aside(say("fault.line", &params));
            aside(say("fault.next", &[("next", &finding.next)]));
        }
        return;
    }
    if let OfficeError::Pack(diagnostics) = error {
        aside(crate::commands::pack::rendered(diagnostics));
    }
    aside(say("fault.line", &[("code", &code), ("said", &said)]));
    if !next.is_empty() {
        aside(say("fault.next", &[("next", &next)]));
    }
}
