//! How long a large log takes: a leaf more, a proof, a receipt verified, the whole of it audited.
//!
//! ```text
//! cargo bench --bench log
//! ```
//!
//! Each figure is the median of five, over trees of a thousand, ten thousand, a hundred thousand and a million leaves;
//! what must not grow with the log stands beside what may.

mod median;

use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use median::median;
use sanduq::audit::{self, LogQuestions};
use sanduq::crypto::hybrid::Identity;
use sanduq::crypto::{Digest, KeyPair, LogSigningKey};
use sanduq::format::card::{Card, Draft, OfficerLine, Terms};
use sanduq::format::note::NoteSigner;
use sanduq::format::policy::Policy;
use sanduq::tlog::tile::{Held, Levels, print_leaves, tiles};
use sanduq::tlog::{Checkpoint, Leaf, TlogProof, Tree};

const SIZES: [u64; 4] = [1_000, 10_000, 100_000, 1_000_000];
/// So many of what is too short to be timed alone.
const MANY: u32 = 200;

fn main() {
    println!("leaves     append     prove      prove growth  verify receipt  receipt bytes  audit of all");
    let log = NoteSigner::new("archive.example/log", LogSigningKey::generate()).unwrap();
    let card = card(&log);
    for size in SIZES {
        let mut tree = Tree::new(Levels::default(), 0);
        let leaves: Vec<String> = (0..size).map(leaf).collect();
        let start = Instant::now();
        for leaf in &leaves {
            let Ok(_) = tree.append(leaf.as_bytes());
        }
        let append = start.elapsed() / u32::try_from(size).unwrap();
        let place = size / 3;
        let Ok(hashes) = tree.inclusion_proof(place, size);
        let prove = each(|| drop(black_box(tree.inclusion_proof(black_box(place), size))));
        let growth = each(|| drop(black_box(tree.consistency_proof(black_box(place), size))));
        let Ok(root) = tree.root(size);
        let head = Checkpoint::of(&log, size, root).sign_twice(&log).unwrap();
        let receipt =
            TlogProof::logged(leaves[place as usize].as_bytes(), place, hashes, head.clone()).to_string();
        let verify = each(|| assert!(audit::receipt(card.as_bytes(), receipt.as_bytes()).holds()));
        let dir = tempfile::tempdir().unwrap();
        lay(dir.path(), &leaves, tree, &head.to_string());
        let audit = median(|| {
            let report = audit::log(dir.path(), card.as_bytes(), &LogQuestions::default()).unwrap();
            assert!(report.holds(), "{report:#?}");
        });
        println!(
            "{size:<9}  {append:<9.1?}  {prove:<9.1?}  {growth:<12.1?}  {verify:<14.1?}  {:<13}  {audit:.1?}",
            receipt.len()
        );
    }
}

fn each(mut run: impl FnMut()) -> Duration {
    median(|| (0..MANY).for_each(|_| run())) / MANY
}

fn leaf(number: u64) -> String {
    Leaf::Ingest(Digest::of(format!("an invented bundle {number}").as_bytes())).to_string()
}

fn lay(dir: &Path, leaves: &[String], tree: Tree<Levels>, head: &str) {
    let size = tree.size();
    let levels = tree.into_store();
    for tile in tiles(size) {
        let first = tile.first() as usize;
        let bytes = match tile.held {
            Held::Leaves => {
                let held = &leaves[first..first + tile.width as usize];
                print_leaves(held.iter().map(String::as_bytes)).unwrap()
            }
            Held::Hashes { .. } => levels.tile(&tile),
        };
        let path = dir.join(tile.path());
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    fs::write(dir.join("checkpoint"), head).unwrap();
}

fn card(log: &NoteSigner) -> Card {
    let officer =
        OfficerLine { recipient: Identity::generate().to_recipient(), keys: KeyPair::generate().public() };
    let terms = Terms {
        name: "Invented Archive".to_owned(),
        serial: 1,
        valid_until: "2028-11-23".parse().unwrap(),
        threshold: 1,
        officers: vec![officer],
        log: log.verifier(),
        policy: Policy::none(),
    };
    Draft::new(terms).unwrap().sign(&KeyPair::generate())
}
