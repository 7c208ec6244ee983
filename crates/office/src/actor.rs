//! Who acts, and what a role lets them do.

use pack::CheckedPack;
use vocabulary::{DivisionId, RecordId};

/// Who does a deed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Actor {
    /// The name kept in the transaction; on the command line the operating system's user.
    pub name: String,
    /// The role acted in; `None` is whoever holds the ledger's file and key, who may do everything the file allows.
    pub role: Option<String>,
    /// The divisions in which it is acted, each with what lies below it; empty: the whole book.
    pub scope: Vec<DivisionId>,
    /// Where the request came from, for the audit.
    pub address: Option<String>,
    /// The account signed in with; `None` on the command line.
    pub account: Option<RecordId>,
}

impl Actor {
    /// Somebody in a role, everywhere in the book.
    pub fn new(name: impl Into<String>, role: Option<&str>) -> Actor {
        Actor {
            name: name.into(),
            role: role.map(str::to_owned),
            ..Actor::default()
        }
    }

    /// Whoever has not signed in: he may do nothing that needs a role.
    pub fn nobody(address: Option<String>) -> Actor {
        Actor {
            role: Some(String::new()),
            address,
            ..Actor::default()
        }
    }

    /// What the audit keeps of him beside the name.
    pub(crate) fn by(&self) -> ledger::By {
        ledger::By {
            account: self.account,
            role: self.role.clone().filter(|role| !role.is_empty()),
            address: self.address.clone(),
        }
    }
}

/// Everything that a role may be given, as `roles.toml` says it.
pub const DEEDS: &[&str] = &[
    "audit",
    "backup",
    "check",
    "checkpoint",
    "correct",
    "end",
    "erase",
    "export",
    "figure",
    "history",
    "import",
    "pack",
    "people",
    "person_add",
    "person_grant",
    "person_link",
    "person_lock",
    "person_revoke",
    "proof",
    "rebuild",
    "record",
    "report",
    "restore",
    "settle",
    "search",
    "show",
    "trace",
    "undo",
    "verify",
    "withdraw",
];

/// What somebody may not do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotAllowed {
    /// The role asked with.
    pub role: String,
    /// The deed refused.
    pub deed: &'static str,
    /// Roles that may do it.
    pub who_may: Vec<String>,
}

/// Whether the actor may do the deed under this pack.
pub(crate) fn may(pack: &CheckedPack, actor: &Actor, deed: &'static str) -> Result<(), NotAllowed> {
    let Some(role) = &actor.role else {
        return Ok(());
    };
    let allows = |role: &pack::declare::RoleDecl| role.may.iter().any(|d| d == deed || d == "*");
    if pack
        .roles
        .iter()
        .any(|declared| declared.name == *role && allows(declared))
    {
        return Ok(());
    }
    let who_may = pack
        .roles
        .iter()
        .filter(|r| allows(r))
        .map(|r| r.title.clone())
        .collect();
    Err(NotAllowed {
        role: role.clone(),
        deed,
        who_may,
    })
}
