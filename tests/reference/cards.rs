//! Attacks on cards.

use std::sync::OnceLock;

use sanduq::crypto::hybrid::Identity;
use sanduq::crypto::{Domain, KeyPair, Secret, domain};
use sanduq::format::card::{Draft, OfficerLine, Terms};
use sanduq::format::policy::Policy;
use sanduq::format::sshsig;

use super::logs::{policy_of, witnesses};
use super::{Family, Pair, Rng, base64, keys, line_of, log, log_key, misspelled, replaced, weak_key};

/// A point of Curve25519 of order 8 (RFC 7748's u).
const OF_ORDER_EIGHT: [u8; 32] = [
    0xe0, 0xeb, 0x7a, 0x7c, 0x3b, 0x41, 0xb8, 0xae, 0x16, 0x56, 0xe3, 0xfa, 0xf1, 0x9f, 0xc4, 0x6a, 0xda,
    0x09, 0x8d, 0xeb, 0x9c, 0x32, 0xb1, 0xfd, 0x86, 0x62, 0x05, 0x16, 0x5f, 0x49, 0xb8, 0x00,
];

/// The officers that any card here can have, five at most; and a sixth.
fn officers() -> &'static [OfficerLine] {
    static OFFICERS: OnceLock<Vec<OfficerLine>> = OnceLock::new();
    OFFICERS.get_or_init(|| {
        let officer = |number: u8| OfficerLine {
            recipient: Identity::from_seed(&Secret::new([number; 32])).to_recipient(),
            keys: keys(number).public(),
        };
        (1..=6).map(officer).collect()
    })
}

/// The card key, and that before it.
fn card_key() -> &'static [KeyPair; 2] {
    static KEY: OnceLock<[KeyPair; 2]> = OnceLock::new();
    KEY.get_or_init(|| [keys(9), keys(8)])
}

/// The text of a draft, another one for each seed.
fn draft(rng: &mut Rng) -> String {
    let number = 1 + rng.below(5);
    let name = rng.pick(&["Invented Archive", "بایگانی ساختگی", "پرونده\u{200c}های ما", "Naïve – „Archiv“"]);
    let policy = if rng.below(2) == 0 { Policy::none() } else { policy_of(&witnesses()) };
    let mut terms = terms(name, number, policy);
    terms.serial = 1 + rng.next() % 1_000_000_000;
    terms.valid_until = format!("20{:02}-02-{:02}", 28 + rng.below(50), 1 + rng.below(28)).parse().unwrap();
    terms.threshold = 1 + rng.below(number);
    Draft::new(terms).unwrap().to_string()
}

/// Terms of the log of all these attacks.
pub fn terms(name: &str, number: usize, policy: Policy) -> Terms {
    Terms {
        name: name.to_owned(),
        serial: 1,
        valid_until: "2028-11-23".parse().unwrap(),
        threshold: 1,
        officers: officers()[..number].to_vec(),
        log: log().verifier(),
        policy,
    }
}

/// The text of a card of these terms, whatever they are.
fn text_of(draft: &str, older: bool) -> String {
    let [key, before] = card_key().each_ref().map(KeyPair::public);
    let mut text = format!("{draft}key: {}\npq-key: {}\n", key.ed25519(), key.composite());
    if older {
        text += &format!("formerly: {}\nformerly-pq: {}\n", before.ed25519(), before.composite());
    }
    text
}

fn envelopes<D: Domain>(text: &str, by: &KeyPair) -> [String; 2] {
    sshsig::encode_pair(&by.public(), &by.sign::<D>(text.as_bytes()))
}

/// A card of these terms, rightly signed.
pub fn signed(draft: &str) -> String {
    let text = text_of(draft, false);
    let signatures = envelopes::<domain::Card>(&text, &card_key()[0]).concat();
    text + &signatures
}

fn pair(good: impl Into<Vec<u8>>, bad: impl Into<Vec<u8>>) -> Pair {
    Pair { good: vec![good.into()], bad: vec![bad.into()] }
}

/// Terms that no writer would write, rightly signed.
fn rewritten(rng: &mut Rng, change: impl FnOnce(&str, &mut Rng) -> String) -> Pair {
    let draft = draft(rng);
    let changed = change(&draft, rng);
    assert_ne!(draft, changed);
    pair(signed(&draft), signed(&changed))
}

/// The value of a field that comes once.
fn field<'a>(draft: &'a str, label: &str) -> &'a str {
    draft.lines().find_map(|line| line.strip_prefix(label)).unwrap()
}

fn with_field(draft: &str, label: &str, value: &str) -> String {
    replaced(draft, &format!("{label}{}\n", field(draft, label)), &format!("{label}{value}\n"))
}

/// The same terms with these officers.
fn with_officers(draft: &str, officers: &[String]) -> String {
    let (before, rest) = draft.split_at(draft.find("officer: ").unwrap());
    let log = rest.find("log: ").unwrap();
    let lines: String = officers.iter().map(|officer| format!("officer: {officer}\n")).collect();
    format!("{before}{lines}{}", &rest[log..])
}

/// Envelopes that are not those the text asks for.
fn other_signatures(rng: &mut Rng, change: impl FnOnce(&str, [String; 2], &mut Rng) -> String) -> Pair {
    let text = text_of(&draft(rng), false);
    let right = envelopes::<domain::Card>(&text, &card_key()[0]);
    let good = text.clone() + &right.concat();
    let bad = text.clone() + &change(&text, right, rng);
    pair(good, bad)
}

/// A card with a recipient whose bytes were changed, in Bech32 that holds.
fn recipient(rng: &mut Rng, change: impl FnOnce(&mut [u8], &mut Rng)) -> Pair {
    rewritten(rng, |draft, rng| {
        let mut key = officers()[0].recipient.as_bytes().to_vec();
        change(&mut key, rng);
        replaced(draft, &officers()[0].recipient.to_string(), &bech32(&key))
    })
}

/// BIP-173's Bech32 under `age1pq`, without its limit of length.
fn bech32(bytes: &[u8]) -> String {
    const PREFIX: &str = "age1pq";
    let (mut values, mut bits, mut held) = (Vec::new(), 0u32, 0);
    for byte in bytes {
        (bits, held) = (bits << 8 | u32::from(*byte), held + 8);
        while held >= 5 {
            held -= 5;
            values.push((bits >> held & 31) as u8);
        }
    }
    if held > 0 {
        values.push((bits << (5 - held) & 31) as u8);
    }
    let expanded =
        PREFIX.bytes().map(|byte| byte >> 5).chain([0]).chain(PREFIX.bytes().map(|byte| byte & 31));
    let mut check = 1u32;
    for value in expanded.chain(values.iter().copied()).chain([0; 6]) {
        let top = check >> 25;
        check = (check & 0x1ff_ffff) << 5 ^ u32::from(value);
        for (bit, factor) in
            [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3].into_iter().enumerate()
        {
            check ^= if top >> bit & 1 == 1 { factor } else { 0 };
        }
    }
    values.extend((0..6).map(|place| ((check ^ 1) >> (5 * (5 - place)) & 31) as u8));
    let alphabet = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    let data: String = values.iter().map(|value| alphabet[usize::from(*value)] as char).collect();
    format!("{PREFIX}1{data}")
}

pub fn families() -> Vec<Family> {
    let family = |name, story, make| Family { name, kind: "card", story, make };
    vec![
        family("card-changed", "A term is changed and the signatures are left.", |rng| {
            let card = signed(&draft(rng));
            let serial = field(&card, "serial: ").parse::<u64>().unwrap() % 1_000_000_000 + 1;
            pair(card.clone(), with_field(&card, "serial: ", &serial.to_string()))
        }),
        family(
            "card-signature-stripped",
            "One of two signatures is gone, so one algorithm is enough.",
            |rng| other_signatures(rng, |_, right, rng| right[rng.below(2)].clone()),
        ),
        family("card-signatures-swapped", "Both are there, in the other order.", |rng| {
            other_signatures(rng, |_, [one, other], _| other + &one)
        }),
        family("card-with-one-signature-twice", "One algorithm stands for both.", |rng| {
            other_signatures(rng, |_, right, rng| right[rng.below(2)].repeat(2))
        }),
        family("card-with-a-third-signature", "What follows the end is not read by some.", |rng| {
            other_signatures(rng, |_, right, rng| right.concat() + &right[rng.below(2)])
        }),
        family("card-signed-by-another-key", "Whoever makes a card in the name of another key.", |rng| {
            other_signatures(rng, |text, mut right, rng| {
                let place = rng.below(2);
                right[place] = envelopes::<domain::Card>(text, &card_key()[1])[place].clone();
                right.concat()
            })
        }),
        family("card-signed-in-another-role", "A card key that was made to sign something else.", |rng| {
            other_signatures(rng, |text, mut right, rng| {
                let place = rng.below(2);
                right[place] = envelopes::<domain::Reply>(text, &card_key()[0])[place].clone();
                right.concat()
            })
        }),
        family(
            "card-of-another-s-signatures",
            "The signatures are those of another card of this key.",
            |rng| {
                let other = text_of(&draft(rng), false);
                other_signatures(rng, |_, _, _| envelopes::<domain::Card>(&other, &card_key()[0]).concat())
            },
        ),
        family(
            "card-whose-predecessor-did-not-sign",
            "A stranger calls himself the successor of a known key.",
            |rng| {
                let text = text_of(&draft(rng), true);
                let [own, older] =
                    card_key().each_ref().map(|key| envelopes::<domain::Card>(&text, key).concat());
                let claims = [own.clone(), own.repeat(2), older.clone() + &own];
                pair(format!("{text}{own}{older}"), text.clone() + &rng.pick(&claims))
            },
        ),
        family("card-that-succeeds-itself", "A key before that is the same key.", |rng| {
            let key = card_key()[0].public();
            let older = format!("formerly: {}\nformerly-pq: {}\n", key.ed25519(), key.composite());
            let draft = draft(rng);
            let text = text_of(&draft, false) + &older;
            let signatures = envelopes::<domain::Card>(&text, &card_key()[0]).concat();
            pair(signed(&draft), format!("{text}{signatures}{signatures}"))
        }),
        family("card-with-an-officer-twice", "One person counts as two towards the threshold.", |rng| {
            rewritten(rng, |draft, rng| {
                let [one, twin] = [0, 5].map(|place: usize| officers()[place].clone());
                let [to, of] = [&one, &twin].map(|officer| officer.to_string());
                let shared = [
                    (twin.recipient.to_string(), one.recipient.to_string()),
                    (twin.keys.ed25519().to_line(), one.keys.ed25519().to_line()),
                    (twin.keys.composite().to_line(), one.keys.composite().to_line()),
                    (of.clone(), to.clone()),
                ];
                let (from, with) = rng.pick(&shared);
                let two = with_officers(draft, &[to, replaced(&of, &from, &with)]);
                with_field(&two, "threshold: ", "1")
            })
        }),
        family("card-with-six-officers", "More groups than there are quorum files.", |rng| {
            rewritten(rng, |draft, _| {
                let six: Vec<String> = officers().iter().map(OfficerLine::to_string).collect();
                with_officers(draft, &six)
            })
        }),
        family("card-with-a-threshold-nobody-meets", "None, or more than there are officers.", |rng| {
            rewritten(rng, |draft, rng| {
                let officers = draft.matches("officer: ").count();
                let value = rng.pick(&[0, officers + 1, officers + 250, usize::MAX]).to_string();
                with_field(draft, "threshold: ", &value)
            })
        }),
        family("card-of-no-serial", "A number that cannot be counted up from.", |rng| {
            rewritten(rng, |draft, rng| {
                let bad = ["0", "1000000001", "18446744073709551617", "-1", "+1", "01", "1.", "", "۱", "1e3"];
                with_field(draft, "serial: ", rng.pick(&bad))
            })
        }),
        family(
            "card-name-that-steers",
            "A name that turns, hides or repaints what stands beside it.",
            |rng| {
                rewritten(rng, |draft, rng| {
                    let ranges = [
                        (0, 9),
                        (0xb, 0x1f),
                        (0x7f, 0x9f),
                        (0xad, 0xad),
                        (0x61c, 0x61c),
                        (0x180e, 0x180e),
                        (0x200b, 0x200b),
                        (0x200e, 0x200f),
                        (0x2028, 0x202e),
                        (0x2060, 0x206f),
                        (0xfeff, 0xfeff),
                        (0xfff9, 0xfffb),
                        (0xe0000, 0xe007f),
                    ];
                    let (first, last) = rng.pick(&ranges);
                    let steering =
                        char::from_u32(first + rng.below((last - first + 1) as usize) as u32).unwrap();
                    with_field(draft, "name: ", &format!("Invented{steering}Archive"))
                })
            },
        ),
        family("card-of-no-name", "Nothing, too much, or white space at an end.", |rng| {
            rewritten(rng, |draft, rng| {
                let bad = [
                    String::new(),
                    " a".to_owned(),
                    "a ".to_owned(),
                    "\u{a0}a".to_owned(),
                    "a\u{3000}".to_owned(),
                    "a".repeat(201),
                    "ب".repeat(101),
                ];
                with_field(draft, "name: ", &rng.pick(&bad))
            })
        }),
        family("card-of-no-day", "A day that no calendar has, or of another spelling.", |rng| {
            rewritten(rng, |draft, rng| {
                let bad = [
                    "2027-02-29",
                    "2030-13-01",
                    "2030-00-10",
                    "2030-04-31",
                    "1969-12-31",
                    "10000-01-01",
                    "2030-1-1",
                    "20300101",
                    "2030-01-01T00:00:00Z",
                    "۲۰۳۰-۰۱-۰۱",
                    "",
                ];
                with_field(draft, "valid-until: ", rng.pick(&bad))
            })
        }),
        family(
            "card-policy-of-another-log",
            "Receipts of a log that the card does not name would count.",
            |rng| {
                rewritten(rng, |draft, _| {
                    let other =
                        sanduq::format::note::NoteSigner::new("archive.example/log", log_key(51)).unwrap();
                    replaced(draft, "policy: ", &format!("policy: log {}\npolicy: ", other.verifier()))
                })
            },
        ),
        family("card-log-key-of-a-witness", "A witness's key signs other texts than a log's.", |rng| {
            rewritten(rng, |draft, rng| {
                with_field(draft, "log: ", &witnesses()[rng.below(3)].verifier().to_string())
            })
        }),
        family(
            "card-weak-key",
            "A key under which anybody signs: of an officer, of the log, or the card's own.",
            |rng| {
                let draft = draft(rng);
                let key = weak_key(rng);
                let lines =
                    [officers()[0].keys.ed25519().to_line(), officers()[0].keys.composite().to_line()];
                let mut composite = officers()[0].keys.composite().as_bytes().to_vec();
                composite[1312..].copy_from_slice(&key);
                let bad = match rng.below(2) {
                    0 => replaced(&draft, &lines[0], &line_of("ssh-ed25519", &key)),
                    _ => replaced(&draft, &lines[1], &line_of("ssh-mldsa44-ed25519", &composite)),
                };
                pair(signed(&draft), signed(&bad))
            },
        ),
        family(
            "card-log-under-another-id",
            "A verifier key whose id is not that of its name and bytes.",
            |rng| {
                rewritten(rng, |draft, rng| {
                    let log = field(draft, "log: ");
                    let parts: Vec<&str> = log.splitn(3, '+').collect();
                    let bad = [
                        format!("{}+{:08x}+{}", parts[0], rng.next() as u32, parts[2]),
                        format!("x{log}"),
                        format!("{}+{}+{}", parts[0], parts[1].to_uppercase(), parts[2]),
                        format!("{}+{}+{}", parts[0], parts[1], base64(&[1; 33])),
                    ];
                    with_field(draft, "log: ", &rng.pick(&bad))
                })
            },
        ),
        family("recipient-with-an-unreduced-coefficient", "An ML-KEM key that FIPS 203 refuses.", |rng| {
            recipient(rng, |key, rng| {
                let at = 3 * rng.below(384);
                let value = 3329 + rng.below(4096 - 3329) as u16;
                if rng.below(2) == 0 {
                    key[at] = value as u8;
                    key[at + 1] = key[at + 1] & 0xf0 | (value >> 8) as u8;
                } else {
                    key[at + 1] = key[at + 1] & 0x0f | (value << 4) as u8;
                    key[at + 2] = (value >> 4) as u8;
                }
            })
        }),
        family(
            "recipient-of-small-order",
            "An X25519 key whose secret everybody knows, or of a second spelling.",
            |rng| {
                recipient(rng, |key, rng| {
                    let x = &mut key[1184..];
                    match rng.below(4) {
                        0 => x.fill(0),
                        1 => x.copy_from_slice(&OF_ORDER_EIGHT),
                        2 => {
                            x.fill(0xff);
                            (x[0], x[31]) = (0xec + rng.below(20) as u8, 0x7f);
                        }
                        _ => x[31] |= 0x80,
                    }
                })
            },
        ),
        family("recipient-that-was-mistyped", "One character of Bech32 is another, or upper case.", |rng| {
            rewritten(rng, |draft, rng| {
                let to = officers()[0].recipient.to_string();
                let at = 7 + rng.below(to.len() - 7);
                let mut bad = to.clone().into_bytes();
                match rng.below(3) {
                    0 => bad[at] = if bad[at] == b'q' { b'p' } else { b'q' },
                    1 => bad.make_ascii_uppercase(),
                    _ => drop(bad.remove(at)),
                }
                replaced(draft, &to, std::str::from_utf8(&bad).unwrap())
            })
        }),
        family(
            "card-spelled-otherwise",
            "What is read in two ways can be signed in one and believed in the other.",
            |rng| {
                rewritten(rng, |draft, rng| {
                    let place = rng.below(draft.matches('\n').count());
                    let feed = draft.match_indices('\n').nth(place).unwrap().0;
                    let (before, after) = draft.split_at(feed);
                    let ways = [
                        format!("{before}\r{after}"),
                        format!("{before} {after}"),
                        format!("{before}\n{after}"),
                        format!("\u{feff}{draft}"),
                        replaced(draft, ": ", ":  "),
                        replaced(draft, "policy: ", "policy: policy: "),
                    ];
                    rng.pick(&ways)
                })
            },
        ),
        family("card-file-spelled-otherwise", "The same of the whole file, signatures and all.", |rng| {
            let card = signed(&draft(rng));
            pair(card.clone(), misspelled(&card, rng))
        }),
    ]
}
