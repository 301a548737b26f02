//! Words in one composed form (Unicode NFC), so that the same words typed on two keyboards are the same bytes.
//!
//! ```
//! use sanduq::evidence::composed::{compose, is_composed};
//!
//! assert_eq!(compose("a\u{308}"), "\u{e4}");
//! assert!(is_composed("آنچه دیدم") && !is_composed("ا\u{653}نچه"));
//! ```

use unicode_normalization::UnicodeNormalization;

/// The words in composed form.
pub fn compose(words: &str) -> String {
    words.nfc().collect()
}

/// Whether they are in it already.
pub fn is_composed(words: &str) -> bool {
    unicode_normalization::is_nfc(words)
}
