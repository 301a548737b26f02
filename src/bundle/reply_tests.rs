//! Tests of replies.

use super::super::sample::{Organisation, organisation};
use super::*;
use crate::format::card::{Draft, OfficerLine, Terms};

/// A card with these officers' keys.
fn card(keys: &[&KeyPair]) -> Card {
    let Organisation { card, .. } = organisation(keys.len(), 1);
    let officers = card.officers().iter().zip(keys);
    let line = |(old, keys): (&OfficerLine, &&KeyPair)| OfficerLine {
        recipient: old.recipient.clone(),
        keys: keys.public(),
    };
    let terms = Terms { officers: officers.map(line).collect(), ..card.terms().clone() };
    Draft::new(terms).unwrap().sign(&KeyPair::generate())
}

struct Scene {
    officers: [KeyPair; 2],
    card: Card,
    about: About,
}

fn scene() -> Scene {
    let officers = [KeyPair::generate(), KeyPair::generate()];
    let card = card(&officers.each_ref());
    let about = About {
        bundle: Digest::of(b"an invented bundle"),
        author: Digest::of(b"an invented author"),
        card: card.digest(),
    };
    Scene { officers, card, about }
}

impl Scene {
    fn reply(&self, officer: usize, words: &str) -> Reply {
        Reply::sign(self.about, officer, 1, words, &self.officers[officer - 1]).unwrap()
    }

    fn verify(&self, reply: &Reply) -> Result<(), ReplyError> {
        reply.verify(&self.about.bundle, &self.about.author, &self.card)
    }
}

#[test]
fn a_reply_has_one_spelling_and_holds_for_its_bundle_author_and_card() {
    let scene = scene();
    let words = "سپاس.\n\nbundle: no line of the head\n\nWho else saw it?";
    let reply = scene.reply(2, words);
    let read = Reply::parse(reply.print().as_bytes()).unwrap();
    assert_eq!((&read, read.print()), (&reply, reply.print()));
    assert_eq!((read.officer(), read.number(), read.words()), (2, 1, words));
    scene.verify(&read).unwrap();
    let other = Digest::of(b"another");
    let About { bundle, author, .. } = scene.about;
    assert_eq!(reply.verify(&other, &author, &scene.card), Err(ReplyError::Another("bundle")));
    assert_eq!(reply.verify(&bundle, &other, &scene.card), Err(ReplyError::Another("author")));
    let again = card(&scene.officers.each_ref());
    assert_eq!(reply.verify(&bundle, &author, &again), Err(ReplyError::Another("card")));
}

#[test]
fn only_the_officer_at_that_place_says_it_with_both_keys() {
    let scene = scene();
    let good = scene.reply(1, "Thanks.");
    let second = Reply::sign(scene.about, 2, 1, "Thanks.", &scene.officers[0]).unwrap();
    assert!(matches!(scene.verify(&second), Err(ReplyError::Signature(_))), "another officer's place");
    let third = Reply::sign(scene.about, 3, 1, "Thanks.", &scene.officers[0]).unwrap();
    assert_eq!(scene.verify(&third), Err(ReplyError::NoOfficer(3)));
    let stranger = Reply::sign(scene.about, 1, 1, "Thanks.", &KeyPair::generate()).unwrap();
    assert!(scene.verify(&stranger).is_err());
    for (name, signatures) in [
        ("the first by a stranger", [stranger.signatures[0].clone(), good.signatures[1].clone()]),
        ("the second by a stranger", [good.signatures[0].clone(), stranger.signatures[1].clone()]),
        ("those of another reply", scene.reply(1, "Thanks!").signatures),
    ] {
        let forged = Reply { signatures, ..good.clone() };
        let read = Reply::parse(forged.print().as_bytes()).unwrap();
        assert!(matches!(scene.verify(&read), Err(ReplyError::Signature(_))), "{name}");
    }
    let [signature, pq_signature] = &good.signatures;
    for (name, signatures) in [
        ("stripped", signature.clone()),
        ("the other stripped", pq_signature.clone()),
        ("swapped", format!("{pq_signature}{signature}")),
        ("twice the first", format!("{signature}{signature}")),
        ("one too many", format!("{signature}{pq_signature}{pq_signature}")),
        ("none", String::new()),
    ] {
        assert!(Reply::parse(format!("{}{signatures}", good.text()).as_bytes()).is_err(), "{name}");
    }
}

#[test]
fn words_are_composed_and_what_cannot_be_said_is_refused_before_it_is_signed() {
    let scene = scene();
    assert_eq!(scene.reply(1, " a\u{308}\n").words(), "\u{e4}");
    assert_eq!(
        scene.reply(1, "\u{1b}[2J\u{202e}x").words(),
        "\u{1b}[2J\u{202e}x",
        "escaped where it is shown"
    );
    let long = "a".repeat(WORDS_BYTES_MAX);
    for words in ["", " \n ", "a\0b", &format!("a\n{SIGNATURE}"), &format!("{long}a")] {
        let refused = Reply::sign(scene.about, 1, 1, words, &scene.officers[0]);
        assert_eq!(refused, Err(ReplyError::Words), "{}", words.len());
    }
    let longest = Reply::sign(scene.about, 1, u64::MAX, &long, &scene.officers[0]).unwrap();
    assert!(longest.print().len() <= REPLY_BYTES_MAX);
    Reply::parse(longest.print().as_bytes()).unwrap();
}

#[test]
fn other_spellings_are_refused() {
    let good = scene().reply(1, "One line.").print();
    for (from, to) in [
        ("sanduq-reply/1", "sanduq-reply/2"),
        ("officer: 1", "officer: 01"),
        ("officer: 1", "officer: 0"),
        ("officer: 1", "officer: 6"),
        ("number: 1", "number: 0"),
        ("number: 1", "number: +1"),
        ("number: 1\n", ""),
        ("\n\nOne", "\nOne"),
        ("One line.", ""),
        ("One line.", " One line."),
        ("One line.", "One line.\n"),
        ("One line.", "a\u{308}"),
        ("One line.\n", "One line."),
        ("\n", "\r\n"),
    ] {
        let bad = good.replace(from, to);
        assert_ne!(bad, good);
        assert!(Reply::parse(bad.as_bytes()).is_err(), "{from:?} -> {to:?}");
    }
    assert!(Reply::parse(format!("{good}\n").as_bytes()).is_err());
    assert!(Reply::parse(good.trim_end().as_bytes()).is_err());
}
