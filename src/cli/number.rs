//! Numbers as people type them: in Latin, Persian or Arabic digits.

use crate::cli::usage::NotAnItem;
use std::time::Duration;

/// An item's number, as it is named on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ItemNumber(pub u64);

impl std::str::FromStr for ItemNumber {
    type Err = NotAnItem;

    fn from_str(text: &str) -> Result<ItemNumber, NotAnItem> {
        whole_number(text).filter(|number| *number > 0).map(ItemNumber).ok_or(NotAnItem)
    }
}

/// A unit of an item, as it is named on the command line: `3:0007`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnitNumber {
    /// The item.
    pub item: u64,
    /// The unit, from 1.
    pub unit: u32,
}

impl std::fmt::Display for UnitNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{:04}", self.item, self.unit)
    }
}

impl std::str::FromStr for UnitNumber {
    type Err = NotAUnit;

    fn from_str(text: &str) -> Result<UnitNumber, NotAUnit> {
        let (item, unit) = text.split_once(':').ok_or(NotAUnit)?;
        let number = |text: &str| whole_number(text).filter(|number| *number > 0).ok_or(NotAUnit);
        Ok(UnitNumber { item: number(item)?, unit: number(unit)?.try_into().map_err(|_| NotAUnit)? })
    }
}

/// How many, as it is given on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count(pub usize);

impl std::str::FromStr for Count {
    type Err = NotANumber;

    fn from_str(text: &str) -> Result<Count, NotANumber> {
        let number = whole_number(text).filter(|number| *number > 0);
        number.and_then(|number| number.try_into().ok()).map(Count).ok_or(NotANumber)
    }
}

/// So many of so many, as they are given on the command line: `2/3`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KOfN {
    /// How many are needed.
    pub needed: usize,
    /// Of how many.
    pub count: usize,
}

impl std::str::FromStr for KOfN {
    type Err = NotKOfN;

    fn from_str(text: &str) -> Result<KOfN, NotKOfN> {
        let (needed, count) = text.split_once('/').ok_or(NotKOfN)?;
        let number = |text: &str| text.parse::<Count>().map(|count| count.0).map_err(|_| NotKOfN);
        Ok(KOfN { needed: number(needed)?, count: number(count)? })
    }
}

/// Minutes without a key after which a shell locks itself: 1 to 60.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Minutes(pub u64);

impl Minutes {
    /// As a duration.
    pub fn duration(self) -> Duration {
        Duration::from_secs(self.0 * SECONDS_PER_MINUTE)
    }
}

/// Tests do not wait for minutes.
const SECONDS_PER_MINUTE: u64 = if cfg!(feature = "test-kdf") { 1 } else { 60 };

impl std::str::FromStr for Minutes {
    type Err = NotMinutes;

    fn from_str(text: &str) -> Result<Minutes, NotMinutes> {
        whole_number(text).filter(|minutes| (1..=60).contains(minutes)).map(Minutes).ok_or(NotMinutes)
    }
}

/// The text is not a number of minutes.
#[derive(Debug, thiserror::Error)]
#[error("not a whole number from 1 to 60")]
pub struct NotMinutes;

/// The text is not the number of an item and that of a unit.
#[derive(Debug, thiserror::Error)]
#[error("not two numbers such as 3:0007")]
pub struct NotAUnit;

/// The text is not two numbers with a stroke between them.
#[derive(Debug, thiserror::Error)]
#[error("not two numbers such as 2/3")]
pub struct NotKOfN;

/// The text is not a whole number.
#[derive(Debug, thiserror::Error)]
#[error("not a whole number above zero")]
pub struct NotANumber;

/// The whole number that the text spells in Latin (12), Persian (۱۲) or Arabic (١٢) digits.
pub fn whole_number(text: &str) -> Option<u64> {
    let digits: Option<String> = text.chars().map(latin_digit).collect();
    digits?.parse().ok()
}

fn latin_digit(c: char) -> Option<char> {
    let zero = match c {
        '0'..='9' => '0',
        '۰'..='۹' => '۰',
        '٠'..='٩' => '٠',
        _ => return None,
    };
    char::from_digit(u32::from(c) - u32::from(zero), 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_in_three_scripts() {
        assert_eq!(whole_number("12"), Some(12));
        assert_eq!(whole_number("۱۲"), Some(12));
        assert_eq!(whole_number("١٢"), Some(12));
        assert_eq!(whole_number("1۲"), Some(12));
    }

    #[test]
    fn what_is_not_a_number_is_none() {
        for text in ["", "-1", "+1", "1.5", "۱x", " 1", "18446744073709551616"] {
            assert_eq!(whole_number(text), None, "{text:?}");
        }
        assert!("0".parse::<ItemNumber>().is_err());
        assert!(["2", "2/", "/3", "0/3", "2/3/4", "2:3"].iter().all(|text| text.parse::<KOfN>().is_err()));
        assert_eq!("۲/3".parse::<KOfN>().ok(), Some(KOfN { needed: 2, count: 3 }));
        assert!(["0", "61", "1.5"].iter().all(|text| text.parse::<Minutes>().is_err()));
        assert_eq!("۶۰".parse::<Minutes>().map(|minutes| minutes.0).ok(), Some(60));
    }
}
