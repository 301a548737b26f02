//! Readers of what a bundle is made of.

use std::io::{Cursor, Read, Write};

use sanduq::bundle::carrier;
use sanduq::bundle::courier_share::CourierShare;
use sanduq::bundle::derivative::SignedDerivative;
use sanduq::bundle::disclosure;
use sanduq::bundle::event::SignedEvent;
use sanduq::bundle::layout::{self, Info};
use sanduq::bundle::parts::Split;
use sanduq::bundle::signer::Signer;
use sanduq::bundle::volume::Part;
use sanduq::bundle::{
    Check, Envelope, EventLeaves, EventProofs, Letter, Outer, PassOn, Proof, Reply, Statement, event_proofs,
    quorum,
};
use sanduq::crypto::CarrierKey;
use sanduq::crypto::carrier::{CARRIER_KEY_LEN, IV_LEN};
use sanduq::evidence::composed::is_composed;
use sanduq::format::archive::Writer;
use sanduq::format::bag;

use super::printed_again;

/// The longest payload that is made up: one of the smallest class is enough to reach every line.
const PAYLOAD_BYTES_MAX: u64 = 2 << 20;

/// The texts behind the payload.
const LAST: [&str; 4] = [layout::MANIFEST, layout::TAG_MANIFEST, layout::SIGNATURE, layout::PQ_SIGNATURE];

pub fn author(bytes: &[u8]) -> bool {
    printed_again(bytes, Statement::parse(bytes).map(|statement| statement.print()))
}

pub fn signer(bytes: &[u8]) -> bool {
    printed_again(bytes, Signer::parse(bytes).map(|signer| signer.print()))
}

/// What a disclosure says of itself.
pub fn disclosure(bytes: &[u8]) -> bool {
    printed_again(bytes, disclosure::Info::parse(bytes).map(|info| info.print()))
}

/// A derivative's statement, and the two signatures behind it.
pub fn derivative(bytes: &[u8]) -> bool {
    let at = |bytes: &[u8], text: &[u8]| bytes.windows(text.len()).position(|window| window == text);
    let end = b"END SSH SIGNATURE-----\n";
    let Some(signatures) = at(bytes, b"-----BEGIN SSH SIGNATURE-----\n") else { return false };
    let (text, signatures) = bytes.split_at(signatures);
    let Some(first) = at(signatures, end) else { return false };
    let (signature, pq_signature) = signatures.split_at(first + end.len());
    SignedDerivative::parse(text, signature, pq_signature).is_ok_and(|signed| {
        assert_eq!(signed.print().concat().as_bytes(), bytes);
        true
    })
}

/// A signed event: its line, a line feed, and the two signatures, as they follow each other in a text.
pub fn event(bytes: &[u8]) -> bool {
    let after = |bytes: &[u8], end: &[u8]| {
        let at = bytes.windows(end.len()).position(|window| window == end)?;
        Some((at, at + end.len()))
    };
    let Some((line, rest)) = after(bytes, b"\n") else { return false };
    let Some((_, signature)) = after(&bytes[rest..], b"END SSH SIGNATURE-----\n") else { return false };
    let (signature, pq_signature) = bytes[rest..].split_at(signature);
    SignedEvent::parse(&bytes[..line], signature, pq_signature).is_ok_and(|event| {
        let [said, one, two] = event.print();
        assert_eq!(format!("{said}\n{one}{two}").as_bytes(), bytes);
        true
    })
}

pub fn event_leaves(bytes: &[u8]) -> bool {
    printed_again(bytes, EventLeaves::parse(bytes).map(|leaves| leaves.print()))
}

/// Every proof in an archive is given under its own name, in order.
pub fn event_proofs(bytes: &[u8]) -> bool {
    let mut found = Vec::new();
    if event_proofs::read(bytes, &mut |leaf, proof| found.push((leaf, proof))).is_err() {
        return false;
    }
    let mut again = EventProofs::begin(Vec::new());
    found.iter().for_each(|(leaf, proof)| again.add(leaf, proof).expect("it was in an archive"));
    assert_eq!(again.finish().expect("written to memory"), bytes);
    true
}

pub fn pass_on(bytes: &[u8]) -> bool {
    PassOn::parse(bytes).is_ok_and(|pass_on| {
        assert_eq!(pass_on.to_bytes(), bytes);
        true
    })
}

/// A courier's share has one spelling, and alone it opens nothing.
pub fn courier(bytes: &[u8]) -> bool {
    CourierShare::parse(bytes).is_ok_and(|share| {
        assert_eq!(share.to_bytes().expose(), bytes);
        assert!((1..=16).contains(&share.number()));
        true
    })
}

/// A bundle whose six texts, parted by zero bytes, are foreign, and whose sealed members are zeros, but for the payload's
/// header: what can be known of it without a key. Any other number of texts is read as a whole bundle.
pub fn outside(bytes: &[u8]) -> bool {
    let texts: Vec<&[u8]> = bytes.split(|byte| *byte == 0).collect();
    let bundle = match texts[..] {
        [info, signer, ref last @ ..] if last.len() == LAST.len() => made_up(info, signer, last),
        _ => bytes.to_vec(),
    };
    let Ok(envelope) = Envelope::read(&mut Cursor::new(&bundle), Split::default()) else { return false };
    let good = Check::ALL.into_iter().all(|check| envelope.check(check).is_ok());
    assert!(!good || Outer::read(&mut Cursor::new(&bundle)).is_ok());
    good
}

/// A part that holds is written again byte for byte, of the length that its set says.
/// A carrier key has one spelling; with a carrier behind it, what is in that ends where its archive ends.
pub fn carrier(bytes: &[u8]) -> bool {
    if let Ok(key) = CarrierKey::from_text(bytes) {
        assert_eq!(key.to_text().expose(), bytes);
        return true;
    }
    let Some((key, file)) = bytes.split_at_checked(CARRIER_KEY_LEN) else { return false };
    let Ok(key) = CarrierKey::from_text(key) else { return false };
    if !carrier::is_under(&key, file) {
        return false;
    }
    let mut reader = carrier::open(&key, Cursor::new(file)).expect("in memory, and it has a beginning");
    let mut content = Vec::new();
    reader.read_to_end(&mut content).expect("in memory");
    assert_eq!(content.len() as u64, reader.len());
    if content.len() + IV_LEN < file.len() {
        let (_, end) = content.split_last_chunk::<1024>().expect("it ends with two blocks");
        assert!(end[..512].iter().all(|byte| *byte == 0), "the first of them is zero");
    }
    true
}

pub fn volume(bytes: &[u8]) -> bool {
    let Ok(part) = Part::open(bytes) else { return false };
    let (number, len, mut body) = (part.number(), part.set().volume().part_len(), Vec::new());
    let copied = part.copy(&mut |piece| {
        body.extend_from_slice(piece);
        Ok(())
    });
    let Ok(set) = copied else { return false };
    let mut again = set.begin(number, Vec::new()).expect("its slice is no longer than a member");
    again.write_all(&body).expect("in memory");
    assert_eq!(again.finish().expect("as long as it said"), bytes, "one spelling");
    assert_eq!(bytes.len() as u64, len);
    true
}

/// A proof of authorship has one spelling, whatever is said in it.
pub fn proof(bytes: &[u8]) -> bool {
    Proof::parse(bytes).is_ok_and(|proof| {
        assert_eq!(proof.print().as_bytes(), bytes);
        true
    })
}

/// A reply has one spelling, and its words are composed and hold no signature.
/// What was in a letter that somebody sealed to a return recipient: of one kind, and in the one spelling of that.
pub fn letter(bytes: &[u8]) -> bool {
    Letter::parse(bytes).is_ok_and(|letter| {
        assert_eq!(letter.print(), bytes);
        true
    })
}

pub fn reply(bytes: &[u8]) -> bool {
    Reply::parse(bytes).is_ok_and(|reply| {
        assert_eq!(reply.print().as_bytes(), bytes);
        assert!(bytes.starts_with(reply.text().as_bytes()));
        assert!(is_composed(reply.words()) && !reply.words().contains("-----BEGIN SSH SIGNATURE-----"));
        true
    })
}

/// The header of a sealed file for nobody.
fn made_up_header() -> String {
    let zeros = |len| "A".repeat(len);
    format!("age-encryption.org/v1\n-> mlkem768x25519 {}\n{}\n--- {}\n", zeros(1494), zeros(43), zeros(43))
}

fn made_up(info: &[u8], signer: &[u8], last: &[&[u8]]) -> Vec<u8> {
    let announced = Info::parse(info).map_or(0, |info| info.oxum.bytes);
    let mut payload = made_up_header().into_bytes();
    payload.resize(announced.min(PAYLOAD_BYTES_MAX) as usize, 0);
    let mut archive = Writer::new(Vec::new());
    let mut put = |name: &str, body: &[u8]| {
        archive.whole(&name.parse().expect("a name of the layout"), body).expect("a vector takes every byte");
    };
    put(layout::BAGIT, bag::DECLARATION.as_bytes());
    put(layout::INFO, info);
    put(layout::SIGNER, signer);
    for number in 1..=quorum::FILES {
        put(&format!("quorum/{number:02}.age"), &vec![0; quorum::file_len() as usize]);
    }
    put(layout::PAYLOAD, &payload);
    LAST.into_iter().zip(last).for_each(|(name, body)| put(name, body));
    archive.finish().expect("a vector takes every byte")
}
