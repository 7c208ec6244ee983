//! A request as a handler sees it, and what it gives back. Refuses to know the wire: that is `answer`'s.

use crate::desk::Desk;
use crate::problem::{Kind, Problem};
use crate::say::say;
use crate::urls::{Param, Url};
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use office::people::Session;
use office::{Actor, AskInput, Office};
use serde_json::Value as Json;
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;

/// Who asks.
#[derive(Debug, Clone)]
pub(crate) struct Who {
    /// The token, by which limits and streams are counted.
    pub(crate) token: String,
    pub(crate) session: Session,
    /// None while the password must be changed.
    pub(crate) actor: Option<Actor>,
}

/// A request.
pub(crate) struct Call {
    pub(crate) desk: Arc<Desk>,
    pub(crate) url: &'static Url,
    pub(crate) who: Option<Who>,
    pub(crate) address: IpAddr,
    /// The names in the path and what stands for them.
    pub(crate) path: Vec<(String, String)>,
    /// The query, in order.
    pub(crate) query: Vec<(String, String)>,
    pub(crate) headers: HeaderMap,
    /// The body; null when there is none.
    pub(crate) body: Json,
}

/// What is given back.
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) out: Out,
    /// What `If-None-Match` is compared with.
    pub(crate) tag: Option<String>,
    pub(crate) headers: Vec<(HeaderName, String)>,
    /// What listeners are told: the transaction, the registers.
    pub(crate) changed: Option<(Option<i64>, Vec<String>)>,
}

/// The body of an answer.
pub(crate) enum Out {
    Json(Json),
    Bytes(&'static str, Vec<u8>),
    /// A file that stays.
    File(&'static str, PathBuf),
    /// A file that is open and has no name.
    Open(&'static str, std::fs::File),
    Body(&'static str, axum::body::Body),
    Nothing,
}

impl Reply {
    pub(crate) fn json(json: Json) -> Reply {
        Reply {
            status: StatusCode::OK,
            out: Out::Json(json),
            tag: None,
            headers: Vec::new(),
            changed: None,
        }
    }

    pub(crate) fn made(json: Json) -> Reply {
        Reply {
            status: StatusCode::CREATED,
            ..Reply::json(json)
        }
    }

    pub(crate) fn nothing() -> Reply {
        Reply {
            status: StatusCode::NO_CONTENT,
            out: Out::Nothing,
            ..Reply::json(Json::Null)
        }
    }

    pub(crate) fn of(out: Out) -> Reply {
        Reply {
            out,
            ..Reply::json(Json::Null)
        }
    }

    /// The client has it already.
    pub(crate) fn unchanged(tag: String) -> Reply {
        Reply {
            status: StatusCode::NOT_MODIFIED,
            ..Reply::nothing().tagged(Some(tag))
        }
    }

    pub(crate) fn tagged(mut self, tag: Option<String>) -> Reply {
        self.tag = tag;
        self
    }

    pub(crate) fn with(mut self, name: HeaderName, value: impl Into<String>) -> Reply {
        self.headers.push((name, value.into()));
        self
    }

    /// Something was written.
    pub(crate) fn told(mut self, tx: Option<i64>, registers: Vec<String>) -> Reply {
        self.changed = Some((tx, registers));
        self
    }
}

impl Call {
    /// Who asks; the table says that somebody does.
    pub(crate) fn who(&self) -> Result<&Who, Problem> {
        self.who
            .as_ref()
            .ok_or_else(|| Problem::new(Kind::NoSession, &[]))
    }

    /// The actor; nobody before he is signed in.
    fn actor(&self) -> Actor {
        let signed = self.who.as_ref().and_then(|who| who.actor.clone());
        signed.unwrap_or_else(|| Actor {
            address: Some(self.address.to_string()),
            // Nobody is no role of any pack: an actor without a role would be whoever holds the file.
            ..Actor::new("?", Some("?"))
        })
    }

    /// The office that answers.
    pub(crate) fn office(&self) -> Result<Office, Problem> {
        let office = self.office_reading()?;
        if self.url.is_safe() {
            return Ok(office);
        }
        Ok(match self.client_id()? {
            Some(id) => office.with_client_id(id),
            None => office,
        })
    }

    /// An office for a look before the deed; it does not use the client's id up.
    pub(crate) fn office_reading(&self) -> Result<Office, Problem> {
        Ok(self.desk.house.office(self.actor()))
    }

    /// The id under which a repeated request is answered and not repeated. Two people who draw the same id do not meet.
    fn client_id(&self) -> Result<Option<String>, Problem> {
        let header = self.headers.get("idempotency-key");
        let header = header.map(|value| value.to_str().unwrap_or("\u{0}").to_owned());
        let given = match header {
            Some(id) => Some(id),
            None => self.text("client_id")?,
        };
        let Some(id) = given else { return Ok(None) };
        let fits = !id.is_empty() && id.len() <= 64 && id.bytes().all(|b| b.is_ascii_graphic());
        if !fits {
            return Err(
                Problem::malformed(&say("malformed.client_id", &[])).at_field("Idempotency-Key")
            );
        }
        let account = self.who.as_ref().map(|who| who.session.account.to_string());
        Ok(Some(format!("{}:{id}", account.unwrap_or_default())))
    }

    /// What stands in the path for a name.
    pub(crate) fn path(&self, name: &str) -> &str {
        let found = self.path.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value)
    }

    /// A parameter of the query.
    pub(crate) fn one(&self, name: &str) -> Option<&str> {
        let found = self.query.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// All of that name.
    pub(crate) fn all(&self, name: &str) -> Vec<String> {
        let found = self.query.iter().filter(|(known, _)| known == name);
        found.map(|(_, value)| value.clone()).collect()
    }

    /// A whole number of the query within bounds.
    pub(crate) fn count(&self, name: &str, usual: usize, most: usize) -> Result<usize, Problem> {
        let Some(text) = self.one(name) else {
            return Ok(usual);
        };
        let fits = text.parse().ok().filter(|n| (1..=most).contains(n));
        fits.ok_or_else(|| {
            let most = most.to_string();
            let why = say("malformed.number", &[("name", name), ("most", &most)]);
            Problem::malformed(&why).at_field(name)
        })
    }

    /// Date, period, knowledge and place of a question, in the query.
    pub(crate) fn ask(&self) -> AskInput {
        let one = |name| self.one(name).map(str::to_owned);
        AskInput {
            at: one("at"),
            period: one("period"),
            known: one("known"),
            within: one("in"),
        }
    }

    /// The same in the body.
    pub(crate) fn ask_in_body(&self) -> Result<AskInput, Problem> {
        Ok(AskInput {
            at: self.text("at")?,
            period: self.text("period")?,
            known: self.text("known")?,
            within: self.text("in")?,
        })
    }

    fn wrong(&self, field: &str, kind: &str) -> Problem {
        let kind = say(&format!("malformed.{kind}"), &[]);
        let why = say("malformed.field", &[("field", field), ("kind", &kind)]);
        Problem::malformed(&why).at_field(field)
    }

    /// A text of the body.
    pub(crate) fn text(&self, field: &str) -> Result<Option<String>, Problem> {
        match self.body.get(field) {
            None | Some(Json::Null) => Ok(None),
            Some(Json::String(text)) => Ok(Some(text.clone())),
            Some(_) => Err(self.wrong(field, "text")),
        }
    }

    /// A text of the body that must be there.
    pub(crate) fn needed(&self, field: &str) -> Result<String, Problem> {
        self.text(field)?.ok_or_else(|| self.wrong(field, "text"))
    }

    /// A yes or no of the body; no when it is not there.
    pub(crate) fn flag(&self, field: &str) -> Result<bool, Problem> {
        match self.body.get(field) {
            None | Some(Json::Null) => Ok(false),
            Some(Json::Bool(flag)) => Ok(*flag),
            Some(_) => Err(self.wrong(field, "flag")),
        }
    }

    /// A list of texts of the body; empty when it is not there.
    pub(crate) fn texts(&self, field: &str) -> Result<Vec<String>, Problem> {
        let list = match self.body.get(field) {
            None | Some(Json::Null) => return Ok(Vec::new()),
            Some(Json::Array(list)) => list,
            Some(_) => return Err(self.wrong(field, "texts")),
        };
        let texts = list.iter().map(|one| one.as_str().map(str::to_owned));
        texts
            .collect::<Option<Vec<_>>>()
            .ok_or_else(|| self.wrong(field, "texts"))
    }

    /// What an unchanged answer is known by: where the book stood, today (many questions default to it), and who asks.
    pub(crate) fn book_tag(&self, office: &Office) -> Result<String, Problem> {
        let tx = office.stand()?.tx;
        let who = self.who()?;
        let role = who.session.role.clone().unwrap_or_default();
        Ok(format!(
            "\"{tx}.{}.{}.{role}\"",
            office.today(),
            who.session.account
        ))
    }

    /// Whether the client has this version already.
    pub(crate) fn has(&self, tag: &str) -> bool {
        let Some(known) = self.headers.get(header::IF_NONE_MATCH) else {
            return false;
        };
        let known = known.to_str().unwrap_or_default();
        known
            .split(',')
            .map(str::trim)
            .any(|one| one == "*" || one.strip_prefix("W/").unwrap_or(one) == tag)
    }

    /// The answer to a client who has it already; made before the work is done.
    pub(crate) fn unless_known(&self, office: &Office) -> Result<(String, Option<Reply>), Problem> {
        let tag = self.book_tag(office)?;
        let reply = self.has(&tag).then(|| Reply::unchanged(tag.clone()));
        Ok((tag, reply))
    }

    /// Refuses parameters that the URL does not know, or that stand twice and may not.
    pub(crate) fn check_query(&self, known: &[&Param]) -> Result<(), Problem> {
        let mut seen: Vec<&str> = Vec::new();
        for (name, _) in &self.query {
            let Some(param) = known.iter().find(|param| param.name == name) else {
                let names: Vec<&str> = known.iter().map(|param| param.name).collect();
                let list = names.join(&say("comma", &[]));
                let why = say("malformed.unknown", &[("name", name), ("list", &list)]);
                return Err(Problem::malformed(&why).at_field(name));
            };
            if seen.contains(&name.as_str()) && !param.many {
                let why = say("malformed.twice", &[("name", name)]);
                return Err(Problem::malformed(&why).at_field(name));
            }
            seen.push(name);
        }
        let lacking = known
            .iter()
            .find(|param| param.needed && !seen.contains(&param.name));
        if let Some(param) = lacking {
            let why = say("malformed.lacking", &[("name", param.name)]);
            return Err(Problem::malformed(&why).at_field(param.name));
        }
        Ok(())
    }
}

/// A query taken apart; none when it is no UTF-8.
pub(crate) fn query(text: &str) -> Option<Vec<(String, String)>> {
    let parts = text.split('&').filter(|part| !part.is_empty());
    let parts = parts.map(|part| {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        Some((decoded(name, true)?, decoded(value, true)?))
    });
    parts.collect()
}

/// Percent signs undone; none when they make no UTF-8.
pub(crate) fn decoded(text: &str, plus_is_blank: bool) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'%' => {
                let pair = [rest.next()?, rest.next()?];
                let pair = std::str::from_utf8(&pair).ok()?;
                if !pair.bytes().all(|digit| digit.is_ascii_hexdigit()) {
                    return None;
                }
                bytes.push(u8::from_str_radix(pair, 16).ok()?);
            }
            b'+' if plus_is_blank => bytes.push(b' '),
            byte => bytes.push(byte),
        }
    }
    let text = String::from_utf8(bytes).ok()?;
    (!text.contains('\0')).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_taken_apart() {
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(
            query("in=%E9%95%87&a=1+2&b"),
            Some(vec![pair("in", "镇"), pair("a", "1 2"), pair("b", "")])
        );
        for broken in ["a=%", "a=%e", "a=%zz", "a=%+1", "a=%ff", "a=%00"] {
            assert_eq!(query(broken), None, "{broken}");
        }
    }
}
