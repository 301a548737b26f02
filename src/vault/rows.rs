//! The rows that the index of a vault holds: one type for each kind of thing, each under its own key.
//!
//! Rows lie in the encrypted index and in the journal, nowhere else, and so may hold names and keys. Numbers are
//! keys in big-endian order, so that a page of rows is a page of items.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::DeliveryState;
use crate::crypto::keyslot;
use crate::crypto::{Digest, Secret, SecretBytes};
use crate::custody::Chain;
use crate::evidence::contributor::Contributor;
use crate::evidence::item::Item;
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
}

/// Which key slots are used, of which kind: one row, written when the part is made. The file of slots does not show
/// it, for unused slots are filled with random bytes. At most four are used, so that a spare one is never missing when
/// one is to be replaced.
#[derive(Debug, Serialize, Deserialize)]
#[serde(try_from = "SlotUseFields")]
pub(super) struct SlotUse {
    /// For each slot of the file, whether it holds a wrapped key.
    pub used: Vec<bool>,
    /// The place of the slot that the seed opens, from 0.
    pub recovery: usize,
}

impl SlotUse {
    /// That of a new part: one passphrase and the recovery slot.
    pub fn first() -> SlotUse {
        let used = (0..keyslot::SLOTS)
            .map(|slot| [keyslot::PASSPHRASE_SLOT, keyslot::RECOVERY_SLOT].contains(&slot));
        SlotUse { used: used.collect(), recovery: keyslot::RECOVERY_SLOT }
    }
}

/// [`SlotUse`] as it is read, before it is checked.
#[derive(Deserialize)]
struct SlotUseFields {
    used: Vec<bool>,
    recovery: usize,
}

impl TryFrom<SlotUseFields> for SlotUse {
    type Error = &'static str;

    fn try_from(SlotUseFields { used, recovery }: SlotUseFields) -> Result<SlotUse, &'static str> {
        if used.len() != keyslot::SLOTS {
            return Err("not the number of key slots");
        }
        if used.iter().filter(|used| **used).count() > keyslot::MAX_USED {
            return Err("more key slots are used than may be");
        }
        if used.get(recovery) != Some(&true) {
            return Err("the recovery slot is not used");
        }
        Ok(SlotUse { used, recovery })
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
    /// The bundles it was sealed into.
    pub sealed: Vec<Digest>,
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
    /// The digest of its author statement, under which a follow-up refers to it.
    pub author: Digest,
    /// The items in it.
    pub items: Vec<u64>,
    /// The bundle in the outbox, until it is acknowledged.
    pub object: Option<RandomId>,
    /// The bundle's size.
    pub len: u64,
    /// The digest of the whole bundle file.
    pub digest: Digest,
    /// How far it came.
    pub state: DeliveryState,
    /// The receipt, once it is held.
    pub receipt: Option<String>,
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

/// A row that belongs to a draft.
pub(super) trait DraftRow: Row {}

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

impl Row for OwnCard {
    const KIND: &'static str = "own-card";

    fn key(&self) -> Vec<u8> {
        number_key(self.serial)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_that_no_writer_would_use_are_refused() {
        let read = |used: &[usize], slots: usize, recovery: usize| {
            let used: Vec<bool> = (0..slots).map(|slot| used.contains(&slot)).collect();
            let row = serde_json::json!({ "used": used, "recovery": recovery });
            serde_json::from_value::<SlotUse>(row).is_ok()
        };
        assert!(read(&[0, 1], 8, 1));
        assert!(read(&[1, 3, 5, 7], 8, 5));
        for (name, used, slots, recovery) in [
            ("five used", &[0, 1, 2, 3, 4][..], 8, 1),
            ("all used", &[0, 1, 2, 3, 4, 5, 6, 7], 8, 1),
            ("a slot too few", &[0, 1], 7, 1),
            ("a slot too many", &[0, 1], 9, 1),
            ("recovery in an unused slot", &[0, 1], 8, 2),
            ("recovery in no slot", &[0, 1], 8, 8),
        ] {
            assert!(!read(used, slots, recovery), "{name}");
        }
        let first = serde_json::to_string(&SlotUse::first()).unwrap();
        let expected = r#"{"used":[true,true,false,false,false,false,false,false],"recovery":1}"#;
        assert_eq!(first, expected);
        assert!(serde_json::from_str::<SlotUse>(&first).is_ok());
    }
}
