//! Overview: what there is for somebody to ask for: the registers that he sees, with the fields that he sees, and the
//! places among which he acts. Every role may; what it does not see is not there.

use crate::deeds::figure::AskInput;
use crate::error::OfficeError;
use crate::office::Office;
use ::pack::declare::{Field, RegisterDecl};
use vocabulary::DivisionId;

/// A place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceShown {
    /// Its code.
    pub id: DivisionId,
    /// Its name.
    pub name: String,
    /// Its level in the pack.
    pub level: String,
    /// The place above, if it is seen too.
    pub parent: Option<DivisionId>,
}

impl Office {
    /// The pack's registers that the actor sees, with the fields that he sees, closed ones among them.
    pub fn registers_seen(&self) -> Vec<RegisterDecl> {
        let (pack, sight) = (self.pack(), self.sight());
        let seen = pack.registers.iter();
        let seen = seen.filter(|register| sight.sees_register(&register.name));
        seen.map(|register| {
            let there = |field: &&Field| !sight.hides(&register.name, &field.name);
            let fields = register.fields.iter().filter(there).cloned().collect();
            RegisterDecl {
                fields,
                ..register.clone()
            }
        })
        .collect()
    }

    /// The places that the actor sees, as the tree was drawn at the asked knowledge.
    pub fn places_seen(&self, input: &AskInput) -> Result<Vec<PlaceShown>, OfficeError> {
        let reader = self.reader()?;
        let ask = self.ask(&reader, input)?;
        let known = match ask.known {
            Some(known) => reader.tx_at(known)?,
            None => reader.head()?.0,
        };
        let drawn = reader.drawn(known)?;
        let places = match &drawn {
            Some(drawn) => drawn.places().to_vec(),
            None => reader.divisions()?,
        };
        let sight = self.sight();
        let mut seen = Vec::new();
        for place in places {
            let inside = match (ask.within, &drawn) {
                (None, _) => true,
                (Some(within), Some(drawn)) => drawn.lies_in(place.id, within),
                (Some(within), None) => reader.lies_in(place.id, within)?,
            };
            if inside && sight.sees_division(&reader, drawn.as_ref(), place.id)? {
                seen.push(PlaceShown {
                    id: place.id,
                    name: place.name,
                    level: place.level,
                    parent: place.parent,
                });
            }
        }
        let there: std::collections::BTreeSet<_> = seen.iter().map(|place| place.id).collect();
        for place in &mut seen {
            place.parent = place.parent.filter(|parent| there.contains(parent));
        }
        Ok(seen)
    }
}
