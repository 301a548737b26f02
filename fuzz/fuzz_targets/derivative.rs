//! The check `derivative` of src/checks.rs, with bytes nobody thought of.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    sanduq_fuzz::checks::check("derivative")(bytes);
});
