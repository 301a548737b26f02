//! `sanduq`: arguments and clock, nothing else.

mod clock;

use sanduq::crypto::memory::harden_process;
use std::process::ExitCode;

fn main() -> ExitCode {
    harden_process();
    sanduq::cli::sanduq::run(std::env::args_os().collect(), &clock::now)
}
