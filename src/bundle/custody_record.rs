//! `data/custody.jsonld`: who did what with the evidence in a disclosure, in the words of CASE and UCO, for programs of
//! investigators.
//!
//! It says nothing that the rest of the disclosure does not say: it is made from that alone, in one spelling, so whoever
//! checks a disclosure makes it anew and compares the bytes. No text of a record is in it, and nobody is named but the
//! organisation; officers and authors are fingerprints of keys. docs/spec/custody-record.md is the normative text.

use std::collections::BTreeSet;

use serde::Serialize;

use super::disclosure::{self, Audience};
use super::layout;
use super::receipt::Receipt;
use crate::crypto::hash::Digest;
use crate::custody::Event;
use crate::evidence::layout::LIST_NAME;
use crate::evidence::unit::Descriptor;
use crate::format::card::Card;
use crate::tlog::Leaf;

/// What stands before the nodes. The prefixes are those of CASE's own examples.
const BEGIN: &str = concat!(
    "{\"@context\":{",
    "\"case-investigation\":\"https://ontology.caseontology.org/case/investigation/\",",
    "\"kb\":\"urn:sanduq:\",",
    "\"uco-action\":\"https://ontology.unifiedcyberontology.org/uco/action/\",",
    "\"uco-core\":\"https://ontology.unifiedcyberontology.org/uco/core/\",",
    "\"uco-identity\":\"https://ontology.unifiedcyberontology.org/uco/identity/\",",
    "\"uco-observable\":\"https://ontology.unifiedcyberontology.org/uco/observable/\",",
    "\"uco-types\":\"https://ontology.unifiedcyberontology.org/uco/types/\",",
    "\"xsd\":\"http://www.w3.org/2001/XMLSchema#\"},\n\"@graph\":[\n"
);
const END: &str = "\n]}\n";

/// What a name is hashed with, so that a node's id is like no other digest here.
const ID_LABEL: &str = "sanduq-custody-record/1 ";

/// All that the record is made from.
#[derive(Debug, Clone)]
pub struct CustodyRecord<'a> {
    /// The bundle's id.
    pub bundle: Digest,
    /// For whom it is disclosed.
    pub audience: Audience,
    /// The organisation's card.
    pub card: &'a Card,
    /// The fingerprint of the one-time keys that sealed it.
    pub signer: Digest,
    /// The fingerprint of the author's keys, where the statement is released.
    pub author: Option<Digest>,
    /// The bundle's receipt, where there is one.
    pub receipt: Option<&'a Receipt>,
    /// The records that are shown, in the order of their numbers.
    pub records: Vec<ShownRecord<'a>>,
    /// The events, in the order of their files.
    pub events: Vec<ToldEvent>,
}

/// A record that is shown.
#[derive(Debug, Clone)]
pub struct ShownRecord<'a> {
    /// Its number in the bundle.
    pub number: u32,
    /// The digest of its list.
    pub digest: Digest,
    /// How many of its units are shown.
    pub shown: usize,
    /// How many it has.
    pub units: usize,
    /// What its files are, where that is shown, in the order of their positions.
    pub files: Vec<&'a Descriptor>,
}

/// An event, with the officer who signed it and the leaf by which it may stand in the log.
#[derive(Debug, Clone, Copy)]
pub struct ToldEvent {
    /// What was done.
    pub event: Event,
    /// The fingerprint of the officer's keys.
    pub officer: Digest,
    /// Its leaf.
    pub leaf: Leaf,
}

impl CustodyRecord<'_> {
    /// The text of the file: a node on each line.
    #[must_use]
    pub fn print(&self) -> String {
        let mut graph = self.graph();
        let whole: String = graph.iter().map(|node| node.id.clone() + "\n").collect();
        let made_for = format!("Custody record of a disclosure, made for: {}", self.audience);
        let objects = graph.iter().map(|node| Reference::to(&node.id)).collect();
        let head = Node { objects, ..Node::new("uco-core:Bundle", id("custody", &whole)) };
        graph.insert(0, head.described(made_for));
        let lines: Vec<String> = graph.iter().map(json).collect();
        format!("{BEGIN}{}{END}", lines.join(",\n"))
    }

    fn graph(&self) -> Vec<Node> {
        let mut graph = vec![self.organisation(), self.author()];
        let mut officers: Vec<Digest> = self.events.iter().map(|event| event.officer).collect();
        officers.sort_unstable();
        officers.dedup();
        graph.extend(officers.into_iter().map(officer));
        graph.push(self.bundle());
        let mut files = BTreeSet::new();
        for record in &self.records {
            self.push_record(&mut graph, record, &mut files);
        }
        graph.push(self.sealed());
        graph.extend(self.receipt.map(|receipt| self.logged(receipt)));
        graph.extend(self.events.iter().filter_map(|told| self.told(told)));
        graph
    }

    fn organisation(&self) -> Node {
        let (card, key) = (self.card.digest(), self.card.fingerprint());
        let node = Node::new("uco-identity:Organization", self.organisation_id());
        let told = format!("Card with SHA-256 {card}, under the card key with fingerprint {key}");
        node.named(self.card.name()).described(told)
    }

    fn organisation_id(&self) -> String {
        id("organisation", self.card.fingerprint())
    }

    fn author(&self) -> Node {
        let told = match self.author {
            Some(author) => format!("Author, under the keys with fingerprint {author}"),
            None => "Author, who was not released".to_owned(),
        };
        Node::new("uco-identity:Identity", self.author_id()).described(told)
    }

    fn author_id(&self) -> String {
        match self.author {
            Some(author) => id("author", author),
            None => id("author-of", self.bundle),
        }
    }

    fn bundle_id(&self) -> String {
        id("bundle", self.bundle)
    }

    fn bundle(&self) -> Node {
        let path = disclosure::outer(layout::TAG_MANIFEST);
        Node::new("uco-observable:ObservableObject", self.bundle_id())
            .described("The list of everything in a bundle; its SHA-256 is the bundle's id".to_owned())
            .faceted("bundle", &path, self.bundle, None)
    }

    fn record_id(&self, digest: Digest) -> String {
        id("record", format!("{}/{digest}", self.bundle))
    }

    fn push_record(&self, graph: &mut Vec<Node>, record: &ShownRecord, files: &mut BTreeSet<u32>) {
        let its = self.record_id(record.digest);
        let path = format!("{}/{LIST_NAME}", disclosure::record(record.number));
        let told = format!("The list of a record; {} of its {} units are shown", record.shown, record.units);
        graph.push(Node::new("uco-observable:ObservableObject", its.clone()).described(told).faceted(
            "record",
            &path,
            record.digest,
            None,
        ));
        graph.push(within(&its, &self.bundle_id()));
        let mut exhibit = vec![Reference::to(&its)];
        for file in &record.files {
            let one = id("file", format!("{}/{}", self.bundle, file.file));
            if files.insert(file.file) {
                let path = disclosure::file(file.file);
                let node = Node::new("uco-observable:ObservableObject", one.clone());
                graph.push(node.faceted("file", &path, file.sha256, Some(file)));
            }
            graph.push(within(&one, &its));
            exhibit.push(Reference::to(&one));
        }
        let number = format!("{:04}", record.number);
        let provenance = Node::new("case-investigation:ProvenanceRecord", self.provenance_id(record.digest));
        graph.push(Node { exhibit: Some(number), objects: exhibit, ..provenance });
    }

    fn provenance_id(&self, digest: Digest) -> String {
        id("provenance", format!("{}/{digest}", self.bundle))
    }

    fn sealed_id(&self) -> String {
        id("seal", self.bundle)
    }

    fn sealed(&self) -> Node {
        let told = format!("Signed with one-time keys with fingerprint {}", self.signer);
        let action = Node::action("seal", self.sealed_id(), &self.author_id());
        Node { result: vec![Reference::to(&self.bundle_id())], ..action }.described(told)
    }

    fn logged(&self, receipt: &Receipt) -> Node {
        let head = receipt.proof().checkpoint.unverified();
        let told = format!(
            "In the log {}, which had {} entries and the root {}, as number {}; the first is 0",
            head.origin,
            head.size,
            head.root,
            receipt.proof().index
        );
        let action = Node::action("ingest", id("ingest", self.bundle), &self.organisation_id());
        let object = vec![Reference::to(&self.bundle_id())];
        Node { object, informed: Some(Reference::to(&self.sealed_id())), ..action }.described(told)
    }

    fn told(&self, told: &ToldEvent) -> Option<Node> {
        let by = officer_id(told.officer);
        let its = id("event", format!("{}/{}", told.officer, told.event));
        let described = format!("Signed by the officer; its entry in the log: {}", told.leaf);
        let node = match told.event {
            Event::Open { .. } => Node {
                object: vec![Reference::to(&self.bundle_id())],
                informed: Some(Reference::to(&self.sealed_id())),
                ..Node::action("open", its, &by)
            },
            Event::Disclose { record } => Node {
                object: vec![Reference::to(&self.record_id(record))],
                result: vec![Reference::to(&self.provenance_id(record))],
                informed: Some(Reference::to(&self.opened_id(told.officer))),
                ..Node::action("disclose", its, &by)
            },
            Event::Hold { record } | Event::Transfer { record, .. } => Node {
                object: vec![Reference::to(&self.record_id(record))],
                informed: Some(Reference::to(&self.opened_id(told.officer))),
                ..Node::action(told.event.verb(), its, &by)
            },
            _ => return None,
        };
        let described = match told.event {
            Event::Transfer { card, .. } => {
                format!("Handed over to the organisation whose card has the SHA-256 {card}. {described}")
            }
            _ => described,
        };
        Some(node.described(described))
    }

    /// What an officer's disclosing goes back to: that officer's opening, else the sealing.
    fn opened_id(&self, officer: Digest) -> String {
        let opens = |told: &&ToldEvent| told.officer == officer && matches!(told.event, Event::Open { .. });
        match self.events.iter().find(opens) {
            Some(told) => id("event", format!("{officer}/{}", told.event)),
            None => self.sealed_id(),
        }
    }
}

fn officer_id(fingerprint: Digest) -> String {
    id("officer", fingerprint)
}

fn officer(fingerprint: Digest) -> Node {
    let told = format!("Officer on the card, under the keys with fingerprint {fingerprint}");
    Node::new("uco-identity:Identity", officer_id(fingerprint)).described(told)
}

fn within(part: &str, whole: &str) -> Node {
    let node = Node::new("uco-observable:ObservableRelationship", id("within", format!("{part} {whole}")));
    Node {
        directional: Some(true),
        relationship: Some("Contained_Within"),
        source: Some(Reference::to(part)),
        target: Some(Reference::to(whole)),
        ..node
    }
}

/// A node's id: what sort it is, and a UUID made of the SHA-256 of its name, with the bits of version 4 set, which the
/// ontology wants at the end of an id.
fn id(sort: &str, name: impl ToString) -> String {
    let digest = Digest::of(format!("{ID_LABEL}{sort} {}", name.to_string()).as_bytes());
    let mut bytes: [u8; 16] = digest.as_bytes()[..16].try_into().expect("a digest has 32 bytes");
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let [a, b, c, d, e] = [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]];
    format!("kb:{sort}-{a}-{b}-{c}-{d}-{e}")
}

fn json(node: &Node) -> String {
    serde_json::to_string(node).expect("a node has no maps and no keys but texts")
}

/// One node. Its keys stand in this order.
#[derive(Debug, Default, Serialize)]
struct Node {
    #[serde(rename = "@id")]
    id: String,
    #[serde(rename = "@type")]
    sort: &'static str,
    #[serde(rename = "uco-core:name", skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(rename = "uco-core:description", skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(rename = "uco-core:hasFacet", skip_serializing_if = "Vec::is_empty")]
    facets: Vec<Facet>,
    #[serde(rename = "uco-core:isDirectional", skip_serializing_if = "Option::is_none")]
    directional: Option<bool>,
    #[serde(rename = "uco-core:kindOfRelationship", skip_serializing_if = "Option::is_none")]
    relationship: Option<&'static str>,
    #[serde(rename = "uco-core:source", skip_serializing_if = "Option::is_none")]
    source: Option<Reference>,
    #[serde(rename = "uco-core:target", skip_serializing_if = "Option::is_none")]
    target: Option<Reference>,
    #[serde(rename = "case-investigation:exhibitNumber", skip_serializing_if = "Option::is_none")]
    exhibit: Option<String>,
    #[serde(rename = "case-investigation:wasInformedBy", skip_serializing_if = "Option::is_none")]
    informed: Option<Reference>,
    #[serde(rename = "uco-action:performer", skip_serializing_if = "Option::is_none")]
    performer: Option<Reference>,
    #[serde(rename = "uco-action:object", skip_serializing_if = "Vec::is_empty")]
    object: Vec<Reference>,
    #[serde(rename = "uco-action:result", skip_serializing_if = "Vec::is_empty")]
    result: Vec<Reference>,
    #[serde(rename = "uco-core:object", skip_serializing_if = "Vec::is_empty")]
    objects: Vec<Reference>,
}

#[derive(Debug, Serialize)]
struct Reference {
    #[serde(rename = "@id")]
    id: String,
}

/// What is known of a file's content, or of its place.
#[derive(Debug, Default, Serialize)]
struct Facet {
    #[serde(rename = "@id")]
    id: String,
    #[serde(rename = "@type")]
    sort: &'static str,
    #[serde(rename = "uco-observable:filePath", skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    #[serde(rename = "uco-observable:mimeType", skip_serializing_if = "Option::is_none")]
    media_type: Option<String>,
    #[serde(rename = "uco-observable:sizeInBytes", skip_serializing_if = "Option::is_none")]
    size: Option<u64>,
    #[serde(rename = "uco-observable:hash", skip_serializing_if = "Option::is_none")]
    hash: Option<Hash>,
}

#[derive(Debug, Serialize)]
struct Hash {
    #[serde(rename = "@id")]
    id: String,
    #[serde(rename = "@type")]
    sort: &'static str,
    #[serde(rename = "uco-types:hashMethod")]
    method: &'static str,
    #[serde(rename = "uco-types:hashValue")]
    value: HexBinary,
}

#[derive(Debug, Serialize)]
struct HexBinary {
    #[serde(rename = "@type")]
    sort: &'static str,
    #[serde(rename = "@value")]
    value: String,
}

impl Reference {
    fn to(id: &str) -> Reference {
        Reference { id: id.to_owned() }
    }
}

impl Node {
    fn new(sort: &'static str, id: String) -> Node {
        Node { id, sort, ..Node::default() }
    }

    fn action(name: &str, id: String, performer: &str) -> Node {
        let node = Node::new("case-investigation:InvestigativeAction", id).named(name);
        Node { performer: Some(Reference::to(performer)), ..node }
    }

    fn named(self, name: &str) -> Node {
        Node { name: Some(name.to_owned()), ..self }
    }

    fn described(self, told: String) -> Node {
        Node { description: Some(told), ..self }
    }

    /// With what is known of a file: its digest, its place in the folder, and what its unit says of it.
    fn faceted(self, sort: &str, path: &str, digest: Digest, file: Option<&Descriptor>) -> Node {
        let hash = Hash {
            id: id(&format!("{sort}-hash"), &self.id),
            sort: "uco-types:Hash",
            method: "SHA256",
            value: HexBinary { sort: "xsd:hexBinary", value: digest.to_string() },
        };
        let content = Facet {
            id: id(&format!("{sort}-content"), &self.id),
            sort: "uco-observable:ContentDataFacet",
            media_type: file.map(|file| file.media_type.clone()),
            size: file.map(|file| file.size),
            hash: Some(hash),
            ..Facet::default()
        };
        let place = Facet {
            id: id(&format!("{sort}-place"), &self.id),
            sort: "uco-observable:FileFacet",
            path: Some(path.to_owned()),
            ..Facet::default()
        };
        Node { facets: vec![content, place], ..self }
    }
}
