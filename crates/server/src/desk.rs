//! What all requests share: the house, the gate that people come in by, limits and numbers. Refuses to know any one URL.

use crate::attachments::Attachments;
use crate::events::Hub;
use crate::limits::{self, Buckets, Pace};
use crate::metrics::Metrics;
use crate::previews::Previews;
use crate::settings::Settings;
use crate::urls::Rate;
use office::House;
use office::people::{Gate, Token};
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;
use tokio::sync::{Semaphore, watch};

/// What all requests share.
pub(crate) struct Desk {
    pub(crate) house: House,
    pub(crate) gate: Gate,
    pub(crate) settings: Settings,
    pub(crate) metrics: Metrics,
    pub(crate) hub: Hub,
    pub(crate) previews: Previews,
    pub(crate) attachments: Attachments,
    /// Requests in work.
    pub(crate) room: Arc<Semaphore>,
    /// Threads for deeds.
    pub(crate) hands: Arc<Semaphore>,
    /// Exports on their way: each holds a reader of the book while its client reads.
    pub(crate) exports: Arc<Semaphore>,
    /// True once the server is told to stop.
    pub(crate) stopping: watch::Sender<bool>,
    /// False when the ledger said that it writes no more.
    pub(crate) writes: AtomicBool,
    addresses: Buckets<IpAddr>,
    tries: Buckets<IpAddr>,
    reads: Buckets<String>,
    deeds: Buckets<String>,
    long: Buckets<String>,
}

impl Desk {
    /// A desk in front of a house whose book lies at this path.
    pub(crate) fn new(house: House, path: &Path, settings: Settings) -> std::io::Result<Desk> {
        let paces = settings.paces;
        Ok(Desk {
            gate: Gate::new(settings.policy),
            metrics: Metrics::default(),
            hub: Hub::default(),
            previews: Previews::new(&beside(path, "uploads"))?,
            attachments: Attachments::new(&beside(path, "files")),
            room: Arc::new(Semaphore::new(settings.requests_max)),
            hands: Arc::new(Semaphore::new(limits::DEEDS_MAX)),
            exports: Arc::new(Semaphore::new(limits::EXPORTS_MAX)),
            stopping: watch::channel(false).0,
            writes: AtomicBool::new(true),
            addresses: Buckets::new(paces.address),
            tries: Buckets::new(paces.sign_in),
            reads: Buckets::new(paces.read),
            deeds: Buckets::new(paces.deed),
            long: Buckets::new(paces.long),
            settings,
            house,
        })
    }

    /// Whether an address may ask once more; else after how many seconds.
    pub(crate) fn address_may(&self, address: IpAddr) -> Result<(), u64> {
        self.addresses.take(&address, Instant::now())
    }

    /// Whether one may ask once more at this pace; else after how many seconds.
    pub(crate) fn may(&self, rate: Rate, address: IpAddr, session: &str) -> Result<(), u64> {
        let now = Instant::now();
        let session = session.to_owned();
        match rate {
            Rate::Free => Ok(()),
            Rate::SignIn => self.tries.take(&address, now),
            Rate::Read => self.reads.take(&session, now),
            Rate::Deed => self.deeds.take(&session, now),
            Rate::Long => self.long.take(&session, now),
        }
    }

    /// Whether this session's token still opens.
    pub(crate) fn is_signed_in(&self, session: &str) -> bool {
        let token = Token::handed_in(session.to_owned());
        self.gate.sessions().knows(&token, self.house.clock().now())
    }
}

/// `town.db` and `files`: `town.db.files`.
pub(crate) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{ending}"));
    PathBuf::from(name)
}

/// How fast one may ask.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Paces {
    /// An address, whoever asks from it: an office of fifty may share one.
    pub address: Pace,
    /// An address that tries to sign in.
    pub sign_in: Pace,
    /// A session that reads.
    pub read: Pace,
    /// A session that writes.
    pub deed: Pace,
    /// A session that asks for long work: imports, exports, reports.
    pub long: Pace,
}

const fn pace(burst: u32, per_minute: u32) -> Pace {
    Pace { burst, per_minute }
}

impl Default for Paces {
    fn default() -> Paces {
        Paces {
            address: pace(2000, 30_000),
            sign_in: pace(30, 60),
            read: pace(300, 3000),
            deed: pace(120, 1200),
            long: pace(20, 30),
        }
    }
}

impl Paces {
    /// No limit but what the machine can do; for measurements.
    pub fn boundless() -> Paces {
        let most = pace(u32::MAX, u32::MAX);
        Paces {
            address: most,
            sign_in: most,
            read: most,
            deed: most,
            long: most,
        }
    }
}
