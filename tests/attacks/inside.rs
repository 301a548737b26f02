//! Attacks that only an officer's program meets: the outside is good, the payload opens, and what is in it was
//! made by somebody who holds some of the keys.

use std::io::{self, Cursor, Read};

use sanduq::bundle::files::Arriving;
use sanduq::bundle::layout::Info;
use sanduq::bundle::{BundleError, FileSink, Step, Unread, layout};
use sanduq::crypto::{Digest, KeyPair, domain};
use sanduq::format::sshsig;

use super::forge::{Forge, Shelf, edit, open, open_into, outside, world};

#[track_caller]
fn refusal(bundle: &[u8]) -> BundleError {
    open(bundle, &world().ours.officer).expect_err("the attack succeeded")
}

/// What was sealed to us reaches another organisation as if it had been sent there: the officer who opened it
/// seals the inside again, to them.
#[test]
fn passed_on_to_another_organisation() {
    let theirs = &world().theirs;
    let mut forge = Forge::new();
    forge.officers = vec![theirs.officer.to_recipient()];
    forge.split_key();
    let refused = open(&forge.close(), &theirs.officer);
    assert!(matches!(refused, Err(BundleError::NotOnCard { name }) if name == "Ours"));
}

/// The same, with their card in place of ours.
#[test]
fn passed_on_with_the_card_exchanged() {
    let theirs = &world().theirs;
    let mut forge = Forge::new();
    forge.officers = vec![theirs.officer.to_recipient()];
    *forge.inner(layout::CARD) = theirs.card.as_bytes().to_vec();
    let refused = open(&forge.close_inside(), &theirs.officer);
    assert!(matches!(refused, Err(BundleError::DigestMismatch { name, .. }) if name == layout::CARD));
}

/// The same, with a statement by the one who passes it on: it is then his statement, under his author key, and
/// cannot pass for the author's. The author's commitment outside is not met.
#[test]
fn passed_on_as_one_s_own_under_the_old_commitment() {
    let mut forge = Forge::new();
    forge.remanifest();
    forge.seal();
    let info = forge.outer(layout::INFO).clone();
    forge.author = KeyPair::generate();
    forge.restate(|_| {});
    forge.remanifest();
    forge.seal();
    *forge.outer(layout::INFO) = info;
    let refused = refusal(&forge.close());
    assert!(matches!(refused, BundleError::DigestMismatch { name, .. } if name == layout::AUTHOR));
}

#[test]
fn the_statement_names_another() {
    let other = Digest::of(b"another");
    let refused = |change: fn(&mut sanduq::bundle::Statement, Digest)| {
        let mut forge = Forge::new();
        forge.restate(|statement| change(statement, Digest::of(b"another")));
        refusal(&forge.close_inside())
    };
    let error = refused(|statement, other| statement.disclosure = other);
    assert!(matches!(error, BundleError::Statement("list of records")), "{error}");
    let error = refused(|statement, other| statement.proof = other);
    assert!(matches!(error, BundleError::Statement("proof of authorship")), "{error}");
    let error = refused(|statement, other| statement.card = other);
    assert!(matches!(error, BundleError::DigestMismatch { expected, .. } if expected == other));
    let error = refused(|statement, _| statement.bundle = KeyPair::generate().public());
    assert!(matches!(error, BundleError::Statement("one-time key")), "{error}");
}

#[test]
fn the_author_did_not_sign() {
    for name in [layout::AUTHOR_SIGNATURE, layout::AUTHOR_PQ_SIGNATURE] {
        let mut stranger = Forge::new();
        stranger.author = KeyPair::generate();
        let text = stranger.inner(layout::AUTHOR).clone();
        stranger.sign_author(&text);
        let by_a_stranger = stranger.inner(name).clone();

        let mut otherwise = Forge::new();
        otherwise.sign_author(b"another text");
        let of_another_text = otherwise.inner(name).clone();

        let mut role = Forge::new();
        let text = role.inner(layout::AUTHOR).clone();
        let signatures = role.author.sign::<domain::Bundle>(&text);
        let roles = sshsig::encode_pair(&role.author.public(), &signatures);
        let in_another_role = roles[usize::from(name == layout::AUTHOR_PQ_SIGNATURE)].clone().into_bytes();

        for signature in [by_a_stranger, of_another_text, in_another_role, Vec::new()] {
            let mut forge = Forge::new();
            *forge.inner(name) = signature;
            let refused = refusal(&forge.close_inside());
            assert!(matches!(refused, BundleError::Signature { member } if member == name));
        }
    }
}

#[test]
fn one_author_signature_stripped() {
    for name in [layout::AUTHOR_SIGNATURE, layout::AUTHOR_PQ_SIGNATURE] {
        let mut forge = Forge::new();
        forge.inner.retain(|(one, _)| one != name);
        assert!(matches!(refusal(&forge.close_inside()), BundleError::Member { .. }));
    }
}

#[test]
fn a_statement_in_another_spelling() {
    for (from, to) in [
        ("sanduq-author/1", "sanduq-author/2"),
        ("\nsalt", "\r\nsalt"),
        ("author: ", "author:  "),
        ("card: ", "act: add\ncard: "),
        ("disclosure: ", "disclosure: A"),
    ] {
        let mut forge = Forge::new();
        forge.edit_inner(layout::AUTHOR, from, to);
        let text = forge.inner(layout::AUTHOR).clone();
        forge.sign_author(&text);
        let refused = refusal(&forge.close_inside());
        assert!(matches!(refused, BundleError::Content { .. }), "{refused}");
    }
}

#[test]
fn a_card_whose_signature_does_not_hold() {
    let mut forge = Forge::new();
    edit(forge.inner(layout::CARD), "Ours", "Oors");
    forge.restate(|_| {});
    assert!(matches!(refusal(&forge.close_inside()), BundleError::Card(_)));
}

#[test]
fn a_unit_changed() {
    let mut forge = Forge::new();
    let unit = forge.inner_with("Sample Town");
    forge.edit_inner(&unit, "Sample Town", "Xample Town");
    assert!(matches!(refusal(&forge.close_inside()), BundleError::Evidence { record: 1, .. }));
}

#[test]
fn a_unit_changed_and_its_list_recomputed() {
    let mut forge = Forge::new();
    let unit = forge.inner_with("Sample Town");
    forge.edit_inner(&unit, "Sample Town", "Xample Town");
    let records = forge.inner(layout::RECORDS).clone();
    forge.relist();
    *forge.inner(layout::RECORDS) = records;
    assert!(matches!(refusal(&forge.close_inside()), BundleError::DigestMismatch { .. }));
}

#[test]
fn a_unit_changed_and_all_lists_recomputed() {
    let mut forge = Forge::new();
    let unit = forge.inner_with("Sample Town");
    forge.edit_inner(&unit, "Sample Town", "Xample Town");
    forge.relist();
    assert!(matches!(refusal(&forge.close_inside()), BundleError::Statement("list of records")));
}

#[test]
fn a_unit_left_out_added_or_exchanged() {
    let mut left_out = Forge::new();
    let unit = left_out.inner_with("Sample Town");
    left_out.inner.retain(|(name, _)| *name != unit);
    assert!(matches!(refusal(&left_out.close_inside()), BundleError::Member { .. }));

    let mut added = Forge::new();
    let place = added.place(&unit);
    added.inner.insert(place, ("data/records/0001/units/0099.json".to_owned(), b"{}".to_vec()));
    assert!(matches!(refusal(&added.close_inside()), BundleError::Member { .. }));

    let mut swapped = Forge::new();
    let name = |number| format!("data/records/0001/units/{number:04}.json");
    let (one, other) = (swapped.place(&name(2)), swapped.place(&name(3)));
    let body = swapped.inner[one].1.clone();
    swapped.inner[one].1 = std::mem::replace(&mut swapped.inner[other].1, body);
    assert!(matches!(refusal(&swapped.close_inside()), BundleError::Evidence { .. }));
}

/// Two records of one bundle change places, and with them what belongs to which consent.
#[test]
fn two_records_exchanged() {
    let mut forge = Forge::new();
    for (name, _) in &mut forge.inner {
        *name = match name.strip_prefix("data/records/000") {
            Some(rest) if rest.starts_with('1') => format!("data/records/0002{}", &rest[1..]),
            Some(rest) => format!("data/records/0001{}", &rest[1..]),
            None => continue,
        };
    }
    let (first, second): (Vec<_>, Vec<_>) =
        forge.inner.iter().cloned().partition(|(name, _)| !name.starts_with("data/records/0002"));
    let place = first.iter().position(|(name, _)| name.starts_with("data/files")).unwrap();
    forge.inner = first;
    forge.inner.splice(place..place, second);
    assert!(matches!(refusal(&forge.close_inside()), BundleError::DigestMismatch { .. }));
}

/// An author who says what no record may say, honestly listed and signed.
#[test]
fn a_record_that_makes_no_item() {
    for (unit, from, to) in [
        ("\"unit\":\"consent\"", "organisation", "organization"),
        ("\"unit\":\"consent\"", "\"never\"", "\"public\""),
        ("\"unit\":\"kind\"", "\"unit\":\"kind\"", "\"unit\":\"title\""),
        ("\"unit\":\"run\"", "\"paragraph\":1", "\"paragraph\":2"),
        ("\"unit\":\"person\"", "\"position\":1", "\"position\":2"),
        ("\"unit\":\"title\"", "Invented", "Invented\\u0041"),
        ("\"unit\":\"title\"", "\"}\n", "\"}"),
    ] {
        let mut forge = Forge::new();
        let name = forge.inner_with(unit);
        forge.edit_inner(&name, from, to);
        forge.relist();
        forge.restate(|_| {});
        let refused = refusal(&forge.close_inside());
        assert!(matches!(refused, BundleError::Evidence { record: 1, .. }), "{refused}");
    }
}

#[test]
fn a_file_changed() {
    let mut forge = Forge::new();
    forge.edit_inner("data/files/0001", "first", "First");
    let refused = refusal(&forge.close_inside());
    assert!(matches!(refused, BundleError::DigestMismatch { name, .. } if name == "data/files/0001"));
}

/// Takes files and does not mind that reading one failed.
struct Deaf;

impl FileSink for Deaf {
    fn take(&mut self, _file: &Arriving, content: &mut dyn Read) -> io::Result<()> {
        let _ = io::copy(content, &mut io::sink());
        Ok(())
    }
}

#[test]
fn a_file_that_does_not_come_and_a_sink_that_does_not_mind() {
    let mut forge = Forge::new();
    assert!(open_into(&forge.clone().close_inside(), &world().ours.officer, &mut Deaf).is_ok());
    forge.inner("data/files/0001").push(b'.');
    let refused = open_into(&forge.close_inside(), &world().ours.officer, &mut Deaf);
    assert!(matches!(refused, Err(BundleError::Files(_))), "{refused:?}");
}

#[test]
fn a_file_longer_shorter_left_out_added_or_exchanged() {
    let refused = |change: fn(&mut Forge)| {
        let mut forge = Forge::new();
        change(&mut forge);
        refusal(&forge.close_inside())
    };
    let error = refused(|forge| forge.inner("data/files/0001").push(b'.'));
    assert!(matches!(error, BundleError::Files(_)), "{error}");
    let error = refused(|forge| forge.inner("data/files/0001").truncate(9));
    assert!(matches!(error, BundleError::Files(_)), "{error}");
    let error = refused(|forge| forge.inner.retain(|(name, _)| name != "data/files/0002"));
    assert!(matches!(error, BundleError::Member { .. }), "{error}");
    let error = refused(|forge| {
        let place = forge.place("data/files/0002") + 1;
        forge.inner.insert(place, ("data/files/0003".to_owned(), b"more".to_vec()));
    });
    assert!(matches!(error, BundleError::Member { .. }), "{error}");
    let error = refused(|forge| {
        let first = std::mem::take(forge.inner("data/files/0001"));
        let second = std::mem::replace(forge.inner("data/files/0002"), first);
        *forge.inner("data/files/0001") = second;
    });
    assert!(matches!(error, BundleError::Files(_)), "{error}");
}

#[test]
fn descriptors_that_do_not_fit_the_files() {
    let refused = |from: &str, to: &str| {
        let mut forge = Forge::new();
        let name = forge.inner_with("\"file\":2,");
        forge.edit_inner(&name, from, to);
        forge.relist();
        forge.restate(|_| {});
        refusal(&forge.close_inside())
    };
    let error = refused("\"file\":2,", "\"file\":1,");
    assert!(matches!(error, BundleError::Files("two files under one number")), "{error}");
    let error = refused("\"file\":2,", "\"file\":3,");
    assert!(matches!(error, BundleError::Files("a number is missing")), "{error}");
    let error = refused("\"file\":2,", "\"file\":0,");
    assert!(error.to_string().ends_with("is not a unit"), "{error}");
    let error = refused("\"size\":10,", "\"size\":9,");
    assert!(matches!(error, BundleError::Files("a file of another length")), "{error}");
    let error = refused("\"size\":10,", "\"size\":18446744073709551615,");
    assert!(matches!(error, BundleError::Length { .. }), "{error}");
}

#[test]
fn an_inner_manifest_that_says_otherwise() {
    for (from, to) in [("data/card", "data/cart"), ("  ", " *"), ("\n", "\r\n")] {
        let mut forge = Forge::new();
        forge.remanifest();
        forge.edit_inner(layout::MANIFEST, from, to);
        forge.seal();
        let refused = refusal(&forge.close());
        let expected = matches!(refused, BundleError::Manifest { .. } | BundleError::Length { .. });
        assert!(expected, "{refused}");
    }
}

#[test]
fn the_salt_is_shorter_or_another() {
    for salt in [vec![0; 31], vec![0; 32], Vec::new()] {
        let mut forge = Forge::new();
        *forge.inner(layout::SALT) = salt;
        let refused = refusal(&forge.close_inside());
        let expected = matches!(refused, BundleError::DigestMismatch { .. } | BundleError::Content { .. });
        assert!(expected, "{refused}");
    }
}

/// The padding hides the size and nothing else: it is of zeros, and as long as its class.
#[test]
fn something_in_the_padding() {
    let mut forge = Forge::new();
    forge.last_byte = 1;
    assert!(matches!(refusal(&forge.close_inside()), BundleError::Archive(_)));
}

#[test]
fn more_padding_than_the_class() {
    let mut forge = Forge::new();
    forge.remanifest();
    forge.more_padding = 1 << 20;
    forge.seal();
    assert!(matches!(refusal(&forge.close()), BundleError::Content { .. }));
}

#[test]
fn members_too_many_twice_or_out_of_order() {
    let last = Forge::new().inner.len();
    for place in 0..=last {
        let mut forge = Forge::new();
        forge.remanifest();
        forge.inner.insert(place, ("data/more".to_owned(), Vec::new()));
        forge.seal();
        assert!(matches!(refusal(&forge.close()), BundleError::Member { .. }), "{place}");
    }
    for place in 0..last {
        let mut twice = Forge::new();
        twice.remanifest();
        let member = twice.inner[place].clone();
        twice.inner.insert(place, member);
        twice.seal();
        let refused = refusal(&twice.close());
        assert!(matches!(refused, BundleError::Member { .. }), "{place}: {refused}");
    }
}

/// A label is shown, never used as a path: the program takes it as it is.
#[test]
fn a_label_that_looks_like_a_path_is_only_a_label() {
    let mut forge = Forge::new();
    let name = forge.inner_with("\"label\":\"a.txt\"");
    forge.edit_inner(&name, "\"label\":\"a.txt\"", "\"label\":\"../../etc/\u{202e}passwd\"");
    forge.relist();
    forge.restate(|_| {});
    let verified = open(&forge.close_inside(), &world().ours.officer).unwrap();
    let labels = verified.records[1].item.files.values().map(|file| file.label.clone().unwrap());
    assert!(labels.into_iter().any(|label| label.starts_with("../../")));
}

/// The lists of two bundles of the same items have nothing in common, so one cannot be recognised by the other.
#[test]
fn a_list_without_its_salt() {
    let mut forge = Forge::new();
    let records = String::from_utf8(forge.inner(layout::RECORDS).clone()).unwrap();
    *forge.inner(layout::RECORDS) = records.split_once('\n').unwrap().1.as_bytes().to_vec();
    forge.restate(|_| {});
    assert!(matches!(refusal(&forge.close_inside()), BundleError::Content { .. }));
}

/// The list's names are what `sha256sum -c` looks for: one that is not a record's place is no entry of it.
#[test]
fn a_list_that_names_another_place() {
    for other in ["data/records/000009/disclosure-sha256.txt", "data/records/000001/unit-sha256.txt"] {
        let mut forge = Forge::new();
        let records = String::from_utf8(forge.inner(layout::RECORDS).clone()).unwrap();
        let named = records.lines().nth(1).unwrap().split_once("  ").unwrap().1;
        *forge.inner(layout::RECORDS) = records.replacen(named, other, 1).into_bytes();
        forge.restate(|_| {});
        let refused = refusal(&forge.close_inside());
        assert!(
            matches!(refused, BundleError::Content { .. } | BundleError::Format { .. }),
            "{other}: {refused}"
        );
    }
}

/// Everything is recomputed but the digest outside, which is still the one that the author's statement names.
#[test]
fn a_list_of_records_that_the_author_did_not_sign() {
    let mut forge = Forge::new();
    forge.remanifest();
    forge.seal();
    let info = Info::parse(forge.outer(layout::INFO)).unwrap();
    let unit = forge.inner_with("Sample Town");
    forge.edit_inner(&unit, "Sample Town", "Xample Town");
    forge.relist();
    forge.remanifest();
    forge.seal();
    let mut kept = Info::parse(forge.outer(layout::INFO)).unwrap();
    kept.disclosure = info.disclosure;
    *forge.outer(layout::INFO) = kept.print().into_bytes();
    let refused = refusal(&forge.close());
    assert!(
        matches!(&refused, BundleError::DigestMismatch { name, .. } if name == layout::RECORDS),
        "{refused}"
    );
}

/// Two bundles under one payload key: what was opened of one is not taken for the other.
#[test]
fn a_bundle_opened_with_the_key_of_another() {
    let [one, other] = [(); 2].map(|()| {
        let mut forge = Forge::new();
        forge.one_time = KeyPair::generate();
        forge.rekey();
        forge.close_inside()
    });
    let officer = &world().ours.officer;
    let opened = |bundle: &[u8]| {
        let outer = outside(bundle).unwrap();
        match outer.open_quorum(officer, None).unwrap() {
            Step::Opened(opened) => opened,
            other => panic!("{other:?}"),
        }
    };
    let (right, wrong) = (opened(&one), opened(&other));
    let verify = |opened| {
        let mut source = Cursor::new(&one);
        let unread = Unread::begin(&mut source).unwrap();
        unread.verify(opened, &mut source, &officer.to_recipient(), &mut Shelf::default())
    };
    assert!(matches!(verify(&wrong), Err(BundleError::Payload)));
    verify(&right).unwrap();
}

#[test]
fn another_declaration_of_the_bag() {
    let mut forge = Forge::new();
    forge.edit_inner(layout::BAGIT, "BagIt-Version: 1.0", "BagIt-Version: 0.97");
    let refused = refusal(&forge.close_inside());
    assert!(matches!(&refused, BundleError::Content { member } if member == layout::BAGIT), "{refused}");
}
