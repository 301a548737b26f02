//! The terminal's other screen, for what must not stay in its window: a testimony while it is typed, a passphrase
//! that is shown once.
//!
//! Terminals keep a second screen beside the one that scrolls, as text editors use it. What was on it is gone when it
//! is left, and none of it lies above the window to be scrolled back to. It is left whenever the [`Screen`] is
//! dropped. So that Ctrl-C drops it as well and does not end the program at once, Ctrl-C is a character here, which
//! ends a line as Enter does: [`STOP`]. Of the keys that are signals only Ctrl-Z stays one, and only in a shell, which
//! it [locks](lock); elsewhere the program would stop with this screen shown.

use crate::cli::lock;
use crate::cli::terminal;
use rustix::stdio::stdin;
use rustix::termios::{
    LocalModes, OptionalActions, QueueSelector, SpecialCodeIndex, Termios, tcflush, tcgetattr, tcsetattr,
};

/// Ctrl-C, where it is a character.
pub const STOP: u8 = 3;

/// Stands where a special character is none: `_POSIX_VDISABLE`.
const NO_KEY: u8 = 0;

/// Shows the other screen, empty.
const ENTER: &str = "\u{1b}[?1049h\u{1b}[H\u{1b}[J";
/// Empties the screen, also of a terminal that has only one, and shows the first one again.
const LEAVE: &str = "\u{1b}[H\u{1b}[J\u{1b}[?1049l";

/// Empties the screen and what can be scrolled back to.
const WIPE: &str = "\u{1b}[H\u{1b}[2J\u{1b}[3J";

/// Empties the terminal's window and what lies above it, where the terminal knows how.
pub fn wipe() {
    if terminal::has_screens() {
        terminal::steer(WIPE);
    }
}

/// Forgets what was typed and not read yet: half an answer, which would begin whatever is asked for next.
pub fn drop_typed() {
    // Where it cannot be dropped, it is read as it would have been.
    let _ = tcflush(stdin(), QueueSelector::IFlush);
}

/// Ctrl-L ends a line as Enter does, as long as this lives: only in a shell, which it locks.
#[must_use]
pub struct LockKey(Option<Termios>);

impl LockKey {
    /// Listens for it.
    pub fn listen() -> LockKey {
        LockKey(lock::is_installed().then(lock_is_heard).flatten())
    }
}

impl Drop for LockKey {
    fn drop(&mut self) {
        if let Some(before) = &self.0 {
            // Nobody is left to tell that the terminal is gone.
            let _ = tcsetattr(stdin(), OptionalActions::Now, before);
        }
    }
}

/// Makes Ctrl-L end a line, and gives how it was before.
fn lock_is_heard() -> Option<Termios> {
    let before = tcgetattr(stdin()).ok()?;
    let mut now = before.clone();
    // A second character that ends lines is heard only among the extensions.
    now.local_modes.insert(LocalModes::IEXTEN);
    now.special_codes[SpecialCodeIndex::VEOL2] = lock::LOCK;
    tcsetattr(stdin(), OptionalActions::Now, &now).ok()?;
    Some(before)
}

/// The other screen, as long as this lives.
#[must_use]
pub struct Screen {
    shown: bool,
    before: Option<Termios>,
}

impl Screen {
    /// Goes to the other screen, where the terminal has one.
    pub fn enter() -> Screen {
        let screen = Screen { shown: terminal::has_screens(), before: stop_is_a_character() };
        if screen.shown {
            terminal::steer(ENTER);
        }
        screen
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        if self.shown {
            terminal::steer(LEAVE);
        }
        if let Some(before) = &self.before {
            // Nobody is left to tell that the terminal is gone.
            let _ = tcsetattr(stdin(), OptionalActions::Now, before);
        }
    }
}

/// Makes a character of Ctrl-C, and gives how it was before.
fn stop_is_a_character() -> Option<Termios> {
    let before = tcgetattr(stdin()).ok()?;
    let mut now = before.clone();
    if lock::is_installed() {
        now.special_codes[SpecialCodeIndex::VINTR] = NO_KEY;
        now.special_codes[SpecialCodeIndex::VQUIT] = NO_KEY;
    } else {
        now.local_modes.remove(LocalModes::ISIG);
    }
    now.special_codes[SpecialCodeIndex::VEOL] = STOP;
    tcsetattr(stdin(), OptionalActions::Now, &now).ok()?;
    Some(before)
}
