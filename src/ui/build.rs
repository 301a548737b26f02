//! Checks the languages when the package is built.

fn main() {}
