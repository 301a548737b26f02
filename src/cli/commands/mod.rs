//! The verbs of `sanduq`, a file each: parse, unlock, do one thing, say it.

pub mod add;
pub mod backup;
pub mod card;
pub mod card_review;
pub mod contact;
pub mod contact_add;
pub mod direct;
pub mod edit;
pub mod export;
pub mod extract;
pub mod forget;
pub mod init;
pub mod list;
pub mod open;
pub mod receipt;
pub mod recipient;
pub mod remove;
pub mod repair;
pub mod seal;
pub mod search;
pub mod show;
pub mod status;
pub mod testify;
