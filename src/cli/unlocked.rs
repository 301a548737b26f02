//! The vault while a command has it: on its own, or lent by the shell that keeps it open between commands.

use crate::vault::Vault;
use std::cell::RefCell;
use std::ops::{Deref, DerefMut};
use std::rc::Rc;

/// Where a shell keeps its open vault; empty while it is locked or a command has it.
pub type Kept = Rc<RefCell<Option<Vault>>>;

/// An unlocked vault. Dropped, it goes back to the shell it came from; without one it is locked.
#[derive(Debug)]
pub struct Unlocked {
    vault: Option<Vault>,
    kept: Option<Kept>,
}

impl Unlocked {
    /// A vault that belongs to this command alone.
    pub fn own(vault: Vault) -> Unlocked {
        Unlocked { vault: Some(vault), kept: None }
    }

    /// The vault that a shell keeps, if it is open.
    pub fn lent(kept: &Kept) -> Option<Unlocked> {
        let vault = kept.take()?;
        Some(Unlocked { vault: Some(vault), kept: Some(Rc::clone(kept)) })
    }

    /// The vault itself, which no shell gets back.
    pub fn into_vault(mut self) -> Vault {
        self.kept = None;
        self.vault.take().expect("it is given back only by the drop")
    }
}

impl Deref for Unlocked {
    type Target = Vault;

    fn deref(&self) -> &Vault {
        self.vault.as_ref().expect("it is given back only by the drop")
    }
}

impl DerefMut for Unlocked {
    fn deref_mut(&mut self) -> &mut Vault {
        self.vault.as_mut().expect("it is given back only by the drop")
    }
}

impl Drop for Unlocked {
    fn drop(&mut self) {
        if let Some(kept) = &self.kept {
            kept.replace(self.vault.take());
        }
    }
}
