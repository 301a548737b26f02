//! What is wrong with a bundle, as an officer reads it. Nothing of a refused bundle entered the vault.

use crate::bundle::BundleError;
use crate::ui::{Describe, Kind, Trouble, m};

impl Describe for BundleError {
    fn trouble(&self) -> Trouble {
        let (kind, what, hint) = match self {
            BundleError::Io(_) => (Kind::Failed, m::ERR_BUNDLE_READ, m::HINT_BUNDLE_READ),
            BundleError::Planted { .. } => (Kind::Refused, m::ERR_BUNDLE_PLANTED, m::HINT_BUNDLE_PLANTED),
            BundleError::PassedOnForAnother { .. } => {
                (Kind::Refused, m::ERR_PASSED_ON_OTHER, m::HINT_PASSED_ON)
            }
            BundleError::PassOn(_) => (Kind::Refused, m::ERR_PASSED_ON, m::HINT_PASSED_ON),
            BundleError::NotOnCard { name } => {
                return Trouble::new(Kind::Refused, m::ERR_NOT_AN_OFFICER)
                    .value(name)
                    .safe(m::SAFE_NOTHING_TAKEN)
                    .hint(m::HINT_NOT_AN_OFFICER);
            }
            BundleError::Signature { .. } | BundleError::Key { .. } | BundleError::Statement(_) => {
                (Kind::Refused, m::ERR_BUNDLE_FORGED, m::HINT_BUNDLE_FORGED)
            }
            _ => (Kind::Refused, m::ERR_BUNDLE_DAMAGED, m::HINT_BUNDLE_DAMAGED),
        };
        Trouble::new(kind, what).value(self).safe(m::SAFE_NOTHING_TAKEN).hint(hint)
    }
}
