//! A golden vault is killed while the present version opens and changes it for the first time (assurance D10): it opens
//! afterwards, with everything that was in it, and goes on.
//!
//! Its slots are written anew with a passphrase that is cheap to try: nothing else of it is.
#![cfg(all(feature = "test-kdf", feature = "vault", feature = "intake", feature = "verify"))]

mod house;
mod world;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use house::{Noise, Person, text};
use sanduq::crypto::{CompartmentId, KdfParams, Passphrase, Slots};
use world::{World, nothing_left_over};

/// How often each command is killed: 50 times and more together, for every version.
const KILLS: u64 = 18;

/// What a command does to the titles that are listed.
type Change = fn(&mut Vec<String>);

/// The modes that a repository does not keep, and slots that cost little.
fn make_usable(person: &Person) {
    let part = fs::read_dir(&person.vault).unwrap().next().unwrap().unwrap();
    for (name, about) in person.house.files("golden") {
        let mode = if about.is_dir() { 0o700 } else { 0o600 };
        fs::set_permissions(person.house.path(&name), fs::Permissions::from_mode(mode)).unwrap();
    }
    fs::set_permissions(&person.vault, fs::Permissions::from_mode(0o700)).unwrap();
    let id: CompartmentId = part.file_name().to_str().unwrap().parse().unwrap();
    let path = part.path().join("slots");
    let golden = Slots::from_bytes(&fs::read(&path).unwrap()).unwrap();
    let master = golden.unlock(&id, &Passphrase::from("an invented golden passphrase")).unwrap();
    let mut cheap = Slots::unused(KdfParams::FLOOR).unwrap();
    let key = cheap.passphrase_key(&Passphrase::from(person.passphrase.as_str())).unwrap();
    cheap.set_slot(&id, 0, &key, &master).unwrap();
    fs::write(path, cheap.to_bytes()).unwrap();
}

/// Runs it and kills it after `wait`, unless it has ended by then; says whether it has.
fn kill_after(person: &Person, args: &[&str], wait: Duration) -> bool {
    use std::io::Write;
    let mut command = person.command(args);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let _ = writeln!(child.stdin.take().unwrap(), "{}", person.passphrase);
    let end = Instant::now() + wait;
    while Instant::now() < end {
        if let Some(status) = child.try_wait().unwrap() {
            assert!(status.success(), "{args:?} failed by itself");
            return true;
        }
        std::thread::sleep(Duration::from_micros(200));
    }
    child.kill().unwrap();
    child.wait().unwrap().success()
}

fn titles(person: &Person) -> Vec<String> {
    let mut titles: Vec<String> = person.list().iter().map(|item| item["title"].to_string()).collect();
    titles.sort();
    titles
}

#[test]
fn a_golden_vault_that_is_killed_while_it_is_first_changed_opens() {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let versions = fs::read_dir(golden).unwrap().map(|entry| entry.unwrap().path());
    for version in versions.filter(|version| version.join("vault").is_dir()) {
        let world = World::new("golden-kills");
        let person = world.house.person("golden");
        world::copy(&version.join("vault"), &person.vault);
        make_usable(&person);
        let before = {
            let copied = world.house.person("looked-at");
            world::copy(&person.vault, &copied.vault);
            titles(&Person { passphrase: person.passphrase.clone(), ..copied })
        };
        world.keep(&["golden"]);
        let paper = world.house.write("a paper", Noise::new(4).bytes(80_000));
        let commands: [(&[&str], Change); 3] = [
            (&["add", text(&paper)], |titles| titles.push("\"a paper\"".into())),
            (&["forget", "2", "--yes"], |titles| titles.retain(|title| title != "\"scan.bin\"")),
            (&["rekey"], |_| ()),
        ];
        let (mut kills, mut unchanged) = (0, 0);
        for (args, change) in commands {
            let mut after = before.clone();
            change(&mut after);
            after.sort();
            world.reset(&["golden"]);
            let start = Instant::now();
            assert!(kill_after(&person, args, Duration::from_secs(60)));
            let mut longest = start.elapsed();
            let mut dice = Noise::new(args.len() as u64);
            for _ in 0..KILLS {
                world.reset(&["golden"]);
                let wait = Duration::from_micros(dice.next() % longest.as_micros() as u64);
                let done = kill_after(&person, args, wait);
                longest = longest.mul_f32(if done { 0.9 } else { 1.04 });
                let found = titles(&person);
                assert!(found == after || (!done && found == before), "{args:?}: {found:?}");
                person.sanduq(&["repair", "--yes"]).good();
                person
                    .sanduq(&["testify", text(&world.house.write("told", "An invented account.\n"))])
                    .good();
                assert_eq!(person.list().len(), found.len() + 1);
                nothing_left_over(&person.vault);
                kills += 1;
                unchanged += u64::from(found == before);
            }
        }
        let name = version.file_name().unwrap().to_string_lossy().into_owned();
        println!(
            "MEASURED golden vault of {name} killed while it is first changed: {kills} kills, {unchanged} times the \
             vault as it was, every item there, nothing to repair"
        );
        assert!(kills >= 50);
    }
}
