//! `yiben serve`: the book over HTTP, until the program is told to stop.

use super::{Done, aside, out};
use crate::args::{Common, Serve};
use crate::say::say;
use office::clock::{SystemClock, SystemEntropy};
use office::{House, OfficeError, PasswordPolicy};
use server::{Paces, ServeError, Server, Settings, asked_to_stop, begin_log};
use std::sync::Arc;
use vocabulary::{Finding, FindingClass};

pub(crate) fn run(common: &Common, input: Serve) -> Done {
    let policy = match &input.policy {
        None => None,
        Some(word) => Some(
            PasswordPolicy::parse(word)
                .ok_or_else(|| yours("serve.policy", "serve.policy_next", &[("word", word)]))?,
        ),
    };
    let house = House::open(&common.ledger, Arc::new(SystemClock), SystemEntropy)?;
    let settings = Settings {
        bind: input.bind.clone(),
        port: input.port,
        tls_in_front: input.tls_terminated,
        policy,
        paces: if input.no_pace {
            Paces::boundless()
        } else {
            Paces::default()
        },
        ..Settings::default()
    };
    let server = Server::new(house, &common.ledger, settings).map_err(failed)?;
    let address = server.address().map_err(failed)?;
    begin_log();
    let url = format!("http://{address}");
    out(say("serve.at", &[("url", &url)]));
    if !address.ip().is_loopback() && !input.tls_terminated {
        aside(say("serve.no_tls", &[]));
    }
    if input.no_pace {
        aside(say("serve.no_pace", &[]));
    }
    match server.first_link() {
        // Behind the number sign: browsers do not send it, proxies do not write it down.
        Ok(Some(token)) => out(say("serve.first", &[("url", &url), ("token", &token)])),
        Ok(None) => {}
        // A pack that names nobody who may let people in: whoever has an account already is served all the same.
        Err(ServeError::Office(OfficeError::Asked(finding))) => {
            let params = [("said", finding.said.as_str()), ("next", &finding.next)];
            aside(say("serve.nobody", &params));
        }
        Err(error) => return Err(failed(error)),
    }
    server.run(asked_to_stop()).map_err(failed)?;
    Ok(0)
}

fn yours(said: &str, next: &str, params: &[(&str, &str)]) -> OfficeError {
    let class = FindingClass::Rejected;
    let finding = Finding::new("A005", class, say(said, params), say(next, params));
    OfficeError::Asked(Box::new(finding))
}

fn failed(error: ServeError) -> OfficeError {
    match error {
        ServeError::Office(error) => error,
        ServeError::Listen { address, source } => {
            let why = source.to_string();
            let params = [("address", address.as_str()), ("why", &why)];
            yours("serve.listen", "serve.listen_next", &params)
        }
        ServeError::Begin(source) => OfficeError::File {
            path: "serve".to_owned(),
            source,
        },
    }
}
