//! What changed, told as it happens.

use crate::call::{Call, Out, Reply};
use crate::events::{Wants, listen};
use crate::problem::{Kind, Problem};

/// A stream of events for one session.
pub(crate) fn events(call: &Call) -> Result<Reply, Problem> {
    let who = call.who()?;
    let pack = call.office()?.pack();
    let role = who.session.role.as_ref();
    let role = pack.roles.iter().find(|one| Some(&one.name) == role);
    let seen = pack.registers.iter();
    let may = seen.filter(|register| role.is_some_and(|role| role.sees(register)));
    let mut may: Vec<String> = may.map(|register| register.name.clone()).collect();
    may.push("finding".to_owned());
    let wants = Wants {
        session: who.token.clone(),
        topic: call.one("topic").map(str::to_owned),
        may,
    };
    let Some(body) = listen(&call.desk, wants) else {
        let params = [("seconds", "30")];
        return Err(Problem::new(Kind::TooMany, &params).after(30));
    };
    Ok(Reply::of(Out::Body("text/event-stream", body)))
}
