//! What one officer hands to the next: the quorum files of a bundle with his own layer gone.
//!
//! A strict ustar archive of `pass-on`, the two lines `sanduq-pass-on/1` and `bundle: <bundle id>`, and
//! `layers/01.age` … for those quorum files whose outermost layer was his. What is left is still encrypted to
//! the officers that follow, so the file need not be kept secret; it is of no use without the bundle, and
//! **never** contains the payload's key.

use super::error::BundleError;
use super::layout;
use super::quorum;
use crate::crypto::hash::Digest;
use crate::format::archive::{Reader, Writer};
use crate::format::name::MemberName;

const HEAD: &str = "pass-on";
const FIRST_LINE: &str = "sanduq-pass-on/1";
const HEAD_BYTES_MAX: u64 = 256;

/// Layers for the officer who follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PassOn {
    bundle: Digest,
    layers: Vec<(u8, Vec<u8>)>,
}

impl PassOn {
    pub(super) fn new(bundle: Digest, layers: Vec<(u8, Vec<u8>)>) -> PassOn {
        PassOn { bundle, layers }
    }

    /// The bundle they belong to.
    pub fn bundle(&self) -> Digest {
        self.bundle
    }

    /// The numbers of the quorum files they come from, as [`quorum::followers`] asks for them.
    pub fn numbers(&self) -> Vec<u8> {
        self.layers.iter().map(|(number, _)| *number).collect()
    }

    pub(super) fn layers(&self) -> impl Iterator<Item = (u8, &[u8])> {
        self.layers.iter().map(|(number, layer)| (*number, layer.as_slice()))
    }

    /// The file's bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.write().expect("layers are short and memory takes every byte")
    }

    fn write(&self) -> Result<Vec<u8>, BundleError> {
        let mut archive = Writer::new(Vec::new());
        archive.whole(&layout::name(HEAD), self.head().as_bytes())?;
        for (number, layer) in &self.layers {
            archive.whole(&layer_name(*number), layer)?;
        }
        Ok(archive.finish()?)
    }

    fn head(&self) -> String {
        format!("{FIRST_LINE}\nbundle: {}\n", self.bundle)
    }

    /// Reads such a file.
    pub fn parse(bytes: &[u8]) -> Result<PassOn, BundleError> {
        let mut archive = Reader::new(bytes);
        let mut next = |max: u64| -> Result<Option<(MemberName, Vec<u8>)>, BundleError> {
            let Some(member) = archive.next_member()? else { return Ok(None) };
            Ok(Some((member.name, archive.body(max)?)))
        };
        let Some((name, head)) = next(HEAD_BYTES_MAX)? else {
            return Err(BundleError::PassOn("it is empty"));
        };
        if name != HEAD {
            return Err(BundleError::PassOn("it begins with something else"));
        }
        let mut pass_on = PassOn { bundle: parse_head(&head)?, layers: Vec::new() };
        let mut numbers = 1..=quorum::FILES;
        while let Some((name, layer)) = next(quorum::file_len())? {
            let number = numbers.find(|number| layer_name(*number) == name);
            let number = number.ok_or(BundleError::PassOn("a layer twice, or out of order"))?;
            pass_on.layers.push((number, layer));
        }
        if pass_on.layers.is_empty() {
            return Err(BundleError::PassOn("it holds no layers"));
        }
        Ok(pass_on)
    }
}

fn layer_name(number: u8) -> MemberName {
    layout::name(&format!("layers/{number:02}.age"))
}

fn parse_head(head: &[u8]) -> Result<Digest, BundleError> {
    let id = || {
        let rest = std::str::from_utf8(head).ok()?.strip_prefix(FIRST_LINE)?.strip_prefix("\nbundle: ")?;
        rest.strip_suffix('\n')?.parse().ok()
    };
    id().ok_or(BundleError::PassOn("its first lines are wrong"))
}
