//! What is missing of a set of parts, as the desk tells the sender: a signed note in a letter.
//!
//! ```text
//! sanduq-parts/1
//! set: a22f15a7fbe6f2cfdcd7b9ad4e5d7a08f9d66d8f5a8b6d47de7a5d3f9f0e2c11
//! missing: 3 16-160
//!
//! — sanduq.invalid/… the log's signature
//! ```
//!
//! Anybody can seal a letter, so what is not signed by the log of the card that the bundle was sealed to counts for
//! nothing. What it says is how things stood when it was written, not for ever: a part that was there may be lost.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use super::error::BundleError;
use super::volume::{PARITY_MAX, SLICES_MAX};
use crate::crypto::hash::Digest;
use crate::format::note::{Note, NoteSigner, NoteVerifier};

/// How its text begins; no log has this name.
const FORMAT_LINE: &str = "sanduq-parts/1";
/// Parts of the largest set.
const NUMBERS_MAX: u16 = SLICES_MAX + PARITY_MAX;

/// The parts of a set that the desk does not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// The set's id.
    pub set: Digest,
    /// The numbers of the parts, at least one.
    pub numbers: BTreeSet<u16>,
}

impl Missing {
    /// The note, signed by the log.
    pub fn sign(&self, log: &NoteSigner) -> Result<Note, BundleError> {
        log.sign(&self.to_string()).map_err(BundleError::format("note"))
    }

    /// What a note says, if this log has signed it.
    pub fn verify(note: &Note, log: &NoteVerifier) -> Result<Missing, BundleError> {
        note.verify(log).map_err(|_| BundleError::Signature { member: "note".to_owned() })?;
        note.text().parse()
    }

    /// Whether a letter's text is such a note, whoever signed it.
    pub fn is_one(text: &[u8]) -> bool {
        text.strip_prefix(FORMAT_LINE.as_bytes()).is_some_and(|rest| rest.first() == Some(&b'\n'))
    }
}

impl FromStr for Missing {
    type Err = BundleError;

    /// What a text says; a signature under it is **not** asked for.
    fn from_str(text: &str) -> Result<Missing, BundleError> {
        let wrong = || BundleError::content("note");
        let mut lines = text.split('\n');
        let mut value =
            |label: &str| lines.next().and_then(|line| line.strip_prefix(label)).ok_or_else(wrong);
        value(FORMAT_LINE)?;
        let set = value("set: ")?.parse().map_err(|_| wrong())?;
        let mut numbers = BTreeSet::new();
        for run in value("missing: ")?.split(' ') {
            let (first, last) = run.split_once('-').unwrap_or((run, run));
            let [first, last] = [first, last].map(str::parse::<u16>);
            let (first, last) = (first.map_err(|_| wrong())?, last.map_err(|_| wrong())?);
            if first == 0 || last > NUMBERS_MAX {
                return Err(wrong());
            }
            numbers.extend(first..=last);
        }
        let missing = Missing { set, numbers };
        if missing.to_string() == text { Ok(missing) } else { Err(wrong()) }
    }
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{FORMAT_LINE}\nset: {}\nmissing: {}", self.set, runs(&self.numbers))
    }
}

/// Numbers in runs: `3 16-160`.
pub fn runs(numbers: &BTreeSet<u16>) -> String {
    let mut runs: Vec<(u16, u16)> = Vec::new();
    for number in numbers {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == *number => *last = *number,
            _ => runs.push((*number, *number)),
        }
    }
    let spell = |(first, last)| if first == last { format!("{first}") } else { format!("{first}-{last}") };
    runs.into_iter().map(spell).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::LogSigningKey;

    fn missing(numbers: &[u16]) -> Missing {
        Missing { set: Digest::of(b"set"), numbers: numbers.iter().copied().collect() }
    }

    #[test]
    fn what_is_missing_is_told_in_runs() {
        let told = missing(&[3, 16, 17, 18, 20, 21]);
        assert!(told.to_string().ends_with("\nmissing: 3 16-18 20-21\n"));
        assert_eq!(told.to_string().parse::<Missing>().unwrap(), told);
        let most = missing(&(1..=NUMBERS_MAX).filter(|number| number % 2 == 0).collect::<Vec<_>>());
        assert!(most.to_string().len() < crate::bundle::letter::LETTER_BYTES / 2);
        assert_eq!(most.to_string().parse::<Missing>().unwrap(), most);
    }

    #[test]
    fn other_spellings_are_refused() {
        let good = missing(&[1, 2, 3, 7]).to_string();
        for (name, bad) in [
            ("none", good.replace("1-3 7", "")),
            ("no run", good.replace("1-3", "1 2 3")),
            ("a run of one", good.replace('7', "7-7")),
            ("backwards", good.replace("1-3", "3-1")),
            ("out of order", good.replace("1-3 7", "7 1-3")),
            ("zero", good.replace("1-3", "0-3")),
            ("too great", good.replace('7', "4352")),
            ("leading zero", good.replace(" 7", " 07")),
            ("two spaces", good.replace(" 7", "  7")),
            ("sign", good.replace(" 7", " +7")),
            ("no end", good.trim_end().to_owned()),
            ("a line more", format!("{good}more\n")),
            ("another format", good.replace("parts/1", "parts/2")),
        ] {
            assert_ne!(bad, good, "{name}");
            assert!(bad.parse::<Missing>().is_err(), "{name}");
        }
    }

    #[test]
    fn only_the_logs_own_word_counts() {
        let [log, other] =
            [(); 2].map(|()| NoteSigner::new("example.org/log", LogSigningKey::generate()).unwrap());
        let note = missing(&[5]).sign(&log).unwrap();
        let text = note.to_string();
        assert!(Missing::is_one(text.as_bytes()) && !Missing::is_one(b"sanduq-parts/10\n"));
        assert_eq!(Missing::verify(&note, &log.verifier()).unwrap(), missing(&[5]));
        assert!(Missing::verify(&note, &other.verifier()).is_err());
        let changed = Note::parse(text.replace("missing: 5", "missing: 6").as_bytes()).unwrap();
        assert!(Missing::verify(&changed, &log.verifier()).is_err());
        assert!(Note::parse(missing(&[5]).to_string().as_bytes()).is_err(), "nobody signed it");
    }
}
