//! A bundle of invented evidence of every sort, opened by an officer, and what that officer discloses of it.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use sanduq::bundle::files::{FileSource, Original};
use sanduq::bundle::letter::open_receipt;
use sanduq::bundle::{FollowUp, Parcel, Sealed, pack};
use sanduq::crypto::{Digest, KeyPair, SecretBytes};
use sanduq::evidence::consent::{Consent, Naming, Reach, Terms};
use sanduq::evidence::date::{EventDate, Sureness};
use sanduq::evidence::item::{File, Item, Kind, Origin};
use sanduq::format::card::Card;
use sanduq::format::id::RandomId;
use sanduq::format::time::Time;

use crate::house::{Done, House, Organisation, Person, only, text};

/// Words that stand in what is withheld, each in one place.
pub const CANARIES: [&str; 6] = [
    "Zahra Canaryperson",
    "the canary from next door",
    "canary-photograph.jpg",
    "please ask the canary first",
    "Canaryville",
    "what the second canary saw",
];

const PAGE: &[u8] = b"Sample page, invented for a test.\n";

/// The original of the second item.
pub fn photograph() -> Vec<u8> {
    crate::house::Noise::new(7).bytes(200_000)
}

pub fn terms(share: Reach, name: Naming, not_before: Option<&str>) -> Terms {
    Terms { share, name, not_before: not_before.map(|day| day.parse().unwrap()), contact: false }
}

/// A testimony with everything that one can have.
pub fn testimony(terms: Terms) -> Item {
    let pseudonym = (terms.name == Naming::Pseudonym).then(|| "Reed".to_owned());
    let account = format!("I stood at the gate. [[{}]] came.\n\nThey left at noon. علی رفت.", CANARIES[1]);
    Item {
        account: Some(account),
        consent: Consent::new(terms, pseudonym, Some(CANARIES[3].to_owned())).unwrap(),
        date: Some(EventDate::new("1988-08", Sureness::About).unwrap()),
        place: Some(CANARIES[4].to_owned()),
        persons: vec![CANARIES[0].to_owned()],
        title: "What I saw".to_owned(),
        ..item(Kind::Testimony)
    }
}

/// A photograph whose title is its name.
pub fn document(terms: Terms) -> Item {
    let content = photograph();
    let file = File {
        object: RandomId::generate(),
        digest: Digest::of(&content),
        len: content.len() as u64,
        media_type: "image/jpeg".to_owned(),
        label: format!("folder/{}", CANARIES[2]),
    };
    Item {
        consent: Consent::new(terms, None, None).unwrap(),
        files: vec![file],
        title: CANARIES[2].to_owned(),
        ..item(Kind::Document)
    }
}

/// A page whose name is no secret.
pub fn page(terms: Terms) -> Item {
    let file = File {
        digest: Digest::of(PAGE),
        len: PAGE.len() as u64,
        media_type: "text/plain".to_owned(),
        label: "page.txt".to_owned(),
        object: RandomId::generate(),
    };
    let consent = Consent::new(terms, None, None).unwrap();
    Item { consent, files: vec![file], title: "page.txt".to_owned(), ..item(Kind::Document) }
}

/// Another testimony, which nobody discloses.
pub fn other(terms: Terms) -> Item {
    Item {
        consent: Consent::new(terms, None, None).unwrap(),
        title: CANARIES[5].to_owned(),
        account: Some(CANARIES[5].to_owned()),
        ..item(Kind::Testimony)
    }
}

fn item(kind: Kind) -> Item {
    Item {
        number: 1,
        id: RandomId::generate(),
        kind,
        title: String::new(),
        created: Time::from_unix(1_795_459_200).unwrap(),
        consent: Consent::default(),
        date: None,
        place: None,
        persons: Vec::new(),
        account: None,
        files: Vec::new(),
        secret: SecretBytes::generate(),
        origin: Origin::Own,
    }
}

struct Shelf(HashMap<Digest, Vec<u8>>);

impl FileSource for Shelf {
    fn open(&self, file: &File) -> io::Result<Original<'_>> {
        Ok(Original::of(self.0[&file.digest].as_slice()))
    }
}

/// Seals items as an author would, into a file of the house.
pub fn seal(
    organisation: &Organisation,
    author: &KeyPair,
    items: &[Item],
    follow_up: Option<FollowUp>,
    name: &str,
) -> (PathBuf, Sealed) {
    seal_with(organisation, author, items, follow_up, name, [photograph(), PAGE.to_vec()].into())
}

/// As [`seal`], with these originals.
pub fn seal_with(
    organisation: &Organisation,
    author: &KeyPair,
    items: &[Item],
    follow_up: Option<FollowUp>,
    name: &str,
    contents: Vec<Vec<u8>>,
) -> (PathBuf, Sealed) {
    let card = Card::parse(&fs::read(&organisation.card).unwrap()).unwrap();
    let proof_commit = Digest::of(b"invented");
    let parcel = Parcel { card: &card, author, items, proof_commit, follow_up, couriers: None };
    let shelf = Shelf(contents.into_iter().map(|content| (Digest::of(&content), content)).collect());
    let mut bytes = Vec::new();
    let sealed = pack(&parcel, &shelf, &mut bytes, &mut |_| {}).unwrap();
    (organisation.house.write(name, bytes), sealed)
}

/// The plain receipt that the desk gives for a bundle.
pub fn receipt(organisation: &Organisation, bundle: &Path, sealed: &Sealed) -> PathBuf {
    let letters = organisation.accept(bundle, "letters");
    let letter = fs::read(only(&letters, "receipt")).unwrap();
    let receipt = open_receipt(&sealed.return_identity, &letter).unwrap();
    organisation.house.write("receipt.tlog-proof", receipt.print())
}

/// An officer who opened a bundle of three records: a testimony, a photograph, and one that stays.
pub struct Case<'h> {
    pub organisation: Organisation<'h>,
    pub receipt: PathBuf,
}

impl<'h> Case<'h> {
    pub fn of(house: &'h House, items: &[Item]) -> Case<'h> {
        let organisation = Organisation::new(house, 1, 1);
        let (bundle, sealed) = seal(&organisation, &KeyPair::generate(), items, None, "one.bundle");
        organisation.officers[0].sanduq(&["open", text(&bundle)]).good();
        let receipt = receipt(&organisation, &bundle, &sealed);
        Case { organisation, receipt }
    }

    /// Three records that a court may read, the first under a chosen name.
    pub fn for_court(house: &'h House) -> Case<'h> {
        let court = |name| terms(Reach::Court, name, None);
        let items = [
            testimony(court(Naming::Pseudonym)),
            document(court(Naming::Never)),
            other(court(Naming::Never)),
        ];
        Case::of(house, &items)
    }

    pub fn officer(&self) -> &Person<'h> {
        &self.organisation.officers[0]
    }

    /// `sanduq disclose` with `--yes` into a folder of this name.
    pub fn disclose(&self, to: &str, args: &[&str]) -> (PathBuf, Done) {
        let dir = self.organisation.house.path(to);
        let mut all = vec!["disclose"];
        all.extend(args);
        all.extend(["--yes", "--to", text(&dir)]);
        let done = self.officer().sanduq(&all);
        (dir, done)
    }
}
