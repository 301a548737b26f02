//! The persons that an own testimony names: each becomes a unit of its own, and so does every place in the account
//! where the name stands, so that each can be withheld alone.

use super::change::content_of;
use super::testimony::{check_fits, first_words};
use super::{ItemSummary, Vault, VaultError, read};
use crate::custody::Event;
use crate::evidence::persons;
use crate::format::time::Time;

impl Vault {
    /// Notes whom an unsealed testimony names, beside those it is known to name, and marks them in its account. The
    /// words themselves stay as they are.
    pub fn name_persons(
        &mut self,
        number: u64,
        names: &[String],
        now: Time,
    ) -> Result<ItemSummary, VaultError> {
        let mut kept = self.open_testimony(number)?;
        let known = kept.item.persons.iter().chain(names).cloned();
        kept.item.persons = persons::names(known);
        if let Some(account) = self.account(number)? {
            let marked = persons::mark(&account, &kept.item.persons);
            // A title that was made of the account says no more than the account does.
            if kept.item.title == first_words(&account) {
                kept.item.title = first_words(&marked);
            }
            kept.item.account = Some(marked);
        }
        check_fits(&kept.item)?;
        let mut change = self.begin()?;
        let event = Event::Edit { item: kept.item.id, content: content_of(&kept.item) };
        let kept = change.keep_again(kept)?;
        change.commit(event, now)?;
        Ok(read::summary(&kept))
    }
}
