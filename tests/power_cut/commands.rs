//! The commands that a power cut is tried on, the disks they begin with, and what may be found after each.

use std::fs;
use std::path::{Path, PathBuf};

use sanduq::crypto::Passphrase;
use sanduq::vault::Vault;

use crate::house::{Done, House, NAME, Noise, Organisation, Person, only, text};
use crate::world::{State, files_below};
use crate::{Desk, SCANS, ended_well};

/// The passphrase that somebody takes, or the one of a second part.
const NEW: &str = "another of the invented passphrases";

type Run<'t> = Box<dyn Fn(&Desk, &[&str]) -> Done + 't>;
type Found<'t> = Box<dyn Fn(&Desk) -> Result<State, String> + 't>;

/// A command that is tried, and what it is on every image.
pub struct Trial<'t> {
    pub what: &'static str,
    /// The disk as it begins.
    pub base: &'t [u8],
    pub run: Run<'t>,
    /// The state that is found, after whatever else must hold was looked at.
    pub found: Found<'t>,
}

/// The disks that the commands begin with, and what they are given.
pub struct Disks<'h> {
    house: &'h House,
    words: String,
    empty: Vec<u8>,
    kept: Vec<u8>,
    /// With a bundle that waits.
    sealed: Vec<u8>,
    carried: Vec<u8>,
    /// With a second passphrase.
    second: Vec<u8>,
    /// With a second part.
    two: Vec<u8>,
    /// With an index that is none.
    damaged: Vec<u8>,
    /// With the organisation's archive and its officer's vault.
    received: Vec<u8>,
    officer: Person<'h>,
    bundle: PathBuf,
    new: PathBuf,
    receipts: Vec<PathBuf>,
}

pub fn prepare<'h>(desk: &mut Desk<'h>, house: &'h House, organisation: &Organisation<'h>) -> Disks<'h> {
    let papers = house.folder("papers");
    fs::write(papers.join("letter.txt"), "an invented letter").unwrap();
    for (name, seed, len) in SCANS {
        fs::write(papers.join(name), Noise::new(seed).bytes(len)).unwrap();
    }
    let empty = desk.prepare(|_| ());
    let mut made = house.person("words");
    made.passphrase = desk.person.passphrase.clone();
    let kept = prepare_from(desk, &empty, |desk| {
        desk.good(&["init"]);
        desk.good(&["add", text(&papers)]);
        desk.good(&["contact", "add", text(&organisation.card), "--yes", "--as", NAME]);
        // The words are read from a copy: this test's own process does not see the disk.
        copy_out(desk, &desk.person.vault, &made.vault);
    });
    let passphrase = Passphrase::from(made.passphrase.as_str());
    let words = Vault::unlock(&made.vault, None, &passphrase).unwrap().words().expose().clone();
    let stick = house.folder("stick");
    let sealed = prepare_from(desk, &kept, |desk| drop(desk.good(&["seal", "--all", "--to", NAME])));
    let carried = prepare_from(desk, &sealed, |desk| drop(desk.good(&["export", text(&stick)])));
    let second = prepare_from(desk, &kept, |desk| {
        let lines = format!("{}\n{NEW}", desk.person.passphrase);
        desk.type_lines(&[], &lines, &["passphrase", "add", "--new-passphrase-fd", "3"]).good();
    });
    let bundle = only(&stick, "bundle");
    let mounted = desk.device.mounted();
    let received = prepare_from(desk, &empty, |desk| {
        copy_out(desk, &house.path("archive"), &mounted.join("archive"));
        copy_out(desk, &organisation.officers[0].vault, &mounted.join("officer"));
    });
    let officer = Person {
        house,
        vault: mounted.join("officer"),
        passphrase: organisation.officers[0].passphrase.clone(),
    };
    let receipts = files_below(&organisation.accept(&bundle, "receipts"));
    let two = prepare_from(desk, &kept, |desk| drop(desk.type_lines(&[], NEW, &["init"]).good()));
    let damaged = prepare_from(desk, &kept, |desk| {
        let vault = text(&desk.person.vault);
        let damage = format!("for part in '{vault}'/*; do head -c 9000 /dev/zero > \"$part/index\"; done");
        desk.device.shell(&damage).unwrap();
    });
    let new = house.folder("new");
    fs::write(new.join("three.scan"), Noise::new(3).bytes(70_000)).unwrap();
    fs::write(new.join("note.txt"), "an invented note").unwrap();
    Disks {
        house,
        words,
        empty,
        kept,
        sealed,
        carried,
        second,
        two,
        damaged,
        received,
        officer,
        bundle,
        new,
        receipts,
    }
}

fn prepare_from(desk: &mut Desk, base: &[u8], then: impl FnOnce(&Desk)) -> Vec<u8> {
    desk.device.begin_from(base).unwrap();
    desk.prepare(|desk| then(desk))
}

fn copy_out(desk: &Desk, from: &Path, to: &Path) {
    desk.device.shell(&format!("cp -a '{}' '{}'", text(from), text(to))).unwrap();
}

/// A command of `sanduq` by who has the vault, whose state shows in what `status` says afterwards.
fn by_status<'t>(
    what: &'static str,
    base: &'t [u8],
    args: &'t [&'t str],
    state: fn(&serde_json::Value) -> Option<State>,
) -> Trial<'t> {
    let run: Run = Box::new(move |desk, under| desk.sanduq(under, args));
    Trial { what, base, run, found: status(state) }
}

fn status<'t>(state: fn(&serde_json::Value) -> Option<State>) -> Found<'t> {
    Box::new(move |desk| {
        let status = ended_well(desk.sanduq(&[], &["status", "--json"]))?.json();
        let state = state(&status).ok_or(format!("half a state: {status}"))?;
        desk.originals_are_whole(&desk.person, &desk.person.passphrase)?;
        desk.bundles_are_whole()?;
        Ok(state)
    })
}

/// A command after which other things open the vault than before.
fn by_opening<'t>(
    what: &'static str,
    base: &'t [u8],
    (lines, args): (String, &'t [&'t str]),
    state: impl Fn(&Desk) -> Option<(State, &'static str)> + 't,
) -> Trial<'t> {
    let run: Run = Box::new(move |desk, under| desk.type_lines(under, &lines, args));
    let found: Found = Box::new(move |desk| {
        let (state, opens) = state(desk).ok_or("what opens it is half of each")?;
        let opens = if opens.is_empty() { &desk.person.passphrase } else { opens };
        desk.originals_are_whole(&desk.person, opens)?;
        Ok(state)
    });
    Trial { what, base, run, found }
}

/// Whether these lines open her vault.
fn opens(desk: &Desk, lines: &str, args: &[&str]) -> bool {
    desk.type_lines(&[], lines, &[args, &["list"]].concat()).code == Some(0)
}

fn old_or_new(desk: &Desk) -> Option<(State, &'static str)> {
    match [&desk.person.passphrase, NEW].map(|passphrase| opens(desk, passphrase, &[])) {
        [true, false] => Some((State::Before, "")),
        [false, true] => Some((State::After, NEW)),
        _ => None,
    }
}

fn one_or_both(desk: &Desk) -> Option<(State, &'static str)> {
    match [&desk.person.passphrase, NEW].map(|passphrase| opens(desk, passphrase, &[])) {
        [true, false] => Some((State::Before, "")),
        [true, true] => Some((State::After, "")),
        _ => None,
    }
}

/// Kills a command at its first sync of these files of the vault; what begins then finishes it.
fn killed_at_a_sync(desk: &Desk, names: &[&str], args: &[&str]) {
    let part = desk.device.shell(&format!("ls -d '{}'/*", text(&desk.person.vault))).unwrap();
    let paths: Vec<String> = names.iter().map(|name| format!("{part}/{name}")).collect();
    let mut under =
        vec!["strace", "-f", "-qq", "-o", "/dev/null", "-e", "inject=fsync:signal=SIGKILL:when=1"];
    paths.iter().for_each(|path| under.extend(["-P", path.as_str()]));
    assert_eq!(desk.sanduq(&under, args).code, None, "{args:?} was to be killed");
}

impl Disks<'_> {
    pub fn trials<'t>(&'t self, desk: &Desk) -> Vec<Trial<'t>> {
        [self.keeping(), self.sending(), self.what_opens(desk), self.of_others(desk), self.finishing()]
            .into_iter()
            .flatten()
            .collect()
    }

    fn keeping<'t>(&'t self) -> Vec<Trial<'t>> {
        let init: Found = Box::new(|desk| {
            let found = match desk.sanduq(&[], &["list"]).code {
                Some(0) => State::After,
                Some(5) => State::Before,
                other => return Err(format!("{other:?}")),
            };
            if found == State::Before {
                ended_well(desk.sanduq(&[], &["init"]))?;
            }
            ended_well(desk.sanduq(&[], &["add", text(&desk.person.house.path("papers"))]))?;
            desk.originals_are_whole(&desk.person, &desk.person.passphrase)?;
            Ok(found)
        });
        let repaired: Found = Box::new(|desk| {
            let found = match desk.sanduq(&[], &["list"]).code {
                Some(0) => State::After,
                _ => State::Before,
            };
            if found == State::Before {
                ended_well(desk.sanduq(&[], &["repair", "--yes"]))?;
            }
            desk.originals_are_whole(&desk.person, &desk.person.passphrase)?;
            Ok(found)
        });
        let add = ["add".to_owned(), text(&self.new).to_owned()];
        let add: Run = Box::new(move |desk, under| {
            desk.sanduq(under, &add.iter().map(String::as_str).collect::<Vec<_>>())
        });
        let added = status(|s| by_items(s, 3, 5));
        vec![
            Trial { what: "add", base: &self.kept, run: add, found: added },
            by_status("remove", &self.kept, &["remove", "2"], |s| by_items(s, 3, 2)),
            by_status("forget", &self.kept, &["forget", "2", "--yes"], |s| by_items(s, 3, 2)),
            Trial {
                what: "init",
                base: &self.empty,
                run: Box::new(|desk, under| desk.sanduq(under, &["init"])),
                found: init,
            },
            Trial {
                what: "repair",
                base: &self.damaged,
                run: Box::new(|desk, under| desk.sanduq(under, &["repair", "--yes"])),
                found: repaired,
            },
            Trial {
                what: "backup",
                base: &self.kept,
                run: Box::new(|desk, under| desk.sanduq(under, &["backup", text(&on_disk(desk, "copies"))])),
                found: Box::new(|desk| {
                    let copies = on_disk(desk, "copies");
                    let parts = desk.device.shell(&format!("ls '{}' 2>/dev/null | wc -l", text(&copies)))?;
                    if parts == "0" {
                        desk.originals_are_whole(&desk.person, &desk.person.passphrase)?;
                        return Ok(State::Before);
                    }
                    let passphrase = desk.person.passphrase.clone();
                    let copied = Person { house: desk.person.house, vault: copies, passphrase };
                    desk.originals_are_whole(&copied, &copied.passphrase)?;
                    Ok(State::After)
                }),
            },
        ]
    }

    fn sending<'t>(&'t self) -> Vec<Trial<'t>> {
        let receipts: Vec<String> = self.receipts.iter().map(|path| text(path).to_owned()).collect();
        let scan = text(&self.new.join("three.scan")).to_owned();
        let exported: Found = Box::new(|desk| {
            let state = match delivered(&ended_well(desk.sanduq(&[], &["status", "--json"]))?.json())[..] {
                ["sealed"] => State::Before,
                ["carried"] => State::After,
                ref half => return Err(format!("{half:?}")),
            };
            let stick = on_disk(desk, "stick");
            // Where there is no bundle `ls` fails, and that is an answer.
            let bundles =
                desk.device.shell(&format!("ls '{}'/*.bundle 2>/dev/null || true", text(&stick)))?;
            for bundle in bundles.lines() {
                ended_well(desk.program(&[], &[env!("CARGO_BIN_EXE_sanduq-verify"), "bundle", bundle]))?;
            }
            if state == State::After && bundles.is_empty() {
                return Err("it counts as carried, and is not there".into());
            }
            Ok(state)
        });
        vec![
            by_status("seal", &self.kept, &["seal", "--all", "--to", NAME], sealed),
            by_status(
                "seal --forget",
                &self.kept,
                &["seal", "--all", "--to", NAME, "--forget"],
                sealed_and_forgotten,
            ),
            Trial {
                what: "seal --direct",
                base: &self.kept,
                run: Box::new(move |desk, under| {
                    desk.sanduq(under, &["seal", "--direct", &scan, "--to", NAME])
                }),
                found: status(sealed),
            },
            by_status("withdraw", &self.carried, &["withdraw", "--all", "--to", NAME], withdrawn),
            by_status("forget --outbox", &self.carried, &["forget", "--outbox", "--yes"], dropped),
            Trial {
                what: "receipt add",
                base: &self.carried,
                run: Box::new(move |desk, under| {
                    let files = receipts.iter().map(String::as_str);
                    desk.sanduq(under, &["receipt", "add"].into_iter().chain(files).collect::<Vec<_>>())
                }),
                found: status(received),
            },
            Trial {
                what: "export",
                base: &self.sealed,
                run: Box::new(|desk, under| desk.sanduq(under, &["export", text(&on_disk(desk, "stick"))])),
                found: exported,
            },
        ]
    }

    fn what_opens<'t>(&'t self, desk: &Desk) -> Vec<Trial<'t>> {
        let both = format!("{}\n{NEW}", desk.person.passphrase);
        let words = format!("{}\n{NEW}", self.words);
        let (key, key_again) = (on_disk(desk, "key"), on_disk(desk, "key"));
        let keyed = move |desk: &Desk| match [&[][..], &["--key-file", text(&key_again)]]
            .map(|args| opens(desk, &desk.person.passphrase, args))
        {
            [true, _] => Some((State::Before, "")),
            [false, true] => Some((State::After, "")),
            [false, false] => None,
        };
        let change = &["passphrase", "change", "--new-passphrase-fd", "3"];
        let add = &["passphrase", "add", "--new-passphrase-fd", "3"];
        let recover = &["recover", "--words-fd", "3", "--new-passphrase-fd", "3"];
        let key_file: Run = Box::new(move |desk, under| desk.sanduq(under, &["key-file", "set", text(&key)]));
        let keyed: Found = Box::new(move |desk| Ok(keyed(desk).ok_or("nothing opens it")?.0));
        // The second passphrase is not typed, and goes with the old keys.
        let rekey: Run = Box::new(|desk, under| desk.sanduq(under, &["rekey"]));
        let rekeyed: Found = Box::new(|desk| {
            desk.originals_are_whole(&desk.person, &desk.person.passphrase)?;
            Ok(if opens(desk, NEW, &[]) { State::Before } else { State::After })
        });
        vec![
            by_opening("passphrase change", &self.kept, (both.clone(), change), old_or_new),
            by_opening("passphrase add", &self.kept, (both, add), one_or_both),
            by_opening("recover", &self.kept, (words, recover), old_or_new),
            Trial { what: "key-file set", base: &self.kept, run: key_file, found: keyed },
            Trial { what: "rekey", base: &self.second, run: rekey, found: rekeyed },
            Trial {
                what: "contributor remove",
                base: &self.two,
                run: Box::new(|desk, under| desk.type_lines(under, NEW, &["contributor", "remove", "--yes"])),
                found: Box::new(|desk| {
                    desk.originals_are_whole(&desk.person, &desk.person.passphrase)?;
                    Ok(if opens(desk, NEW, &[]) { State::Before } else { State::After })
                }),
            },
        ]
    }

    fn of_others<'t>(&'t self, desk: &Desk) -> Vec<Trial<'t>> {
        let archive = text(&on_disk(desk, "archive")).to_owned();
        let listed_archive = archive.clone();
        let intake = env!("CARGO_BIN_EXE_sanduq-intake");
        vec![
            Trial {
                what: "accept",
                base: &self.received,
                run: Box::new(move |desk, under| {
                    desk.program(under, &[intake, "--archive", &archive, "accept", text(&self.bundle)])
                }),
                found: Box::new(move |desk| {
                    let desk_does = |args: &[&str]| {
                        let words = [&[intake, "--archive", &listed_archive], args].concat();
                        ended_well(desk.program(&[], &words))
                    };
                    let count = || {
                        let listed = desk_does(&["list", "--json"])?.json();
                        Ok::<_, String>(listed["bundles"].as_array().map_or(0, Vec::len))
                    };
                    let found = if count()? == 0 { State::Before } else { State::After };
                    desk_does(&["accept", text(&self.bundle)])?;
                    let receipts = self.house.folder("found-receipts");
                    desk_does(&["receipts", "--to", text(&receipts)])?;
                    let written = files_below(&receipts).len();
                    fs::remove_dir_all(&receipts).unwrap();
                    match (count()?, written) {
                        (1, 1..) => Ok(found),
                        half => Err(format!("{half:?} bundles and receipts")),
                    }
                }),
            },
            Trial {
                what: "open",
                base: &self.received,
                run: Box::new(|desk, under| {
                    desk.of(&self.officer, under, &self.officer.passphrase, &["open", text(&self.bundle)])
                }),
                found: Box::new(|desk| {
                    let officer = |args: &[&str]| {
                        ended_well(desk.of(&self.officer, &[], &self.officer.passphrase, args))
                    };
                    let count = || {
                        let listed = officer(&["list", "--json"])?.json();
                        Ok::<_, String>(listed["items"].as_array().map_or(0, Vec::len))
                    };
                    let found = match count()? {
                        0 => State::Before,
                        3 => State::After,
                        half => return Err(format!("{half} items")),
                    };
                    officer(&["open", text(&self.bundle)])?;
                    desk.originals_are_whole(&self.officer, &self.officer.passphrase)?;
                    if count()? == 3 { Ok(found) } else { Err("it was opened twice".into()) }
                }),
            },
        ]
    }

    /// What was written and not synced when a command was killed lies in the system's memory, where the next command
    /// finds it. What that makes true on the strength of it must not outlast it.
    fn finishing<'t>(&'t self) -> Vec<Trial<'t>> {
        let add = text(&self.new).to_owned();
        vec![
            Trial {
                what: "what follows a kill at the journal's sync",
                base: &self.kept,
                run: Box::new(move |desk, under| {
                    killed_at_a_sync(desk, &["journal"], &["add", &add]);
                    desk.sanduq(under, &["list"])
                }),
                found: status(|s| by_items(s, 3, 5)),
            },
            // ext4 writes an epoch block along with whatever is synced next; other file systems need not.
            Trial {
                what: "what follows a kill at an epoch's sync",
                base: &self.kept,
                run: Box::new(|desk, under| {
                    killed_at_a_sync(desk, &["epoch.a", "epoch.b"], &["forget", "2", "--yes"]);
                    desk.sanduq(under, &["list"])
                }),
                found: status(|s| by_items(s, 3, 2)),
            },
        ]
    }
}

fn on_disk(desk: &Desk, name: &str) -> PathBuf {
    desk.device.mounted().join(name)
}

fn items(status: &serde_json::Value) -> u64 {
    status["items"].as_u64().expect("a count")
}

fn delivered(status: &serde_json::Value) -> Vec<&str> {
    let deliveries = status["deliveries"].as_array().expect("deliveries").iter();
    deliveries.map(|delivery| delivery["state"].as_str().expect("a state")).collect()
}

fn by_items(status: &serde_json::Value, before: u64, after: u64) -> Option<State> {
    match items(status) {
        found if found == before => Some(State::Before),
        found if found == after => Some(State::After),
        _ => None,
    }
}

fn sealed(status: &serde_json::Value) -> Option<State> {
    match delivered(status)[..] {
        [] => Some(State::Before),
        ["sealed"] => Some(State::After),
        _ => None,
    }
}

/// Never the items and the bundle, and never neither.
fn sealed_and_forgotten(status: &serde_json::Value) -> Option<State> {
    match (&delivered(status)[..], items(status)) {
        ([], 3) => Some(State::Before),
        (["sealed"], 0) => Some(State::After),
        _ => None,
    }
}

fn withdrawn(status: &serde_json::Value) -> Option<State> {
    match (&delivered(status)[..], items(status)) {
        (["carried"], 3) => Some(State::Before),
        (["carried", "sealed"] | ["sealed", "carried"], 4) => Some(State::After),
        _ => None,
    }
}

fn dropped(status: &serde_json::Value) -> Option<State> {
    match (&delivered(status)[..], items(status)) {
        (["carried"], 3) => Some(State::Before),
        ([], 3) => Some(State::After),
        _ => None,
    }
}

fn received(status: &serde_json::Value) -> Option<State> {
    match delivered(status)[..] {
        ["carried"] => Some(State::Before),
        ["received"] => Some(State::After),
        _ => None,
    }
}
