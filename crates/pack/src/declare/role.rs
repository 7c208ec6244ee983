//! Roles: who may do what. The office decides; the pack only declares.

/// A role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleDecl {
    /// Stable name.
    pub name: String,
    /// Chinese title.
    pub title: String,
    /// Deeds it may do, as `import`, `report`; `*` is all.
    pub may: Vec<String>,
    /// Registers it may see; `*` is all.
    pub registers: Vec<String>,
    /// Whether personal fields are opened to it.
    pub personal: bool,
}
