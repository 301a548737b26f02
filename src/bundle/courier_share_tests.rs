//! Tests of couriers' share files.

use super::*;

fn made(needed: usize, count: usize) -> (Identity, Terms, Vec<Vec<u8>>) {
    let identity = Identity::generate();
    let (lock, shares) = split_identity(&identity, needed, count).unwrap();
    (identity, *lock.terms(), shares.iter().map(|share| share.to_bytes().expose().clone()).collect())
}

fn parse(file: &[u8]) -> Result<CourierShare, CourierError> {
    CourierShare::parse(file)
}

/// The files at the set bits of `chosen`.
fn some(files: &[Vec<u8>], chosen: u32) -> Vec<Result<CourierShare, CourierError>> {
    let chosen = files.iter().enumerate().filter(|(place, _)| chosen >> place & 1 == 1);
    chosen.map(|(_, file)| parse(file)).collect()
}

#[test]
fn every_subset_that_is_large_enough_gives_the_identity_and_no_smaller_one_does() {
    for (needed, count) in [(2, 2), (2, 3), (3, 5)] {
        let (identity, terms, files) = made(needed, count);
        for chosen in 0u32..1 << count {
            let mut gathering = Gathering::new(&terms);
            assert_eq!(gathering.add_all(some(&files, chosen)), []);
            assert_eq!(gathering.count(), chosen.count_ones() as usize);
            match gathering.identity() {
                Some(found) => assert_eq!(found.unwrap().seed().expose(), identity.seed().expose()),
                None => assert!(gathering.count() < needed),
            }
            assert_eq!(gathering.identity().is_some(), gathering.count() >= needed);
        }
    }
}

#[test]
fn all_files_of_a_splitting_have_one_size_and_name_nobody() {
    let (identity, terms, files) = made(3, 5);
    let recipient = identity.to_recipient().to_string();
    for file in &files {
        assert_eq!(file.len(), files[0].len());
        let text = std::str::from_utf8(file).unwrap();
        assert_eq!(text.lines().count(), 2 + 5 + 1);
        assert!(!text.contains(&terms.list().to_string()) && !text.contains(&recipient));
        assert!(text.starts_with("sanduq-courier/1\nneeded: 3\n"));
    }
    let most = made(16, 16).2;
    assert!(most[15].len() as u64 <= FILE_BYTES_MAX);
    assert!(parse(&most[15]).is_ok());
}

#[test]
fn every_wrong_share_is_named_and_the_others_count() {
    let (identity, terms, files) = made(2, 3);
    let (_, _, others) = made(2, 3);
    let text = String::from_utf8(files[0].clone()).unwrap();
    let changed_word = text.replacen("tuna next", "next tuna", 1).into_bytes();
    let listed = text.lines().nth(4).unwrap();
    let other_digest = format!("{}  share-3", Digest::of(b"another"));
    let changed_list = text.replacen(listed, &other_digest, 1).into_bytes();
    let own = text.lines().nth(2).unwrap();
    let own_digest_changed = text.replacen(&own[..64], &other_digest[..64], 1).into_bytes();
    let given =
        [&files[0], &changed_word, &changed_list, &others[1], &b"nothing".to_vec(), &files[0], &files[2]];
    let mut gathering = Gathering::new(&terms);
    let refused = gathering.add_all(given.iter().map(|file| parse(file)).collect());
    let expected = [
        (1, CourierError::Changed),
        (2, CourierError::ListChanged),
        (3, CourierError::Foreign),
        (4, CourierError::NotAShare),
        (5, CourierError::Twice { number: 1 }),
    ];
    assert_eq!(refused, expected);
    assert_eq!(gathering.count(), 2);
    assert_eq!(gathering.identity().unwrap().unwrap().seed().expose(), identity.seed().expose());
    assert_eq!(parse(&own_digest_changed).unwrap_err(), CourierError::Changed);

    let mut alone = Gathering::new(&terms);
    assert_eq!(alone.add_all(vec![parse(&changed_list)]), [(0, CourierError::Foreign)]);
    assert!(alone.identity().is_none());
}

/// Whoever knows a share can make a file of it that agrees with itself; only the bundle's own list tells on him.
#[test]
fn a_made_up_share_under_a_made_up_list_is_refused() {
    let (_, terms, files) = made(2, 3);
    let (identity, ..) = made(2, 3);
    let (_, forged) = split_identity(&identity, 2, 3).unwrap();
    let mut gathering = Gathering::new(&terms);
    gathering.add(parse(&files[0]).unwrap()).unwrap();
    for share in forged {
        assert_eq!(gathering.add(share), Err(CourierError::Foreign));
    }
    assert!(gathering.identity().is_none());
}

/// The sender's list vouches for shares of two splittings: nothing opens, and nothing is taken for the key.
#[test]
fn listed_shares_that_do_not_fit_together_give_nothing() {
    let shares =
        [0, 1].map(|place| share::split_secret(Identity::generate().seed(), 2, 2).unwrap().remove(place));
    let mut list = DigestList::new();
    shares.iter().for_each(|share| list.push(name(share.number()), digest(share)).unwrap());
    let terms = Terms::new(2, 2, list.digest()).unwrap();
    let mut gathering = Gathering::new(&terms);
    let refused =
        gathering.add_all(shares.map(|share| Ok(CourierShare { share, list: list.clone() })).into());
    let unfit = gathering.identity().is_some_and(|identity| identity.is_err());
    assert!(unfit || refused == [(1, CourierError::DoNotFit)]);
}

#[test]
fn a_share_has_one_spelling() {
    let (_, _, files) = made(2, 3);
    let text = String::from_utf8(files[1].clone()).unwrap();
    assert!(parse(text.as_bytes()).is_ok());
    let lines: Vec<&str> = text.lines().collect();
    let swapped = [lines[0], lines[1], lines[3], lines[2], lines[4], lines[5], ""].join("\n");
    for other in [
        text.replace('\n', "\r\n"),
        text.trim_end().to_owned(),
        format!("{text}\n"),
        text.replacen("/1", "/2", 1),
        text.replacen("needed: 2", "needed: 3", 1),
        text.replacen("needed: 2", "needed: 02", 1),
        text.replacen("needed: 2", "needed:  2", 1),
        text.replacen("share-1", "share-01", 1),
        text.replacen("share-1", "share-4", 1),
        text.replacen(" next", "  next", 1),
        text.replacen("tuna", "TUNA", 1),
        lines[5].to_owned(),
        swapped,
        String::new(),
    ] {
        assert!(parse(other.as_bytes()).is_err(), "{other}");
    }
    for at in 0..text.len() {
        let mut changed = text.clone().into_bytes();
        changed[at] ^= 1;
        // The list alone can be changed unseen until it is held against the bundle.
        assert!(parse(&changed).is_err() || (27..text.len() - 230).contains(&at), "byte {at}");
    }
}
