//! Canaries: forty invented strings that go into a vault by every door, and every form in which they might come out
//! again: UTF-8, UTF-16, base64 at each of its three alignments, hexadecimal, decomposed, reversed. A scan looks for
//! all of them at once.

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use std::collections::HashMap;
use unicode_normalization::UnicodeNormalization;

/// Where a canary was put.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    Content,
    FileName,
    Title,
    Testimony,
    Label,
    Contact,
    Passphrase,
    /// Not put in by anybody: a key of the vault's own.
    Key,
}

/// One canary in all its forms.
pub struct Canary {
    pub door: Door,
    pub text: String,
}

/// What a canary looks like, so that a find says which one and how.
pub struct Form {
    pub canary: usize,
    pub how: &'static str,
    bytes: Vec<u8>,
}

/// Forty canaries: Latin with accents, Persian, Arabic and plain ones, none of them words that stand elsewhere.
pub fn canaries() -> Vec<Canary> {
    let doors = [
        (Door::Content, 10),
        (Door::FileName, 10),
        (Door::Title, 4),
        (Door::Testimony, 12),
        (Door::Label, 1),
        (Door::Contact, 1),
        (Door::Passphrase, 2),
    ];
    let words = ["éclipse-àvocat", "گنجشکِ-زرین", "ممزوجةٌ-بيضاء", "kestrel-quarry"];
    let mut found = Vec::new();
    for (door, count) in doors {
        for number in 0..count {
            let word = words[found.len() % words.len()];
            found.push(Canary {
                door,
                text: format!(
                    "{word}-{:?}-{number}-{:04x}",
                    door,
                    0x9e37u16.wrapping_mul(found.len() as u16 + 1)
                ),
            });
        }
    }
    found
}

/// Characters that a form needs to count: shorter pieces of base64 would be found by chance.
const FORM_BYTES_MIN: usize = 12;

/// Every form of every canary.
pub fn forms(canaries: &[Canary]) -> Vec<Form> {
    let mut found = Vec::new();
    for (canary, Canary { text, .. }) in canaries.iter().enumerate() {
        let bytes = text.as_bytes();
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let mut add = |how, bytes: Vec<u8>| {
            assert!(bytes.len() >= FORM_BYTES_MIN, "{how} of {text} is too short to look for");
            found.push(Form { canary, how, bytes });
        };
        add("as it is", bytes.to_vec());
        add("UTF-16LE", text.encode_utf16().flat_map(u16::to_le_bytes).collect());
        add("hex", hex.clone().into());
        add("HEX", hex.to_uppercase().into());
        add(
            "decomposed, UTF-16LE",
            text.nfd().collect::<String>().encode_utf16().flat_map(u16::to_le_bytes).collect(),
        );
        add("decomposed", text.nfd().collect::<String>().into());
        add("reversed", text.chars().rev().collect::<String>().into());
        for (how, skip) in [("base64", 0), ("base64, one byte in", 1), ("base64, two bytes in", 2)] {
            add(how, base64_at(bytes, skip));
        }
    }
    found
}

/// Every form of a seed and of the words that stand for it.
pub fn key_forms(canary: usize, seed: &[u8], words: &str) -> Vec<Form> {
    let hex: String = seed.iter().map(|byte| format!("{byte:02x}")).collect();
    let mut forms = vec![
        Form { canary, how: "as it is", bytes: seed.to_vec() },
        Form { canary, how: "reversed", bytes: seed.iter().rev().copied().collect() },
        Form { canary, how: "HEX", bytes: hex.to_uppercase().into() },
        Form { canary, how: "hex", bytes: hex.into() },
    ];
    for (how, skip) in [("base64", 0), ("base64, one byte in", 1), ("base64, two bytes in", 2)] {
        forms.push(Form { canary, how, bytes: base64_at(seed, skip) });
    }
    let words: Vec<&str> = words.split(' ').collect();
    let three = words.windows(3).map(|three| three.join(" ").into_bytes());
    forms.extend(three.map(|bytes| Form { canary, how: "three of its words", bytes }));
    forms
}

/// How the bytes look in base64 when `skip` other bytes of the same group stand before them: the characters that
/// depend on no neighbour.
fn base64_at(bytes: &[u8], skip: usize) -> Vec<u8> {
    let whole = STANDARD_NO_PAD.encode([&vec![0; skip], bytes].concat());
    let first = [0, 2, 3][skip];
    let last = (skip + bytes.len()) / 3 * 4;
    whole.as_bytes()[first..last].to_vec()
}

/// Looks for many strings at once: first by two bytes, which rules out nearly every place, then by eight.
pub struct Scan<'f> {
    forms: &'f [Form],
    pairs: Vec<bool>,
    heads: HashMap<[u8; 8], Vec<usize>>,
}

impl<'f> Scan<'f> {
    pub fn new(forms: &'f [Form]) -> Scan<'f> {
        let mut heads: HashMap<[u8; 8], Vec<usize>> = HashMap::new();
        let mut pairs = vec![false; 1 << 16];
        for (number, form) in forms.iter().enumerate() {
            let head: [u8; 8] = form.bytes[..8].try_into().expect("no form is shorter");
            pairs[pair(&head)] = true;
            heads.entry(head).or_default().push(number);
        }
        Scan { forms, pairs, heads }
    }

    /// The forms that stand in `bytes`.
    pub fn find(&self, bytes: &[u8]) -> Vec<&'f Form> {
        let mut found = Vec::new();
        for (at, window) in bytes.windows(8).enumerate() {
            if !self.pairs[pair(window)] {
                continue;
            }
            let head: &[u8; 8] = window.try_into().expect("eight bytes");
            for number in self.heads.get(head).into_iter().flatten() {
                let form = &self.forms[*number];
                if bytes[at..].starts_with(&form.bytes) {
                    found.push(form);
                }
            }
        }
        found
    }
}

fn pair(bytes: &[u8]) -> usize {
    usize::from(bytes[0]) << 8 | usize::from(bytes[1])
}

/// The forms as one file of an unencrypted vault would hold them.
pub fn control(forms: &[Form]) -> Vec<u8> {
    forms.iter().flat_map(|form| [b"\0?", &form.bytes[..]].concat()).collect()
}
