//! How a record lies in its folder: `disclosure-sha256.txt` and the unit files that it lists, in their order, and how
//! much of it a reader takes.

use crate::format::name::MemberName;

/// Units of one record. With [`BYTES_MAX`] it bounds what a reader holds in memory.
pub const UNITS_MAX: usize = 100_000;

/// Bytes of one record's units together: some thousand pages of testimony.
pub const BYTES_MAX: u64 = 48 * 1024 * 1024;

/// The name of a record's list.
pub const LIST_NAME: &str = "disclosure-sha256.txt";

/// The file name of a unit: `units/0001.json`.
pub fn unit_name(number: u32) -> MemberName {
    format!("units/{number:04}.json").parse().expect("a number makes a member name")
}
