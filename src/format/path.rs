//! Paths in answers for scripts. Not every file's name is text: what of it is none becomes U+FFFD, so that one strange
//! name on a stick does not cost the whole answer.
//!
//! ```
//! use std::path::PathBuf;
//!
//! #[derive(serde::Serialize)]
//! struct Answer {
//!     #[serde(serialize_with = "sanduq::format::path::one")]
//!     file: PathBuf,
//! }
//!
//! # use std::os::unix::ffi::OsStringExt;
//! let file = PathBuf::from(std::ffi::OsString::from_vec(b"a\xff.bundle".to_vec()));
//! assert_eq!(serde_json::to_string(&Answer { file }).unwrap(), "{\"file\":\"a\u{fffd}.bundle\"}");
//! ```

use std::path::{Path, PathBuf};

use serde::Serializer;

/// A path.
pub fn one<S: Serializer>(path: &impl AsRef<Path>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&path.as_ref().display())
}

/// A list of paths.
pub fn many<S: Serializer>(paths: &[PathBuf], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(paths.iter().map(|path| path.to_string_lossy()))
}

/// A path, or `null`.
pub fn if_any<S: Serializer>(path: &Option<PathBuf>, serializer: S) -> Result<S::Ok, S::Error> {
    match path {
        Some(path) => one(path, serializer),
        None => serializer.serialize_none(),
    }
}
