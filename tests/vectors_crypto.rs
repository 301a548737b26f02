//! Foreign test vectors against the primitives, as we use them: Google's and C2SP's Wycheproof, and the written policy
//! for Ed25519 keys.
//!
//! The policy: a public key of small order or in a non-canonical encoding is refused where it is read, in every type
//! of key that is read. Verification is ring's: cofactorless, and `S` must be below the group order.

use ring::aead::{self, Aad, LessSafeKey, Nonce, UnboundKey};
use sanduq::crypto::{
    Algorithm, LogVerifyingKey, PublicPair, SignError, Signature, SigningKey, VerifyingKey, domain, hmac,
    ssh_wire, weak,
};
use wycheproof::TestResult;

/// Every vector of the set was tried, and gave what the set says.
#[track_caller]
fn told(name: &str, count: usize, whole: usize) {
    assert_eq!(count, whole);
    println!("MEASURED F3 Wycheproof {name}: {count} vectors, each as it says");
}

#[test]
fn ed25519_verification() {
    let set = wycheproof::eddsa::TestSet::load(wycheproof::eddsa::TestName::Ed25519).unwrap();
    let mut count = 0;
    for group in set.test_groups {
        let key = LogVerifyingKey::from_bytes(group.key.pk[..].try_into().unwrap());
        for test in group.tests {
            let good = key.as_ref().is_ok_and(|key| key.verify_note_text(&test.msg, &test.sig));
            assert_eq!(good, test.result == TestResult::Valid, "{}: {}", test.tc_id, test.comment);
            count += 1;
        }
    }
    told("Ed25519", count, 151);
}

#[test]
fn x25519_agreement() {
    let set = wycheproof::xdh::TestSet::load(wycheproof::xdh::TestName::X25519).unwrap();
    let mut count = 0;
    for test in set.test_groups.into_iter().flat_map(|group| group.tests) {
        let Ok(public) = <[u8; 32]>::try_from(&test.public_key[..]) else {
            assert_eq!(test.result, TestResult::Invalid);
            continue;
        };
        let private: [u8; 32] = test.private_key[..].try_into().unwrap();
        let shared = x25519_dalek::StaticSecret::from(private).diffie_hellman(&public.into());
        assert_eq!(shared.as_bytes()[..], test.shared_secret[..], "{}", test.tc_id);
        assert_eq!(shared.was_contributory(), test.shared_secret[..] != [0; 32], "{}", test.tc_id);
        count += 1;
    }
    told("X25519", count, 518);
}

#[test]
fn hkdf_sha256() {
    struct Len(usize);
    impl ring::hkdf::KeyType for Len {
        fn len(&self) -> usize {
            self.0
        }
    }
    let set = wycheproof::hkdf::TestSet::load(wycheproof::hkdf::TestName::HkdfSha256).unwrap();
    let mut count = 0;
    for test in set.test_groups.into_iter().flat_map(|group| group.tests) {
        let key = ring::hkdf::Salt::new(ring::hkdf::HKDF_SHA256, &test.salt).extract(&test.ikm);
        let info = [&test.info[..]];
        let okm = key.expand(&info, Len(test.size)).map(|okm| {
            let mut bytes = vec![0; test.size];
            okm.fill(&mut bytes).unwrap();
            bytes
        });
        assert_eq!(okm.is_ok(), test.result == TestResult::Valid, "{}", test.tc_id);
        if let Ok(okm) = okm {
            assert_eq!(okm, test.okm[..], "{}", test.tc_id);
        }
        count += 1;
    }
    told("HKDF-SHA-256", count, 86);
}

#[test]
fn hmac_sha256() {
    let set = wycheproof::mac::TestSet::load(wycheproof::mac::TestName::HmacSha256).unwrap();
    let mut count = 0;
    for group in set.test_groups {
        for test in group.tests {
            let tag = hmac(&test.key, &test.msg);
            let same = tag.as_bytes()[..group.tag_size / 8] == test.tag[..];
            assert_eq!(same, test.result == TestResult::Valid, "{}: {}", test.tc_id, test.comment);
            count += 1;
        }
    }
    told("HMAC-SHA-256", count, 174);
}

/// How many vectors have keys and nonces of the only sizes that we use; the others ring refuses by their types.
fn aead(name: wycheproof::aead::TestName, algorithm: &'static aead::Algorithm) -> usize {
    let set = wycheproof::aead::TestSet::load(name).unwrap();
    let mut count = 0;
    for group in set.test_groups {
        if group.key_size != 256 || group.nonce_size != 96 {
            continue;
        }
        for test in group.tests {
            let key = LessSafeKey::new(UnboundKey::new(algorithm, &test.key).unwrap());
            let nonce = || Nonce::try_assume_unique_for_key(&test.nonce).unwrap();
            let mut sealed = [&test.ct[..], &test.tag[..]].concat();
            let opened =
                key.open_in_place(nonce(), Aad::from(&test.aad[..]), &mut sealed).map(|plain| plain.to_vec());
            assert_eq!(opened.is_ok(), test.result == TestResult::Valid, "{}: {}", test.tc_id, test.comment);
            if let Ok(opened) = opened {
                assert_eq!(opened, test.pt[..]);
                let mut again = opened;
                key.seal_in_place_append_tag(nonce(), Aad::from(&test.aad[..]), &mut again).unwrap();
                assert_eq!(again, [&test.ct[..], &test.tag[..]].concat());
            }
            count += 1;
        }
    }
    count
}

#[test]
fn chacha20_poly1305() {
    told(
        "ChaCha20-Poly1305",
        aead(wycheproof::aead::TestName::ChaCha20Poly1305, &aead::CHACHA20_POLY1305),
        316,
    );
}

#[test]
fn aes_256_gcm() {
    told("AES-256-GCM", aead(wycheproof::aead::TestName::AesGcm, &aead::AES_256_GCM), 66);
}

#[test]
fn ml_dsa_44_verification() {
    use wycheproof::mldsa_verify::{TestName, TestSet};
    let mut count = 0;
    for group in TestSet::load(TestName::MlDsa44Verify).unwrap().test_groups {
        let key = group.pubkey[..].try_into().map(ml_dsa::VerifyingKey::<ml_dsa::MlDsa44>::decode);
        for test in group.tests {
            let signature = ml_dsa::Signature::try_from(&test.sig[..]);
            let context = test.ctx.as_ref().map_or(&[][..], |context| &context[..]);
            let good = key.as_ref().is_ok_and(|key| {
                signature.is_ok_and(|signature| key.verify_with_context(&test.msg, context, &signature))
            });
            assert_eq!(good, test.result == TestResult::Valid, "{}: {}", test.tc_id, test.comment);
            count += 1;
        }
    }
    told("ML-DSA-44", count, 180);
}

#[test]
fn ml_kem_768_decapsulation() {
    use ml_kem::kem::Decapsulate;
    use ml_kem::{B32, KemCore, MlKem768};
    use wycheproof::mlkem::{TestName, TestSet};
    let mut count = 0;
    for test in
        TestSet::load(TestName::MlKem768).unwrap().test_groups.into_iter().flat_map(|group| group.tests)
    {
        let (seed, ciphertext) = (test.seed.unwrap(), test.ct.unwrap());
        // Other lengths our types cannot hold.
        let (Ok(seed), Ok(ciphertext)) = (<[u8; 64]>::try_from(&seed[..]), ciphertext[..].try_into()) else {
            assert_eq!(test.result, TestResult::Invalid);
            continue;
        };
        let half = |bytes: &[u8]| B32::try_from(bytes).unwrap();
        let (key, _) = MlKem768::generate_deterministic(&half(&seed[..32]), &half(&seed[32..]));
        let shared = key.decapsulate(&ciphertext).unwrap();
        let same = shared[..] == test.shared_secret.unwrap()[..];
        assert_eq!(same, test.result == TestResult::Valid, "{}: {}", test.tc_id, test.comment);
        count += 1;
    }
    told("ML-KEM-768", count, 161);
}

fn small_order() -> impl Iterator<Item = [u8; 32]> {
    weak::SMALL_ORDER.into_iter().map(|key| sanduq::crypto::hex::decode(key).unwrap())
}

/// y = p + 2 … 2^255 − 1, with and without the sign bit: none of them canonical.
fn not_canonical() -> impl Iterator<Item = [u8; 32]> {
    (0xed..=0xff).flat_map(|lowest| {
        [0x7f, 0xff].map(|highest| {
            let mut key = [0xff; 32];
            (key[0], key[31]) = (lowest, highest);
            key
        })
    })
}

#[test]
fn weak_keys_are_refused_wherever_a_key_is_read() {
    assert_eq!(small_order().count(), 14);
    let good = SigningKey::generate(Algorithm::MlDsa44Ed25519).verifying_key();
    for key in small_order().chain(not_canonical()) {
        assert_eq!(LogVerifyingKey::from_bytes(key), Err(SignError::WeakKey));
        assert_eq!(VerifyingKey::from_bytes(Algorithm::Ed25519, &key), Err(SignError::WeakKey));
        let mut blob = Vec::new();
        ssh_wire::put_string(&mut blob, b"ssh-ed25519");
        ssh_wire::put_string(&mut blob, &key);
        assert_eq!(VerifyingKey::from_blob(&blob), Err(SignError::WeakKey));
        let line = format!("ssh-ed25519 {}", base64(&blob));
        assert_eq!(VerifyingKey::from_line(&line), Err(SignError::WeakKey));

        let mut composite = good.as_bytes().to_vec();
        composite[1312..].copy_from_slice(&key);
        let refused = VerifyingKey::from_bytes(Algorithm::MlDsa44Ed25519, &composite);
        assert_eq!(refused, Err(SignError::WeakKey));
    }
    let count = small_order().chain(not_canonical()).count();
    println!("MEASURED F4 weak keys: {count} encodings, each refused in five ways of reading a key");
}

/// The written policy for a key that is a good point plus a small one: it is read, for nobody signs with it who has not
/// the good point's key; and a signature holds only as it does without a cofactor, when the small part falls out.
#[test]
fn a_key_of_mixed_order_is_read_and_verified_without_a_cofactor() {
    use curve25519_dalek::constants::{ED25519_BASEPOINT_POINT, EIGHT_TORSION};
    use curve25519_dalek::scalar::Scalar;
    let (secret, nonce) = (Scalar::from(7_u64), Scalar::from(11_u64));
    let commitment = (ED25519_BASEPOINT_POINT * nonce).compress().to_bytes();
    for (order, torsion) in [(8, EIGHT_TORSION[1]), (4, EIGHT_TORSION[2]), (2, EIGHT_TORSION[4])] {
        let mixed = (ED25519_BASEPOINT_POINT * secret + torsion).compress().to_bytes();
        let key = LogVerifyingKey::from_bytes(mixed).expect("no weak key");
        let mut held = 0;
        for number in 0..64_u8 {
            let message = [b'm', number];
            let mut hash = ring::digest::Context::new(&ring::digest::SHA512);
            [&commitment[..], &mixed, &message].iter().for_each(|part| hash.update(part));
            let hash: [u8; 64] = hash.finish().as_ref().try_into().unwrap();
            let challenge = Scalar::from_bytes_mod_order_wide(&hash);
            let signature = [commitment, (nonce + challenge * secret).to_bytes()].concat();
            let falls_out = challenge.as_bytes()[0].is_multiple_of(order);
            assert_eq!(
                key.verify_note_text(&message, &signature),
                falls_out,
                "order {order}, message {number}"
            );
            held += u32::from(falls_out);
        }
        assert!((1..64).contains(&held), "order {order}: {held}");
    }
}

#[test]
fn what_ring_alone_would_take() {
    // The identity point "signs" every message with R = identity and S = 0: this is why weak keys are refused.
    let mut identity = [0; 32];
    identity[0] = 1;
    let mut signature = [0; 64];
    signature[0] = 1;
    let key = ring::signature::UnparsedPublicKey::new(&ring::signature::ED25519, identity);
    assert!(key.verify(b"anything", &signature).is_ok());
    assert!(weak::is_weak(&identity));
}

#[test]
fn a_composite_signature_made_elsewhere() {
    let text = std::fs::read_to_string("tests/vectors/composite.json").unwrap();
    let vector: serde_json::Value = serde_json::from_str(&text).unwrap();
    let field = |name: &str| vector[name].as_str().unwrap();
    let key = VerifyingKey::from_line(field("key")).unwrap();
    let bytes = base64::Engine::decode(&base64::prelude::BASE64_STANDARD, field("signature")).unwrap();
    let message = field("message").as_bytes();
    let signature =
        |bytes| Signature::<domain::Bundle>::from_bytes(Algorithm::MlDsa44Ed25519, bytes).unwrap();
    key.verify(message, &signature(bytes.clone())).unwrap();

    let bad = Err(SignError::BadSignature { algorithm: Algorithm::MlDsa44Ed25519, role: "sanduq-bundle" });
    assert_eq!(key.verify(b"another message", &signature(bytes.clone())), bad);
    // Both halves count, wherever they are changed.
    for place in [0, 1000, 2419, 2420, 2450, 2483] {
        let mut changed = bytes.clone();
        changed[place] ^= 1;
        assert_eq!(key.verify(message, &signature(changed)), bad, "byte {place}");
    }
}

#[test]
fn the_halves_of_a_composite_do_not_stand_alone() {
    let key = SigningKey::generate(Algorithm::MlDsa44Ed25519);
    let half = VerifyingKey::from_bytes(Algorithm::Ed25519, &key.verifying_key().as_bytes()[1312..]).unwrap();
    let signature = key.sign::<domain::Bundle>(b"text");
    let stripped = Signature::from_bytes(Algorithm::Ed25519, signature.as_bytes()[2420..].to_vec()).unwrap();
    assert!(half.verify::<domain::Bundle>(b"text", &stripped).is_err());
    let log_key = LogVerifyingKey::from_bytes(half.as_bytes().try_into().unwrap()).unwrap();
    assert!(!log_key.verify_note_text(b"text", stripped.as_bytes()));
    // Nor does one pair's half pass for the other key of a pair.
    assert!(PublicPair::new(half.clone(), half).is_err());
}

fn base64(bytes: &[u8]) -> String {
    base64::Engine::encode(&base64::prelude::BASE64_STANDARD, bytes)
}
