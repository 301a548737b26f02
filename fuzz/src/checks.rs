//! What every reader of foreign bytes has to hold, one function a format: it never panics, and what it accepts it
//! prints again byte for byte.
//!
//! The fuzz targets call these with bytes nobody thought of; `tests/corpora.rs` and `tests/vectors_format.rs` call them
//! with the inputs that are checked in. Each returns whether the bytes were accepted. A new reader gets a line in
//! [`CHECKS`], a target, a corpus and vectors.

#[path = "checks/bundle.rs"]
mod bundle;
#[path = "checks/evidence.rs"]
mod evidence;
#[path = "checks/inner.rs"]
mod inner;
#[path = "checks/keys.rs"]
mod keys;
#[path = "checks/paper.rs"]
mod paper;

use sanduq::bundle::Missing;
use sanduq::crypto::Digest;
use sanduq::crypto::domain::Bundle;
use sanduq::custody::{Entry, Event};
use sanduq::format::archive::{Reader, Writer};
use sanduq::format::card::{Card, Draft, OfficerLine};
use sanduq::format::digest_list::DigestList;
use sanduq::format::holds::Holds;
use sanduq::format::id::RandomId;
use sanduq::format::name::MemberName;
use sanduq::format::note::{Note, NoteVerifier};
use sanduq::format::ots::OtsProof;
use sanduq::format::policy::Policy;
use sanduq::format::possession::{Answer, Challenge};
use sanduq::format::time::{Date, Time};
use sanduq::format::timestamp::Token;
use sanduq::format::{bag, sshsig, text};
use sanduq::tlog::add_checkpoint::{self, AddCheckpoint};
use sanduq::tlog::tile;
use sanduq::tlog::{
    Leaf, SignedCheckpoint, Stamp, TlogProof, leaf_hash, verify_consistency, verify_inclusion,
};

/// What one reader has to hold of any bytes; true if it accepted them.
pub type Check = fn(&[u8]) -> bool;

/// All readers by the name of their fuzz target.
pub const CHECKS: &[(&str, Check)] = &[
    ("add_checkpoint", add_checkpoint),
    ("archive", archive),
    ("author", bundle::author),
    ("bag", bag_info),
    ("bundle", bundle::outside),
    ("card", card),
    ("carrier", bundle::carrier),
    ("checkpoint", checkpoint),
    ("consent", evidence::consent),
    ("courier", bundle::courier),
    ("custody", custody),
    ("digest_list", digest_list),
    ("derivative", bundle::derivative),
    ("disclosure", bundle::disclosure),
    ("draft", draft),
    ("epoch", keys::epoch),
    ("event", bundle::event),
    ("event_leaves", bundle::event_leaves),
    ("event_proofs", bundle::event_proofs),
    ("frames", paper::frames),
    ("holds", holds),
    ("inner", inner::inner),
    ("key_file", keys::key_file),
    ("leaf", leaf),
    ("letter", bundle::letter),
    ("merkle", merkle),
    ("missing", missing),
    ("name", name),
    ("note", note),
    ("officer", officer),
    ("ots", ots),
    ("pass_on", bundle::pass_on),
    ("phrase", keys::phrase),
    ("picture", paper::picture),
    ("policy", policy),
    ("possession", possession),
    ("proof", bundle::proof),
    ("random_id", random_id),
    ("receipt", receipt),
    ("record", evidence::record),
    ("recipient", keys::recipient),
    ("reply", bundle::reply),
    ("sealed", keys::sealed),
    ("share", keys::share),
    ("share_page", keys::share_page),
    ("signer", bundle::signer),
    ("slots", keys::slots),
    ("sshsig", ssh_signature),
    ("strip", paper::strip),
    ("testimony", evidence::testimony),
    ("tile", tile),
    ("text", shown_text),
    ("time", time),
    ("timestamp", timestamp),
    ("unit", evidence::unit),
    ("verifying_key", keys::verifying_key),
    ("vkey", vkey),
    ("volume", bundle::volume),
    ("words", keys::eight_words),
];

/// The check of this name, for a fuzz target.
///
/// # Panics
///
/// If there is none.
#[allow(dead_code)] // the tests go through the table
pub fn check(target: &str) -> Check {
    let found = CHECKS.iter().find(|(name, _)| *name == target);
    found.unwrap_or_else(|| panic!("{target} has a line in CHECKS")).1
}

/// Whether something was accepted; if so, it must print as the very bytes that were read.
fn printed_again<E>(bytes: &[u8], parsed: Result<impl ToString, E>) -> bool {
    let Ok(value) = parsed else { return false };
    assert_eq!(value.to_string().as_bytes(), bytes, "one spelling");
    true
}

fn as_text<E>(bytes: &[u8], parse: impl Fn(&str) -> Result<String, E>) -> bool {
    std::str::from_utf8(bytes).is_ok_and(|text| printed_again(bytes, parse(text)))
}

fn parsed<T: std::str::FromStr + ToString>(bytes: &[u8]) -> bool {
    as_text(bytes, |text| text.parse::<T>().map(|value| value.to_string()))
}

fn digest_list(bytes: &[u8]) -> bool {
    printed_again(bytes, DigestList::parse(bytes))
}

fn missing(bytes: &[u8]) -> bool {
    parsed::<Missing>(bytes)
}

fn name(bytes: &[u8]) -> bool {
    parsed::<MemberName>(bytes)
}

fn random_id(bytes: &[u8]) -> bool {
    parsed::<RandomId>(bytes)
}

/// Reads an archive and writes it anew; after the end, zeros may stand.
fn archive(bytes: &[u8]) -> bool {
    let Some(written) = rewritten(bytes) else { return false };
    let (same, zeros) = bytes.split_at(written.len());
    assert_eq!(same, written, "one spelling");
    assert!(zeros.iter().all(|byte| *byte == 0), "nothing but zeros follows");
    assert_eq!(Reader::new(bytes).next_member().is_ok() && zeros.is_empty(), strictly(bytes));
    true
}

fn rewritten(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut reader = Reader::with_trailing_zeros(bytes, bytes.len() as u64);
    let mut writer = Writer::new(Vec::new());
    while let Some(member) = reader.next_member().ok()? {
        let body = reader.body(bytes.len() as u64).ok()?;
        assert_eq!(body.len() as u64, member.len);
        writer.whole(&member.name, &body).expect("what was read can be written");
    }
    Some(writer.finish().expect("a vector takes every byte"))
}

fn strictly(bytes: &[u8]) -> bool {
    let mut reader = Reader::new(bytes);
    loop {
        match reader.next_member() {
            Ok(Some(_)) => continue,
            Ok(None) => return true,
            Err(_) => return false,
        }
    }
}

/// The labels of a bundle's outer bag.
const BAG_LABELS: [&str; 5] =
    ["Format-Version", "Payload-Oxum", "Disclosure-SHA256", "Author-Commit-SHA256", "Proof-Commit-SHA256"];

fn bag_info(bytes: &[u8]) -> bool {
    let Ok(values) = bag::parse_info(bytes, &BAG_LABELS) else { return false };
    let fields: Vec<_> = BAG_LABELS.into_iter().zip(values.iter().map(String::as_str)).collect();
    let _ = values[1].parse::<bag::Oxum>().map(|oxum| assert_eq!(oxum.to_string(), values[1]));
    printed_again(bytes, bag::print_info(&fields))
}

fn ssh_signature(bytes: &[u8]) -> bool {
    printed_again(
        bytes,
        sshsig::parse::<Bundle>(bytes).map(|(key, signature)| sshsig::encode(&key, &signature)),
    )
}

fn note(bytes: &[u8]) -> bool {
    printed_again(bytes, Note::parse(bytes))
}

fn vkey(bytes: &[u8]) -> bool {
    parsed::<NoteVerifier>(bytes)
}

fn policy(bytes: &[u8]) -> bool {
    let accepted = printed_again(bytes, Policy::parse(bytes));
    if let Ok(policy) = Policy::parse(bytes) {
        assert!(policy.is_met(|_| true), "all witnesses together are enough");
        assert_ne!(policy.is_met(|_| false), policy.asks_for_witnesses());
    }
    accepted
}

/// What is accepted is in order and has each id once.
fn holds(bytes: &[u8]) -> bool {
    let accepted = printed_again(bytes, Holds::parse(bytes));
    if let Ok(holds) = Holds::parse(bytes) {
        assert_eq!(Holds::of(holds.ids().iter().copied()).as_ref(), Ok(&holds));
        assert!(holds.ids().iter().all(|id| holds.contains(id)));
    }
    accepted
}

/// A challenge or an answer; what is left out of an answer is missed.
fn possession(bytes: &[u8]) -> bool {
    let asked = printed_again(bytes, Challenge::parse(bytes));
    if let Ok(challenge) = Challenge::parse(bytes) {
        let none = Answer::to(&challenge, challenge.ids().iter().map(|_| None));
        assert_eq!(Answer::parse(none.to_string().as_bytes()).as_ref(), Ok(&none));
        assert_eq!(none.checked(&challenge).map(|said| said.len()), Ok(challenge.ids().len()));
    }
    asked || printed_again(bytes, Answer::parse(bytes))
}

fn time(bytes: &[u8]) -> bool {
    parsed::<Time>(bytes) || parsed::<Date>(bytes)
}

/// No character that steers is left, and nothing else is touched.
fn shown_text(bytes: &[u8]) -> bool {
    let Ok(given) = std::str::from_utf8(bytes) else { return false };
    let shown = text::escape(given);
    assert!(!shown.contains(text::steers));
    assert!(!text::escape_lines(given).replace('\n', "").contains(text::steers));
    assert_eq!(shown == given, !given.contains(text::steers));
    true
}

fn officer(bytes: &[u8]) -> bool {
    parsed::<OfficerLine>(bytes)
}

fn draft(bytes: &[u8]) -> bool {
    printed_again(bytes, Draft::parse(bytes))
}

fn card(bytes: &[u8]) -> bool {
    Card::parse(bytes).is_ok_and(|card| {
        assert_eq!(card.as_bytes(), bytes);
        assert!((1..=card.officers().len()).contains(&card.threshold()));
        true
    })
}

fn checkpoint(bytes: &[u8]) -> bool {
    printed_again(bytes, SignedCheckpoint::parse(bytes))
}

fn receipt(bytes: &[u8]) -> bool {
    printed_again(bytes, TlogProof::parse(bytes))
}

/// What was read is what is kept, and its ways lead to the same ends.
fn ots(bytes: &[u8]) -> bool {
    let Ok(proof) = OtsProof::parse(bytes) else { return false };
    assert_eq!(proof.as_bytes(), bytes);
    assert_eq!(Stamp::parse(bytes).expect("it is a stamp"), Stamp::Proof(proof.clone()));
    proof.blocks().for_each(|(_, root)| assert_eq!(root.to_string().len(), 64));
    true
}

/// A token says the same by itself, in the answer it came in and in the one it is kept in.
fn timestamp(bytes: &[u8]) -> bool {
    let Ok(stamp) = Stamp::parse(bytes) else { return false };
    let (Stamp::Response(token) | Stamp::Token(token)) = &stamp else { return true };
    let kept = Stamp::parse_kept(&stamp.kept(), stamp.ending()).expect("what is kept is read");
    assert_eq!(kept, Stamp::Response(token.clone()));
    assert_eq!(Token::parse(token.as_bytes()).as_ref(), Ok(token));
    true
}

/// Leaves of a tile have one spelling, and one width.
fn tile(bytes: &[u8]) -> bool {
    let widths: Vec<u64> =
        (1..=tile::WIDTH).filter(|width| tile::parse_leaves(bytes, *width).is_ok()).collect();
    assert!(widths.len() <= 1);
    let hashes = tile::parse_hashes(bytes, (bytes.len() / tile::HASH_BYTES) as u64);
    assert!(hashes.is_ok() == bytes.len().is_multiple_of(tile::HASH_BYTES));
    widths.first().is_some_and(|width| {
        let leaves = tile::parse_leaves(bytes, *width).expect("it was parsed");
        assert_eq!(tile::print_leaves(leaves).expect("they had a length"), bytes);
        true
    })
}

/// What a witness is asked, or what it answers.
fn add_checkpoint(bytes: &[u8]) -> bool {
    printed_again(bytes, AddCheckpoint::parse(bytes))
        || printed_again(bytes, add_checkpoint::Answer::parse(bytes))
}

fn leaf(bytes: &[u8]) -> bool {
    printed_again(bytes, Leaf::parse(bytes))
}

fn custody(bytes: &[u8]) -> bool {
    parsed::<Entry>(bytes) || parsed::<Event>(bytes)
}

/// Two numbers and hashes that nobody computed: no proof of them holds, and none makes the verifier panic.
fn merkle(bytes: &[u8]) -> bool {
    let Some((first, rest)) = bytes.split_first_chunk::<8>() else { return false };
    let Some((second, rest)) = rest.split_first_chunk::<8>() else { return false };
    let (first, second) = (u64::from_be_bytes(*first), u64::from_be_bytes(*second));
    let hashes: Vec<Digest> =
        rest.as_chunks::<32>().0.iter().map(|hash| Digest::from_bytes(*hash)).take(70).collect();
    let (leaf, root) = (leaf_hash(b"leaf"), leaf_hash(b"root"));
    assert!(!verify_inclusion(&leaf, first, second, &hashes, &root));
    assert!(!verify_consistency(first, &leaf, second, &root, &hashes));
    true
}
