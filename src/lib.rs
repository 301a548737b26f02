//! Sanduq (صندوق, "chest"): a place where a person at risk keeps testimony and documents, and a way to hand
//! them over so that nobody on the road can read, change, link or deny them.
//!
//! The house has floors, and a folder imports only from floors below it (docs/ARCHITECTURE.md draws the map,
//! `tests/tidy.rs` enforces it).

pub mod crypto;
pub mod format;

pub mod evidence;
pub mod tlog;

pub mod custody;
pub mod store;

pub mod bundle;

pub mod audit;
#[cfg(feature = "intake")]
pub mod intake;
#[cfg(feature = "vault")]
pub mod vault;
#[cfg(feature = "verify")]
pub mod witness;

pub mod ui;

pub mod cli;
