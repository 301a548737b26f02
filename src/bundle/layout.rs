//! The names of a bundle's file on a medium and of its members, outside and inside, and how long each member may be.

use crate::crypto::hash::Digest;
use crate::format::bag::{self, Oxum};
use crate::format::name::MemberName;

use super::error::BundleError;

/// How the name of a bundle's file ends.
pub const BUNDLE_ENDING: &str = "bundle";

/// How many names a file that is carried can have.
pub const CARRIED_NAMES: usize = 4;

/// The names that a file can be carried under, the usual one first: the beginning of a digest, and more of it where
/// another file has the shorter name.
pub fn carried_names(digest: &Digest, ending: &str) -> [String; CARRIED_NAMES] {
    let digits = digest.to_string();
    [16, 24, 32, 64].map(|count| format!("{}.{ending}", &digits[..count]))
}

/// The value of `Format-Version` in `bag-info.txt`.
pub const FORMAT_VERSION: &str = "sanduq-bundle/1";

/// BagIt's declaration, outside and inside.
pub const BAGIT: &str = "bagit.txt";
/// What the outside binds.
pub const INFO: &str = "bag-info.txt";
/// The one-time keys and the return recipient.
pub const SIGNER: &str = "signer.pub";
/// The encrypted inner bag; longer ones end in `.001`, `.002` and so on.
pub const PAYLOAD: &str = "data/payload.age";
/// BagIt's manifest, outside and inside.
pub const MANIFEST: &str = "manifest-sha256.txt";
/// The list that closes the bundle; its SHA-256 is the bundle's id.
pub const TAG_MANIFEST: &str = "tagmanifest-sha256.txt";
/// The Ed25519 signature over it.
pub const SIGNATURE: &str = "tagmanifest-sha256.txt.sig";
/// The composite signature over it.
pub const PQ_SIGNATURE: &str = "tagmanifest-sha256.txt.pq.sig";

/// Inside: the card it was sealed to.
pub const CARD: &str = "data/card";
/// Inside: 32 random bytes that keep `Disclosure-SHA256` from being recognised.
pub const SALT: &str = "data/salt";
/// Inside: the list of the records.
pub const RECORDS: &str = "data/records-sha256.txt";
/// Inside: who says so.
pub const AUTHOR: &str = "data/author";
/// Inside: the author's Ed25519 signature.
pub const AUTHOR_SIGNATURE: &str = "data/author.sig";
/// Inside: the author's composite signature.
pub const AUTHOR_PQ_SIGNATURE: &str = "data/author.pq.sig";

/// Bytes of a text member such as `bag-info.txt`, `signer.pub` or a signature.
pub const TEXT_BYTES_MAX: u64 = 16 * 1024;
/// Bytes of an outer manifest: a thousand parts, each with its line.
pub const MANIFEST_BYTES_MAX: u64 = 256 * 1024;
/// Bytes of a card.
pub const CARD_BYTES_MAX: u64 = 64 * 1024;
/// Records in one bundle.
pub const RECORDS_MAX: usize = 20_000;
/// Files in one bundle.
pub const FILES_MAX: usize = 50_000;
/// Bytes of all units and lists of one bundle together, which a reader holds in memory.
pub const RECORD_BYTES_MAX: u64 = crate::evidence::layout::BYTES_MAX;
/// Members of the inner bag, whose list a reader holds in memory.
pub const INNER_MEMBERS_MAX: usize = 1 << 17;

const INFO_LABELS: [&str; 5] =
    ["Format-Version", "Payload-Oxum", "Disclosure-SHA256", "Author-Commit-SHA256", "Proof-Commit-SHA256"];

/// A member with its body.
pub type Named = (MemberName, Vec<u8>);

/// A name of ours as a member's name.
pub(super) fn name(text: &str) -> MemberName {
    text.parse().expect("the names of the layout are member names")
}

/// `quorum/01.age` to `quorum/10.age`.
pub(super) fn quorum(number: u8) -> MemberName {
    name(&format!("quorum/{number:02}.age"))
}

/// `data/files/0001` and on.
pub(super) fn file(number: u32) -> String {
    format!("data/files/{number:04}")
}

/// A record's folder as `records-sha256.txt` names it: `records/0001`.
pub(super) fn record(number: u32) -> String {
    format!("records/{number:04}")
}

/// What `bag-info.txt` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Info {
    /// How many bytes in how many parts the payload has.
    pub oxum: Oxum,
    /// SHA-256 of the inner list of records.
    pub disclosure: Digest,
    /// SHA-256 of the author's statement.
    pub author: Digest,
    /// SHA-256 of the key with which authorship can be proved later.
    pub proof: Digest,
}

impl Info {
    /// The text of `bag-info.txt`.
    pub fn print(&self) -> String {
        let values = [
            FORMAT_VERSION.to_owned(),
            self.oxum.to_string(),
            self.disclosure.to_string(),
            self.author.to_string(),
            self.proof.to_string(),
        ];
        let fields: Vec<_> = INFO_LABELS.into_iter().zip(values.iter().map(String::as_str)).collect();
        bag::print_info(&fields).expect("numbers and digests are values of a bag")
    }

    /// Reads `bag-info.txt`.
    pub fn parse(bytes: &[u8]) -> Result<Info, BundleError> {
        let values = bag::parse_info(bytes, &INFO_LABELS).map_err(BundleError::format(INFO))?;
        let wrong = || BundleError::content(INFO);
        let digest = |at: usize| values[at].parse::<Digest>().map_err(|_| wrong());
        if values[0] != FORMAT_VERSION {
            return Err(wrong());
        }
        let oxum = values[1].parse().map_err(BundleError::format(INFO))?;
        Ok(Info { oxum, disclosure: digest(2)?, author: digest(3)?, proof: digest(4)? })
    }
}
