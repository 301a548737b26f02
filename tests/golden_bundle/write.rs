//! Writes the golden bundle of the present version. Every person and event in it is invented.

use std::fs::{self, File};
use std::io::{self, Cursor};
use std::path::Path;

use sanduq::bundle::files::{FileSource, Original};
use sanduq::bundle::letter::seal_receipt;
use sanduq::bundle::receipt::Receipt;
use sanduq::bundle::{Outer, Parcel, Step, Unread, pack};
use sanduq::crypto::hybrid::Identity;
use sanduq::crypto::{Digest, KeyPair, LogSigningKey, SecretBytes};
use sanduq::evidence::consent::{Consent, Reach, Terms as ConsentTerms};
use sanduq::evidence::date::{EventDate, Sureness};
use sanduq::evidence::item::{self, Item, Kind, Origin};
use sanduq::format::card::{Draft, OfficerLine, Terms};
use sanduq::format::id::RandomId;
use sanduq::format::note::NoteSigner;
use sanduq::format::policy::Policy;
use sanduq::format::time::Time;
use sanduq::tlog::{Checkpoint, Leaf, MemoryHashes, TlogProof, Tree};

const PAGE: &[u8] = b"Sample page, invented for a test.\n";
const SOUND: &[u8] = b"";

struct InMemory;

impl FileSource for InMemory {
    fn open(&self, file: &item::File) -> io::Result<Original<'_>> {
        Ok(Original::of(if file.digest == Digest::of(PAGE) { PAGE } else { SOUND }))
    }
}

fn file(content: &[u8], label: &str) -> item::File {
    let (object, digest) = (RandomId::generate(), Digest::of(content));
    let media_type = "text/plain".to_owned();
    item::File { object, digest, len: content.len() as u64, media_type, label: label.to_owned() }
}

fn items() -> [Item; 2] {
    let terms = ConsentTerms { share: Reach::Court, ..ConsentTerms::default() };
    let testimony = Item {
        number: 1,
        id: RandomId::generate(),
        kind: Kind::Testimony,
        title: "نمونه: آنچه دیدم".to_owned(),
        created: Time::from_unix(1_795_459_200).unwrap(),
        consent: Consent::new(terms, None, Some("Ask me first.".to_owned())).unwrap(),
        date: Some(EventDate::new("1988-08", Sureness::About).unwrap()),
        place: Some("Sample Town".to_owned()),
        persons: vec!["Invented Person".to_owned()],
        account: Some("I saw [[the man from next door]].\n\nسپس رفتند.".to_owned()),
        files: vec![file(PAGE, "pages/page one.txt")],
        secret: SecretBytes::generate(),
        origin: Origin::Own,
    };
    let document = Item {
        number: 2,
        kind: Kind::Document,
        account: None,
        files: vec![file(PAGE, "the same page.txt"), file(SOUND, "empty.wav")],
        secret: SecretBytes::generate(),
        ..testimony.clone()
    };
    [testimony, document]
}

#[test]
fn writes_when_asked() {
    if std::env::var_os("SANDUQ_WRITE_GOLDEN").is_none() {
        return;
    }
    let folder = super::golden().join("0.1/bundle");
    assert!(!folder.exists(), "golden files are written once");
    fs::create_dir_all(&folder).unwrap();
    write(&folder);
}

fn write(folder: &Path) {
    let put = |name: &str, bytes: &[u8]| fs::write(folder.join(name), bytes).unwrap();
    let put_identity = |name: &str, identity: &Identity| {
        put(&format!("{name}.identity"), format!("{}\n", identity.to_secret_string().expose()).as_bytes());
    };
    let officers = [(); 3].map(|()| Identity::generate());
    let line =
        |one: &Identity| OfficerLine { recipient: one.to_recipient(), keys: KeyPair::generate().public() };
    let log = NoteSigner::new("archive.example/log", LogSigningKey::generate()).unwrap();
    let terms = Terms {
        name: "Invented Archive".to_owned(),
        serial: 1,
        valid_until: "2028-11-23".parse().unwrap(),
        threshold: 2,
        officers: officers.iter().map(line).collect(),
        log: log.verifier(),
        policy: Policy::none(),
    };
    let card = Draft::new(terms).unwrap().sign(&KeyPair::generate());
    put("archive.card", card.as_bytes());
    for (officer, number) in officers.iter().zip(1..) {
        put_identity(&format!("officer-{number}"), officer);
    }

    let (author, items) = (KeyPair::generate(), items());
    let parcel = Parcel {
        card: &card,
        author: &author,
        items: &items,
        proof_commit: Digest::of(b"proof"),
        follow_up: None,
        couriers: None,
    };
    let mut bundle = Vec::new();
    let sealed = pack(&parcel, &InMemory, &mut bundle, &mut |_| {}).unwrap();
    put("testimony.bundle", &bundle);
    put_identity("return", &sealed.return_identity);

    let outer = Outer::read(&mut Cursor::new(&bundle)).unwrap();
    let Ok(Step::PassOn(pass_on)) = outer.open_quorum(&officers[0], None) else { panic!("a layer") };
    put("pass-on", &pass_on.to_bytes());
    let Ok(Step::Opened(opened)) = outer.open_quorum(&officers[1], Some(&pass_on)) else { panic!("the key") };
    let mut files = super::Hashes::default();
    let mut source = File::open(folder.join("testimony.bundle")).unwrap();
    let (unread, recipient) = (Unread::begin(&mut source).unwrap(), officers[1].to_recipient());
    let (_, verified) = unread.verify(&opened, &mut source, &recipient, &mut files).unwrap();
    put("expected.txt", super::report(&verified, &files).as_bytes());

    let mut tree = Tree::new(MemoryHashes::default(), 0);
    let leaf = Leaf::Ingest(sealed.bundle).to_string();
    tree.append(b"sanduq-log/1 card of another test").unwrap();
    tree.append(leaf.as_bytes()).unwrap();
    let head = Checkpoint::of(&log, 2, tree.root(2).unwrap()).sign(&log).unwrap();
    let proof = TlogProof::logged(leaf.as_bytes(), 1, tree.inclusion_proof(1, 2).unwrap(), head);
    let receipt = Receipt::of(proof).unwrap();
    put("receipt.tlog-proof", receipt.print().as_bytes());
    put("letter", &seal_receipt(outer.return_recipient(), &receipt).unwrap());
}
