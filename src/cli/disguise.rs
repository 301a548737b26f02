//! Disguise on the command line: the carrier key that was handed over, read from its file.

use crate::cli::context::told;
use crate::crypto::carrier::CARRIER_KEY_LEN;
use crate::crypto::{CarrierKey, Secret};
use crate::ui::{Kind, Trouble, m};
use crate::vault::VaultError;
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// Reads the key for what goes into `dir`. One that lies in there would go with what it disguises, to whoever finds it.
pub fn key(path: &Path, dir: &Path) -> Result<CarrierKey, Trouble> {
    let mut text = Secret::new(Vec::with_capacity(CARRIER_KEY_LEN + 1));
    let read = File::open(path)
        .and_then(|file| file.take(CARRIER_KEY_LEN as u64 + 1).read_to_end(text.expose_mut()));
    read.map_err(|source| told(VaultError::Read { path: path.to_path_buf(), source }))?;
    let wrong = |_| {
        Trouble::new(Kind::Refused, m::ERR_NOT_A_CARRIER_KEY)
            .value(path.display())
            .safe(m::SAFE_VAULT)
            .hint(m::HINT_NOT_A_CARRIER_KEY)
    };
    let key = CarrierKey::from_text(text.expose()).map_err(wrong)?;
    let real = |path: &Path| path.canonicalize().ok();
    if real(path).zip(real(dir)).is_some_and(|(path, dir)| path.starts_with(dir)) {
        return Err(Trouble::new(Kind::Declined, m::ERR_CARRIER_KEY_THERE)
            .value(path.display())
            .safe(m::SAFE_VAULT)
            .hint(m::HINT_CARRIER_KEY_THERE));
    }
    Ok(key)
}
