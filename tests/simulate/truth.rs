//! What each file on a stick is: known by its bytes as an honest hand, or the adversary, wrote them. Whatever its name
//! and its headers say, a file of other bytes is nothing. What a desk was brought whole follows from these alone.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

use sanduq::bundle::carrier;
use sanduq::bundle::volume::Part;
use sanduq::crypto::{CarrierKey, Digest};

/// The random bytes that a carrier begins with.
const IV_BYTES: usize = 16;

/// What a file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Made {
    Bundle(Digest),
    Part {
        set: Digest,
        number: u16,
    },
    /// A letter with a receipt, of this desk.
    Receipt {
        bundle: Digest,
        by: usize,
    },
    /// A letter of this desk that says which parts of a set it does not have.
    Missing {
        set: Digest,
        by: usize,
        numbers: BTreeSet<u16>,
    },
    /// An officer's letter, by its place among all of them.
    Reply(usize),
    /// A letter that no honest hand wrote, sealed to the author of this bundle.
    Forged {
        about: Digest,
    },
}

/// The parts of one bundle.
#[derive(Debug, Clone, Copy)]
pub struct Cut {
    pub bundle: Digest,
    /// So many of them are enough.
    pub needed: usize,
    pub parts: u16,
}

/// A bundle or a part in disguise.
#[derive(Debug, Clone, Copy)]
struct Carrier {
    /// How long it is without its tail, in which nothing is.
    len: usize,
    /// The desk that has the key; to another it is no file of ours.
    to: usize,
}

/// All that was made.
#[derive(Default)]
pub struct Truth {
    made: BTreeMap<Digest, Made>,
    carriers: BTreeMap<[u8; IV_BYTES], Carrier>,
    pub cuts: BTreeMap<Digest, Cut>,
}

impl Truth {
    /// What this file is, if it is anything still.
    pub fn of(&self, path: &Path) -> Option<&Made> {
        self.made.get(&self.look(path).0)
    }

    /// What this file is to a desk.
    pub fn to_desk(&self, path: &Path, desk: usize) -> Option<&Made> {
        let (digest, carrier) = self.look(path);
        self.made.get(&digest).filter(|_| carrier.is_none_or(|carrier| carrier.to == desk))
    }

    /// Remembers what this file is.
    pub fn note(&mut self, path: &Path, made: Made) {
        let digest = self.look(path).0;
        self.made.insert(digest, made);
    }

    /// Remembers a bundle, or a part of it, as it was carried; gives the set of which it is a part.
    pub fn note_carried(
        &mut self,
        path: &Path,
        bundle: Digest,
        covered: Option<(&CarrierKey, usize)>,
    ) -> Option<Digest> {
        let file = File::open(path).unwrap();
        let mut content: Box<dyn Read> = match covered {
            None => Box::new(file),
            Some((key, to)) => {
                let mut iv = [0; IV_BYTES];
                File::open(path).unwrap().read_exact(&mut iv).unwrap();
                let content = carrier::open(key, file).unwrap();
                let len = IV_BYTES + content.len() as usize;
                self.carriers.insert(iv, Carrier { len, to });
                Box::new(content)
            }
        };
        let part =
            Part::open(BufReader::new(&mut content)).ok().map(|part| (part.set().clone(), part.number()));
        let Some((set, number)) = part else {
            self.note(path, Made::Bundle(bundle));
            return None;
        };
        let volume = set.volume();
        let cut = Cut { bundle, needed: volume.slices().into(), parts: volume.parts() };
        self.cuts.insert(set.id(), cut);
        self.note(path, Made::Part { set: set.id(), number });
        Some(set.id())
    }

    /// The digest of all of it that counts, and whether it begins as a carrier does.
    fn look(&self, path: &Path) -> (Digest, Option<Carrier>) {
        let bytes = fs::read(path).unwrap();
        let carrier = bytes.first_chunk().and_then(|iv| self.carriers.get(iv)).copied();
        let len = carrier.map_or(bytes.len(), |carrier| carrier.len.min(bytes.len()));
        (Digest::of(&bytes[..len]), carrier)
    }
}

/// What was brought to one desk and was whole.
pub struct Brought {
    desk: usize,
    pub bundles: BTreeSet<Digest>,
    parts: BTreeMap<Digest, BTreeSet<u16>>,
}

/// What is whole at a desk now, of what one stick is about.
#[derive(Default)]
pub struct Arrived {
    pub bundles: BTreeSet<Digest>,
    /// Sets of which too little was brought.
    pub open: BTreeSet<Digest>,
    /// Sets of several slices that now made their bundle.
    pub made: Vec<Digest>,
}

impl Brought {
    pub fn new(desk: usize) -> Brought {
        Brought { desk, bundles: BTreeSet::new(), parts: BTreeMap::new() }
    }

    /// These files are brought.
    pub fn take(&mut self, truth: &Truth, paths: &[PathBuf]) -> Arrived {
        let (mut arrived, mut sets) = (Arrived::default(), BTreeSet::new());
        for made in paths.iter().filter_map(|path| truth.to_desk(path, self.desk)) {
            match made {
                Made::Bundle(bundle) => drop(arrived.bundles.insert(*bundle)),
                Made::Part { set, number } => {
                    self.parts.entry(*set).or_default().insert(*number);
                    sets.insert(*set);
                }
                _ => {}
            }
        }
        self.bundles.extend(&arrived.bundles);
        for set in &sets {
            let cut = truth.cuts[set];
            if self.parts[set].len() >= cut.needed && self.bundles.insert(cut.bundle) && cut.needed > 1 {
                arrived.made.push(*set);
            }
        }
        for set in sets {
            match truth.cuts[&set].bundle {
                bundle if self.bundles.contains(&bundle) => arrived.bundles.insert(bundle),
                _ => arrived.open.insert(set),
            };
        }
        arrived
    }

    /// The numbers of the parts that were not brought.
    pub fn missing(&self, truth: &Truth, set: &Digest) -> BTreeSet<u16> {
        let was_brought = |number: &u16| self.parts.get(set).is_some_and(|there| there.contains(number));
        (1..=truth.cuts[set].parts).filter(|number| !was_brought(number)).collect()
    }
}
