//! Attacks on a single signature, of either kind, over one message.

use sanduq::crypto::domain::Bundle;
use sanduq::crypto::{Algorithm, Domain, SigningKey, domain};
use sanduq::format::sshsig;

use super::{Family, Pair, Rng, base64, keys, line_of, malleate, misspelled, unbase64, weak_key};

/// A key of either kind, and a message.
fn setting(rng: &mut Rng) -> (SigningKey, Vec<u8>) {
    let kind = rng.pick(&[Algorithm::Ed25519, Algorithm::MlDsa44Ed25519]);
    let seed = sanduq::crypto::Secret::new([1 + rng.byte() % 4; 32]);
    let message = (0..rng.below(200)).map(|_| rng.byte()).collect();
    (SigningKey::from_seed(kind, &seed), message)
}

fn envelope<D: Domain>(by: &SigningKey, message: &[u8]) -> String {
    sshsig::encode(&by.verifying_key(), &by.sign::<D>(message))
}

fn files(envelope: impl Into<Vec<u8>>, key: &str, message: &[u8]) -> Vec<Vec<u8>> {
    vec![envelope.into(), format!("{key}\n").into_bytes(), message.to_vec()]
}

/// A signature, and what an attacker makes of it.
fn pair(rng: &mut Rng, change: impl FnOnce(&SigningKey, &[u8], &mut Rng) -> Vec<u8>) -> Pair {
    let (by, message) = setting(rng);
    let key = by.verifying_key().to_line();
    let good = envelope::<Bundle>(&by, &message);
    let bad = change(&by, &message, rng);
    Pair { good: files(good, &key, &message), bad: files(bad, &key, &message) }
}

/// The same with the bytes in the envelope changed.
fn inside(rng: &mut Rng, change: impl FnOnce(&mut Vec<u8>, &mut Rng)) -> Pair {
    pair(rng, |by, message, rng| {
        let mut blob = opened(&envelope::<Bundle>(by, message));
        change(&mut blob, rng);
        armoured(&blob, 70).into_bytes()
    })
}

fn opened(envelope: &str) -> Vec<u8> {
    unbase64(&envelope.lines().filter(|line| !line.starts_with("-----")).collect::<String>())
}

fn armoured(blob: &[u8], width: usize) -> String {
    let text = base64(blob);
    let lines: String =
        text.as_bytes().chunks(width).map(|line| String::from_utf8_lossy(line) + "\n").collect();
    format!("{}{lines}{}", sshsig::BEGIN, sshsig::END)
}

/// Replaces bytes that must be there, once.
fn swap(blob: &mut Vec<u8>, from: &[u8], to: &[u8]) {
    let at = blob.windows(from.len()).position(|part| part == from).expect("something to replace");
    blob.splice(at..at + from.len(), to.iter().copied());
}

pub fn families() -> Vec<Family> {
    let family = |name, story, make| Family { name, kind: "signature", story, make };
    vec![
        family("malleated-signature", "S + L in place of S: another signature that nobody made.", |rng| {
            inside(rng, |blob, _| malleate(blob))
        }),
        family("signature-of-another-role", "What was signed as something else, word for word.", |rng| {
            pair(rng, |by, message, rng| {
                let roles = [
                    envelope::<domain::Author>,
                    envelope::<domain::Card>,
                    envelope::<domain::Event>,
                    envelope::<domain::Proof>,
                    envelope::<domain::Reply>,
                ];
                rng.pick(&roles)(by, message).into_bytes()
            })
        }),
        family(
            "signature-that-only-claims-its-role",
            "The role in the envelope is changed to the one that is asked for.",
            |rng| {
                pair(rng, |by, message, _| {
                    let mut blob = opened(&envelope::<domain::Author>(by, message));
                    swap(&mut blob, b"sanduq-author", b"sanduq-bundle");
                    armoured(&blob, 70).into_bytes()
                })
            },
        ),
        family("signature-over-another-message", "One bit of the message, or a byte more.", |rng| {
            pair(rng, |by, message, rng| {
                let mut other = message.to_vec();
                if other.is_empty() || rng.below(2) == 0 {
                    other.push(rng.byte());
                } else {
                    let place = rng.below(other.len());
                    other[place] ^= 1 << rng.below(8);
                }
                envelope::<Bundle>(by, &other).into_bytes()
            })
        }),
        family("signature-by-another-key", "A good signature of somebody else.", |rng| {
            pair(rng, |by, message, _| {
                let other = SigningKey::from_seed(by.algorithm(), &sanduq::crypto::Secret::new([99; 32]));
                envelope::<Bundle>(&other, message).into_bytes()
            })
        }),
        family(
            "signature-under-another-name",
            "The right signature in an envelope that names another key.",
            |rng| {
                pair(rng, |by, message, _| {
                    let other = SigningKey::from_seed(by.algorithm(), &sanduq::crypto::Secret::new([99; 32]));
                    sshsig::encode(&other.verifying_key(), &by.sign::<Bundle>(message)).into_bytes()
                })
            },
        ),
        family(
            "half-of-a-composite-signature",
            "One half is by another key: who breaks one algorithm has not broken both.",
            |rng| {
                let message: Vec<u8> = (0..rng.below(90)).map(|_| rng.byte()).collect();
                let [by, other] = [1, 2].map(|seed| {
                    SigningKey::from_seed(Algorithm::MlDsa44Ed25519, &sanduq::crypto::Secret::new([seed; 32]))
                });
                let key = by.verifying_key().to_line();
                let good = envelope::<Bundle>(&by, &message);
                let theirs = other.sign::<Bundle>(&message).as_bytes().to_vec();
                let mut blob = opened(&good);
                let start = blob.len() - theirs.len();
                let half = if rng.below(2) == 0 { 0..2420 } else { 2420..2484 };
                blob[start + half.start..start + half.end].copy_from_slice(&theirs[half]);
                Pair { good: files(good, &key, &message), bad: files(armoured(&blob, 70), &key, &message) }
            },
        ),
        family(
            "signature-of-another-algorithm",
            "The key is of one kind and the signature of another.",
            |rng| {
                let message = [rng.byte(); 3];
                let both = keys(1 + rng.byte() % 4);
                let [one, other] = sshsig::encode_pair(&both.public(), &both.sign::<Bundle>(&message));
                let key = both.public().ed25519().to_line();
                Pair { good: files(one, &key, &message), bad: files(other, &key, &message) }
            },
        ),
        family(
            "signature-by-a-weak-key",
            "The identity signs every message, and OpenSSH believes it.",
            |rng| {
                let message = [rng.byte(); 3];
                let by = SigningKey::from_seed(Algorithm::Ed25519, &sanduq::crypto::Secret::new([1; 32]));
                let good = envelope::<Bundle>(&by, &message);
                let mut blob = opened(&good);
                let weak = weak_key(rng);
                swap(&mut blob, by.verifying_key().as_bytes(), &weak);
                let start = blob.len() - 64;
                blob[start..].fill(0);
                blob[start] = 1;
                let bad = files(armoured(&blob, 70), &line_of("ssh-ed25519", &weak), &message);
                Pair { good: files(good, &by.verifying_key().to_line(), &message), bad }
            },
        ),
        family("signature-changed", "One bit of what is in the envelope.", |rng| {
            inside(rng, |blob, rng| {
                let place = rng.below(blob.len());
                blob[place] ^= 1 << rng.below(8);
            })
        }),
        family(
            "signature-of-another-length",
            "Bytes too many or too few, anywhere in the envelope.",
            |rng| {
                inside(rng, |blob, rng| {
                    let place = rng.below(blob.len());
                    match rng.below(3) {
                        0 => drop(blob.remove(place)),
                        1 => blob.insert(place, rng.byte()),
                        _ => blob.truncate(place),
                    }
                })
            },
        ),
        family(
            "signature-with-another-head",
            "Another version, another hash, or something in the reserved field.",
            |rng| {
                inside(rng, |blob, rng| match rng.below(4) {
                    0 => swap(blob, b"SSHSIG\0\0\0\x01", b"SSHSIG\0\0\0\x02"),
                    1 => swap(blob, b"sha512", b"sha256"),
                    2 => swap(blob, b"SSHSIG", b"sshsig"),
                    _ => swap(blob, b"sanduq-bundle\0\0\0\0", b"sanduq-bundle\0\0\0\x01x"),
                })
            },
        ),
        family(
            "signature-spelled-otherwise",
            "Lines of another length, or the bytes in another Base64.",
            |rng| {
                pair(rng, |by, message, rng| {
                    let good = envelope::<Bundle>(by, message);
                    let blob = opened(&good);
                    let ways = [
                        armoured(&blob, 69).into_bytes(),
                        armoured(&blob, 76).into_bytes(),
                        armoured(&blob, 1 << 20).into_bytes(),
                        good.replace("SSH SIGNATURE", "PGP SIGNATURE").into_bytes(),
                        good.repeat(2).into_bytes(),
                        misspelled(&good, rng),
                    ];
                    rng.pick(&ways)
                })
            },
        ),
    ]
}
