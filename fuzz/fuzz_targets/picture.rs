//! The check `picture` of src/checks.rs, with bytes nobody thought of.
//!
//! The readers of pictures and codes are other people's, and what panics in one of them is caught: no finding. The
//! harness ends at every panic, caught or not, unless its hook is taken away; at one that is not caught it ends still.
#![no_main]

use std::sync::Once;

static QUIET: Once = Once::new();

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    QUIET.call_once(|| std::panic::set_hook(Box::new(|_| {})));
    sanduq_fuzz::checks::check("picture")(bytes);
});
