//! Volumes on the command line: how large parts may be, how many may be lost, and what is said of them.

use crate::bundle::volume::{PARITY_MAX, PART_BYTES_MAX, PART_BYTES_MIN};
use crate::cli::context::told;
use crate::cli::number::whole_number;
use crate::cli::terminal::Terminal;
use crate::ui::{Describe, Message, Trouble, m};
use crate::vault::{ExportedPart, MediumProblem, PartsView, Vault, VaultError, Volumes};
use clap::Args;
use std::collections::BTreeMap;
use std::path::Path;

/// The flags that cut what is too large for a stick into parts.
#[derive(Debug, Clone, Default, Args)]
pub struct VolumeFlags {
    /// How large a part may be.
    #[arg(long, value_name = "SIZE")]
    volume_size: Option<VolumeSize>,
    /// How many parts of a bundle may be lost.
    #[arg(long, value_name = "N", requires = "volume_size")]
    parity: Option<Parity>,
}

impl VolumeFlags {
    /// What was asked for.
    pub fn volumes(&self) -> Option<Volumes> {
        let parity = self.parity.map_or(0, |parity| parity.0);
        self.volume_size.map(|size| Volumes { part_bytes: size.0, parity })
    }
}

/// A size as people write it: `25M`, `700M`, `4G`; a thousand is a thousand, as on the boxes of sticks and CDs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VolumeSize(u64);

impl std::str::FromStr for VolumeSize {
    type Err = NotASize;

    fn from_str(text: &str) -> Result<VolumeSize, NotASize> {
        let (number, unit) = text.char_indices().last().map(|(at, _)| text.split_at(at)).ok_or(NotASize)?;
        let unit = match unit {
            "k" | "K" => 1_000,
            "m" | "M" => 1_000_000,
            "g" | "G" => 1_000_000_000,
            _ => return Err(NotASize),
        };
        let bytes = whole_number(number).and_then(|number| number.checked_mul(unit)).ok_or(NotASize)?;
        (PART_BYTES_MIN..=PART_BYTES_MAX).contains(&bytes).then_some(VolumeSize(bytes)).ok_or(NotASize)
    }
}

/// The text is not the size of a part.
#[derive(Debug, thiserror::Error)]
#[error("not a size from 2M to 4G")]
pub struct NotASize;

/// How many parts may be lost: 1 to 255.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parity(u16);

impl std::str::FromStr for Parity {
    type Err = NotAParity;

    fn from_str(text: &str) -> Result<Parity, NotAParity> {
        let number = whole_number(text).and_then(|number| u16::try_from(number).ok());
        number.filter(|number| (1..=PARITY_MAX).contains(number)).map(Parity).ok_or(NotAParity)
    }
}

/// The text is not a number of parts that may be lost.
#[derive(Debug, thiserror::Error)]
#[error("not a whole number from 1 to 255")]
pub struct NotAParity;

/// Says which parts lie in a folder now, and how many are still to go. There may be hundreds: their files are named
/// by `--json`.
pub fn say(terminal: &Terminal, parts: &[ExportedPart], left: usize, dir: &Path) {
    if !parts.is_empty() {
        terminal.say(m::export_parts(parts.len()));
        terminal.value(dir.display());
        let mut of: BTreeMap<&str, (usize, u16)> = BTreeMap::new();
        for part in parts {
            of.entry(&part.bundle).or_insert((0, part.parts)).0 += 1;
        }
        for (bundle, (count, parts)) in of {
            terminal.say(m::ExportPartsOf { count, parts: u64::from(parts) });
            terminal.value(bundle);
        }
    }
    if left > 0 {
        terminal.say(m::export_parts_left(left));
    }
}

/// How far the parts of a bundle came, in a sentence.
pub fn progress(view: &PartsView) -> Message {
    m::StatusParts {
        carried: view.carried as u64,
        there: view.there as u64,
        parts: u64::from(view.parts),
        needed: u64::from(view.needed),
    }
    .into()
}

/// What keeps a bundle from a medium, with the way out where it is only its size.
pub fn refused(error: VaultError, volumes: Option<&Volumes>, command: &str) -> Trouble {
    let room = match &error {
        VaultError::Medium { problem: MediumProblem::Full { free, .. }, .. } => {
            free.saturating_sub(Vault::medium_overhead(1))
        }
        VaultError::Medium { problem: MediumProblem::FileTooLarge { len_max, .. }, .. } => *len_max,
        _ => return told(error),
    };
    match OFFERED.into_iter().find(|(_, bytes)| *bytes <= room).filter(|_| volumes.is_none()) {
        Some((size, _)) => {
            error.trouble().hint(m::HINT_VOLUMES).command(format!("{command} --volume-size {size}"))
        }
        None => told(error),
    }
}

/// Sizes that are offered where a bundle does not fit: the largest of which one part does.
const OFFERED: [(&str, u64); 7] = [
    ("4G", 4_000_000_000),
    ("700M", 700_000_000),
    ("100M", 100_000_000),
    ("25M", 25_000_000),
    ("10M", 10_000_000),
    ("5M", 5_000_000),
    ("2M", 2_000_000),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_as_they_stand_on_boxes() {
        let size = |text: &str| text.parse::<VolumeSize>().map(|size| size.0).ok();
        assert_eq!(size("25M"), Some(25_000_000));
        assert_eq!(size("700m"), Some(700_000_000));
        assert_eq!(size("4G"), Some(4_000_000_000));
        assert_eq!(size("2500k"), Some(2_500_000));
        assert_eq!(size("۲۵M"), Some(25_000_000));
        for bad in ["", "M", "25", "25MB", "1M", "5G", "-3M", "2.5M", "25 M", "99999999999999999999G"] {
            assert_eq!(size(bad), None, "{bad}");
        }
    }

    #[test]
    fn parity_is_a_number_of_parts() {
        let parity = |text: &str| text.parse::<Parity>().map(|parity| parity.0).ok();
        assert_eq!((parity("1"), parity("۳"), parity("255")), (Some(1), Some(3), Some(255)));
        assert!(["", "0", "256", "-1", "a"].iter().all(|bad| parity(bad).is_none()));
    }
}
