//! Recovery: a vault, or a copy of one, opens by the 24 words alone.
//!
//! Every part has a slot that its words open. They carry its contributor's seed until its keys are renewed, and then a
//! secret of their own, so that older papers open nothing more. A recovered part has a new passphrase and keeps
//! everything else: its master key, what is in it, and whom it signs as.

use std::path::{Path, PathBuf};

use super::create::{check_others, compartments, slots_failed};
use super::keys::Opened;
use super::rows::{self, Owner, SlotUse};
use super::{Vault, VaultError, medium};
use crate::crypto::keyslot::{self, recovery_key};
use crate::crypto::share::{self, Share};
use crate::crypto::{CompartmentId, KdfParams, Passphrase, Secret, Seed, Slots};
use crate::custody::Event;
use crate::format::time::Time;
use crate::store::{Compartment, files};

impl Vault {
    /// The 24 words that open this part, whatever became of its passphrase.
    pub fn words(&self) -> Secret<String> {
        self.recovery.to_words()
    }

    /// Whether the words are other ones since the keys were renewed, and nobody said that they are on paper: until then
    /// a person is told whenever the part is opened, for what is on paper opens nothing any more.
    pub fn has_new_words(&self) -> bool {
        self.new_words
    }

    /// Takes note that the words, or shares of them, are where a person can find them.
    pub fn words_are_kept(&mut self, now: Time) -> Result<(), VaultError> {
        if !self.new_words {
            return Ok(());
        }
        let owner = self.store.get::<Owner>(rows::ONLY)?.ok_or_else(|| VaultError::damaged("owner"))?;
        let mut change = self.begin()?;
        change.put(&Owner { new_words: false, ..owner })?;
        change.commit(Event::Keys, now)?;
        self.new_words = false;
        Ok(())
    }

    /// Splits what the words carry into `count` shares, any `needed` of which recover this part.
    pub fn split(&mut self, needed: usize, count: usize, now: Time) -> Result<Vec<Share>, VaultError> {
        let shares = share::split(&self.recovery, needed, count)?;
        // An entry without shares is a question to ask; shares without an entry would be copies that nobody knows of.
        self.begin()?.commit(Event::Keys, now)?;
        Ok(shares)
    }

    /// Writes the page of one share, readable by anyone, as a new file in a folder.
    pub fn write_page(dir: &Path, name: &str, page: &Secret<String>) -> Result<PathBuf, VaultError> {
        let _held = medium::prepare(dir)?;
        let path = dir.join(name);
        medium::on(dir, files::write_new(&path, page.expose().as_bytes()))?;
        Ok(path)
    }

    /// Whether the words of this seed open a part of this vault: for asking before a passphrase is thought of.
    pub fn recoverable(root: &Path, part: Option<CompartmentId>, seed: &Seed) -> Result<(), VaultError> {
        find(root, part, seed).map(drop)
    }

    /// Opens the part that a seed opens, and gives it one new passphrase in place of all it had.
    pub fn recover(
        root: &Path,
        part: Option<CompartmentId>,
        seed: &Seed,
        passphrase: &Passphrase,
        kdf: KdfParams,
        now: Time,
    ) -> Result<Vault, VaultError> {
        if passphrase.is_empty() {
            return Err(VaultError::PassphraseEmpty);
        }
        let (compartment, slots) = find(root, part, seed)?;
        let id = compartment.id();
        check_others(root, &[id], passphrase)?;
        let master = slots.unlock_by_seed(&id, seed).map_err(slots_failed)?;
        // What is kept must open, and take an entry, before anything of the old slots goes; and from here on nobody else
        // comes in.
        let store = compartment.open(&master)?;
        let mut vault = Vault::of_store(root, compartment.clone(), (master.clone(), Opened::first()), store)?;
        vault.begin()?.commit(Event::Keys, now)?;
        // Whoever typed them has them.
        vault.words_are_kept(now)?;
        let mut slots = Slots::unused(kdf).map_err(slots_failed)?;
        let by_passphrase = slots.passphrase_key(passphrase).map_err(slots_failed)?;
        let places =
            [(keyslot::PASSPHRASE_SLOT, by_passphrase), (keyslot::RECOVERY_SLOT, recovery_key(&id, seed))];
        for (place, key) in &places {
            slots.set_slot(&id, *place, key, &master).map_err(slots_failed)?;
        }
        compartment.write_slots(&slots)?;
        // What opens it is true already: a row that names none of the slots is put right by the next change of them.
        let _ = vault.put_slot_use(&SlotUse::first(&slots), now);
        Ok(vault)
    }
}

/// The part that a seed opens, and its slots.
fn find(root: &Path, part: Option<CompartmentId>, seed: &Seed) -> Result<(Compartment, Slots), VaultError> {
    let mut candidates = compartments(root)?;
    candidates.retain(|compartment| part.is_none_or(|part| compartment.id() == part));
    for compartment in candidates {
        let Ok(slots) = compartment.slots() else { continue };
        if slots.unlock_by_seed(&compartment.id(), seed).is_ok() {
            return Ok((compartment, slots));
        }
    }
    Err(VaultError::WordsUnopened)
}
