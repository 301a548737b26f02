//! What a log asks a witness, and what the witness answers (c2sp.org/tlog-witness): the bodies of its `add-checkpoint`,
//! as they are, so that they go by a stick as well as by HTTP, and to any witness.
//!
//! ```text
//! old 1
//! 5tNU0DIC7X8XYwyLdKHv6gkOeo9wT+k0rlPKyvLczyM=
//!
//! example.org/log
//! 2
//! pbmGKt4ajP0cJvqmnzPUJ7Z4bOyRbjdRSxCZWtKUoVQ=
//!
//! — example.org/log Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
//! ```
//!
//! The first line is the size that the witness cosigned last, the next ones prove that the checkpoint grew out of it. The
//! answer is the witness's signature lines, or, where it cosigned another size last, that size alone on its line.

use std::fmt;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use super::checkpoint::{SignedCheckpoint, digest_of};
use crate::crypto::Digest;
use crate::format::FormatError;
use crate::format::note::{NOTE_BYTES_MAX, NoteSignature, SIGNATURES_MAX};

/// The longest request: its checkpoint's limit and a little.
pub const REQUEST_BYTES_MAX: usize = NOTE_BYTES_MAX + (4 << 10);

/// The longest answer.
pub const ANSWER_BYTES_MAX: usize = NOTE_BYTES_MAX;

/// The most hashes of a proof, as C2SP has it.
pub const HASHES_MAX: usize = 63;

const FORMAT: &str = "witness request";
const ANSWER_FORMAT: &str = "witness answer";

/// A head that is to be cosigned, and the proof that it grew out of the last one that was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddCheckpoint {
    /// The size that the witness cosigned last; 0 if it never did.
    pub old: u64,
    /// The consistency proof from there.
    pub proof: Vec<Digest>,
    /// The head.
    pub checkpoint: SignedCheckpoint,
}

impl AddCheckpoint {
    /// The request that these bytes spell; nothing is verified.
    pub fn parse(bytes: &[u8]) -> Result<Self, FormatError> {
        if bytes.len() > REQUEST_BYTES_MAX {
            return Err(FormatError::TooLarge {
                format: FORMAT,
                limit: REQUEST_BYTES_MAX as u64,
                unit: "bytes",
            });
        }
        let text = std::str::from_utf8(bytes).map_err(|_| FormatError::spelling(FORMAT, "UTF-8"))?;
        let wrong = || FormatError::spelling(FORMAT, "the old size, a proof, an empty line and a checkpoint");
        let (head, checkpoint) = text.split_once("\n\n").ok_or_else(wrong)?;
        let checkpoint = SignedCheckpoint::parse(checkpoint.as_bytes())?;
        let mut lines = head.split('\n');
        let old = lines.next().and_then(|line| line.strip_prefix("old ")?.parse().ok()).ok_or_else(wrong)?;
        let proof: Option<Vec<_>> = lines.by_ref().take(HASHES_MAX).map(digest_of).collect();
        let proof = proof.filter(|_| lines.next().is_none()).ok_or_else(wrong)?;
        let request = Self { old, proof, checkpoint };
        if request.to_string() == text { Ok(request) } else { Err(wrong()) }
    }
}

impl fmt::Display for AddCheckpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "old {}", self.old)?;
        for hash in &self.proof {
            writeln!(f, "{}", BASE64_STANDARD.encode(hash.as_bytes()))?;
        }
        write!(f, "\n{}", self.checkpoint)
    }
}

/// What a witness answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Its cosignatures on the head that was asked about.
    Cosigned(Vec<NoteSignature>),
    /// It cosigned this size last; the proof has to begin there.
    Last(u64),
}

impl Answer {
    /// The answer that these bytes spell; nothing is verified.
    pub fn parse(bytes: &[u8]) -> Result<Self, FormatError> {
        let lines = crate::format::lines(ANSWER_FORMAT, bytes, ANSWER_BYTES_MAX)?;
        let answer = match lines[..] {
            [size] if !size.is_empty() && size.bytes().all(|byte| byte.is_ascii_digit()) => size
                .parse()
                .map(Self::Last)
                .map_err(|_| FormatError::spelling(ANSWER_FORMAT, "a size of 64 bits"))?,
            _ if lines.len() > SIGNATURES_MAX => {
                let limit = SIGNATURES_MAX as u64;
                return Err(FormatError::TooLarge { format: ANSWER_FORMAT, limit, unit: "signatures" });
            }
            _ => Self::Cosigned(lines.into_iter().map(NoteSignature::parse).collect::<Result<_, _>>()?),
        };
        if answer.to_string().as_bytes() == bytes {
            Ok(answer)
        } else {
            Err(FormatError::spelling(ANSWER_FORMAT, "its one spelling"))
        }
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cosigned(lines) => lines.iter().try_for_each(|line| writeln!(f, "{line}")),
            Self::Last(size) => writeln!(f, "{size}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::LogSigningKey;
    use crate::format::note::NoteSigner;
    use crate::format::time::Time;
    use crate::tlog::cosignature::Witness;
    use crate::tlog::{Checkpoint, leaf_hash, node_hash};

    fn request() -> AddCheckpoint {
        let log = NoteSigner::new("example.org/log", LogSigningKey::generate()).unwrap();
        let (left, right) = (leaf_hash(b"left"), leaf_hash(b"right"));
        let head = Checkpoint::of(&log, 2, node_hash(&left, &right)).sign_twice(&log).unwrap();
        AddCheckpoint { old: 1, proof: vec![right], checkpoint: head }
    }

    #[test]
    fn requests_have_one_spelling() {
        let good = request().to_string();
        assert_eq!(AddCheckpoint::parse(good.as_bytes()).unwrap(), request_of(&good));
        for bad in [
            String::new(),
            good.replacen("old 1", "old 01", 1),
            good.replacen("old 1", "old -1", 1),
            good.replacen("old 1\n", "", 1),
            good.replacen("\n\n", "\n", 1),
            good.replacen("=\n\n", "=\n\n\n", 1),
            good.replacen("=\n", "\n", 1),
            good.replacen('\n', "\r\n", 1),
            good.replacen(
                "\n\n",
                &format!("\n{}\n", "5tNU0DIC7X8XYwyLdKHv6gkOeo9wT+k0rlPKyvLczyM=\n".repeat(63)),
                1,
            ),
        ] {
            assert!(AddCheckpoint::parse(bad.as_bytes()).is_err(), "{bad}");
        }
    }

    fn request_of(text: &str) -> AddCheckpoint {
        let request = AddCheckpoint::parse(text.as_bytes()).unwrap();
        assert_eq!((request.old, request.proof.len()), (1, 1));
        request
    }

    #[test]
    fn answers_have_one_spelling() {
        let mut head = request().checkpoint;
        Witness::new("w1", LogSigningKey::generate()).unwrap().cosign(&mut head, Time::EPOCH);
        let lines = head.note().signatures()[2..].to_vec();
        for answer in [Answer::Cosigned(lines), Answer::Last(0), Answer::Last(u64::MAX)] {
            assert_eq!(Answer::parse(answer.to_string().as_bytes()).unwrap(), answer);
        }
        let line = head.note().signatures()[2].to_string();
        for bad in
            ["", "\n", "7", "07\n", "+7\n", "18446744073709551616\n", "7\n7\n", &line, &format!("{line}\n\n")]
        {
            assert!(Answer::parse(bad.as_bytes()).is_err(), "{bad}");
        }
        assert!(Answer::parse(format!("{line}\n").repeat(SIGNATURES_MAX + 1).as_bytes()).is_err());
    }
}
