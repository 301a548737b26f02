//! Attacks on times from outside: a stamp that is over something else, or whose way does not lead to what it names.

use sanduq::crypto::Digest;

use super::{Family, Pair, Rng};

const MAGIC: &[u8] = b"\x00OpenTimestamps\x00\x00Proof\x00\xbf\x89\xe2\xe8\x84\xe8\x92\x94\x01\x08";
const PENDING: &[u8] = b"\x00\x83\xdf\xe3\x0d\x2e\xf9\x0c\x8e\x19\x18https://calendar.example";
/// What a token by openssl is over, and the token.
const STAMPED: &str = "archive.example/log\n3\nhhyb028kZ0XvkX9e+9s6A73svgNGDAf1Ixz4SThOtpc=\n";
const TOKEN: &[u8] = include_bytes!("../vectors/timestamp/good-response-by-openssl");

pub fn families() -> Vec<Family> {
    let family = |name, story, make| Family { name, kind: "stamp", story, make };
    vec![
        family("timestamp-over-other-bytes", "A stamp on another head, or on another text.", |rng| {
            let (text, stamp) = match rng.below(3) {
                0 => (STAMPED.to_owned(), TOKEN.to_vec()),
                _ => {
                    let text = head(rng);
                    let stamp = proof(&text, &way(rng, true));
                    (text, stamp)
                }
            };
            let other = match rng.below(3) {
                0 => head(rng),
                1 => text.trim_end().to_owned(),
                _ => text.replacen("log\n", "log\n1", 1),
            };
            Pair { good: vec![text.into(), stamp.clone()], bad: vec![other.into(), stamp] }
        }),
        family("timestamp-way-cut-short", "The way ends before anything attests.", |rng| {
            let text = head(rng);
            let good = proof(&text, &way(rng, true));
            let bad = good[..good.len() - 1 - rng.below(20)].to_vec();
            pair(text, good, bad)
        }),
        family("timestamp-with-something-behind-it", "Bytes behind the last end.", |rng| {
            let text = head(rng);
            let good = proof(&text, &way(rng, false));
            let bad = [&good[..], &[rng.byte()]].concat();
            pair(text, good, bad)
        }),
        family("timestamp-by-a-broken-hash", "A step that hashes as nobody should any more.", |rng| {
            let text = head(rng);
            let (salt, step) = (rng.byte(), rng.pick(&[0x02, 0x03, 0x67, 0xf2, 0xf3]));
            let end = [&[0x08][..], PENDING].concat();
            let good = proof(&text, &[&[0xf0, 1, salt][..], &end].concat());
            let bad = proof(&text, &[&[0xf0, 1, salt, step][..], &end].concat());
            pair(text, good, bad)
        }),
        family("timestamp-block-without-a-root", "A block attests what is no root of a tree.", |rng| {
            let text = head(rng);
            let good = proof(&text, &[&[0xf1, 1, rng.byte(), 0x08][..], &block(rng)].concat());
            let bad = proof(&text, &[&[0xf1, 1, rng.byte()][..], &block(rng)].concat());
            pair(text, good, bad)
        }),
    ]
}

fn pair(text: String, good: Vec<u8>, bad: Vec<u8>) -> Pair {
    let of = |stamp| vec![text.clone().into_bytes(), stamp];
    Pair { good: of(good), bad: of(bad) }
}

/// The text of a checkpoint.
fn head(rng: &mut Rng) -> String {
    let size = 1 + rng.below(1000);
    let root = super::base64(Digest::of(&rng.next().to_be_bytes()).as_bytes());
    format!("archive.example/log\n{size}\n{root}\n")
}

fn proof(text: &str, way: &[u8]) -> Vec<u8> {
    [MAGIC, Digest::of(text.as_bytes()).as_bytes(), way].concat()
}

/// A way to a calendar, and if so to a block as well.
fn way(rng: &mut Rng, several: bool) -> Vec<u8> {
    let begin = [0xf0, 2, rng.byte(), rng.byte(), 0x08];
    match several {
        true => [&begin[..], &[0xff], PENDING, &[0xf1, 1, rng.byte(), 0x08], &block(rng)].concat(),
        false => [&begin[..], PENDING].concat(),
    }
}

fn block(rng: &mut Rng) -> Vec<u8> {
    let height = [0x80 | rng.byte(), 1 + rng.byte() % 127];
    [&b"\x00\x05\x88\x96\x0d\x73\xd7\x19\x01\x02"[..], &height].concat()
}
