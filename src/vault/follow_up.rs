//! Follow-ups: a bundle that adds to an earlier one, corrects it, or withdraws consent for it.
//!
//! Outside nothing links the two. Inside, the author's statement names the earlier bundle, and it counts only for
//! bundles by the same author keys, whichever of them arrives first. A withdrawal of all bundles has no moment: which
//! of two bundles was sealed first cannot be proved here, so it holds for every one by its author but itself.

use std::collections::BTreeMap;

use serde::Serialize;

use super::change::Change;
use super::rows::{self, Delivery, Earlier, FollowedUp, Follows, Kept, TakenBundle};
use super::send::{self, Ready, SealOutcome, Sealing};
use super::{Progress, TestimonyText, Vault, VaultError};
use crate::bundle::{Act, FollowUp};
use crate::crypto::{Digest, PublicPair};
use crate::custody::Event;
use crate::evidence::item::Origin;
use crate::format::time::Time;
use crate::store::Store;

/// What a bundle does to an earlier one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FollowsView {
    /// What it does.
    pub act: Act,
    /// To which.
    pub earlier: EarlierView,
}

/// An earlier bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum EarlierView {
    /// Every one by this author.
    All,
    /// The one with this id.
    Bundle(String),
    /// The one with this id, which was not opened here.
    NotHere(String),
    /// The one with this id, which is by another hand: this has no effect.
    OtherHand(String),
    /// One that is forgotten here.
    Forgotten,
}

/// What a later bundle by the same author does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FollowedView {
    /// What it does.
    pub act: Act,
    /// The later bundle's id.
    pub bundle: String,
}

impl Vault {
    /// Whether this vault still knows a bundle that was sealed here.
    pub fn has_sealed(&self, bundle: &Digest) -> Result<bool, VaultError> {
        Ok(self.store.get::<Delivery>(bundle.as_bytes())?.is_some())
    }

    /// Seals a withdrawal of consent for an earlier bundle, or for all, to the contact they went to. What is said in
    /// it is kept as an item like any other.
    pub fn withdraw(
        &mut self,
        said: TestimonyText,
        to: &str,
        sealing: &Sealing,
        now: Time,
        progress: &mut dyn Progress,
    ) -> Result<SealOutcome, VaultError> {
        let way = self.way(to, sealing, now)?;
        let mut change = self.begin()?;
        let (mut kept, added) = change.keep_testimony(said, now)?;
        let account = change.get::<rows::Account>(&rows::number_key(kept.item.number))?;
        kept.item.account = account.map(|account| account.text);
        let ready = Ready { way, items: vec![kept] };
        let (delivery, sealed) = change.seal(ready, now, progress)?;
        change.commit_all([added, sealed], now)?;
        Ok(send::outcome(delivery, 0))
    }

    /// A follow-up as it is kept; refused if the earlier bundle went to somebody else.
    pub(super) fn follows(&self, to: &str, follow_up: &FollowUp) -> Result<Follows, VaultError> {
        let act = follow_up.act;
        let Some(bundle) = follow_up.refers else { return Ok(Follows { act, earlier: Earlier::All }) };
        match self.store.get::<Delivery>(bundle.as_bytes())? {
            Some(row) if row.to != to => {
                Err(VaultError::FollowsAnother { bundle: bundle.to_string(), to: row.to })
            }
            Some(_) => Ok(Follows { act, earlier: Earlier::Bundle(bundle) }),
            None => Ok(Follows { act, earlier: Earlier::Forgotten }),
        }
    }

    /// What later bundles that were sealed here do to this one.
    pub(super) fn followed_here(&self, delivery: &Delivery) -> Result<Vec<FollowedView>, VaultError> {
        let mut followed = Vec::new();
        self.store.each::<Delivery>(&[], |row| {
            let about = |follows: &Follows| match follows.earlier {
                Earlier::All => row.to == delivery.to && row.bundle != delivery.bundle,
                Earlier::Bundle(bundle) => bundle == delivery.bundle,
                Earlier::Forgotten => false,
            };
            if let Some(follows) = row.follows.filter(about) {
                followed.push(FollowedView { act: follows.act, bundle: row.bundle.to_string() });
            }
            Ok(())
        })?;
        Ok(followed)
    }

    /// What an author withdrew consent for.
    pub(super) fn withdrawals_by(&self, author: &Digest) -> Result<Withdrawals, VaultError> {
        let mut rows = self.store.all_under::<FollowedUp>(author.as_bytes())?;
        rows.retain(|row| row.follow_up.act == Act::Withdraw);
        Ok(Withdrawals(rows))
    }

    /// Refuses an item whose author withdrew consent: nothing of it leaves this vault.
    pub(super) fn check_not_withdrawn(&self, kept: &Kept) -> Result<(), VaultError> {
        match withdrawals_of(&self.store, &kept.item.origin)?.first() {
            None => Ok(()),
            Some(by) => Err(VaultError::Withdrawn { number: kept.item.number, by: by.to_string() }),
        }
    }

    /// What later bundles that were taken in do to this one, by the hand of its author.
    pub(super) fn followed_view(
        &self,
        bundle: &Digest,
        author: &Digest,
    ) -> Result<Vec<FollowedView>, VaultError> {
        let view = |row: FollowedUp| FollowedView { act: row.follow_up.act, bundle: row.by.to_string() };
        Ok(followed(&self.store, bundle, author)?.into_iter().map(view).collect())
    }

    /// What a bundle that was taken in does to an earlier one.
    pub(super) fn follows_view(&self, taken: &TakenBundle) -> Result<Option<FollowsView>, VaultError> {
        let Some(FollowUp { refers, act }) = taken.follow_up else { return Ok(None) };
        let Some(bundle) = refers else { return Ok(Some(FollowsView { act, earlier: EarlierView::All })) };
        let id = bundle.to_string();
        let earlier = match self.store.get::<TakenBundle>(bundle.as_bytes())? {
            None => EarlierView::NotHere(id),
            Some(earlier) if earlier.author != taken.author => EarlierView::OtherHand(id),
            Some(_) => EarlierView::Bundle(id),
        };
        Ok(Some(FollowsView { act, earlier }))
    }

    /// The items that are withdrawn by this bundle, and those of its own that another one withdrew.
    pub(super) fn withdrawn_with(&self, taken: &TakenBundle) -> Result<Vec<u64>, VaultError> {
        Ok(withdrawn_with(&self.store, taken)?.iter().map(|kept| kept.item.number).collect())
    }
}

impl Change<'_> {
    /// Keeps what a bundle that is taken in does to earlier ones, so that it is found from them, and gives the events
    /// that consent for items was withdrawn by it, or for its own items before it came, each with the bundle of the item.
    pub(super) fn keep_follow_up(&mut self, taken: &TakenBundle) -> Result<Vec<(Digest, Event)>, VaultError> {
        if let Some(follow_up) = taken.follow_up {
            let author = PublicPair::from_lines(&taken.author).map_err(|_| VaultError::damaged("author"))?;
            self.put(&FollowedUp { author: author.fingerprint(), follow_up, by: taken.bundle })?;
        }
        let mut events = Vec::new();
        for kept in withdrawn_with(self, taken)? {
            let first = withdrawals_of(self, &kept.item.origin)?.len() == 1;
            if let Origin::Received { bundle, record, .. } = kept.item.origin
                && (first || bundle == taken.bundle)
            {
                events.push((bundle, Event::Withdraw { record }));
            }
        }
        Ok(events)
    }
}

/// What one author withdrew consent for.
pub(super) struct Withdrawals(Vec<FollowedUp>);

impl Withdrawals {
    /// Whether the items of this bundle of theirs are withdrawn.
    pub fn hold_for(&self, bundle: &Digest) -> bool {
        self.0.iter().any(|row| row.by != *bundle && row.follow_up.refers.is_none_or(|id| id == *bundle))
    }
}

/// The later bundles by an author that speak of this one of theirs.
fn followed(store: &Store, bundle: &Digest, author: &Digest) -> Result<Vec<FollowedUp>, VaultError> {
    let this = store.all_under::<FollowedUp>(&rows::follow_up_key(author, Some(bundle)))?;
    let all = store.all_under::<FollowedUp>(&rows::follow_up_key(author, None))?;
    Ok(this.into_iter().chain(all).filter(|row| row.by != *bundle).collect())
}

/// The bundles by which its author withdrew consent for an item that was received.
fn withdrawals_of(store: &Store, origin: &Origin) -> Result<Vec<Digest>, VaultError> {
    let Origin::Received { bundle, author, .. } = origin else { return Ok(Vec::new()) };
    withdrawals(store, bundle, author)
}

/// The bundles by which an author withdrew consent for all of this one of theirs.
fn withdrawals(store: &Store, bundle: &Digest, author: &Digest) -> Result<Vec<Digest>, VaultError> {
    let followed = followed(store, bundle, author)?.into_iter();
    Ok(followed.filter(|row| row.follow_up.act == Act::Withdraw).map(|row| row.by).collect())
}

/// The items that are withdrawn by a bundle, and those of its own that another one withdrew, in order.
fn withdrawn_with(store: &Store, taken: &TakenBundle) -> Result<Vec<Kept>, VaultError> {
    let withdraws = taken.follow_up.filter(|follow_up| follow_up.act == Act::Withdraw);
    let mut bundles = match withdraws.map(|follow_up| follow_up.refers) {
        None => Vec::new(),
        Some(Some(earlier)) => store.get::<TakenBundle>(earlier.as_bytes())?.into_iter().collect(),
        Some(None) => store.all::<TakenBundle>()?,
    };
    bundles.retain(|bundle| bundle.author == taken.author && bundle.bundle != taken.bundle);
    let author = PublicPair::from_lines(&taken.author).map_err(|_| VaultError::damaged("author"))?;
    let mut withdrawn = BTreeMap::new();
    for bundle in bundles.iter().chain([taken]) {
        if withdrawals(store, &bundle.bundle, &author.fingerprint())?.is_empty() {
            continue;
        }
        for number in &bundle.items {
            let of_it = |kept: &Kept| matches!(&kept.item.origin, Origin::Received { bundle: from, .. } if *from == bundle.bundle);
            // An officer may have removed it meanwhile.
            let kept = store.get::<Kept>(&rows::number_key(*number))?.filter(of_it);
            withdrawn.extend(kept.map(|kept| (*number, kept)));
        }
    }
    Ok(withdrawn.into_values().collect())
}

/// What a bundle that was sealed here does to an earlier one.
pub(super) fn view(follows: &Follows) -> FollowsView {
    let earlier = match follows.earlier {
        Earlier::All => EarlierView::All,
        Earlier::Bundle(bundle) => EarlierView::Bundle(bundle.to_string()),
        Earlier::Forgotten => EarlierView::Forgotten,
    };
    FollowsView { act: follows.act, earlier }
}

#[cfg(test)]
mod tests {
    use super::super::open::tests::{now, officer_and_family};
    use super::super::rows::CustodyRow;
    use super::*;
    use crate::custody::Entry;
    use crate::vault::Selection;
    use std::path::Path;

    /// The records that the officer's chain says were withdrawn.
    fn withdrawn(officer: &Vault) -> Vec<Digest> {
        let entries = officer.store.all::<CustodyRow>().unwrap().into_iter();
        let record = |row: CustodyRow| match row.line.parse::<Entry>().unwrap().event {
            Event::Withdraw { record } => Some(record),
            _ => None,
        };
        entries.filter_map(record).collect()
    }

    fn carry(family: &mut Vault, officer: &mut Vault, dir: &Path, place: usize) {
        let bundles = family.export(&dir.join("stick"), now(), &mut ()).unwrap().bundles;
        officer.open_bundle(&bundles[place].path, None, now(), &mut ()).unwrap();
    }

    /// What was withdrawn stood in the chain twice where two withdrawals came, and not at all where one came first.
    #[test]
    fn every_withdrawn_record_is_one_entry_of_the_chain() {
        let dir = tempfile::tempdir().unwrap();
        let (mut officer, mut family) = officer_and_family(dir.path());
        let to = "Invented Archive";
        let mut seal = |items| family.seal(Selection::Items(items), to, now(), &mut ()).unwrap().bundle;
        let (first, _second) = (seal(vec![1]), seal(vec![2]));
        for refers in [Some(first.parse().unwrap()), None] {
            let follow_up = Some(FollowUp { refers, act: Act::Withdraw });
            let sealing = Sealing { follow_up, ..Sealing::default() };
            let said = TestimonyText { title: None, account: "invented".to_owned() };
            family.withdraw(said, to, &sealing, now(), &mut ()).unwrap();
        }
        let mut counts = Vec::new();
        for place in [0, 2, 3, 1] {
            carry(&mut family, &mut officer, dir.path(), place);
            counts.push(withdrawn(&officer).len());
        }
        // The first withdrawal names the first record; that of all adds the words of that withdrawal.
        assert_eq!(counts, [0, 1, 2, 3]);
        let mut records = withdrawn(&officer);
        records.dedup();
        assert_eq!(records.len(), 3);
    }
}
