//! Testimony: typed or piped in, kept as a draft paragraph by paragraph, editable until it is sealed.
//!
//! `[[…]]` marks what may have to be withheld. A draft is a row of the encrypted index, so a testimony that was
//! interrupted is resumed where it stopped and nothing of it was ever in a plain file.

use serde::Serialize;

use super::{ItemSummary, Vault, VaultError};
use crate::format::time::Time;

/// What a person said, before it is an item.
#[derive(Clone, Default)]
pub struct TestimonyText {
    /// The title; without one the first words of the account stand in.
    pub title: Option<String>,
    /// The account: paragraphs with an empty line between them.
    pub account: String,
}

/// A draft as it stands.
#[derive(Clone, Serialize)]
pub struct DraftView {
    /// The draft's random id.
    pub id: String,
    /// The title, if one was given.
    pub title: Option<String>,
    /// The paragraphs typed so far.
    pub paragraphs: Vec<String>,
    /// When it last changed, RFC 3339.
    pub changed: String,
}

impl Vault {
    /// Keeps a testimony as a new item.
    pub fn testify(&mut self, _text: TestimonyText, _now: Time) -> Result<ItemSummary, VaultError> {
        todo!()
    }

    /// The drafts kept, newest first.
    pub fn drafts(&self) -> Result<Vec<DraftView>, VaultError> {
        todo!()
    }

    /// Begins a draft and returns its id.
    pub fn draft_begin(&mut self, _title: Option<String>, _now: Time) -> Result<String, VaultError> {
        todo!()
    }

    /// Keeps a draft as it stands now; called after every paragraph.
    pub fn draft_save(
        &mut self,
        _id: &str,
        _title: Option<String>,
        _paragraphs: &[String],
        _now: Time,
    ) -> Result<(), VaultError> {
        todo!()
    }

    /// One draft.
    pub fn draft(&self, _id: &str) -> Result<DraftView, VaultError> {
        todo!()
    }

    /// Drops a draft.
    pub fn draft_drop(&mut self, _id: &str, _now: Time) -> Result<(), VaultError> {
        todo!()
    }

    /// Makes an item of a draft and drops the draft, in one transaction.
    pub fn draft_finish(&mut self, _id: &str, _now: Time) -> Result<ItemSummary, VaultError> {
        todo!()
    }

    /// What `edit` starts from: title and account of an own, unsealed testimony.
    pub fn testimony(&self, _number: u64) -> Result<TestimonyText, VaultError> {
        todo!()
    }

    /// Replaces title and account of an own, unsealed testimony.
    pub fn edit_testimony(
        &mut self,
        _number: u64,
        _text: TestimonyText,
        _now: Time,
    ) -> Result<ItemSummary, VaultError> {
        todo!()
    }

    /// Removes an own, unsealed item and what only it referred to; returns what it was.
    pub fn remove(&mut self, _number: u64, _now: Time) -> Result<ItemSummary, VaultError> {
        todo!()
    }
}
