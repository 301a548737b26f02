//! HTML that is put together piece by piece, so that no foreign text can become an element or an attribute.
//!
//! Markup is what stands in this program's own source: [`Markup::raw`] takes nothing else. Everything that is only known
//! while it runs goes through [`Markup::text`], [`Markup::value`] or [`Markup::number`], which escape it, and stands
//! between tags, **never** within one; but for numbers, and the base64 of a picture.

use crate::format::text;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

/// A page while it is written.
#[derive(Debug, Default)]
pub struct Markup(String);

impl Markup {
    /// Markup of our own.
    pub fn raw(&mut self, markup: &'static str) -> &mut Markup {
        self.0.push_str(markup);
        self
    }

    /// A sentence of ours: what was put into it was escaped as it was put there.
    pub fn text(&mut self, said: &str) -> &mut Markup {
        self.0.push_str(&html(said));
        self
    }

    /// A foreign text on one line, in its own direction: what steers is shown as in the terminal.
    pub fn value(&mut self, value: impl ToString) -> &mut Markup {
        self.raw("<bdi>").text(&text::escape(&value.to_string())).raw("</bdi>")
    }

    /// A foreign text with its line ends.
    pub fn lines(&mut self, value: &str) -> &mut Markup {
        self.raw("<bdi>").text(&text::escape_lines(value)).raw("</bdi>")
    }

    /// Something to be copied: a digest, a name of a file, a command. It is read from left to right.
    pub fn code(&mut self, value: impl ToString) -> &mut Markup {
        self.raw("<code dir=\"ltr\">").text(&text::escape(&value.to_string())).raw("</code>")
    }

    /// A number, also within a tag.
    pub fn number(&mut self, number: impl Into<i64>) -> &mut Markup {
        self.0.push_str(&number.into().to_string());
        self
    }

    /// The bytes of a file, within the address of a picture.
    pub fn base64(&mut self, bytes: &[u8]) -> &mut Markup {
        BASE64_STANDARD.encode_string(bytes, &mut self.0);
        self
    }

    /// The page.
    pub fn finish(self) -> String {
        self.0
    }
}

/// The text with everything escaped that HTML would take for its own.
pub fn html(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_html_would_take_for_its_own_is_escaped() {
        assert_eq!(html("<a b=\"c\">&'"), "&lt;a b=&quot;c&quot;&gt;&amp;&#39;");
    }

    #[test]
    fn what_steers_is_shown_and_what_opens_a_tag_is_text() {
        let mut page = Markup::default();
        page.value("</bdi>\u{202e}\n").lines("a\nb\u{0}").code("<&>").number(-7_i64);
        let expected = "<bdi>&lt;/bdi&gt;&lt;U+202E&gt;&lt;U+000A&gt;</bdi><bdi>a\nb&lt;U+0000&gt;</bdi>";
        assert_eq!(page.finish(), format!("{expected}<code dir=\"ltr\">&lt;&amp;&gt;</code>-7"));
    }
}
