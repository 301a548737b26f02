//! `sanduq-verify report DIR --to FILE`: what a disclosure shows and what its audit found, as one page to print.
//!
//! The page is HTML that needs nothing else: its style lies in it, its pictures too, and there is no script. What does
//! not hold stands on top of it. Every foreign text is escaped by [`markup`](crate::cli::markup).

mod custody;
mod page;
mod record;

use crate::audit::{Disclosed, Report};
use crate::cli::given::unread;
use crate::format::time::Date;
use crate::store::files;
use crate::ui::{Describe, Kind, Trouble, Words, m};
use std::io;
use std::path::{Path, PathBuf};

/// Whether a page can be written there: not into what it is about, which would be another folder then.
pub fn check_place(dir: &Path, to: &Path) -> Result<(), Trouble> {
    let canonical = |path: &Path| path.canonicalize().map_err(|error| unread(path, &error));
    let parent = match to.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_path_buf(),
        _ => PathBuf::from("."),
    };
    if canonical(&parent)?.starts_with(canonical(dir)?) {
        return Err(Trouble::new(Kind::Usage, m::ERR_REPORT_INSIDE)
            .value(to.display())
            .safe(m::SAFE_UNCHANGED)
            .hint(m::HINT_REPORT_INSIDE));
    }
    Ok(())
}

/// Writes the page of a disclosure that was audited on this day, where nothing is yet.
pub fn write(
    words: &Words,
    (dir, to): (&Path, &Path),
    report: &Report,
    disclosed: &Disclosed,
    today: Date,
) -> Result<(), Trouble> {
    let page = page::of(words, report, disclosed, today).map_err(|error: io::Error| unread(dir, &error))?;
    files::write_new(to, page.as_bytes()).map_err(|error| error.trouble())
}
