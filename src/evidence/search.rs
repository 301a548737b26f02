//! The form in which texts and search words meet, so that Persian and Arabic are found whichever letter forms,
//! diacritics, digits or half-spaces were typed.
//!
//! ```
//! use sanduq::evidence::search::{fold, squeezed};
//! assert_eq!(fold("كِتابٌ"), fold("کتاب"));
//! assert_eq!(fold("۱۳۶۷"), "1367");
//! assert_eq!(squeezed("می روم"), squeezed("می\u{200c}روم"));
//! ```
//!
//! [`fold`] normalises (NFKC), lower-cases, gives the Arabic and Persian variants of a letter one form, and
//! drops vowel marks, tatweel and characters that cannot be seen. [`squeezed`] also drops all white space, so
//! that a word typed with a space, a half-space or none is the same. A folded text is **never** shown.

use unicode_normalization::UnicodeNormalization;

/// The text with every variant of a letter or digit in one form.
pub fn fold(text: &str) -> String {
    let plain = text.nfkc().filter(|letter| !is_dropped(*letter)).flat_map(char::to_lowercase).map(one_form);
    plain.filter(|letter| !is_dropped(*letter)).nfkc().collect()
}

/// The folded text without white space.
pub fn squeezed(text: &str) -> String {
    fold(text).chars().filter(|letter| !letter.is_whitespace()).collect()
}

/// Vowel marks and signs above the letters, tatweel, and what has no shape of its own.
pub(super) fn is_dropped(letter: char) -> bool {
    matches!(letter,
        '\u{0610}'..='\u{061a}' | '\u{064b}'..='\u{065f}' | '\u{0670}' | '\u{06d6}'..='\u{06dc}'
        | '\u{06df}'..='\u{06e4}' | '\u{06e7}' | '\u{06e8}' | '\u{06ea}'..='\u{06ed}'
        | '\u{08d3}'..='\u{08e1}' | '\u{08e3}'..='\u{08ff}' // harakat and Quranic signs
        | '\u{0640}' // tatweel
        | '\u{00ad}' | '\u{061c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}

fn one_form(letter: char) -> char {
    match letter {
        'أ' | 'إ' | 'آ' | 'ٱ' | '\u{0672}' | '\u{0673}' => 'ا',
        'ؤ' => 'و',
        'ي' | 'ى' | 'ئ' | 'ۍ' => 'ی',
        'ك' | 'ڪ' => 'ک',
        'ة' | 'ۀ' | 'ہ' | 'ە' | 'ۂ' | 'ۃ' | 'ھ' => 'ه',
        'ۓ' => 'ے',
        '\u{0660}'..='\u{0669}' => digit(letter, 0x0660),
        '\u{06f0}'..='\u{06f9}' => digit(letter, 0x06f0),
        other => other,
    }
}

fn digit(letter: char, zero: u32) -> char {
    char::from_digit(letter as u32 - zero, 10).unwrap_or(letter)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn all_fold_to(variants: &[&str], form: &str) {
        for variant in variants {
            assert_eq!(fold(variant), form, "{}", variant.escape_unicode());
        }
    }

    #[test]
    fn yeh() {
        all_fold_to(&["ي", "ى", "ی", "ئ", "ي\u{0654}", "ی\u{0654}", "ﻲ", "ﯽ"], "ی");
    }

    #[test]
    fn kaf() {
        all_fold_to(&["ك", "ک", "ڪ", "ﻚ", "ﮎ"], "ک");
    }

    #[test]
    fn heh() {
        all_fold_to(&["ه", "ة", "ۀ", "ہ", "ە", "ۂ", "ۃ", "ھ", "ە\u{0654}", "ه\u{0654}", "ﺔ", "ﮤ"], "ه");
    }

    #[test]
    fn alef() {
        all_fold_to(&["ا", "أ", "إ", "آ", "ٱ", "ا\u{0653}", "ا\u{0654}", "ا\u{0655}", "ﺁ", "ا\u{0670}"], "ا");
    }

    #[test]
    fn waw() {
        all_fold_to(&["و", "ؤ", "و\u{0654}", "ﺆ"], "و");
    }

    #[test]
    fn harakat_fall_away() {
        for mark in ('\u{064b}'..='\u{0652}').chain(['\u{0670}', '\u{0656}', '\u{06e1}']) {
            assert_eq!(fold(&format!("ب{mark}ر")), "بر", "{}", mark.escape_unicode());
        }
    }

    #[test]
    fn what_cannot_be_seen_falls_away() {
        for mark in ['\u{0640}', '\u{200c}', '\u{200d}', '\u{200e}', '\u{200f}', '\u{feff}', '\u{00ad}'] {
            assert_eq!(fold(&format!("می{mark}روم")), "میروم", "{}", mark.escape_unicode());
        }
    }

    #[test]
    fn digits() {
        assert_eq!(fold("٠١٢٣٤٥٦٧٨٩"), "0123456789");
        assert_eq!(fold("۰۱۲۳۴۵۶۷۸۹"), "0123456789");
        assert_eq!(fold("１９８８"), "1988");
    }

    #[test]
    fn latin_is_lower_case() {
        all_fold_to(&["Évin", "E\u{0301}VIN", "évin"], "évin");
    }

    #[test]
    fn half_spaces() {
        let forms = ["می‌روم", "می روم", "میروم", "مي روم", "می\u{00a0}روم"];
        assert!(forms.iter().all(|form| squeezed(form) == "میروم"));
    }

    #[test]
    fn different_words_stay_different() {
        assert_ne!(fold("سال"), fold("شال"));
        assert_ne!(fold("ب"), fold("پ"));
        assert_ne!(fold("گل"), fold("کل"));
    }

    proptest! {
        #[test]
        fn folding_twice_is_folding_once(text in "[\\u{600}-\\u{6ff}\\u{fb50}-\\u{fdff}a-zA-Z\\u{300}-\\u{310} \\u{200c}]{0,12}") {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }
    }
}
