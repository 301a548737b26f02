//! What anyone can check, with no key and no vault: a bundle, a receipt, a card, a proof of authorship, a log, a
//! disclosure.
//!
//! ```
//! use sanduq::audit::{self, Outcome};
//!
//! let report = audit::card(b"sanduq-card/1\n", "2026-11-23".parse()?);
//! assert!(!report.holds());
//! assert_eq!(report.checks[0].outcome, Outcome::Fails);
//! # Ok::<(), sanduq::format::FormatError>(())
//! ```
//!
//! An audit is a list of questions, each with its own answer. It never stops at the first finding: a question that
//! cannot be asked, because what it is about could not be read, is listed as not asked, and the report does not
//! hold. The same questions in stock commands: docs/guide/auditors.md.

mod bundle;
mod card;
mod derivatives;
mod disclosed;
mod disclosure;
mod disclosure_folder;
mod events;
mod folder;
mod log;
mod proof;
mod receipt;
mod report;
mod stamp;

pub use bundle::bundle;
pub use card::card;
pub use disclosed::{Disclosed, DisclosedEvent, DisclosedRecord};
pub use disclosure::{Beside, disclosed, disclosure};
pub use log::{LEAVES_MAX, LogQuestions, log, log_head};
pub use proof::proof;
pub use receipt::receipt;
pub use report::{Check, Outcome, Question, Report, Unproved, Value, ValueName};
pub use stamp::{TimeQuestions, time};
