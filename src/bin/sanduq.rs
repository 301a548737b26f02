//! `sanduq`: arguments and clock, nothing else.

mod clock;

use sanduq::cli::sanduq::Clock;
use sanduq::crypto::memory::harden_process;
use std::process::ExitCode;
use std::time::Instant;

fn main() -> ExitCode {
    harden_process();
    let started = Instant::now();
    let clock = Clock { now: &clock::now, stopwatch: &|| started.elapsed() };
    sanduq::cli::sanduq::run(std::env::args_os().collect(), clock)
}
