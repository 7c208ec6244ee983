//! What a request that did not succeed is told: `application/problem+json` (RFC 9457), each with what is wrong, where,
//! and what to do next. Refuses to know what was asked.

use crate::say::say;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use office::{OfficeError, Refusal};
use serde_json::{Value as Json, json};
use std::ops::{Deref, DerefMut};
use vocabulary::Finding;

/// Why a request did not succeed. In a box, so that what succeeds carries no room for it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Problem(Box<Parts>);

impl Deref for Problem {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl DerefMut for Problem {
    fn deref_mut(&mut self) -> &mut Parts {
        &mut self.0
    }
}

/// What a problem says.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Parts {
    pub(crate) status: StatusCode,
    /// The stable code: of the finding, of the ledger's error, or the server's own.
    pub(crate) code: String,
    /// What is wrong, in this case.
    pub(crate) detail: String,
    /// What to do.
    pub(crate) next: String,
    /// File, sheet, cell and field concerned; null when there is none.
    pub(crate) place: Json,
    /// All that is wrong, when it is more than one thing.
    pub(crate) errors: Vec<Json>,
    /// After how many seconds it is worth asking again.
    pub(crate) retry_after: Option<u64>,
}

/// The server's own kinds of refusal; each has its sentences in `words/zh.toml` under `problem.`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The request's form is wrong.
    Malformed,
    /// Nobody is signed in.
    NoSession,
    /// The password must be changed before anything else.
    ChangePassword,
    /// An unsafe request without the header that only our own pages send.
    CrossSite,
    /// No such thing, or none that one may know of.
    NotFound,
    /// The path knows other methods.
    Method,
    /// A body that drips in too slowly.
    TooSlow,
    /// The state is another than the request supposes.
    Conflict,
    /// The version named is not the last.
    Precondition,
    /// The body is larger than allowed.
    TooLarge,
    /// The body is no such type.
    Type,
    /// The values cannot be used.
    Values,
    /// A correction says on which version it was made.
    NeedsVersion,
    /// Too many requests.
    TooMany,
    /// Our fault.
    Fault,
    /// What is asked for is not built into this program.
    NotBuilt,
    /// Too much at once, or the ledger does not write.
    Busy,
    /// It took too long; what became of it is not known.
    TimedOut,
    /// The disk is full.
    Full,
}

impl Kind {
    /// Every kind; the words of each are tested.
    #[cfg(test)]
    pub(crate) const ALL: [Kind; 19] = [
        Kind::Malformed,
        Kind::NoSession,
        Kind::ChangePassword,
        Kind::CrossSite,
        Kind::NotFound,
        Kind::Method,
        Kind::TooSlow,
        Kind::Conflict,
        Kind::Precondition,
        Kind::TooLarge,
        Kind::Type,
        Kind::Values,
        Kind::NeedsVersion,
        Kind::TooMany,
        Kind::Fault,
        Kind::NotBuilt,
        Kind::Busy,
        Kind::TimedOut,
        Kind::Full,
    ];

    /// Code, status and the key of its words.
    pub(crate) const fn parts(self) -> (&'static str, u16, &'static str) {
        match self {
            Kind::Malformed => ("S400", 400, "malformed"),
            Kind::NoSession => ("S401", 401, "no_session"),
            Kind::ChangePassword => ("S407", 403, "change_password"),
            Kind::CrossSite => ("S403", 403, "cross_site"),
            Kind::NotFound => ("S404", 404, "not_found"),
            Kind::Method => ("S405", 405, "method"),
            Kind::TooSlow => ("S408", 408, "too_slow"),
            Kind::Conflict => ("S409", 409, "conflict"),
            Kind::Precondition => ("S412", 412, "precondition"),
            Kind::TooLarge => ("S413", 413, "too_large"),
            Kind::Type => ("S415", 415, "type"),
            Kind::Values => ("S422", 422, "values"),
            Kind::NeedsVersion => ("S428", 428, "needs_version"),
            Kind::TooMany => ("S429", 429, "too_many"),
            Kind::Fault => ("S500", 500, "fault"),
            Kind::NotBuilt => ("S501", 501, "not_built"),
            Kind::Busy => ("S503", 503, "busy"),
            Kind::TimedOut => ("S504", 503, "timed_out"),
            Kind::Full => ("S507", 507, "full"),
        }
    }
}

impl Problem {
    /// A refusal of the server's own, with the parameters of its sentence.
    pub(crate) fn new(kind: Kind, params: &[(&str, &str)]) -> Problem {
        let (code, status, key) = kind.parts();
        Problem(Box::new(Parts {
            status: StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            code: code.to_owned(),
            detail: say(&format!("problem.{key}.said"), params),
            next: say(&format!("problem.{key}.next"), params),
            place: Json::Null,
            errors: Vec::new(),
            retry_after: None,
        }))
    }

    /// The request's form is wrong in this way.
    pub(crate) fn malformed(why: &str) -> Problem {
        Problem::new(Kind::Malformed, &[("why", why)])
    }

    /// No such thing, or none that one may know of: the two must not differ.
    pub(crate) fn not_found() -> Problem {
        Problem::new(Kind::NotFound, &[])
    }

    /// It is worth asking again after so many seconds.
    pub(crate) fn after(mut self, seconds: u64) -> Problem {
        self.retry_after = Some(seconds);
        self
    }

    /// The field of the request concerned.
    pub(crate) fn at_field(mut self, field: &str) -> Problem {
        self.place = json!({"field": field});
        self
    }

    fn of(status: u16, code: &str, detail: String, next: String) -> Problem {
        Problem(Box::new(Parts {
            status: StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            code: code.to_owned(),
            detail,
            next,
            place: Json::Null,
            errors: Vec::new(),
            retry_after: None,
        }))
    }

    /// The document for a request to this path.
    pub(crate) fn document(&self, instance: &str) -> Json {
        json!({
            "type": format!("urn:yiben:problem:{}", self.code),
            "title": say(&format!("status.{}", self.status.as_u16()), &[]),
            "status": self.status.as_u16(),
            "code": self.code,
            "detail": self.detail,
            "instance": instance,
            "where": self.place,
            "next": self.next,
            "errors": self.errors,
        })
    }

    /// The answer to a request to this path.
    pub(crate) fn answer(&self, instance: &str) -> Response {
        let body = self.document(instance).to_string();
        let kind = HeaderValue::from_static("application/problem+json");
        let mut response = (self.status, [(header::CONTENT_TYPE, kind)], body).into_response();
        if let Some(seconds) = self.retry_after {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// Codes of the office that mean: there is no such thing.
const NO_SUCH: &[&str] = &[
    "O101", "O102", "O105", "O107", "O108", "O120", "O140", "O147", "O161", "O223", "O310",
];

/// Codes of the office that mean: the state is another than supposed.
const STATE: &[&str] = &[
    "O121", "O122", "O132", "O141", "O142", "O143", "O144", "O164",
];

fn finding_status(code: &str) -> u16 {
    if NO_SUCH.contains(&code) {
        404
    } else if STATE.contains(&code) {
        409
    } else {
        422
    }
}

fn place(finding: &Finding) -> Json {
    json!({
        "file": finding.file, "sheet": finding.sheet, "cell": finding.cell, "register": finding.register,
        "record": finding.record, "field": finding.field,
    })
}

impl From<Finding> for Problem {
    fn from(finding: Finding) -> Problem {
        let mut problem = Problem::of(
            finding_status(&finding.code),
            &finding.code,
            finding.said.clone(),
            finding.next.clone(),
        );
        problem.place = place(&finding);
        problem
    }
}

impl From<OfficeError> for Problem {
    fn from(error: OfficeError) -> Problem {
        match error {
            OfficeError::Asked(finding) => (*finding).into(),
            OfficeError::AskedAll(findings) => {
                let count = findings.len().to_string();
                let mut problem = Problem::new(Kind::Values, &[("count", &count)]);
                problem.code = "A004".to_owned();
                problem.errors = findings
                    .iter()
                    .map(|finding| {
                        json!({
                            "code": finding.code, "detail": finding.said, "next": finding.next,
                            "where": place(finding),
                        })
                    })
                    .collect();
                problem
            }
            OfficeError::NotAllowed(refused) => {
                let who = refused.who_may.join(&say("comma", &[]));
                let params = [("deed", refused.deed), ("who", who.as_str())];
                Problem::of(
                    403,
                    "A001",
                    say("problem.not_allowed.said", &params),
                    say("problem.not_allowed.next", &params),
                )
            }
            OfficeError::Pack(diagnostics) => {
                let count = diagnostics.0.len().to_string();
                let mut problem = Problem::new(Kind::Values, &[("count", &count)]);
                problem.code = "P000".to_owned();
                problem.errors = diagnostics
                    .0
                    .iter()
                    .map(|d| {
                        json!({
                            "code": d.code, "detail": d.said, "next": d.next,
                            "where": {"file": d.place.file, "line": d.place.line, "column": d.place.column},
                        })
                    })
                    .collect();
                problem
            }
            // Within his role and outside of his places or fields: he may know that there is such a thing.
            OfficeError::Refused(finding) => {
                let mut problem: Problem = (*finding).into();
                problem.status = StatusCode::FORBIDDEN;
                problem
            }
            OfficeError::Repeated(tx) => {
                Problem::new(Kind::Conflict, &[]).at_field(&format!("tx {tx}"))
            }
            OfficeError::SignIn { said, why, wait } => {
                let status = match why {
                    Refusal::Wrong | Refusal::Ended => 401,
                    Refusal::Wait => 429,
                    Refusal::Locked | Refusal::NoRole | Refusal::MustChange => 403,
                };
                let mut problem = Problem::of(status, &said.code, said.said, said.next);
                problem.retry_after = wait;
                problem
            }
            OfficeError::Ledger(error) => {
                let status = match error.code() {
                    "L012" | "L036" => 404,
                    "L013" | "L014" | "L016" | "L037" => 422,
                    "L007" | "L008" | "L010" | "L011" | "L031" | "L038" => 503,
                    "L030" => 507,
                    _ => 500,
                };
                if status == 500 {
                    return fault(&error);
                }
                let mut problem = Problem::of(status, error.code(), error.said(), error.next());
                if status == 503 {
                    problem.retry_after = Some(5);
                }
                problem
            }
            OfficeError::Figures(error) if error.is_yours() => Problem::of(
                422,
                "F000",
                error.to_string(),
                say("problem.values.next", &[]),
            ),
            OfficeError::Figures(error) => fault(&error),
            OfficeError::File { path: _, source } => fault(&source),
            OfficeError::Report(why) => {
                tracing::error!(kind = "report", "a report could not be made");
                Problem::of(
                    422,
                    "A003",
                    say("problem.report.said", &[("why", &why)]),
                    say("problem.report.next", &[]),
                )
            }
        }
    }
}

/// Our fault: the log has the kind of it and a number, the asker only the number.
pub(crate) fn fault(error: &dyn std::error::Error) -> Problem {
    let id = crate::log::fresh_id();
    // An error's text may quote what was asked; its type does not.
    let mut depth = 0;
    let mut cause = error.source();
    while let Some(inner) = cause {
        depth += 1;
        cause = inner.source();
    }
    tracing::error!(fault = %id, depth, kind = %crate::log::shape_of(error), "a deed failed");
    Problem::new(Kind::Fault, &[("id", &id)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_its_own_code_and_sentences() {
        let mut codes = std::collections::BTreeSet::new();
        for kind in Kind::ALL {
            let (code, status, key) = kind.parts();
            assert!(codes.insert(code), "{code} twice");
            let problem = Problem::new(kind, &[("why", "x"), ("id", "x"), ("count", "1")]);
            assert_eq!(problem.status.as_u16(), status);
            for said in [&problem.detail, &problem.next] {
                assert!(!said.contains("problem."), "{key} has no words: {said}");
            }
            let document = problem.document("/api/x");
            let title = document["title"].as_str().unwrap_or_default();
            assert!(!title.contains("status."), "{status} has no title");
        }
    }
}
