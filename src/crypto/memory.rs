//! Keeping secrets out of what the system writes down: swap, core dumps, debuggers of other programs, loose file modes.
//!
//! All of it is best effort: where the system refuses, the program goes on, for a refusal must not keep anybody from
//! the own evidence; [`protection`] tells what was refused. A lock may be undone by others on the same page. Locked is the memory of every [`Secret`](super::Secret),
//! not all memory: an ordinary user may lock a few MiB, less than this program is large. A page once locked stays so
//! until it is given back to the system, because secrets share pages and the system does not count locks. See
//! docs/decisions/0007-what-is-locked.md.

use rustix::fs::Mode;
use rustix::process::{
    DumpableBehavior, Resource, Rlimit, dumpable_behavior, getrlimit, set_dumpable_behavior, setrlimit, umask,
};
use std::mem;
use std::sync::atomic::{AtomicBool, Ordering};

/// Bytes of one value above which it is not locked: content, of which little would use up what may be locked.
const LOCKED_BYTES_MAX: usize = 16 * 1024;

/// Whether the system refused to lock a secret's memory.
static REFUSED: AtomicBool = AtomicBool::new(false);

/// What the system has granted so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Protection {
    /// No core dump is written, and programs of the same user cannot read this one's memory.
    pub unseen: bool,
    /// The system locked the memory of every secret when it was asked to.
    pub unswapped: bool,
}

/// Forbids core dumps and reading of this process's memory by others of the same user, makes every file that is
/// created from now on readable by this user alone, and lets as much memory be locked as the system allows. Called
/// first of all, by each program.
pub fn harden_process() {
    let none = Rlimit { current: Some(0), maximum: Some(0) };
    let _ = setrlimit(Resource::Core, none);
    let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    let lockable = getrlimit(Resource::Memlock).maximum;
    let _ = setrlimit(Resource::Memlock, Rlimit { current: lockable, maximum: lockable });
    umask(Mode::RWXG | Mode::RWXO);
}

/// What the system has granted so far; asked for when the first secrets are held.
pub fn protection() -> Protection {
    let undumpable = matches!(dumpable_behavior(), Ok(DumpableBehavior::NotDumpable));
    Protection {
        unseen: undumpable && getrlimit(Resource::Core).current == Some(0),
        unswapped: !REFUSED.load(Ordering::Relaxed),
    }
}

/// Keeps the pages of these bytes out of swap.
pub(super) fn lock(address: *const u8, bytes: usize) {
    if bytes == 0 || bytes > LOCKED_BYTES_MAX {
        return;
    }
    match region::lock(address, bytes) {
        // Unlocking would unlock the neighbours on these pages too.
        Ok(guard) => mem::forget(guard),
        Err(_) => REFUSED.store(true, Ordering::Relaxed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::Secret;

    fn locked_kib() -> u64 {
        let status = std::fs::read_to_string("/proc/self/status").unwrap();
        let line = status.lines().find(|line| line.starts_with("VmLck:")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    }

    #[test]
    fn a_secret_lies_in_locked_memory() {
        let secret = Secret::new(vec![7u8; 3 * 4096]);
        assert!(REFUSED.load(Ordering::Relaxed) || locked_kib() >= 12, "{}", locked_kib());
        drop(secret);
    }
}
