//! Reading an archive whose members and their order are known beforehand: each must be the one expected, of a
//! length that is allowed and that the file can hold.

use std::io::{Read, Seek};

use super::error::BundleError;
use crate::format::archive::{BLOCK_BYTES, Reader};
use crate::format::name::MemberName;

const BLOCK: u64 = BLOCK_BYTES as u64;

/// The members of an archive in their order.
pub(super) struct Members<R> {
    reader: Reader<R>,
    /// How many bytes the archive has, or at most.
    total: u64,
    /// Where the next header begins.
    next: u64,
    /// Where the current body begins.
    body: u64,
}

impl<R: Read> Members<R> {
    /// An archive of `total` bytes, after whose end nothing stands.
    pub fn new(source: R, total: u64) -> Members<R> {
        Members { reader: Reader::new(source), total, next: 0, body: 0 }
    }

    /// An archive of at most `total` bytes, after whose end zero bytes may stand.
    pub fn padded(source: R, total: u64) -> Members<R> {
        Members { reader: Reader::with_trailing_zeros(source, total), total, next: 0, body: 0 }
    }

    /// Goes to the member that must come now; its length.
    pub fn begin(&mut self, expected: &MemberName, max: u64) -> Result<u64, BundleError> {
        let member = self.reader.next_member()?;
        let len = match member {
            Some(member) if member.name == *expected => member.len,
            other => {
                let found = other.map(|member| member.name.to_string());
                return Err(BundleError::Member { expected: expected.to_string(), found });
            }
        };
        if len > max {
            return Err(BundleError::Length { member: expected.to_string(), len, max });
        }
        self.body = self.next + BLOCK;
        self.next = self.body + len.next_multiple_of(BLOCK);
        if self.next > self.total {
            let left = self.total.saturating_sub(self.body);
            return Err(BundleError::Claim { member: expected.to_string(), len, left });
        }
        Ok(len)
    }

    /// The member that must come now, whole.
    pub fn whole(&mut self, expected: &MemberName, max: u64) -> Result<Vec<u8>, BundleError> {
        self.begin(expected, max)?;
        Ok(self.reader.body(max)?)
    }

    /// Where the current member's body begins.
    pub fn body_offset(&self) -> u64 {
        self.body
    }

    /// The current member's body.
    pub fn content(&mut self) -> &mut impl Read {
        &mut self.reader
    }

    /// Checks that no member follows; how long the archive is, end blocks included.
    pub fn end(&mut self) -> Result<u64, BundleError> {
        match self.reader.next_member()? {
            None => Ok(self.next + 2 * BLOCK),
            Some(member) => Err(BundleError::Member {
                expected: "the end".to_owned(),
                found: Some(member.name.to_string()),
            }),
        }
    }
}

impl<R: Read + Seek> Members<R> {
    /// Goes past the current member's body without reading it.
    pub fn pass_over(&mut self) -> Result<(), BundleError> {
        Ok(self.reader.pass_over()?)
    }
}
