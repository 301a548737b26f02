//! Replies: the commands of docs/spec/reply.md, taken from the page as they stand there, check one with `sed`, `awk`,
//! `sha256sum` and `ssh-keygen`, and nothing that was changed.

use std::process::{Command, Output};

use crate::house::House;
use crate::tools::{composite_keygen, program, run_command, said};
use sanduq::bundle::Reply;
use sanduq::bundle::reply::About;
use sanduq::crypto::{Digest, Identity, KeyPair, LogSigningKey};
use sanduq::format::card::{Card, Draft, OfficerLine, Terms};
use sanduq::format::note::NoteSigner;
use sanduq::format::policy::Policy;

const PAGE: &str = include_str!("../../docs/spec/reply.md");

/// The page's commands; without the last one, which takes an `ssh-keygen` that knows the second key.
fn commands(both: bool) -> String {
    let (_, from) = PAGE.split_once("```sh\n").expect("commands");
    let commands = from.split_once("```").expect("their end").0.trim_end();
    if both { commands.to_owned() } else { commands.rsplit_once('\n').expect("lines").0.to_owned() }
}

fn card(officers: &[&KeyPair]) -> Card {
    let line =
        |keys: &&KeyPair| OfficerLine { recipient: Identity::generate().to_recipient(), keys: keys.public() };
    let terms = Terms {
        name: "Invented Archive".to_owned(),
        serial: 1,
        valid_until: "2099-11-23".parse().unwrap(),
        threshold: 1,
        officers: officers.iter().map(line).collect(),
        log: NoteSigner::new("invented.example/log", LogSigningKey::generate()).unwrap().verifier(),
        policy: Policy::none(),
    };
    Draft::new(terms).unwrap().sign(&KeyPair::generate())
}

/// Runs the page's commands over this reply and card.
fn check(house: &House, both: Option<&str>, card: &Card, reply: &str) -> Output {
    house.write("organisation.card", card.as_bytes());
    house.write("reply", reply);
    let mut command = Command::new("bash");
    command.args(["-euo", "pipefail", "-c", &commands(both.is_some())]).current_dir(&house.dir);
    if let Some(folder) = both {
        let paths = std::env::var("PATH").unwrap_or_default();
        command.env("PATH", format!("{folder}:{paths}"));
    }
    run_command(command, b"")
}

fn replies_are_checked(name: &str, both: Option<&str>) {
    let house = House::new(name);
    let (first, second) = (KeyPair::generate(), KeyPair::generate());
    let card = card(&[&first, &second]);
    let digest = Digest::of(b"invented");
    let about = About { bundle: digest, author: digest, card: card.digest() };
    // Words that look like the head's lines must not lead the commands astray.
    let words = "سپاس.\n\nofficer: 1\ncard: another\n\nWho else saw it?";
    let reply = Reply::sign(about, 2, 1, words, &second).unwrap().print();
    let good = check(&house, both, &card, &reply);
    assert!(good.status.success(), "{}", said(&good));
    let as_first = Reply::sign(about, 1, 1, words, &second).unwrap().print();
    let elsewhere = Reply::sign(About { card: digest, ..about }, 2, 1, words, &second).unwrap().print();
    for (what, bad) in [
        ("other words", reply.replace("Who else", "Who")),
        ("another bundle", reply.replacen(&digest.to_string(), &Digest::of(b"another").to_string(), 1)),
        ("in another's place", as_first),
        ("about another card", elsewhere),
    ] {
        assert!(!check(&house, both, &card, &bad).status.success(), "{what}");
    }
    if both.is_some() {
        // The first signature holds, and the second is by the other officer.
        let foreign = Reply::sign(about, 2, 1, words, &first).unwrap().print();
        let begins = |text: &str| text.rfind("-----BEGIN").expect("a second signature");
        let mixed = format!("{}{}", &reply[..begins(&reply)], &foreign[begins(&foreign)..]);
        assert!(!check(&house, both, &card, &mixed).status.success(), "the second by another");
    }
}

#[test]
fn ssh_keygen_takes_a_reply() {
    if program("ssh_keygen_takes_a_reply", "ssh-keygen").is_some() {
        replies_are_checked("keygen-takes-a-reply", None);
    }
}

#[test]
fn ssh_keygen_takes_both_signatures_of_a_reply() {
    let Some(keygen) = composite_keygen("ssh_keygen_takes_both_signatures_of_a_reply") else { return };
    let folder = keygen.parent().and_then(|folder| folder.to_str()).expect("a folder");
    replies_are_checked("keygen-takes-both", Some(folder));
}
