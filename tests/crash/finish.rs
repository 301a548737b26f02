//! A command that was killed at a sync leaves what it wrote in the system's memory, where the next one finds it as if it
//! were on the disk. Before anything is built on it that outlasts a power cut, it is made last itself. (What a power cut
//! makes of it otherwise: tests/power_cut.rs, as far as the file system shows it.)

use std::fs;

use crate::house::{Person, run, text};
use crate::syncs::file;
use crate::world::{State, World};

/// Kills a command at its first sync of these files of its part, and gives the calls that the next command makes.
fn killed_at_a_sync_of(person: &Person, names: &[&str], args: &[&str]) -> Option<Vec<String>> {
    let part = fs::read_dir(&person.vault).unwrap().next().unwrap().unwrap().path();
    let paths: Vec<_> = names.iter().map(|name| text(&part.join(name)).to_owned()).collect();
    let trace = person.house.path("trace");
    let mut under = vec!["strace", "-f", "-y", "-qq", "-o", text(&trace)];
    let traced =
        |under: &[&str], args: &[&str]| run(person.command_under(under, args), Some(&person.passphrase));
    let calls =
        [&under[..], &["-e", "trace=fsync,fdatasync,write,pwrite64,rename,renameat,renameat2"]].concat();
    if traced(&calls, &["list"]).code != Some(0) {
        println!("SKIPPED failed_at_every_write: no strace, or it may not trace");
        return None;
    }
    under.extend(["-e", "inject=fsync:signal=SIGKILL:when=1"]);
    paths.iter().for_each(|path| under.extend(["-P", path]));
    assert_eq!(traced(&under, args).code, None, "{args:?} was to be killed");
    traced(&calls, &["list"]).good();
    Some(fs::read_to_string(&trace).unwrap().lines().map(str::to_owned).collect())
}

fn first(calls: &[String], what: &str, is: impl Fn(&str) -> bool) -> usize {
    calls.iter().position(|line| is(line)).unwrap_or_else(|| panic!("{what}: {calls:#?}"))
}

fn syncs(line: &str, end: &str) -> bool {
    line.contains("sync(") && file(line).is_some_and(|path| path.ends_with(end))
}

#[test]
fn a_journal_is_last_before_the_index_takes_it_in() {
    let world = World::new("finish-journal");
    let (person, _) = world.begin();
    let paper = world.house.write("paper", "an invented paper");
    let Some(calls) = killed_at_a_sync_of(&person, &["journal"], &["add", text(&paper)]) else { return };
    let journal = first(&calls, "the journal is not synced", |line| syncs(line, "/journal"));
    let index = first(&calls, "the index takes nothing in", |line| syncs(line, "/index"));
    let again = first(&calls, "the journal is not written again", |line| {
        line.contains("write") && file(line).is_some_and(|path| path.ends_with("/journal"))
    });
    assert!(again < journal && journal < index, "{calls:#?}");
    assert_eq!(person.list().len(), 3);
}

#[test]
fn an_epoch_is_last_before_what_the_old_one_opened_goes() {
    let world = World::new("finish-epoch");
    let (person, _) = world.begin();
    let epochs = ["epoch.a", "epoch.b"];
    let Some(calls) = killed_at_a_sync_of(&person, &epochs, &["forget", "2", "--yes"]) else { return };
    let is_epoch = |line: &str| epochs.iter().any(|name| syncs(line, name));
    let epoch = first(&calls, "no epoch block is synced", is_epoch);
    let gone = first(&calls, "nothing takes another's place", |line| line.contains("index.next\""));
    assert!(epoch < gone, "{calls:#?}");
    let state = if person.list().len() == 1 { State::After } else { State::Before };
    assert_eq!(state, State::After);
}
