//! `sanduq`: arguments and clock, nothing else.

use sanduq::crypto::memory::harden_process;
use sanduq::format::time::Time;
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

fn main() -> ExitCode {
    harden_process();
    sanduq::cli::sanduq::run(std::env::args_os().collect(), &now)
}

/// What the system's clock says; one that is set before 1970 or after 9999 counts as 1970.
fn now() -> Time {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let seconds = i64::try_from(since).unwrap_or_default();
    Time::from_unix(seconds).or_else(|_| Time::from_unix(0)).expect("1970 is a time")
}
