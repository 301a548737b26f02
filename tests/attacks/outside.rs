//! Attacks that are refused without a key.

use std::io::{self, Read, Seek, SeekFrom};

use sanduq::bundle::layout;
use sanduq::bundle::signer::Signer;
use sanduq::bundle::{BundleError, Outer};
use sanduq::crypto::hybrid::Identity;
use sanduq::crypto::{Algorithm, KeyPair, SigningKey, domain};
use sanduq::format::sshsig;

use super::forge::{Forge, edit, open, raw_header, tar, world};

fn refusal(bundle: &[u8]) -> BundleError {
    open(bundle, &world().ours.officer).expect_err("the attack succeeded")
}

#[track_caller]
fn signature_refused(bundle: &[u8], name: &str) {
    match refusal(bundle) {
        BundleError::Signature { member } => assert_eq!(member, name),
        other => panic!("{other}"),
    }
}

#[track_caller]
fn member_refused(bundle: &[u8]) {
    let error = refusal(bundle);
    assert!(matches!(error, BundleError::Member { .. }), "{error}");
}

#[test]
fn payload_changed() {
    let mut forge = Forge::new();
    forge.list();
    forge.sign();
    forge.outer(layout::PAYLOAD)[5000] ^= 1;
    assert!(matches!(refusal(&tar(&forge.outer)), BundleError::Manifest { .. }));
}

#[test]
fn payload_changed_and_manifest_recomputed() {
    let mut forge = Forge::new();
    forge.list();
    forge.sign();
    let manifest = forge.outer(layout::TAG_MANIFEST).clone();
    forge.outer(layout::PAYLOAD)[5000] ^= 1;
    forge.list();
    *forge.outer(layout::TAG_MANIFEST) = manifest;
    assert!(matches!(refusal(&tar(&forge.outer)), BundleError::Manifest { .. }));
}

/// The same content sealed once more, under the key that the quorum files give: it opens, and is not what was signed.
#[test]
fn another_payload_of_the_same_content() {
    let mut forge = Forge::new();
    let mut signed = forge.clone();
    signed.list();
    signed.sign();
    assert!(open(&tar(&signed.outer), &world().ours.officer).is_ok());
    forge.seal();
    *signed.outer(layout::PAYLOAD) = forge.outer(layout::PAYLOAD).clone();
    let refused = open(&tar(&signed.outer), &world().ours.officer);
    assert!(matches!(refused, Err(BundleError::Manifest { .. })), "{refused:?}");
}

#[test]
fn both_manifests_recomputed_with_the_old_signatures() {
    let mut forge = Forge::new();
    forge.list();
    forge.sign();
    forge.outer(layout::PAYLOAD)[5000] ^= 1;
    forge.list();
    signature_refused(&tar(&forge.outer), layout::SIGNATURE);
}

#[test]
fn both_manifests_recomputed_and_only_one_signature_renewed() {
    let mut forge = Forge::new();
    forge.list();
    forge.sign();
    let old = forge.outer(layout::PQ_SIGNATURE).clone();
    forge.outer(layout::PAYLOAD)[5000] ^= 1;
    forge.list();
    forge.sign();
    *forge.outer(layout::PQ_SIGNATURE) = old;
    signature_refused(&tar(&forge.outer), layout::PQ_SIGNATURE);
}

#[test]
fn one_signature_stripped() {
    for name in [layout::SIGNATURE, layout::PQ_SIGNATURE] {
        let mut forge = Forge::new();
        forge.list();
        forge.sign();
        forge.outer.retain(|(one, _)| one != name);
        member_refused(&tar(&forge.outer));
    }
}

#[test]
fn one_signature_emptied() {
    for name in [layout::SIGNATURE, layout::PQ_SIGNATURE] {
        let mut forge = Forge::new();
        forge.list();
        forge.sign();
        forge.outer(name).clear();
        signature_refused(&tar(&forge.outer), name);
    }
}

#[test]
fn one_signature_given_twice() {
    let mut forge = Forge::new();
    forge.list();
    forge.sign();
    let ed25519 = forge.outer(layout::SIGNATURE).clone();
    *forge.outer(layout::PQ_SIGNATURE) = ed25519;
    signature_refused(&tar(&forge.outer), layout::PQ_SIGNATURE);
}

#[test]
fn two_signatures_in_one_file() {
    let mut forge = Forge::new();
    forge.list();
    forge.sign();
    let twice = forge.outer(layout::SIGNATURE).repeat(2);
    *forge.outer(layout::SIGNATURE) = twice;
    signature_refused(&tar(&forge.outer), layout::SIGNATURE);
}

#[test]
fn signed_by_another_key() {
    let mut forge = Forge::new();
    forge.list();
    forge.one_time = KeyPair::generate();
    forge.sign();
    signature_refused(&tar(&forge.outer), layout::SIGNATURE);
}

/// The signature holds, over the key it brings along; but `signer.pub` names another.
#[test]
fn signed_in_the_key_s_name_by_another() {
    let mut forge = Forge::new();
    forge.list();
    forge.sign();
    let other = SigningKey::generate(Algorithm::Ed25519);
    let signature = other.sign::<domain::Bundle>(forge.outer(layout::TAG_MANIFEST));
    let claimed = forge.one_time.public().ed25519().clone();
    *forge.outer(layout::SIGNATURE) = sshsig::encode(&claimed, &signature).into_bytes();
    signature_refused(&tar(&forge.outer), layout::SIGNATURE);
}

/// The signature is right, the key that the file brings along is not: `ssh-keygen` would refuse it.
#[test]
fn signed_rightly_under_another_s_name() {
    let mut forge = Forge::new();
    forge.list();
    forge.sign();
    let list = forge.outer(layout::TAG_MANIFEST).clone();
    let signature = forge.one_time.sign::<domain::Bundle>(&list).ed25519;
    let other = SigningKey::generate(Algorithm::Ed25519).verifying_key();
    *forge.outer(layout::SIGNATURE) = sshsig::encode(&other, &signature).into_bytes();
    signature_refused(&tar(&forge.outer), layout::SIGNATURE);
}

#[test]
fn signed_in_another_role() {
    let mut forge = Forge::new();
    forge.list();
    let list = forge.outer(layout::TAG_MANIFEST).clone();
    let signatures = forge.one_time.sign::<domain::Author>(&list);
    let [signature, pq_signature] = sshsig::encode_pair(&forge.one_time.public(), &signatures);
    *forge.outer(layout::SIGNATURE) = signature.into_bytes();
    *forge.outer(layout::PQ_SIGNATURE) = pq_signature.into_bytes();
    signature_refused(&tar(&forge.outer), layout::SIGNATURE);
}

#[test]
fn signed_over_another_bundle_s_list() {
    let mut other = Forge::new();
    *other.outer(layout::INFO) = b"something else".to_vec();
    other.list();
    other.sign();
    let mut forge = Forge::new();
    forge.list();
    *forge.outer(layout::SIGNATURE) = other.outer(layout::SIGNATURE).clone();
    *forge.outer(layout::PQ_SIGNATURE) = other.outer(layout::PQ_SIGNATURE).clone();
    signature_refused(&tar(&forge.outer), layout::SIGNATURE);
}

/// Under the identity point everything verifies.
#[test]
fn a_weak_key() {
    let blob = [&[0, 0, 0, 11][..], b"ssh-ed25519", &[0, 0, 0, 32, 1], &[0; 31]].concat();
    let line = sanduq_base64(&blob);
    let mut forge = Forge::new();
    let key = forge.one_time.public().ed25519().to_line();
    forge.edit_outer(layout::SIGNER, &key, &format!("ssh-ed25519 {line}"));
    assert!(matches!(refusal(&forge.close()), BundleError::Key { .. }));
}

fn sanduq_base64(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::prelude::BASE64_STANDARD.encode(bytes)
}

/// Whoever intercepts a bundle would like to have the answers.
#[test]
fn the_return_recipient_exchanged() {
    let mut forge = Forge::new();
    forge.list();
    forge.sign();
    let mut signer = Signer::parse(forge.outer(layout::SIGNER)).unwrap();
    signer.return_recipient = Identity::generate().to_recipient();
    *forge.outer(layout::SIGNER) = signer.print().into_bytes();
    assert!(matches!(refusal(&tar(&forge.outer)), BundleError::Manifest { .. }));
    forge.list();
    signature_refused(&tar(&forge.outer), layout::SIGNATURE);
}

#[test]
fn a_manifest_with_two_entries_of_one_name() {
    let mut forge = Forge::new();
    forge.list();
    let twice = forge.outer(layout::MANIFEST).repeat(2);
    *forge.outer(layout::MANIFEST) = twice;
    forge.relist_tags();
    forge.sign();
    assert!(matches!(refusal(&tar(&forge.outer)), BundleError::Manifest { .. }));
}

#[test]
fn manifests_that_say_too_little_too_much_or_otherwise() {
    for name in [layout::MANIFEST, layout::TAG_MANIFEST] {
        let changes: [fn(&mut Vec<u8>); 6] = [
            |list| list.truncate(list.len() - 1),
            |list| list.extend_from_slice(format!("{}  extra\n", "0".repeat(64)).as_bytes()),
            |list| edit(list, "\n", "\r\n"),
            |list| edit(list, "  ", " *"),
            |list| list.clear(),
            |list| list.make_ascii_uppercase(),
        ];
        for change in changes {
            let mut forge = Forge::new();
            forge.list();
            change(forge.outer(name));
            if name == layout::MANIFEST {
                forge.relist_tags();
            }
            forge.sign();
            assert!(matches!(refusal(&tar(&forge.outer)), BundleError::Manifest { .. }));
        }
    }
}

#[test]
fn a_member_twice() {
    for name in [layout::INFO, "quorum/01.age", layout::PAYLOAD, layout::SIGNATURE, layout::PQ_SIGNATURE] {
        let mut forge = Forge::new();
        let place = forge.outer.iter().position(|(one, _)| one == name).unwrap();
        let member = forge.outer[place].clone();
        forge.list();
        forge.sign();
        forge.outer.insert(place, member);
        member_refused(&tar(&forge.outer));
    }
}

#[test]
fn a_member_too_many_or_too_few_or_out_of_order() {
    let last = Forge::new().outer.len();
    for place in 0..=last {
        let mut forge = Forge::new();
        forge.outer.insert(place, ("data/more".to_owned(), vec![]));
        member_refused(&forge.close());
    }
    for place in 0..last {
        let mut forge = Forge::new();
        forge.list();
        forge.sign();
        forge.outer.remove(place);
        let error = refusal(&tar(&forge.outer));
        assert!(matches!(error, BundleError::Member { .. } | BundleError::Claim { .. }), "{error}");
    }
    for place in 1..last {
        let mut forge = Forge::new();
        forge.outer.swap(place - 1, place);
        member_refused(&forge.close());
    }
}

#[test]
fn other_declarations() {
    for (from, to) in [("1.0", "0.97"), ("UTF-8", "UTF-16"), ("\n", "\r\n")] {
        let mut forge = Forge::new();
        forge.edit_outer(layout::BAGIT, from, to);
        assert!(matches!(refusal(&forge.close()), BundleError::Content { .. }));
    }
}

#[test]
fn a_bag_info_that_says_more_or_otherwise() {
    for (from, to) in [
        ("sanduq-bundle/1", "sanduq-bundle/2"),
        ("Payload-Oxum", "Bagging-Date: 2026-11-23\nPayload-Oxum"),
        (".1\n", ".2\n"),
        (".1\n", ".01\n"),
        ("Disclosure-SHA256: ", "Disclosure-SHA256: A"),
    ] {
        let mut forge = Forge::new();
        forge.edit_outer(layout::INFO, from, to);
        let error = refusal(&forge.close());
        assert!(matches!(error, BundleError::Content { .. } | BundleError::Format { .. }), "{error}");
    }
}

/// A payload between two padding classes would tell more of its content's size than the class.
#[test]
fn a_payload_that_is_no_padding_class() {
    let mut forge = Forge::new();
    forge.more_padding = 1;
    forge.seal();
    assert!(matches!(refusal(&forge.close()), BundleError::Content { .. }));
}

/// What is not sealed can be read by everyone on the road, and a stanza of another kind may name whom it is for.
#[test]
fn a_payload_that_is_not_sealed_as_ours_are() {
    let stanza = "-> mlkem768x25519 ";
    let changes: [fn(&mut Vec<u8>); 7] = [
        |payload| payload.fill(0),
        |payload| payload[..21].copy_from_slice(b"age-encryption.org/v2"),
        |payload| payload[22..40].copy_from_slice(b"-> scrypt 68x25519"),
        |payload| payload[39] = b'\n',
        |payload| payload[1533] = b'*',
        |payload| payload[1579..1583].copy_from_slice(b"-> a"),
        |payload| payload[1626] = b' ',
    ];
    for (number, change) in changes.into_iter().enumerate() {
        let mut forge = Forge::new();
        assert_eq!(&forge.outer(layout::PAYLOAD)[22..40], stanza.as_bytes());
        change(forge.outer(layout::PAYLOAD));
        let refused = refusal(&forge.close());
        assert!(matches!(refused, BundleError::Content { .. }), "{number}: {refused}");
    }
}

/// A header is an announcement: nothing is reserved or read for it that the file does not have.
#[test]
fn claims_of_more_than_there_is() {
    let mut forge = Forge::new();
    forge.edit_outer(layout::INFO, "Payload-Oxum: ", "Payload-Oxum: 9");
    let error = refusal(&forge.close());
    assert!(matches!(error, BundleError::Claim { .. } | BundleError::Content { .. }), "{error}");

    for len in [600, 1 << 20, (1 << 32) - 1, 10 << 30] {
        let mut short = raw_header("bagit.txt", len % (1 << 33), b'0', "").to_vec();
        short.resize(1024, 0);
        refusal(&short);
    }
    let members: Vec<_> = Forge::new().outer.into_iter().take(13).collect();
    let mut short = tar(&members);
    short.truncate(short.len() - 1024);
    short.extend_from_slice(&raw_header(layout::PAYLOAD, (1 << 32) - 1, b'0', ""));
    short.resize(short.len() + 1024, 0);
    assert!(matches!(refusal(&short), BundleError::Length { .. } | BundleError::Claim { .. }));
}

/// A file of a terabyte that is all holes but for its beginning, which is a bundle's.
struct Sparse {
    bytes: Vec<u8>,
    at: u64,
    len: u64,
}

impl Read for Sparse {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = out.len().min((self.len - self.at) as usize);
        for (place, byte) in out[..count].iter_mut().enumerate() {
            *byte = self.bytes.get(self.at as usize + place).copied().unwrap_or(0);
        }
        self.at += count as u64;
        Ok(count)
    }
}

impl Seek for Sparse {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.at = match to {
            SeekFrom::Start(at) => at,
            SeekFrom::End(back) => self.len.saturating_add_signed(back),
            SeekFrom::Current(by) => self.at.saturating_add_signed(by),
        };
        Ok(self.at)
    }
}

#[test]
fn a_terabyte_of_nothing_is_refused_at_once() {
    let begin = std::time::Instant::now();
    let bytes = world().honest.clone();
    let mut sparse = Sparse { bytes, at: 0, len: 1 << 40 };
    assert!(Outer::read(&mut sparse).is_err());
    assert!(begin.elapsed().as_secs() < 5);
}

#[test]
fn something_after_the_end() {
    for tail in [&[0; 512][..], &[0; 1], b"x", &[0; 10240]] {
        let bundle = [&world().honest[..], tail].concat();
        assert!(matches!(refusal(&bundle), BundleError::Archive(_)));
    }
}

/// Links, devices, folders, PAX and GNU headers, names that leave the folder.
#[test]
fn members_that_are_no_plain_files() {
    let honest = &world().honest;
    for (name, kind, link) in [
        ("bagit.txt", b'2', "/etc/passwd"),
        ("bagit.txt", b'1', "signer.pub"),
        ("bagit.txt", b'3', ""),
        ("bagit.txt", b'4', ""),
        ("bagit.txt", b'6', ""),
        ("bagit.txt", b'x', ""),
        ("bagit.txt", b'g', ""),
        ("bagit.txt", b'L', ""),
        ("bagit.txt", 0, ""),
        ("bagit.txt", b'0', "x"),
        ("bagit.txt/", b'5', ""),
        ("/bagit.txt", b'0', ""),
        ("../bagit.txt", b'0', ""),
        ("./bagit.txt", b'0', ""),
        ("bagit.txt\u{202e}", b'0', ""),
        ("BAGIT.TXT", b'0', ""),
        ("CON", b'0', ""),
    ] {
        let header = raw_header(name, 55, kind, link);
        let replaced = [&header[..], &honest[512..]].concat();
        assert!(matches!(refusal(&replaced), BundleError::Archive(_)), "{name} {kind}");
        let before = [&raw_header(name, 0, kind, link)[..], honest].concat();
        assert!(matches!(refusal(&before), BundleError::Archive(_)), "{name} {kind}");
    }
}

#[test]
fn not_a_bundle() {
    for bytes in [&b""[..], b"x", &[0; 512], &[0; 1024], &[0xff; 4096], b"age-encryption.org/v1\n"] {
        refusal(bytes);
    }
}
