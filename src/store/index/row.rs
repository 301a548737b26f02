//! Typed rows: a Rust value, its kind and its key, held as JSON.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::crypto::Secret;
use crate::store::error::StoreError;
use crate::store::fact::SecretWriter;

/// A value the index holds.
///
/// Rows are ordered by their keys' bytes: a number is a key as eight bytes, big-endian.
pub trait Row: Serialize + DeserializeOwned {
    /// The name of this kind of row, such as `item`; those that begin with `store.` and `search` are taken.
    const KIND: &'static str;

    /// What tells it from the others of its kind.
    fn key(&self) -> Vec<u8>;
}

/// The bytes a row is held as, in place of what `bytes` held.
pub(crate) fn encode<R: Row>(row: &R, bytes: &mut Secret<Vec<u8>>) -> Result<(), StoreError> {
    bytes.expose_mut().clear();
    serde_json::to_writer(SecretWriter(bytes), row)
        .map_err(|source| StoreError::Row { kind: R::KIND, source })
}

/// The row these bytes hold.
pub(crate) fn decode<R: Row>(bytes: &[u8]) -> Result<R, StoreError> {
    serde_json::from_slice(bytes).map_err(|source| StoreError::Row { kind: R::KIND, source })
}
