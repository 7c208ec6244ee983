//! Who acts, and what a role lets them do.

use pack::CheckedPack;

/// Who does a deed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The name kept in the transaction; on the command line the operating system's user.
    pub name: String,
    /// The role acted in; `None` is whoever holds the ledger's file and key, who may do everything the file allows.
    pub role: Option<String>,
}

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
