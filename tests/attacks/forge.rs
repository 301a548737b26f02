//! A second writer of bundles, made of primitives only, which writes whatever it is told: what an attacker with
//! some of the keys would write. Left alone it writes honest bundles, and the tests begin by checking that.

use std::collections::HashMap;
use std::io::{self, Cursor, Read, Write};
use std::sync::OnceLock;

use sanduq::bundle::files::{Arriving, FileSink, FileSource, Original};
use sanduq::bundle::layout::{self, Info};
use sanduq::bundle::signer::Signer;
use sanduq::bundle::{BundleError, Outer, Parcel, Statement, Step, Unread, Verified, pack, quorum};
use sanduq::crypto::hybrid::{Identity, Recipient};
use sanduq::crypto::secret::SecretBytes;
use sanduq::crypto::{Digest, KeyPair, LogSigningKey, domain, seal};
use sanduq::evidence::consent::Consent;
use sanduq::evidence::item::{File, Item, Kind, Origin};
use sanduq::format::archive::{Reader, Writer};
use sanduq::format::card::{Card, Draft, OfficerLine, Terms};
use sanduq::format::id::RandomId;
use sanduq::format::note::NoteSigner;
use sanduq::format::policy::Policy;
use sanduq::format::time::Time;
use sanduq::format::{padding, sshsig};

use super::judge;

/// An organisation with one officer, invented.
pub struct Organisation {
    pub card: Card,
    pub officer: Identity,
}

impl Organisation {
    pub fn new(name: &str) -> Organisation {
        let officer = Identity::generate();
        let log = NoteSigner::new("archive.example/log", LogSigningKey::generate()).unwrap();
        let terms = Terms {
            name: name.to_owned(),
            serial: 1,
            valid_until: "2028-11-23".parse().unwrap(),
            threshold: 1,
            officers: vec![OfficerLine {
                recipient: officer.to_recipient(),
                keys: KeyPair::generate().public(),
            }],
            log: log.verifier(),
            policy: Policy::none(),
        };
        Organisation { card: Draft::new(terms).unwrap().sign(&KeyPair::generate()), officer }
    }
}

/// Files in memory; a sink that counts what reached it.
#[derive(Default)]
pub struct Shelf(pub HashMap<Digest, Vec<u8>>);

impl FileSource for Shelf {
    fn open(&self, file: &File) -> io::Result<Original<'_>> {
        Ok(Original::of(self.0[&file.digest].as_slice()))
    }
}

impl FileSink for Shelf {
    fn take(&mut self, file: &Arriving, content: &mut dyn Read) -> io::Result<()> {
        let mut bytes = Vec::new();
        content.read_to_end(&mut bytes)?;
        self.0.insert(file.digest, bytes);
        Ok(())
    }
}

pub fn item(kind: Kind, account: Option<&str>, files: Vec<File>) -> Item {
    Item {
        number: 1,
        id: RandomId::generate(),
        kind,
        title: "Invented".to_owned(),
        created: Time::from_unix(1_795_459_200).unwrap(),
        consent: Consent::default(),
        date: None,
        place: Some("Sample Town".to_owned()),
        persons: vec!["Invented Person".to_owned()],
        account: account.map(str::to_owned),
        files,
        secret: SecretBytes::generate(),
        origin: Origin::Own,
    }
}

pub fn file(shelf: &mut Shelf, content: &[u8], label: &str) -> File {
    let digest = Digest::of(content);
    shelf.0.insert(digest, content.to_vec());
    let (object, len) = (RandomId::generate(), content.len() as u64);
    File { object, digest, len, media_type: "text/plain".to_owned(), label: label.to_owned() }
}

/// An honest bundle as the program writes it: a testimony, and a document of two files.
pub fn honest(org: &Organisation, author: &KeyPair) -> Vec<u8> {
    let mut shelf = Shelf::default();
    let files = vec![file(&mut shelf, b"the first page", "a.txt"), file(&mut shelf, b"the second", "b.txt")];
    let items = [item(Kind::Testimony, Some("I saw [[him]]."), vec![]), item(Kind::Document, None, files)];
    let parcel = Parcel {
        card: &org.card,
        author,
        items: &items,
        proof_commit: Digest::of(b"proof"),
        follow_up: None,
        couriers: None,
    };
    let mut out = Vec::new();
    pack(&parcel, &shelf, &mut out, &mut |_| {}).unwrap();
    out
}

/// All that is asked of a bundle without a key. The second reading of the spec is asked as well, and must agree.
pub fn outside(bundle: &[u8]) -> Result<Outer, BundleError> {
    let read = Outer::read(&mut Cursor::new(bundle));
    if let Some((holds, words)) = judge::verdict("bundle", &[bundle]) {
        assert_eq!(holds, read.is_ok(), "verify.py: {words}; Outer::read: {:?}", read.err());
    }
    read
}

/// All that an officer's program does with a bundle.
pub fn open(bundle: &[u8], officer: &Identity) -> Result<Verified, BundleError> {
    open_into(bundle, officer, &mut Shelf::default())
}

/// The same, with the files going to this sink.
pub fn open_into(
    bundle: &[u8],
    officer: &Identity,
    sink: &mut dyn FileSink,
) -> Result<Verified, BundleError> {
    let opened = read_once(bundle, officer, sink);
    // In one pass the same is said of the outside as where it is looked at alone.
    match outside(bundle) {
        Ok(_) => opened,
        Err(error) => {
            assert_eq!(opened.unwrap_err().to_string(), error.to_string());
            Err(error)
        }
    }
}

fn read_once(bundle: &[u8], officer: &Identity, sink: &mut dyn FileSink) -> Result<Verified, BundleError> {
    let mut source = Cursor::new(bundle);
    let unread = Unread::begin(&mut source)?;
    match unread.open_quorum(officer, None)? {
        Step::Opened(opened) => {
            let read = unread.verify(&opened, &mut source, &officer.to_recipient(), sink);
            read.map(|(_, verified)| verified)
        }
        other => panic!("no key in the quorum files: {other:?}"),
    }
}

pub type Members = Vec<(String, Vec<u8>)>;

/// A bundle taken apart, with every key that is needed to make it anew.
#[derive(Clone)]
pub struct Forge {
    pub outer: Members,
    pub inner: Members,
    pub author: KeyPair,
    pub one_time: KeyPair,
    pub payload_key: Identity,
    pub officers: Vec<Recipient>,
    /// Zero bytes after the inner archive, beyond its padding class.
    pub more_padding: u64,
    /// The last byte of the inner padding.
    pub last_byte: u8,
}

/// Who takes part in most tests: made once, because keys take time.
pub struct World {
    pub ours: Organisation,
    pub theirs: Organisation,
    pub honest: Vec<u8>,
    pub forge: Forge,
}

pub fn world() -> &'static World {
    static WORLD: OnceLock<World> = OnceLock::new();
    WORLD.get_or_init(|| {
        let (ours, theirs) = (Organisation::new("Ours"), Organisation::new("Theirs"));
        let author = KeyPair::generate();
        let honest = honest(&ours, &author);
        let forge = Forge::of(&honest, &ours.officer, &author);
        World { ours, theirs, honest, forge }
    })
}

pub fn untar(bytes: &[u8], trailing_zeros: u64) -> Members {
    let mut reader = Reader::with_trailing_zeros(bytes, trailing_zeros);
    let mut members = Vec::new();
    while let Some(member) = reader.next_member().unwrap() {
        members.push((member.name.to_string(), reader.body(u64::MAX).unwrap()));
    }
    members
}

pub fn tar(members: &Members) -> Vec<u8> {
    let mut writer = Writer::new(Vec::new());
    for (name, body) in members {
        writer.whole(&name.parse().unwrap(), body).unwrap();
    }
    writer.finish().unwrap()
}

pub fn sums(members: &[(String, Vec<u8>)]) -> Vec<u8> {
    let line = |(name, body): &(String, Vec<u8>)| format!("{}  {name}\n", Digest::of(body));
    members.iter().map(line).collect::<String>().into_bytes()
}

/// What is under the first layer of a quorum file: the line, then the rest.
fn peel(file: &[u8], identity: &Identity) -> (String, Vec<u8>) {
    let plain = seal::open_bytes(identity, file, 1 << 20).unwrap();
    let end = plain.expose().iter().position(|byte| *byte == b'\n').unwrap() + 1;
    let (line, rest) = plain.expose().split_at(end);
    (String::from_utf8(line.to_vec()).unwrap(), rest.to_vec())
}

impl Forge {
    /// Takes an honest bundle apart and gives it one-time keys of the forger's own.
    pub fn of(bundle: &[u8], officer: &Identity, author: &KeyPair) -> Forge {
        let outer = untar(bundle, 0);
        let find = |name: &str| &outer.iter().find(|(one, _)| one == name).unwrap().1;
        let (_, core) = peel(find("quorum/01.age"), officer);
        let core = String::from_utf8(core).unwrap();
        let payload_key: Identity = core.lines().nth(1).unwrap().parse().unwrap();
        let payload = seal::open_bytes(&payload_key, find(layout::PAYLOAD), 1 << 24).unwrap();
        let mut forge = Forge {
            inner: untar(payload.expose(), 1 << 24),
            outer,
            author: author.clone(),
            one_time: KeyPair::generate(),
            payload_key,
            officers: vec![officer.to_recipient()],
            more_padding: 0,
            last_byte: 0,
        };
        forge.rekey();
        forge.remanifest();
        forge.seal();
        forge.list();
        forge.sign();
        forge
    }

    /// An honest one to begin an attack with.
    pub fn new() -> Forge {
        world().forge.clone()
    }

    pub fn inner(&mut self, name: &str) -> &mut Vec<u8> {
        &mut self.inner.iter_mut().find(|(one, _)| one == name).unwrap().1
    }

    pub fn outer(&mut self, name: &str) -> &mut Vec<u8> {
        &mut self.outer.iter_mut().find(|(one, _)| one == name).unwrap().1
    }

    /// Replaces text in an inner member, once.
    pub fn edit_inner(&mut self, name: &str, from: &str, to: &str) {
        edit(self.inner(name), from, to);
    }

    /// Replaces text in an outer member, once.
    pub fn edit_outer(&mut self, name: &str, from: &str, to: &str) {
        edit(self.outer(name), from, to);
    }

    /// Where an inner member stands.
    pub fn place(&self, name: &str) -> usize {
        self.inner.iter().position(|(one, _)| one == name).unwrap()
    }

    /// The inner member whose text contains this.
    pub fn inner_with(&self, text: &str) -> String {
        let holds = |body: &[u8]| String::from_utf8_lossy(body).contains(text);
        self.inner.iter().find(|(_, body)| holds(body)).unwrap().0.clone()
    }

    /// `signer.pub` with the forger's one-time keys, and a statement that names them.
    pub fn rekey(&mut self) {
        let mut signer = Signer::parse(self.outer(layout::SIGNER)).unwrap();
        signer.keys = self.one_time.public();
        *self.outer(layout::SIGNER) = signer.print().into_bytes();
        self.restate(|_| {});
    }

    /// The lists of units and of records, as the members are now.
    pub fn relist(&mut self) {
        let mut lists = vec![("salt".to_owned(), self.inner(layout::SALT).clone())];
        for record in 1.. {
            let folder = format!("data/records/{record:04}/");
            let within = |name: &String| name.strip_prefix(&folder).map(str::to_owned);
            let named = |(name, body): &(String, Vec<u8>)| Some((within(name)?, body.clone()));
            let units: Members =
                self.inner.iter().filter_map(named).filter(|(name, _)| name.starts_with("units/")).collect();
            if units.is_empty() {
                break;
            }
            let name = format!("{folder}disclosure-sha256.txt");
            *self.inner(&name) = sums(&units);
            lists.push((name["data/".len()..].to_owned(), sums(&units)));
        }
        *self.inner(layout::RECORDS) = sums(&lists);
    }

    /// A statement that fits the lists, the card and the one-time keys, changed as told, and signed.
    pub fn restate(&mut self, change: impl FnOnce(&mut Statement)) {
        let mut statement = Statement::parse(self.inner(layout::AUTHOR)).unwrap();
        statement.author = self.author.public();
        statement.bundle = self.one_time.public();
        statement.disclosure = Digest::of(self.inner(layout::RECORDS));
        statement.card = Digest::of(self.inner(layout::CARD));
        change(&mut statement);
        let text = statement.print().into_bytes();
        self.sign_author(&text);
        *self.inner(layout::AUTHOR) = text;
    }

    pub fn sign_author(&mut self, text: &[u8]) {
        let signatures = self.author.sign::<domain::Author>(text);
        let [signature, pq_signature] = sshsig::encode_pair(&self.author.public(), &signatures);
        *self.inner(layout::AUTHOR_SIGNATURE) = signature.into_bytes();
        *self.inner(layout::AUTHOR_PQ_SIGNATURE) = pq_signature.into_bytes();
    }

    /// The inner manifest, as the members are now.
    pub fn remanifest(&mut self) {
        let listed: Members =
            self.inner.iter().filter(|(name, _)| name.starts_with("data/")).cloned().collect();
        *self.inner(layout::MANIFEST) = sums(&listed);
    }

    /// The payload, the quorum files, and a `bag-info.txt` that fits them.
    pub fn seal(&mut self) {
        let mut plain = tar(&self.inner);
        plain.resize((padding::padded_len(plain.len() as u64) + self.more_padding) as usize, 0);
        *plain.last_mut().unwrap() = self.last_byte;
        let payload = seal::seal_bytes(&self.payload_key.to_recipient(), &plain);
        let mut info = Info::parse(self.outer(layout::INFO)).unwrap();
        info.oxum.bytes = payload.len() as u64;
        info.disclosure = Digest::of(self.inner(layout::RECORDS));
        info.author = Digest::of(self.inner(layout::AUTHOR));
        *self.outer(layout::INFO) = info.print().into_bytes();
        *self.outer(layout::PAYLOAD) = payload;
        self.split_key();
    }

    /// Quorum files for the officers, all together, bound to the present `signer.pub`.
    pub fn split_key(&mut self) {
        let signer = Digest::of(self.outer(layout::SIGNER));
        for number in 1..=quorum::FILES {
            let file = nest(&self.officers, &signer, &self.payload_key);
            *self.outer(&format!("quorum/{number:02}.age")) = file;
        }
    }

    /// Both outer manifests, as the members are now.
    pub fn list(&mut self) {
        let payload: Members =
            self.outer.iter().filter(|(name, _)| name.starts_with("data/")).cloned().collect();
        *self.outer(layout::MANIFEST) = sums(&payload);
        self.relist_tags();
    }

    /// The tag manifest alone.
    pub fn relist_tags(&mut self) {
        let untagged = |name: &str| name.starts_with("data/") || name.starts_with("tagmanifest");
        let tagged: Members = self.outer.iter().filter(|(name, _)| !untagged(name)).cloned().collect();
        *self.outer(layout::TAG_MANIFEST) = sums(&tagged);
    }

    /// Both outer signatures, by the one-time keys.
    pub fn sign(&mut self) {
        let list = self.outer(layout::TAG_MANIFEST).clone();
        let signatures = self.one_time.sign::<domain::Bundle>(&list);
        let [signature, pq_signature] = sshsig::encode_pair(&self.one_time.public(), &signatures);
        *self.outer(layout::SIGNATURE) = signature.into_bytes();
        *self.outer(layout::PQ_SIGNATURE) = pq_signature.into_bytes();
    }

    /// Manifests, signatures, and the file.
    pub fn close(mut self) -> Vec<u8> {
        self.list();
        self.sign();
        tar(&self.outer)
    }

    /// As `close`, after the inside was changed below the author's statement.
    pub fn close_inside(mut self) -> Vec<u8> {
        self.remanifest();
        self.seal();
        self.close()
    }
}

pub fn edit(body: &mut Vec<u8>, from: &str, to: &str) {
    let text = String::from_utf8(body.clone()).unwrap();
    assert!(text.contains(from), "nothing to change: {from}");
    *body = text.replacen(from, to, 1).into_bytes();
}

/// The payload's key within a layer for each recipient, the first outermost.
pub fn nest(recipients: &[Recipient], signer: &Digest, key: &Identity) -> Vec<u8> {
    let line = format!("sanduq-quorum/1 {signer}\n");
    let wrap = |core: &[u8]| {
        recipients.iter().rev().fold(core.to_vec(), |content, recipient| {
            seal::seal_bytes(recipient, &[line.as_bytes(), &content].concat())
        })
    };
    let core = |filler: usize| format!("# {}\n{}\n", ".".repeat(filler), key.to_secret_string().expose());
    let filler = quorum::file_len() as usize - wrap(core(0).as_bytes()).len();
    wrap(core(filler).as_bytes())
}

/// A ustar header of any kind, with a right checksum.
pub fn raw_header(name: &str, len: u64, kind: u8, link: &str) -> [u8; 512] {
    let mut block = [0; 512];
    let mut set = |at: usize, bytes: &[u8]| (&mut block[at..]).write_all(bytes).unwrap();
    set(0, name.as_bytes());
    set(100, b"0000644\x000000000\x000000000\0");
    set(124, format!("{len:011o}\0").as_bytes());
    set(136, b"00000000000\0        ");
    set(156, &[kind]);
    set(157, link.as_bytes());
    set(257, b"ustar\x0000");
    set(329, b"0000000\x000000000\0");
    let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    block
}
