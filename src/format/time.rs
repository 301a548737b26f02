//! A moment and a day, each in one spelling: RFC 3339 in UTC, whole seconds, years 1970 to 9999.
//!
//! ```
//! use sanduq::format::time::Time;
//!
//! let time: Time = "2026-11-23T18:40:00Z".parse()?;
//! assert_eq!(time.unix(), 1_795_459_200);
//! assert_eq!(time.date().to_string(), "2026-11-23");
//! assert!("2026-11-23T18:40:00+00:00".parse::<Time>().is_err());
//! # Ok::<(), sanduq::format::FormatError>(())
//! ```
//!
//! No other zone, no fractions, no leap second 60. People's calendars are a matter of display, not of data.

use std::fmt;
use std::str::FromStr;

use jiff::civil;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::FormatError;

/// The last second of the year 9999.
const UNIX_MAX: i64 = 253_402_300_799;

const EPOCH: civil::DateTime = civil::DateTime::constant(1970, 1, 1, 0, 0, 0, 0);

/// A moment, to the second.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(i64);

impl Time {
    /// The first moment there is, for what says nothing of when: 1970-01-01T00:00:00Z.
    pub const EPOCH: Time = Time(0);

    /// The moment so many seconds after 1970-01-01T00:00:00Z, not counting leap seconds.
    pub fn from_unix(seconds: i64) -> Result<Self, FormatError> {
        if (0..=UNIX_MAX).contains(&seconds) {
            Ok(Self(seconds))
        } else {
            Err(FormatError::spelling("time", "a moment between 1970 and 9999"))
        }
    }

    /// Seconds since 1970-01-01T00:00:00Z, not counting leap seconds.
    #[must_use]
    pub fn unix(self) -> i64 {
        self.0
    }

    /// The day it lies in, in UTC.
    #[must_use]
    pub fn date(self) -> Date {
        Date(self.civil().date())
    }

    fn civil(self) -> civil::DateTime {
        let since = jiff::SignedDuration::from_secs(self.0);
        EPOCH.checked_add(since).expect("a Time lies between 1970 and 9999")
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}Z", self.civil())
    }
}

impl fmt::Debug for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Time {
    type Err = FormatError;

    fn from_str(text: &str) -> Result<Self, FormatError> {
        let wrong = || FormatError::spelling("time", "YYYY-MM-DDThh:mm:ssZ");
        let civil = text.strip_suffix('Z').and_then(|text| text.parse::<civil::DateTime>().ok());
        let time = Self::from_unix(civil.ok_or_else(wrong)?.duration_since(EPOCH).as_secs())?;
        if time.to_string() == text { Ok(time) } else { Err(wrong()) }
    }
}

/// A day of the Gregorian calendar.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(civil::Date);

impl Date {
    /// The day of this year, month (1–12) and day (1–31).
    pub fn new(year: i16, month: i8, day: i8) -> Result<Self, FormatError> {
        let date = civil::Date::new(year, month, day)
            .map_err(|_| FormatError::spelling("date", "a day of the calendar"))?;
        Self::checked(date)
    }

    /// The same day so many years later; 29 February becomes the 28th where it must.
    pub fn plus_years(self, years: u16) -> Result<Self, FormatError> {
        let later = self
            .0
            .checked_add(jiff::Span::new().years(years))
            .map_err(|_| FormatError::spelling("date", "a year up to 9999"))?;
        Self::checked(later)
    }

    fn checked(date: civil::Date) -> Result<Self, FormatError> {
        if (1970..=9999).contains(&date.year()) {
            Ok(Self(date))
        } else {
            Err(FormatError::spelling("date", "a year between 1970 and 9999"))
        }
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Date {
    type Err = FormatError;

    fn from_str(text: &str) -> Result<Self, FormatError> {
        let wrong = || FormatError::spelling("date", "YYYY-MM-DD");
        let date = Self::checked(text.parse().map_err(|_| wrong())?)?;
        if date.to_string() == text { Ok(date) } else { Err(wrong()) }
    }
}

macro_rules! serde_as_text {
    ($type:ty) => {
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                text.parse().map_err(de::Error::custom)
            }
        }
    };
}

serde_as_text!(Time);
serde_as_text!(Date);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_one_spelling() {
        for right in ["1970-01-01T00:00:00Z", "2024-02-29T23:59:59Z", "9999-12-31T23:59:59Z"] {
            assert_eq!(right.parse::<Time>().unwrap().to_string(), right);
        }
        for wrong in [
            "",
            "2026-11-23",
            "2026-11-23 18:40:00Z",
            "2026-11-23t18:40:00z",
            "2026-11-23T18:40:00",
            "2026-11-23T18:40:00.0Z",
            "2026-11-23T18:40:60Z",
            "2026-11-23T18:40:00+00:00",
            "2026-11-23T19:40:00+01:00",
            "2025-02-29T00:00:00Z",
            "1969-12-31T23:59:59Z",
            "+002026-11-23T18:40:00Z",
            " 2026-11-23T18:40:00Z",
            "2026-11-23T18:40:00Z\n",
            "2026-11-23T18:40:00Z[UTC]",
        ] {
            assert!(wrong.parse::<Time>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_range_has_ends() {
        assert!(Time::from_unix(-1).is_err());
        assert!(Time::from_unix(UNIX_MAX + 1).is_err());
        assert_eq!(Time::from_unix(UNIX_MAX).unwrap().date().to_string(), "9999-12-31");
    }

    #[test]
    fn dates_have_one_spelling() {
        assert_eq!("2028-11-23".parse::<Date>().unwrap(), Date::new(2028, 11, 23).unwrap());
        for wrong in
            ["", "2028-11-3", "20281123", "2028-02-30", "2028-11-23T00:00:00Z", "1969-01-01", "-2028-11-23"]
        {
            assert!(wrong.parse::<Date>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn years_are_added_by_the_calendar() {
        let leap = Date::new(2028, 2, 29).unwrap();
        assert_eq!(leap.plus_years(2).unwrap().to_string(), "2030-02-28");
        assert!(leap.plus_years(9000).is_err());
    }

    #[test]
    fn both_survive_json() {
        let time = Time::from_unix(1).unwrap();
        assert_eq!(serde_json::to_string(&time).unwrap(), "\"1970-01-01T00:00:01Z\"");
        assert_eq!(serde_json::from_str::<Date>("\"2026-11-23\"").unwrap().to_string(), "2026-11-23");
    }
}
