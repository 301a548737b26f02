//! Attacks on whole bundles, which are too long to be kept: each is made when it is asked for.

use std::sync::OnceLock;

use sanduq::bundle::layout;
use sanduq::crypto::KeyPair;
use sanduq::crypto::hybrid::Identity;

use super::families::{Family, Pair, Rng, line_of, misspelled, weak_key};
use super::forge::{Forge, sums, tar, world};

/// The bundle of a forger who changed nothing, which is signed once: a signature takes time.
fn unchanged() -> Vec<u8> {
    static UNCHANGED: OnceLock<Vec<u8>> = OnceLock::new();
    UNCHANGED.get_or_init(|| Forge::new().close()).clone()
}

/// The bundle of a forger who changed this, and then listed and signed everything anew.
fn forged(rng: &mut Rng, change: impl FnOnce(&mut Forge, &mut Rng)) -> Pair {
    let mut forge = Forge::new();
    change(&mut forge, rng);
    pair(unchanged(), forge.close())
}

/// The honest bundle's bytes, changed.
fn changed(rng: &mut Rng, change: impl FnOnce(&mut Vec<u8>, &mut Rng)) -> Pair {
    let good = world().honest.clone();
    let mut bad = good.clone();
    change(&mut bad, rng);
    pair(good, bad)
}

fn pair(good: Vec<u8>, bad: Vec<u8>) -> Pair {
    Pair { good: vec![good], bad: vec![bad] }
}

/// The member of this name as another program might write it, and everything behind it made anew.
fn spelled_otherwise(rng: &mut Rng, name: &str) -> Pair {
    forged(rng, |forge, rng| {
        let text = String::from_utf8(forge.outer(name).clone()).unwrap();
        *forge.outer(name) = misspelled(&text, rng);
    })
}

pub fn families() -> Vec<Family> {
    let family = |name, story, make| Family { name, kind: "bundle", story, make };
    vec![
        family("bundle-changed", "One bit, anywhere.", |rng| {
            changed(rng, |bytes, rng| {
                let place = rng.below(bytes.len());
                bytes[place] ^= 1 << rng.below(8);
            })
        }),
        family("bundle-cut-short", "The end of it is missing.", |rng| {
            changed(rng, |bytes, rng| {
                let kept = rng.below(bytes.len());
                bytes.truncate(rng.pick(&[kept, bytes.len() - 1, bytes.len() - 512, bytes.len() - 1024]));
            })
        }),
        family("bundle-with-something-behind-its-end", "Where some programs do not look.", |rng| {
            changed(rng, |bytes, rng| {
                let value = rng.pick(&[0, 0, 1, b'x']);
                bytes.resize(bytes.len() + 1 + rng.below(2048), value);
            })
        }),
        family(
            "bundle-with-another-header",
            "A field of a member's header says something else, with a right checksum.",
            |rng| {
                changed(rng, |bytes, rng| {
                    let start = bytes.windows(8).position(|part| part == b"quorum/0").unwrap()
                        + (512 + 10752) * rng.below(8);
                    let at = start
                        + rng.pick(&[
                            0, 99, 100, 106, 108, 116, 124, 135, 136, 156, 157, 256, 257, 263, 265, 297, 329,
                            345, 499, 511,
                        ]);
                    bytes[at] = bytes[at].wrapping_add(1 + rng.byte() % 7);
                    bytes[start + 148..start + 156].copy_from_slice(b"        ");
                    let sum: u32 = bytes[start..start + 512].iter().map(|byte| u32::from(*byte)).sum();
                    bytes[start + 148..start + 156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
                })
            },
        ),
        family(
            "bundle-of-other-members",
            "One is missing, there twice, in another's place or under another name.",
            |rng| {
                let mut forge = Forge::new();
                forge.list();
                forge.sign();
                let place = rng.below(forge.outer.len() - 1);
                match rng.below(5) {
                    0 => drop(forge.outer.remove(place)),
                    1 => forge.outer.insert(place, forge.outer[place].clone()),
                    2 => forge.outer.swap(place, place + 1),
                    3 => forge.outer[place].0 += "x",
                    _ => forge.outer.insert(place, ("more".to_owned(), vec![rng.byte()])),
                }
                pair(unchanged(), tar(&forge.outer))
            },
        ),
        family(
            "bundle-signed-by-another-key",
            "Signed anew by somebody whose key it does not name.",
            |rng| {
                let mut forge = Forge::new();
                forge.list();
                forge.sign();
                let name = rng.pick(&[layout::SIGNATURE, layout::PQ_SIGNATURE]);
                let right = forge.outer(name).clone();
                forge.one_time = KeyPair::generate();
                forge.sign();
                *forge.outer(name) = right;
                pair(unchanged(), tar(&forge.outer))
            },
        ),
        family("bundle-under-a-weak-key", "A one-time key under which anybody signs.", |rng| {
            forged(rng, |forge, rng| {
                let text = String::from_utf8(forge.outer(layout::SIGNER).clone()).unwrap();
                let lines: Vec<&str> = text.lines().collect();
                let weak = line_of("ssh-ed25519", &weak_key(rng));
                *forge.outer(layout::SIGNER) = format!("{weak}\n{}\n{}\n", lines[1], lines[2]).into_bytes();
            })
        }),
        family(
            "bundle-whose-payload-is-not-sealed",
            "Not the one header that every sealed file has.",
            |rng| {
                forged(rng, |forge, rng| {
                    let anywhere = rng.below(1627);
                    // Before, at and behind every place where the header's lines meet, and somewhere in them.
                    let place = rng.pick(&[0, 21, 22, 24, 38, 39, 1534, 1578, 1579, 1582, 1626, anywhere]);
                    let payload = forge.outer(layout::PAYLOAD);
                    let others: Vec<u8> =
                        b"\n =-*".iter().copied().filter(|byte| *byte != payload[place]).collect();
                    payload[place] = rng.pick(&others);
                })
            },
        ),
        family("bundle-whose-payload-has-no-class", "A length that would tell more than the class.", |rng| {
            forged(rng, |forge, rng| {
                forge.more_padding = 1 + rng.below(32 * 1024 - 1) as u64;
                forge.payload_key = Identity::generate();
                forge.seal();
            })
        }),
        family(
            "bundle-in-parts-that-need-not-be",
            "A payload that fits one member, under the name of a part.",
            |rng| {
                forged(rng, |forge, rng| {
                    let place = forge.outer.iter().position(|(name, _)| name == layout::PAYLOAD).unwrap();
                    let payload = forge.outer[place].1.clone();
                    let cut =
                        if rng.below(2) == 0 { payload.len() } else { 1 + rng.below(payload.len() - 1) };
                    let parts =
                        [&payload[..cut], &payload[cut..]].into_iter().filter(|part| !part.is_empty());
                    let named = (1..)
                        .zip(parts)
                        .map(|(number, part)| (format!("data/payload.age.{number:03}"), part.to_vec()));
                    let named: Vec<_> = named.collect();
                    let text = format!("Payload-Oxum: {}.{}", payload.len(), named.len());
                    let before = format!("Payload-Oxum: {}.1", payload.len());
                    if named.len() > 1 {
                        forge.edit_outer(layout::INFO, &before, &text);
                    }
                    *forge.outer(layout::MANIFEST) = sums(&named);
                    forge.outer.splice(place..=place, named);
                })
            },
        ),
        family(
            "bundle-whose-numbers-differ",
            "Bytes, parts or a version that are not what is there.",
            |rng| {
                forged(rng, |forge, rng| {
                    let edits = [
                        ("sanduq-bundle/1", "sanduq-bundle/2"),
                        (".1\n", ".2\n"),
                        (".1\n", ".01\n"),
                        (".1\n", ".1.1\n"),
                        ("Payload-Oxum: ", "Payload-Oxum: 1"),
                        ("Payload-Oxum: ", "Payload-Oxum: 0"),
                        ("Disclosure-SHA256: ", "Disclosure-SHA256: a"),
                        ("Author-Commit-SHA256: ", "Author-Commit-SHA256: G"),
                        ("Proof-Commit-SHA256", "Proof-commit-SHA256"),
                        ("Payload-Oxum", "Contact-Name: somebody\nPayload-Oxum"),
                    ];
                    let (from, to) = rng.pick(&edits);
                    forge.edit_outer(layout::INFO, from, to);
                })
            },
        ),
        family("bundle-quorum-file-of-another-length", "Whose key it holds would show.", |rng| {
            forged(rng, |forge, rng| {
                let name = format!("quorum/{:02}.age", 1 + rng.below(10));
                let len = rng.pick(&[0, 1, 10609, 10611, 10610 + 512]);
                forge.outer(&name).resize(len, 0);
            })
        }),
        family("bundle-declaration-spelled-otherwise", "Another BagIt, or the same in other bytes.", |rng| {
            spelled_otherwise(rng, layout::BAGIT)
        }),
        family("bundle-info-spelled-otherwise", "The five lines in other bytes.", |rng| {
            spelled_otherwise(rng, layout::INFO)
        }),
        family("bundle-signer-spelled-otherwise", "The keys in other bytes.", |rng| {
            spelled_otherwise(rng, layout::SIGNER)
        }),
        family("bundle-list-spelled-otherwise", "A list in other bytes, which is signed as it is.", |rng| {
            let mut forge = Forge::new();
            forge.list();
            let name = rng.pick(&[layout::MANIFEST, layout::TAG_MANIFEST]);
            let text = String::from_utf8(forge.outer(name).clone()).unwrap();
            *forge.outer(name) = misspelled(&text, rng);
            if name == layout::MANIFEST {
                forge.relist_tags();
            }
            forge.sign();
            pair(unchanged(), tar(&forge.outer))
        }),
        family("bundle-signature-spelled-otherwise", "A signature in other bytes.", |rng| {
            let mut forge = Forge::new();
            forge.list();
            forge.sign();
            let name = rng.pick(&[layout::SIGNATURE, layout::PQ_SIGNATURE]);
            let text = String::from_utf8(forge.outer(name).clone()).unwrap();
            *forge.outer(name) = misspelled(&text, rng);
            pair(unchanged(), tar(&forge.outer))
        }),
    ]
}
