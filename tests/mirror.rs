//! Two organisations, of which one keeps for the other what it cannot open: whatever gets lost, lies or breaks on the way
//! or at the sister, in the end every accepted bundle is held twice, or somebody was told by name that it is not.
#![cfg(all(feature = "vault", feature = "intake", feature = "verify"))]

mod desk;
mod house;

use std::fs;
use std::os::unix::fs::{FileExt, MetadataExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use desk::{Organisation, names, snapshot};
use house::{Done, House, all, run, text};
use serde_json::Value;

/// An organisation that accepted bundles, its sister, and a place for sticks.
struct Sisters {
    house: House,
    origin: Organisation,
    sister: Organisation,
}

impl Sisters {
    fn new(name: &str, bundles: usize) -> Sisters {
        let sisters = Sisters {
            house: House::new(name),
            origin: Organisation::founded(1, 1),
            sister: Organisation::founded(1, 1),
        };
        (0..bundles).for_each(|number| sisters.accept(number));
        sisters
    }

    /// The origin accepts one more.
    fn accept(&self, number: usize) {
        let folder = self.origin.folder(&format!("came{number}"));
        self.origin.seal_into(&folder, "a.bundle");
        assert_eq!(self.origin.accept(&[folder]).len(), 1);
    }

    fn desk(&self, root: &Path, args: &[&str]) -> Done {
        let all = [&["--archive", text(root)][..], args].concat();
        run(self.house.command(Path::new(env!("CARGO_BIN_EXE_sanduq-intake")), &all), None)
    }

    fn origin(&self, args: &[&str]) -> Done {
        self.desk(&self.origin.root(), args)
    }

    fn sister(&self, args: &[&str]) -> Done {
        self.desk(&self.sister.root(), args)
    }

    fn mirror(&self, stick: &Path) -> Value {
        self.origin(&["mirror", text(stick), "--json"]).good().json()
    }

    fn keep(&self, stick: &Path) -> Value {
        self.sister(&["replica", "sync", text(stick), "--json"]).good().json()
    }

    /// Out and home with a fresh stick; what is carried for the next trip.
    fn round(&self, stick: &str) -> Value {
        let stick = self.house.folder(stick);
        self.mirror(&stick);
        self.keep(&stick);
        self.mirror(&stick)
    }

    /// Asks, has it answered, and checks; everything in files of this name.
    fn audit(&self, name: &str) -> Done {
        let (asked, said) = (self.house.path(name), self.house.path(&format!("{name}.answer")));
        self.origin(&["mirror", "audit", "--challenge", text(&asked)]).good();
        self.sister(&["replica", "answer", text(&asked), "--to", text(&said)]).good();
        self.origin(&["mirror", "audit", "--challenge", text(&asked), "--answer", text(&said), "--json"])
    }

    fn bundles(&self) -> PathBuf {
        self.origin.root().join("bundles")
    }

    fn replicas(&self) -> PathBuf {
        self.sister.root().join("replicas")
    }

    fn ids(&self) -> Vec<String> {
        names(&self.bundles()).iter().map(|name| name.trim_end_matches(".bundle").to_owned()).collect()
    }

    /// The sister has the same bytes under the same names.
    fn assert_all_are_kept(&self) {
        let files = |folder: &Path| -> Vec<(String, Vec<u8>)> {
            let named = names(folder).into_iter();
            named.map(|name| (name.clone(), fs::read(folder.join(&name)).unwrap())).collect()
        };
        assert!(files(&self.bundles()) == files(&self.replicas()), "what is kept is not what was accepted");
    }
}

fn count(said: &Value, field: &str) -> usize {
    said[field].as_array().expect(field).len()
}

/// What was found of each bundle, in the order of the ids.
fn states(audit: &Done) -> Vec<String> {
    let found = audit.json();
    let states = found["bundles"].as_array().expect("bundles").iter();
    states.map(|one| one["state"].as_str().expect("a state").to_owned()).collect()
}

/// One byte of a file is another one.
fn damage(path: &Path) {
    let file = fs::File::options().read(true).write(true).open(path).unwrap();
    let mut byte = [0];
    file.read_exact_at(&mut byte, 9_000).unwrap();
    file.write_all_at(&[byte[0] ^ 1], 9_000).unwrap();
}

#[test]
fn what_was_accepted_comes_to_the_sister_and_goes_once() {
    let sisters = Sisters::new("mirror", 3);
    let stick = sisters.house.folder("stick");
    let said = sisters.mirror(&stick);
    assert_eq!((count(&said, "carried"), &said["held"], &said["left"]), (3, &Value::Null, &0.into()));
    for path in all(&stick, "bundle") {
        let data = path.metadata().unwrap();
        assert_eq!((data.mtime(), data.mode() & 0o777), (315_446_400, 0o600), "{}", path.display());
    }
    let said = sisters.keep(&stick);
    assert_eq!((count(&said, "outcomes"), &said["held"]), (3, &3.into()));
    sisters.assert_all_are_kept();
    let said = sisters.mirror(&stick);
    assert_eq!((&said["held"], &said["removed"], count(&said, "carried")), (&3.into(), &3.into(), 0));
    assert_eq!(names(&stick), ["holds.txt"]);
    // What is new goes, and nothing else.
    sisters.accept(3);
    assert_eq!(count(&sisters.mirror(&stick), "carried"), 1);
    sisters.keep(&stick);
    sisters.assert_all_are_kept();
    assert_eq!(states(&sisters.audit("asked").good()), ["held"; 4]);
}

/// A contributor must never get a receipt of a log whose card she does not hold.
#[test]
fn a_replica_is_neither_logged_nor_answered() {
    let sisters = Sisters::new("mirror-unlogged", 2);
    let before = sisters.sister(&["log"]).good().out;
    sisters.round("stick");
    assert_eq!(names(&sisters.replicas()).len(), 2);
    // Nothing that the desk does later takes them for its own either.
    let own = sisters.sister.folder("own");
    sisters.sister.seal_into(&own, "own.bundle");
    sisters.sister(&["accept", text(&own)]).good();
    let log = sisters.sister(&["log", "--json"]).good().json();
    assert_eq!(count(&log, "leaves"), 1);
    assert!(!before.is_empty() && sisters.ids().iter().all(|id| !log.to_string().contains(id)));
    let letters = sisters.house.folder("letters");
    let said = sisters.sister(&["receipts", "--to", text(&letters), "--again", "--json"]).good().json();
    assert_eq!((count(&said, "receipts"), names(&letters).len()), (1, 1));
    assert_eq!(count(&sisters.sister(&["replica", "list", "--json"]).good().json(), "replicas"), 2);
}

/// Lost on the way out, lost on the way home, found again: each costs a trip and nothing else.
#[test]
fn a_stick_that_is_lost_costs_a_trip() {
    let sisters = Sisters::new("mirror-lost", 2);
    let [out, home, third] = ["out", "home", "third"].map(|name| sisters.house.folder(name));
    sisters.mirror(&out);
    sisters.mirror(&home);
    sisters.keep(&home);
    // It does not come back: the third stick has no list, and carries all of it.
    assert_eq!(count(&sisters.mirror(&third), "carried"), 2);
    let said = sisters.keep(&third);
    assert!(said["outcomes"].as_array().unwrap().iter().all(|one| one["state"] == "known"), "{said}");
    assert_eq!(sisters.mirror(&third)["removed"], 2);
    // The first is found after all.
    sisters.keep(&out);
    assert_eq!((sisters.mirror(&out)["removed"].as_u64(), names(&out).len()), (Some(2), 1));
    // The same stick twice doubles nothing.
    sisters.accept(2);
    sisters.mirror(&out);
    assert_eq!(sisters.mirror(&out)["carried"][0]["already"], true);
    sisters.keep(&out);
    sisters.assert_all_are_kept();
}

/// A sister that says what is not true delays, until she is asked.
#[test]
fn a_false_list_is_found_by_the_check() {
    let sisters = Sisters::new("mirror-false", 2);
    let stick = sisters.house.folder("stick");
    let ids = sisters.ids();
    fs::write(stick.join("holds.txt"), format!("sanduq-holds/1\n{}\n", ids.join("\n"))).unwrap();
    let said = sisters.mirror(&stick);
    assert_eq!((&said["held"], count(&said, "carried")), (&2.into(), 0));
    let audit = sisters.audit("asked");
    assert_eq!((audit.code, states(&audit)), (Some(1), vec!["missing".to_owned(); 2]));
    // Her next look at what she has makes it right.
    sisters.keep(&stick);
    assert_eq!(count(&sisters.mirror(&stick), "carried"), 2);
    sisters.keep(&stick);
    assert_eq!(states(&sisters.audit("again").good()), ["held"; 2]);
}

#[test]
fn what_was_damaged_or_lost_is_named_and_comes_again() {
    let sisters = Sisters::new("mirror-damaged", 3);
    sisters.round("first");
    let ids = sisters.ids();
    let replica = |number: usize| sisters.replicas().join(format!("{}.bundle", ids[number]));
    damage(&replica(0));
    fs::remove_file(replica(1)).unwrap();
    let audit = sisters.audit("asked");
    assert_eq!(
        (audit.code, states(&audit)),
        (Some(1), ["wrong", "missing", "held"].map(String::from).into())
    );
    let (asked, said) = (sisters.house.path("asked"), sisters.house.path("asked.answer"));
    let told = sisters.origin(&["mirror", "audit", "--challenge", text(&asked), "--answer", text(&said)]);
    assert!(ids[..2].iter().all(|id| told.stdout().contains(id)) && !told.stdout().contains(&ids[2]));
    // The sister finds the damage herself as well, and replaces it when the whole one comes.
    let stick = sisters.house.folder("second");
    let found = sisters.sister(&["replica", "sync", text(&stick), "--json"]);
    assert_eq!((found.code, &found.json()["damaged"][0]), (Some(1), &Value::from(ids[0].as_str())));
    assert_eq!(count(&sisters.mirror(&stick), "carried"), 2);
    sisters.keep(&stick);
    sisters.assert_all_are_kept();
    assert_eq!(states(&sisters.audit("again").good()), ["held"; 3]);
}

#[test]
fn what_is_not_whole_at_home_is_not_carried_and_comes_back_from_the_sister() {
    let sisters = Sisters::new("mirror-own", 2);
    sisters.round("first");
    let ids = sisters.ids();
    let own = |number: usize| sisters.bundles().join(format!("{}.bundle", ids[number]));
    damage(&own(0));
    let stick = sisters.house.folder("second");
    let done = sisters.origin(&["mirror", text(&stick), "--json"]);
    assert_eq!((done.code, count(&done.json(), "carried")), (Some(1), 1));
    assert_eq!(done.json()["damaged"][0], ids[0].as_str());
    assert!(done.stderr().contains("err-own-damaged") && all(&stick, "bundle").len() == 1);
    let audit = sisters.audit("asked");
    assert_eq!((audit.code, states(&audit)), (Some(1), ["unsure", "held"].map(String::from).into()));
    // The sister was blamed for what is wrong here.
    assert!(audit.stderr().contains("err-audit-own"), "{}", audit.stderr());
    let back = sisters.house.path("back");
    sisters.sister(&["replica", "export", "--to", text(&back), &ids[0]]).good();
    assert_eq!(names(&back), [format!("{}.bundle", &ids[0][..16])]);
    sisters.origin(&["accept", text(&back)]).good();
    sisters.assert_all_are_kept();
    assert_eq!(states(&sisters.audit("again").good()), ["held"; 2]);
}

/// A search took the desk's machine with everything on it.
#[test]
fn an_archive_that_was_lost_comes_back_from_its_sister() {
    let mut sisters = Sisters::new("mirror-restored", 3);
    sisters.round("stick");
    let ids = sisters.ids();
    fs::remove_dir_all(sisters.origin.root()).unwrap();
    sisters.origin = Organisation::founded(1, 1);
    let back = sisters.house.path("back");
    let said = sisters.sister(&["replica", "export", "--to", text(&back), "--json"]).good().json();
    assert_eq!((count(&said, "carried"), &said["left"]), (3, &0.into()));
    let said = sisters.origin(&["accept", text(&back), "--json"]).good().json();
    assert!(said["outcomes"].as_array().unwrap().iter().all(|one| one["state"] == "accepted"), "{said}");
    assert_eq!(sisters.ids(), ids);
    sisters.assert_all_are_kept();
    assert_eq!(states(&sisters.audit("asked").good()), ["held"; 3]);
    let none = "0".repeat(64);
    let unknown = sisters.sister(&["replica", "export", "--to", text(&back), &none]).bad();
    assert!(unknown.code == Some(5) && unknown.stderr().contains(&none));
}

#[test]
fn the_tags_are_those_that_openssl_makes() {
    let sisters = Sisters::new("mirror-openssl", 2);
    sisters.round("stick");
    sisters.audit("asked").good();
    let said = fs::read_to_string(sisters.house.path("asked.answer")).unwrap();
    let mut lines = said.lines().skip(1);
    let nonce = lines.next().unwrap().strip_prefix("nonce: ").unwrap();
    let key = format!("hexkey:{nonce}");
    for line in lines {
        let (id, tag) = line.split_once(' ').unwrap();
        let mut openssl = Command::new("openssl");
        openssl.args(["dgst", "-sha256", "-mac", "HMAC", "-macopt", &key]);
        let Ok(made) = openssl.arg(sisters.bundles().join(format!("{id}.bundle"))).output() else {
            println!("SKIPPED the_tags_are_those_that_openssl_makes: no openssl");
            return;
        };
        assert!(made.status.success());
        assert!(String::from_utf8(made.stdout).unwrap().trim_end().ends_with(&format!("= {tag}")), "{id}");
    }
}

/// Each answer that is none ends with 4 and says by name what is wrong; the archive and the files stay as they are.
#[test]
fn answers_that_are_none_are_refused_by_name() {
    let sisters = Sisters::new("mirror-answers", 2);
    sisters.round("stick");
    sisters.audit("asked").good();
    sisters.audit("other").good();
    let ids = sisters.ids();
    let good = fs::read_to_string(sisters.house.path("asked.answer")).unwrap();
    let other = fs::read_to_string(sisters.house.path("other.answer")).unwrap();
    let lines: Vec<&str> = good.lines().collect();
    let of = |lines: &[&str]| lines.iter().map(|line| format!("{line}\n")).collect::<String>();
    let stranger = format!("{} missing", "f".repeat(64));
    let asked = fs::read_to_string(sisters.house.path("asked")).unwrap();
    let before = snapshot(&sisters.origin.root());
    for (name, answer, said) in [
        ("another challenge", other, "another challenge"),
        ("left out", of(&lines[..3]), &*ids[1]),
        ("doubled", of(&[&lines[..4], &lines[3..]].concat()), &*ids[1]),
        ("not asked for", of(&[&lines[..], &[stranger.as_str()]].concat()), &stranger[..64]),
        ("not in order", of(&[lines[0], lines[1], lines[3], lines[2]]), "line 4"),
        ("a challenge", asked, "line 1"),
        ("cut", good[..good.len() - 30].to_owned(), "line feed"),
        ("CRLF", good.replace('\n', "\r\n"), "line 1"),
        ("nothing", String::new(), "line feed"),
        ("without end", "x".repeat(1 << 20), "line feed"),
    ] {
        let answer = sisters.house.write("false.answer", answer);
        let asked = sisters.house.path("asked");
        let args = ["mirror", "audit", "--challenge", text(&asked), "--answer", text(&answer)];
        let done = sisters.origin(&args).bad();
        assert_eq!(done.code, Some(4), "{name}: {}", done.stderr());
        assert!(done.stderr().contains(said), "{name}: {}", done.stderr());
    }
    assert!(snapshot(&sisters.origin.root()) == before);
}

#[test]
fn a_challenge_is_asked_once_and_about_as_many_as_were_wanted() {
    let sisters = Sisters::new("mirror-sample", 3);
    let asked = sisters.house.path("asked");
    let said = sisters.origin(&["mirror", "audit", "--challenge", text(&asked), "--sample", "2", "--json"]);
    assert_eq!(said.good().json()["asked"], 2);
    let text_of = fs::read_to_string(&asked).unwrap();
    assert_eq!(text_of.lines().count(), 4);
    let twice = sisters.origin(&["mirror", "audit", "--challenge", text(&asked)]).bad();
    assert!(twice.code == Some(1) && fs::read_to_string(&asked).unwrap() == text_of);
    let missing = sisters.house.path("none");
    let args = ["mirror", "audit", "--challenge", text(&missing), "--answer", text(&asked)];
    assert_eq!(sisters.origin(&args).bad().code, Some(5));
    // Nothing was handed on: the sister says of each that it is missing, and nobody has to be told twice.
    let said = sisters.house.path("said");
    let answered = sisters.sister(&["replica", "answer", text(&asked), "--to", text(&said), "--json"]);
    assert_eq!(answered.good().json()["missing"], 2);
    sisters.sister(&["replica", "answer", text(&asked), "--to", text(&said)]).bad();
    let empty = Sisters::new("mirror-empty", 0);
    assert_eq!(empty.origin(&["mirror", "audit", "--challenge", text(&missing)]).bad().code, Some(5));
    assert!(!missing.exists());
}

/// Other people's files, links and pipes on a stick neither stop anybody nor lead them elsewhere, and stay as they lie.
#[test]
fn a_hostile_folder_harms_nobody() {
    let sisters = Sisters::new("mirror-hostile", 2);
    let stick = sisters.house.folder("stick");
    for number in 0..10_000 {
        fs::write(stick.join(format!("IMG_{number}.jpg")), "somebody's photograph").unwrap();
    }
    let ids = sisters.ids();
    let name = |id: &str, digits: usize| stick.join(format!("{}.bundle", &id[..digits]));
    fs::write(stick.join("other.bundle"), "another program's").unwrap();
    symlink(sisters.bundles().join(format!("{}.bundle", ids[0])), name(&ids[0], 16)).unwrap();
    fs::create_dir(name(&ids[1], 16)).unwrap();
    symlink(&sisters.house.dir, stick.join("loop")).unwrap();
    for pipe in ["pipe.bundle", &format!("{}.bundle", &ids[1][..24])] {
        assert!(Command::new("mkfifo").arg(stick.join(pipe)).status().unwrap().success());
    }
    let said = sisters.mirror(&stick);
    assert_eq!(count(&said, "carried"), 2);
    assert!(
        name(&ids[0], 24).is_file() && name(&ids[1], 32).is_file(),
        "longer names, beside what lies there"
    );
    // A bundle that was cut on the way is refused by the sister and does not keep the others from being kept.
    let cut = fs::read(name(&ids[1], 32)).unwrap();
    fs::write(name(&ids[1], 32), &cut[..cut.len() / 2]).unwrap();
    let kept = sisters.sister(&["replica", "sync", text(&stick), "--json"]);
    let outcomes = kept.json()["outcomes"].to_string();
    assert_eq!((kept.code, kept.json()["held"].as_u64()), (Some(1), Some(1)), "{outcomes}");
    assert_eq!(outcomes.matches("\"refused\"").count(), 2, "{outcomes}");
    assert_eq!(names(&sisters.replicas()), [format!("{}.bundle", ids[0])], "nothing of what was refused");
    assert_eq!(sisters.mirror(&stick)["removed"], 1);
    assert!(name(&ids[1], 64).is_file(), "the whole one goes beside the cut one");
    sisters.sister(&["replica", "sync", text(&stick)]).bad();
    sisters.mirror(&stick);
    // The link, the folder, the pipes, the loop, the strangers' files, the cut bundle and the list.
    assert_eq!(names(&stick).len(), 10_000 + 8);
    assert_eq!(states(&sisters.audit("asked").good()), ["held"; 2]);
}

/// What stands in the list's place and is none of ours is neither believed nor written over.
#[test]
fn a_list_that_is_none_is_refused_by_both() {
    let sisters = Sisters::new("mirror-lists", 1);
    let id = &sisters.ids()[0];
    let good = format!("sanduq-holds/1\n{id}\n");
    for (name, list, at_home, at_sister) in [
        ("somebody's notes", "my notes\n".to_owned(), 4, 1),
        ("an id twice", format!("{good}{id}\n"), 4, 0),
        ("cut", good[..40].to_owned(), 4, 0),
        ("of another version", good.replace("/1", "/2"), 4, 0),
        ("empty", String::new(), 4, 0),
        ("whole", good.clone(), 0, 0),
    ] {
        let stick = sisters.house.folder(&format!("stick {name}"));
        let path = stick.join("holds.txt");
        fs::write(&path, &list).unwrap();
        let done = sisters.origin(&["mirror", text(&stick)]);
        assert_eq!(done.code, Some(at_home), "{name}: {}", done.stderr());
        assert_eq!(names(&stick), ["holds.txt"], "{name}");
        let done = sisters.sister(&["replica", "sync", text(&stick)]);
        assert_eq!(done.code, Some(at_sister), "{name}: {}", done.stderr());
        assert_eq!(fs::read_to_string(&path).unwrap() == list, at_sister == 1, "{name}");
    }
    let stick = sisters.house.folder("linked");
    let elsewhere = sisters.house.write("elsewhere", &good);
    symlink(&elsewhere, stick.join("holds.txt")).unwrap();
    sisters.origin(&["mirror", text(&stick)]).bad();
    sisters.sister(&["replica", "sync", text(&stick)]).bad();
    assert_eq!(fs::read_to_string(elsewhere).unwrap(), good);
    assert!(Command::new("mkfifo").arg(sisters.house.path("pipe")).status().unwrap().success());
    let pipe = sisters.house.path("pipe");
    sisters.sister(&["replica", "answer", text(&pipe), "--to", "said"]).bad();
    sisters.origin(&["mirror", text(&pipe)]).bad();
    sisters.sister(&["replica", "sync", text(&pipe)]).bad();
}

/// `mirror` is a verb with a folder and with a verb of its own, and flags stand where people put them.
#[test]
fn a_folder_and_the_check_are_told_apart() {
    let sisters = Sisters::new("mirror-words", 1);
    let [root, asked, stick] = [sisters.origin.root(), sisters.house.path("asked"), sisters.house.path("s")];
    let program = Path::new(env!("CARGO_BIN_EXE_sanduq-intake"));
    let typed = |args: &[&str]| run(sisters.house.command(program, args), None);
    typed(&["mirror", "--archive", text(&root), "audit", "--challenge", text(&asked)]).good();
    typed(&["--archive", text(&root), "mirror", text(&stick), "--json"]).good();
    typed(&["--archive", text(&root), "mirror", text(&stick), "audit", "--challenge", "new"]).bad();
    assert_eq!(typed(&["--archive", text(&root), "mirror"]).bad().code, Some(2));
    assert!(asked.is_file() && names(&stick).len() == 1 && !sisters.house.path("new").exists());
}
