//! The chain of custody.
