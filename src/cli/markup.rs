//! HTML that is put together piece by piece, so that no foreign text can become an element or an attribute.
//!
//! Markup is what stands in this program's own source: [`Markup::raw`] takes nothing else. Everything that is only known
//! while it runs goes through [`Markup::text`], [`Markup::value`] or one of their kind, which escape it, and stands
//! between tags, **never** within one; but for the base64 of a picture.

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
        self.raw("<bdi>").foreign(&value.to_string(), |_| false).raw("</bdi>")
    }

    /// A foreign text with its line ends, in the direction of what it stands in.
    pub fn lines(&mut self, value: &str) -> &mut Markup {
        self.foreign(value, |character| character == '\n')
    }

    fn foreign(&mut self, value: &str, kept: fn(char) -> bool) -> &mut Markup {
        let mut rest = value;
        while let Some(found) = rest.chars().find(|character| text::steers(*character) && !kept(*character)) {
            let (before, after) = rest.split_once(found).expect("it was just found");
            // Isolated, or its brackets would turn among letters that are read from right to left.
            self.text(before).raw("<bdi class=\"escape\" dir=\"ltr\">");
            self.text(&text::escape(found.encode_utf8(&mut [0; 4]))).raw("</bdi>");
            rest = after;
        }
        self.text(rest)
    }

    /// Something to be copied: a digest, a name of a file, a command. It is read from left to right.
    pub fn code(&mut self, value: impl ToString) -> &mut Markup {
        self.raw("<code dir=\"ltr\">").text(&text::escape(&value.to_string())).raw("</code>")
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
        page.value("</bdi>\u{202e}").lines("a\nb\u{0}").code("<&\n>");
        let escape = |said: &str| format!("<bdi class=\"escape\" dir=\"ltr\">&lt;{said}&gt;</bdi>");
        let [turned, nothing] = [escape("U+202E"), escape("U+0000")];
        let code = "<code dir=\"ltr\">&lt;&amp;&lt;U+000A&gt;&gt;</code>";
        assert_eq!(page.finish(), format!("<bdi>&lt;/bdi&gt;{turned}</bdi>a\nb{nothing}{code}"));
    }
}
