//! What working a passphrase into a key costs in a new vault: as much as a person at this machine can bear.
//!
//! One pass is timed where the vault is made, with a passphrase that is nobody's, and the number of passes follows
//! from it. Tests and the tour pay the least that is allowed, since they would take long otherwise.

use crate::cli::context::{Context, told};
use crate::cli::passphrase::Source;
use crate::crypto::kdf::{KdfError, KdfParams};
use crate::ui::Trouble;
use crate::vault::VaultError;
use std::time::Duration;

/// Where Linux tells how much memory programs may still have.
const MEMORY_FILE: &str = "/proc/meminfo";

/// How passphrases are to be hashed in a vault that is made now.
pub fn measured(context: &Context) -> Result<KdfParams, Trouble> {
    if cfg!(feature = "test-kdf") || matches!(context.passphrase, Source::Tour(_)) {
        return Ok(KdfParams::FLOOR);
    }
    let memory = std::fs::read_to_string(MEMORY_FILE).unwrap_or_default();
    by(context.clock().stopwatch, available_kib(&memory), KdfParams::rehearse)
        .map_err(|error| told(VaultError::Hashing(error.into())))
}

/// By the time on the stopwatch that `rehearse` takes.
fn by(
    stopwatch: &dyn Fn() -> Duration,
    available_kib: Option<u64>,
    rehearse: impl FnOnce(KdfParams) -> Result<(), KdfError>,
) -> Result<KdfParams, KdfError> {
    KdfParams::calibrated(available_kib, |once| {
        let begun = stopwatch();
        rehearse(once)?;
        Ok(stopwatch().saturating_sub(begun))
    })
}

/// The memory that can be had without swapping, if the system says; in KiB, which it spells `kB`.
fn available_kib(memory: &str) -> Option<u64> {
    let line = memory.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    line.trim().strip_suffix(" kB")?.trim_end().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    #[test]
    fn what_one_pass_takes_decides() {
        let shown = Cell::new(Duration::from_secs(1_000_000));
        let stopwatch = || shown.get();
        let pass_of = |millis| {
            let shown = &shown;
            move |_| {
                shown.set(shown.get() + Duration::from_millis(millis));
                Ok(())
            }
        };
        let passes = |millis| by(&stopwatch, None, pass_of(millis)).unwrap().passes;
        assert_eq!([500, 250, 100].map(passes), [3, 6, 10]);
        let tight = by(&stopwatch, Some(1), pass_of(150)).unwrap();
        assert_eq!((tight.memory_kib, tight.passes), (256 * 1024, 10));
        let refused = KdfError::NotEnoughMemory { needed_kib: 512 * 1024 };
        assert_eq!(by(&stopwatch, None, |_| Err(refused)), Err(refused));
    }

    #[test]
    fn available_memory_as_linux_tells_it() {
        let told = "MemTotal:       16303148 kB\nMemFree:          204512 kB\nMemAvailable:    9876543 kB\n";
        assert_eq!(available_kib(told), Some(9_876_543));
        for other in
            ["", "MemFree: 1 kB\n", "MemAvailable: many kB\n", "MemAvailable: 7 MB\n", "MemAvailable:\n"]
        {
            assert_eq!(available_kib(other), None, "{other:?}");
        }
    }
}
