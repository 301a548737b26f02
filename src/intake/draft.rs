//! What an archive is founded on (a name, officers, a threshold) and the draft of a card made from it.
//!
//! The desk only drafts: the card key lies in an officer's vault, where the draft is signed.

use std::path::Path;

use super::ledger::{About, CardRow};
use super::{IntakeError, source};
use crate::format::FormatError;
use crate::format::card::{CARD_BYTES_MAX, Draft, OfficerLine, Terms};
use crate::format::note::NoteVerifier;
use crate::format::policy::Policy;
use crate::format::time::Date;

/// How long a card is drafted to be valid.
pub const VALID_YEARS: u16 = 2;

/// What an archive is founded on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Founding {
    /// What the organisation calls itself on its cards.
    pub name: String,
    /// Its officers, in the order of the card.
    pub officers: Vec<OfficerLine>,
    /// How many of them open together.
    pub threshold: usize,
}

impl Founding {
    /// More than half of so many officers: one who is lost locks nothing, one who is turned opens nothing.
    #[must_use]
    pub fn usual_threshold(officers: usize) -> usize {
        officers / 2 + 1
    }

    /// What the archive is, under this log. Refused here where no card could be made of it.
    pub(super) fn about(&self, log: &NoteVerifier) -> Result<About, IntakeError> {
        let about = About {
            name: self.name.clone(),
            threshold: u8::try_from(self.threshold).unwrap_or(u8::MAX),
            officers: self.officers.iter().map(ToString::to_string).collect(),
            log: log.to_string(),
        };
        let some_day = Date::new(2000, 1, 1).expect("a day of the calendar");
        Draft::new(terms(&about, 1, some_day, Policy::none())?).map_err(IntakeError::Founding)?;
        Ok(about)
    }
}

/// The line of an officer in a file: what `sanduq recipient` printed. White space around it, as mail adds, is
/// passed over.
pub fn read_officer(path: &Path) -> Result<OfficerLine, IntakeError> {
    let text = source::read(path, CARD_BYTES_MAX as u64)?;
    let wrong = |source| IntakeError::Officer { path: path.to_path_buf(), source };
    let not_a_line = || FormatError::Malformed { format: "officer line", line: 1, expected: "one line" };
    let line = std::str::from_utf8(&text).map(str::trim).map_err(|_| not_a_line());
    line.and_then(str::parse).map_err(wrong)
}

/// The draft of the next card: serial 1, or one more than that of the newest card that was accepted.
pub(super) fn draft(
    about: &About,
    newest: Option<&CardRow>,
    policy: Policy,
    today: Date,
) -> Result<Draft, IntakeError> {
    let serial = newest.map_or(1, |card| card.serial + 1);
    Ok(Draft::new(terms(about, serial, today.plus_years(VALID_YEARS)?, policy)?)?)
}

fn terms(about: &About, serial: u64, valid_until: Date, policy: Policy) -> Result<Terms, IntakeError> {
    Ok(Terms {
        name: about.name.clone(),
        serial,
        valid_until,
        threshold: about.threshold.into(),
        officers: about.officers.iter().map(|line| line.parse()).collect::<Result<_, _>>()?,
        log: about.log.parse()?,
        policy,
    })
}
