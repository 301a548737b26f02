//! The nouns: values that can only be valid.
