//! The index of a vault as it lies there, opened with the passphrase and past the library.

// Each test binary takes what it needs of this.
#![allow(dead_code)]

use std::fs;
use std::path::{Path, PathBuf};

use sanduq::crypto::{EpochBlock, Passphrase, Slots, hex};
use sanduq::vault::Vault;

/// Kind, key and value of each.
pub type Rows = Vec<(String, Vec<u8>, Vec<u8>)>;

/// Where the index of the one part of a vault lies, and its key in hexadecimal.
pub fn place(root: &Path, passphrase: &Passphrase) -> (PathBuf, String) {
    let part = Vault::parts(root).unwrap()[0];
    let dir = root.join(part.to_string());
    let slots = Slots::from_bytes(&fs::read(dir.join("slots")).unwrap()).unwrap();
    let master = slots.unlock(&part, passphrase).unwrap();
    let epochs = ["epoch.a", "epoch.b"].map(|name| {
        EpochBlock::from_bytes(&fs::read(dir.join(name)).unwrap()).unwrap().open(&master, &part).unwrap()
    });
    let (_, key) = epochs.into_iter().max_by_key(|(number, _)| *number).unwrap();
    (dir.join("index"), hex::encode(key.expose().expose()))
}

/// Every row, and what can be searched.
pub fn rows(root: &Path, passphrase: &Passphrase) -> Rows {
    let (path, key) = place(root, passphrase);
    let index = rusqlite::Connection::open(path).unwrap();
    index.execute_batch(&format!("PRAGMA key = \"x'{key}'\";")).unwrap();
    let mut rows = Rows::new();
    for query in [
        "SELECT kind, key, value FROM rows ORDER BY kind, key",
        "SELECT 'search', x'', CAST(text AS BLOB) FROM search",
    ] {
        let mut statement = index.prepare(query).unwrap();
        let found = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap();
        rows.extend(found.map(Result::unwrap));
    }
    rows
}
