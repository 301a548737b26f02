//! Names from outside, made harmless: the label a file is kept under, and the file name a label is extracted to.
//!
//! A label is what people called a file, relative to the folder it was added from, and is only ever shown. When an
//! original is extracted, its last part becomes a file name, with everything replaced that steers a terminal, leaves
//! the folder or means something to a file system.
//!
//! | label | file name |
//! |---|---|
//! | `شهادت/صفحه ۱.jpg` | `صفحه ۱.jpg` |
//! | `../../.ssh/config` | `config` |
//! | `aux.txt` | `_aux.txt` |

use std::path::Path;

use crate::format::text;

/// Bytes of an extracted name: file systems take 255, and room is left for a number.
const NAME_BYTES_MAX: usize = 200;

/// Bytes of an extension that is kept when a long name is cut.
const EXTENSION_BYTES_MAX: usize = 16;

/// What a nameless file is called.
const NAMELESS: &str = "file";

/// Names that stand for devices on Windows, with any extension.
const DEVICES: [&str; 4] = ["con", "prn", "aux", "nul"];

/// A label for a path below the folder it was added from; what is not UTF-8 in it is replaced by `U+FFFD`.
pub(super) fn label_of(relative: &Path, bytes_max: usize) -> String {
    let parts: Vec<_> = relative.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    let label = parts.join("/");
    let label = if label.is_empty() { NAMELESS.to_owned() } else { label };
    keep_end(&label, bytes_max).to_owned()
}

/// A title for a document: the last part of its label, at most `bytes_max` long.
pub(super) fn title_of(label: &str, bytes_max: usize) -> String {
    let name = label.rsplit('/').next().unwrap_or(label);
    cut(name, bytes_max).to_owned()
}

/// The file name an original is extracted to.
pub(super) fn file_name(label: &str) -> String {
    let last = label.rsplit(['/', '\\']).find(|part| !part.is_empty()).unwrap_or_default();
    let shown: String = last.chars().map(|c| if is_harmless(c) { c } else { '_' }).collect();
    let trimmed = shown.trim_start_matches(['.', ' ', '-']).trim_end_matches(['.', ' ']);
    let named = if trimmed.is_empty() { NAMELESS } else { trimmed };
    let fitted = fit(named);
    if is_device(&fitted) { format!("_{fitted}") } else { fitted }
}

/// The `count`-th name for one file name: `a.jpg`, `a (2).jpg`, `a (3).jpg`.
pub(super) fn numbered(name: &str, count: u32) -> String {
    if count < 2 {
        return name.to_owned();
    }
    match split_extension(name) {
        Some((stem, extension)) => format!("{stem} ({count}).{extension}"),
        None => format!("{name} ({count})"),
    }
}

fn is_harmless(character: char) -> bool {
    !text::steers(character) && !matches!(character, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|')
}

fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_lowercase();
    let port = stem.strip_prefix("com").or(stem.strip_prefix("lpt"));
    let numbered_port = port.is_some_and(|n| matches!(n.chars().next(), Some('0'..='9' | '¹' | '²' | '³')));
    DEVICES.contains(&stem.as_str()) || (numbered_port && port.is_some_and(|n| n.chars().count() == 1))
}

/// A name within the limit, with its extension.
fn fit(name: &str) -> String {
    if name.len() <= NAME_BYTES_MAX {
        return name.to_owned();
    }
    match split_extension(name) {
        Some((stem, extension)) => format!("{}.{extension}", cut(stem, NAME_BYTES_MAX - extension.len() - 1)),
        None => cut(name, NAME_BYTES_MAX).to_owned(),
    }
}

fn split_extension(name: &str) -> Option<(&str, &str)> {
    let (stem, extension) = name.rsplit_once('.')?;
    let good = !stem.is_empty() && !extension.is_empty() && extension.len() <= EXTENSION_BYTES_MAX;
    good.then_some((stem, extension))
}

/// The longest beginning of a text within a number of bytes.
pub(super) fn cut(text: &str, bytes_max: usize) -> &str {
    let end = (0..=bytes_max.min(text.len())).rev().find(|at| text.is_char_boundary(*at));
    &text[..end.unwrap_or_default()]
}

/// The longest end of a text within a number of bytes: a long path keeps its file name.
fn keep_end(text: &str, bytes_max: usize) -> &str {
    let first = text.len().saturating_sub(bytes_max);
    let start = (first..=text.len()).find(|at| text.is_char_boundary(*at));
    &text[start.unwrap_or_default()..]
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    use super::*;

    #[test]
    fn hostile_labels_become_plain_names() {
        for (label, name) in [
            ("a/b/scan.jpg", "scan.jpg"),
            ("شهادت/صفحه ۱.jpg", "صفحه ۱.jpg"),
            ("می\u{200c}خوانم.txt", "می\u{200c}خوانم.txt"),
            ("../../etc/passwd", "passwd"),
            ("..", "file"),
            ("/", "file"),
            ("", "file"),
            ("a/", "a"),
            ("c:\\x\\evil.exe", "evil.exe"),
            ("photo\u{202e}gpj.exe", "photo_gpj.exe"),
            ("a\n\u{1b}[2J.txt", "a__[2J.txt"),
            ("-rf", "rf"),
            (".bashrc", "bashrc"),
            ("a.txt. . ", "a.txt"),
            ("aux.txt", "_aux.txt"),
            ("COM¹", "_COM¹"),
            ("comet.txt", "comet.txt"),
            ("a:b", "a_b"),
        ] {
            assert_eq!(file_name(label), name, "{label:?}");
        }
    }

    #[test]
    fn long_names_are_cut_between_characters_and_keep_their_extension() {
        let name = file_name(&("ش".repeat(300) + ".jpeg"));
        assert!(name.len() <= NAME_BYTES_MAX && name.ends_with(".jpeg"), "{name}");
        assert!(file_name(&"x".repeat(999)).len() == NAME_BYTES_MAX);
    }

    #[test]
    fn collisions_are_numbered_before_the_extension() {
        assert_eq!(numbered("a.jpg", 1), "a.jpg");
        assert_eq!(numbered("a.jpg", 2), "a (2).jpg");
        assert_eq!(numbered("README", 3), "README (3)");
    }

    #[test]
    fn labels_of_paths() {
        assert_eq!(label_of(Path::new("a/b.txt"), 100), "a/b.txt");
        assert_eq!(label_of(Path::new(OsStr::from_bytes(b"a/\xff.txt")), 100), "a/\u{fffd}.txt");
        assert_eq!(label_of(Path::new("folder/name.txt"), 8), "name.txt");
        assert_eq!(title_of("folder/name.txt", 100), "name.txt");
    }
}
