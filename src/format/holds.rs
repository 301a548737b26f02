//! What a sister organisation holds whole: the ids of bundles, sorted, one a line. It travels back on the medium that
//! the bundles came on, and says which need not be carried again.
//!
//! ```
//! use sanduq::crypto::Digest;
//! use sanduq::format::holds::Holds;
//!
//! let holds = Holds::of([Digest::of(b"abc")])?;
//! let text = "sanduq-holds/1\nba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\n";
//! assert_eq!(holds.to_string(), text);
//! assert_eq!(Holds::parse(text.as_bytes())?, holds);
//! # Ok::<(), sanduq::format::FormatError>(())
//! ```
//!
//! Nothing vouches for it: whoever reads it believes it only until the next possession check
//! ([`possession`](super::possession)). docs/spec/mirror.md is the normative text.

use std::fmt;

use super::{FormatError, lines};
use crate::crypto::hash::Digest;

/// The most ids in a list: as many names as the desk looks at in one folder.
pub const IDS_MAX: usize = 1 << 20;

/// The longest list, in bytes: the first line, and 64 digits and a line feed for each id.
pub const BYTES_MAX: usize = HEAD.len() + 1 + IDS_MAX * 65;

/// Its first line.
pub const HEAD: &str = "sanduq-holds/1";

const FORMAT: &str = "holds";

/// The ids of bundles that are held, sorted, each once; perhaps none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holds(Vec<Digest>);

impl Holds {
    /// The list of these ids, in whatever order and however often they come; at most [`IDS_MAX`].
    pub fn of(ids: impl IntoIterator<Item = Digest>) -> Result<Holds, FormatError> {
        let mut ids: Vec<Digest> = ids.into_iter().collect();
        ids.sort_unstable();
        ids.dedup();
        check_count(FORMAT, ids.len())?;
        Ok(Holds(ids))
    }

    /// The list that these bytes spell.
    pub fn parse(bytes: &[u8]) -> Result<Holds, FormatError> {
        let lines = lines(FORMAT, bytes, BYTES_MAX)?;
        let (head, ids) = lines.split_first().expect("there is at least one line");
        if *head != HEAD {
            return Err(FormatError::Malformed { format: FORMAT, line: 1, expected: HEAD });
        }
        Ok(Holds(sorted_ids(FORMAT, ids, 2)?))
    }

    /// The ids, in their order.
    #[must_use]
    pub fn ids(&self) -> &[Digest] {
        &self.0
    }

    /// Whether this bundle is in it.
    #[must_use]
    pub fn contains(&self, id: &Digest) -> bool {
        self.0.binary_search(id).is_ok()
    }
}

impl fmt::Display for Holds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{HEAD}")?;
        self.0.iter().try_for_each(|id| writeln!(f, "{id}"))
    }
}

/// Ids, one a line, each after the one before it; `first` is the number of the first of these lines.
pub(super) fn sorted_ids(
    format: &'static str,
    lines: &[&str],
    first: u64,
) -> Result<Vec<Digest>, FormatError> {
    check_count(format, lines.len())?;
    let mut ids: Vec<Digest> = Vec::with_capacity(lines.len());
    for (line, number) in lines.iter().zip(first..) {
        let expected = "an id of 64 hexadecimal digits";
        let id = line.parse().map_err(|_| FormatError::Malformed { format, line: number, expected })?;
        check_next(format, ids.last(), &id, number)?;
        ids.push(id);
    }
    Ok(ids)
}

/// An id comes after the one before it, in the order of its digits.
pub(super) fn check_next(
    format: &'static str,
    before: Option<&Digest>,
    id: &Digest,
    line: u64,
) -> Result<(), FormatError> {
    match before.map(|before| before.cmp(id)) {
        None | Some(std::cmp::Ordering::Less) => Ok(()),
        Some(std::cmp::Ordering::Equal) => Err(FormatError::Duplicate { format, name: id.to_string() }),
        Some(std::cmp::Ordering::Greater) => {
            Err(FormatError::Malformed { format, line, expected: "ids in their order" })
        }
    }
}

pub(super) fn check_count(format: &'static str, count: usize) -> Result<(), FormatError> {
    if count > IDS_MAX {
        return Err(FormatError::TooLarge { format, limit: IDS_MAX as u64, unit: "ids" });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_sorted_and_names_each_once() {
        let ids = [b"c", b"a", b"b", b"a"].map(|name| Digest::of(name));
        let holds = Holds::of(ids).unwrap();
        assert_eq!(holds.ids().len(), 3);
        assert!(ids.iter().all(|id| holds.contains(id)) && !holds.contains(&Digest::of(b"d")));
        assert_eq!(Holds::parse(holds.to_string().as_bytes()), Ok(holds));
    }

    #[test]
    fn who_holds_nothing_says_so() {
        let nothing = Holds::of([]).unwrap();
        assert_eq!(nothing.to_string(), "sanduq-holds/1\n");
        assert_eq!(Holds::parse(b"sanduq-holds/1\n"), Ok(nothing));
    }

    #[test]
    fn a_list_without_end_is_refused() {
        let line = format!("{}\n", Digest::of(b""));
        let long = format!("{HEAD}\n{}", line.repeat(IDS_MAX + 1));
        let too_large = |error| matches!(error, Err(FormatError::TooLarge { .. }));
        assert!(too_large(Holds::parse(long.as_bytes())));
        assert!(too_large(Holds::parse(&vec![b'\n'; BYTES_MAX + 1])));
    }
}
