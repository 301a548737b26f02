//! What happens to sticks on the way, and what somebody puts there who has seen them, but has no key.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs::{self, File};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use sanduq::bundle::letter::{Letter, letter_len};
use sanduq::bundle::reply::About;
use sanduq::bundle::volume::{Part, Set};
use sanduq::bundle::{Check, Envelope, Missing, Receipt, Reply};
use sanduq::crypto::{Digest, LogSigningKey, Recipient};
use sanduq::format::card::Card;
use sanduq::format::note::NoteSigner;

use crate::desk;
use crate::forger::Forger;
use crate::house::Noise;
use crate::{FOLDER, all_files, below, plain_files};

/// More files than this on a stick are too many for what adds to them.
const FILES_MAX: usize = 12;

/// Whoever has the sticks between two people.
pub struct Adversary {
    keys: Forger,
    /// A former state of each stick, to be played back.
    kept: Vec<Vec<(PathBuf, Vec<u8>)>>,
    /// The return recipients and ids of bundles that came by.
    seen: Vec<(Recipient, Digest)>,
    /// What the parts that came by say of themselves.
    sets: Vec<Set>,
    /// The bundles of one's own: nobody waits for letters about them.
    own: BTreeSet<Digest>,
}

/// What was put onto a stick.
pub enum Forgery {
    /// A good bundle, though nobody's.
    Bundle(PathBuf, Digest),
    /// A letter to the author of this bundle, and the receipt in it, if it is one of a log of one's own.
    Letter { path: PathBuf, about: Digest, receipt: Option<Receipt> },
    /// A part that lists itself.
    Part,
}

/// What is known to whoever forges beyond what was on the sticks.
pub struct Known<'k> {
    pub card: &'k Card,
    /// Receipts that another contributor got, and gave away.
    pub receipts: Vec<Receipt>,
    /// All that a reply about a bundle has to name.
    pub about: &'k dyn Fn(&Digest) -> Option<About>,
}

impl Adversary {
    pub fn new(sticks: usize) -> Adversary {
        Adversary {
            keys: Forger::new(),
            kept: vec![Vec::new(); sticks],
            seen: Vec::new(),
            sets: Vec::new(),
            own: BTreeSet::new(),
        }
    }

    /// Something happens to one file on a stick; nothing, if it cannot happen there.
    pub fn bend(&self, sticks: &[PathBuf], number: usize, dice: &mut Noise) -> bool {
        let stick = &sticks[number];
        let found = all_files(stick);
        if found.is_empty() {
            return false;
        }
        let path = &found[below(dice, found.len())];
        let room = found.len() < FILES_MAX;
        // A file that is spoilt stays so until it comes anew: that must be rare, or nothing ever comes whole.
        match below(dice, 1_000) {
            0..=249 => fs::rename(path, renamed(path, dice)).unwrap(),
            250..=499 => return swap(path, &found, dice),
            500..=549 => {
                let is_within = path.parent() != Some(stick);
                if !is_within && below(dice, 4) > 0 {
                    return false;
                }
                let folder = if is_within { stick.clone() } else { stick.join(FOLDER) };
                fs::rename(path, free(folder.join(path.file_name().unwrap()), dice)).unwrap();
            }
            550..=699 => {
                let to = &sticks[below(dice, sticks.len())];
                if to == stick || all_files(to).len() >= FILES_MAX {
                    return false;
                }
                let place = free(to.join(path.file_name().unwrap()), dice);
                match below(dice, 4) {
                    0 => fs::rename(path, place).unwrap(),
                    _ => drop(fs::copy(path, place).unwrap()),
                }
            }
            700..=769 if room => drop(fs::copy(path, fresh(path, dice)).unwrap()),
            770..=829 if room => {
                let len = [0, 700, letter_len() as usize][below(dice, 3)];
                fs::write(fresh(path, dice), dice.bytes(len)).unwrap();
            }
            830..=879 => {
                let time = SystemTime::UNIX_EPOCH + Duration::from_secs(dice.next() % (1 << 31));
                open(path).set_modified(time).unwrap();
            }
            880..=889 if room => {
                // A writing that was interrupted.
                let bytes = fs::read(path).unwrap();
                let name = format!(".{:016x}{:016x}.part", dice.next(), dice.next());
                fs::write(stick.join(name), &bytes[..below(dice, bytes.len() + 1)]).unwrap();
            }
            890..=914 => fs::remove_file(path).unwrap(),
            915..=929 => return flip(path, dice),
            930..=939 => {
                let len = path.metadata().unwrap().len();
                if len == 0 {
                    return false;
                }
                open(path).set_len(dice.next() % len).unwrap();
            }
            940..=947 => {
                let end = path.metadata().unwrap().len();
                open(path).write_all_at(&dice.bytes(700), end).unwrap();
            }
            948..=955 => {
                // The first half of one and the second of another.
                let other = fs::read(&found[below(dice, found.len())]).unwrap();
                open(path).write_all_at(&other[other.len() / 2..], other.len() as u64 / 2).unwrap();
            }
            _ => return false,
        }
        true
    }

    /// What is on one stick goes onto another as well, or instead.
    pub fn mix(&self, sticks: &[PathBuf], from: usize, to: usize, dice: &mut Noise) -> bool {
        let (found, mut there) = (plain_files(&sticks[from]), all_files(&sticks[to]).len());
        if from == to || found.is_empty() || there >= FILES_MAX {
            return false;
        }
        let moved = below(dice, 2) == 0;
        for path in found {
            if there >= FILES_MAX {
                break;
            }
            let place = free(sticks[to].join(path.file_name().unwrap()), dice);
            match moved {
                true => fs::rename(path, place).unwrap(),
                false => drop(fs::copy(path, place).unwrap()),
            }
            there += 1;
        }
        true
    }

    /// A stick is as it was some time ago; or what is on it now is kept for that.
    pub fn keep_or_play_back(&mut self, stick: &Path, number: usize, dice: &mut Noise) -> bool {
        if below(dice, 2) == 0 {
            let found = all_files(stick);
            self.kept[number] =
                found.into_iter().map(|path| (path.clone(), fs::read(path).unwrap())).collect();
        } else if !self.kept[number].is_empty() {
            self.lose(stick);
            self.kept[number].iter().for_each(|(path, bytes)| fs::write(path, bytes).unwrap());
        }
        !self.kept[number].is_empty()
    }

    /// A stick is lost; there is another one.
    pub fn lose(&self, stick: &Path) -> bool {
        let found = all_files(stick);
        found.iter().for_each(|path| fs::remove_file(path).unwrap());
        !found.is_empty()
    }

    /// A stick had room for some of what was carried only.
    pub fn crowd(&self, stick: &Path, dice: &mut Noise) -> bool {
        let mut large = plain_files(stick);
        large.retain(|path| path.metadata().unwrap().len() > letter_len());
        let (first, fit) = (below(dice, large.len().max(1)), 1 + below(dice, 2));
        let too_many = large.iter().cycle().skip(first).take(large.len()).skip(fit);
        too_many.for_each(|path| fs::remove_file(path).unwrap());
        large.len() > fit
    }

    /// Writes a forgery onto a stick: a letter of other keys sealed to the author of a bundle that came by, a part of
    /// that bundle that is none, or a bundle of one's own.
    pub fn forge(&mut self, stick: &Path, known: &Known, dice: &mut Noise) -> Forgery {
        self.look(stick);
        self.forge_letter(stick, known, dice).unwrap_or_else(|| {
            let (bytes, sealed) = desk::bundle(known.card);
            let path = name(stick, "bundle", dice);
            fs::write(&path, bytes).unwrap();
            self.own.insert(sealed.bundle);
            Forgery::Bundle(path, sealed.bundle)
        })
    }

    /// A letter, or a part that lies; nothing where what it takes was not seen.
    fn forge_letter(&mut self, stick: &Path, known: &Known, dice: &mut Noise) -> Option<Forgery> {
        if self.seen.is_empty() {
            return None;
        }
        // Rather one that was here just now.
        let many = self.seen.len();
        let range = if below(dice, 3) > 0 { many.min(4) } else { many };
        let at = many - 1 - below(dice, range);
        let (to, about) = self.seen[at].clone();
        let mut receipt = None;
        let letter = match below(dice, 16) {
            0..=1 => Letter::Receipt(receipt.insert(self.keys.receipt(about, 4, "a history")).clone()),
            2..=3 => {
                // Of a log that has the name of the right one.
                let log = NoteSigner::new(known.card.log_key().name(), LogSigningKey::generate()).unwrap();
                let honest = std::mem::replace(&mut self.keys.log, log);
                receipt = Some(self.keys.receipt(about, 0, "another history"));
                self.keys.log = honest;
                Letter::Receipt(receipt.clone().unwrap())
            }
            4..=5 => {
                let of_another = known.receipts.iter().find(|other| other.bundle() != about)?;
                Letter::Receipt(of_another.clone())
            }
            6..=7 => Letter::Card(Box::new(self.keys.card(1 + dice.next() % 9))),
            8..=9 => {
                let set = self.sets.last().map_or(about, Set::id);
                Letter::Missing(Missing { set, numbers: [1].into() }.sign(&self.keys.log).unwrap())
            }
            10..=12 => {
                let (about, keys) = ((known.about)(&about)?, &self.keys.officers[1].1);
                let number = 1 + dice.next() % 3;
                Letter::Reply(Reply::sign(about, 2, number, "Say nothing more.", keys).unwrap())
            }
            13..=14 if !self.sets.is_empty() => {
                let set = self.sets[below(dice, self.sets.len())].clone();
                self.part_that_lies(&set, &name(stick, "part", dice), dice);
                return Some(Forgery::Part);
            }
            _ => return None,
        };
        let path = name(stick, "receipt", dice);
        fs::write(&path, letter.seal(&to).unwrap()).unwrap();
        Some(Forgery::Letter { path, about, receipt })
    }

    /// Remembers what bundles and parts show to anybody.
    fn look(&mut self, stick: &Path) {
        for path in all_files(stick) {
            let mut file = File::open(&path).unwrap();
            // Of one half this bundle and half another, the author would not be who waits for letters about it.
            if let Ok(envelope) = Envelope::skim(&mut file, Default::default())
                && let Ok(signer) = envelope.signer()
                && [Check::TagManifest, Check::Signature].iter().all(|check| envelope.check(*check).is_ok())
                && !self.own.contains(&envelope.id())
            {
                self.seen.push((signer.return_recipient.clone(), envelope.id()));
            } else if let Ok(part) = Part::open(File::open(&path).unwrap()) {
                self.sets.push(part.set().clone());
            }
        }
    }

    /// A part of another content under a list of its own, which fits it, for the same bundle as this set.
    fn part_that_lies(&self, set: &Set, path: &Path, dice: &mut Noise) {
        let volume = set.volume().clone();
        let number = 1 + below(dice, volume.parts().into()) as u16;
        let slice = dice.bytes(volume.slice_len() as usize);
        let digests: Vec<Digest> = volume
            .numbers()
            .map(|of| if of == number { Digest::of(&slice) } else { set.digest(of) })
            .collect();
        let set = Set::of(volume, &digests).unwrap();
        let mut part = set.begin(number, Vec::new()).unwrap();
        std::io::Write::write_all(&mut part, &slice).unwrap();
        fs::write(path, part.finish().unwrap()).unwrap();
    }
}

fn open(path: &Path) -> File {
    File::options().read(true).write(true).open(path).unwrap()
}

fn flip(path: &Path, dice: &mut Noise) -> bool {
    let (file, len) = (open(path), path.metadata().unwrap().len());
    if len > 0 {
        let (at, mut byte) = (dice.next() % len, [0]);
        file.read_exact_at(&mut byte, at).unwrap();
        file.write_all_at(&[byte[0] ^ 1 << (dice.next() % 8)], at).unwrap();
    }
    len > 0
}

/// A name of this kind on a stick.
fn name(stick: &Path, ending: &str, dice: &mut Noise) -> PathBuf {
    stick.join(format!("{:016x}.{ending}", dice.next()))
}

/// Two files of a kind change their names.
fn swap(path: &Path, found: &[PathBuf], dice: &mut Noise) -> bool {
    let alike: Vec<_> =
        found.iter().filter(|other| *other != path && other.extension() == path.extension()).collect();
    if alike.is_empty() {
        return false;
    }
    let other = alike[below(dice, alike.len())];
    let between = path.with_file_name("between");
    fs::rename(path, &between).unwrap();
    fs::rename(other, path).unwrap();
    fs::rename(&between, other).unwrap();
    true
}

/// Another name of the same kind; seldom one that is no text.
fn renamed(path: &Path, dice: &mut Noise) -> PathBuf {
    if below(dice, 20) > 0 {
        return fresh(path, dice);
    }
    let ending = path.extension().unwrap_or_default().as_bytes();
    let name = [&dice.next().to_le_bytes().map(|byte| byte | 0x80)[..], b".", ending].concat();
    free(path.with_file_name(OsString::from_vec(name)), dice)
}

/// This name, or another where it is taken.
fn free(path: PathBuf, dice: &mut Noise) -> PathBuf {
    if path.symlink_metadata().is_ok() { fresh(&path, dice) } else { path }
}

/// Another name of the same kind.
fn fresh(path: &Path, dice: &mut Noise) -> PathBuf {
    let name = format!("{:016x}", dice.next());
    let ending = path.extension().unwrap_or_default();
    path.with_file_name(name).with_extension(ending)
}
