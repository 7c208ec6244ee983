//! “What changed”: each deed that wrote is told to everybody who listens, by its transaction and registers alone; what
//! it was they ask for themselves, each within his rights.

use crate::body::{Giving, pieces};
use crate::desk::Desk;
use crate::limits::STREAMS_MAX;
use axum::body::Body;
use serde_json::json;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;

/// Changes remembered for a listener who is slow; one who is slower is told that he missed some.
const REMEMBERED: usize = 256;

/// How often a line is sent when nothing happens, so that proxies keep the connection and the dead are noticed.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// Something that listeners are told.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Told {
    /// A deed wrote.
    Changed {
        /// The transaction; none when the deed wrote several or does not say.
        tx: Option<i64>,
        /// The registers touched; empty: any.
        registers: Vec<String>,
    },
    /// How far a long deed is.
    Progress {
        /// Who asked: only he is told.
        session: String,
        /// The name that he gave the work.
        topic: String,
        done: usize,
        all: usize,
    },
}

/// Where the told is handed round.
pub(crate) struct Hub {
    all: broadcast::Sender<Told>,
    /// Open streams by session.
    open: Mutex<HashMap<String, usize>>,
}

/// A place among the streams of a session.
struct Place {
    desk: Arc<Desk>,
    session: String,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.desk.hub.open();
        if let Some(count) = open.get_mut(&self.session) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.session);
            }
        }
    }
}

/// What one listener wants.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wants {
    /// His session.
    pub(crate) session: String,
    /// Only this register, or this topic; none: all.
    pub(crate) topic: Option<String>,
    /// Registers that he may know of.
    pub(crate) may: Vec<String>,
}

impl Default for Hub {
    fn default() -> Hub {
        Hub {
            all: broadcast::channel(REMEMBERED).0,
            open: Mutex::default(),
        }
    }
}

impl Hub {
    fn open(&self) -> MutexGuard<'_, HashMap<String, usize>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place for one more stream of a session; none when it has too many.
    fn place(desk: &Arc<Desk>, session: &str) -> Option<Place> {
        let mut open = desk.hub.open();
        let count = open.entry(session.to_owned()).or_default();
        if *count >= STREAMS_MAX {
            return None;
        }
        *count += 1;
        Some(Place {
            desk: desk.clone(),
            session: session.to_owned(),
        })
    }

    /// Tells everybody who listens; nobody waits for them.
    pub(crate) fn tell(&self, told: Told) {
        let _ = self.all.send(told);
    }
}

/// What a listener is sent of it; none when it is not for him.
fn line(told: &Told, wants: &Wants) -> Option<String> {
    match told {
        Told::Changed { tx, registers } => {
            let known = registers.iter().filter(|name| wants.may.contains(name));
            let known: Vec<&String> = known
                .filter(|name| wants.topic.as_ref().is_none_or(|topic| topic == *name))
                .collect();
            if known.is_empty() && (!registers.is_empty() || wants.topic.is_some()) {
                return None;
            }
            let data = json!({"tx": tx, "registers": known});
            let id = tx.map_or_else(String::new, |tx| format!("id: {tx}\n"));
            Some(format!("{id}event: changed\ndata: {data}\n\n"))
        }
        Told::Progress {
            session,
            topic,
            done,
            all,
        } => {
            let his = *session == wants.session
                && wants.topic.as_ref().is_none_or(|wanted| wanted == topic);
            his.then(|| {
                let data = json!({"topic": topic, "done": done, "all": all});
                format!("event: progress\ndata: {data}\n\n")
            })
        }
    }
}

/// The stream of one listener; none when his session has too many. It ends when he is gone, reads nothing, has signed out, or the server stops.
pub(crate) fn listen(desk: &Arc<Desk>, wants: Wants) -> Option<Body> {
    let place = Hub::place(desk, &wants.session)?;
    let (giving, body) = pieces();
    let taking = desk.hub.all.subscribe();
    let desk = desk.clone();
    tokio::spawn(async move {
        let _place = place;
        let _held = desk.metrics.streams.hold();
        let _ = follow(&desk, &giving, taking, &wants).await;
    });
    Some(body)
}

async fn follow(
    desk: &Desk,
    giving: &Giving,
    mut taking: broadcast::Receiver<Told>,
    wants: &Wants,
) -> Result<(), crate::body::Gone> {
    giving.give_soon("retry: 3000\n: yiben\n\n").await?;
    let mut stopping = desk.stopping.subscribe();
    loop {
        tokio::select! {
            told = taking.recv() => match told {
                Ok(told) => if let Some(line) = line(&told, wants) { giving.give_soon(line).await? },
                Err(RecvError::Lagged(missed)) => {
                    let data = json!({"missed": missed});
                    giving.give_soon(format!("event: missed\ndata: {data}\n\n")).await?;
                }
                Err(RecvError::Closed) => return Ok(()),
            },
            () = tokio::time::sleep(HEARTBEAT) => {
                if !desk.is_signed_in(&wants.session) {
                    return Ok(());
                }
                giving.give_soon(": still here\n\n").await?;
            }
            () = giving.gone() => return Ok(()),
            _ = stopping.changed() => return Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wants(topic: Option<&str>) -> Wants {
        Wants {
            session: "a".to_owned(),
            topic: topic.map(str::to_owned),
            may: vec!["person".to_owned(), "seat".to_owned()],
        }
    }

    #[test]
    fn nobody_is_told_of_a_register_he_may_not_know() {
        let told = Told::Changed {
            tx: Some(7),
            registers: vec!["person".to_owned(), "secret".to_owned()],
        };
        let line = line(&told, &wants(None)).expect("told");
        assert!(line.contains(r#""registers":["person"]"#), "{line}");
        assert_eq!(super::line(&told, &wants(Some("seat"))), None);
        let hidden = Told::Changed {
            tx: Some(8),
            registers: vec!["secret".to_owned()],
        };
        assert_eq!(super::line(&hidden, &wants(None)), None);
    }

    #[test]
    fn progress_is_told_to_who_asked() {
        let told = |session: &str| Told::Progress {
            session: session.to_owned(),
            topic: "import-1".to_owned(),
            done: 1,
            all: 2,
        };
        assert!(line(&told("a"), &wants(Some("import-1"))).is_some());
        assert_eq!(line(&told("a"), &wants(Some("import-2"))), None);
        assert_eq!(line(&told("b"), &wants(None)), None);
    }
}
