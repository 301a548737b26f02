//! Packs: files of at most 64 MiB in which sealed objects lie one after another.
//!
//! A pack is opaque bytes under a random name; the index alone knows what lies where and how long each pack is.
//! What lies beyond that length is of a change that never was, and is cut off. A sealed object may span several
//! packs ([`Extent`]). [`PackStore`] is all that is asked of the place where packs lie: it never sees plaintext.

mod appender;
mod directory;
mod extent;
#[cfg(test)]
pub(crate) mod memory;

use std::io::Read;

pub(crate) use appender::{Appender, Placing};
pub use directory::Directory;
pub(crate) use extent::ExtentReader;
pub use extent::{Extent, PackRow, Pool};

use super::error::StoreError;
use crate::format::id::RandomId;

/// How large a pack becomes before the next one is begun.
pub const PACK_BYTES_MAX: u64 = 64 << 20;

/// Where packs lie: opaque bytes named by random ids, that grow at their end and can be cut.
pub trait PackStore: Send + Sync {
    /// Writes `bytes` at `at`, which is the pack's length or, over a tail that never was, less. A pack that is
    /// written at 0 is made.
    fn append(&self, pack: &RandomId, at: u64, bytes: &[u8]) -> Result<(), StoreError>;

    /// Makes everything last that was appended to these packs, and their names.
    fn sync(&self, packs: &[RandomId]) -> Result<(), StoreError>;

    /// Cuts a pack to `len` bytes; one that is shorter or missing stays as it is.
    fn cut(&self, pack: &RandomId, len: u64) -> Result<(), StoreError>;

    /// Reads `len` bytes from `at` on.
    fn open(&self, pack: &RandomId, at: u64, len: u64) -> Result<Box<dyn Read + Send>, StoreError>;

    /// Every pack here and its length.
    fn list(&self) -> Result<Vec<(RandomId, u64)>, StoreError>;

    /// Removes packs; those that are gone already are no error.
    fn remove(&self, packs: &[RandomId]) -> Result<(), StoreError>;
}
