//! Languages, and every error as a sentence.
