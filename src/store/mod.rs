//! What is kept: the only folder that writes files.
//!
//! A vault is a folder of compartments; a compartment holds its key slots, its epoch blocks, an encrypted index,
//! a journal of the same facts and packs of sealed objects (docs/spec/vault.md). [`Store`] is one open
//! compartment. What is put into it lies between `begin` and `commit`; a crash at any instant leaves the state
//! before or the state after, never a half.

mod bulk;
#[cfg(feature = "sqlite")]
mod change;
#[cfg(feature = "sqlite")]
pub mod compartment;
#[cfg(feature = "sqlite")]
pub mod copy;
mod destroy;
mod drop_behind;
mod error;
#[cfg(feature = "sqlite")]
mod fact;
pub mod files;
#[cfg(feature = "sqlite")]
mod index;
#[cfg(feature = "sqlite")]
mod journal;
pub mod lock;
mod medium;
mod new_file;
#[cfg(feature = "sqlite")]
mod object;
#[cfg(feature = "sqlite")]
mod opened;
#[cfg(feature = "sqlite")]
mod packs;
#[cfg(feature = "sqlite")]
mod renew;
#[cfg(feature = "sqlite")]
mod repair;
#[cfg(feature = "sqlite")]
mod writer;

#[cfg(all(test, feature = "sqlite"))]
mod tests;

#[cfg(feature = "sqlite")]
pub use change::Change;
#[cfg(feature = "sqlite")]
pub use compartment::Compartment;
pub use drop_behind::DropBehind;
pub use error::{Part, StoreError};
#[cfg(feature = "sqlite")]
pub use index::Row;
pub use medium::FileSystem;
#[cfg(feature = "sqlite")]
pub use object::{INLINE_BYTES_MAX, Object, ObjectReader, StoredFile};
#[cfg(feature = "sqlite")]
pub use opened::Store;
#[cfg(feature = "sqlite")]
pub use packs::{Directory, PACK_BYTES_MAX, PackStore, Pool};
#[cfg(feature = "sqlite")]
pub use renew::{Interrupted, Renewal};
#[cfg(feature = "sqlite")]
pub use repair::{Diagnosis, Examined, Remedy};
#[cfg(feature = "sqlite")]
pub use writer::ObjectWriter;
