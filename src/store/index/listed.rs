//! What a list shows of an item: an index of what SQLite computes from the item's row, in which nothing else stands, so
//! that a list of everything reads no row whole.
//!
//! The journal knows nothing of it, so the two can never differ: whatever makes the rows makes it, and `PRAGMA
//! integrity_check` compares them. A list goes through it in order; a search looks up its hits in it. The kind stands in
//! it because SQLite takes an index for enough only where every column that is asked for does.

use rusqlite::{Row, params};

use super::Index;
use crate::store::error::StoreError;

/// A statement in which what is computed stands between two parts: SQLite must find the very same expression in it as in
/// the index.
macro_rules! listed {
    ($before:literal, $after:literal) => {
        concat!(
            $before,
            "json_array(
                CAST(value AS TEXT) -> '$.item.number',
                CAST(value AS TEXT) -> '$.item.kind',
                CAST(value AS TEXT) -> '$.item.title',
                CAST(value AS TEXT) -> '$.item.created',
                CAST(value AS TEXT) -> '$.bytes',
                json_array_length(CAST(value AS TEXT), '$.item.files'),
                json_array_length(CAST(value AS TEXT), '$.sealed'),
                CAST(value AS TEXT) -> '$.item.origin.received.bundle',
                CAST(value AS TEXT) -> '$.item.origin.received.author'
            )",
            $after
        )
    };
}

/// What makes the index.
pub(super) const INDEX: &str = listed!("CREATE INDEX listed ON rows (kind, key, ", ") WHERE kind = 'item';");
/// A page of a list.
const PAGE: &str = listed!(
    "SELECT ",
    " FROM rows INDEXED BY listed WHERE kind = 'item' AND key < ?1 ORDER BY key DESC LIMIT ?2"
);
/// One item.
const ONE: &str = listed!("SELECT ", " FROM rows INDEXED BY listed WHERE kind = 'item' AND key = ?1");

impl Index {
    /// Gives what a list shows of at most `limit` items to `take`, as JSON, the greatest numbers first, only those
    /// below `before`.
    pub fn listed<E: From<StoreError>>(
        &self,
        before: Option<u64>,
        limit: u64,
        mut take: impl FnMut(&[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut statement = self.prepare(PAGE)?;
        let before = before.unwrap_or(u64::MAX).to_be_bytes();
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut rows = statement.query(params![before, limit]).map_err(|e| self.failure(e))?;
        while let Some(row) = rows.next().map_err(|e| self.failure(e))? {
            take(self.shown(row)?)?;
        }
        Ok(())
    }

    /// Gives what a list shows of one item to `take`, where there is such an item.
    pub fn with_listed<T>(
        &self,
        number: u64,
        take: impl FnOnce(&[u8]) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        let mut statement = self.prepare(ONE)?;
        let mut rows = statement.query([number.to_be_bytes()]).map_err(|e| self.failure(e))?;
        let row = rows.next().map_err(|e| self.failure(e))?;
        row.map(|row| take(self.shown(row)?)).transpose()
    }

    fn shown<'r>(&self, row: &'r Row<'_>) -> Result<&'r [u8], StoreError> {
        row.get_ref(0).and_then(|value| Ok(value.as_bytes()?)).map_err(|e| self.failure(e))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::Secret;
    use crate::crypto::keyslot::IndexKey;

    /// A list of nothing would tell somebody that what she kept is gone.
    #[test]
    fn without_its_index_a_list_is_an_error_and_never_empty() {
        let dir = tempfile::tempdir().unwrap();
        let key = IndexKey::from_secret(&Secret::new([1; 32]));
        let index = Index::create(&dir.path().join("index"), &key).unwrap();
        index.apply("item", &1u64.to_be_bytes(), Some(b"{}")).unwrap();
        let seen = |index: &Index| {
            let mut seen = 0;
            let mut count = |_: &[u8]| {
                seen += 1;
                Ok::<_, StoreError>(())
            };
            index.listed(None, 1, &mut count)?;
            index.with_listed(1, count).map(|_| seen)
        };
        assert_eq!(seen(&index).unwrap(), 2);
        index.batch("DROP INDEX listed").unwrap();
        assert!(matches!(index.listed(None, 1, |_| Ok(())), Err(StoreError::Index { .. })));
        assert!(matches!(index.with_listed(1, |_| Ok(())), Err(StoreError::Index { .. })));
    }
}
