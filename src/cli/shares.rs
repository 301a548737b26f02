//! Shares of the 24 words at the terminal and in files: shown one by one, and taken in any order until there are
//! enough.
//!
//! A share that was noted wrongly, comes twice, is of another splitting or was made up is named. What was typed is left out
//! then, and the others count; a file has to be left out by whoever named it.

use crate::cli::context::told;
use crate::cli::screen::Screen;
use crate::cli::seed_words::{self, WordList};
use crate::cli::terminal::Terminal;
use crate::cli::{ask, files, share_page};
use crate::crypto::bytewords;
use crate::crypto::secret::Secret;
use crate::crypto::seed::Seed;
use crate::crypto::share::{SHARE_WORDS, Share, ShareError};
use crate::crypto::share_pile::Pile;
use crate::format::share_page::words as words_on;
use crate::ui::{Kind, Trouble, m};
use std::path::{Path, PathBuf};

/// Bytes that a file with a share may have: many times what our pages have.
const FILE_BYTES_MAX: u64 = 256 * 1024;

const SHARE: WordList =
    WordList { count: SHARE_WORDS, is_listed: bytewords::is_listed, nearest: bytewords::nearest };

/// Shows the shares one after the other, each on an empty screen of its own.
pub fn show(terminal: &Terminal, shares: &[Share]) -> Result<(), Trouble> {
    for share in shares {
        let _screen = Screen::enter();
        let (number, count) = (share.number(), shares.len());
        terminal.tell(m::ShareHead { number, count, set: share_page::set(share) });
        seed_words::table(share.to_words().expose()).iter().for_each(|line| terminal.aside(line));
        let needed = share.needed();
        terminal.tell(m::ShareMeans { needed, count });
        let next = ask::line(terminal, m::SHARE_COPIED)?;
        next.ok_or_else(|| Trouble::new(Kind::Declined, m::ERR_SHARES_UNSEEN))?;
    }
    Ok(())
}

/// The seed of shares that a person types.
pub fn typed(terminal: &Terminal) -> Result<Seed, Trouble> {
    if !terminal.can_ask() {
        return Err(Trouble::new(Kind::Locked, m::ERR_WORDS_ALONE)
            .hint(m::HINT_SHARES_NEEDED)
            .command("sanduq recover --shares-from FILE…"));
    }
    let _screen = Screen::enter();
    terminal.tell(m::SHARES_HOW);
    let mut pile = Pile::default();
    loop {
        terminal.tell(m::share_next(pile.count() + 1));
        let words = Secret::new(seed_words::gather(terminal, &SHARE)?.join(" "));
        if let Err(error) = Share::parse(words.expose()).and_then(|share| pile.add(share)) {
            terminal.trouble(&told(error));
        } else {
            // Which of them is wrong may show only now.
            pile.wrong().into_iter().for_each(|(_, error)| terminal.trouble(&told(error)));
        }
        match pile.missing() {
            None => {}
            Some(0) => match pile.seed() {
                Ok(seed) => return Ok(seed),
                // One more tells which it is, and nobody has to type the others again.
                Err(error) => terminal.trouble(&told(error)),
            },
            Some(missing) => terminal.tell(m::share_missing(missing)),
        }
    }
}

/// The seed of the shares in these files; the trouble of a file names it.
pub fn from_files(paths: &[PathBuf]) -> Result<Seed, Trouble> {
    let mut pile = Pile::default();
    for path in paths {
        let named = |error: ShareError| told(error).value(path.display());
        pile.add(read(path)?.map_err(named)?).map_err(named)?;
    }
    if let Some((place, error)) = pile.wrong().into_iter().next() {
        return Err(told(error).value(paths[place].display()));
    }
    pile.seed().map_err(told)
}

fn read(path: &Path) -> Result<Result<Share, ShareError>, Trouble> {
    let bytes = Secret::new(files::read(path, FILE_BYTES_MAX)?);
    let Ok(text) = std::str::from_utf8(bytes.expose()) else { return Ok(Err(ShareError::NotAShare)) };
    Ok(match words_on(text) {
        Some(words) => Share::parse(words.expose()),
        None => Share::parse(text),
    })
}
