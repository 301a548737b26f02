//! An inbox: remembers what lay in a watched folder, and says which files have come to rest.
//!
//! A file is ready when two looks in a row saw the same length and time of change: one still being copied grows.
//! It is handed out once; if it changes later, it is a new arrival. One that could not be taken for a reason that
//! may pass (a full disk, a stick pulled out) is put back and comes again after a pause that doubles.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::gather::{Candidate, Shape};

/// The longest pause before a file is tried again, in looks.
const PAUSE_LOOKS_MAX: u32 = 256;

/// What lay in the folder when it was last looked at.
#[derive(Debug, Default)]
pub(super) struct Inbox {
    seen: HashMap<PathBuf, Sighting>,
}

#[derive(Debug)]
struct Sighting {
    shape: Shape,
    state: State,
    /// The pause after the next failure, in looks.
    pause: u32,
}

#[derive(Debug, PartialEq, Eq)]
enum State {
    /// Seen, not yet handed out.
    Waiting,
    /// Handed out in this shape.
    Taken,
    /// To be handed out again after so many looks.
    Again(u32),
}

impl Inbox {
    /// Takes in what lies there now and gives those that have come to rest. What is gone is forgotten.
    pub fn look(&mut self, found: Vec<Candidate>) -> Vec<Candidate> {
        let mut before = std::mem::take(&mut self.seen);
        let mut ready = Vec::new();
        for Candidate { path, named, shape } in found {
            let mut sighting = match before.remove(&path) {
                Some(known) if known.shape == shape => known,
                _ => {
                    self.seen.insert(path, Sighting { shape, state: State::Waiting, pause: 1 });
                    continue;
                }
            };
            match sighting.state {
                State::Waiting | State::Again(0) => {
                    sighting.state = State::Taken;
                    ready.push(Candidate { path: path.clone(), named, shape });
                }
                State::Again(looks) => sighting.state = State::Again(looks - 1),
                State::Taken => {}
            }
            self.seen.insert(path, sighting);
        }
        ready
    }

    /// Puts a file back that could not be taken now.
    pub fn put_back(&mut self, path: &Path) {
        if let Some(sighting) = self.seen.get_mut(path) {
            sighting.state = State::Again(sighting.pause);
            sighting.pause = (sighting.pause * 2).min(PAUSE_LOOKS_MAX);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(files: &[(&str, u64)]) -> Vec<Candidate> {
        let candidate = |&(path, len): &(&str, u64)| Candidate {
            path: PathBuf::from(path),
            named: true,
            shape: Shape { len, changed: None },
        };
        files.iter().map(candidate).collect()
    }

    fn nothing() -> Vec<PathBuf> {
        Vec::new()
    }

    fn look(inbox: &mut Inbox, files: &[(&str, u64)]) -> Vec<PathBuf> {
        inbox.look(found(files)).into_iter().map(|file| file.path).collect()
    }

    #[test]
    fn a_file_is_ready_once_it_rests() {
        let mut inbox = Inbox::default();
        assert_eq!(look(&mut inbox, &[("a", 1)]), nothing());
        assert_eq!(look(&mut inbox, &[("a", 2)]), nothing());
        assert_eq!(look(&mut inbox, &[("a", 2), ("b", 1)]), [PathBuf::from("a")]);
        assert_eq!(look(&mut inbox, &[("a", 2), ("b", 1)]), [PathBuf::from("b")]);
        assert_eq!(look(&mut inbox, &[("a", 2), ("b", 1)]), nothing());
    }

    #[test]
    fn a_file_that_changed_arrives_anew() {
        let mut inbox = Inbox::default();
        look(&mut inbox, &[("a", 1)]);
        assert_eq!(look(&mut inbox, &[("a", 1)]).len(), 1);
        assert_eq!(look(&mut inbox, &[("a", 5)]), nothing());
        assert_eq!(look(&mut inbox, &[("a", 5)]).len(), 1);
    }

    #[test]
    fn a_stick_put_in_again_is_looked_at_again() {
        let mut inbox = Inbox::default();
        look(&mut inbox, &[("a", 1)]);
        assert_eq!(look(&mut inbox, &[("a", 1)]).len(), 1);
        look(&mut inbox, &[]);
        look(&mut inbox, &[("a", 1)]);
        assert_eq!(look(&mut inbox, &[("a", 1)]).len(), 1);
    }

    #[test]
    fn what_was_put_back_comes_again_after_a_growing_pause() {
        let mut inbox = Inbox::default();
        look(&mut inbox, &[("a", 1)]);
        let mut looks = Vec::new();
        for number in 0..20 {
            if !look(&mut inbox, &[("a", 1)]).is_empty() {
                inbox.put_back(Path::new("a"));
                looks.push(number);
            }
        }
        assert_eq!(looks, [0, 2, 5, 10, 19]);
    }
}
