//! What opens a part: its passphrases and key files, the master key behind them, and the end of it.
//!
//! Every change of a slot writes the row that names the slots first, then the file of slots ([`SlotUse`]): whenever it stops, something that opened before or opens afterwards does open.

use std::path::Path;

use serde::Serialize;

use super::create::{check_others, compartments, open_slots, slots_failed};
use super::rows::{self, Opens, Owner, SlotUse, UsedSlot};
use super::{Vault, VaultError};
use crate::crypto::keyslot::{self, SlotKey, recovery_key};
use crate::crypto::{KdfParams, KeyFile, MasterKey, Passphrase, SecretBytes, Seed, Slots};
use crate::custody::Event;
use crate::format::time::Time;

/// What opens a part, counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KeysView {
    /// Passphrases that open it, those with a key file included.
    pub passphrases: usize,
    /// Those of them that need a key file.
    pub key_files: usize,
}

/// A slot of a part that a passphrase opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Opened {
    pub(super) place: usize,
    pub(super) opens: Opens,
}

impl Opened {
    /// The slot of a part that was just made or recovered.
    pub(super) fn first() -> Opened {
        Opened { place: keyslot::PASSPHRASE_SLOT, opens: Opens::Passphrase }
    }

    /// Whether the passphrase opened it only together with a key file: one that was named may not have been needed.
    pub fn needs_key_file(self) -> bool {
        self.opens == Opens::KeyFile
    }
}

/// What `panic` did.
#[derive(Debug, Clone, Serialize)]
pub struct PanicOutcome {
    /// How many parts nobody can open any more.
    pub parts: usize,
}

impl Vault {
    /// What opens this part.
    pub fn keys(&self) -> Result<KeysView, VaultError> {
        let (_, row) = self.slots()?;
        let key_files = row.used().iter().filter(|slot| slot.opens == Opens::KeyFile).count();
        Ok(KeysView { passphrases: passphrases(&row).count(), key_files })
    }

    /// Puts a new passphrase in the place of the one that opened this part; with `key_file` it opens only together with
    /// that. Nothing else is written anew.
    pub fn change_passphrase(
        &mut self,
        new: &Passphrase,
        key_file: Option<&KeyFile>,
        now: Time,
    ) -> Result<(), VaultError> {
        self.replace_slots(Some((new, key_file)), &[self.opened.place], now)
    }

    /// Lets another passphrase open this part as well.
    pub fn add_passphrase(
        &mut self,
        new: &Passphrase,
        key_file: Option<&KeyFile>,
        now: Time,
    ) -> Result<(), VaultError> {
        let (_, row) = self.slots()?;
        if row.used().len() >= keyslot::MAX_USED {
            return Err(VaultError::TooManyPassphrases { most: keyslot::MAX_USED - 1 });
        }
        self.replace_slots(Some((new, key_file)), &[], now)
    }

    /// From now on `gone` does not open this part any more; another one must.
    pub fn remove_passphrase(
        &mut self,
        gone: &Passphrase,
        key_file: Option<&KeyFile>,
        now: Time,
    ) -> Result<(), VaultError> {
        let (slots, row) = self.slots()?;
        let opened = open_slots(&slots, self.compartment.id(), gone, key_file)?;
        let (Opened { place, .. }, _) = opened.ok_or(VaultError::Unopened)?;
        if place == self.opened.place && passphrases(&row).count() < 2 {
            return Err(VaultError::LastPassphrase);
        }
        self.replace_slots(None, &[place], now)
    }

    /// From now on only the passphrase that opened this part opens it, beside the 24 words; says how many went.
    pub fn remove_other_passphrases(&mut self, now: Time) -> Result<usize, VaultError> {
        let (_, row) = self.slots()?;
        // Every other place, named or not: an older file of slots may have been put back.
        let by_words = row.used().iter().filter(|slot| slot.opens == Opens::Seed).map(|slot| slot.place);
        let stay: Vec<usize> = by_words.chain([self.opened.place]).collect();
        let others: Vec<usize> = (0..keyslot::SLOTS).filter(|place| !stay.contains(place)).collect();
        self.replace_slots(None, &others, now)?;
        Ok(passphrases(&row).filter(|slot| others.contains(&slot.place)).count())
    }

    /// The slot that opened this part.
    pub fn opened(&self) -> Opened {
        self.opened
    }

    /// The slot that a passphrase opens of this part as it is now, alone or else with the key file.
    pub fn opens(
        &self,
        passphrase: &Passphrase,
        key_file: Option<&KeyFile>,
    ) -> Result<Option<Opened>, VaultError> {
        let (slots, _) = self.slots()?;
        let opened = open_slots(&slots, self.compartment.id(), passphrase, key_file)?;
        Ok(opened.map(|(opened, _)| opened))
    }

    /// Goes on as if this slot had opened the part, which a person has just opened anew.
    pub fn go_on_with(&mut self, opened: Opened) {
        self.opened = opened;
    }

    /// Gives the part a fresh salt, master key and index key and other 24 words, and writes everything anew under them.
    /// Only the passphrases named open it afterwards, and the new words: whoever learned an older key, passphrase or
    /// paper has a key to nothing that is written from now on. A passphrase with a key file comes with that. The seed
    /// stays, for it is whom she signs as: who learned it can sign as her, and open what is sealed to her as an officer.
    pub fn rekey(
        &mut self,
        kdf: KdfParams,
        passphrases: &[(Passphrase, Option<KeyFile>)],
        now: Time,
    ) -> Result<(), VaultError> {
        let (master, recovery) = (MasterKey::generate(), Seed::generate());
        let (slots, row) = self.new_slots(kdf, passphrases, &master, &recovery)?;
        let owner = Owner {
            contributor: self.contributor.clone(),
            seed: SecretBytes::from(self.seed.expose().clone()),
            recovery: Some(SecretBytes::from(recovery.expose().clone())),
            new_words: true,
        };
        let mut change = self.begin()?;
        change.put(&row)?;
        change.put(&owner)?;
        change.note([(now, Event::Keys)])?;
        let renewal = change.renew()?;
        self.compartment.rekey(&mut self.store, [&self.master, &master], &slots, renewal)?;
        let needs_file = passphrases.first().is_some_and(|(_, key_file)| key_file.is_some());
        let opens = if needs_file { Opens::KeyFile } else { Opens::Passphrase };
        self.opened = Opened { place: keyslot::PASSPHRASE_SLOT, opens };
        (self.master, self.recovery, self.new_words) = (master, recovery, true);
        Ok(())
    }

    /// Destroys the keys of this part and removes it, with everything in it. Other parts stay.
    pub fn remove_part(self) -> Result<(), VaultError> {
        let Vault { compartment, store, .. } = self;
        drop(store);
        Ok(compartment.remove()?)
    }

    /// Destroys the key slots and epochs of every part of a vault, without any passphrase. What is kept stays on the
    /// disk, and nothing opens it: no passphrase, no key file, no words.
    pub fn panic(root: &Path) -> Result<PanicOutcome, VaultError> {
        let parts = compartments(root)?;
        let failures: Vec<_> = parts.iter().filter_map(|part| part.destroy_keys().err()).collect();
        match failures.into_iter().next() {
            Some(failure) => Err(failure.into()),
            None => Ok(PanicOutcome { parts: parts.len() }),
        }
    }

    /// The file of slots, and what is used of it.
    fn slots(&self) -> Result<(Slots, SlotUse), VaultError> {
        let slots = self.compartment.slots()?;
        let row = self.store.get::<SlotUse>(rows::ONLY)?.ok_or_else(|| VaultError::damaged("slot-use"))?;
        let mut row = row.held(&slots);
        // After a recovery that stopped half-way the row names none of the slots that are there.
        let by_seed =
            slots.open_with(&self.compartment.id(), &recovery_key(&self.compartment.id(), &self.recovery));
        let seen = by_seed.map(|(place, _)| (place, Opens::Seed)).into_iter();
        for (place, opens) in seen.chain([(self.opened.place, self.opened.opens)]) {
            if row.used().iter().all(|slot| slot.place != place) {
                row.add(&slots, place, opens);
            }
        }
        Ok((slots, row))
    }

    /// Puts a passphrase into a free slot, and makes the slots in `gone` random. The file of slots is written last: where
    /// anything fails before, all is as it was, and afterwards nothing is left to do.
    fn replace_slots(
        &mut self,
        new: Option<(&Passphrase, Option<&KeyFile>)>,
        gone: &[usize],
        now: Time,
    ) -> Result<(), VaultError> {
        let (mut slots, mut row) = self.slots()?;
        let mut opened = self.opened;
        if let Some((passphrase, key_file)) = new {
            self.check_free(passphrase, &slots, gone)?;
            let place = row.free().ok_or(VaultError::TooManyPassphrases { most: keyslot::MAX_USED - 1 })?;
            let (key, opens) = slot_key(&slots, passphrase, key_file)?;
            opened = Opened { place, opens };
            slots.set_slot(&self.compartment.id(), place, &key, &self.master).map_err(slots_failed)?;
            row.add(&slots, place, opens);
        }
        self.put_slot_use(&row, now)?;
        gone.iter().try_for_each(|gone| slots.clear_slot(*gone)).map_err(slots_failed)?;
        self.compartment.write_slots(&slots)?;
        if gone.contains(&self.opened.place) {
            self.opened = opened;
        }
        Ok(())
    }

    pub(super) fn put_slot_use(&mut self, row: &SlotUse, now: Time) -> Result<(), VaultError> {
        let mut change = self.begin()?;
        change.put(row)?;
        change.commit(Event::Keys, now)
    }

    /// Refuses an empty passphrase, and one that opens another part, or this one by a slot that stays.
    fn check_free(&self, passphrase: &Passphrase, slots: &Slots, gone: &[usize]) -> Result<(), VaultError> {
        if passphrase.is_empty() {
            return Err(VaultError::PassphraseEmpty);
        }
        let opened = open_slots(slots, self.compartment.id(), passphrase, None)?;
        if opened.is_some_and(|(Opened { place, .. }, _)| !gone.contains(&place)) {
            return Err(VaultError::PassphraseInUse);
        }
        check_others(&self.root, &[self.compartment.id()], passphrase)
    }

    fn new_slots(
        &self,
        kdf: KdfParams,
        passphrases: &[(Passphrase, Option<KeyFile>)],
        master: &MasterKey,
        recovery: &Seed,
    ) -> Result<(Slots, SlotUse), VaultError> {
        let id = self.compartment.id();
        if passphrases.is_empty() {
            return Err(VaultError::LastPassphrase);
        }
        if passphrases.len() >= keyslot::MAX_USED {
            return Err(VaultError::TooManyPassphrases { most: keyslot::MAX_USED - 1 });
        }
        let mut slots = Slots::unused(kdf).map_err(slots_failed)?;
        let mut made = Vec::new();
        let places = (0..keyslot::SLOTS).filter(|place| *place != keyslot::RECOVERY_SLOT);
        for ((passphrase, key_file), place) in passphrases.iter().zip(places) {
            let (key, opens) = slot_key(&slots, passphrase, key_file.as_ref())?;
            slots.set_slot(&id, place, &key, master).map_err(slots_failed)?;
            made.push((place, opens));
        }
        let by_words = recovery_key(&id, recovery);
        slots.set_slot(&id, keyslot::RECOVERY_SLOT, &by_words, master).map_err(slots_failed)?;
        let mut row = SlotUse::first(&slots);
        made.into_iter().for_each(|(place, opens)| row.add(&slots, place, opens));
        Ok((slots, row))
    }
}

/// The key that a passphrase gives in this file of slots, alone or with a key file.
fn slot_key(
    slots: &Slots,
    passphrase: &Passphrase,
    key_file: Option<&KeyFile>,
) -> Result<(SlotKey, Opens), VaultError> {
    let alone = slots.passphrase_key(passphrase).map_err(slots_failed)?;
    Ok(match key_file {
        Some(file) => (alone.with_file(file), Opens::KeyFile),
        None => (alone, Opens::Passphrase),
    })
}

fn passphrases(row: &SlotUse) -> impl Iterator<Item = &UsedSlot> {
    row.used().iter().filter(|slot| slot.opens != Opens::Seed)
}
