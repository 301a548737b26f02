//! The rows that the index of a vault holds.
