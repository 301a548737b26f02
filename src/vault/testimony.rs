//! Testimony: typed or piped in, kept as a draft paragraph by paragraph, editable until it is sealed.
//!
//! `[[…]]` marks what may have to be withheld. A draft is a row of the encrypted index, so a testimony that was
//! interrupted is resumed where it stopped and nothing of it was ever in a plain file.

use serde::Serialize;

use super::change::{Change, FOUND_BYTES_MAX, content_of};
use super::keep::new_item;
use super::rows::{self, Draft, DraftParagraph, Kept};
use super::{ItemSummary, Vault, VaultError, label, read};
use crate::bundle::filling;
use crate::custody::Event;
use crate::evidence::item::{Item, Kind, LINE_BYTES_MAX};
use crate::evidence::persons;
use crate::evidence::testimony::{Run, Testimony};
use crate::format::id::RandomId;
use crate::format::text;
use crate::format::time::Time;

/// Bytes of a title that is made from the first words of an account.
const MADE_TITLE_BYTES_MAX: usize = 80;

/// Bytes of an account: a thousand pages. What is kept is held in memory many times over while it is made findable.
const ACCOUNT_BYTES_MAX: usize = FOUND_BYTES_MAX;

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
    pub fn testify(&mut self, text: TestimonyText, now: Time) -> Result<ItemSummary, VaultError> {
        let mut change = self.begin()?;
        let (kept, event) = change.keep_testimony(text, now)?;
        change.commit(event, now)?;
        Ok(read::summary(&kept))
    }

    /// The drafts kept, newest first.
    pub fn drafts(&self) -> Result<Vec<DraftView>, VaultError> {
        let mut drafts = self.store.all::<Draft>()?;
        drafts.sort_by_key(|draft| std::cmp::Reverse((draft.changed, draft.id)));
        drafts.iter().map(|draft| self.draft_view(draft)).collect()
    }

    /// Begins a draft and returns its id.
    pub fn draft_begin(&mut self, title: Option<String>, now: Time) -> Result<String, VaultError> {
        let id = RandomId::generate();
        check_title(title.as_deref())?;
        let mut change = self.begin_draft()?;
        change.put(&Draft { id, title, paragraphs: 0, changed: now })?;
        change.commit()?;
        Ok(id.to_string())
    }

    /// Keeps a draft as it stands now; called after every paragraph. Only what is new or changed is written.
    pub fn draft_save(
        &mut self,
        id: &str,
        title: Option<String>,
        paragraphs: &[String],
        now: Time,
    ) -> Result<(), VaultError> {
        let mut draft = self.draft_row(id)?;
        check_title(title.as_deref())?;
        let held = self.draft_paragraphs(&draft)?;
        let mut change = self.begin_draft()?;
        for (place, text) in (0u64..).zip(paragraphs) {
            if held.get(place as usize) != Some(text) {
                change.put(&DraftParagraph { draft: draft.id, place, text: text.clone() })?;
            }
        }
        for place in paragraphs.len()..held.len() {
            change.delete::<DraftParagraph>(&rows::paragraph_key(&draft.id, place as u64))?;
        }
        (draft.title, draft.paragraphs, draft.changed) = (title, paragraphs.len() as u64, now);
        change.put(&draft)?;
        change.commit()
    }

    /// One draft.
    pub fn draft(&self, id: &str) -> Result<DraftView, VaultError> {
        self.draft_view(&self.draft_row(id)?)
    }

    /// Drops a draft.
    pub fn draft_drop(&mut self, id: &str) -> Result<(), VaultError> {
        let draft = self.draft_row(id)?;
        let mut change = self.begin_draft()?;
        for place in 0..draft.paragraphs {
            change.delete::<DraftParagraph>(&rows::paragraph_key(&draft.id, place))?;
        }
        change.delete::<Draft>(draft.id.as_bytes())?;
        change.commit()
    }

    /// Makes an item of a draft and drops the draft, in one transaction.
    pub fn draft_finish(&mut self, id: &str, now: Time) -> Result<ItemSummary, VaultError> {
        let draft = self.draft_row(id)?;
        let account = self.draft_paragraphs(&draft)?.join("\n\n");
        let mut change = self.begin()?;
        let told = TestimonyText { title: draft.title.clone(), account };
        let (kept, event) = change.keep_testimony(told, now)?;
        change.drop_draft(&draft)?;
        change.commit(event, now)?;
        Ok(read::summary(&kept))
    }

    /// What `edit` starts from: title and account of an own, unsealed testimony.
    pub fn testimony(&self, number: u64) -> Result<TestimonyText, VaultError> {
        let kept = self.open_testimony(number)?;
        let account = self.account(number)?.unwrap_or_default();
        Ok(TestimonyText { title: Some(kept.item.title), account })
    }

    /// Replaces title and account of an own, unsealed testimony.
    pub fn edit_testimony(
        &mut self,
        number: u64,
        text: TestimonyText,
        now: Time,
    ) -> Result<ItemSummary, VaultError> {
        let mut kept = self.open_testimony(number)?;
        // Whom it names was said before, and may stand in what is new.
        (kept.item.title, kept.item.account) = told(text, &kept.item.persons)?;
        let mut change = self.begin()?;
        check_fits(&kept.item)?;
        let content = content_of(&kept.item);
        let kept = change.keep_again(kept)?;
        change.commit(Event::Edit { item: kept.item.id, content }, now)?;
        Ok(read::summary(&kept))
    }

    /// Removes an own, unsealed item and what only it referred to; returns what it was.
    pub fn remove(&mut self, number: u64, now: Time) -> Result<ItemSummary, VaultError> {
        let kept = self.open_item(number)?;
        let summary = read::summary(&kept);
        let mut change = self.begin()?;
        change.remove_item(&kept)?;
        change.commit(Event::Remove { item: kept.item.id }, now)?;
        Ok(summary)
    }

    pub(super) fn open_testimony(&self, number: u64) -> Result<Kept, VaultError> {
        let kept = self.open_item(number)?;
        match kept.item.kind {
            Kind::Testimony => Ok(kept),
            Kind::Document => Err(VaultError::NotTestimony { number }),
        }
    }

    fn draft_row(&self, id: &str) -> Result<Draft, VaultError> {
        let missing = || VaultError::NoDraft { id: id.to_owned() };
        let key: RandomId = id.parse().map_err(|_| missing())?;
        self.store.get::<Draft>(key.as_bytes())?.ok_or_else(missing)
    }

    fn draft_paragraphs(&self, draft: &Draft) -> Result<Vec<String>, VaultError> {
        let mut paragraphs = Vec::new();
        for place in 0..draft.paragraphs {
            let row = self.store.get::<DraftParagraph>(&rows::paragraph_key(&draft.id, place))?;
            paragraphs.push(row.ok_or_else(|| VaultError::damaged("draft"))?.text);
        }
        Ok(paragraphs)
    }

    fn draft_view(&self, draft: &Draft) -> Result<DraftView, VaultError> {
        Ok(DraftView {
            id: draft.id.to_string(),
            title: draft.title.clone(),
            paragraphs: self.draft_paragraphs(draft)?,
            changed: draft.changed.to_string(),
        })
    }
}

impl Change<'_> {
    pub(super) fn keep_testimony(
        &mut self,
        text: TestimonyText,
        now: Time,
    ) -> Result<(Kept, Event), VaultError> {
        let (title, account) = told(text, &[])?;
        let mut item = new_item(Kind::Testimony, title, now);
        item.account = account;
        check_fits(&item)?;
        self.keep_new(item)
    }

    fn drop_draft(&mut self, draft: &Draft) -> Result<(), VaultError> {
        for place in 0..draft.paragraphs {
            self.delete::<DraftParagraph>(&rows::paragraph_key(&draft.id, place))?;
        }
        self.delete::<Draft>(draft.id.as_bytes())
    }
}

/// Refuses a testimony that no bundle has room for: it could never be sealed.
pub(super) fn check_fits(item: &Item) -> Result<(), VaultError> {
    filling::check_fits(item).map_err(|_| VaultError::TooLong)
}

/// Title and account as an item that names these persons holds them.
pub(super) fn told(text: TestimonyText, persons: &[String]) -> Result<(String, Option<String>), VaultError> {
    let account = text.account.replace("\r\n", "\n").trim().to_owned();
    if account.is_empty() {
        return Err(VaultError::EmptyTestimony);
    }
    if account.len() > ACCOUNT_BYTES_MAX {
        return Err(VaultError::Text {
            field: "account".into(),
            bytes: account.len(),
            bytes_max: ACCOUNT_BYTES_MAX,
        });
    }
    check_title(text.title.as_deref())?;
    let account = persons::mark(&account, persons);
    let given = text.title.map(|title| title.trim().to_owned()).filter(|title| !title.is_empty());
    let title = given.unwrap_or_else(|| first_words(&account));
    Ok((title, Some(account)))
}

fn check_title(title: Option<&str>) -> Result<(), VaultError> {
    let bytes = title.map_or(0, str::len);
    if bytes > LINE_BYTES_MAX {
        return Err(VaultError::Text { field: "title".into(), bytes, bytes_max: LINE_BYTES_MAX });
    }
    Ok(())
}

/// The first words of an account, without what is marked: a title travels as a unit of its own.
pub(super) fn first_words(account: &str) -> String {
    let told = Testimony::parse(account);
    let open = |runs: &Vec<Run>| -> String {
        runs.iter().map(|run| if run.marked { "…" } else { run.text.as_str() }).collect()
    };
    let lines: Vec<String> = told.paragraphs().iter().map(open).collect();
    let line = lines.iter().flat_map(|text| text.split('\n')).find(|line| !line.trim().is_empty());
    let line = line.unwrap_or_default();
    let line: String = line.trim().chars().filter(|c| !text::steers(*c)).collect();
    if line.len() <= MADE_TITLE_BYTES_MAX {
        return line;
    }
    let cut = label::cut(&line, MADE_TITLE_BYTES_MAX);
    let whole = cut.rsplit_once(' ').map_or(cut, |(words, _)| words);
    format!("{}…", whole.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_made_of_an_account_tells_nothing_marked() {
        assert_eq!(first_words("They took [[Ahmad]] away.\nI saw it."), "They took … away.");
        assert_eq!(first_words("\n\n  می\u{200c}گویم\n"), "می\u{200c}گویم");
        assert_eq!(first_words("One.\n\nTwo."), "One.", "the first paragraph alone");
        let long = first_words(&"a word ".repeat(60));
        assert!(long.len() <= MADE_TITLE_BYTES_MAX + 3 && long.ends_with("word a…"), "{long}");
    }

    #[test]
    fn an_account_of_white_space_is_none() {
        let blank = TestimonyText { title: Some("t".into()), account: " \r\n \n".into() };
        assert!(matches!(told(blank, &[]), Err(VaultError::EmptyTestimony)));
    }
}
