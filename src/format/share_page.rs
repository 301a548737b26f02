//! The words of a share on its page: one after another, each an item of a list in HTML, so that a browser numbers them
//! and `recover --shares-from` finds them again.
//!
//! ```
//! use sanduq::format::share_page::{AFTER, BEFORE, words};
//!
//! let page = format!("<ol>{BEFORE}tuna{AFTER}\n{BEFORE}next{AFTER}\n</ol>");
//! assert_eq!(words(&page).unwrap().expose(), "tuna next ");
//! assert!(words("<p>a letter</p>").is_none());
//! ```
//!
//! Whether they are the words of a share, [`Share::parse`](crate::crypto::share::Share::parse) says. What else stands on
//! the page is not read.

use crate::crypto::secret::Secret;

/// What stands before a word.
pub const BEFORE: &str = "<li>";
/// What stands after a word.
pub const AFTER: &str = "</li>";

/// The words on a page of ours, a space after each; `None` of what is none. Never longer than the page.
pub fn words(page: &str) -> Option<Secret<String>> {
    let mut words = Secret::new(String::with_capacity(page.len()));
    for (word, _) in page.split(BEFORE).skip(1).filter_map(|rest| rest.split_once(AFTER)) {
        words.expose_mut().push_str(word);
        words.expose_mut().push(' ');
    }
    (!words.expose().is_empty()).then_some(words)
}
