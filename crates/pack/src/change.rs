//! What a new version of a pack changes: plain data, so that each room says it in its own words. Refuses to
//! judge; whether a change is allowed is the ledger's and the office's.

use crate::CheckedPack;
use crate::declare::{Field, RegisterDecl};
use vocabulary::FieldType;

/// One thing that a new version changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PackChange {
    /// A register that was not there.
    RegisterAdded {
        /// Its name.
        register: String,
    },
    /// A register under a new name.
    RegisterRenamed {
        /// Its former name.
        from: String,
        /// Its name.
        to: String,
    },
    /// A register that is there no longer; its facts stay in the book.
    RegisterRemoved {
        /// Its former name.
        register: String,
    },
    /// A field that was not there.
    FieldAdded {
        /// The register, by its new name.
        register: String,
        /// The field.
        field: String,
    },
    /// A field under a new name.
    FieldRenamed {
        /// The register, by its new name.
        register: String,
        /// Its former name.
        from: String,
        /// Its name.
        to: String,
    },
    /// A field that is there no longer; its facts stay in the book.
    FieldRemoved {
        /// The register, by its new name.
        register: String,
        /// The field.
        field: String,
    },
    /// A field of another type: stored values would be read in another unit.
    FieldRetyped {
        /// The register, by its new name.
        register: String,
        /// The field, by its new name.
        field: String,
        /// Its former type.
        from: FieldType,
        /// Its type.
        to: FieldType,
    },
    /// A field that is sealed differently (`personal`, `secret`): old bodies keep how they were sealed.
    FieldResealed {
        /// The register, by its new name.
        register: String,
        /// The field, by its new name.
        field: String,
    },
    /// A name that an earlier version gave up and this one uses for something else.
    NameReused {
        /// The register, by its new name.
        register: String,
        /// The field; `None`: the register's own name.
        field: Option<String>,
    },
    /// A figure that was not there.
    FigureAdded {
        /// Its id.
        figure: String,
    },
    /// A figure that is defined differently.
    FigureChanged {
        /// Its id.
        figure: String,
    },
    /// A figure that is there no longer.
    FigureRemoved {
        /// Its id.
        figure: String,
    },
    /// A code that is there no longer; records may hold it.
    CodeRemoved {
        /// The list.
        list: String,
        /// The code.
        code: String,
    },
}

impl PackChange {
    /// Whether facts already in a book could be misread under the new version.
    pub fn is_breaking(&self) -> bool {
        use PackChange::{CodeRemoved, FieldRemoved, FieldRetyped, NameReused, RegisterRemoved};
        matches!(
            self,
            RegisterRemoved { .. }
                | FieldRemoved { .. }
                | FieldRetyped { .. }
                | NameReused { .. }
                | CodeRemoved { .. }
        )
    }
}

impl CheckedPack {
    /// What this version changes of an older one, in the order of declaration.
    pub fn changes_from(&self, old: &CheckedPack) -> Vec<PackChange> {
        let mut changes = Vec::new();
        let mut kept: Vec<&str> = Vec::new();
        for register in &self.registers {
            let Some(before) = former_register(register, old) else {
                changes.push(PackChange::RegisterAdded {
                    register: register.name.clone(),
                });
                if old
                    .registers
                    .iter()
                    .any(|before| before.was.contains(&register.name))
                {
                    changes.push(PackChange::NameReused {
                        register: register.name.clone(),
                        field: None,
                    });
                }
                continue;
            };
            kept.push(&before.name);
            if before.name != register.name {
                let (from, to) = (before.name.clone(), register.name.clone());
                changes.push(PackChange::RegisterRenamed { from, to });
            }
            fields(register, before, &mut changes);
        }
        for before in &old.registers {
            if !kept.contains(&before.name.as_str()) {
                changes.push(PackChange::RegisterRemoved {
                    register: before.name.clone(),
                });
            }
        }
        figures(self, old, &mut changes);
        codes(self, old, &mut changes);
        changes
    }
}

fn former_register<'o>(register: &RegisterDecl, old: &'o CheckedPack) -> Option<&'o RegisterDecl> {
    let by_name = |name: &String| old.registers.iter().find(|before| before.name == *name);
    by_name(&register.name).or_else(|| register.was.iter().find_map(by_name))
}

fn fields(register: &RegisterDecl, before: &RegisterDecl, changes: &mut Vec<PackChange>) {
    let name = || register.name.clone();
    let mut kept: Vec<&str> = Vec::new();
    for field in &register.fields {
        let by_name = |name: &String| before.fields.iter().find(|old| old.name == *name);
        let Some(old) = by_name(&field.name).or_else(|| field.was.iter().find_map(by_name)) else {
            changes.push(PackChange::FieldAdded {
                register: name(),
                field: field.name.clone(),
            });
            if before
                .fields
                .iter()
                .any(|old| old.was.contains(&field.name))
            {
                let field = Some(field.name.clone());
                changes.push(PackChange::NameReused {
                    register: name(),
                    field,
                });
            }
            continue;
        };
        kept.push(&old.name);
        one_field(&register.name, field, old, changes);
    }
    for old in &before.fields {
        if !kept.contains(&old.name.as_str()) {
            changes.push(PackChange::FieldRemoved {
                register: name(),
                field: old.name.clone(),
            });
        }
    }
}

fn one_field(register: &str, field: &Field, old: &Field, changes: &mut Vec<PackChange>) {
    let register = || register.to_owned();
    if old.name != field.name {
        let (from, to) = (old.name.clone(), field.name.clone());
        changes.push(PackChange::FieldRenamed {
            register: register(),
            from,
            to,
        });
    }
    if old.kind != field.kind {
        changes.push(PackChange::FieldRetyped {
            register: register(),
            field: field.name.clone(),
            from: old.kind.clone(),
            to: field.kind.clone(),
        });
    }
    if (old.personal, old.secret) != (field.personal, field.secret) {
        changes.push(PackChange::FieldResealed {
            register: register(),
            field: field.name.clone(),
        });
    }
}

fn figures(pack: &CheckedPack, old: &CheckedPack, changes: &mut Vec<PackChange>) {
    for figure in &pack.figures {
        let id = || figure.id.clone();
        match old.figure(&figure.id) {
            None => changes.push(PackChange::FigureAdded { figure: id() }),
            // A definition is data throughout, so its debug form is the same exactly when it is.
            Some(before) if format!("{before:?}") != format!("{figure:?}") => {
                changes.push(PackChange::FigureChanged { figure: id() });
            }
            Some(_) => {}
        }
    }
    for before in &old.figures {
        if pack.figure(&before.id).is_none() {
            changes.push(PackChange::FigureRemoved {
                figure: before.id.clone(),
            });
        }
    }
}

fn codes(pack: &CheckedPack, old: &CheckedPack, changes: &mut Vec<PackChange>) {
    for (name, before) in &old.code_lists {
        for code in &before.codes {
            if pack
                .code_lists
                .get(name)
                .is_none_or(|list| list.code(&code.code).is_none())
            {
                let (list, code) = (name.clone(), code.code.clone());
                changes.push(PackChange::CodeRemoved { list, code });
            }
        }
    }
}
