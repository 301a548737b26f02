//! What people touch.
