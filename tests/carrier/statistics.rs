//! Whether a thousand carriers can be told from random bytes: by the frequency of bytes in all, in each part of the file
//! and at each place in it, by bits, by runs, by entropy, and by anything that comes twice.
//!
//! Every bound is so wide that random bytes pass it by far: a test that fails for nothing teaches people to run it again.
//! With 255 degrees of freedom a chi-square has the mean 255; by Wilson and Hilferty 100 lies nine standard deviations
//! below, and 500 more than eight above (each rarer than once in 10^15), 600 more than eleven. Counts of bits and of runs
//! lie within eight standard deviations but once in 10^15. All bounds together: rarer than once in 10^10.

use std::collections::HashSet;
use std::io::Write;

use sanduq::crypto::CarrierKey;
use sanduq::crypto::carrier::CarrierWriter;
use sanduq::format::archive::Writer;
use sanduq::format::bag::DECLARATION;

const CARRIERS: usize = 1000;
/// 16 bytes of counter block, an archive of four blocks, and a tail.
const LEN: usize = 4096;
const CONTENT: usize = 2048;
/// The file is looked at in pieces of this many bytes as well.
const PIECE: usize = 256;

/// Carriers that all have the head of every bundle in them, which is what would show.
fn carriers() -> Vec<Vec<u8>> {
    let mut head = Writer::new(Vec::new());
    head.whole(&"bagit.txt".parse().unwrap(), DECLARATION.as_bytes()).unwrap();
    let head = head.finish().unwrap();
    assert_eq!(head.len(), CONTENT);
    let key = CarrierKey::generate();
    let one = |_| {
        let mut writer = CarrierWriter::new(&key, Vec::new()).unwrap();
        writer.write_all(&head).unwrap();
        writer.finish((LEN - CONTENT - 16) as u64).unwrap()
    };
    (0..CARRIERS).map(one).collect()
}

fn counts<'b>(bytes: impl Iterator<Item = &'b u8>) -> [u64; 256] {
    let mut counts = [0; 256];
    bytes.for_each(|byte| counts[usize::from(*byte)] += 1);
    counts
}

fn chi_square(counts: &[u64; 256]) -> f64 {
    let expected = counts.iter().sum::<u64>() as f64 / 256.0;
    counts.iter().map(|count| (*count as f64 - expected).powi(2) / expected).sum()
}

/// In bits for each byte.
fn entropy(counts: &[u64; 256]) -> f64 {
    let all = counts.iter().sum::<u64>() as f64;
    let shares = counts.iter().filter(|count| **count > 0).map(|count| *count as f64 / all);
    shares.map(|share| -share * share.log2()).sum()
}

fn within(what: &str, found: f64, least: f64, most: f64) {
    assert!((least..=most).contains(&found), "{what}: {found}, not within {least} to {most}");
}

/// That one of so many even chances came about as often as it should.
fn even(what: &str, count: u64, of: u64) {
    let deviations = (count as f64 - of as f64 / 2.0) / (of as f64 / 4.0).sqrt();
    within(what, deviations, -8.0, 8.0);
}

#[test]
fn a_thousand_carriers_look_like_random_bytes() {
    let carriers = carriers();
    assert!(carriers.iter().all(|carrier| carrier.len() == LEN));
    let all = counts(carriers.iter().flatten());
    within("all bytes", chi_square(&all), 100.0, 500.0);
    // Of 4,096,000 bytes that pass the line above, by its relation to the chi-square.
    within("entropy of all", entropy(&all), 7.9999, 8.0);
    for at in (0..LEN).step_by(PIECE) {
        let piece = counts(carriers.iter().flat_map(|carrier| &carrier[at..at + PIECE]));
        within(&format!("bytes from {at} on"), chi_square(&piece), 100.0, 500.0);
    }
    // Four at each value are few; the sum has the same mean and spread all the same, and 600 is eleven of them off.
    for at in 0..LEN {
        let place = counts(carriers.iter().map(|carrier| &carrier[at]));
        within(&format!("byte {at}"), chi_square(&place), 0.0, 600.0);
    }
    let (mut ones, mut changes) = (0, 0);
    for (number, carrier) in carriers.iter().enumerate() {
        let own = counts(carrier.iter());
        within(&format!("bytes of carrier {number}"), chi_square(&own), 60.0, 600.0);
        // 0.045 is lost on average where so few are counted; 0.106 where their chi-square is 600.
        within(&format!("entropy of carrier {number}"), entropy(&own), 7.89, 8.0);
        let of_own: u64 = carrier.iter().map(|byte| u64::from(byte.count_ones())).sum();
        even(&format!("ones in carrier {number}"), of_own, 8 * LEN as u64);
        ones += of_own;
        changes += runs(carrier);
    }
    let bits = (CARRIERS * LEN * 8) as u64;
    even("ones in all", ones, bits);
    even("runs in all", changes, bits - CARRIERS as u64);
    let blocks: HashSet<&[u8]> = carriers.iter().flat_map(|carrier| carrier.chunks(16)).collect();
    assert_eq!(blocks.len(), CARRIERS * LEN / 16, "16 bytes came twice");
}

/// How often a bit differs from the one before it.
fn runs(bytes: &[u8]) -> u64 {
    let bits: Vec<u8> = bytes.iter().flat_map(|byte| (0..8).rev().map(move |at| byte >> at & 1)).collect();
    bits.windows(2).filter(|pair| pair[0] != pair[1]).count() as u64
}
