//! Primitives, behind one door.
//!
//! Everything above this floor speaks of digests, keys, signatures and sealed streams, and never of the crates that
//! make them. What must hold: a secret is wiped when it is dropped and prints `[secret]`; a signature is valid in
//! one role only; a wrong key, a wrong passphrase and a changed ciphertext are one and the same error; whatever
//! comes from outside is bounded before any work is done on it.

mod aside;
pub mod aside_hasher;
#[cfg(feature = "shares")]
pub mod bytewords;
pub mod carrier;
pub mod checksum;
mod chunks;
pub mod compartment_id;
pub mod composite;
pub mod cosigner_key;
pub mod domain;
pub mod epoch;
pub mod hash;
pub mod hashing;
pub mod hex;
mod hpke;
pub mod hybrid;
pub mod kdf;
pub mod key_file;
pub mod key_pair;
pub mod keyslot;
pub mod log_key;
pub mod memory;
pub mod random;
pub mod read_ahead;
pub mod record;
pub mod seal;
pub mod secret;
pub mod seed;
#[cfg(feature = "shares")]
pub mod share;
#[cfg(feature = "shares")]
pub mod share_pile;
pub mod sign;
pub mod ssh_wire;
pub mod stream;
pub mod verifying_key;
pub mod weak;
pub mod words;
mod wrap;
mod xwing;

pub use aside_hasher::AsideHasher;
pub use carrier::CarrierKey;
pub use cosigner_key::{CosignerKey, CosignerVerifyingKey};
pub use hash::{Digest, Hasher, Hmac, hmac};
pub use hashing::{HashingReader, HashingWriter};
pub use hybrid::{Identity, Recipient};
pub use key_file::KeyFile;
pub use key_pair::{KeyPair, PublicPair, SignaturePair};
pub use keyslot::{CompartmentId, EpochBlock, IndexKey, KdfParams, KeyslotError, MasterKey, Slots};
pub use log_key::{LogSigningKey, LogVerifyingKey};
pub use memory::harden_process;
pub use seal::SealError;
pub use secret::{Passphrase, Secret, SecretBytes, scrub_stack};
pub use seed::Seed;
pub use sign::{Algorithm, Domain, SignError, Signature, SigningKey, VerifyingKey};
pub use stream::FileKey;
