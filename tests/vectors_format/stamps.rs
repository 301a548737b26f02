//! Stamps: what openssl made, and the ways in which it could be wrong; and proofs of OpenTimestamps, step by step.

use sanduq::crypto::Digest;

use super::Vectors;

/// By openssl, over the text of `checkpoint/good-cosigned`.
const RESPONSE: &[u8] = include_bytes!("../vectors/timestamp/good-response-by-openssl");
const TOKEN: &[u8] = include_bytes!("../vectors/timestamp/good-token-by-openssl");
/// By openssl, over the same, without an authority.
const BARE: &[u8] = include_bytes!("../vectors/timestamp/good-bare-claim-by-openssl");

const TEXT: &[u8] = b"archive.example/log\n3\nhhyb028kZ0XvkX9e+9s6A73svgNGDAf1Ixz4SThOtpc=\n";

/// id-ct-TSTInfo.
const CLAIM: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x01, 0x04];
/// SHA-256.
const SHA256: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01];

pub fn timestamps() -> Vectors {
    let time = RESPONSE.windows(3).position(|window| window == b"\x18\x13\x32").expect("its time") + 2;
    let at = |offset: usize, byte: u8| {
        let mut bytes = RESPONSE.to_vec();
        bytes[offset] = byte;
        bytes
    };
    vec![
        ("bad-empty", Vec::new()),
        ("bad-cut", RESPONSE[..RESPONSE.len() - 1].to_vec()),
        ("bad-byte-behind", [RESPONSE, b"\0"].concat()),
        ("bad-status-refused", at(8, 2)),
        ("bad-length-spelled-longer", longer(RESPONSE)),
        ("bad-length-unknown", [&b"\x30\x80"[..], &RESPONSE[4..], b"\0\0"].concat()),
        ("bad-token-twice", inside(&[&b"\x30\x03\x02\x01\x00"[..], TOKEN, TOKEN].concat())),
        ("bad-no-token", inside(b"\x30\x03\x02\x01\x00")),
        ("bad-content-of-another-kind", at(place(CLAIM) + CLAIM.len() - 1, 5)),
        ("bad-sha-384-named", at(place(SHA256_NULL) + SHA256.len() - 1, 2)),
        ("bad-month-13", at(time + 4, b'9')),
        ("bad-time-with-a-zone", at(time + 18, b'+')),
        ("bad-fraction-ends-in-0", at(time + 17, b'0')),
        ("good-serial-of-160-bits", with_serial(&[&[0][..], &[0xa5; 20]].concat())),
        ("bad-serial-of-161-bits", with_serial(&[&[1][..], &[0xa5; 20]].concat())),
    ]
}

/// A bare claim of another serial number, and the lengths of all that it lies in.
fn with_serial(serial: &[u8]) -> Vec<u8> {
    let mut bytes = BARE.to_vec();
    for low in [3, 12, 27, 31, 53, 68, 70, 72] {
        bytes[low] += (serial.len() - 1) as u8;
    }
    let number = bytes.windows(5).position(|window| window == b"\x02\x01\x04\x18\x0f").expect("its number");
    let [.., len] = serial.len().to_be_bytes();
    bytes.splice(number..number + 3, [&[2, len][..], serial].concat());
    bytes
}

/// SHA-256 where the imprint names it, with the digest's length behind it.
const SHA256_NULL: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20];

fn place(of: &[u8]) -> usize {
    RESPONSE.windows(of.len()).position(|window| window == of).expect("it stands there")
}

/// The first length, which has two bytes, in three.
fn longer(bytes: &[u8]) -> Vec<u8> {
    assert_eq!(bytes[1], 0x82);
    [&[bytes[0], 0x83, 0][..], &bytes[2..]].concat()
}

/// A sequence with this in it.
fn inside(content: &[u8]) -> Vec<u8> {
    let [.., high, low] = content.len().to_be_bytes();
    let head = if content.len() < 0x80 { vec![0x30, low] } else { vec![0x30, 0x82, high, low] };
    [&head, content].concat()
}

const SHA: &[u8] = &[0x08];
const PENDING: &[u8] = b"\x00\x83\xdf\xe3\x0d\x2e\xf9\x0c\x8e\x19\x18https://calendar.example";
/// The block of the height 902,645.
const BLOCK: &[u8] = b"\x00\x05\x88\x96\x0d\x73\xd7\x19\x01\x03\xf5\x8b\x37";
const APPEND: &[u8] = b"\xf0\x04mine";

pub fn proofs() -> Vectors {
    let long = [&b"\xf0\x80\x20"[..], &[7; 4096]].concat();
    let deep: Vec<u8> = [b"\xff", APPEND].concat().repeat(300);
    vec![
        ("good-pending", proof(&[PENDING])),
        ("good-block", proof(&[APPEND, SHA, BLOCK])),
        ("good-promise-and-block", proof(&[APPEND, SHA, b"\xff", PENDING, b"\xf1\x02no", SHA, SHA, BLOCK])),
        ("good-attested-by-something-new", proof(&[b"\x00newkind.\x03new"])),
        ("bad-empty", Vec::new()),
        ("bad-nothing-attests", proof(&[APPEND, SHA])),
        ("bad-cut", proof(&[PENDING])[..90].to_vec()),
        ("bad-byte-behind", [proof(&[PENDING]), vec![0]].concat()),
        ("bad-version-2", replaced(&proof(&[PENDING]), 31, 2)),
        ("bad-digest-of-sha-1", replaced(&proof(&[PENDING]), 32, 2)),
        ("bad-step-sha-1", proof(&[b"\x02", BLOCK])),
        ("bad-step-ripemd-160", proof(&[b"\x03", BLOCK])),
        ("bad-step-reverse", proof(&[b"\xf2", BLOCK])),
        ("bad-step-unknown", proof(&[b"\x7f", BLOCK])),
        ("bad-append-nothing", proof(&[b"\xf0\x00", SHA, BLOCK])),
        ("bad-message-too-long", proof(&[&long, SHA, BLOCK])),
        ("bad-several-twice", proof(&[b"\xff\xff", PENDING, PENDING])),
        ("bad-several-and-one", proof(&[b"\xff", PENDING])),
        ("bad-too-many-ways", proof(&[&deep, PENDING])),
        ("bad-too-many-attestations", proof(&[&[b"\xff", PENDING].concat().repeat(64), PENDING])),
        ("bad-number-spelled-longer", proof(&[SHA, &BLOCK[..9], b"\x04\xf5\x8b\xb7\x00"])),
        ("bad-number-too-large", proof(&[SHA, &BLOCK[..9], b"\x0a", &[0xff; 9], b"\x01"])),
        ("bad-byte-behind-a-height", proof(&[SHA, &BLOCK[..9], b"\x04\xf5\x8b\x37\x00"])),
        ("bad-block-without-a-root", proof(&[APPEND, BLOCK])),
        ("bad-address-with-a-space", proof(&[&PENDING[..19], b" ", &PENDING[20..]])),
    ]
}

/// A proof over the text, with these steps.
fn proof(steps: &[&[u8]]) -> Vec<u8> {
    let head = b"\x00OpenTimestamps\x00\x00Proof\x00\xbf\x89\xe2\xe8\x84\xe8\x92\x94\x01\x08";
    [&head[..], Digest::of(TEXT).as_bytes(), &steps.concat()].concat()
}

fn replaced(bytes: &[u8], at: usize, byte: u8) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    bytes[at] = byte;
    bytes
}
