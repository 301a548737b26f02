//! Bytes as lower-case hexadecimal: the one spelling of digests and identifiers.
//!
//! `00ff` is read; `00FF`, `0x00ff`, `00 ff` and `0ff` are not.

/// The lower-case hexadecimal of `bytes`.
pub fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    push(bytes, &mut text);
    text
}

/// The bytes that `text` spells, or nothing if it is not exactly `N` bytes in lower-case hexadecimal.
pub fn decode<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digits = text.as_bytes();
    if digits.len() != N * 2 {
        return None;
    }
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = value(pair[0])? << 4 | value(pair[1])?;
    }
    Some(bytes)
}

/// Appends the hexadecimal of `bytes` to `text`, whose capacity the caller chose so that nothing is moved.
pub(super) fn push(bytes: &[u8], text: &mut String) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    for byte in bytes {
        text.push(DIGITS[usize::from(byte >> 4)].into());
        text.push(DIGITS[usize::from(byte & 15)].into());
    }
}

fn value(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_spelling_is_read() {
        assert_eq!(decode::<2>("00ff"), Some([0, 255]));
        for other in ["00FF", "0xff", "00ff ", "00f", "00f\u{660}", ""] {
            assert_eq!(decode::<2>(other), None, "{other:?}");
        }
        assert_eq!(encode(&[0, 255, 16]), "00ff10");
    }
}
