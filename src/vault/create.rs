//! Making a compartment and opening one.
//!
//! A vault folder holds compartments under random names. A passphrase selects its compartment by opening it, so two
//! contributors may never have the same passphrase; and whatever goes wrong on the way in is one refusal.

use std::fmt;
use std::iter;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::VaultError;
use super::change;
use super::keys::Opened;
use super::rows::{self, Opens, Owner};
use crate::crypto::{
    CompartmentId, EpochBlock, IndexKey, KdfParams, KeyFile, KeyslotError, MasterKey, Passphrase,
    SecretBytes, Seed, Slots, epoch,
};
use crate::evidence::contributor::Contributor;
use crate::format::time::Time;
use crate::store::{Compartment, Store, StoreError, files};

/// What file systems and desktops put into a folder unasked.
const SYSTEMS_OWN: [&str; 4] = ["lost+found", ".DS_Store", ".directory", "desktop.ini"];
/// How the waste basket begins that desktops make at the top of a disk, before a user's number.
const TRASH_BEGIN: &str = ".Trash-";

/// One contributor's part of a vault, unlocked: dropping it locks it again.
pub struct Vault {
    pub(super) root: PathBuf,
    pub(super) compartment: Compartment,
    /// What the epochs open with; a new epoch is sealed under it.
    pub(super) master: MasterKey,
    /// The slot that opened.
    pub(super) opened: Opened,
    pub(super) store: Store,
    pub(super) seed: Seed,
    /// What the 24 words carry.
    pub(super) recovery: Seed,
    /// Whether the words are other ones since the keys were renewed, and nobody said that they are on paper.
    pub(super) new_words: bool,
    pub(super) contributor: Contributor,
}

/// One part of a vault, once it is unlocked.
#[derive(Debug, Clone, Serialize)]
pub struct PartView {
    /// The compartment's random id.
    pub part: String,
    /// The label given at `init`; it never leaves the vault.
    pub label: Option<String>,
    /// The language chosen at `init`.
    pub lang: String,
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Vault({})", self.compartment.id())
    }
}

impl Vault {
    /// How many parts a new one would stand beside; refuses a folder in which none may be made. For asking before a
    /// person thinks of a passphrase: [`Vault::init`] checks again.
    pub fn neighbours(root: &Path) -> Result<usize, VaultError> {
        Ok(neighbours(root)?.len())
    }

    /// The ids of the compartments in this vault, sorted.
    pub fn parts(root: &Path) -> Result<Vec<CompartmentId>, VaultError> {
        Ok(compartments(root)?.iter().map(Compartment::id).collect())
    }

    /// Makes a new compartment, also in a folder that holds others already, and returns it unlocked.
    ///
    /// Refuses a passphrase that opens another compartment: the passphrase selects the part.
    pub fn init(
        root: &Path,
        passphrase: &Passphrase,
        kdf: KdfParams,
        label: Option<String>,
        lang: &str,
        now: Time,
    ) -> Result<Vault, VaultError> {
        let seen = check_new(root, passphrase)?;
        let contributor = Contributor { label, language: lang.to_owned(), created: now };
        Vault::make(root, &seen, passphrase, kdf, contributor)
    }

    /// Makes a compartment beside those that were seen, unless one came meanwhile that this passphrase opens.
    fn make(
        root: &Path,
        seen: &[CompartmentId],
        passphrase: &Passphrase,
        kdf: KdfParams,
        contributor: Contributor,
    ) -> Result<Vault, VaultError> {
        let (id, seed, key) = (CompartmentId::generate(), Seed::generate(), IndexKey::generate());
        let seed_bytes = SecretBytes::from(seed.expose().clone());
        let owner = Owner { contributor, seed: seed_bytes, recovery: None, new_words: false };
        let (slots, master) = Slots::create(&id, passphrase, kdf, &seed).map_err(slots_failed)?;
        let number = epoch::first_number();
        let epochs = [(); 2].map(|()| EpochBlock::seal(&master, &id, number, &key));
        // Filled under the lock: a part that was made meanwhile is there by now, and no other comes before ours.
        let made = Compartment::create(root, id, &slots, &epochs, &key, |first| {
            check_others(root, seen, passphrase)?;
            change::fill_first(first, &owner, &slots)
        })?;
        Vault::open(root, made, master, Opened::first())
    }

    /// Keeps the keys that open everything out of swap once more, before a long wait: SQLCipher locks memory too, and
    /// when it frees some it unlocks whole pages, those of the keys beside it with them.
    pub fn lock_keys_again(&self) {
        self.seed.expose().lock_again();
        self.recovery.expose().lock_again();
        self.master.expose().lock_again();
    }

    /// Opens the named compartment, or the one that the passphrase opens.
    pub fn unlock(
        root: &Path,
        part: Option<CompartmentId>,
        passphrase: &Passphrase,
    ) -> Result<Vault, VaultError> {
        Vault::unlock_with(root, part, passphrase, None)
    }

    /// As [`Vault::unlock`], with a key file, where the passphrase may need one.
    pub fn unlock_with(
        root: &Path,
        part: Option<CompartmentId>,
        passphrase: &Passphrase,
        key_file: Option<&KeyFile>,
    ) -> Result<Vault, VaultError> {
        let found = find(candidates(root, part)?, passphrase, key_file)?;
        let (compartment, master, opened) = found.ok_or(VaultError::Unopened)?;
        Vault::open(root, compartment, master, opened)
    }

    /// This part's id, label and language.
    pub fn about(&self) -> PartView {
        PartView {
            part: self.compartment.id().to_string(),
            label: self.contributor.label.clone(),
            lang: self.contributor.language.clone(),
        }
    }

    /// The folders of all parts of this vault.
    pub(super) fn folders(&self) -> Result<Vec<PathBuf>, VaultError> {
        Ok(Compartment::list(&self.root)?.iter().map(|part| part.dir().to_path_buf()).collect())
    }

    pub(super) fn open(
        root: &Path,
        compartment: Compartment,
        master: MasterKey,
        opened: Opened,
    ) -> Result<Vault, VaultError> {
        let store = compartment.open(&master)?;
        Vault::of_store(root, compartment, (master, opened), store)
    }

    /// The part that an open store is of; with its master key and the slot that gave it.
    pub(super) fn of_store(
        root: &Path,
        compartment: Compartment,
        (master, opened): (MasterKey, Opened),
        store: Store,
    ) -> Result<Vault, VaultError> {
        let owner = store.get::<Owner>(rows::ONLY)?.ok_or_else(|| VaultError::damaged("owner"))?;
        let seed = Seed::from_bytes(owner.seed.into());
        Ok(Vault {
            root: root.to_path_buf(),
            compartment,
            master,
            opened,
            store,
            recovery: owner.recovery.map_or_else(|| seed.clone(), |held| Seed::from_bytes(held.into())),
            seed,
            new_words: owner.new_words,
            contributor: owner.contributor,
        })
    }
}

/// The compartments of a folder that is a vault.
pub(super) fn compartments(root: &Path) -> Result<Vec<Compartment>, VaultError> {
    let path = || root.to_path_buf();
    match Compartment::list(root) {
        Ok(found) if !found.is_empty() => Ok(found),
        Ok(_) if holds_remains(root, &[]) => Err(VaultError::Remains { root: path() }),
        Ok(_) | Err(StoreError::NotAVault { .. }) => Err(VaultError::NoVault { root: path() }),
        Err(error) => Err(error.into()),
    }
}

/// The compartments that a passphrase may be meant for: the named one, or all.
pub(super) fn candidates(root: &Path, part: Option<CompartmentId>) -> Result<Vec<Compartment>, VaultError> {
    let mut candidates = compartments(root)?;
    if let Some(part) = part {
        candidates.retain(|compartment| compartment.id() == part);
        if candidates.is_empty() {
            return Err(VaultError::NoPart { part: part.to_string() });
        }
    }
    Ok(candidates)
}

/// Refuses a folder that no part may be made in, and a passphrase that is empty or opens another's part; gives the
/// parts that were there.
fn check_new(root: &Path, passphrase: &Passphrase) -> Result<Vec<CompartmentId>, VaultError> {
    if passphrase.is_empty() {
        return Err(VaultError::PassphraseEmpty);
    }
    let others = neighbours(root)?;
    let seen = others.iter().map(Compartment::id).collect();
    refuse_opened(others, passphrase)?;
    Ok(seen)
}

/// The parts that a new one would stand beside. Refuses a folder that holds what is left of a part, or that is not a
/// vault and holds other files: a vault among them would be carried off or tidied away with them.
fn neighbours(root: &Path) -> Result<Vec<Compartment>, VaultError> {
    let others = match Compartment::list(root) {
        Ok(others) => others,
        Err(StoreError::NotAVault { .. }) if root.symlink_metadata().is_err() => return Ok(Vec::new()),
        Err(error) => return Err(error.into()),
    };
    if holds_remains(root, &others) {
        return Err(VaultError::Remains { root: root.to_path_buf() });
    }
    if others.is_empty() && holds_strangers(root) {
        return Err(VaultError::NotEmpty { root: root.to_path_buf() });
    }
    Ok(others)
}

/// Refuses a passphrase that opens a part which was not yet there when it was tried on those seen.
pub(super) fn check_others(
    root: &Path,
    seen: &[CompartmentId],
    passphrase: &Passphrase,
) -> Result<(), VaultError> {
    let mut others = Compartment::list(root)?;
    others.retain(|other| !seen.contains(&other.id()));
    refuse_opened(others, passphrase)
}

fn refuse_opened(others: Vec<Compartment>, passphrase: &Passphrase) -> Result<(), VaultError> {
    match find(others, passphrase, None)? {
        Some(_) => Err(VaultError::PassphraseInUse),
        None => Ok(()),
    }
}

/// Whether a folder has a part that is none any more, because its key slots are gone: a fresh part beside it would
/// look as if nothing had been lost.
fn holds_remains(root: &Path, parts: &[Compartment]) -> bool {
    let Ok(entries) = root.read_dir() else { return false };
    let mut ids =
        entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse::<CompartmentId>().ok());
    ids.any(|id| parts.iter().all(|part| part.id() != id))
}

/// Whether a folder holds anything that neither the system put there unasked nor an interrupted write of ours left.
pub(super) fn holds_strangers(root: &Path) -> bool {
    let Ok(mut entries) = root.read_dir() else { return false };
    entries.any(|entry| entry.is_ok_and(|entry| !entry.file_name().to_str().is_some_and(is_nobodys)))
}

/// Whether a name is of what stands in folders that a person calls empty.
fn is_nobodys(name: &str) -> bool {
    SYSTEMS_OWN.contains(&name) || name.starts_with(TRASH_BEGIN) || files::is_temporary(name)
}

/// The compartment that a passphrase opens. Slots that are damaged open to nothing, like wrong ones.
pub(super) fn find(
    candidates: Vec<Compartment>,
    passphrase: &Passphrase,
    key_file: Option<&KeyFile>,
) -> Result<Option<(Compartment, MasterKey, Opened)>, VaultError> {
    for compartment in candidates {
        let slots = match compartment.slots() {
            Ok(slots) => slots,
            Err(StoreError::Damaged { .. }) => continue,
            Err(error) => return Err(error.into()),
        };
        if let Some((opened, master)) = open_slots(&slots, compartment.id(), passphrase, key_file)? {
            return Ok(Some((compartment, master, opened)));
        }
    }
    Ok(None)
}

/// The slot that a passphrase opens, alone or else with the key file.
pub(super) fn open_slots(
    slots: &Slots,
    id: CompartmentId,
    passphrase: &Passphrase,
    key_file: Option<&KeyFile>,
) -> Result<Option<(Opened, MasterKey)>, VaultError> {
    let alone = slots.passphrase_key(passphrase).map_err(slots_failed)?;
    let together = key_file.map(|file| (alone.with_file(file), Opens::KeyFile));
    let mut keys = iter::once((alone, Opens::Passphrase)).chain(together);
    Ok(keys.find_map(|(key, opens)| {
        let (place, master) = slots.open_with(&id, &key).ok()?;
        Some((Opened { place, opens }, master))
    }))
}

/// What hashing a passphrase can fail on, apart from not opening.
pub(super) fn slots_failed(error: KeyslotError) -> VaultError {
    match error {
        KeyslotError::Kdf(_) => VaultError::Hashing(error),
        _ => VaultError::Unopened,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_made_with_the_cost_that_was_asked_for() {
        let dir = tempfile::tempdir().unwrap();
        let (root, phrase) = (dir.path().join("vault"), Passphrase::from("an invented passphrase"));
        let cost = KdfParams { passes: 2, ..KdfParams::FLOOR };
        Vault::init(&root, &phrase, cost, None, "en", "2026-11-23T18:40:00Z".parse().unwrap()).unwrap();
        assert_eq!(compartments(&root).unwrap()[0].slots().unwrap().params(), cost);
    }

    /// Two persons made their parts in the same moment, with one passphrase: it opened one of them, and the other
    /// was lost to whoever had made it.
    #[test]
    fn two_parts_made_at_once_never_have_one_passphrase() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().join("vault");
        let now: Time = "2026-11-23T18:40:00Z".parse().unwrap();
        let [first, other] = ["an invented passphrase", "another one"].map(Passphrase::from);
        let contributor = || Contributor { label: None, language: "en".to_owned(), created: now };
        let make = |seen: &[CompartmentId], passphrase| {
            Vault::make(&root, seen, passphrase, KdfParams::FLOOR, contributor()).map(drop)
        };
        let seen = check_new(&root, &first).unwrap();
        make(&seen, &first).unwrap();
        assert!(matches!(make(&seen, &first), Err(VaultError::PassphraseInUse)));
        make(&seen, &other).unwrap();
        assert_eq!(Vault::parts(&root).unwrap().len(), 2);
    }
}
