//! The one way to change a vault: objects, rows and a custody entry in one transaction.
