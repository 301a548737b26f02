//! A proof of OpenTimestamps, as its client writes it: a digest, and the way from there to what attests it. Each step adds
//! bytes before or behind, or hashes; where the way ends stands who attests.
//!
//! ```text
//! 00 "OpenTimestamps" 00 00 "Proof" 00 bf 89 e2 e8 84 e8 92 94    what it is
//! 01                                                            its version
//! 08 7cd1…                                                      SHA-256, and the digest
//! f0 10 9a63…                                                   append 16 bytes
//! 08                                                            hash
//! ff 00 83dfe30d2ef90c8e 19 18 "https://calendar.example"       a calendar attests; the way goes on as well
//! f1 04 6a1b…                                                   prepend 4 bytes
//! 08 00 0588960d73d71901 03 f5 8b 37                            hash; the Bitcoin block of this height attests
//! ```
//!
//! Where a block attests, the way has to end at the root of its Merkle tree, which stands in its header: 80 bytes that any
//! node of Bitcoin tells. A calendar's attestation is a promise to have one later, and no time.
//!
//! Only steps that clients of today write are read. There is one spelling of a number, and limits on everything.

use std::fmt;
use std::str::FromStr;

use super::FormatError;
use super::time::Time;
use crate::crypto::Digest;
use crate::crypto::hex;

/// The longest proof; those of four calendars have a tenth of it.
pub const PROOF_BYTES_MAX: usize = 64 << 10;

/// Bytes of a block's header.
pub const HEADER_BYTES: usize = 80;

const MAGIC: &[u8] = b"\x00OpenTimestamps\x00\x00Proof\x00\xbf\x89\xe2\xe8\x84\xe8\x92\x94";
const VERSION: u64 = 1;

/// The steps.
const SHA256: u8 = 0x08;
const APPEND: u8 = 0xf0;
const PREPEND: u8 = 0xf1;
/// Here something attests.
const ATTESTED: u8 = 0x00;
/// The next step is one of several from here.
const SEVERAL: u8 = 0xff;

/// What attests.
const PENDING: [u8; 8] = [0x83, 0xdf, 0xe3, 0x0d, 0x2e, 0xf9, 0x0c, 0x8e];
const BITCOIN: [u8; 8] = [0x05, 0x88, 0x96, 0x0d, 0x73, 0xd7, 0x19, 0x01];

/// The longest message on the way; transactions of calendars have a tenth of it.
const MESSAGE_BYTES_MAX: usize = 4096;
/// What an attestation says of itself.
const PAYLOAD_BYTES_MAX: usize = 8192;
const URI_BYTES_MAX: usize = 1000;
/// Ends of ways: so many may be reached, those of the ways that are open among them.
const ATTESTATIONS_MAX: usize = 64;

const FORMAT: &str = "OpenTimestamps proof";

/// A digest, and what the ways from it lead to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtsProof {
    /// The digest.
    pub digest: Digest,
    /// What attests, in the order of the proof.
    pub attestations: Vec<Attestation>,
    bytes: Vec<u8>,
}

/// What attests a digest, at the end of its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Attestation {
    /// A calendar promises to have it attested. It is no time yet.
    Pending {
        /// The calendar's address: printable ASCII without spaces.
        calendar: String,
    },
    /// A block of Bitcoin.
    Block {
        /// Its height.
        height: u64,
        /// The Merkle root that its header must have.
        root: BlockHash,
    },
    /// Something that is not known here.
    Other,
}

/// A hash as Bitcoin's programs show it, the last byte first: the Merkle root of a block, or its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BlockHash([u8; 32]);

/// What matters here of the header of a block of Bitcoin. Whether the block is one of the chain it does **not** say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BlockHeader {
    /// The root of the tree of its transactions.
    pub root: BlockHash,
    /// When it was made, as its miner said; Bitcoin lets that be wrong by about two hours.
    pub time: Time,
    /// Its name, by which a node or an explorer finds it.
    pub hash: BlockHash,
}

impl OtsProof {
    /// Reads a proof, and takes each way to its end.
    pub fn parse(bytes: &[u8]) -> Result<OtsProof, FormatError> {
        if bytes.len() > PROOF_BYTES_MAX {
            return Err(FormatError::TooLarge {
                format: FORMAT,
                limit: PROOF_BYTES_MAX as u64,
                unit: "bytes",
            });
        }
        let mut reader = Reader(bytes.strip_prefix(MAGIC).ok_or(wrong("its first bytes"))?);
        if reader.number()? != VERSION {
            return Err(wrong("version 1"));
        }
        if reader.byte()? != SHA256 {
            return Err(wrong("a digest of SHA-256"));
        }
        let digest = Digest::from_bytes(*reader.array()?);
        let attestations = reader.ways(&digest)?;
        if !reader.0.is_empty() {
            return Err(wrong("its end"));
        }
        Ok(OtsProof { digest, attestations, bytes: bytes.to_vec() })
    }

    /// Whether these bytes begin as a proof does.
    #[must_use]
    pub fn begins(bytes: &[u8]) -> bool {
        bytes.starts_with(MAGIC)
    }

    /// The proof as it came.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The blocks that attest: their heights, and the roots that their headers must have.
    pub fn blocks(&self) -> impl Iterator<Item = (u64, BlockHash)> {
        self.attestations.iter().filter_map(|one| match one {
            Attestation::Block { height, root } => Some((*height, *root)),
            _ => None,
        })
    }
}

/// What is left of the bytes.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    /// Takes every way from this digest to its end.
    fn ways(&mut self, from: &Digest) -> Result<Vec<Attestation>, FormatError> {
        let mut attestations = Vec::new();
        let mut open = vec![from.as_bytes().to_vec()];
        while let Some(message) = open.pop() {
            let mut step = self.byte()?;
            if step == SEVERAL {
                open.push(message.clone());
                step = self.byte()?;
            }
            if step == ATTESTED {
                attestations.push(self.attestation(&message)?);
            } else {
                open.push(self.step(step, message)?);
            }
            if open.len() + attestations.len() > ATTESTATIONS_MAX {
                return Err(wrong("fewer ways"));
            }
        }
        Ok(attestations)
    }

    /// What a step makes of a message.
    fn step(&mut self, step: u8, message: Vec<u8>) -> Result<Vec<u8>, FormatError> {
        let made = match step {
            SHA256 => Digest::of(&message).as_bytes().to_vec(),
            APPEND => [&message, self.piece(1, MESSAGE_BYTES_MAX)?].concat(),
            PREPEND => [self.piece(1, MESSAGE_BYTES_MAX)?, &message].concat(),
            _ => return Err(wrong("steps that append, prepend or hash with SHA-256, and no others")),
        };
        if made.len() <= MESSAGE_BYTES_MAX { Ok(made) } else { Err(wrong("shorter messages")) }
    }

    fn attestation(&mut self, message: &[u8]) -> Result<Attestation, FormatError> {
        let kind = *self.array::<8>()?;
        let mut payload = Reader(self.piece(0, PAYLOAD_BYTES_MAX)?);
        let attestation = match kind {
            PENDING => Attestation::Pending { calendar: payload.address()? },
            BITCOIN => {
                let root =
                    message.try_into().map_err(|_| wrong("a root of 32 bytes where a block attests"))?;
                Attestation::Block { height: payload.number()?, root: BlockHash(root) }
            }
            _ => return Ok(Attestation::Other),
        };
        if payload.0.is_empty() { Ok(attestation) } else { Err(wrong("the end of an attestation")) }
    }

    /// The address of a calendar, in the few characters that its client allows.
    fn address(&mut self) -> Result<String, FormatError> {
        let bytes = self.piece(0, URI_BYTES_MAX)?;
        let allowed = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._/:".contains(byte);
        if !bytes.iter().all(allowed) {
            return Err(wrong("an address of letters, digits and - . _ / :"));
        }
        Ok(String::from_utf8_lossy(bytes).into_owned())
    }

    fn byte(&mut self) -> Result<u8, FormatError> {
        Ok(self.array::<1>()?[0])
    }

    fn array<const N: usize>(&mut self) -> Result<&'a [u8; N], FormatError> {
        let (array, rest) = self.0.split_first_chunk().ok_or(wrong("more bytes"))?;
        self.0 = rest;
        Ok(array)
    }

    /// Bytes behind their number.
    fn piece(&mut self, min: usize, max: usize) -> Result<&'a [u8], FormatError> {
        let len = usize::try_from(self.number()?).ok().filter(|len| (min..=max).contains(len));
        let (piece, rest) =
            self.0.split_at_checked(len.ok_or(wrong("shorter pieces"))?).ok_or(wrong("more bytes"))?;
        self.0 = rest;
        Ok(piece)
    }

    /// A number in bytes of seven bits, the lowest first; all but the last have the eighth bit set.
    fn number(&mut self) -> Result<u64, FormatError> {
        let mut number = 0;
        // As many as a height or a length can need.
        for shift in (0..u64::BITS - 7).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return if byte == 0 && shift > 0 {
                    Err(wrong("numbers in their shortest spelling"))
                } else {
                    Ok(number)
                };
            }
        }
        Err(wrong("smaller numbers"))
    }
}

impl FromStr for BlockHeader {
    type Err = FormatError;

    /// The header that these 160 hexadecimal digits are.
    fn from_str(digits: &str) -> Result<BlockHeader, FormatError> {
        let wrong = || FormatError::spelling("block header", "80 bytes in 160 lower-case hexadecimal digits");
        let header: [u8; HEADER_BYTES] = hex::decode(digits).ok_or_else(wrong)?;
        let root: [u8; 32] = header[36..68].try_into().map_err(|_| wrong())?;
        let time: [u8; 4] = header[68..72].try_into().map_err(|_| wrong())?;
        let hash = Digest::of(Digest::of(&header).as_bytes());
        Ok(BlockHeader {
            root: BlockHash(root),
            time: Time::from_unix(i64::from(u32::from_le_bytes(time)))?,
            hash: BlockHash(*hash.as_bytes()),
        })
    }
}

impl fmt::Display for BlockHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = self.0;
        shown.reverse();
        f.write_str(&hex::encode(&shown))
    }
}

fn wrong(expected: &'static str) -> FormatError {
    FormatError::spelling(FORMAT, expected)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first block of Bitcoin, which every node knows.
    #[test]
    fn the_first_block_is_known_by_its_name() {
        let header = format!(
            "01000000{}3ba3edfd7a7b12b27ac72c3e67768f617fc81bc3888a51323a9fb8aa4b1e5e4a29ab5f49ffff001d1dac2b7c",
            "00".repeat(32)
        );
        let header: BlockHeader = header.parse().unwrap();
        let name = "000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f";
        let root = "4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b";
        assert_eq!((header.hash.to_string(), header.root.to_string()), (name.to_owned(), root.to_owned()));
        assert_eq!(header.time.to_string(), "2009-01-03T18:15:05Z");
    }

    #[test]
    fn the_ways_lead_to_a_calendar_and_a_block() {
        let bytes = include_bytes!("../../tests/vectors/ots/good-attested-by-opentimestamps");
        let proof = OtsProof::parse(bytes).unwrap();
        let [Attestation::Pending { calendar }, Attestation::Block { height, root }] =
            &proof.attestations[..]
        else {
            panic!("{proof:?}");
        };
        assert_eq!((calendar.as_str(), *height), ("https://calendar.example", 902_645));
        assert_eq!(root.to_string(), "cee78dc18545615dc77859b3e6c3dc36edf3a1d412767058e034c2f7f951d229");
    }
}
