//! Codes on the terminal's other screen, one after the other, for a camera that watches: until q or Ctrl-C.
//!
//! They are drawn in place, black on white, without the cursor. The size of code is chosen once, for the window as it is
//! then: with another size all frames would be others, and what a camera has seen so far would be lost. Where the window
//! becomes too small, that is said until it is large enough again.

use crate::cli::codes::{self, Size};
use crate::cli::hidden::Keys;
use crate::cli::screen::{STOP, Screen};
use crate::cli::terminal::{Terminal, steer};
use crate::format::frames::Frames;
use crate::ui::{Kind, Trouble, m};
use rustix::event::Timespec;
use rustix::termios::tcgetwinsize;

/// Rows below a code: one that says how far it is.
const STATUS_ROWS: usize = 1;

/// Goes to the first column of the first row.
const HOME: &str = "\u{1b}[H";
/// Empties what is left of a line, and what is below.
const REST: &str = "\u{1b}[K\u{1b}[J";
/// Holds what is drawn back until all of it is there, where the terminal knows how.
const HOLD: &str = "\u{1b}[?2026h";
const SHOW: &str = "\u{1b}[?2026l";
const HIDE_CURSOR: &str = "\u{1b}[?25l";
const SHOW_CURSOR: &str = "\u{1b}[?25h";

const NANOSECONDS: i64 = 1_000_000_000;

/// A file's frames in the size that suits the window.
pub struct Animation {
    size: Size,
    frames: Frames,
}

impl Animation {
    /// The frames of this file for the window as it is now: as few as fit into it. Refuses a window in which they would
    /// be too many.
    pub fn of(file: &[u8]) -> Result<Animation, Trouble> {
        let made = |size: Size| Frames::of(file, size.chars).map(|frames| Animation { size, frames });
        let fits = |size: &Size| fits(*size);
        // A file of one code is drawn no larger than it has to be.
        if let Some(still) = Size::on_screen().filter_map(made).find(|made| made.frames.pieces() == 1)
            && fits(&still.size)
        {
            return Ok(still);
        }
        let shown = Size::on_screen().rev().find(fits).and_then(made);
        shown.ok_or_else(|| match Size::on_screen().find(|size| made(*size).is_some()) {
            Some(least) => Trouble::new(
                Kind::Declined,
                m::ErrQrWindow { columns: least.columns(), rows: least.rows() + STATUS_ROWS },
            )
            .hint(m::HINT_QR_WINDOW),
            None => Trouble::new(Kind::Declined, m::ERR_QR_LONG).hint(m::HINT_QR_LONG),
        })
    }

    /// How many frames show the file once.
    pub fn count(&self) -> usize {
        self.frames.pieces()
    }

    /// Shows so many frames a second, until q or Ctrl-C is pressed.
    pub fn show(mut self, terminal: &Terminal, rate: u32) -> Result<(), Trouble> {
        let gone = |error: std::io::Error| Trouble::new(Kind::Failed, m::ERR_ANSWER).value(error);
        let _screen = Screen::enter();
        let _cursor = Cursor::hide();
        let mut keys = Keys::open().map_err(gone)?;
        let pause =
            Timespec { tv_sec: i64::from(rate == 1), tv_nsec: NANOSECONDS / i64::from(rate) % NANOSECONDS };
        let count = self.count();
        let mut shown = 0;
        loop {
            if fits(self.size) {
                let Some(frame) = self.frames.next() else { return Ok(()) };
                shown += 1;
                draw(&self.frame(&frame), &self.status(terminal, shown, count));
            } else {
                let (columns, rows) = (self.size.columns(), self.size.rows() + STATUS_ROWS);
                draw(&terminal.words().say(m::ErrQrWindow { columns, rows }), "");
            }
            if let Some(b'q' | b'Q' | STOP) = keys.pressed_within(pause).map_err(gone)? {
                return Ok(());
            }
        }
    }

    fn frame(&self, text: &str) -> String {
        codes::blocks(&self.size.draw(text).expect("a frame is as long as the code allows"))
    }

    /// One line, no longer than the code is wide.
    fn status(&self, terminal: &Terminal, shown: usize, count: usize) -> String {
        let words = terminal.words();
        let line =
            if count == 1 { words.say(m::QR_STATUS_ONE) } else { words.say(m::QrStatus { shown, count }) };
        line.chars().take(self.size.columns()).collect()
    }
}

/// Whether the window has room for a code of this size.
fn fits(size: Size) -> bool {
    tcgetwinsize(rustix::stdio::stderr()).is_ok_and(|window| {
        usize::from(window.ws_col) >= size.columns()
            && usize::from(window.ws_row) >= size.rows() + STATUS_ROWS
    })
}

/// Draws lines over what is there.
fn draw(picture: &str, status: &str) {
    let lines: Vec<&str> = picture.lines().chain([status]).collect();
    steer(&format!("{HOLD}{HOME}{}{REST}{SHOW}", lines.join("\u{1b}[K\n")));
}

/// The cursor out of sight, as long as this lives.
struct Cursor;

impl Cursor {
    fn hide() -> Cursor {
        steer(HIDE_CURSOR);
        Cursor
    }
}

impl Drop for Cursor {
    fn drop(&mut self) {
        steer(SHOW_CURSOR);
    }
}
