//! Attacks on disclosures: by whoever changes a folder that was disclosed, and by a discloser who shows what he may not.

use std::collections::BTreeMap;
use std::sync::Mutex;

use sanduq::bundle::custody_record::{CustodyRecord, ShownRecord, ToldEvent};
use sanduq::bundle::disclosure::Info;
use sanduq::bundle::signer::Signer;
use sanduq::bundle::{Receipt, SignedEvent, Statement};
use sanduq::crypto::hybrid::Identity;
use sanduq::crypto::{Digest, Domain, KeyPair, Secret, domain};
use sanduq::custody::Event;
use sanduq::evidence::unit::{Descriptor, Unit};
use sanduq::format::card::{Card, Draft};
use sanduq::format::note::NoteSigner;
use sanduq::format::policy::Policy;
use sanduq::format::sshsig;
use sanduq::tlog::{Checkpoint, Leaf, MemoryHashes, TlogProof, Tree};

use super::families::{
    Rng, keys, line_of, log, log_key, log_terms as terms, malleate, misspelled, signed_card as signed,
    unbase64, weak_key,
};
use super::folders::{Case, Entry, Family, Pair, case};

type Folder = BTreeMap<String, Entry>;

const LIST: &str = "disclosure-sha256.txt";
const AUTHOR: &str = "data/author";
const RECEIPT: &str = "data/receipt.tlog-proof";
const RECORDS: &str = "data/records-sha256.txt";
const RECORD: &str = "data/custody.jsonld";
const PROOF: &str = "data/events/0001.tlog-proof";
const TODAY: &str = "2026-11-23";

/// One bundle of three records, of which two are shown, as somebody has it who holds every key.
#[derive(Clone)]
struct Told {
    /// Of this number are its keys, salts and digests.
    seed: u64,
    /// How far each record may go, under which name, and from which day on.
    terms: [(&'static str, &'static str, &'static str); 3],
    audience: &'static str,
    /// Whether the author's statement is shown.
    released: bool,
    /// What is replaced in the author's statement before it is signed.
    said_otherwise: Option<(&'static str, String)>,
    /// Units that the first record has behind the others.
    more: Vec<(&'static str, String)>,
    /// What is replaced in the list of the first record, and in that of the records, before anything vouches for them.
    listed_otherwise: Option<(&'static str, &'static str)>,
    records_otherwise: Option<(&'static str, &'static str)>,
    salt_bytes: usize,
    /// The number of the author's keys, if they are somebody else's.
    claimed_by: Option<u8>,
    /// A line in place of the one-time Ed25519 key.
    one_time_line: Option<String>,
    signer: NoteSigner,
    /// What is told beside the opening and each record, and the number of the officer who signs it.
    events: Vec<(String, u8)>,
    organisation: &'static str,
}

impl Told {
    fn new(rng: &mut Rng) -> Told {
        let audience = rng.pick(&["court", "public"]);
        let share = if audience == "public" { "public" } else { rng.pick(&["court", "public"]) };
        let named = rng.pick(&["named", "named", "never"]);
        Told {
            seed: rng.next(),
            terms: [(share, named, "null"), (share, "named", "\"2026-11-23\""), ("public", named, "null")],
            audience,
            released: named == "named",
            said_otherwise: None,
            more: Vec::new(),
            listed_otherwise: None,
            records_otherwise: None,
            salt_bytes: 32,
            claimed_by: None,
            one_time_line: None,
            signer: log(),
            events: Vec::new(),
            organisation: "Invented Archive",
        }
    }

    /// One whose author is named.
    fn by_somebody(rng: &mut Rng) -> Told {
        let mut told = Told::new(rng);
        told.terms.iter_mut().for_each(|terms| terms.1 = "named");
        told.released = true;
        told
    }

    fn digest(&self, what: &str) -> Digest {
        Digest::of(format!("{} {what}", self.seed).as_bytes())
    }

    fn one_time(&self) -> KeyPair {
        keys(20 + (self.seed % 20) as u8)
    }

    /// The organisation's card; the same one of each.
    fn card(&self) -> Vec<u8> {
        static CARDS: Mutex<BTreeMap<String, String>> = Mutex::new(BTreeMap::new());
        let mut terms = terms(self.organisation, 2, Policy::none());
        terms.log = self.signer.verifier();
        let draft = Draft::new(terms).unwrap().to_string();
        let mut cards = CARDS.lock().unwrap();
        let card = cards.entry(draft).or_insert_with_key(|draft| signed(draft));
        card.clone().into_bytes()
    }

    fn original(&self, number: usize) -> Vec<u8> {
        format!("Original {number}, invented: {}\n", self.digest("original")).into_bytes()
    }

    /// The units of a record, from the first on.
    fn units(&self, record: usize) -> Vec<Vec<u8>> {
        let (share, name, day) = self.terms[record - 1];
        let terms =
            format!("{{\"share\":\"{share}\",\"name\":\"{name}\",\"not-before\":{day},\"contact\":false}}");
        let mut values = vec![("consent", terms)];
        let text = |sort, value: &str| (sort, format!("\"{value}\""));
        if record == 2 {
            values.extend([text("kind", "document"), text("title", "Two pages")]);
            for number in 1..=2 {
                let content = self.original(number);
                let (len, digest) = (content.len(), Digest::of(&content));
                let place = format!("{{\"position\":{number},");
                let file = format!(
                    "\"file\":{number},\"media-type\":\"text/plain\",\"size\":{len},\"sha256\":\"{digest}\"}}"
                );
                values.push(("file", place.clone() + &file));
                values.push(("label", format!("{place}\"label\":\"page-{number}.txt\"}}")));
            }
        } else {
            values.extend([
                text("kind", "testimony"),
                text("title", "What I saw"),
                text("place", "Sample Town"),
            ]);
            values.push(("date", "{\"day\":\"1988-08\",\"sure\":\"about\"}".to_owned()));
            values.push(("person", "{\"position\":1,\"name\":\"Somebody invented\"}".to_owned()));
            for run in 1..=2 {
                let run =
                    format!("{{\"paragraph\":1,\"run\":{run},\"marked\":false,\"text\":\"{run}. Words.\"}}");
                values.push(("run", run));
            }
        }
        if record == 1 {
            values.extend(self.more.iter().cloned());
        }
        let salted = |(number, (sort, value)): (usize, (&str, String))| {
            let salt = self.digest(&format!("salt {record} {number}"));
            format!("{{\"unit\":\"{sort}\",\"salt\":\"{salt}\",\"value\":{value}}}\n").into_bytes()
        };
        values.into_iter().enumerate().map(salted).collect()
    }

    fn salt(&self) -> Vec<u8> {
        let mut salt = self.digest("inner salt").as_bytes().to_vec();
        salt.resize(self.salt_bytes, 0);
        salt
    }

    fn list(&self, record: usize) -> String {
        let units = self.units(record);
        let line =
            |(number, unit): (usize, &Vec<u8>)| format!("{}  {}\n", Digest::of(unit), unit_name(number + 1));
        let list: String = units.iter().enumerate().map(line).collect();
        replaced(list, self.listed_otherwise.filter(|_| record == 1))
    }

    fn record(&self, record: usize) -> Digest {
        Digest::of(self.list(record).as_bytes())
    }

    fn records(&self) -> String {
        let line = |record| format!("{}  records/{record:04}/{LIST}\n", self.record(record));
        let list = format!("{}  salt\n", Digest::of(&self.salt())) + &(1..=3).map(line).collect::<String>();
        replaced(list, self.records_otherwise)
    }

    fn statement(&self) -> String {
        let [author, one_time] = [self.author().public(), self.one_time().public()];
        let said = format!(
            "sanduq-author/1\nauthor: {}\nauthor-pq: {}\nsalt: {}\nbundle-key: {}\nbundle-pq-key: {}\n\
             disclosure: {}\ncard: {}\nproof: {}\n",
            author.ed25519(),
            author.composite(),
            self.digest("author salt"),
            one_time.ed25519(),
            one_time.composite(),
            Digest::of(self.records().as_bytes()),
            Digest::of(&self.card()),
            self.digest("proof"),
        );
        match &self.said_otherwise {
            Some((label, value)) => with_line(&said, label, value),
            None => said,
        }
    }

    fn author(&self) -> KeyPair {
        keys(self.claimed_by.unwrap_or(40 + (self.seed % 9) as u8))
    }

    /// What the outside is before it is signed; last the list that closes it.
    fn unsigned(&self) -> Vec<(String, Vec<u8>)> {
        let info = format!(
            "Format-Version: sanduq-bundle/1\nPayload-Oxum: 1050475.1\nDisclosure-SHA256: {}\n\
             Author-Commit-SHA256: {}\nProof-Commit-SHA256: {}\n",
            Digest::of(self.records().as_bytes()),
            Digest::of(self.statement().as_bytes()),
            self.digest("proof"),
        );
        let one_time = self.one_time().public();
        let ed25519 = self.one_time_line.clone().unwrap_or_else(|| one_time.ed25519().to_string());
        let back = Identity::from_seed(&Secret::new([7; 32])).to_recipient();
        let signer = format!("{ed25519}\n{}\n{back}\n", one_time.composite());
        let declaration = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";
        let mut members: Vec<(String, Vec<u8>)> =
            [("bagit.txt", declaration), ("bag-info.txt", &info), ("signer.pub", &signer)]
                .map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec()))
                .into();
        members.extend((1..=10).map(|number| (format!("quorum/{number:02}.age"), vec![b'x'; 10610])));
        let payload = format!("{}  data/payload.age\n", self.digest("payload"));
        members.push(("manifest-sha256.txt".to_owned(), payload.into_bytes()));
        let line = |(name, body): &(String, Vec<u8>)| format!("{}  {name}\n", Digest::of(body));
        let tags: String = members.iter().map(line).collect();
        members.push(("tagmanifest-sha256.txt".to_owned(), tags.into_bytes()));
        members
    }

    /// Every outer member but the payload.
    fn outside(&self) -> Vec<(String, Vec<u8>)> {
        let mut members = self.unsigned();
        let (name, tags) = members.last().unwrap().clone();
        let tags = String::from_utf8(tags).unwrap();
        let signatures = signatures::<domain::Bundle>(&tags, &self.one_time());
        for (ending, signature) in [".sig", ".pq.sig"].iter().zip(signatures) {
            members.push((format!("{name}{ending}"), signature.into_bytes()));
        }
        members
    }

    fn bundle(&self) -> Digest {
        Digest::of(&self.unsigned().last().unwrap().1)
    }

    fn receipt(&self) -> String {
        let mut tree = Tree::new(MemoryHashes::default(), 0);
        for other in ["a", "b", "c"] {
            tree.append(Leaf::Card(self.digest(other)).to_string().as_bytes()).unwrap();
        }
        let leaf = Leaf::Ingest(self.bundle()).to_string();
        tree.append(leaf.as_bytes()).unwrap();
        let head = Checkpoint::of(&self.signer, 4, tree.root(4).unwrap()).sign_twice(&self.signer).unwrap();
        TlogProof::logged(leaf.as_bytes(), 3, tree.inclusion_proof(3, 4).unwrap(), head).to_string()
    }

    /// That a log has an event.
    fn event_proof(&self, line: &str, log: &NoteSigner) -> String {
        let salt: [u8; 32] = self.salt().try_into().unwrap();
        let leaf = line.parse::<Event>().unwrap().leaf(&salt).to_string();
        let mut tree = Tree::new(MemoryHashes::default(), 0);
        tree.append(Leaf::Card(self.digest("a")).to_string().as_bytes()).unwrap();
        tree.append(leaf.as_bytes()).unwrap();
        let head = Checkpoint::of(log, 2, tree.root(2).unwrap()).sign_twice(log).unwrap();
        TlogProof::logged(leaf.as_bytes(), 1, tree.inclusion_proof(1, 2).unwrap(), head).to_string()
    }

    fn tell(&self, folder: &mut Folder) {
        let opened = format!("open {} {}", self.bundle(), keys(1).public().fingerprint());
        let shown = [1, 2].map(|record| format!("disclose {}", self.record(record)));
        let usual = [opened].into_iter().chain(shown).map(|line| (line, 1));
        for ((line, officer), number) in usual.chain(self.events.iter().cloned()).zip(1..) {
            put_event(folder, number, &event(&line, &keys(officer)));
        }
    }

    /// The folder of somebody who shows what these terms say: of the first record not the place, of the second no label.
    fn folder(&self) -> Folder {
        let mut folder = Folder::new();
        for (name, body) in self.outside() {
            put(&mut folder, &format!("data/bundle/{name}"), body);
        }
        for record in [1, 2] {
            put(&mut folder, &in_record(record, LIST), self.list(record));
            for (number, unit) in (1..).zip(self.units(record)) {
                if !unit.starts_with(b"{\"unit\":\"place\"") && !unit.starts_with(b"{\"unit\":\"label\"") {
                    put(&mut folder, &in_record(record, &unit_name(number)), unit);
                }
            }
        }
        (1..=2)
            .for_each(|number| put(&mut folder, &format!("data/files/{number:04}"), self.original(number)));
        put(&mut folder, "data/card", self.card());
        put(&mut folder, "data/salt", self.salt());
        put(&mut folder, RECORDS, self.records());
        put(&mut folder, RECEIPT, self.receipt());
        if self.released {
            let statement = self.statement();
            for (ending, signature) in
                [".sig", ".pq.sig"].iter().zip(signatures::<domain::Author>(&statement, &self.author()))
            {
                put(&mut folder, &format!("{AUTHOR}{ending}"), signature);
            }
            put(&mut folder, AUTHOR, statement);
        }
        self.tell(&mut folder);
        put(&mut folder, "bagit.txt", "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n");
        put(&mut folder, "VERIFY.txt", "Invented instructions.\n");
        let info = format!(
            "Format-Version: sanduq-disclosure/1\nPayload-Oxum: 0.0\nBundle-SHA256: {}\nDisclosed-For: {}\n",
            self.bundle(),
            self.audience
        );
        put(&mut folder, "bag-info.txt", info);
        agree(&mut folder);
        folder
    }
}

fn replaced(text: String, what: Option<(&str, &str)>) -> String {
    what.map_or(text.clone(), |(from, to)| super::families::replaced(&text, from, to))
}

fn unit_name(number: usize) -> String {
    format!("units/{number:04}.json")
}

fn in_record(record: usize, name: &str) -> String {
    format!("data/records/{record:04}/{name}")
}

fn signatures<D: Domain>(text: &str, by: &KeyPair) -> [String; 2] {
    sshsig::encode_pair(&by.public(), &by.sign::<D>(text.as_bytes()))
}

fn event(line: &str, by: &KeyPair) -> [String; 3] {
    SignedEvent::sign(line.parse().unwrap(), by).print()
}

fn put_event(folder: &mut Folder, number: usize, texts: &[String; 3]) {
    for (ending, text) in ["txt", "sig", "pq.sig"].iter().zip(texts) {
        put(folder, &format!("data/events/{number:04}.{ending}"), text.as_str());
    }
}

/// The text in which the line of this label has another value.
fn with_line(text: &str, label: &str, value: &str) -> String {
    let changed = text.lines().map(|line| match line.strip_prefix(label) {
        Some(rest) if rest.starts_with(": ") => format!("{label}: {value}\n"),
        _ => format!("{line}\n"),
    });
    let changed: String = changed.collect();
    assert_ne!(changed, text);
    changed
}

fn put(folder: &mut Folder, name: &str, content: impl Into<Vec<u8>>) {
    folder.insert(name.to_owned(), Entry::File(content.into()));
}

fn body<'f>(folder: &'f Folder, name: &str) -> &'f [u8] {
    match &folder[name] {
        Entry::File(bytes) => bytes,
        _ => panic!("{name} is no file"),
    }
}

fn text(folder: &Folder, name: &str) -> String {
    String::from_utf8(body(folder, name).to_vec()).unwrap()
}

fn edit(folder: &mut Folder, name: &str, change: impl FnOnce(String) -> String) {
    let before = text(folder, name);
    let after = change(before.clone());
    assert_ne!(before, after, "{name}");
    put(folder, name, after);
}

/// Makes the bag agree with itself again, as whoever changes one would: the custody record too, as far as what it is made
/// from can be read.
fn agree(folder: &mut Folder) {
    if let Some(record) = custody_record(folder) {
        put(folder, RECORD, record);
    }
    count(folder);
}

fn custody_record(folder: &Folder) -> Option<String> {
    let read = |name: &str| match folder.get(name) {
        Some(Entry::File(bytes)) => Some(bytes.as_slice()),
        _ => None,
    };
    let card = Card::parse(read("data/card")?).ok()?;
    let salt: [u8; 32] = read("data/salt")?.try_into().ok()?;
    let author = match read(AUTHOR) {
        Some(statement) => Some(Statement::parse(statement).ok()?.author.fingerprint()),
        None => None,
    };
    let receipt = match read(RECEIPT) {
        Some(receipt) => Some(Receipt::parse(receipt).ok()?),
        None => None,
    };
    let mut records = Vec::new();
    for number in [1, 2] {
        let list = read(&in_record(number, LIST))?;
        let units: Option<Vec<Unit>> =
            shown(folder, number).iter().map(|name| Unit::parse(read(name)?)).collect();
        let mut files: Vec<Descriptor> =
            units?.iter().filter_map(|unit| unit.value.file().cloned()).collect();
        files.sort_by_key(|file| file.position);
        let units = list.split(|byte| *byte == b'\n').count() - 1;
        records.push((number as u32, Digest::of(list), shown(folder, number).len(), units, files));
    }
    let mut events = Vec::new();
    for number in 1.. {
        let Some(line) = read(&format!("data/events/{number:04}.txt")) else { break };
        let [one, two] = ["sig", "pq.sig"].map(|ending| read(&format!("data/events/{number:04}.{ending}")));
        let signed = SignedEvent::parse(line, one?, two?).ok()?;
        let officer = card.officers().iter().find(|officer| signed.verify(&officer.keys).is_ok())?;
        let officer = officer.keys.fingerprint();
        events.push(ToldEvent { event: signed.event(), officer, leaf: signed.leaf(&salt) });
    }
    let made = CustodyRecord {
        bundle: Digest::of(read("data/bundle/tagmanifest-sha256.txt")?),
        audience: Info::parse(read("bag-info.txt")?).ok()?.audience,
        card: &card,
        signer: Signer::parse(read("data/bundle/signer.pub")?).ok()?.keys.fingerprint(),
        author,
        receipt: receipt.as_ref(),
        records: records
            .iter()
            .map(|(number, digest, shown, units, files)| ShownRecord {
                number: *number,
                digest: *digest,
                shown: *shown,
                units: *units,
                files: files.iter().collect(),
            })
            .collect(),
        events,
    };
    Some(made.print())
}

/// Lists and counts what is there.
fn count(folder: &mut Folder) {
    let files: Vec<(&str, &Vec<u8>)> = folder
        .iter()
        .filter_map(|(name, entry)| match entry {
            Entry::File(bytes) if name.starts_with("data/") => Some((name.as_str(), bytes)),
            _ => None,
        })
        .collect();
    let oxum = format!("{}.{}", files.iter().map(|(_, bytes)| bytes.len()).sum::<usize>(), files.len());
    let manifest: String =
        files.iter().map(|(name, bytes)| format!("{}  {name}\n", Digest::of(bytes))).collect();
    let info = text(folder, "bag-info.txt");
    let info = info.lines().map(|line| match line.strip_prefix("Payload-Oxum: ") {
        Some(_) => format!("Payload-Oxum: {oxum}\n"),
        None => format!("{line}\n"),
    });
    let info: String = info.collect();
    put(folder, "bag-info.txt", info);
    put(folder, "manifest-sha256.txt", manifest);
    retag(folder);
}

fn retag(folder: &mut Folder) {
    let tags = ["bagit.txt", "bag-info.txt", "VERIFY.txt", "manifest-sha256.txt"];
    let tags = tags.map(|name| format!("{}  {name}\n", Digest::of(body(folder, name))));
    put(folder, "tagmanifest-sha256.txt", tags.concat());
}

fn on(day: &str, folder: &Folder) -> Case {
    case(folder, &[("day", format!("{day}\n").as_bytes())])
}

fn pair(good: &Folder, bad: &Folder) -> Pair {
    Pair { good: on(TODAY, good), bad: on(TODAY, bad) }
}

/// What somebody made of a disclosure, with lists that fit again.
fn changed(rng: &mut Rng, change: impl FnOnce(&mut Folder, &Told, &mut Rng)) -> Pair {
    changed_of(Told::by_somebody(rng), rng, change)
}

fn changed_of(told: Told, rng: &mut Rng, change: impl FnOnce(&mut Folder, &Told, &mut Rng)) -> Pair {
    let good = told.folder();
    let mut bad = good.clone();
    change(&mut bad, &told, rng);
    agree(&mut bad);
    pair(&good, &bad)
}

/// What somebody discloses who may not, and beside it what he may.
fn forged(rng: &mut Rng, change: impl FnOnce(&mut Told, &mut Rng)) -> Pair {
    let told = Told::by_somebody(rng);
    let mut bad = told.clone();
    change(&mut bad, rng);
    pair(&told.folder(), &bad.folder())
}

/// The names of the units that are shown, of this record.
fn shown(folder: &Folder, record: usize) -> Vec<String> {
    let start = in_record(record, "units/");
    folder.keys().filter(|name| name.starts_with(&start)).cloned().collect()
}

/// The name of the unit of this sort that is shown of a record.
fn unit_of(folder: &Folder, record: usize, sort: &str) -> String {
    let start = format!("{{\"unit\":\"{sort}\"");
    shown(folder, record).into_iter().find(|name| text(folder, name).starts_with(&start)).unwrap()
}

/// One disclosure's files of these names in place of another's.
fn put_of(folder: &mut Folder, other: &Folder, names: &[&str]) {
    names.iter().for_each(|name| put(folder, name, body(other, name)));
}

/// What somebody made of a disclosure and another one of the same organisation, with which it has no key in common.
fn mixed(rng: &mut Rng, change: impl FnOnce(&mut Folder, &Folder, &mut Rng)) -> Pair {
    let told = Told::by_somebody(rng);
    let other = Told { seed: told.seed.wrapping_add(1), ..told.clone() }.folder();
    changed_of(told, rng, |folder, _, rng| change(folder, &other, rng))
}

fn swapped_lines(text: &str, rng: &mut Rng) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    let place = rng.below(lines.len() - 1);
    lines.swap(place, place + 1);
    lines.join("\n") + "\n"
}

fn without_a_line(text: &str, rng: &mut Rng) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    lines.remove(rng.below(lines.len()));
    lines.join("\n") + "\n"
}

/// A text with one byte of its Base64, or of what else it holds, changed.
fn flipped(folder: &mut Folder, name: &str, rng: &mut Rng) {
    let mut bytes = body(folder, name).to_vec();
    let place = rng.below(bytes.len());
    bytes[place] ^= 1 << rng.below(7);
    put(folder, name, bytes);
}

pub fn base() -> Case {
    on(TODAY, &Told::by_somebody(&mut Rng(0)).folder())
}

/// Two disclosures of one organisation.
pub fn two(rng: &mut Rng) -> [Case; 2] {
    let told = Told::new(rng);
    let other = Told { seed: told.seed.wrapping_add(1), ..told.clone() };
    [told, other].map(|told| on(TODAY, &told.folder()))
}

/// [`agree`], of a case in which any file may be gone.
pub fn agree_again(case: &mut Case) {
    let inside = case.iter().filter_map(|(name, entry)| Some((name.strip_prefix("folder/")?, entry)));
    let mut folder: Folder = inside.map(|(name, entry)| (name.to_owned(), entry.clone())).collect();
    let there = ["bagit.txt", "bag-info.txt", "VERIFY.txt"].iter().all(|name| folder.contains_key(*name));
    if !there || std::str::from_utf8(body(&folder, "bag-info.txt")).is_err() {
        return;
    }
    agree(&mut folder);
    case.extend(folder.into_iter().map(|(name, entry)| (format!("folder/{name}"), entry)));
}

pub fn families() -> Vec<Family> {
    [units(), lists(), originals(), authors(), allowed(), events(), outsides(), bags()]
        .into_iter()
        .flatten()
        .collect()
}

fn family(name: &'static str, story: &'static str, make: fn(&mut Rng) -> Pair) -> Family {
    Family { name, kind: "disclosure", story, stock: true, make }
}

/// One that the stock commands do not see.
fn unseen(name: &'static str, story: &'static str, make: fn(&mut Rng) -> Pair) -> Family {
    Family { stock: false, ..family(name, story, make) }
}

fn units() -> Vec<Family> {
    vec![
        unseen("unit-that-says-something-twice", "Two titles, or two names for one person.", |rng| {
            forged(rng, |told, rng| {
                let twice = [
                    ("title", "\"What I did not see\""),
                    ("kind", "\"document\""),
                    ("person", "{\"position\":1,\"name\":\"Nobody\"}"),
                    ("run", "{\"paragraph\":1,\"run\":2,\"marked\":false,\"text\":\"Otherwise.\"}"),
                    (
                        "consent",
                        "{\"share\":\"public\",\"name\":\"never\",\"not-before\":null,\"contact\":true}",
                    ),
                ];
                let (sort, value) = rng.pick(&twice);
                told.more.push((sort, value.to_owned()));
            })
        }),
        unseen(
            "unit-spelled-otherwise",
            "A unit as another program might spell it, under lists that name it.",
            |rng| {
                forged(rng, |told, rng| {
                    let spelled = [
                        ("consent-words", "\"\\u0041sk me.\""),
                        ("consent-words", " \"Ask me.\""),
                        ("consent-words", "\"Ask\\/me.\""),
                        ("person", "{\"name\":\"Nobody\",\"position\":2}"),
                        ("person", "{\"position\":2.0,\"name\":\"Nobody\"}"),
                        ("person", "{\"position\":02,\"name\":\"Nobody\"}"),
                        ("person", "{\"position\":4294967296,\"name\":\"Nobody\"}"),
                        ("note", "\"Of no sort.\""),
                    ];
                    let (sort, value) = rng.pick(&spelled);
                    told.more.push((sort, value.to_owned()));
                })
            },
        ),
        unseen(
            "pseudonym-that-the-terms-do-not-ask-for",
            "A name was chosen, and the terms name the author.",
            |rng| forged(rng, |told, _| told.more.push(("pseudonym", "\"Reed\"".to_owned()))),
        ),
        family("unit-changed", "A word of what is shown is another one.", |rng| {
            changed(rng, |folder, _, rng| {
                let (sort, from, to) = rng.pick(&[
                    ("run", "Words", "Other words"),
                    ("title", "What", "Who"),
                    ("date", "1988", "1989"),
                    ("person", "Somebody", "Nobody"),
                    ("consent", "false", "true"),
                ]);
                let name = unit_of(folder, 1, sort);
                edit(folder, &name, |text| text.replacen(from, to, 1));
            })
        }),
        family("unit-salted-anew", "The same words under another salt.", |rng| {
            changed(rng, |folder, _, rng| {
                let name = rng.pick(&shown(folder, 1));
                let salt = Digest::of(&rng.next().to_be_bytes()).to_string();
                edit(folder, &name, |text| {
                    let at = text.find("\"salt\":\"").unwrap() + 8;
                    format!("{}{salt}{}", &text[..at], &text[at + 64..])
                });
            })
        }),
        family("unit-from-another-item", "A unit of another record of the same bundle.", |rng| {
            changed(rng, |folder, _, rng| {
                let sort = rng.pick(&["title", "kind", "consent"]);
                let (to, from) = (unit_of(folder, 1, sort), unit_of(folder, 2, sort));
                put(folder, &to, body(folder, &from).to_vec());
            })
        }),
        family(
            "unit-from-another-bundle",
            "A unit of the same number and sort, of somebody else's.",
            |rng| {
                mixed(rng, |folder, other, rng| {
                    let name = rng.pick(&shown(folder, 1));
                    put_of(folder, other, &[&name]);
                })
            },
        ),
        family("units-exchanged", "Two units of one record, each under the other's number.", |rng| {
            changed(rng, |folder, _, rng| {
                let names = shown(folder, 1);
                let (one, other) = (rng.below(names.len() - 1), names.len() - 1);
                let bytes = body(folder, &names[one]).to_vec();
                put(folder, &names[one], body(folder, &names[other]).to_vec());
                put(folder, &names[other], bytes);
            })
        }),
        family(
            "unit-withheld-and-put-back-as-another",
            "In the place of what was left out stands something else.",
            |rng| {
                let told = Told::by_somebody(rng);
                let (mut good, mut bad) = (told.folder(), told.folder());
                let name = in_record(1, &unit_name(4));
                assert!(!good.contains_key(&name), "the place is withheld");
                put(&mut good, &name, told.units(1)[3].clone());
                agree(&mut good);
                put(&mut bad, &name, told.units(1)[3].clone());
                edit(&mut bad, &name, |text| text.replacen("Sample Town", "Another Town", 1));
                agree(&mut bad);
                pair(&good, &bad)
            },
        ),
        family("unit-that-no-list-names", "A unit behind the last one.", |rng| {
            changed(rng, |folder, told, rng| {
                let number = told.units(1).len() + 1 + rng.below(90);
                let unit = body(folder, &unit_of(folder, 1, "title")).to_vec();
                put(folder, &in_record(1, &unit_name(number)), unit);
            })
        }),
        family("consent-unit-missing", "A record without the terms that it was given under.", |rng| {
            changed(rng, |folder, _, rng| {
                let record = 1 + rng.below(2);
                folder.remove(&in_record(record, &unit_name(1)));
            })
        }),
    ]
}

fn lists() -> Vec<Family> {
    vec![
        unseen(
            "digest-list-that-names-otherwise",
            "A number left out, or names of another shape, rightly vouched for.",
            |rng| {
                forged(rng, |told, rng| {
                    let name = rng.pick(&[
                        "units/0099.json",
                        "units/004.json",
                        "units/0000.json",
                        "units/00004.json",
                    ]);
                    told.listed_otherwise = Some(("units/0004.json", name));
                })
            },
        ),
        family("records-list-with-another-record", "A record that is not shown is another one.", |rng| {
            changed(rng, |folder, told, _| {
                let (before, after) = (told.record(3).to_string(), told.digest("another").to_string());
                edit(folder, RECORDS, |text| text.replacen(&before, &after, 1));
            })
        }),
        unseen(
            "records-list-that-names-otherwise",
            "Names that the list of a bundle has not, rightly vouched for.",
            |rng| {
                forged(rng, |told, rng| {
                    let name = rng.pick(&["records/0004/", "records/003/", "notes/0003/", "records/0000/"]);
                    told.records_otherwise = Some(("records/0003/", name));
                })
            },
        ),
        unseen("salt-of-another-length", "An inner salt that is not of 32 bytes, rightly listed.", |rng| {
            forged(rng, |told, rng| told.salt_bytes = rng.pick(&[0, 16, 31, 33, 64]))
        }),
        family("digest-list-reordered", "Two lines of a record's list changed places.", |rng| {
            changed(rng, |folder, _, rng| {
                let name = in_record(1 + rng.below(2), LIST);
                edit(folder, &name, |text| swapped_lines(&text, rng));
            })
        }),
        family("digest-list-line-dropped", "What was withheld seems never to have been there.", |rng| {
            changed(rng, |folder, _, _| {
                edit(folder, &in_record(1, LIST), |text| {
                    text.lines()
                        .filter(|line| !line.ends_with("0004.json"))
                        .map(|line| format!("{line}\n"))
                        .collect()
                });
            })
        }),
        family("digest-list-made-anew", "A unit is changed, and the list of its record with it.", |rng| {
            changed(rng, |folder, _, _| {
                let name = unit_of(folder, 1, "title");
                let before = Digest::of(body(folder, &name)).to_string();
                edit(folder, &name, |text| text.replacen("What", "Who", 1));
                let after = Digest::of(body(folder, &name)).to_string();
                edit(folder, &in_record(1, LIST), |text| text.replacen(&before, &after, 1));
            })
        }),
        family("all-lists-made-anew", "A unit is changed, and every list up to what was signed.", |rng| {
            changed(rng, |folder, _, _| {
                let (unit, list) = (unit_of(folder, 1, "title"), in_record(1, LIST));
                let digests =
                    |folder: &Folder| [&unit, &list].map(|name| Digest::of(body(folder, name)).to_string());
                let before = digests(folder);
                edit(folder, &unit, |text| text.replacen("What", "Who", 1));
                let after = digests(folder);
                edit(folder, &list, |text| text.replacen(&before[0], &after[0], 1));
                let after = digests(folder);
                edit(folder, RECORDS, |text| text.replacen(&before[1], &after[1], 1));
            })
        }),
        family("records-list-reordered", "Records under each other's numbers.", |rng| {
            changed(rng, |folder, _, rng| edit(folder, RECORDS, |text| swapped_lines(&text, rng)))
        }),
        family("records-list-line-dropped", "A record that the bundle has seems not to be.", |rng| {
            changed(rng, |folder, _, rng| edit(folder, RECORDS, |text| without_a_line(&text, rng)))
        }),
        family(
            "record-under-another-number",
            "A record that is shown stands where another belongs.",
            |rng| {
                changed(rng, |folder, _, rng| {
                    let to = rng.pick(&["0003", "0004", "0000"]);
                    let names: Vec<String> =
                        folder.keys().filter(|name| name.contains("/0001/")).cloned().collect();
                    for name in names {
                        let entry = folder.remove(&name).unwrap();
                        folder.insert(name.replace("/0001/", &format!("/{to}/")), entry);
                    }
                })
            },
        ),
        family("record-of-another-bundle", "A whole record of somebody else's.", |rng| {
            mixed(rng, |folder, other, rng| {
                let record = format!("data/records/{:04}/", 1 + rng.below(2));
                let names: Vec<&str> =
                    other.keys().filter(|name| name.starts_with(&record)).map(String::as_str).collect();
                put_of(folder, other, &names);
            })
        }),
        family(
            "salt-of-another-bundle",
            "The salt with which the events would be looked up is another.",
            |rng| mixed(rng, |folder, other, _| put_of(folder, other, &["data/salt"])),
        ),
        family("no-record-shown", "A disclosure of nothing.", |rng| {
            changed(rng, |folder, _, _| {
                folder.retain(|name, _| {
                    !["data/records/", "data/files/", "data/events/0002", "data/events/0003"]
                        .iter()
                        .any(|start| name.starts_with(start))
                });
            })
        }),
    ]
}

fn originals() -> Vec<Family> {
    vec![
        family("original-described-in-two-ways", "Two units name one file and do not agree.", |rng| {
            forged(rng, |told, rng| {
                let content = told.original(1);
                let other = rng.below(2) == 0;
                let size = content.len() + usize::from(other);
                let digest = if other { Digest::of(&content) } else { told.digest("another") };
                let value = format!(
                    "{{\"position\":1,\"file\":1,\"media-type\":\"text/plain\",\"size\":{size},\"sha256\":\"{digest}\"}}"
                );
                told.more.push(("file", value));
            })
        }),
        family("original-changed", "One bit of a file.", |rng| {
            changed(rng, |folder, _, rng| {
                let name = format!("data/files/{:04}", 1 + rng.below(2));
                flipped(folder, &name, rng);
            })
        }),
        family("original-swapped", "Two files, each under the other's number.", |rng| {
            changed(rng, |folder, _, _| {
                let [one, other] = ["data/files/0001", "data/files/0002"];
                let first = body(folder, one).to_vec();
                put(folder, one, body(folder, other).to_vec());
                put(folder, other, first);
            })
        }),
        family("original-cut-short", "The end of a file is missing, or something follows it.", |rng| {
            changed(rng, |folder, _, rng| {
                let mut bytes = body(folder, "data/files/0002").to_vec();
                let len = rng.pick(&[0, 1, bytes.len() - 1, bytes.len() + 1]);
                bytes.resize(len, b'x');
                put(folder, "data/files/0002", bytes);
            })
        }),
        family("original-missing", "A unit describes a file that is not there.", |rng| {
            changed(rng, |folder, _, rng| drop(folder.remove(&format!("data/files/{:04}", 1 + rng.below(2)))))
        }),
        family(
            "original-that-no-unit-describes",
            "The unit of a file is withheld, and the file is not.",
            |rng| {
                let told = Told::by_somebody(rng);
                let (mut good, mut bad) = (told.folder(), told.folder());
                for folder in [&mut good, &mut bad] {
                    let unit = unit_of(folder, 2, "file");
                    folder.remove(&unit);
                }
                good.remove("data/files/0001");
                agree(&mut good);
                agree(&mut bad);
                pair(&good, &bad)
            },
        ),
    ]
}

fn authors() -> Vec<Family> {
    vec![
        family(
            "author-claimed-by-somebody-else",
            "A statement about this very bundle, by another author.",
            |rng| {
                changed(rng, |folder, told, rng| {
                    let other = Told { claimed_by: Some(60 + rng.below(9) as u8), ..told.clone() };
                    let statement = other.statement();
                    let signatures = signatures::<domain::Author>(&statement, &other.author());
                    for (ending, signature) in [".sig", ".pq.sig"].iter().zip(signatures) {
                        put(folder, &format!("{AUTHOR}{ending}"), signature);
                    }
                    put(folder, AUTHOR, statement);
                })
            },
        ),
        family("author-of-another-bundle", "The statement and signatures of somebody else.", |rng| {
            mixed(rng, |folder, other, _| {
                put_of(folder, other, &[AUTHOR, "data/author.sig", "data/author.pq.sig"]);
            })
        }),
        family("author-statement-changed", "A line of it, and the signatures are left.", |rng| {
            changed(rng, |folder, told, rng| {
                let label = rng.pick(&["salt", "card", "proof", "disclosure"]);
                edit(folder, AUTHOR, |text| with_line(&text, label, &told.digest("changed").to_string()));
            })
        }),
        family(
            "author-statement-to-another-card",
            "What was said to one organisation, shown by another.",
            |rng| {
                forged(rng, |told, _| {
                    told.said_otherwise = Some(("card", told.digest("another card").to_string()))
                })
            },
        ),
        family(
            "author-statement-about-another-bundle",
            "It names another list of records, or another proof.",
            |rng| {
                forged(rng, |told, rng| {
                    let label = rng.pick(&["disclosure", "proof"]);
                    told.said_otherwise = Some((label, told.digest("another").to_string()));
                })
            },
        ),
        family(
            "author-statement-for-other-one-time-keys",
            "It vouches for keys that did not sign the bundle.",
            |rng| {
                forged(rng, |told, rng| {
                    let other = keys(60 + rng.below(9) as u8).public();
                    let lines = [
                        ("bundle-key", other.ed25519().to_string()),
                        ("bundle-pq-key", other.composite().to_string()),
                    ];
                    told.said_otherwise = Some(rng.pick(&lines));
                })
            },
        ),
        family("author-under-a-weak-key", "A key under which anybody signs.", |rng| {
            forged(rng, |told, rng| {
                told.said_otherwise = Some(("author", line_of("ssh-ed25519", &weak_key(rng))))
            })
        }),
        family("author-signature-of-another", "The first signature is somebody else's.", |rng| {
            changed(rng, |folder, _, rng| {
                let by = keys(60 + rng.below(9) as u8);
                let [signature, _] = signatures::<domain::Author>(&text(folder, AUTHOR), &by);
                put(folder, "data/author.sig", signature);
            })
        }),
        unseen("author-second-signature-of-another", "The second signature is somebody else's.", |rng| {
            changed(rng, |folder, _, rng| {
                let by = keys(60 + rng.below(9) as u8);
                let [_, signature] = signatures::<domain::Author>(&text(folder, AUTHOR), &by);
                put(folder, "data/author.pq.sig", signature);
            })
        }),
        family(
            "author-signature-in-another-role",
            "What the author's key signed as something else.",
            |rng| {
                changed(rng, |folder, told, _| {
                    let [signature, _] = signatures::<domain::Bundle>(&text(folder, AUTHOR), &told.author());
                    put(folder, "data/author.sig", signature);
                })
            },
        ),
        unseen("author-signature-malleated", "S + L in place of S: a signature that nobody made.", |rng| {
            changed(rng, |folder, _, _| {
                edit(folder, "data/author.sig", |text| {
                    let lines: Vec<&str> = text.lines().collect();
                    let mut blob = unbase64(&lines[1..lines.len() - 1].concat());
                    malleate(&mut blob);
                    let body = super::families::base64(&blob);
                    let wrapped: Vec<&str> =
                        (0..body.len()).step_by(70).map(|at| &body[at..body.len().min(at + 70)]).collect();
                    format!("{}\n{}\n{}\n", lines[0], wrapped.join("\n"), lines[lines.len() - 1])
                });
            })
        }),
        family("author-without-a-signature", "One of the three files is not there.", |rng| {
            changed(rng, |folder, _, rng| {
                folder.remove(rng.pick(&["data/author.sig", "data/author.sig", AUTHOR]));
            })
        }),
        family("card-of-another-organisation", "Another card under the same log.", |rng| {
            forged_card(rng, |told| Told { organisation: "Another Archive", ..told.clone() }.card())
        }),
        family("card-in-a-disclosure-changed", "A term of it, under the signatures that it had.", |rng| {
            forged_card(rng, |told| {
                let text = String::from_utf8(told.card()).unwrap();
                text.replacen("serial: 1\n", "serial: 2\n", 1).into_bytes()
            })
        }),
    ]
}

/// A disclosure in which the card is another one.
fn forged_card(rng: &mut Rng, card: impl FnOnce(&Told) -> Vec<u8>) -> Pair {
    changed(rng, |folder, told, _| put(folder, "data/card", card(told)))
}

fn allowed() -> Vec<Family> {
    vec![
        family("terms-of-the-organisation-alone", "A record whose terms let it go nowhere.", |rng| {
            forged(rng, |told, rng| told.terms[rng.below(2)].0 = "organisation")
        }),
        family(
            "terms-of-courts-shown-to-the-public",
            "A record for courts, disclosed for everyone.",
            |rng| {
                let mut told = Told::by_somebody(rng);
                told.terms[rng.below(2)].0 = "court";
                let [good, bad] =
                    ["court", "public"].map(|audience| Told { audience, ..told.clone() }.folder());
                pair(&good, &bad)
            },
        ),
        family(
            "terms-of-courts-relabelled-for-the-public",
            "The word for whom it was made is changed.",
            |rng| {
                let mut told = Told::by_somebody(rng);
                told.terms[rng.below(2)].0 = "court";
                told.audience = "court";
                changed_of(told, rng, |folder, _, _| {
                    edit(folder, "bag-info.txt", |text| with_line(&text, "Disclosed-For", "public"));
                })
            },
        ),
        unseen("terms-of-a-later-day", "For the public before the day on which it may be.", |rng| {
            let mut told = Told::by_somebody(rng);
            told.audience = "public";
            told.terms = [("public", "named", "null"); 3];
            told.terms[rng.below(2)].2 = "\"2027-02-28\"";
            let folder = told.folder();
            let early = rng.pick(&["2026-11-23", "2027-02-27", "2026-12-31"]);
            let late = rng.pick(&["2027-02-28", "2027-03-01", "2031-01-01"]);
            Pair { good: on(late, &folder), bad: on(early, &folder) }
        }),
        unseen("author-shown-where-not-allowed", "A record that is shown does not name its author.", |rng| {
            let mut told = Told::by_somebody(rng);
            told.terms[rng.below(2)].1 = rng.pick(&["never", "pseudonym"]);
            let unnamed = Told { released: false, ..told.clone() };
            pair(&unnamed.folder(), &told.folder())
        }),
    ]
}

fn events() -> Vec<Family> {
    vec![
        family("withdrawn-item-disclosed", "An officer signed that its author withdrew it.", |rng| {
            changed(rng, |folder, told, rng| {
                let line = format!("withdraw {}", told.record(1));
                // Beside the event that it was disclosed, or in its place.
                put_event(folder, rng.pick(&[2, 4]), &event(&line, &keys(1 + rng.below(2) as u8)));
            })
        }),
        family(
            "event-proof-of-another",
            "The proof beside an event is another event's, or of another log.",
            |rng| {
                let told = Told::by_somebody(rng);
                let (mut good, mut bad) = (told.folder(), told.folder());
                let lines = [1, 2].map(|number| text(&good, &format!("data/events/{number:04}.txt")));
                let proof = |line: &str, log: &NoteSigner| told.event_proof(line, log);
                put(&mut good, PROOF, proof(&lines[0], &told.signer));
                put(&mut good, "data/events/0002.tlog-proof", proof(&lines[1], &told.signer));
                let other = match rng.below(2) {
                    0 => proof(&lines[1], &told.signer),
                    _ => proof(&lines[0], &NoteSigner::new("archive.example/log", log_key(51)).unwrap()),
                };
                put(&mut bad, PROOF, other);
                agree(&mut good);
                agree(&mut bad);
                pair(&good, &bad)
            },
        ),
        unseen("event-proof-without-its-event", "A proof of which nothing is told.", |rng| {
            changed(rng, |folder, told, _| {
                let line = text(folder, "data/events/0001.txt");
                put(folder, "data/events/0009.tlog-proof", told.event_proof(&line, &told.signer));
            })
        }),
        unseen("custody-record-changed", "The record for other programs says something else.", |rng| {
            let told = Told::by_somebody(rng);
            let (good, mut bad) = (told.folder(), told.folder());
            let (from, to) = rng.pick(&[
                ("open", "hold"),
                ("disclose", "transfer"),
                ("data/files/0001", "data/files/0002"),
            ]);
            edit(&mut bad, RECORD, |text| text.replacen(from, to, 1));
            count(&mut bad);
            pair(&good, &bad)
        }),
        family("event-by-a-stranger", "Signed by keys that are on no card.", |rng| {
            changed(rng, |folder, told, rng| {
                let by = keys(60 + rng.below(9) as u8);
                put_event(folder, 2, &event(&format!("disclose {}", told.record(1)), &by));
            })
        }),
        unseen("event-by-two-officers", "Each of its signatures is another officer's.", |rng| {
            changed(rng, |folder, told, _| {
                let line = format!("disclose {}", told.record(1));
                let ([line, first, _], [_, _, second]) = (event(&line, &keys(1)), event(&line, &keys(2)));
                put_event(folder, 2, &[line, first, second]);
            })
        }),
        unseen("opening-in-another-officer-s-name", "One officer says that another opened it.", |rng| {
            changed(rng, |folder, told, _| {
                let line = format!("open {} {}", told.bundle(), keys(2).public().fingerprint());
                put_event(folder, 1, &event(&line, &keys(1)));
            })
        }),
        family("event-of-another-bundle", "The opening of something else.", |rng| {
            changed(rng, |folder, told, _| {
                let line = format!("open {} {}", told.digest("another"), keys(1).public().fingerprint());
                put_event(folder, 1, &event(&line, &keys(1)));
            })
        }),
        family(
            "event-of-a-record-that-is-not-shown",
            "It tells of what was withheld, or of nothing.",
            |rng| {
                forged(rng, |told, rng| {
                    let record = rng.pick(&[told.record(3), told.digest("no record")]);
                    told.events.push((format!("disclose {record}"), 2));
                })
            },
        ),
        family("event-of-another-kind", "What is no event of a bundle, rightly signed.", |rng| {
            forged(rng, |told, rng| {
                let line = rng.pick(&[
                    format!("export {}", told.bundle()),
                    format!("receipt {}", told.bundle()),
                    "keys".to_owned(),
                ]);
                told.events.push((line, 1));
            })
        }),
        family(
            "record-without-its-event",
            "A record that is shown, and nobody says that he showed it.",
            |rng| changed(rng, |folder, _, _| folder.retain(|name, _| !name.starts_with("data/events/0003"))),
        ),
        unseen("event-told-twice", "The same event under two numbers.", |rng| {
            forged(rng, |told, rng| {
                told.events
                    .push((format!("disclose {}", told.record(1 + rng.below(2))), 1 + rng.below(2) as u8));
            })
        }),
        unseen("event-number-left-out", "As if one had been taken away.", |rng| {
            changed(rng, |folder, _, _| {
                for ending in ["txt", "sig", "pq.sig"] {
                    let entry = folder.remove(&format!("data/events/0003.{ending}")).unwrap();
                    folder.insert(format!("data/events/0004.{ending}"), entry);
                }
            })
        }),
        family("event-signature-in-another-role", "What an officer signed as something else.", |rng| {
            changed(rng, |folder, told, _| {
                let line = format!("disclose {}", told.record(1));
                let [first, second] = signatures::<domain::Bundle>(&line, &keys(1));
                put_event(folder, 2, &[line, first, second]);
            })
        }),
        family("event-spelled-otherwise", "The line in other bytes, rightly signed.", |rng| {
            changed(rng, |folder, told, rng| {
                let line = format!("disclose {}", told.record(1));
                let spelled =
                    [format!("{line}\n"), line.to_uppercase(), line.replace(' ', "  "), format!("{line} ")];
                let line = rng.pick(&spelled);
                let [first, second] = signatures::<domain::Event>(&line, &keys(1));
                put_event(folder, 2, &[line, first, second]);
            })
        }),
        family("event-signature-missing", "A line that nobody signed.", |rng| {
            changed(rng, |folder, _, rng| {
                folder.remove(&format!("data/events/{:04}.sig", 1 + rng.below(3)));
            })
        }),
        family("disclosed-receipt-of-another-bundle", "Somebody else's receipt, from the same log.", |rng| {
            mixed(rng, |folder, other, _| put_of(folder, other, &[RECEIPT]))
        }),
        family("disclosed-receipt-by-another-log", "A log of the same name under another key.", |rng| {
            changed(rng, |folder, told, _| {
                let signer = NoteSigner::new("archive.example/log", log_key(51)).unwrap();
                put(folder, RECEIPT, Told { signer, ..told.clone() }.receipt());
            })
        }),
        family("disclosed-receipt-at-another-place", "A place that the hashes do not lead from.", |rng| {
            changed(rng, |folder, _, rng| {
                let place = rng.pick(&["0", "1", "2", "4", "33"]);
                edit(folder, RECEIPT, |text| text.replacen("index 3\n", &format!("index {place}\n"), 1));
            })
        }),
    ]
}

fn outsides() -> Vec<Family> {
    vec![
        family("bundle-outside-of-another", "Every outer member is another bundle's.", |rng| {
            mixed(rng, |folder, other, _| {
                let names: Vec<&str> = other
                    .keys()
                    .filter(|name| name.starts_with("data/bundle/"))
                    .map(String::as_str)
                    .collect();
                put_of(folder, other, &names);
            })
        }),
        family("bundle-outside-changed", "One bit of a member that was signed.", |rng| {
            changed(rng, |folder, _, rng| {
                let name = rng.pick(&[
                    "bagit.txt",
                    "bag-info.txt",
                    "signer.pub",
                    "quorum/07.age",
                    "manifest-sha256.txt",
                ]);
                flipped(folder, &format!("data/bundle/{name}"), rng);
            })
        }),
        family("bundle-outside-member-missing", "A quorum file is not there.", |rng| {
            changed(rng, |folder, _, rng| {
                folder.remove(&format!("data/bundle/quorum/{:02}.age", 1 + rng.below(10)));
            })
        }),
        family("bundle-outside-under-a-weak-key", "A one-time key under which anybody signs.", |rng| {
            forged(rng, |told, rng| told.one_time_line = Some(line_of("ssh-ed25519", &weak_key(rng))))
        }),
        family("bundle-outside-signed-by-another", "The first signature is somebody else's.", |rng| {
            mixed(rng, |folder, other, _| put_of(folder, other, &["data/bundle/tagmanifest-sha256.txt.sig"]))
        }),
        unseen(
            "bundle-outside-s-second-signature-by-another",
            "The second signature is somebody else's.",
            |rng| {
                mixed(rng, |folder, other, _| {
                    put_of(folder, other, &["data/bundle/tagmanifest-sha256.txt.pq.sig"])
                })
            },
        ),
        family("bundle-id-of-another", "The bag names another bundle than is in it.", |rng| {
            changed(rng, |folder, told, _| {
                let other = told.digest("another").to_string();
                edit(folder, "bag-info.txt", |text| with_line(&text, "Bundle-SHA256", &other));
            })
        }),
    ]
}

/// A disclosure changed without its lists being made anew but as told.
fn unlisted(rng: &mut Rng, change: impl FnOnce(&mut Folder, &mut Rng)) -> Pair {
    let good = Told::new(rng).folder();
    let mut bad = good.clone();
    change(&mut bad, rng);
    pair(&good, &bad)
}

fn bags() -> Vec<Family> {
    vec![
        family("disclosed-member-swapped", "A file is another one, and the lists are as they were.", |rng| {
            unlisted(rng, |folder, rng| {
                let names: Vec<String> =
                    folder.keys().filter(|name| name.starts_with("data/")).cloned().collect();
                let name = rng.pick(&names);
                flipped(folder, &name, rng);
            })
        }),
        family("manifest-line-dropped", "A file that is there is in no list.", |rng| {
            unlisted(rng, |folder, rng| {
                edit(folder, "manifest-sha256.txt", |text| without_a_line(&text, rng));
                retag(folder);
            })
        }),
        unseen("manifest-reordered", "Its lines in another order.", |rng| {
            unlisted(rng, |folder, rng| {
                edit(folder, "manifest-sha256.txt", |text| swapped_lines(&text, rng));
                retag(folder);
            })
        }),
        family("tag-manifest-line-dropped", "What is not under data/ is not listed.", |rng| {
            unlisted(rng, |folder, rng| {
                edit(folder, "tagmanifest-sha256.txt", |text| without_a_line(&text, rng))
            })
        }),
        unseen("tag-manifest-reordered", "Its lines in another order.", |rng| {
            unlisted(rng, |folder, rng| {
                edit(folder, "tagmanifest-sha256.txt", |text| swapped_lines(&text, rng))
            })
        }),
        unseen("payload-oxum-of-another", "Bytes and files that are not what is there.", |rng| {
            unlisted(rng, |folder, rng| {
                let oxum = rng.pick(&["1.1", "0.0", "131072.31"]);
                edit(folder, "bag-info.txt", |text| with_line(&text, "Payload-Oxum", oxum));
                retag(folder);
            })
        }),
        family("file-that-is-listed-nowhere", "More than the lists tell of.", |rng| {
            unlisted(rng, |folder, rng| {
                let name = rng.pick(&[
                    "note.txt",
                    "data/note",
                    "data/bundle/note",
                    "data/records/0001/units/9999.json",
                ]);
                put(folder, name, "More.\n");
            })
        }),
        unseen("file-that-no-disclosure-has", "It is listed, and nobody says what it is.", |rng| {
            changed(rng, |folder, _, rng| {
                put(
                    folder,
                    rng.pick(&["data/note", "data/time.txt", "data/more/note", "data/card.old"]),
                    "More.\n",
                );
            })
        }),
        family("link-in-a-disclosure", "A name that leads somewhere else.", |rng| {
            unlisted(rng, |folder, rng| {
                let target = rng.pick(&["/etc/passwd", "data/card", "../folder/data/salt", "nowhere"]);
                let name = rng.pick(&["data/salt", "data/note", "note"]);
                folder.insert(name.to_owned(), Entry::Link(target.to_owned()));
            })
        }),
        family("pipe-in-a-disclosure", "A file on which whoever reads it waits for ever.", |rng| {
            unlisted(rng, |folder, rng| {
                folder.insert(rng.pick(&["data/note", "note"]).to_owned(), Entry::Pipe);
            })
        }),
        unseen("declaration-spelled-otherwise", "The declarations of the bag in other bytes.", |rng| {
            unlisted(rng, |folder, rng| {
                let name = rng.pick(&["bagit.txt", "bag-info.txt"]);
                let spelled = misspelled(&text(folder, name), rng);
                put(folder, name, spelled);
                retag(folder);
            })
        }),
        unseen("declaration-of-another-version", "What this page does not describe.", |rng| {
            unlisted(rng, |folder, rng| {
                let (label, value) = rng.pick(&[
                    ("Format-Version", "sanduq-disclosure/2"),
                    ("Format-Version", "sanduq-bundle/1"),
                    ("Disclosed-For", "Court"),
                    ("Disclosed-For", "organisation"),
                ]);
                edit(folder, "bag-info.txt", |text| with_line(&text, label, value));
                retag(folder);
            })
        }),
    ]
}
