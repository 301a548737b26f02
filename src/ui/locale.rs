//! Which language is spoken: chosen by a flag, kept in a vault, or read from the environment's locale names.
//!
//! A locale name such as `fa_IR.UTF-8` or `fa-IR` counts by its first part alone. `C`, `POSIX` and every
//! language that is not spoken here are English, when they come from the environment; from a flag they are
//! refused, because then a person asked for it.

/// A language that all messages are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Language {
    /// English, written from left to right.
    English,
    /// Persian (فارسی), written from right to left, with its own digits.
    Persian,
}

impl Language {
    /// Every language, in the order in which they are offered.
    pub const ALL: [Language; 2] = [Language::English, Language::Persian];

    /// The language of a tag or locale name (`fa`, `fa-IR`, `fa_IR.UTF-8`), if it is spoken here.
    pub fn from_tag(tag: &str) -> Option<Language> {
        let language = tag.split(['-', '_', '.', '@']).next().unwrap_or_default();
        Language::ALL.into_iter().find(|known| known.tag().eq_ignore_ascii_case(language))
    }

    /// The language a POSIX environment asks for: the first of `LC_ALL`, `LC_MESSAGES` and `LANG` that is set
    /// and not empty. `None` where none is set or it names no language (`C`, `POSIX`).
    ///
    /// The environment is handed in: `variable` gives a variable's value.
    pub fn from_environment(variable: impl Fn(&str) -> Option<String>) -> Option<Language> {
        let set = |name: &&str| variable(name).filter(|value| !value.is_empty());
        let value = ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(set)?;
        Language::from_tag(&value)
    }

    /// The tag that is written down, such as `fa`.
    pub fn tag(self) -> &'static str {
        match self {
            Language::English => "en",
            Language::Persian => "fa",
        }
    }

    /// True for a language written from right to left.
    pub fn is_right_to_left(self) -> bool {
        self == Language::Persian
    }

    /// The language's ten digits.
    pub(super) fn digits(self) -> [char; 10] {
        match self {
            Language::English => ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
            Language::Persian => ['۰', '۱', '۲', '۳', '۴', '۵', '۶', '۷', '۸', '۹'],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(pairs: &[(&str, &str)]) -> Option<Language> {
        Language::from_environment(|name| {
            pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| value.to_string())
        })
    }

    #[test]
    fn a_locale_name_counts_by_its_language() {
        assert_eq!(Language::from_tag("fa_IR.UTF-8"), Some(Language::Persian));
        assert_eq!(Language::from_tag("FA"), Some(Language::Persian));
        assert_eq!(Language::from_tag("en-GB"), Some(Language::English));
        assert_eq!(Language::from_tag("fat"), None);
        assert_eq!(Language::from_tag(""), None);
    }

    #[test]
    fn the_environment_is_asked_in_the_order_of_posix() {
        assert_eq!(environment(&[("LANG", "fa_IR.UTF-8")]), Some(Language::Persian));
        assert_eq!(environment(&[("LANG", "fa_IR"), ("LC_MESSAGES", "en_US")]), Some(Language::English));
        assert_eq!(environment(&[("LANG", "en_US"), ("LC_ALL", "fa")]), Some(Language::Persian));
        assert_eq!(environment(&[("LANG", "fa"), ("LC_ALL", "")]), Some(Language::Persian));
        assert_eq!(environment(&[("LANG", "fa"), ("LC_ALL", "C")]), None);
        assert_eq!(environment(&[("LANG", "POSIX")]), None);
        assert_eq!(environment(&[]), None);
    }
}
