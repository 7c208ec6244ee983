//! Roles: who may do what. The office decides; the pack only declares.

use super::RegisterDecl;
use std::collections::BTreeMap;

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
    /// The level at which the places lie for which it is granted; `None`: any.
    pub level: Option<String>,
    /// The office it belongs to: a role whose registers (those that name it as their owner) it sees as well.
    pub office: Option<String>,
    /// Of these registers it sees these fields and no others.
    pub fields: BTreeMap<String, Vec<String>>,
    /// Of these registers it sees all fields but these.
    pub hidden: BTreeMap<String, Vec<String>>,
    /// Which of the three administrators it is.
    pub admin: Option<AdminKind>,
}

/// The three administrators; nobody is two of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AdminKind {
    /// Runs the system.
    System,
    /// Says who may do what.
    Security,
    /// Looks at what was done.
    Audit,
}

impl AdminKind {
    /// All of them.
    pub const ALL: [AdminKind; 3] = [AdminKind::System, AdminKind::Security, AdminKind::Audit];

    /// As a pack says it.
    pub fn word(self) -> &'static str {
        match self {
            AdminKind::System => "system",
            AdminKind::Security => "security",
            AdminKind::Audit => "audit",
        }
    }
}

/// Which rules passwords follow.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum PasswordPolicy {
    /// OWASP ASVS 5.0: length, none of the commonest, no forced change.
    #[default]
    Asvs,
    /// GB/T 22239-2019: kinds of characters besides, a change every 90 days, none of the last five again.
    Dengbao,
}

impl PasswordPolicy {
    /// All of them.
    pub const ALL: [PasswordPolicy; 2] = [PasswordPolicy::Asvs, PasswordPolicy::Dengbao];

    /// As a pack says it.
    pub fn word(self) -> &'static str {
        match self {
            PasswordPolicy::Asvs => "asvs",
            PasswordPolicy::Dengbao => "dengbao",
        }
    }

    /// The policy of this word.
    pub fn parse(word: &str) -> Option<PasswordPolicy> {
        PasswordPolicy::ALL
            .into_iter()
            .find(|policy| policy.word() == word)
    }
}

impl RoleDecl {
    /// Whether it may do a deed.
    pub fn may(&self, deed: &str) -> bool {
        self.may.iter().any(|one| one == deed || one == "*")
    }

    /// Whether it sees a register at all.
    pub fn sees(&self, register: &RegisterDecl) -> bool {
        let named = |name: &String| *name == register.name || name == "*";
        self.registers.iter().any(named) || (self.office.is_some() && self.office == register.owner)
    }

    /// Whether it sees a field of a register that it sees.
    pub fn shows(&self, register: &str, field: &str) -> bool {
        let stands = |list: &Vec<String>| list.iter().any(|name| name == field);
        self.fields.get(register).is_none_or(stands)
            && !self.hidden.get(register).is_some_and(stands)
    }
}
