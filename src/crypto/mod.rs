//! Primitives, behind one door.
