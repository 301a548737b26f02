//! The organisation's intake desk.
