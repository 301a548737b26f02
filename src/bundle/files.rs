//! Where the originals come from when a bundle is packed, and where they go when it is opened: two traits, so
//! that bundles know no store.

use std::io::{self, Read};

use crate::crypto::hash::Digest;
use crate::evidence::item::File;

/// Gives the bytes of the files that are packed.
pub trait FileSource {
    /// Opens a file. It is read once, and must give exactly the bytes its digest names.
    fn open(&self, file: &File) -> io::Result<Original<'_>>;
}

/// A file that is about to be packed.
pub struct Original<'a> {
    /// Gives its bytes.
    pub content: Box<dyn Read + 'a>,
    /// The CRC-32 that was made of the same bytes as its digest, of one whose bytes nobody else can write: by it packing
    /// finds out whether they are the same still. Without one they are hashed again.
    pub checksum: Option<u32>,
}

impl<'a> Original<'a> {
    /// One of which nothing is known but its digest.
    pub fn of(content: impl Read + 'a) -> Original<'a> {
        Original { content: Box::new(content), checksum: None }
    }
}

/// A file that comes out of a bundle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arriving {
    /// Its number under `files/`, by which the records' descriptors name it.
    pub number: u32,
    /// How many bytes it has.
    pub len: u64,
    /// What it must hash to.
    pub digest: Digest,
}

/// Takes the files that come out of a bundle. What it was given stays **untrusted** until the bundle is
/// [`Verified`](super::unpack::Verified): keep it where it can be thrown away whole.
pub trait FileSink {
    /// Takes one file. `content` ends after exactly `file.len` bytes, or fails; whether they have the right digest shows
    /// later.
    fn take(&mut self, file: &Arriving, content: &mut dyn Read) -> io::Result<()>;
}

/// Takes files and keeps nothing.
#[derive(Debug, Default)]
pub struct Discard;

impl FileSink for Discard {
    fn take(&mut self, _file: &Arriving, _content: &mut dyn Read) -> io::Result<()> {
        Ok(())
    }
}
