//! Readers of what a contributor says.

use sanduq::crypto::Digest;
use sanduq::evidence::consent::Consent;
use sanduq::evidence::layout::unit_name;
use sanduq::evidence::received::ReceivedItem;
use sanduq::evidence::search;
use sanduq::evidence::testimony::Testimony;
use sanduq::evidence::unit::Unit;
use sanduq::format::digest_list::DigestList;

/// Terms that a person wrote in a file: once read, they are written and read again as the same.
pub fn consent(bytes: &[u8]) -> bool {
    serde_json::from_slice::<Consent>(bytes).is_ok_and(|consent| {
        let written = serde_json::to_vec(&consent).expect("terms are text");
        assert_eq!(serde_json::from_slice::<Consent>(&written).expect("our own"), consent);
        true
    })
}

pub fn unit(bytes: &[u8]) -> bool {
    Unit::parse(bytes).is_some_and(|unit| {
        assert_eq!(unit.to_bytes(), bytes);
        true
    })
}

/// Unit files on a line each, with a list that fits them: an item is made or refused. A line `-` is one left out.
pub fn record(bytes: &[u8]) -> bool {
    let lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
    let mut list = DigestList::new();
    for (line, number) in lines.iter().zip(1..=1000) {
        list.push(unit_name(number), Digest::of(line)).expect("numbers differ");
    }
    let units = lines.iter().map(|line| (*line != b"-\n").then_some(*line));
    ReceivedItem::read(list.to_string().as_bytes(), units).is_ok()
}

/// Marks, printed and parsed again, are the same marks.
pub fn testimony(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    let told = Testimony::parse(text);
    assert_eq!(Testimony::parse(&told.marked()), told);
    let _ = search::squeezed(&told.text());
    assert_eq!(search::fold(&search::fold(text)), search::fold(text), "folding twice is folding once");
    true
}
