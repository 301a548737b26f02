//! A person's own house.
