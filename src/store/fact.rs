//! A fact: one row of the index as it became. The journal holds the same facts as the index, in the order in
//! which they became true, so the index can be made anew from it.
//!
//! ```text
//! fact  = kind-len u8 ‖ kind ‖ key-len u16 LE ‖ key ‖ value-len u32 LE ‖ value      the row is now this
//!       | kind-len u8 ‖ kind ‖ key-len u16 LE ‖ key ‖ FF FF FF FF                   the row is gone
//! ```

use super::error::StoreError;
use crate::crypto::Secret;

/// The largest value of a row: far above the longest testimony ever typed.
pub const VALUE_BYTES_MAX: usize = 256 << 20;
/// The longest key.
pub const KEY_BYTES_MAX: usize = 1024;

/// The length that says the row is gone.
const GONE: u32 = u32::MAX;

/// One row as it became; no value says it is gone.
#[derive(Debug)]
pub struct Fact {
    /// What kind of row.
    pub kind: String,
    /// Which one.
    pub key: Vec<u8>,
    /// What it holds now.
    pub value: Option<Secret<Vec<u8>>>,
}

/// Appends one fact's bytes to `out`.
pub fn encode(
    kind: &str,
    key: &[u8],
    value: Option<&[u8]>,
    out: &mut Secret<Vec<u8>>,
) -> Result<(), StoreError> {
    check("key", key.len(), KEY_BYTES_MAX)?;
    check("value", value.map_or(0, <[u8]>::len), VALUE_BYTES_MAX)?;
    let kind_len = u8::try_from(kind.len()).expect("kinds are short names of our own");
    push(out, &[kind_len]);
    push(out, kind.as_bytes());
    push(out, &(key.len() as u16).to_le_bytes());
    push(out, key);
    push(out, &value.map_or(GONE, |v| v.len() as u32).to_le_bytes());
    push(out, value.unwrap_or_default());
    Ok(())
}

/// Reads facts from bytes that come piece by piece.
pub struct FactReader {
    bytes: Secret<Vec<u8>>,
    /// Up to where they were read.
    at: usize,
}

impl FactReader {
    /// Nothing came yet.
    pub fn new() -> FactReader {
        FactReader { bytes: Secret::new(Vec::new()), at: 0 }
    }

    /// The next piece came.
    pub fn push(&mut self, bytes: &[u8]) {
        if self.at > 0 {
            self.bytes = Secret::new(self.bytes.expose()[self.at..].to_vec());
            self.at = 0;
        }
        push(&mut self.bytes, bytes);
    }

    /// The next fact, where all of it came.
    pub fn next_fact(&mut self) -> Option<Fact> {
        let mut rest = &self.bytes.expose()[self.at..];
        let fact = decode_one(&mut rest)?;
        self.at = self.bytes.expose().len() - rest.len();
        Some(fact)
    }

    /// Whether what came was exactly the facts that were read.
    pub fn is_empty(&self) -> bool {
        self.at == self.bytes.expose().len()
    }
}

fn decode_one(bytes: &mut &[u8]) -> Option<Fact> {
    let kind_len = take(bytes, 1)?[0];
    let kind = std::str::from_utf8(take(bytes, usize::from(kind_len))?).ok()?.to_owned();
    let key_len = u16::from_le_bytes(take(bytes, 2)?.try_into().ok()?);
    let key = take(bytes, usize::from(key_len))?.to_vec();
    let value_len = u32::from_le_bytes(take(bytes, 4)?.try_into().ok()?);
    let value = match value_len {
        GONE => None,
        len => Some(Secret::new(take(bytes, len as usize)?.to_vec())),
    };
    Some(Fact { kind, key, value })
}

fn take<'b>(bytes: &mut &'b [u8], len: usize) -> Option<&'b [u8]> {
    let (first, rest) = bytes.split_at_checked(len)?;
    *bytes = rest;
    Some(first)
}

fn check(what: &'static str, len: usize, max: usize) -> Result<(), StoreError> {
    if len > max { Err(StoreError::Limit { what, len: len as u64 }) } else { Ok(()) }
}

/// Appends to a secret buffer without leaving old copies behind where it must grow.
pub fn push(buffer: &mut Secret<Vec<u8>>, bytes: &[u8]) {
    let own = buffer.expose();
    let needed = own.len() + bytes.len();
    if needed > own.capacity() {
        let mut larger = Vec::with_capacity(needed.max(own.capacity() * 2).max(1024));
        larger.extend_from_slice(own);
        *buffer = Secret::new(larger);
    }
    buffer.expose_mut().extend_from_slice(bytes);
}

/// A buffer that serializers write to.
pub struct SecretWriter<'b>(pub &'b mut Secret<Vec<u8>>);

impl std::io::Write for SecretWriter<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        push(self.0, bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The facts, if the bytes are exactly facts, come they at once or byte by byte.
    fn decode(bytes: &[u8]) -> Option<Vec<Fact>> {
        let read = |pieces: &mut dyn Iterator<Item = &[u8]>| {
            let (mut reader, mut facts) = (FactReader::new(), Vec::new());
            for piece in pieces {
                reader.push(piece);
                facts.extend(std::iter::from_fn(|| reader.next_fact()));
            }
            reader.is_empty().then_some(facts)
        };
        let (whole, pieces) = (read(&mut std::iter::once(bytes)), read(&mut bytes.chunks(1)));
        assert_eq!(whole.as_deref().map(print), pieces.as_deref().map(print));
        whole
    }

    fn print(facts: &[Fact]) -> Vec<u8> {
        let mut out = Secret::new(Vec::new());
        for fact in facts {
            encode(&fact.kind, &fact.key, fact.value.as_ref().map(|v| v.expose().as_slice()), &mut out)
                .unwrap();
        }
        out.expose().clone()
    }

    #[test]
    fn facts_survive() {
        let mut out = Secret::new(Vec::new());
        encode("item", b"1", Some(b"one"), &mut out).unwrap();
        encode("item", b"", Some(b""), &mut out).unwrap();
        encode("item", b"2", None, &mut out).unwrap();
        let facts = decode(out.expose()).unwrap();
        assert_eq!(facts.len(), 3);
        assert_eq!(facts[0].value.as_ref().unwrap().expose(), b"one");
        assert_eq!(facts[1].value.as_ref().unwrap().expose(), b"");
        assert!(facts[2].value.is_none());
        assert_eq!(print(&facts), *out.expose());
        for cut in 1..4 {
            assert!(decode(&out.expose()[..out.expose().len() - cut]).is_none());
        }
    }

    #[test]
    fn a_key_too_long_is_refused() {
        let key = vec![0; KEY_BYTES_MAX + 1];
        let result = encode("item", &key, None, &mut Secret::new(Vec::new()));
        assert!(matches!(result, Err(StoreError::Limit { what: "key", .. })));
    }

    proptest! {
        #[test]
        fn what_is_read_is_what_would_be_written(bytes in proptest::collection::vec(0u8..8, 0..60)) {
            if let Some(facts) = decode(&bytes) {
                prop_assert_eq!(print(&facts), bytes);
            }
        }
    }
}
