//! age files: ours opened by Debian's age (through our plugin) and by npm's, theirs opened by us. The lengths are
//! those around a chunk of 64 KiB, where the ends of streams go wrong.

use crate::house::{House, Noise, text};
use crate::tools::{for_plugin, good, node, plugin, program, run, script};
use sanduq::crypto::hybrid::{Identity, Recipient};
use sanduq::crypto::seal::{open_bytes, seal_bytes};

const LENGTHS: &[usize] = &[0, 1, 65_535, 65_536, 65_537, 131_072, 300_001];
const PLAIN_BYTES_MAX: usize = 1 << 20;

fn plain(length: usize) -> Vec<u8> {
    Noise::new(length as u64).bytes(length)
}

fn opened(identity: &Identity, sealed: &[u8]) -> Vec<u8> {
    open_bytes(identity, sealed, PLAIN_BYTES_MAX).expect("sealed to this identity").expose().clone()
}

#[test]
fn npm_age_opens_what_we_seal() {
    let Some(node) = node("npm_age_opens_what_we_seal") else { return };
    let house = House::new("npm-opens");
    let identity = Identity::generate();
    let file = house.write("identity", identity.to_secret_string().expose());
    for &length in LENGTHS {
        let sealed = seal_bytes(&identity.to_recipient(), &plain(length));
        let found = good(&node, &[&script("age.mjs"), "open", text(&file)], &sealed);
        assert!(found == plain(length), "{length} bytes");
    }
    let other = house.write("other", Identity::generate().to_secret_string().expose());
    let sealed = seal_bytes(&identity.to_recipient(), b"not for you");
    assert!(!run(&node, &[&script("age.mjs"), "open", text(&other)], &sealed).status.success());
}

#[test]
fn we_open_what_npm_age_seals() {
    let Some(node) = node("we_open_what_npm_age_seals") else { return };
    let made = good(&node, &[&script("age.mjs"), "generate"], b"");
    let made = String::from_utf8(made).expect("keys are ASCII");
    let [identity, recipient] = [0, 1].map(|line| made.lines().nth(line).expect("two lines"));
    let identity: Identity = identity.parse().expect("an identity of npm's");
    assert_eq!(identity.to_recipient().to_string(), recipient, "both make one recipient of one identity");
    for &length in LENGTHS {
        let sealed = good(&node, &[&script("age.mjs"), "seal", recipient], &plain(length));
        assert!(opened(&identity, &sealed) == plain(length), "{length} bytes");
    }
}

#[test]
fn debian_age_opens_what_we_seal() {
    const NAME: &str = "debian_age_opens_what_we_seal";
    let (Some(age), Some(_)) = (program(NAME, "age"), plugin(NAME)) else { return };
    let house = House::new("debian-opens");
    let identity = Identity::generate();
    let file = house.write("identity", for_plugin(identity.to_secret_string().expose()));
    for &length in LENGTHS {
        let sealed = seal_bytes(&identity.to_recipient(), &plain(length));
        assert!(good(&age, &["-d", "-i", text(&file)], &sealed) == plain(length), "{length} bytes");
    }
    let other = house.write("other", for_plugin(Identity::generate().to_secret_string().expose()));
    let sealed = seal_bytes(&identity.to_recipient(), b"not for you");
    assert!(!run(&age, &["-d", "-i", text(&other)], &sealed).status.success());
}

#[test]
fn we_open_what_debian_age_seals() {
    const NAME: &str = "we_open_what_debian_age_seals";
    let (Some(age), Some(_)) = (program(NAME, "age"), plugin(NAME)) else { return };
    let identity = Identity::generate();
    let recipient: Recipient = identity.to_recipient();
    for &length in LENGTHS {
        let sealed = good(&age, &["-r", &recipient.to_string()], &plain(length));
        // Debian's age adds no stanza of its own, so the one-stanza rule holds for it too.
        assert!(opened(&identity, &sealed) == plain(length), "{length} bytes");
    }
}
