//! The audit of a bundle: everything that can be asked without a key.
//!
//! That all of it holds means: nothing was changed since the bundle was signed. It does **not** say who signed:
//! the keys lie in the bundle itself, made for it alone. Who stands behind it is sealed inside.

use std::fs::File;
use std::io;
use std::path::Path;

use super::report::{Question, Report, ValueName};
use crate::bundle::parts::Split;
use crate::bundle::{BundleError, Check, Envelope};

/// Audits the bundle in this file. An `Err` is about the file: it could not be read.
pub fn bundle(path: &Path) -> io::Result<Report> {
    let mut file = File::open(path)?;
    let mut report = Report::default();
    let envelope = match Envelope::read(&mut file, Split::default()) {
        Err(BundleError::Io(error)) => return Err(error),
        read => report.ask(Question::BundleLayout, read),
    };
    let Some(envelope) = envelope else {
        Check::ALL.into_iter().for_each(|check| report.not_asked(question(check)));
        return Ok(report);
    };
    for check in Check::ALL {
        report.ask(question(check), envelope.check(check));
    }
    report.value(ValueName::Bundle, envelope.id());
    if let Ok(signer) = envelope.signer() {
        report.value(ValueName::Signer, signer.keys.fingerprint());
    }
    Ok(report)
}

fn question(check: Check) -> Question {
    match check {
        Check::Declaration => Question::BundleDeclaration,
        Check::Keys => Question::BundleKeys,
        Check::Manifest => Question::BundleManifest,
        Check::Sealed => Question::BundleSealed,
        Check::TagManifest => Question::BundleTagManifest,
        Check::Signature => Question::BundleSignature,
        Check::PqSignature => Question::BundlePqSignature,
    }
}
