//! The rows that the index of a vault holds: one type for each kind of thing, each under its own key.
//!
//! Rows lie in the encrypted index and in the journal, nowhere else, and so may hold names and keys. Numbers are
//! keys in big-endian order, so that a page of rows is a page of items.

use std::collections::BTreeSet;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::DeliveryState;
use crate::bundle::{Act, FollowUp};
use crate::crypto::keyslot;
use crate::crypto::{Digest, Secret, SecretBytes, Slots};
use crate::custody::Chain;
use crate::evidence::contributor::Contributor;
use crate::evidence::item::{Item, Kind, Origin};
use crate::format::id::RandomId;
use crate::format::time::Time;
use crate::store::Row;

/// Whose part this is: one row, written when it is made.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Owner {
    /// Label and language.
    pub contributor: Contributor,
    /// What every lasting key is derived from.
    pub seed: SecretBytes,
    /// What the 24 words carry since the keys were last renewed; until then they carry the seed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recovery: Option<SecretBytes>,
    /// Whether the words are other ones since then, and nobody has written them down or has shares of them.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub new_words: bool,
}

/// Which key slots are used, and for what: one row. The file of slots does not show it, for unused slots are filled with
/// random bytes. At most four are used, so that a spare one is never missing when one is to be replaced.
///
/// This row and the file are written one after the other. A change names the new slot here, then writes the file:
/// whatever is named and not there was never written, or is gone, and the next change takes it out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "SlotUseFields")]
pub(super) struct SlotUse {
    used: Vec<UsedSlot>,
}

/// One slot that is used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct UsedSlot {
    /// Its place in the file, from 0.
    pub place: usize,
    /// What opens it.
    pub opens: Opens,
    /// SHA-256 of its bytes in the file.
    pub mark: Digest,
}

/// What opens a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Opens {
    /// A passphrase.
    Passphrase,
    /// A passphrase together with a key file.
    KeyFile,
    /// The contributor's seed.
    Seed,
}

impl SlotUse {
    /// That of a part that was just made or recovered: one passphrase and the seed.
    pub fn first(slots: &Slots) -> SlotUse {
        let mut first = SlotUse { used: Vec::new() };
        first.add(slots, keyslot::PASSPHRASE_SLOT, Opens::Passphrase);
        first.add(slots, keyslot::RECOVERY_SLOT, Opens::Seed);
        first
    }

    /// What of it is true of this file.
    pub fn held(mut self, slots: &Slots) -> SlotUse {
        self.used.retain(|slot| slots.mark(slot.place) == Some(slot.mark));
        self
    }

    /// Names a slot of this file.
    pub fn add(&mut self, slots: &Slots, place: usize, opens: Opens) {
        let Some(mark) = slots.mark(place) else { return };
        self.used.retain(|slot| slot.place != place);
        self.used.push(UsedSlot { place, opens, mark });
        self.used.sort_by_key(|slot| slot.place);
    }

    /// The slots that are used.
    pub fn used(&self) -> &[UsedSlot] {
        &self.used
    }

    /// A place that is free; none if as many are used as may be.
    pub fn free(&self) -> Option<usize> {
        let taken = |place: &usize| self.used.iter().any(|slot| slot.place == *place);
        (0..keyslot::SLOTS).find(|place| !taken(place)).filter(|_| self.used.len() < keyslot::MAX_USED + 1)
    }
}

/// [`SlotUse`] as it is read, before it is checked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SlotUseFields {
    used: Vec<UsedSlot>,
}

impl TryFrom<SlotUseFields> for SlotUse {
    type Error = &'static str;

    fn try_from(SlotUseFields { used }: SlotUseFields) -> Result<SlotUse, &'static str> {
        // One more than may be used, while one takes the place of another.
        if used.len() > keyslot::MAX_USED + 1 {
            return Err("more key slots are used than may be");
        }
        if used.iter().any(|slot| slot.place >= keyslot::SLOTS) {
            return Err("a key slot that is not there");
        }
        if !used.is_sorted_by(|one, next| one.place < next.place) {
            return Err("a key slot is named twice");
        }
        Ok(SlotUse { used })
    }
}

/// The next numbers to give: a number is never given twice, also when what had it is gone.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Counters {
    /// The next item's number.
    pub item: u64,
    /// The next delivery's place in time.
    pub delivery: u64,
    /// The next entry's place in the chain of custody.
    pub entry: u64,
    /// The digest of the entry before it: the head of the chain.
    pub head: Digest,
}

impl Counters {
    /// Those of a new vault.
    pub fn first() -> Counters {
        Counters { item: 1, delivery: 1, entry: 1, head: Chain::new().head() }
    }
}

/// An entry of the chain of custody, and its place in it.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct CustodyRow {
    /// Its place, from 1.
    pub number: u64,
    /// The entry's line.
    pub line: String,
}

/// An item and to whom it went.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Kept {
    /// The item; its account lies in a row of its own.
    pub item: Item,
    /// Bytes of its account.
    pub told: u64,
    /// Bytes of its files and its account.
    pub bytes: u64,
    /// The bundles it was sealed into: **always** those whose deliveries name it.
    pub sealed: Vec<Digest>,
}

impl Kept {
    /// An item that was sealed to no one yet. Whoever has its account in it keeps that in its own row.
    pub fn new(item: Item) -> Kept {
        let mut kept = Kept { item, told: 0, bytes: 0, sealed: Vec::new() };
        kept.count();
        kept
    }

    /// Counts its bytes anew; an account that lies in its own row stays as it was counted.
    pub fn count(&mut self) {
        if let Some(account) = &self.item.account {
            self.told = account.len() as u64;
        }
        self.bytes = self.item.files.iter().map(|file| file.len).sum::<u64>() + self.told;
    }
}

/// What a list shows of an item, in the order in which the index makes it of the [`Kept`]; **never** written.
#[derive(Debug, PartialEq, Deserialize)]
pub(super) struct Listed {
    /// Its number.
    pub number: u64,
    /// What sort of item it is.
    pub kind: Kind,
    /// Its title.
    pub title: String,
    /// When it was put into the vault.
    pub created: String,
    /// Bytes of its files and its account.
    pub bytes: u64,
    /// How many files it has.
    pub files: usize,
    /// How many bundles it was sealed into.
    pub sealed: usize,
    /// The bundle it was received in, and the fingerprint of its author's keys.
    pub bundle: Option<Digest>,
    pub author: Option<Digest>,
}

impl From<&Kept> for Listed {
    fn from(Kept { item, bytes, sealed, .. }: &Kept) -> Listed {
        let (bundle, author) = match item.origin {
            Origin::Received { bundle, author, .. } => (Some(bundle), Some(author)),
            Origin::Own => (None, None),
        };
        Listed {
            number: item.number,
            kind: item.kind,
            title: item.title.clone(),
            created: item.created.to_string(),
            bytes: *bytes,
            files: item.files.len(),
            sealed: sealed.len(),
            bundle,
            author,
        }
    }
}

/// A testimony that is being typed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Draft {
    /// Its name here.
    pub id: RandomId,
    /// The title, if one was given.
    pub title: Option<String>,
    /// How many paragraphs there are so far.
    pub paragraphs: u64,
    /// When it last changed.
    pub changed: Time,
}

/// One paragraph of a draft, a row of its own so that keeping the hundredth does not write the first again.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct DraftParagraph {
    /// The draft.
    pub draft: RandomId,
    /// Its place, from 0.
    pub place: u64,
    /// What was typed.
    pub text: String,
}

/// The account of an item, a row of its own so that a list need not read what everybody said.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Account {
    /// The item's number.
    pub number: u64,
    /// The account with its marks.
    pub text: String,
}

/// How a contact's key was confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Confirmed {
    /// By the eight words.
    Words,
    /// By saying yes.
    Yes,
}

/// An organisation's card that is held.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Contact {
    /// The name it has here.
    pub name: String,
    /// The card, byte for byte: cards are text.
    pub card: String,
    /// The fingerprint of the first card key held under this name: what the author keys for it are derived with, so
    /// that an organisation knows its contributors again when its card key changes.
    pub first_key: Digest,
    /// How its key was confirmed.
    pub confirmed: Confirmed,
    /// When it came.
    pub added: Time,
}

/// A bundle that was sealed here.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Delivery {
    /// Its place in time.
    pub number: u64,
    /// The bundle's id.
    pub bundle: Digest,
    /// The contact's name.
    pub to: String,
    /// The card it was sealed to: only that card's log can acknowledge it.
    pub card: String,
    /// When it was sealed.
    pub sealed_at: Time,
    /// What opens the receipts for it.
    pub return_identity: SecretText,
    /// The digest of its author statement.
    pub author: Digest,
    /// The items in it that are still kept: **always** those whose rows name it. By them is found what is to be sealed.
    pub items: Vec<u64>,
    /// The bundle in the outbox, until it is acknowledged.
    pub object: Option<RandomId>,
    /// The bundle's size.
    pub len: u64,
    /// How far it came.
    pub state: DeliveryState,
    /// The receipt, once it is held.
    pub receipt: Option<String>,
    /// What it does to an earlier bundle, if it follows up on one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follows: Option<Follows>,
}

/// The set of parts that a bundle is carried in where it does not fit whole. It stays as long as the delivery does, so
/// that its parts are known again.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct PartSet {
    /// The bundle's id.
    pub bundle: Digest,
    /// The set's id.
    pub set: Digest,
    /// `volume.txt`, byte for byte.
    pub volume: String,
    /// `parts-sha256.txt`, byte for byte.
    pub list: String,
}

/// How far the parts of a set came: a row of its own, for it changes with every trip.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct PartTrips {
    /// The bundle's id.
    pub bundle: Digest,
    /// The set's id.
    pub set: Digest,
    /// How often each part was carried, in the order of their numbers.
    pub carried: Vec<u32>,
    /// The numbers of those that the organisation has, as it last said.
    pub there: BTreeSet<u16>,
}

/// What a bundle that was sealed here does to an earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Follows {
    /// What it does.
    pub act: Act,
    /// To which.
    pub earlier: Earlier,
}

/// An earlier bundle to the same contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Earlier {
    /// Every one.
    All,
    /// This one, of which there is a row as well.
    Bundle(Digest),
    /// One that is forgotten: what is gone from a vault does not come back into it under another's name.
    Forgotten,
}

/// A bundle that was taken in.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct TakenBundle {
    /// The bundle's id.
    pub bundle: Digest,
    /// The card it was sealed to, byte for byte.
    pub card: String,
    /// The author's public keys, two lines.
    pub author: String,
    /// When it was opened.
    pub opened: Time,
    /// The items it became, in the bundle's order.
    pub items: Vec<u64>,
    /// What must stay byte for byte for a later disclosure, by the name it had.
    pub parts: Vec<Part>,
    /// The receipt, once it is held.
    pub receipt: Option<String>,
    /// What it does to an earlier bundle, if it follows up on one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follow_up: Option<FollowUp>,
}

/// What a bundle that was taken in does to an earlier one by the same author, to be found from the earlier one,
/// whichever of them came first.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct FollowedUp {
    /// The fingerprint of the author's keys.
    pub author: Digest,
    /// What it says.
    pub follow_up: FollowUp,
    /// The bundle that says so.
    pub by: Digest,
}

/// Something an officer did to a bundle that was taken in, which belongs into the organisation's log.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct OfficerEvent {
    /// The digest by which it stands there.
    pub leaf: Digest,
    /// The bundle's id.
    pub bundle: Digest,
    /// The event's line.
    pub line: String,
    /// The proof that it stands there, once it is held.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<String>,
}

/// A reply about a bundle: one that came, or one that was written here.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct ReplyRow {
    /// The bundle's id.
    pub bundle: Digest,
    /// The digest of what is signed: by it a reply is held once.
    pub digest: Digest,
    /// The whole reply, with its signatures.
    pub text: String,
    /// Whether it was written here.
    pub written: bool,
    /// When it came or was written.
    pub at: Time,
}

/// Two heads of one size that a log signed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Fork {
    /// The log's name.
    pub log: String,
    /// The size.
    pub size: u64,
    /// One head, with its signatures.
    pub one: String,
    /// The other.
    pub other: String,
    /// The bundles whose receipts carried them.
    pub bundles: [Digest; 2],
}

/// One member of a bundle, kept byte for byte.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Part {
    /// Its name in the bundle; members of the sealed inner bag have `inner/` before it.
    pub name: String,
    /// The object that holds it.
    pub object: RandomId,
}

/// A card that was signed here, so that `open` can name the officers on it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct OwnCard {
    /// Its serial number.
    pub serial: u64,
    /// The card, byte for byte.
    pub card: String,
    /// When it was signed.
    pub signed: Time,
}

/// A secret that is text, such as an identity: wiped when dropped, printed as `[secret]`.
#[derive(Debug, Clone)]
pub(super) struct SecretText(pub Secret<String>);

impl Serialize for SecretText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.expose())
    }
}

impl<'de> Deserialize<'de> for SecretText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<SecretText, D::Error> {
        String::deserialize(deserializer).map(|text| SecretText(Secret::new(text)))
    }
}

/// A row of a draft, or one that tells how far something came, a bundle's parts or an event's proof: none is evidence.
pub(super) trait DraftRow: Row {}

impl DraftRow for PartTrips {}

impl DraftRow for OfficerEvent {}

impl DraftRow for Draft {}

impl DraftRow for DraftParagraph {}

/// The key of a row that is known by a number.
pub(super) fn number_key(number: u64) -> Vec<u8> {
    number.to_be_bytes().to_vec()
}

/// The key of one paragraph of a draft.
pub(super) fn paragraph_key(draft: &RandomId, place: u64) -> Vec<u8> {
    [&draft.as_bytes()[..], &place.to_be_bytes()].concat()
}

/// The key of a set of parts: its bundle first, so that all sets of one bundle are found.
pub(super) fn part_set_key(bundle: &Digest, set: &Digest) -> Vec<u8> {
    [&bundle.as_bytes()[..], &set.as_bytes()[..]].concat()
}

/// With what the keys begin of the rows that say what an author did to a bundle, or to all of them.
pub(super) fn follow_up_key(author: &Digest, refers: Option<&Digest>) -> Vec<u8> {
    let refers = refers.map(Digest::as_bytes);
    [&author.as_bytes()[..], &[u8::from(refers.is_some())], refers.map_or(&[][..], |id| &id[..])].concat()
}

/// The key of a row of which there is one.
pub(super) const ONLY: &[u8] = b"";

impl Row for Owner {
    const KIND: &'static str = "owner";

    fn key(&self) -> Vec<u8> {
        ONLY.to_vec()
    }
}

impl Row for SlotUse {
    const KIND: &'static str = "slot-use";

    fn key(&self) -> Vec<u8> {
        ONLY.to_vec()
    }
}

impl Row for Counters {
    const KIND: &'static str = "counters";

    fn key(&self) -> Vec<u8> {
        ONLY.to_vec()
    }
}

impl Row for CustodyRow {
    const KIND: &'static str = "custody";

    fn key(&self) -> Vec<u8> {
        number_key(self.number)
    }
}

impl Row for Kept {
    const KIND: &'static str = "item";

    fn key(&self) -> Vec<u8> {
        number_key(self.item.number)
    }
}

impl Row for Draft {
    const KIND: &'static str = "draft";

    fn key(&self) -> Vec<u8> {
        self.id.as_bytes().to_vec()
    }
}

impl Row for DraftParagraph {
    const KIND: &'static str = "draft-paragraph";

    fn key(&self) -> Vec<u8> {
        paragraph_key(&self.draft, self.place)
    }
}

impl Row for Account {
    const KIND: &'static str = "account";

    fn key(&self) -> Vec<u8> {
        number_key(self.number)
    }
}

impl Row for Contact {
    const KIND: &'static str = "contact";

    fn key(&self) -> Vec<u8> {
        self.name.as_bytes().to_vec()
    }
}

impl Row for Delivery {
    const KIND: &'static str = "delivery";

    fn key(&self) -> Vec<u8> {
        self.bundle.as_bytes().to_vec()
    }
}

impl Row for TakenBundle {
    const KIND: &'static str = "taken";

    fn key(&self) -> Vec<u8> {
        self.bundle.as_bytes().to_vec()
    }
}

impl Row for PartSet {
    const KIND: &'static str = "part-set";

    fn key(&self) -> Vec<u8> {
        part_set_key(&self.bundle, &self.set)
    }
}

impl Row for PartTrips {
    const KIND: &'static str = "part-trips";

    fn key(&self) -> Vec<u8> {
        part_set_key(&self.bundle, &self.set)
    }
}

impl Row for FollowedUp {
    const KIND: &'static str = "followed-up";

    fn key(&self) -> Vec<u8> {
        [&follow_up_key(&self.author, self.follow_up.refers.as_ref())[..], self.by.as_bytes()].concat()
    }
}

impl Row for OfficerEvent {
    const KIND: &'static str = "officer-event";

    fn key(&self) -> Vec<u8> {
        self.leaf.as_bytes().to_vec()
    }
}

impl Row for ReplyRow {
    const KIND: &'static str = "reply";

    fn key(&self) -> Vec<u8> {
        [&self.bundle.as_bytes()[..], self.digest.as_bytes()].concat()
    }
}

impl Row for Fork {
    const KIND: &'static str = "fork";

    fn key(&self) -> Vec<u8> {
        Digest::of(format!("{}{}", self.one, self.other).as_bytes()).as_bytes().to_vec()
    }
}

impl Row for OwnCard {
    const KIND: &'static str = "own-card";

    fn key(&self) -> Vec<u8> {
        number_key(self.serial)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::KdfParams;

    #[test]
    fn slots_that_no_writer_would_use_are_refused() {
        let read = |places: &[usize]| {
            let slot = |place: &usize| serde_json::json!({ "place": place, "opens": "passphrase", "mark": Digest::of(b"").to_string() });
            let row = serde_json::json!({ "used": places.iter().map(slot).collect::<Vec<_>>() });
            serde_json::from_value::<SlotUse>(row).is_ok()
        };
        assert!(read(&[0, 1]) && read(&[1, 3, 5, 7]) && read(&[0, 1, 2, 3, 4]));
        for (name, places) in [
            ("six used", &[0, 1, 2, 3, 4, 5][..]),
            ("a slot that is not there", &[0, 8]),
            ("a slot named twice", &[0, 0]),
            ("another order", &[1, 0]),
        ] {
            assert!(!read(places), "{name}");
        }
    }

    #[test]
    fn what_the_file_does_not_hold_is_not_used() {
        let mut slots = Slots::unused(KdfParams::FLOOR).unwrap();
        let mut row = SlotUse::first(&slots);
        assert_eq!(row.clone().held(&slots), row);
        row.add(&slots, 5, Opens::Passphrase);
        slots.clear_slot(5).unwrap();
        slots.clear_slot(0).unwrap();
        let held = row.held(&slots);
        assert_eq!(held.used().iter().map(|slot| slot.place).collect::<Vec<_>>(), [keyslot::RECOVERY_SLOT]);
        assert_eq!(held.free(), Some(0));
    }
}
