//! Who has every public byte, a vault and its passphrase, and wants to know whose a bundle is.

use std::collections::BTreeSet;
use std::io::Cursor;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sanduq::bundle::Outer;
use sanduq::bundle::letter::open_receipt;
use sanduq::crypto::{Digest, Identity, KeyPair, Passphrase, PublicPair, Secret, Seed, hex};
use sanduq::format::card::Card;
use sanduq::vault::Vault;

use crate::index::{Rows, rows};

/// How many bytes in common are no accident.
const WINDOW: usize = 8;
/// Shorter runs of digits or letters are words.
const CODED_MIN: usize = 16;
/// What keys are derived for, or might be.
const ROLES: [&str; 8] = ["author", "officer", "card", "bundle", "proof", "return", "signer", "receipt"];
const IDENTITIES: [&str; 5] = [
    "sanduq/officer-age/1",
    "sanduq/return-age/1",
    "sanduq/bundle-age/1",
    "sanduq/recovery/1",
    "sanduq/payload-age/1",
];
/// The rules that look for something; where they find nothing at all they are right about half of the pairs.
const FINDS: [&str; 5] = [
    "the same bytes in both",
    "bytes of the first in the vault",
    "bytes of the second in the vault",
    BY_KEY[0],
    BY_KEY[1],
];
/// Those of them that no accident fulfils.
pub const BY_KEY: [&str; 2] = ["a derived key in the second", "a key of the vault opens the second"];

/// What a contributor's bundle is outside the vault, and the receipt that came for it.
pub struct Sent {
    pub bundle: Vec<u8>,
    pub letter: Vec<u8>,
}

/// All that anybody can see of it.
pub struct Public {
    outer: Outer,
    letter: Vec<u8>,
    len: usize,
    /// Its windows, but for what all bundles have.
    windows: Vec<u64>,
}

impl Public {
    pub fn of(sent: &Sent, fixed: &[u64]) -> Public {
        let outer = Outer::read(&mut Cursor::new(&sent.bundle)).unwrap();
        let windows = windows(&every_byte(sent, &outer), fixed);
        Public { outer, letter: sent.letter.clone(), len: sent.bundle.len(), windows }
    }

    /// Whether eight bytes from the middle of a key stand in it, as they are or as digits.
    fn holds(&self, key: &[u8]) -> bool {
        let text = hex::encode(key);
        [key, text.as_bytes()].into_iter().any(|key| {
            let window = u64::from_be_bytes(key[WINDOW..2 * WINDOW].try_into().unwrap());
            self.windows.binary_search(&window).is_ok()
        })
    }
}

/// Every byte, and every byte that is spelled in it.
fn every_byte(sent: &Sent, outer: &Outer) -> Vec<u8> {
    let mut bytes = [&sent.bundle[..], outer.id().as_bytes(), &sent.letter].concat();
    for (_, member) in outer.kept() {
        bytes.extend(spelled(member));
    }
    bytes.extend(spelled(&sent.letter));
    bytes
}

/// What is spelled in hexadecimal digits or in base64, also over several lines.
fn spelled(text: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(text);
    let joined: String = text.lines().filter(|line| !line.starts_with('-')).collect();
    let coded = |letter: char| !(letter.is_ascii_alphanumeric() || "+/=".contains(letter));
    let mut bytes = Vec::new();
    for word in text.split(coded).chain(joined.split(coded)).filter(|word| word.len() >= CODED_MIN) {
        bytes.extend(hex::decode::<32>(word).into_iter().flatten());
        bytes.extend(hex::decode::<16>(word).into_iter().flatten());
        bytes.extend(STANDARD.decode(word).unwrap_or_default());
    }
    bytes
}

/// All that opens with the passphrase.
pub struct Reached {
    /// The windows of the index's rows, and of what is spelled in them.
    windows: Vec<u64>,
    /// All keys in it that could open something.
    identities: Vec<Identity>,
    /// All public keys that can be derived from the seed, and their digests.
    derived: Vec<Vec<u8>>,
}

impl Reached {
    pub fn all(root: &Path, passphrase: &str, cards: &[&[u8]]) -> Reached {
        let passphrase = Passphrase::from(passphrase);
        let rows = rows(root, &passphrase);
        let owner = rows.iter().find(|(kind, ..)| kind == "owner").expect("a vault has an owner");
        let owner: serde_json::Value = serde_json::from_slice(&owner.2).unwrap();
        let seed = hex::decode::<32>(owner["seed"].as_str().unwrap()).unwrap();
        let seed = Seed::from_bytes(Secret::new(seed));
        let contexts = contexts(&rows, cards);
        let mut bytes = Vec::new();
        for (_, key, value) in &rows {
            bytes.extend_from_slice(key);
            bytes.extend_from_slice(value);
            bytes.extend(spelled(value));
        }
        let mut identities = derived_identities(&seed, &contexts);
        identities.extend(named_identities(&rows));
        let mut derived = derived_keys(&seed, &contexts);
        derived.extend(identities.iter().flat_map(|identity| {
            let recipient = identity.to_recipient();
            [recipient.as_bytes().to_vec(), Digest::of(recipient.as_bytes()).as_bytes().to_vec()]
        }));
        // The library itself must not say more than the rows do.
        let vault = Vault::unlock(root, None, &passphrase).unwrap();
        let said = serde_json::to_vec(&(vault.status().unwrap(), vault.list(None, None).unwrap())).unwrap();
        bytes.extend(spelled(&said));
        bytes.extend(said);
        Reached { windows: windows(&bytes, &[]), identities, derived }
    }

    /// Whether a key of this seed, or its digest, stands in a bundle.
    pub fn derives(&self, public: &Public) -> bool {
        self.derived.iter().any(|key| public.holds(key))
    }

    /// Whether a key of this vault opens the receipt of a bundle, or a layer of it.
    fn opens(&self, public: &Public) -> bool {
        self.identities.iter().any(|identity| {
            let layer = public.outer.open_quorum(identity, None);
            open_receipt(identity, &public.letter).is_ok()
                || layer.is_ok_and(|step| !matches!(step, sanduq::bundle::Step::NotYet))
        })
    }
}

/// What keys might be derived in: the organisations, and every digest and key that the vault holds.
fn contexts(rows: &Rows, cards: &[&[u8]]) -> BTreeSet<Vec<u8>> {
    let mut contexts = BTreeSet::from([Vec::new()]);
    for card in cards {
        contexts.insert(Digest::of(card).as_bytes().to_vec());
        contexts.insert(Card::parse(card).unwrap().fingerprint().as_bytes().to_vec());
    }
    for (kind, key, value) in rows {
        if kind == "contact" || kind == "delivery" {
            contexts.insert(key.clone());
            let text = String::from_utf8_lossy(value);
            let words = text.split('"').filter_map(hex::decode::<32>);
            contexts.extend(words.map(|digest| digest.to_vec()));
        }
    }
    contexts
}

fn derived_keys(seed: &Seed, contexts: &BTreeSet<Vec<u8>>) -> Vec<Vec<u8>> {
    let pairs = contexts.iter().flat_map(|context| ROLES.map(|role| KeyPair::derive(seed, role, context)));
    pairs.flat_map(|pair| faces(&pair.public())).collect()
}

/// A public key as it may stand somewhere.
fn faces(pair: &PublicPair) -> Vec<Vec<u8>> {
    let lines = pair.to_lines();
    let mut faces = vec![pair.fingerprint().as_bytes().to_vec()];
    for line in lines.lines() {
        let blob = STANDARD.decode(line.split(' ').nth(1).unwrap()).unwrap();
        faces.push(Digest::of(line.as_bytes()).as_bytes().to_vec());
        faces.push(Digest::of(&blob).as_bytes().to_vec());
        // The key itself stands at the end of what OpenSSH writes.
        let key = &blob[blob.len() - 32..];
        faces.push(Digest::of(key).as_bytes().to_vec());
        faces.push(key.to_vec());
    }
    faces
}

fn derived_identities(seed: &Seed, contexts: &BTreeSet<Vec<u8>>) -> Vec<Identity> {
    let derive =
        |context: &Vec<u8>| IDENTITIES.map(|purpose| Identity::from_seed(&seed.derive(purpose, context)));
    contexts.iter().flat_map(derive).collect()
}

/// The identities that stand in rows.
fn named_identities(rows: &Rows) -> Vec<Identity> {
    let texts = rows.iter().map(|(_, _, value)| String::from_utf8_lossy(value).into_owned());
    let words: Vec<String> =
        texts.flat_map(|text| text.split('"').map(str::to_owned).collect::<Vec<_>>()).collect();
    words.iter().filter_map(|word| word.parse().ok()).collect()
}

/// Every eight bytes that follow one another and are not among or beside what is fixed, in order.
fn windows(bytes: &[u8], fixed: &[u64]) -> Vec<u64> {
    let mut found = Vec::with_capacity(bytes.len());
    let mut free_from = 0;
    for (at, window) in bytes.windows(WINDOW).enumerate() {
        let window = u64::from_be_bytes(window.try_into().unwrap());
        if fixed.binary_search(&window).is_ok() {
            free_from = at + WINDOW;
            // Those before it that overlap it share its bytes.
            while found.last().is_some_and(|(before, _)| before + WINDOW > at) {
                found.pop();
            }
        } else if at >= free_from {
            found.push((at, window));
        }
    }
    let mut found: Vec<u64> = found.into_iter().map(|(_, window)| window).collect();
    found.sort_unstable();
    found.dedup();
    found
}

fn in_both(one: &[u64], other: &[u64]) -> Vec<u64> {
    let (few, many) = if one.len() < other.len() { (one, other) } else { (other, one) };
    few.iter().filter(|window| many.binary_search(window).is_ok()).copied().collect()
}

/// What bundles of two people have in common, and so all have.
pub fn fixed(one: &Sent, other: &Sent) -> Vec<u64> {
    let [one, other] = [one, other].map(|sent| {
        let outer = Outer::read(&mut Cursor::new(&sent.bundle)).unwrap();
        windows(&every_byte(sent, &outer), &[])
    });
    in_both(&one, &other)
}

/// How many windows two bundles share beyond what all have.
pub fn common(one: &Public, other: &Public) -> usize {
    in_both(&one.windows, &other.windows).len()
}

/// What the adversary finds about a pair of bundles, the first of which is by the owner of the vault.
pub struct Judgement {
    pub both: usize,
    pub first_in_vault: usize,
    pub second_in_vault: usize,
    pub derived: bool,
    pub opens: bool,
    /// What is near in one person's bundles, perhaps.
    near: [(&'static str, bool); 6],
}

impl Judgement {
    /// Each rule by its name, and whether it says that both are by one person.
    pub fn rules(&self) -> Vec<(&'static str, bool)> {
        let found =
            [self.both > 0, self.first_in_vault > 0, self.second_in_vault > 0, self.derived, self.opens];
        FINDS.into_iter().zip(found).chain(self.near).collect()
    }
}

pub fn judge(first: &Public, second: &Public, vault: &Reached) -> Judgement {
    let members = |public: &Public| {
        public.outer.kept().iter().map(|(name, bytes)| (name.clone(), bytes.len())).collect::<Vec<_>>()
    };
    let half = |one: &[u8], other: &[u8]| one[0] >> 7 == other[0] >> 7;
    let [a, b] = [first, second].map(|public| &public.outer);
    Judgement {
        both: common(first, second),
        first_in_vault: in_both(&vault.windows, &first.windows).len(),
        second_in_vault: in_both(&vault.windows, &second.windows).len(),
        derived: vault.derives(second),
        opens: vault.opens(second),
        near: [
            ("lengths", first.len == second.len && first.letter.len() == second.letter.len()),
            ("members", members(first) == members(second)),
            ("ids", half(a.id().as_bytes(), b.id().as_bytes())),
            ("commitments of authors", half(a.author_commit().as_bytes(), b.author_commit().as_bytes())),
            ("commitments of proofs", half(a.proof_commit().as_bytes(), b.proof_commit().as_bytes())),
            ("return recipients", half(a.return_recipient().as_bytes(), b.return_recipient().as_bytes())),
        ],
    }
}
