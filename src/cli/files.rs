//! Small files named on the command line: cards, drafts, what one officer passes on to the next.

use crate::cli::context::told;
use crate::ui::Trouble;
use crate::vault::VaultError;
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// Bytes that a card, a draft or a passed-on file may have: many times what they need.
pub const SMALL_BYTES_MAX: u64 = 1 << 20;

/// Reads a small file whole; a larger one is refused before it fills the memory.
pub fn read_small(path: &Path) -> Result<Vec<u8>, Trouble> {
    read(path, SMALL_BYTES_MAX)
}

/// Reads a file whole, up to `bytes_max`.
pub fn read(path: &Path, bytes_max: u64) -> Result<Vec<u8>, Trouble> {
    let unread = |source| told(VaultError::Read { path: path.to_path_buf(), source });
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(unread)?;
    file.take(bytes_max + 1).read_to_end(&mut bytes).map_err(unread)?;
    if bytes.len() as u64 > bytes_max {
        return Err(told(VaultError::TooLarge { path: path.to_path_buf(), bytes_max }));
    }
    Ok(bytes)
}
