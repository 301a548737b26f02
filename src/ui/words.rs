//! A language's words, ready to be said.
//!
//! A Latin text inside a right-to-left sentence is wrapped in Unicode's first-strong isolate, so that it does not pull
//! the sentence apart; nothing else is, because terminals without bidirectional text show isolates as boxes. Whoever
//! wants to copy a value finds it on its own line.

use crate::ui::calendar;
use crate::ui::locale::Language;
use crate::ui::m;
use crate::ui::message::{Arg, Message};
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

/// All messages of one language.
pub struct Words {
    language: Language,
    bundle: FluentBundle<FluentResource>,
}

impl Words {
    /// The words of a language.
    pub fn new(language: Language) -> Words {
        let tag = language.tag().parse().expect("our own tags are language tags");
        let mut bundle = FluentBundle::new_concurrent(vec![tag]);
        bundle.set_use_isolating(false);
        if language == Language::Persian {
            bundle.set_formatter(Some(|value, _| match value {
                FluentValue::Number(number) => Some(in_digits(&number.as_string(), Language::Persian)),
                _ => None,
            }));
        }
        for text in sources(language) {
            let resource = FluentResource::try_new(text.to_string());
            let resource = resource.unwrap_or_else(|_| unreachable!("the build script has read this file"));
            bundle.add_resource(resource).expect("the build script has refused equal ids");
        }
        Words { language, bundle }
    }

    /// The language of these words.
    pub fn language(&self) -> Language {
        self.language
    }

    /// The message in this language.
    pub fn say(&self, message: impl Into<Message>) -> String {
        let message = message.into();
        let found = self.bundle.get_message(message.id());
        let pattern = found.and_then(|found| found.value()).expect("the build script has checked every id");
        let mut values = FluentArgs::with_capacity(message.values().len());
        for (name, value) in message.values() {
            match value {
                Arg::Number(number) => values.set(*name, *number),
                Arg::Size(bytes) => values.set(*name, self.size(*bytes)),
                Arg::Day(iso) => values.set(*name, self.day(iso)),
                Arg::Said(message) => values.set(*name, self.say(Message::clone(message))),
                Arg::Text(text) => values.set(*name, self.isolated(text)),
            }
        }
        let mut errors = Vec::new();
        let said = self.bundle.format_pattern(pattern, Some(&values), &mut errors).into_owned();
        debug_assert!(errors.is_empty(), "{}: {errors:?}", message.id());
        said
    }

    /// A length in the unit that suits it: 1.5 MB.
    pub fn size(&self, bytes: u64) -> String {
        let amount = |unit: u64| {
            let tenths = bytes.saturating_mul(10) / unit;
            let point = if self.language == Language::Persian { '٫' } else { '.' };
            let text = if tenths < 100 {
                format!("{}{point}{}", tenths / 10, tenths % 10)
            } else {
                (tenths / 10).to_string()
            };
            self.digits(&text)
        };
        self.say(match bytes {
            0..1_000 => m::size_bytes(bytes),
            1_000..1_000_000 => m::size_kb(amount(1_000)),
            1_000_000..1_000_000_000 => m::size_mb(amount(1_000_000)),
            _ => m::size_gb(amount(1_000_000_000)),
        })
    }

    /// The day of a date or time of the data (2026-11-23), as the language writes days.
    pub fn day(&self, iso: &str) -> String {
        self.digits(&calendar::day(iso, self.language))
    }

    /// A number in the language's digits, for tables.
    pub fn number(&self, number: u64) -> String {
        in_digits(&number.to_string(), self.language)
    }

    /// A text within a sentence of the other direction, so that it does not pull the sentence apart.
    fn isolated(&self, text: &str) -> String {
        let foreign = self.language.is_right_to_left() && text.contains(|c: char| c.is_ascii_graphic());
        if foreign { format!("\u{2068}{text}\u{2069}") } else { text.to_string() }
    }

    fn digits(&self, text: &str) -> String {
        in_digits(text, self.language)
    }
}

fn in_digits(text: &str, language: Language) -> String {
    let digits = language.digits();
    text.chars().map(|c| c.to_digit(10).map_or(c, |digit| digits[digit as usize])).collect()
}

fn sources(language: Language) -> [&'static str; 4] {
    match language {
        Language::English => [
            include_str!("locales/en/common.ftl"),
            include_str!("locales/en/sanduq.ftl"),
            include_str!("locales/en/intake.ftl"),
            include_str!("locales/en/verify.ftl"),
        ],
        Language::Persian => [
            include_str!("locales/fa/common.ftl"),
            include_str!("locales/fa/sanduq.ftl"),
            include_str!("locales/fa/intake.ftl"),
            include_str!("locales/fa/verify.ftl"),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::{Day, Size};

    #[test]
    fn a_sentence_is_said_in_each_language() {
        assert_eq!(Words::new(Language::English).say(m::ERR_DECLINED), "Nothing was done.");
        assert_eq!(Words::new(Language::Persian).say(m::ERR_DECLINED), "هیچ کاری انجام نشد.");
    }

    #[test]
    fn a_number_stands_in_the_digits_of_the_language() {
        assert_eq!(Words::new(Language::English).say(m::items(1u64)), "1 item");
        assert_eq!(Words::new(Language::English).say(m::items(12u64)), "12 items");
        assert_eq!(Words::new(Language::Persian).say(m::items(12u64)), "۱۲ مورد");
    }

    #[test]
    fn only_a_latin_text_is_isolated_and_only_among_persian() {
        let of = |language, name: &str| Words::new(language).say(m::contact_head(name));
        assert_eq!(of(Language::Persian, "Archive"), "مخاطب \u{2068}Archive\u{2069}");
        assert_eq!(of(Language::Persian, "بایگانی"), "مخاطب بایگانی");
        assert_eq!(of(Language::English, "بایگانی"), "Contact بایگانی");
    }

    #[test]
    fn a_size_stands_in_the_unit_that_suits_it() {
        let english = Words::new(Language::English);
        assert_eq!(english.size(999), "999 bytes");
        assert_eq!(english.size(1_540_000), "1.5 MB");
        assert_eq!(english.size(4_294_967_295), "4.2 GB");
        assert_eq!(english.size(123_456), "123 kB");
        assert!(english.say(m::err_too_large(Size(1 << 20))).contains("1.0 MB"));
        assert_eq!(Words::new(Language::Persian).size(1_540_000), "۱٫۵ مگابایت");
    }

    #[test]
    fn a_day_stands_as_the_language_writes_days() {
        let of = |language| Words::new(language).say(m::contact_until(Day("2026-11-23T10:00:00Z")));
        assert_eq!(of(Language::English), "Valid until 2026-11-23");
        assert!(of(Language::Persian).contains("۱۴۰۵/۰۹/۰۲"));
    }

    #[test]
    fn a_message_within_a_message_is_said_and_not_escaped() {
        let said = Words::new(Language::Persian).say(m::ShowSealed { to: "x", state: m::items(3u64) });
        assert!(!said.contains("<U+"), "{said}");
    }

    #[test]
    fn a_value_cannot_steer_the_terminal() {
        let said = Words::new(Language::English).say(m::err_language_unknown("\u{1b}[2Jxx"));
        assert!(!said.contains('\u{1b}'), "{said:?}");
    }
}
