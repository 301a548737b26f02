//! SSH's wire encoding (RFC 4251, section 5), as far as keys and signatures need it: the `string`, a length in four
//! bytes, big endian, and that many bytes.
//!
//! A reader takes exactly what the writer writes; what is left over at the end is the caller's to refuse.

/// Appends `bytes` as a string.
///
/// # Panics
///
/// If they are 4 GiB or more: no key, namespace or signature is.
pub fn put_string(out: &mut Vec<u8>, bytes: &[u8]) {
    let len = u32::try_from(bytes.len()).expect("a key, namespace or signature is below 4 GiB");
    out.extend_from_slice(&len.to_be_bytes());
    out.extend_from_slice(bytes);
}

/// Takes a string from the front of `input`; nothing if it is cut short.
pub fn take_string<'a>(input: &mut &'a [u8]) -> Option<&'a [u8]> {
    let (len, rest) = input.split_first_chunk::<4>()?;
    let len = usize::try_from(u32::from_be_bytes(*len)).ok()?;
    let (string, rest) = rest.split_at_checked(len)?;
    *input = rest;
    Some(string)
}

/// The two strings that `blob` is made of, and nothing else.
pub fn two_strings(mut blob: &[u8]) -> Option<(&[u8], &[u8])> {
    let first = take_string(&mut blob)?;
    let second = take_string(&mut blob)?;
    blob.is_empty().then_some((first, second))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_taken_as_they_were_put() {
        let mut blob = Vec::new();
        put_string(&mut blob, b"name");
        put_string(&mut blob, b"");
        assert_eq!(two_strings(&blob), Some((&b"name"[..], &b""[..])));
        for end in 0..blob.len() {
            assert_eq!(two_strings(&blob[..end]), None, "cut at {end}");
        }
        blob.push(0);
        assert_eq!(two_strings(&blob), None);
        assert_eq!(take_string(&mut &[0xff, 0xff, 0xff, 0xff, 0][..]), None);
    }
}
