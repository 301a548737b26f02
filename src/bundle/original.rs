//! An original on its way into a bundle: whether it is what it was when its digest was made.

use std::io::{ErrorKind, Read};

use super::error::BundleError;
use super::files::Original;
use crate::crypto::aside_hasher::AsideHasher;
use crate::crypto::checksum::Checksum;
use crate::crypto::hash::Digest;
use crate::evidence::item::File;

/// How an original is checked: by its checksum where there is one; else by its digest, made of all its parts where there
/// are several. An only part without a checksum is hashed anyway, and [`refuse_other`] compares that.
struct Check {
    /// The checksum of what is read, and the one that was made with the digest.
    checksum: Option<(Checksum, u32)>,
    /// The digest of what is read.
    whole: Option<AsideHasher>,
}

impl Check {
    fn of(original: &Original<'_>, parts: usize) -> Check {
        let checksum = original.checksum.map(|expected| (Checksum::new(), expected));
        let whole = (checksum.is_none() && parts > 1).then(AsideHasher::new);
        Check { checksum, whole }
    }

    fn update(&mut self, bytes: &[u8]) {
        if let Some((made, _)) = &mut self.checksum {
            made.update(bytes);
        }
        if let Some(hasher) = &mut self.whole {
            hasher.update(bytes);
        }
    }

    fn holds(self, file: &File) -> bool {
        self.checksum.is_none_or(|(made, expected)| made.finish() == expected)
            && self.whole.is_none_or(|hasher| hasher.finish() == file.digest)
    }
}

/// Whether a part of an original has to be hashed: where there is one part and a checksum, its digest is known.
pub(super) fn is_hashed(original: &Original<'_>, parts: usize) -> bool {
    parts > 1 || original.checksum.is_none()
}

/// Hands over the bytes of an original that goes into so many parts. They must be what was kept; of an only part that is
/// hashed nothing but the length is checked here.
pub(super) fn copy(
    file: &File,
    mut original: Original<'_>,
    parts: usize,
    buffer: &mut [u8],
    mut take: impl FnMut(&[u8]) -> std::io::Result<()>,
) -> Result<(), BundleError> {
    let mut check = Check::of(&original, parts);
    let mut left = file.len;
    loop {
        let count = match original.content.read(buffer) {
            Ok(count) => count,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Err(error.into()),
        };
        if count == 0 {
            break;
        }
        left = left.checked_sub(count as u64).ok_or_else(|| changed(file))?;
        check.update(&buffer[..count]);
        take(&buffer[..count])?;
    }
    if left == 0 && check.holds(file) { Ok(()) } else { Err(changed(file)) }
}

/// Refuses an only part that has another digest than its original had.
pub(super) fn refuse_other(file: &File, part: Digest) -> Result<(), BundleError> {
    if part == file.digest { Ok(()) } else { Err(changed(file)) }
}

fn changed(file: &File) -> BundleError {
    BundleError::FileChanged { label: file.label.clone() }
}
