//! Tests of the strict ustar subset.

use std::process::{Command, Stdio};

use super::*;

fn name(text: &str) -> MemberName {
    text.parse().unwrap()
}

fn archive(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = Writer::new(Vec::new());
    for (member, body) in members {
        writer.whole(&name(member), body).unwrap();
    }
    writer.finish().unwrap()
}

fn read(reader: &mut Reader<&[u8]>) -> Result<Vec<(String, Vec<u8>)>, ArchiveError> {
    let mut members = Vec::new();
    while let Some(member) = reader.next_member()? {
        members.push((member.name.to_string(), reader.body(1 << 20)?));
    }
    Ok(members)
}

fn read_strictly(tar: &[u8]) -> Result<Vec<(String, Vec<u8>)>, ArchiveError> {
    read(&mut Reader::new(tar))
}

/// The header with some bytes changed and its checksum made right again.
fn forged(block: &[u8], at: usize, bytes: &[u8]) -> Vec<u8> {
    let mut block = block.to_vec();
    block[at..at + bytes.len()].copy_from_slice(bytes);
    block[148..156].copy_from_slice(b"        ");
    let sum: u32 = block[..512].iter().map(|byte| u32::from(*byte)).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    block
}

#[test]
fn members_are_read_back() {
    let long = vec![7; 1025];
    let tar = archive(&[("card", b"hello"), ("records/1/units/0001.json", b""), ("files/0001", &long)]);
    assert_eq!(tar.len() as u64, tar_len([5, 0, 1025]));
    let members = read_strictly(&tar).unwrap();
    assert_eq!(members[0], ("card".to_owned(), b"hello".to_vec()));
    assert_eq!(members[1], ("records/1/units/0001.json".to_owned(), Vec::new()));
    assert_eq!(members[2], ("files/0001".to_owned(), long));
}

#[test]
fn an_archive_of_nothing_is_two_blocks() {
    assert_eq!(archive(&[]), [0; 1024]);
    assert!(read_strictly(&[0; 1024]).unwrap().is_empty());
}

#[test]
fn bodies_may_be_skipped() {
    let tar = archive(&[("a", &[1; 700]), ("b", b"x")]);
    let mut reader = Reader::new(&tar[..]);
    reader.next_member().unwrap();
    assert_eq!(reader.next_member().unwrap().unwrap().name, "b");
    assert!(reader.next_member().unwrap().is_none());
    assert!(reader.next_member().unwrap().is_none());
}

#[test]
fn every_truncation_is_noticed() {
    let tar = archive(&[("a", &[1; 700]), ("b", b"")]);
    for len in 0..tar.len() {
        assert!(read_strictly(&tar[..len]).is_err(), "{len}");
    }
}

#[test]
fn every_changed_bit_outside_the_bodies_is_noticed() {
    let tar = archive(&[("a", &[1; 700]), ("b", b"")]);
    let members = read_strictly(&tar).unwrap();
    for place in (0..tar.len() * 8).filter(|bit| !(512..1212).contains(&(bit / 8))) {
        let mut changed = tar.clone();
        changed[place / 8] ^= 1 << (place % 8);
        assert!(read_strictly(&changed).is_err(), "bit {place}");
    }
    assert_eq!(read_strictly(&tar).unwrap(), members);
}

#[test]
fn foreign_headers_are_refused_by_their_field() {
    let tar = archive(&[("a", b"")]);
    let forgeries: [(usize, &[u8], &str); 22] = [
        (0, b"/etc", "name"),
        (0, b"../a", "name"),
        (0, b"A", "name"),
        (0, b"\0", "name"),
        (0, b"a\0b", "name"),
        (0, b"a/", "name"),
        (100, b"0000755", "mode"),
        (100, b"000644 ", "mode"),
        (108, b"0000001", "uid"),
        (116, b"0000001", "gid"),
        (124, b"          0\0", "size"),
        (124, b"\x80\0\0\0\0\0\0\0\0\0\0\0", "size"),
        (124, b"40000000000\0", "size"),
        (136, b"00000000001", "mtime"),
        (156, b"\0", "type"),
        (156, b"x", "type"),
        (157, b"target", "linkname"),
        (257, b"ustar  \0", "magic"),
        (265, b"root", "uname"),
        (329, b"0000001", "devmajor"),
        (345, b"prefix", "prefix"),
        (500, b"x", "reserved"),
    ];
    for (at, bytes, expected) in forgeries {
        match read_strictly(&forged(&tar, at, bytes)) {
            Err(ArchiveError::Header { member: 1, field }) => assert_eq!(field, expected, "{at}"),
            other => panic!("{expected}: {other:?}"),
        }
    }
}

#[test]
fn links_devices_folders_pax_and_gnu_are_refused() {
    let tar = archive(&[("a", b"")]);
    for kind in b"1234567xgLKSVD" {
        let forged = forged(&tar, 156, &[*kind]);
        assert!(matches!(read_strictly(&forged), Err(ArchiveError::Header { field: "type", .. })), "{kind}");
    }
}

#[test]
fn the_checksum_has_one_spelling() {
    let tar = archive(&[("a", b"")]);
    let mut other = tar.clone();
    let digits: Vec<u8> = tar[148..154].to_vec();
    other[148..156].copy_from_slice(&[b"0", &digits[..], b"\0"].concat());
    assert!(matches!(read_strictly(&other), Err(ArchiveError::Header { field: "checksum", .. })));
}

#[test]
fn only_zeros_follow_and_not_too_many() {
    let tar = archive(&[("a", b"x")]);
    let padded = [&tar[..], &[0; 4096]].concat();
    assert!(matches!(read_strictly(&padded), Err(ArchiveError::Trailing)));
    assert!(read(&mut Reader::with_trailing_zeros(&padded[..], 4096)).is_ok());
    assert!(matches!(read(&mut Reader::with_trailing_zeros(&padded[..], 4095)), Err(ArchiveError::Trailing)));
    let mut dirty = padded;
    *dirty.last_mut().unwrap() = 1;
    assert!(matches!(read(&mut Reader::with_trailing_zeros(&dirty[..], 4096)), Err(ArchiveError::Trailing)));
}

#[test]
fn a_lone_zero_block_is_no_end() {
    let tar = archive(&[("a", b"x")]);
    let broken = [&tar[..1024], &[0; 512], &tar[..]].concat();
    assert!(matches!(read_strictly(&broken), Err(ArchiveError::Padding { member: 1 })));
}

#[test]
fn a_claim_of_gigabytes_in_a_short_file_costs_nothing() {
    let tar = forged(&archive(&[("a", b"")]), 124, b"37777777777\0");
    assert!(matches!(read_strictly(&tar), Err(ArchiveError::TooLong { len: MEMBER_BYTES_MAX })));
    let mut reader = Reader::new(&tar[..]);
    assert_eq!(reader.next_member().unwrap().unwrap().len, MEMBER_BYTES_MAX);
    assert!(matches!(reader.next_member(), Err(ArchiveError::Cut { member: 1 })));
}

#[test]
fn members_without_end_are_refused() {
    let block: [u8; 512] = archive(&[("a", b"")])[..512].try_into().unwrap();
    struct Endless([u8; 512]);
    impl Read for Endless {
        fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
            bytes.copy_from_slice(&self.0[..bytes.len()]);
            Ok(bytes.len())
        }
    }
    let mut reader = Reader::new(Endless(block));
    for _ in 0..MEMBERS_MAX {
        reader.next_member().unwrap();
    }
    assert!(matches!(reader.next_member(), Err(ArchiveError::TooMany)));
}

#[test]
fn the_writer_holds_to_the_announced_length() {
    let mut writer = Writer::new(Vec::new());
    writer.member(&name("a"), 3).unwrap();
    assert!(writer.write_all(b"four").is_err());
    writer.write_all(b"xy").unwrap();
    assert!(matches!(writer.member(&name("b"), 0), Err(ArchiveError::Unfinished { missing: 1 })));
    assert!(matches!(writer.finish(), Err(ArchiveError::Unfinished { missing: 1 })));
    let mut writer = Writer::new(Vec::new());
    assert!(writer.member(&name("a"), MEMBER_BYTES_MAX + 1).is_err());
    assert!(matches!(writer.finish_padded(1023), Err(ArchiveError::Padded { len: 1024, padded: 1023 })));
}

#[test]
fn padded_archives_have_the_padded_length() {
    let mut writer = Writer::new(Vec::new());
    writer.whole(&name("a"), b"x").unwrap();
    let tar = writer.finish_padded(1 << 20).unwrap();
    assert_eq!(tar.len(), 1 << 20);
    let mut reader = Reader::with_trailing_zeros(&tar[..], 1 << 20);
    assert_eq!(read(&mut reader).unwrap().len(), 1);
}

#[test]
fn gnu_tar_writes_the_same_bytes_and_unpacks_ours() {
    if Command::new("tar").arg("--version").stdout(Stdio::null()).status().is_err() {
        println!("SKIPPED gnu_tar_writes_the_same_bytes_and_unpacks_ours: no tar here");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let long = "long-name/".repeat(9) + "0123456789";
    let members: [(&str, &[u8]); 4] =
        [("card", b"hello"), ("quorum/01.age", &[1; 513]), ("empty", b""), (&long, &[9; 512])];
    for (member, body) in members {
        let path = folder.path().join(member);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, body).unwrap();
    }
    let options =
        ["-b1", "--format=ustar", "--mtime=@0", "--owner=0", "--group=0", "--numeric-owner", "--mode=0644"];
    let output = Command::new("tar")
        .args(options)
        .arg("-cf-")
        .args(members.map(|(member, _)| member))
        .current_dir(folder.path())
        .output()
        .unwrap();
    let ours = archive(&members);
    assert!(output.status.success());
    assert_eq!(output.stdout, ours);
    unpack_with_tar(&[&ours[..], &[0; 5 * 512]].concat(), &members);
}

fn unpack_with_tar(tar: &[u8], members: &[(&str, &[u8])]) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("ours.tar"), tar).unwrap();
    let output = Command::new("tar").args(["-xf", "ours.tar"]).current_dir(folder.path()).output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    for (member, body) in members {
        assert_eq!(&std::fs::read(folder.path().join(member)).unwrap(), body);
    }
}
