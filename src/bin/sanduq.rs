//! `sanduq`: arguments and clock, nothing else.

mod clock;

use sanduq::cli::sanduq::Clock;
use sanduq::crypto::memory::harden_process;
use std::alloc::System;
use std::process::ExitCode;
use std::time::Instant;
use zeroizing_alloc::ZeroAlloc;

/// Every heap memory is wiped when it is given back, whoever held it: rows, texts, a line that was typed.
#[global_allocator]
static MEMORY: ZeroAlloc<System> = ZeroAlloc(System);

fn main() -> ExitCode {
    harden_process();
    let started = Instant::now();
    let clock = Clock { now: &clock::now, stopwatch: &|| started.elapsed() };
    sanduq::cli::sanduq::run(std::env::args_os().collect(), clock)
}
