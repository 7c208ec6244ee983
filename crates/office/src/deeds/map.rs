//! Map: what the book remembers of headers, and forgetting it.

use super::import::HeaderChoice;
use crate::error::OfficeError;
use crate::office::Office;
use crate::words::say;
use ledger::{Mode, NewFact, layout};
use vocabulary::FindingClass;

impl Office {
    /// The headers that people have said something of, oldest first. Needs the deed `import`.
    pub fn header_choices(&self) -> Result<Vec<HeaderChoice>, OfficeError> {
        self.may("import")?;
        let reader = self.reader()?;
        Ok(super::import::header_choices(&reader, &self.pack())?)
    }

    /// Forgets one: later imports read the header by its own words again. Needs the deed `import`.
    pub fn forget_header(&mut self, number: &str) -> Result<(HeaderChoice, i64), OfficeError> {
        let choices = self.header_choices()?;
        let wanted = number.trim().trim_start_matches('#').parse().ok();
        let choice = choices
            .into_iter()
            .find(|choice| Some(choice.record) == wanted);
        let choice = choice.ok_or_else(|| {
            let finding = say("O147", FindingClass::Rejected, &[("id", number)]);
            OfficeError::Asked(Box::new(finding))
        })?;
        let deed = self.deed("map", None);
        let (_, receipt) = self.ledger_mut()?.write(deed, Mode::Commit, |draft| {
            let register = draft.reader().register_index(layout::COLUMN_CHOICES)?;
            let book = draft.reader().book().id;
            draft.end(NewFact::new(register, choice.record, book))?;
            draft.flush()
        })?;
        Ok((choice, receipt.seq))
    }
}
