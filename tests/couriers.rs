//! A bundle whose key is split among couriers, from one end to the other: it opens with enough shares and the officers,
//! and with nothing less; every file that is wrong is named; and nothing of the shares stays where they were made.
#![cfg(all(feature = "test-kdf", feature = "vault", feature = "intake", feature = "verify"))]

mod house;
#[path = "linkable/index.rs"]
mod index;

use std::fs;
use std::path::{Path, PathBuf};

use house::{Done, House, NAME, Organisation, Person, all, only, text};
use sanduq::bundle::courier_share::{CourierShare, Gathering};
use sanduq::bundle::{Outer, Step, Terms};
use sanduq::crypto::{Digest, Identity, Passphrase, bytewords};
use serde_json::Value;

const PAGE: &[u8] = b"An invented page of an invented ledger.\n";

/// A family with one page, who holds the organisation's card.
fn family<'h>(house: &'h House, organisation: &Organisation) -> Person<'h> {
    let family = house.person("family");
    let page = house.write("page.txt", PAGE);
    family.sanduq(&["init"]).good();
    family.sanduq(&["contact", "add", text(&organisation.card), "--yes", "--as", NAME]).good();
    family.sanduq(&["add", text(&page)]).good();
    family
}

/// Seals everything, split as is said, one folder for each courier; the bundle on a stick, and the shares.
fn send(family: &Person, split: &str, stick: &str) -> (PathBuf, Vec<PathBuf>) {
    let count: usize = split.split_once('/').expect("k/n").1.parse().expect("a number");
    let sticks: Vec<_> = (1..=count).map(|number| family.house.path(&format!("{stick}-{number}"))).collect();
    let mut args = vec!["--json", "seal", "1", "--to", NAME, "--split", split, "--shares-to"];
    args.extend(sticks.iter().map(|stick| text(stick)));
    let sealed = family.sanduq(&args).good().json();
    let shares: Vec<_> = sticks.iter().map(|stick| only(stick, "share")).collect();
    let told: Vec<_> =
        sealed["shares"].as_array().expect("shares").iter().map(|path| path.as_str()).collect();
    assert_eq!(told, shares.iter().map(|path| Some(text(path))).collect::<Vec<_>>());
    let bundles = family.house.folder(stick);
    family.sanduq(&["export", text(&bundles)]).good();
    let id = &sealed["bundle"].as_str().expect("an id")[..16];
    (bundles.join(format!("{id}.bundle")), shares)
}

fn open(officer: &Person, bundle: &Path, with: Option<&Path>, shares: &[&Path]) -> Done {
    let mut args = vec!["--json", "open", text(bundle)];
    args.extend(with.iter().flat_map(|with| ["--with", text(with)]));
    args.extend((!shares.is_empty()).then_some("--shares"));
    args.extend(shares.iter().map(|share| text(share)));
    officer.sanduq(&args)
}

/// That a bundle did not open: the exit code, how many shares fit, and which files were refused for what.
fn still_closed(done: Done) -> (i32, u64, Vec<(String, String)>) {
    let done = done.bad();
    let told = done.json();
    assert_eq!(told["outcome"], "shares-needed", "{told}");
    let refused = told["refused"].as_array().expect("refused").iter().map(named).collect();
    (done.code.expect("it ends by itself"), told["fitting"].as_u64().expect("a count"), refused)
}

fn named(refused: &Value) -> (String, String) {
    let field = |name: &str| refused[name].as_str().expect("text").to_owned();
    (field("path"), field("why"))
}

/// The share with one word changed for another of the list.
fn changed(house: &House, share: &Path, name: &str, from: &str, to: &str) -> PathBuf {
    let read = fs::read_to_string(share).expect("a share is text");
    assert!(read.contains(from), "nothing to change");
    house.write(name, read.replacen(from, to, 1))
}

/// The files that are named, how many of them fit, and which are refused for what.
type Case<'a> = (&'a [&'a Path], u64, &'a [(&'a Path, &'a str)]);

#[test]
fn two_of_three_officers_and_two_of_three_couriers() {
    let house = House::new("couriers");
    let organisation = Organisation::new(&house, 2, 3);
    let family = family(&house, &organisation);
    let (bundle, shares) = send(&family, "2/3", "stick");
    let (_, others) = send(&family, "2/3", "another");
    let lens: Vec<_> = shares.iter().chain(&others).map(|share| fs::metadata(share).unwrap().len()).collect();
    assert!(lens.iter().all(|len| *len == lens[0]), "{lens:?}");
    // The desk takes it in as any other, and gives a receipt.
    let handed = organisation.accept(&bundle, "handed");
    assert_eq!(all(&handed, "receipt").len(), 1);
    house.audit(&["bundle", text(&bundle)]).good();

    let [first, second, third] = [0, 1, 2].map(|place| shares[place].as_path());
    let officers = &organisation.officers;
    let pass_on = house.path("pass-on");
    let handing = ["open", text(&bundle), "--pass-on", text(&pass_on), "--shares", text(first)];
    let handed_on = officers[0].sanduq(&handing).good();
    assert!(handed_on.stderr().contains("not needed yet"), "{}", handed_on.stderr());
    let last = |shares: &[&Path]| open(&officers[2], &bundle, Some(&pass_on), shares);

    assert_eq!(still_closed(last(&[])), (7, 0, vec![]));
    // What is damaged is not worth gathering shares for.
    let mut bytes = fs::read(&bundle).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    let damaged = open(&officers[2], &house.write("damaged.bundle", bytes), Some(&pass_on), &[]).bad();
    assert!(damaged.code != Some(7) && !damaged.stdout().contains("shares-needed"), "{}", damaged.stdout());
    for alone in [first, second, third] {
        assert_eq!(still_closed(last(&[alone])), (7, 1, vec![]));
    }
    let word = changed(&house, second, "word.share", "tuna next", "next tuna");
    let list = changed(&house, second, "list.share", "  share-3", "  share-4");
    let listed = fs::read_to_string(second).unwrap();
    let digest = listed.lines().nth(4).unwrap()[..64].to_owned();
    let vouched = changed(&house, second, "vouched.share", &digest, &Digest::of(b"another").to_string());
    let cases: [Case<'_>; 6] = [
        (&[first, &word], 1, &[(&word, "changed")]),
        (&[&list, first], 1, &[(&list, "not-a-share")]),
        (&[&vouched, first], 1, &[(&vouched, "list-changed")]),
        (&[first, &others[1]], 1, &[(&others[1], "other-bundle")]),
        (&[first, first], 1, &[(first, "twice")]),
        (&[&others[0], &others[1]], 0, &[(&others[0], "other-bundle"), (&others[1], "other-bundle")]),
    ];
    for (given, fitting, refused) in cases {
        let refused: Vec<_> =
            refused.iter().map(|(path, why)| (text(path).to_owned(), (*why).to_owned())).collect();
        assert_eq!(still_closed(last(given)), (4, fitting, refused));
    }
    assert!(officers[2].list().is_empty());

    // What is wrong among enough good ones is named, and does not stand in the way.
    let opened = last(&[third, &word, second]).good().json();
    assert_eq!(opened["outcome"], "taken-in");
    let refused: Vec<_> = opened["refused_shares"].as_array().unwrap().iter().map(named).collect();
    assert_eq!(refused, [(text(&word).to_owned(), "changed".to_owned())]);
    let out = house.path("out");
    officers[2].sanduq(&["extract", "1", "--to", text(&out)]).good();
    assert_eq!(fs::read(out.join("page.txt")).unwrap(), PAGE);
    open(&officers[1], &bundle, Some(&pass_on), &[first, third]).good();
}

/// Every k − 1 of the couriers, arrested, with every key that the organisation has: by the library, past our programs'
/// manners.
#[test]
fn too_few_couriers_and_every_officers_key_open_nothing() {
    let house = House::new("couriers-arrested");
    let organisation = Organisation::new(&house, 1, 3);
    let family = family(&house, &organisation);
    let (bundle, shares) = send(&family, "3/5", "stick");
    let outer = Outer::read(&mut fs::File::open(&bundle).unwrap()).unwrap();
    for (number, officer) in organisation.officers.iter().enumerate() {
        let file = house.path(&format!("identity-{number}"));
        officer.sanduq(&["recipient", "--identity-to", text(&file)]).good();
        let text = fs::read_to_string(&file).unwrap();
        let identity: Identity = text.lines().last().unwrap().parse().unwrap();
        let Ok(Step::NeedsShares(locked)) = outer.open_quorum(&identity, None) else { panic!("locked") };
        assert!(locked.open(&identity).is_err());
        for chosen in 0u32..1 << 5 {
            let given = shares.iter().enumerate().filter(|(place, _)| chosen >> place & 1 == 1);
            let mut gathering = Gathering::new(locked.terms());
            for (_, share) in given {
                gathering.add(CourierShare::parse(&fs::read(share).unwrap()).unwrap()).unwrap();
            }
            match gathering.identity() {
                Some(identity) => drop(locked.open(&identity.unwrap()).unwrap()),
                None => assert!(chosen.count_ones() < 3),
            }
            assert_eq!(gathering.identity().is_some(), chosen.count_ones() >= 3);
        }
    }
}

/// The vault that sealed, with its passphrase, and the program's every output have nothing of the shares; only the
/// couriers have. Forgotten or not, sealed from the vault or directly.
#[test]
fn nothing_of_the_shares_stays_where_they_were_made() {
    let house = House::new("couriers-left");
    let organisation = Organisation::new(&house, 1, 1);
    let family = family(&house, &organisation);
    let page = house.write("direct.txt", "an invented note");
    let [kept, forgotten, direct, told] =
        ["kept", "forgotten", "direct", "told"].map(|folder| house.path(folder));
    let split = |dir| ["--to", NAME, "--split", "2/3", "--shares-to", dir];
    let testimony: Vec<&str> =
        ["testify", text(&page), "--direct"].into_iter().chain(split(text(&told))).collect();
    let commands = [
        ["seal", "1"].into_iter().chain(split(text(&kept))).collect::<Vec<_>>(),
        testimony,
        ["seal"].into_iter().chain(split(text(&direct))).chain(["--direct", text(&page)]).collect(),
        ["seal", "1", "--forget"].into_iter().chain(split(text(&forgotten))).collect(),
    ];
    let mut printed = Vec::new();
    for command in &commands {
        let done = family.sanduq(command).good();
        printed.extend(done.out);
        printed.extend(done.err);
    }
    let mut secrets = Vec::new();
    let mut every_share = Vec::new();
    for folder in [&kept, &told, &direct, &forgotten] {
        let shares = all(folder, "share");
        assert_eq!(shares.len(), 3, "{}", folder.display());
        let parsed = |path: &PathBuf| CourierShare::parse(&fs::read(path).unwrap()).unwrap();
        let list = list_digest(&shares[0]);
        let mut gathering = Gathering::new(&Terms::new(2, 3, list).unwrap());
        gathering.add_all(shares.iter().map(parsed).map(Ok).collect());
        let identity = gathering.identity().unwrap().unwrap();
        secrets.push(identity.seed().expose().to_vec());
        secrets.push(identity.to_secret_string().expose().clone().into_bytes());
        secrets.push(identity.to_recipient().as_bytes()[..64].to_vec());
        secrets.push(list.to_string().into_bytes());
        secrets.push(list.as_bytes().to_vec());
        for share in &shares {
            let text = fs::read_to_string(share).unwrap();
            let words = text.lines().last().unwrap().to_owned();
            let value = bytewords::decode(&words).unwrap().expose()[10..42].to_vec();
            secrets.extend([words.into_bytes(), value]);
        }
        every_share.push((shares, identity));
    }
    let rows = index::rows(&family.vault, &Passphrase::from(family.passphrase.as_str()));
    let mut places: Vec<(String, Vec<u8>)> = vec![("what was printed".to_owned(), printed)];
    places.extend(rows.into_iter().map(|(kind, key, value)| (kind, [key, value].concat())));
    for below in ["family", "home", "tmp"] {
        for (name, data) in house.files(below) {
            if data.is_file() {
                places.push((name.clone(), fs::read(house.path(&name)).unwrap()));
            }
        }
    }
    for (place, bytes) in &places {
        assert!(!holds_any(bytes, &secrets), "something of the shares in {place}");
    }
    assert!(holds_any(&fs::read(&every_share[0].0[1]).unwrap(), &secrets), "the search is blind");

    // What waits in the outbox opens neither for the vault that sealed it nor for all officers.
    let stick = house.folder("stick");
    family.sanduq(&["export", text(&stick)]).good();
    let bundles = all(&stick, "bundle");
    assert_eq!(bundles.len(), 4);
    let officer = &organisation.officers[0];
    for bundle in &bundles {
        assert_eq!(still_closed(open(officer, bundle, None, &[])).0, 7);
        assert_eq!(open(&family, bundle, None, &[]).bad().code, Some(7));
    }
    let tried = |bundle: &PathBuf, shares: &[PathBuf]| {
        let shares: Vec<&Path> = shares[1..].iter().map(PathBuf::as_path).collect();
        open(officer, bundle, None, &shares).code == Some(0)
    };
    for bundle in &bundles {
        let fitting = every_share.iter().filter(|(shares, _)| tried(bundle, shares)).count();
        assert!(fitting >= 1, "one set of shares opens it");
    }
    assert_eq!(officer.list().len(), 4);
}

fn holds_any(bytes: &[u8], secrets: &[Vec<u8>]) -> bool {
    let mut heads = vec![false; 1 << 16];
    let pair = |bytes: &[u8]| usize::from(bytes[0]) << 8 | usize::from(bytes[1]);
    secrets.iter().for_each(|secret| heads[pair(secret)] = true);
    let begins = |at: usize| secrets.iter().any(|secret| bytes[at..].starts_with(secret));
    bytes.windows(2).enumerate().any(|(at, two)| heads[pair(two)] && begins(at))
}

/// The digest of the list that a share carries.
fn list_digest(share: &Path) -> Digest {
    let text = fs::read_to_string(share).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let list: String = lines[2..lines.len() - 1].iter().map(|line| format!("{line}\n")).collect();
    Digest::of(list.as_bytes())
}

#[test]
fn where_a_share_cannot_be_written_nothing_is_sealed_and_none_is_left() {
    let house = House::new("couriers-refused");
    let organisation = Organisation::new(&house, 1, 1);
    let family = family(&house, &organisation);
    let (good, taken) = (house.folder("good"), house.write("taken", "no folder"));
    for forget in [None, Some("--forget")] {
        let mut args = vec!["seal", "1", "--to", NAME, "--split", "2/2"];
        args.extend(forget);
        args.extend(["--shares-to", text(&good), text(&taken)]);
        assert_eq!(family.sanduq(&args).bad().code, Some(1));
        assert!(house.files("good").is_empty());
    }
    let status = family.sanduq(&["status", "--json"]).good().json();
    assert_eq!((status["deliveries"].as_array().map(Vec::len), status["items"].as_u64()), (Some(0), Some(1)));

    let wrong: [&[&str]; 7] = [
        &["--split", "1/3", "--shares-to", "good"],
        &["--split", "4/3", "--shares-to", "good"],
        &["--split", "2/17", "--shares-to", "good"],
        &["--split", "2/3", "--shares-to", "good", "taken"],
        &["--split", "2/3"],
        &["--split", "two", "--shares-to", "good"],
        &["--shares-to", "good"],
    ];
    for flags in wrong {
        let seal = [&["seal", "1", "--to", NAME], flags].concat();
        assert_eq!(family.sanduq(&seal).bad().code, Some(2), "{flags:?}");
    }
    let testify = ["testify", "page.txt", "--split", "2/3", "--shares-to", "good"];
    assert_eq!(family.sanduq(&testify).bad().code, Some(2));
    assert!(house.files("good").is_empty());
    assert_eq!(family.list().len(), 1);
}
