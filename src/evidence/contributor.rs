//! The person whose vault this is, as the vault itself remembers her: a label she chose, the language she
//! reads, and when the compartment was made. None of it ever leaves the vault.

use serde::{Deserialize, Serialize};

use crate::format::time::Time;

/// Who keeps this compartment. **Never** sealed, exported or printed outside the vault's own programs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contributor {
    /// The name she gave the compartment, if any.
    pub label: Option<String>,
    /// The language tag she chose, such as `fa`.
    pub language: String,
    /// When the compartment was made.
    pub created: Time,
}
