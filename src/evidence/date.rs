//! When something happened, as far as it is known: a year, a month or a day, and how sure the witness is.
//!
//! ```
//! use sanduq::evidence::date::{EventDate, Sureness};
//! let date = EventDate::new("1988-08", Sureness::About)?;
//! assert_eq!(date.day(), "1988-08");
//! assert!(EventDate::new("1988-02-30", Sureness::Certain).is_err());
//! # Ok::<(), sanduq::evidence::EvidenceError>(())
//! ```

use serde::{Deserialize, Serialize};

use super::EvidenceError;

/// How sure a date is. The words follow the qualifiers of ISO 8601-2 (EDTF).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sureness {
    /// Known.
    Certain,
    /// Near it.
    About,
    /// Perhaps.
    Uncertain,
}

/// A date of the Gregorian calendar with the precision at which it is known.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Raw")]
pub struct EventDate {
    day: String,
    sure: Sureness,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    day: String,
    sure: Sureness,
}

impl EventDate {
    /// A date from `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
    pub fn new(day: &str, sure: Sureness) -> Result<EventDate, EvidenceError> {
        if !is_date(day) {
            return Err(EvidenceError::Date(day.chars().take(16).collect()));
        }
        Ok(EventDate { day: day.to_owned(), sure })
    }

    /// `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
    pub fn day(&self) -> &str {
        &self.day
    }

    /// How sure it is.
    pub fn sure(&self) -> Sureness {
        self.sure
    }
}

impl TryFrom<Raw> for EventDate {
    type Error = EvidenceError;

    fn try_from(raw: Raw) -> Result<EventDate, EvidenceError> {
        EventDate::new(&raw.day, raw.sure)
    }
}

fn is_date(text: &str) -> bool {
    let mut parts = text.split('-');
    let year = parts.next().and_then(|part| digits(part, 4));
    let month = parts.next().map(|part| digits(part, 2));
    let day = parts.next().map(|part| digits(part, 2));
    if parts.next().is_some() {
        return false;
    }
    match (year, month, day) {
        (Some(_), None, None) => true,
        (Some(_), Some(Some(month)), None) => (1..=12).contains(&month),
        (Some(year), Some(Some(month)), Some(Some(day))) => (1..=days_in(year, month)).contains(&day),
        _ => false,
    }
}

fn digits(text: &str, len: usize) -> Option<u32> {
    let good = text.len() == len && text.bytes().all(|byte| byte.is_ascii_digit());
    good.then(|| text.parse().ok()).flatten()
}

/// The days of a month; none in a month there is not.
fn days_in(year: u32, month: u32) -> u32 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_the_calendar_only() {
        for good in ["1988", "1988-08", "1988-12-31", "2024-02-29", "2000-02-29", "0001"] {
            assert!(EventDate::new(good, Sureness::Certain).is_ok(), "{good}");
        }
        for bad in [
            "",
            "88",
            "1988-",
            "1988-13",
            "1988-00",
            "1988-8",
            "1988-02-30",
            "1900-02-29",
            "1988-08-00",
            "1988-13-01",
            "1988-08-03-01",
            "+988",
            "1988-+8",
            "۱۹۸۸",
        ] {
            assert!(EventDate::new(bad, Sureness::Certain).is_err(), "{bad}");
        }
    }

    #[test]
    fn json_cannot_make_a_false_date() {
        assert!(serde_json::from_str::<EventDate>(r#"{"day":"1988-99","sure":"certain"}"#).is_err());
    }
}
