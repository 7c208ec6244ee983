//! `yiben people`: who signs in, in which roles, and their one-time links.

use super::{Done, out, reading, writing};
use crate::args::{Common, People, PeopleVerb};
use crate::say::say;
use crate::{table, wire};
use office::people::{AccountState, Grant};
use office::{
    Office, OfficeError, Person, PersonAddInput, PersonGrantInput, PersonLink, PersonRevokeInput,
};
use vocabulary::Date;

pub(crate) fn run(common: &Common, input: People) -> Done {
    match input.verb {
        PeopleVerb::List => list(common)?,
        PeopleVerb::Add { name, display } => {
            let made = writing(common)?.person_add(&PersonAddInput { name, display })?;
            link(common, "people.added", &made);
        }
        PeopleVerb::Link { name } => {
            let made = writing(common)?.person_link(&name)?;
            link(common, "people.link", &made);
        }
        PeopleVerb::Grant {
            name,
            role,
            within,
            from,
            to,
        } => {
            let mut office = writing(common)?;
            let (grant, tx) = office.person_grant(&PersonGrantInput {
                name: name.clone(),
                role: role.clone(),
                within,
                from,
                to,
            })?;
            let title = office.role_title(&role);
            let params = [("name", name.as_str()), ("role", &title)];
            told(common, "people.granted", &params, wire::granted(grant, tx));
        }
        PeopleVerb::Revoke {
            name,
            role,
            within,
            on,
        } => {
            let mut office = writing(common)?;
            let (ended, tx) = office.person_revoke(&PersonRevokeInput {
                name: name.clone(),
                role,
                within,
                on,
            })?;
            let count = ended.to_string();
            let params = [("name", name.as_str()), ("count", &count)];
            told(common, "people.revoked", &params, wire::revoked(ended, tx));
        }
        PeopleVerb::Lock { name, why } => {
            let tx = writing(common)?.person_lock(&name, why.as_deref())?;
            told(
                common,
                "people.locked",
                &[("name", &name)],
                wire::written(tx),
            );
        }
        PeopleVerb::Unlock { name, why } => {
            let tx = writing(common)?.person_unlock(&name, why.as_deref())?;
            told(
                common,
                "people.unlocked",
                &[("name", &name)],
                wire::written(tx),
            );
        }
    }
    Ok(0)
}

fn told(common: &Common, key: &str, params: &[(&str, &str)], json: serde_json::Value) {
    if common.json {
        out(json);
    } else {
        out(say(key, params));
    }
}

fn link(common: &Common, key: &str, made: &PersonLink) {
    if common.json {
        out(wire::person_link(made));
        return;
    }
    let until = made.until.in_china();
    out(say(key, &[("name", &made.name)]));
    out(made.token.shown());
    out(say("people.once", &[("until", &until)]));
}

fn list(common: &Common) -> Result<(), OfficeError> {
    let office = reading(common)?;
    let people = office.people()?;
    if common.json {
        out(wire::people(&people));
        return Ok(());
    }
    if people.is_empty() {
        out(say("people.none", &[]));
        return Ok(());
    }
    let mut rows = Vec::new();
    for person in &people {
        rows.push(row(&office, person)?);
    }
    for line in table::lines(&rows, &[]) {
        out(line);
    }
    let stale = people.iter().filter(|one| one.stale).count();
    if stale > 0 {
        out(say("people.stale", &[("count", &stale.to_string())]));
    }
    Ok(())
}

fn row(office: &Office, person: &Person) -> Result<Vec<String>, OfficeError> {
    let account = &person.account;
    let mut state = match account.state {
        AccountState::Locked => say("people.is_locked", &[]),
        AccountState::Active if account.changed.is_none() => say("people.is_new", &[]),
        AccountState::Active => String::new(),
    };
    if person.stale {
        state = say("people.is_stale", &[]);
    }
    let today = office.today();
    let mut roles = Vec::new();
    for grant in person.grants.iter().filter(|grant| grant.to > today) {
        roles.push(told_grant(office, grant, today)?);
    }
    let seen = person.seen.map(|seen| seen.in_china());
    Ok(vec![
        account.name.clone(),
        account.display.clone(),
        roles.join(&say("comma", &[])),
        seen.unwrap_or_else(|| say("people.never", &[])),
        state,
    ])
}

fn told_grant(office: &Office, grant: &Grant, today: Date) -> Result<String, OfficeError> {
    let mut text = office.role_title(&grant.role);
    if grant.division != office.book_id() {
        let place = office.place_title(grant.division)?;
        text = say("people.within", &[("role", &text), ("place", &place)]);
    }
    if grant.from > today {
        text = say(
            "people.from",
            &[("role", &text), ("day", &grant.from.to_string())],
        );
    }
    if grant.to != Date::FOREVER {
        text = say(
            "people.to",
            &[("role", &text), ("day", &grant.to.to_string())],
        );
    }
    Ok(text)
}
