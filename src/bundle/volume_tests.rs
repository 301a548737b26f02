use super::*;
use crate::crypto::hybrid::Identity;
use crate::format::archive::tar_len;

fn recipient() -> Recipient {
    Identity::generate().to_recipient()
}

/// A set of three slices and two parities of a bundle of 300 bytes, with the bodies of its parts.
fn sample() -> (Set, Vec<Vec<u8>>) {
    let volume = Volume::new(300, 3, 2, recipient()).unwrap();
    let bodies: Vec<Vec<u8>> = volume.numbers().map(|number| vec![number as u8; 128]).collect();
    let digests: Vec<Digest> = bodies.iter().map(|body| Digest::of(body)).collect();
    (Set::of(volume, &digests).unwrap(), bodies)
}

fn written(set: &Set, number: u16, body: &[u8]) -> Vec<u8> {
    let mut archive = set.begin(number, Vec::new()).unwrap();
    archive.write_all(body).unwrap();
    archive.finish().unwrap()
}

fn read(part: &[u8]) -> Result<(Digest, u16, Vec<u8>), BundleError> {
    let part = Part::open(part)?;
    let (number, mut body) = (part.number(), Vec::new());
    let set = part.copy(&mut |piece| {
        body.extend_from_slice(piece);
        Ok(())
    })?;
    Ok((set.id(), number, body))
}

#[test]
fn every_part_is_read_back_and_has_the_length_that_was_said() {
    let (set, bodies) = sample();
    for (number, body) in set.volume().numbers().zip(&bodies) {
        let part = written(&set, number, body);
        assert_eq!(part.len() as u64, set.volume().part_len());
        assert_eq!(read(&part).unwrap(), (set.id(), number, body.clone()));
        assert!(begins_a_part(&part[..BLOCK_BYTES]));
    }
    assert!(!begins_a_part(&[0; BLOCK_BYTES]) && !begins_a_part(b"volume.txt"));
}

/// A flipped bit in the list made a set of its own, of which all parts but one were missing for ever.
#[test]
fn no_flipped_bit_makes_a_part_of_another_set() {
    let (set, bodies) = sample();
    let part = written(&set, 2, &bodies[1]);
    for bit in (0..part.len() * 8).step_by(5) {
        let mut changed = part.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        assert!(read(&changed).is_err(), "bit {bit}");
    }
    for cut in (0..part.len()).step_by(97) {
        assert!(read(&part[..cut]).is_err(), "cut at {cut}");
    }
    assert!(read(&[&part[..], b"x"].concat()).is_err());
}

#[test]
fn a_bundle_is_cut_into_as_few_slices_as_fit() {
    for (len, size, parity) in [
        (2_100_000, 2_000_000, 0),
        (10 << 30, 25_000_000, 3),
        (700 << 20, 700_000_000, 1),
        (8 << 30, 4_000_000_000, 255),
    ] {
        let volume = Volume::cut(len, size, parity, &recipient()).unwrap();
        assert!(volume.part_len() <= size, "{len} in {size}");
        assert!(volume.slice_len() * u64::from(volume.slices()) >= len);
        assert!(volume.content_len(volume.slices()) > 0);
        let fewer = Volume::new(len, volume.slices() - 1, parity, recipient());
        assert!(fewer.is_none_or(|fewer| fewer.part_len() > size), "{len} in {size} with fewer");
    }
}

#[test]
fn a_size_that_is_too_small_names_the_smallest_that_is_not() {
    let (len, recipient) = (100 << 30, recipient());
    let Err(BundleError::VolumeSize { smallest }) = Volume::cut(len, 25_000_000, 10, &recipient) else {
        panic!("4096 parts of 25 MB are less than 100 GiB");
    };
    assert_eq!(smallest % 1_000_000, 0);
    assert!(Volume::cut(len, smallest, 10, &recipient).is_ok());
    assert!(Volume::cut(len, smallest - 1_000_000, 10, &recipient).is_err());
}

#[test]
fn the_longest_list_fits_into_the_smallest_part() {
    let volume = Volume::new(u64::from(SLICES_MAX) * 64, SLICES_MAX, PARITY_MAX, recipient()).unwrap();
    let digests = vec![Digest::of(b""); usize::from(volume.parts())];
    let set = Set::of(volume, &digests).unwrap();
    let list = set.list().to_string();
    assert!(list.len() as u64 <= PARTS_BYTES_MAX && PARTS_BYTES_MAX * 5 < PART_BYTES_MIN);
    assert_eq!(Set::parse(set.volume().to_string().as_bytes(), list.as_bytes()).unwrap(), set);
}

#[test]
fn other_spellings_are_refused() {
    let (set, _) = sample();
    let good = set.volume().to_string();
    assert_eq!(Volume::parse(good.as_bytes()).unwrap(), *set.volume());
    for (name, bad) in [
        ("a leading zero", good.replace("length: 300", "length: 0300")),
        ("a sign", good.replace("slices: 3", "slices: +3")),
        ("no length", good.replace("length: 300", "length: 0")),
        ("no slice", good.replace("slices: 3", "slices: 0")),
        ("too many slices", good.replace("slices: 3", "slices: 4097")),
        ("an empty slice", good.replace("slices: 3", "slices: 6")),
        ("too much parity", good.replace("parity: 2", "parity: 256")),
        ("slices of more than a member", good.replace("300", "99999999999")),
        ("a line more", format!("{good}\n")),
        ("no last line feed", good.trim_end().to_owned()),
        ("CRLF", good.replace('\n', "\r\n")),
        ("another format", good.replace("volume/1", "volume/2")),
        ("upper case", good.replace("age1", "AGE1")),
        ("lines in another order", good.replace("length: 300\nslices: 3", "slices: 3\nlength: 300")),
    ] {
        assert_ne!(bad, good, "{name}");
        assert!(Volume::parse(bad.as_bytes()).is_err(), "{name}");
    }
}

#[test]
fn a_list_names_every_part_in_its_order_and_nothing_else() {
    let (set, _) = sample();
    let volume = set.volume().to_string();
    let good = set.list().to_string();
    let lines: Vec<&str> = good.lines().collect();
    let list = |lines: &[&str]| lines.iter().map(|line| format!("{line}\n")).collect::<String>();
    assert_eq!(list(&lines), good);
    let other = format!("{}  parity/0003", Digest::of(b""));
    for (name, bad) in [
        ("one missing", list(&lines[..5])),
        ("one more", list(&[&lines[..], &[other.as_str()]].concat())),
        ("another order", list(&[lines[0], lines[2], lines[1], lines[3], lines[4], lines[5]])),
        (
            "another volume.txt",
            list(&[&[good.lines().next().unwrap().replace('a', "b").as_str()], &lines[1..]].concat()),
        ),
    ] {
        assert!(Set::parse(volume.as_bytes(), bad.as_bytes()).is_err(), "{name}");
    }
}

#[test]
fn a_part_holds_one_slice_of_the_one_length() {
    let (set, bodies) = sample();
    let head = |set: &Set| {
        let mut archive = Writer::new(Vec::new());
        archive.whole(&layout::name(VOLUME), set.volume().to_string().as_bytes()).unwrap();
        archive.whole(&layout::name(PARTS), set.list().to_string().as_bytes()).unwrap();
        archive.whole(&layout::name(SET), set_line(&set.id()).as_bytes()).unwrap();
        archive
    };
    let none = head(&set).finish().unwrap();
    assert!(matches!(read(&none), Err(BundleError::Member { .. })));
    let mut longer = head(&set);
    longer.whole(&set.volume().name(1), &[1; 192]).unwrap();
    assert!(matches!(read(&longer.finish().unwrap()), Err(BundleError::Length { .. })));
    let mut two = head(&set);
    two.whole(&set.volume().name(1), &bodies[0]).unwrap();
    two.whole(&set.volume().name(2), &bodies[1]).unwrap();
    assert!(matches!(read(&two.finish().unwrap()), Err(BundleError::Member { .. })));
    let mut foreign = head(&set);
    foreign.whole(&layout::name("slices/0004"), &bodies[0]).unwrap();
    assert!(matches!(read(&foreign.finish().unwrap()), Err(BundleError::Member { .. })));
    let swapped = written(&set, 2, &bodies[0]);
    assert!(matches!(read(&swapped), Err(BundleError::DigestMismatch { .. })));
}

#[test]
fn names_of_parts_tell_nothing_and_differ() {
    let (set, _) = sample();
    let names: std::collections::HashSet<Digest> = set.volume().numbers().map(|n| set.pseudonym(n)).collect();
    assert_eq!(names.len(), 5);
    assert_eq!(tar_len([0]), 3 * BLOCK_BYTES as u64);
}
