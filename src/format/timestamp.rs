//! A time-stamp token (RFC 3161): an authority says that it saw a digest, and when. What an authority answers is a
//! response; the token is in it, a CMS message (RFC 5652).
//!
//! ```text
//! TimeStampResp  status: granted
//!   ContentInfo  id-signedData
//!     SignedData
//!       TSTInfo        policy, imprint (SHA-256), serial, genTime, …
//!       certificates   skipped
//!       signerInfos    one; skipped
//! ```
//!
//! Read is what the authority **claims**. Its signature is **never** checked here: for that one needs the authority's
//! root certificate, and `openssl ts -verify` (docs/spec/time.md). Everything is DER, one spelling; what lies deeper than
//! the claim is passed over by its length.

use der::asn1::{AnyRef, ObjectIdentifier, UintRef};
use der::{Encode, Reader, SliceReader, Tag, TagNumber, Tagged};

use super::FormatError;
use super::time::Time;
use crate::crypto::Digest;
use crate::crypto::hex;

/// The longest response or token: those with a chain of certificates have a tenth of it.
pub const RESPONSE_BYTES_MAX: usize = 64 << 10;

/// The longest token: with it a response is as long as one may be.
const TOKEN_BYTES_MAX: usize = RESPONSE_BYTES_MAX - 16;

/// The longest serial number, as RFC 3161 has it: 160 bits. The zero that makes it positive does not count.
const SERIAL_BYTES_MAX: usize = 20;

/// The longest name of an authority that is shown.
const AUTHORITY_BYTES_MAX: usize = 1024;

/// Elements in one that is read.
const PARTS_MAX: usize = 64;

const FORMAT: &str = "time-stamp response";

const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
const TST_INFO: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.1.4");
const SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");

/// What stands before a granted token.
const GRANTED: [u8; 5] = [0x30, 0x03, 0x02, 0x01, 0x00];

/// The short names of the usual parts of a name (RFC 4514).
const NAME_PARTS: [(&str, &str); 6] = [
    ("2.5.4.3", "CN"),
    ("2.5.4.6", "C"),
    ("2.5.4.7", "L"),
    ("2.5.4.8", "ST"),
    ("2.5.4.10", "O"),
    ("2.5.4.11", "OU"),
];

/// What an authority claims, and the token that says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// The digest that it saw.
    pub imprint: Digest,
    /// When it saw it; fractions of a second are left out.
    pub time: Time,
    /// The number of the token, in hexadecimal.
    pub serial: String,
    /// Whose token it is, if it says so in a way that can be shown. It is foreign text.
    pub authority: Option<String>,
    bytes: Vec<u8>,
}

impl Token {
    /// Reads a response that grants a token. Nothing is verified.
    pub fn parse_response(bytes: &[u8]) -> Result<Token, FormatError> {
        check_len(bytes, RESPONSE_BYTES_MAX)?;
        let parts = only(bytes, Tag::Sequence).and_then(parts).ok_or(wrong("DER, a status and a token"))?;
        let (status, token) = parts.split_first().ok_or(wrong("a status"))?;
        // Granted, and granted with modifications, which then stand in the token. What else it says of it is for people
        // whose request was refused.
        match inside(*status, Tag::Sequence).and_then(|status| integer(*status.first()?)) {
            Some([0 | 1]) => {}
            _ => return Err(wrong("the status granted")),
        }
        let [token] = token else { return Err(wrong("one token")) };
        Token::parse(&token.to_der().map_err(|_| wrong("a token"))?)
    }

    /// Reads a token alone. Nothing is verified.
    pub fn parse(bytes: &[u8]) -> Result<Token, FormatError> {
        check_len(bytes, TOKEN_BYTES_MAX)?;
        let claim = only(bytes, Tag::Sequence).and_then(signed).and_then(claim);
        let claim = claim.ok_or(wrong("a token in DER, by one signer"))?;
        let claim = parts(claim).ok_or(wrong("a claim in DER"))?;
        let [version, _policy, imprint, serial, time, rest @ ..] = &claim[..] else {
            return Err(wrong("a claim with an imprint, a serial number and a time"));
        };
        // Accuracy, ordering, nonce, the authority, extensions.
        let kinds = [Tag::Sequence, Tag::Boolean, Tag::Integer, context(0), context(1)];
        if integer(*version) != Some(&[1]) || !in_order(rest, &kinds) {
            return Err(wrong("a claim of version 1"));
        }
        Ok(Token {
            imprint: sha256(*imprint).ok_or(wrong("an imprint of SHA-256"))?,
            time: spelled_time(*time).ok_or(wrong("a time in its one spelling"))?,
            serial: integer(*serial)
                .filter(|serial| serial.len() <= SERIAL_BYTES_MAX)
                .map(hex::encode)
                .ok_or(wrong("a serial number of at most 160 bits"))?,
            authority: rest.iter().find(|part| part.tag() == context(0)).and_then(|name| shown(name.value())),
            bytes: bytes.to_vec(),
        })
    }

    /// The token as it came.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The response that grants this token and says nothing else: the one spelling in which tokens are kept.
    #[must_use]
    pub fn response(&self) -> Vec<u8> {
        let content = [&GRANTED[..], &self.bytes].concat();
        let response = AnyRef::new(Tag::Sequence, &content).and_then(|response| response.to_der());
        response.expect("a token is far shorter than what DER can have")
    }
}

fn wrong(expected: &'static str) -> FormatError {
    FormatError::spelling(FORMAT, expected)
}

fn check_len(bytes: &[u8], limit: usize) -> Result<(), FormatError> {
    if bytes.len() <= limit {
        return Ok(());
    }
    Err(FormatError::TooLarge { format: FORMAT, limit: limit as u64, unit: "bytes" })
}

/// What is in the one element that these bytes are, if it is of this kind.
fn only(bytes: &[u8], tag: Tag) -> Option<&[u8]> {
    match parts(bytes)?[..] {
        [part] if part.tag() == tag => Some(part.value()),
        _ => None,
    }
}

/// The elements that these bytes are, one after another.
fn parts(bytes: &[u8]) -> Option<Vec<AnyRef<'_>>> {
    let mut reader = SliceReader::new(bytes).ok()?;
    let mut parts = Vec::new();
    while !reader.is_finished() && parts.len() < PARTS_MAX {
        parts.push(reader.decode().ok()?);
    }
    reader.is_finished().then_some(parts)
}

/// The elements in an element of this kind.
fn inside(part: AnyRef<'_>, tag: Tag) -> Option<Vec<AnyRef<'_>>> {
    if part.tag() == tag { parts(part.value()) } else { None }
}

fn context(number: u32) -> Tag {
    Tag::ContextSpecific { constructed: true, number: TagNumber(number) }
}

/// The bytes of a number that is not negative.
fn integer(part: AnyRef<'_>) -> Option<&[u8]> {
    part.decode_as::<UintRef<'_>>().ok().map(|number| number.as_bytes())
}

fn is(part: AnyRef<'_>, expected: ObjectIdentifier) -> bool {
    part.decode_as::<ObjectIdentifier>().is_ok_and(|found| found == expected)
}

/// The signed data in a content.
fn signed(content: &[u8]) -> Option<&[u8]> {
    match parts(content)?[..] {
        [kind, data] if is(kind, SIGNED_DATA) && data.tag() == context(0) => {
            only(data.value(), Tag::Sequence)
        }
        _ => None,
    }
}

/// The claim in signed data, which one signer signed.
fn claim(signed: &[u8]) -> Option<&[u8]> {
    let parts = parts(signed)?;
    let [version, algorithms, content, certificates @ .., signers] = &parts[..] else { return None };
    integer(*version)?;
    inside(*algorithms, Tag::Set)?;
    // And lists of certificates that were revoked.
    let apart = in_order(certificates, &[context(0), context(1)]);
    let one_signer = inside(*signers, Tag::Set)?.len() == 1;
    let [kind, claim] = inside(*content, Tag::Sequence)?[..] else { return None };
    if !apart || !one_signer || !is(kind, TST_INFO) || claim.tag() != context(0) {
        return None;
    }
    only(only(claim.value(), Tag::OctetString)?, Tag::Sequence)
}

/// Whether these elements are of these kinds, in this order, each of them once or left out.
fn in_order(parts: &[AnyRef<'_>], kinds: &[Tag]) -> bool {
    let mut kinds = kinds.iter();
    parts.iter().all(|part| kinds.any(|kind| *kind == part.tag()))
}

fn sha256(imprint: AnyRef<'_>) -> Option<Digest> {
    let [algorithm, digest] = inside(imprint, Tag::Sequence)?[..] else { return None };
    match inside(algorithm, Tag::Sequence)?[..] {
        [kind] if is(kind, SHA256) => {}
        [kind, none] if is(kind, SHA256) && none.is_null() => {}
        _ => return None,
    }
    let digest = (digest.tag() == Tag::OctetString).then(|| digest.value())?;
    digest.try_into().ok().map(Digest::from_bytes)
}

/// `YYYYMMDDhhmmssZ`, with a fraction that does not end in 0 before the `Z` if there is one.
fn spelled_time(part: AnyRef<'_>) -> Option<Time> {
    let text = (part.tag() == Tag::GeneralizedTime).then(|| std::str::from_utf8(part.value()).ok())??;
    let text = text.strip_suffix('Z')?;
    let digits = match text.split_once('.') {
        None => text,
        Some((digits, fraction)) => {
            let spelled =
                fraction.bytes().all(|digit| digit.is_ascii_digit()) && fraction.ends_with(|c| c != '0');
            spelled.then_some(digits)?
        }
    };
    if digits.len() != 14 || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let [year, month, day, hour, minute, second] =
        [0..4, 4..6, 6..8, 8..10, 10..12, 12..14].map(|range| &digits[range]);
    format!("{year}-{month}-{day}T{hour}:{minute}:{second}Z").parse().ok()
}

/// A name as people read it, `CN=…, O=…`, or an address; nothing where it is spelled in another way.
fn shown(name: &[u8]) -> Option<String> {
    let [name] = parts(name)?[..] else { return None };
    let shown = match name.tag() {
        // The name of a directory.
        tag if tag == context(4) => {
            let sets = parts(only(name.value(), Tag::Sequence)?)?;
            let sets = sets.into_iter().map(|set| inside(set, Tag::Set)).collect::<Option<Vec<_>>>()?;
            let named = sets.into_iter().flatten().map(name_part).collect::<Option<Vec<_>>>()?;
            named.join(", ")
        }
        // Addresses: of mail, of a host, of a page.
        Tag::ContextSpecific { constructed: false, number: TagNumber(1 | 2 | 6) } => text(name.value())?,
        _ => return None,
    };
    (1..=AUTHORITY_BYTES_MAX).contains(&shown.len()).then_some(shown)
}

fn name_part(part: AnyRef<'_>) -> Option<String> {
    let [kind, value] = inside(part, Tag::Sequence)?[..] else { return None };
    let kind = kind.decode_as::<ObjectIdentifier>().ok()?.to_string();
    let kind = NAME_PARTS.iter().find(|(number, _)| *number == kind).map_or(&*kind, |(_, short)| short);
    match value.tag() {
        Tag::Utf8String | Tag::PrintableString | Tag::Ia5String => {
            Some(format!("{kind}={}", text(value.value())?))
        }
        _ => None,
    }
}

fn text(bytes: &[u8]) -> Option<String> {
    std::str::from_utf8(bytes).ok().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By openssl.
    const RESPONSE: &[u8] = include_bytes!("../../tests/vectors/timestamp/good-response-by-openssl");

    #[test]
    fn what_openssl_answered_is_read() {
        let token = Token::parse_response(RESPONSE).unwrap();
        assert_eq!(
            token.imprint.to_string(),
            "d9449620b5afa25ad60b67e2ca9ae78fc79625bf79f79ce0f807e6e1b6f07660"
        );
        assert_eq!(token.time.to_string(), "2026-11-29T01:43:37Z");
        assert_eq!((&*token.serial, token.authority.as_deref()), ("02", Some("O=Invented, CN=Stamps")));
        assert_eq!(token.response(), RESPONSE);
        let bare = include_bytes!("../../tests/vectors/timestamp/good-bare-claim-by-openssl");
        assert_eq!(Token::parse_response(bare).unwrap().authority, None);
    }

    /// Whose claim it is has to be one authority's.
    #[test]
    fn a_token_has_one_signer() {
        let wrap = |tag, bytes: &[u8]| AnyRef::new(tag, bytes).unwrap().to_der().unwrap();
        let info = wrap(context(0), &wrap(Tag::OctetString, &wrap(Tag::Sequence, b"\x02\x01\x01")));
        let content = wrap(Tag::Sequence, &[TST_INFO.to_der().unwrap(), info].concat());
        let signed =
            |signers: &[u8]| [&b"\x02\x01\x03\x31\x00"[..], &content, &wrap(Tag::Set, signers)].concat();
        assert_eq!(claim(&signed(b"\x30\x00")), Some(&b"\x02\x01\x01"[..]));
        assert_eq!(claim(&signed(b"")), None);
        assert_eq!(claim(&signed(b"\x30\x00\x30\x00")), None);
    }

    /// What else a response says is for people, and is not kept.
    #[test]
    fn a_response_is_kept_in_one_spelling() {
        let token = Token::parse_response(RESPONSE).unwrap();
        let status = b"\x30\x0b\x02\x01\x01\x30\x06\x0c\x04fine";
        let content = [&status[..], token.as_bytes()].concat();
        let talkative = AnyRef::new(Tag::Sequence, &content).unwrap().to_der().unwrap();
        assert_eq!(Token::parse_response(&talkative).unwrap().response(), RESPONSE);
    }

    #[test]
    fn times_have_one_spelling() {
        let read = |text: &str| {
            let part = AnyRef::new(Tag::GeneralizedTime, text.as_bytes()).unwrap();
            spelled_time(part).map(|time| time.to_string())
        };
        for right in ["20261123184000Z", "20261123184000.5Z", "20261123184000.000001Z"] {
            assert_eq!(read(right).as_deref(), Some("2026-11-23T18:40:00Z"), "{right}");
        }
        for wrong in [
            "",
            "Z",
            "202611231840Z",
            "20261123184000",
            "20261123184000.Z",
            "20261123184000.50Z",
            "20261123184000,5Z",
            "20261123184000+0100",
            "20261123184060Z",
            "20261323184000Z",
            "2026112318400+Z",
            "19691231235959Z",
        ] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_name_is_shown_where_it_is_spelled_as_usual() {
        assert_eq!(shown(b"\x86\x0ahttp://a.b").as_deref(), Some("http://a.b"));
        let directory = |value: &[u8]| {
            let wrap = |tag, bytes: &[u8]| AnyRef::new(tag, bytes).unwrap().to_der().unwrap();
            let part = wrap(Tag::Sequence, &[b"\x06\x03\x55\x04\x03", value].concat());
            wrap(context(4), &wrap(Tag::Sequence, &wrap(Tag::Set, &part)))
        };
        assert_eq!(shown(&directory(b"\x0c\x02me")).as_deref(), Some("CN=me"));
        for strange in [&b"\x1e\x02\0m"[..], b"\x0c\x02\xff\xff", b"\x0c\x02m"] {
            assert_eq!(shown(&directory(strange)), None, "{strange:?}");
        }
        assert_eq!(shown(b""), None);
    }
}
