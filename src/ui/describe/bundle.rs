//! What is wrong with a bundle, as an officer reads it. Nothing of a refused bundle entered the vault.

use crate::bundle::proof::{CHALLENGE_BYTES_MAX, SAID_BYTES_MAX};
use crate::bundle::{BundleError, ProofError};
use crate::ui::{Describe, Kind, Size, Trouble, m};

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
            BundleError::FileChanged { label } => {
                return Trouble::new(Kind::Failed, m::ERR_ORIGINAL)
                    .value(label)
                    .safe(m::SAFE_VAULT)
                    .hint(m::HINT_ORIGINAL);
            }
            BundleError::VolumeSize { smallest } => {
                return Trouble::new(Kind::Usage, m::err_volume_size(Size(*smallest)))
                    .safe(m::SAFE_VAULT)
                    .hint(m::HINT_VOLUME_SIZE)
                    .command(format!("--volume-size {}M", smallest / 1_000_000));
            }
            BundleError::Signature { .. } | BundleError::Key { .. } | BundleError::Statement(_) => {
                (Kind::Refused, m::ERR_BUNDLE_FORGED, m::HINT_BUNDLE_FORGED)
            }
            _ => (Kind::Refused, m::ERR_BUNDLE_DAMAGED, m::HINT_BUNDLE_DAMAGED),
        };
        Trouble::new(kind, what).value(self).safe(m::SAFE_NOTHING_TAKEN).hint(hint)
    }
}

impl Describe for ProofError {
    fn trouble(&self) -> Trouble {
        let size = |bytes: usize| Size(bytes as u64);
        match self {
            ProofError::Challenge => Trouble::new(Kind::Refused, m::err_challenge(size(CHALLENGE_BYTES_MAX)))
                .hint(m::HINT_PROOF_TEXT),
            ProofError::Said => {
                Trouble::new(Kind::Refused, m::err_said(size(SAID_BYTES_MAX))).hint(m::HINT_PROOF_TEXT)
            }
            ProofError::NotCommitted { bundle, .. } => Trouble::new(Kind::Locked, m::ERR_PHRASE_OTHER)
                .value(bundle)
                .safe(m::SAFE_NOTHING_PROVED)
                .hint(m::HINT_PHRASE_OTHER),
            ProofError::AnotherBundle { .. } | ProofError::Signature(_) => {
                Trouble::new(Kind::Refused, m::ERR_VERIFY_FAILED).value(self).hint(m::HINT_VERIFY_FAILED)
            }
        }
    }
}
