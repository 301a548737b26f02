//! The terms of own items, changed. What was sealed went out under the terms it had then.

use super::change::content_of;
use super::{ItemSummary, Vault, VaultError, read};
use crate::custody::Event;
use crate::evidence::consent::Consent;
use crate::format::time::Time;

impl Vault {
    /// The terms of an own item, or of one that was received.
    pub fn consent(&self, number: u64) -> Result<Consent, VaultError> {
        Ok(self.kept(number)?.item.consent)
    }

    /// Puts own items under these terms, all in one transaction; gives the items.
    pub fn set_consent(
        &mut self,
        numbers: &[u64],
        consent: &Consent,
        now: Time,
    ) -> Result<Vec<ItemSummary>, VaultError> {
        let mut items = Vec::new();
        for number in numbers {
            let mut kept = self.own(*number)?;
            kept.item.account = self.account(*number)?;
            kept.item.consent = consent.clone();
            items.push(kept);
        }
        let mut change = self.begin()?;
        let (mut events, mut summaries) = (Vec::new(), Vec::new());
        for kept in items {
            events.push(Event::Edit { item: kept.item.id, content: content_of(&kept.item) });
            summaries.push(read::summary(&change.keep_again(kept)?));
        }
        change.commit_all(events, now)?;
        Ok(summaries)
    }
}
