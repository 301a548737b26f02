//! `sanduq-intake`: arguments and clock, nothing else.

mod clock;

use sanduq::crypto::memory::harden_process;
use std::process::ExitCode;
use std::sync::Arc;

fn main() -> ExitCode {
    harden_process();
    sanduq::cli::intake::run(std::env::args_os().collect(), Arc::new(clock::now))
}
