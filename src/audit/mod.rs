//! What an auditor checks.
