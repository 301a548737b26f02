//! What happens to sticks on the way, and what somebody puts there who has seen them, but has no key.

use std::fs::{self, File};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use sanduq::bundle::letter::{Letter, letter_len, seal_letter};
use sanduq::bundle::{Missing, Outer};
use sanduq::crypto::{Digest, Recipient};
use sanduq::format::card::Card;

use crate::desk;
use crate::files;
use crate::forger::Forger;
use crate::house::Noise;

/// More files than this on a stick are too many for it.
const FILES_MAX: usize = 12;

/// Whoever has the sticks between two people.
pub struct Adversary {
    keys: Forger,
    /// A former state of each stick, to be played back.
    kept: Vec<Vec<(PathBuf, Vec<u8>)>>,
    /// The return recipients and ids of bundles that came by.
    seen: Vec<(Recipient, Digest)>,
}

fn below(dice: &mut Noise, end: usize) -> usize {
    ((dice.next() >> 16) % end as u64) as usize
}

impl Adversary {
    pub fn new(sticks: usize) -> Adversary {
        Adversary { keys: Forger::new(), kept: vec![Vec::new(); sticks], seen: Vec::new() }
    }

    /// One file is cut, bent, renamed, doubled, emptied or gone; or one of no meaning is there.
    pub fn bend(&mut self, stick: &Path, dice: &mut Noise) {
        let found = files(stick);
        if found.is_empty() {
            return;
        }
        let path = &found[below(dice, found.len())];
        // Most of the time a stick lies in a pocket.
        match below(dice, 200) {
            0 => fs::remove_file(path).unwrap(),
            1 => open(path).set_len(dice.next() % (1 + path.metadata().unwrap().len())).unwrap(),
            2 | 3 => flip(path, dice),
            4 => fs::rename(path, fresh(path, dice)).unwrap(),
            5 if found.len() < FILES_MAX => {
                fs::copy(path, fresh(path, dice)).unwrap();
            }
            6 => {
                let end = path.metadata().unwrap().len();
                open(path).write_all_at(&dice.bytes(700), end).unwrap();
            }
            7 if found.len() < FILES_MAX => {
                let len = [0, 700, letter_len() as usize][below(dice, 3)];
                fs::write(fresh(path, dice), dice.bytes(len)).unwrap();
            }
            8 => {
                // Two files of a kind change their names.
                let alike: Vec<_> =
                    found.iter().filter(|other| other.extension() == path.extension()).collect();
                let other = alike[below(dice, alike.len())];
                let between = stick.join("between");
                fs::rename(path, &between).unwrap();
                if other != path {
                    fs::rename(other, path).unwrap();
                }
                fs::rename(&between, other).unwrap();
            }
            9 => {
                // The first half of one and the second of another.
                let other = fs::read(&found[below(dice, found.len())]).unwrap();
                open(path).write_all_at(&other[other.len() / 2..], other.len() as u64 / 2).unwrap();
            }
            _ => {}
        }
    }

    /// What is on one stick goes onto another as well, or instead.
    pub fn mix(&mut self, sticks: &[PathBuf], from: usize, to: usize, dice: &mut Noise) {
        if from == to {
            return;
        }
        let moved = below(dice, 2) == 0;
        for path in files(&sticks[from]) {
            let place = sticks[to].join(path.file_name().unwrap());
            if files(&sticks[to]).len() >= FILES_MAX || place.exists() {
                continue;
            }
            if moved {
                fs::rename(path, place).unwrap();
            } else {
                fs::copy(path, place).unwrap();
            }
        }
    }

    /// A stick is as it was some time ago; or what is on it now is kept for that.
    pub fn keep_or_play_back(&mut self, stick: &Path, number: usize, dice: &mut Noise) {
        if below(dice, 2) == 0 {
            self.kept[number] =
                files(stick).into_iter().map(|path| (path.clone(), fs::read(path).unwrap())).collect();
            return;
        }
        self.lose(stick);
        for (path, bytes) in &self.kept[number] {
            fs::write(path, bytes).unwrap();
        }
    }

    /// A stick is lost; there is another one.
    pub fn lose(&self, stick: &Path) {
        files(stick).iter().for_each(|path| fs::remove_file(path).unwrap());
    }

    /// Writes a forgery onto a stick: a receipt, a card or a note of another key, sealed to the author of a bundle that
    /// came by, or a bundle of one's own to this card, whose id is given.
    pub fn forge(&mut self, stick: &Path, card: &Card, dice: &mut Noise) -> Option<Digest> {
        for path in files(stick) {
            if let Ok(outer) = Outer::read(&mut File::open(path).unwrap()) {
                self.seen.push((outer.return_recipient().clone(), outer.id()));
            }
        }
        let place = stick.join(format!("{:016x}.receipt", dice.next()));
        let (to, bundle) = match self.seen.is_empty() {
            true => return Some(self.own_bundle(stick, card, dice)),
            false => self.seen[below(dice, self.seen.len())].clone(),
        };
        let letter = match below(dice, 4) {
            0 => Letter::Receipt(self.keys.receipt(bundle, 4, "a history")).seal(&to).unwrap(),
            1 => Letter::Card(Box::new(self.keys.card(1 + dice.next() % 9))).seal(&to).unwrap(),
            2 => {
                let missing = Missing { set: bundle, numbers: [1].into() };
                seal_letter(&to, missing.sign(&self.keys.log).unwrap().to_string().as_bytes()).unwrap()
            }
            _ => return Some(self.own_bundle(stick, card, dice)),
        };
        fs::write(place, letter).unwrap();
        None
    }

    fn own_bundle(&self, stick: &Path, card: &Card, dice: &mut Noise) -> Digest {
        let (bytes, sealed) = desk::bundle(card);
        fs::write(stick.join(format!("{:016x}.bundle", dice.next())), bytes).unwrap();
        sealed.bundle
    }
}

fn open(path: &Path) -> File {
    File::options().read(true).write(true).open(path).unwrap()
}

fn flip(path: &Path, dice: &mut Noise) {
    let (file, len) = (open(path), path.metadata().unwrap().len());
    if len > 0 {
        let (at, mut byte) = (dice.next() % len, [0]);
        file.read_exact_at(&mut byte, at).unwrap();
        file.write_all_at(&[byte[0] ^ 1 << (dice.next() % 8)], at).unwrap();
    }
}

/// Another name of the same kind.
fn fresh(path: &Path, dice: &mut Noise) -> PathBuf {
    let name = format!("{:016x}", dice.next());
    let ending = path.extension().unwrap_or_default();
    path.with_file_name(name).with_extension(ending)
}
