//! A file that was named to be checked: its bytes, and why they could not be read.

use crate::ui::{Kind, Trouble, m};
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// At most one byte more than is allowed: a longer file is found to be too long by whoever parses it.
pub fn read(path: &Path, bytes_max: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(bytes_max as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// In words why a file or folder that was named could not be read.
pub fn unread(path: &Path, error: &io::Error) -> Trouble {
    let trouble = match error.kind() {
        io::ErrorKind::NotFound => Trouble::new(Kind::Missing, m::ERR_NO_FILE).hint(m::HINT_NO_FILE),
        io::ErrorKind::IsADirectory => {
            Trouble::new(Kind::Failed, m::ERR_IS_A_FOLDER).hint(m::HINT_IS_A_FOLDER)
        }
        io::ErrorKind::NotADirectory => {
            Trouble::new(Kind::Failed, m::ERR_NOT_A_FOLDER).hint(m::HINT_NOT_A_FOLDER)
        }
        io::ErrorKind::PermissionDenied => {
            Trouble::new(Kind::Failed, m::ERR_NO_PERMISSION).hint(m::HINT_NO_PERMISSION)
        }
        _ => Trouble::new(Kind::Failed, m::ERR_READ),
    };
    trouble.value(path.display()).safe(m::SAFE_UNCHANGED)
}
