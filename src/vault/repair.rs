//! Repairing a part of a vault: what is damaged is looked at first, then made whole as far as it can be, and then every
//! item is read, so that a person knows which are whole and which are not.
//!
//! Nothing is deleted. A part whose key slots are damaged cannot be repaired here: nothing opens it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::create::{candidates, find};
use super::keys::Opened;
use super::rows::{Delivery, Kept, TakenBundle};
use super::{Vault, VaultError};
use crate::crypto::{CompartmentId, Digest, KeyFile, MasterKey, Passphrase};
use crate::format::id::RandomId;
use crate::store::{Compartment, Diagnosis, Examined, StoreError};

/// A part that was examined, and what is to be done about it. Until it is made, nothing changes.
pub struct Repair {
    root: PathBuf,
    compartment: Compartment,
    master: MasterKey,
    opened: Opened,
    examined: Examined,
}

/// What a repair found and did.
#[derive(Debug, Clone, Serialize)]
pub struct RepairOutcome {
    /// The compartment's random id.
    pub part: String,
    /// What was damaged, and what was done about it.
    #[serde(flatten)]
    pub diagnosis: Diagnosis,
    /// The damaged files, under the names they have now.
    pub set_aside: Vec<String>,
    /// Every item that there is now, oldest first.
    pub items: Vec<CheckedItem>,
    /// The bundles that were sealed or opened here, and of which something kept here is damaged.
    pub bundles: Vec<String>,
    /// Damaged objects that belong to none of these.
    pub others: usize,
}

impl RepairOutcome {
    /// Whether everything is there and can be read.
    pub fn is_whole(&self) -> bool {
        let Diagnosis { lost, earlier, .. } = self.diagnosis;
        let items = self.items.iter().all(|item| item.whole);
        !lost && !earlier && items && self.bundles.is_empty() && self.others == 0
    }
}

/// An item that was read.
#[derive(Debug, Clone, Serialize)]
pub struct CheckedItem {
    /// Its number.
    pub item: u64,
    /// Its title.
    pub title: String,
    /// Whether all of it can be read.
    pub whole: bool,
    /// The labels of those of its files that cannot.
    pub damaged: Vec<String>,
}

impl Repair {
    /// Examines the named part, or the one that the passphrase opens.
    pub fn examine(
        root: &Path,
        part: Option<CompartmentId>,
        passphrase: &Passphrase,
        key_file: Option<&KeyFile>,
    ) -> Result<Repair, VaultError> {
        let (compartment, master, opened) = match find(candidates(root, part)?, passphrase, key_file)? {
            Some(found) => found,
            None => return Err(unopened(root, part)),
        };
        let examined = compartment.examine(&master)?;
        Ok(Repair { root: root.to_path_buf(), compartment, master, opened, examined })
    }

    /// What was found.
    pub fn diagnosis(&self) -> Diagnosis {
        self.examined.diagnosis()
    }

    /// Does what is to be done, then reads everything.
    pub fn make(self) -> Result<RepairOutcome, VaultError> {
        let diagnosis = self.diagnosis();
        let (store, set_aside) = self.compartment.repair(&self.master, self.examined)?;
        let vault = Vault::of_store(&self.root, self.compartment, (self.master, self.opened), store)?;
        vault.checked(diagnosis, set_aside)
    }
}

impl Vault {
    /// How many files are set aside that repairs found damaged. They go when the vault is next written anew, by
    /// forgetting, new keys or the end of a contact: whoever does that for a person asks before.
    pub fn set_aside(&self) -> Result<usize, VaultError> {
        Ok(self.store.set_aside()?)
    }

    fn checked(&self, diagnosis: Diagnosis, set_aside: Vec<String>) -> Result<RepairOutcome, VaultError> {
        let damaged: BTreeSet<RandomId> = self.store.check()?.into_iter().collect();
        let mut named = BTreeSet::new();
        let mut items = Vec::new();
        for Kept { item, .. } in self.store.all::<Kept>()? {
            let bad: Vec<_> = item.files.iter().filter(|file| damaged.contains(&file.object)).collect();
            named.extend(bad.iter().map(|file| file.object));
            items.push(CheckedItem {
                item: item.number,
                whole: bad.is_empty(),
                damaged: bad.into_iter().map(|file| file.label.clone()).collect(),
                title: item.title,
            });
        }
        let mut bundles = Vec::new();
        for (bundle, objects) in self.objects_of_bundles()? {
            let bad: Vec<RandomId> = objects.intersection(&damaged).copied().collect();
            if !bad.is_empty() {
                bundles.push(bundle.to_string());
            }
            named.extend(bad);
        }
        let part = self.about().part;
        let others = damaged.difference(&named).count();
        Ok(RepairOutcome { part, diagnosis, set_aside, items, bundles, others })
    }

    /// What is kept of every bundle that was sealed or opened here.
    fn objects_of_bundles(&self) -> Result<Vec<(Digest, BTreeSet<RandomId>)>, VaultError> {
        let sealed = self.store.all::<Delivery>()?.into_iter();
        let opened = self.store.all::<TakenBundle>()?.into_iter();
        let sealed = sealed.map(|row| (row.bundle, row.object.into_iter().collect()));
        let opened = opened.map(|row| (row.bundle, row.parts.iter().map(|part| part.object).collect()));
        Ok(sealed.chain(opened).collect())
    }
}

/// Nothing opened: said of the key slots where they are visibly damaged.
fn unopened(root: &Path, part: Option<CompartmentId>) -> VaultError {
    let slots = candidates(root, part).into_iter().flatten().map(|compartment| compartment.slots());
    let mut errors = slots.filter_map(Result::err);
    errors.find(|error| matches!(error, StoreError::Damaged { .. })).map_or(VaultError::Unopened, Into::into)
}
