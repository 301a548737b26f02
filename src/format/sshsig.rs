//! The SSHSIG envelope: a signature with its key and its role, as `ssh-keygen -Y sign` writes it and
//! `ssh-keygen -Y verify` reads it.
//!
//! ```text
//! -----BEGIN SSH SIGNATURE-----
//! U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAgNO4PDeQkpXhGH9As9ifiq+lkVN
//! …
//! -----END SSH SIGNATURE-----
//! ```
//!
//! ```
//! use sanduq::crypto::{KeyPair, domain::Card};
//! use sanduq::format::sshsig;
//!
//! let keys = KeyPair::generate();
//! let [sig, pq_sig] = sshsig::encode_pair(&keys.public(), &keys.sign::<Card>(b"text"));
//! sshsig::verify_pair::<Card>(&keys.public(), b"text", &sig, &pq_sig)?;
//! # Ok::<(), sanduq::format::FormatError>(())
//! ```
//!
//! Inside the base64, in lines of 70 columns: `"SSHSIG"`, the version 1 in four bytes, and the strings public key,
//! namespace, nothing, `sha512`, signature (OpenSSH's PROTOCOL.sshsig). The key in an envelope says who claims to
//! have signed; **never** trust it before it was compared with a key from elsewhere.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use super::FormatError;
use crate::crypto::ssh_wire::{put_string, take_string, two_strings};
use crate::crypto::{Algorithm, Domain, PublicPair, Signature, SignaturePair, VerifyingKey};

/// The first line of an envelope.
pub const BEGIN: &str = "-----BEGIN SSH SIGNATURE-----\n";
/// The last line of an envelope.
pub const END: &str = "-----END SSH SIGNATURE-----\n";

/// The longest envelope: a composite one takes about 5.5 kB.
pub const ENVELOPE_BYTES_MAX: usize = 8 << 10;

const FORMAT: &str = "SSHSIG";
const COLUMNS: usize = 70;
const PREAMBLE: &[u8] = b"SSHSIG\0\0\0\x01";

/// The envelope of a signature that `key` made.
#[must_use]
pub fn encode<D: Domain>(key: &VerifyingKey, signature: &Signature<D>) -> String {
    let mut signed = Vec::new();
    put_string(&mut signed, signature.algorithm().name().as_bytes());
    put_string(&mut signed, signature.as_bytes());
    let mut blob = PREAMBLE.to_vec();
    for part in [&key.to_blob(), D::NAMESPACE.as_bytes(), b"", b"sha512", &signed] {
        put_string(&mut blob, part);
    }
    armor(&blob)
}

/// The key and the signature in an envelope of the role `D`, **not** verified.
pub fn parse<D: Domain>(envelope: impl AsRef<[u8]>) -> Result<(VerifyingKey, Signature<D>), FormatError> {
    let text = envelope.as_ref();
    let blob = dearmor(text).ok_or(malformed("an armored signature"))?;
    let (key, namespace, signature) = split(&blob).ok_or(malformed("an SSH signature, version 1"))?;
    if namespace != D::NAMESPACE.as_bytes() {
        return Err(malformed(D::NAMESPACE));
    }
    let key = VerifyingKey::from_blob(key)?;
    let signature = signature_of(signature).ok_or(malformed("a signature of a known algorithm"))?;
    if key.algorithm() != signature.algorithm() || encode(&key, &signature).as_bytes() != text {
        return Err(malformed("an SSH signature as ssh-keygen spells it"));
    }
    Ok((key, signature))
}

/// The two envelopes of a pair of signatures, Ed25519's first.
#[must_use]
pub fn encode_pair<D: Domain>(keys: &PublicPair, signatures: &SignaturePair<D>) -> [String; 2] {
    [encode(keys.ed25519(), &signatures.ed25519), encode(keys.composite(), &signatures.composite)]
}

/// The two envelopes in a text that is nothing else, Ed25519's first; their signatures are **not** checked.
pub fn parse_pair<D: Domain>(text: &str) -> Result<[String; 2], FormatError> {
    let wrong = || FormatError::spelling(FORMAT, "the signatures of an Ed25519 and of a composite key");
    let envelopes: Vec<&str> = text.split_inclusive(END).collect();
    let [signature, pq_signature] = envelopes[..] else { return Err(wrong()) };
    for (envelope, algorithm) in [(signature, Algorithm::Ed25519), (pq_signature, Algorithm::MlDsa44Ed25519)]
    {
        if parse::<D>(envelope)?.0.algorithm() != algorithm {
            return Err(wrong());
        }
    }
    Ok([signature.to_owned(), pq_signature.to_owned()])
}

/// Checks that the two envelopes hold signatures of `keys` over `message`, one by each key.
pub fn verify_pair<D: Domain>(
    keys: &PublicPair,
    message: &[u8],
    envelope: impl AsRef<[u8]>,
    pq_envelope: impl AsRef<[u8]>,
) -> Result<(), FormatError> {
    let (ed25519_key, ed25519) = parse::<D>(envelope)?;
    let (composite_key, composite) = parse::<D>(pq_envelope)?;
    if (&ed25519_key, &composite_key) != (keys.ed25519(), keys.composite()) {
        return Err(malformed("signatures by the two keys named"));
    }
    Ok(keys.verify(message, &SignaturePair { ed25519, composite })?)
}

fn malformed(expected: &'static str) -> FormatError {
    FormatError::spelling(FORMAT, expected)
}

fn armor(blob: &[u8]) -> String {
    let base64 = BASE64_STANDARD.encode(blob);
    let mut text = BEGIN.to_owned();
    for start in (0..base64.len()).step_by(COLUMNS) {
        text.push_str(&base64[start..base64.len().min(start + COLUMNS)]);
        text.push('\n');
    }
    text + END
}

fn dearmor(text: &[u8]) -> Option<Vec<u8>> {
    if text.len() > ENVELOPE_BYTES_MAX {
        return None;
    }
    let lines = text.strip_prefix(BEGIN.as_bytes())?.strip_suffix(END.as_bytes())?;
    let base64: Vec<u8> = lines.iter().copied().filter(|byte| *byte != b'\n').collect();
    BASE64_STANDARD.decode(base64).ok()
}

/// Public key, namespace and signature; what stands between them is compared when all is printed again.
fn split(blob: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let mut rest = blob.strip_prefix(PREAMBLE)?;
    let key = take_string(&mut rest)?;
    let namespace = take_string(&mut rest)?;
    let _reserved = take_string(&mut rest)?;
    let _hash = take_string(&mut rest)?;
    let signature = take_string(&mut rest)?;
    Some((key, namespace, signature))
}

fn signature_of<D: Domain>(blob: &[u8]) -> Option<Signature<D>> {
    let (name, bytes) = two_strings(blob)?;
    let algorithm = Algorithm::named(std::str::from_utf8(name).ok()?)?;
    Signature::from_bytes(algorithm, bytes.to_vec()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::domain::{Bundle, Card};
    use crate::crypto::{KeyPair, Secret, SigningKey};

    fn keys() -> KeyPair {
        KeyPair::from_seeds(&Secret::new([1; 32]), &Secret::new([2; 32]))
    }

    #[test]
    fn both_kinds_are_read_back() {
        let keys = keys();
        let signatures = keys.sign::<Bundle>(b"text");
        let [sig, pq_sig] = encode_pair(&keys.public(), &signatures);
        assert_eq!(parse::<Bundle>(&sig).unwrap(), (keys.public().ed25519().clone(), signatures.ed25519));
        assert_eq!(
            parse::<Bundle>(&pq_sig).unwrap(),
            (keys.public().composite().clone(), signatures.composite)
        );
        assert!(sig.lines().all(|line| line.len() <= 70) && pq_sig.len() < ENVELOPE_BYTES_MAX);
        verify_pair::<Bundle>(&keys.public(), b"text", &sig, &pq_sig).unwrap();
    }

    #[test]
    fn another_role_message_or_key_is_refused() {
        let keys = keys();
        let public = keys.public();
        let [sig, pq_sig] = encode_pair(&public, &keys.sign::<Bundle>(b"text"));
        assert!(parse::<Card>(&sig).is_err());
        assert!(verify_pair::<Bundle>(&public, b"tex", &sig, &pq_sig).is_err());
        assert!(verify_pair::<Bundle>(&public, b"text", &pq_sig, &sig).is_err());
        assert!(verify_pair::<Bundle>(&public, b"text", &sig, &sig).is_err());
        let other = KeyPair::generate();
        assert!(verify_pair::<Bundle>(&other.public(), b"text", &sig, &pq_sig).is_err());
        let [stranger, _] = encode_pair(&other.public(), &other.sign::<Bundle>(b"text"));
        assert!(verify_pair::<Bundle>(&public, b"text", &stranger, &pq_sig).is_err());
    }

    #[test]
    fn every_changed_bit_is_noticed() {
        let keys = keys();
        let key = keys.public().ed25519().clone();
        let sig = encode(&key, &keys.sign::<Bundle>(b"text").ed25519);
        for bit in 0..sig.len() * 8 {
            let mut changed = sig.clone().into_bytes();
            changed[bit / 8] ^= 1 << (bit % 8);
            let accepted = parse::<Bundle>(&changed)
                .is_ok_and(|(signer, signature)| signer == key && signer.verify(b"text", &signature).is_ok());
            assert!(!accepted, "bit {bit}");
        }
    }

    #[test]
    fn other_spellings_are_refused() {
        let keys = keys();
        let sig = encode(keys.public().ed25519(), &keys.sign::<Bundle>(b"text").ed25519);
        for other in [
            String::new(),
            format!("{sig}\n"),
            format!("\n{sig}"),
            sig.trim_end().to_owned(),
            sig.replace('\n', "\r\n"),
            format!("{}\n{}{}", &sig[..99], &sig[99..100], &sig[101..]),
            format!("{}\n{END}", sig.strip_suffix(END).unwrap()),
            sig.replace("SSH SIGNATURE", "PGP SIGNATURE"),
            format!("{sig}{sig}"),
            format!("{BEGIN}{END}"),
        ] {
            assert_ne!(other, sig);
            assert!(parse::<Bundle>(&other).is_err(), "{other}");
        }
    }

    #[test]
    fn foreign_fields_are_refused() {
        let key = SigningKey::from_seed(Algorithm::Ed25519, &Secret::new([1; 32]));
        let signature = key.sign::<Bundle>(b"text");
        let mut inner = Vec::new();
        put_string(&mut inner, b"ssh-ed25519");
        put_string(&mut inner, signature.as_bytes());
        let envelope = |version: u8, reserved: &[u8], hash: &[u8], tail: &[u8]| {
            let mut blob = b"SSHSIG\0\0\0".to_vec();
            blob.push(version);
            let public = key.verifying_key().to_blob();
            for part in [&public, Bundle::NAMESPACE.as_bytes(), reserved, hash, &inner] {
                put_string(&mut blob, part);
            }
            armor(&[&blob, tail].concat())
        };
        assert!(parse::<Bundle>(envelope(1, b"", b"sha512", b"")).is_ok());
        assert!(parse::<Bundle>(envelope(2, b"", b"sha512", b"")).is_err());
        assert!(parse::<Bundle>(envelope(1, b"x", b"sha512", b"")).is_err());
        assert!(parse::<Bundle>(envelope(1, b"", b"sha256", b"")).is_err());
        assert!(parse::<Bundle>(envelope(1, b"", b"sha512", b"x")).is_err());
    }

    #[test]
    fn an_envelope_names_the_key_that_signed() {
        let (keys, other) = (keys(), KeyPair::generate().public());
        let signatures = keys.sign::<Bundle>(b"text");
        let [_, pq_sig] = encode_pair(&keys.public(), &signatures);
        let renamed = encode(other.ed25519(), &signatures.ed25519);
        assert!(parse::<Bundle>(&renamed).is_ok());
        assert!(verify_pair::<Bundle>(&keys.public(), b"text", &renamed, &pq_sig).is_err());
        let mixed = encode(other.ed25519(), &signatures.composite);
        assert!(parse::<Bundle>(&mixed).is_err());
    }

    #[test]
    fn a_weak_key_is_refused() {
        let key = keys().public().ed25519().clone();
        let sig = encode(&key, &keys().sign::<Bundle>(b"text").ed25519);
        let blob = dearmor(sig.as_bytes()).unwrap();
        let at = blob.windows(32).position(|window| window == key.as_bytes()).unwrap();
        let mut weak = blob;
        weak[at..at + 32].copy_from_slice(&[&[1], &[0; 31][..]].concat());
        assert!(matches!(parse::<Bundle>(armor(&weak)), Err(FormatError::Sign(_))));
    }
}
