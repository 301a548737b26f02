//! Keeping secrets out of what the system writes down: core dumps, debuggers of other programs, loose file modes.
//!
//! All of it is best effort: where the system refuses, the program goes on, for a refusal must not keep anybody from
//! the own evidence. Pages are not locked: that needs `unsafe`, and an encrypted swap or none is asked for in
//! SECURITY.md instead.

use rustix::fs::Mode;
use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit, umask};

/// Forbids core dumps and reading of this process's memory by others of the same user, and makes every file that is
/// created from now on readable by this user alone. Called first of all, by each program.
pub fn harden_process() {
    let none = Rlimit { current: Some(0), maximum: Some(0) };
    let _ = setrlimit(Resource::Core, none);
    let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    umask(Mode::RWXG | Mode::RWXO);
}
