//! Keys typed at the terminal without being shown.
//!
//! They come from `/dev/tty`, whatever standard input is. Ctrl-C is heard as a key here, so that whoever reads can end
//! in good order, and in a shell Ctrl-L and Ctrl-Z, which [lock] it; and whatever ended the line, what is said next
//! begins on a new one.

use crate::cli::lock;
use crate::cli::screen::STOP;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{Mode, OFlags, open};
use rustix::io::Errno;
use rustix::termios::{LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr};
use std::fs::File;
use std::io::{self, Read, Write};

/// The keyboard, as long as this lives.
pub struct Keys {
    terminal: File,
    before: Termios,
}

impl Keys {
    /// The keys of the terminal that this program runs at.
    pub fn open() -> io::Result<Keys> {
        let terminal = File::from(open("/dev/tty", OFlags::RDWR | OFlags::CLOEXEC, Mode::empty())?);
        let before = tcgetattr(&terminal)?;
        let mut now = before.clone();
        now.local_modes.remove(LocalModes::ECHO | LocalModes::ECHONL | LocalModes::ICANON | LocalModes::ISIG);
        now.special_codes[SpecialCodeIndex::VMIN] = 1;
        now.special_codes[SpecialCodeIndex::VTIME] = 0;
        tcsetattr(&terminal, OptionalActions::Now, &now)?;
        Ok(Keys { terminal, before })
    }
}

impl Keys {
    /// A key that is pressed within this time, if one is. Not for a shell, which it does not lock.
    pub fn pressed_within(&mut self, time: Timespec) -> io::Result<Option<u8>> {
        match poll(&mut [PollFd::new(&self.terminal, PollFlags::IN)], Some(&time)) {
            Ok(0) | Err(Errno::INTR) => return Ok(None),
            Ok(_) => {}
            Err(error) => return Err(error.into()),
        }
        let mut key = [0];
        match self.terminal.read(&mut key)? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(Some(key[0])),
        }
    }
}

impl Read for Keys {
    /// Gives what was typed; an error of the kind `ConnectionAborted` for Ctrl-C, for what locks a shell, and for a
    /// terminal that is gone.
    fn read(&mut self, keys: &mut [u8]) -> io::Result<usize> {
        let _waiting = lock::wait();
        if !lock::readable(&self.terminal)? {
            return Err(io::ErrorKind::ConnectionAborted.into());
        }
        let count = self.terminal.read(keys)?;
        if count == 0 || lock::pressed(&keys[..count]) || keys[..count].contains(&STOP) {
            // Not `Interrupted`, which readers take for a reason to read on.
            return Err(io::ErrorKind::ConnectionAborted.into());
        }
        Ok(count)
    }
}

impl Drop for Keys {
    fn drop(&mut self) {
        // Nobody is left to tell that the terminal is gone.
        let _ = self.terminal.write_all(b"\n");
        let _ = tcsetattr(&self.terminal, OptionalActions::Now, &self.before);
    }
}
