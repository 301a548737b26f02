//! Reading many short files: on a thread of its own they are opened, read and hashed, while what was read before is
//! sealed and kept. Memory is bounded: a few batches of a few MiB go there and back.

use std::fs::File;
use std::io::{self, Read};
use std::ops::Range;
use std::os::unix::fs::MetadataExt;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use super::keep::{HEAD_BYTES, SkipReason, is_same, media_type, open};
use super::walk::{self, Found};
use crate::crypto::Secret;
use crate::crypto::checksum::Sums;

/// What is longer is not read here.
pub(super) const SHORT_BYTES_MAX: usize = 4 << 20;

/// A batch ends with the file that makes it as long as this.
const BATCH_BYTES: usize = 1 << 20;
/// And with this many files: the first ones are not to wait for many.
const BATCH_FILES: usize = 64;
/// The batches there are.
const BATCHES: usize = 3;

/// What became of a file that was found.
pub(super) enum Looked {
    /// It was read to its end, and stayed as it was meanwhile.
    Short(Short),
    /// It is long: it was not looked at.
    Long,
    /// It cannot be kept.
    Skipped(SkipReason),
}

/// A file that was read.
pub(super) struct Short {
    /// Where its bytes lie in the batch.
    bytes: Range<usize>,
    /// Their SHA-256 and checksum.
    pub sums: Sums,
    /// What they seem to be.
    pub media_type: String,
    /// Whether the file was deleted meanwhile.
    pub vanished: bool,
}

/// Some files, one after another.
struct Batch {
    bytes: Secret<Vec<u8>>,
    files: Vec<Looked>,
}

/// Gives each of the files to `take`, in their order, and the bytes of those that are short.
pub(super) fn each<E>(
    found: &[Found],
    mut take: impl FnMut(&Found, &Looked, &[u8]) -> Result<(), E>,
) -> Result<(), E> {
    thread::scope(|scope| {
        let (empty, coming) = sync_channel(BATCHES);
        let (done, full) = sync_channel(BATCHES);
        let reading = thread::Builder::new()
            .name("files".to_owned())
            .spawn_scoped(scope, move || read_all(found, &coming, &done));
        if reading.is_err() {
            // No thread can be had.
            return each_here(found, &mut take);
        }
        for _ in 0..BATCHES {
            let _ = empty.send(Batch::new());
        }
        let mut left = found;
        while let Ok(mut batch) = full.recv() {
            let (now, later) = left.split_at(batch.files.len());
            batch.give(now, &mut take)?;
            left = later;
            batch.empty();
            let _ = empty.send(batch);
        }
        Ok(())
    })
}

fn each_here<E>(
    found: &[Found],
    take: &mut impl FnMut(&Found, &Looked, &[u8]) -> Result<(), E>,
) -> Result<(), E> {
    let mut batch = Batch::new();
    found.iter().try_for_each(|found| {
        batch.empty();
        batch.read(found);
        batch.give(std::slice::from_ref(found), take)
    })
}

fn read_all(found: &[Found], empty: &Receiver<Batch>, full: &SyncSender<Batch>) {
    let mut left = found.iter().peekable();
    while left.peek().is_some() {
        let Ok(mut batch) = empty.recv() else { return };
        while batch.has_room()
            && let Some(found) = left.next()
        {
            batch.read(found);
        }
        if full.send(batch).is_err() {
            return;
        }
    }
}

impl Batch {
    fn new() -> Batch {
        Batch { bytes: Secret::new(Vec::new()), files: Vec::new() }
    }

    fn empty(&mut self) {
        self.bytes.expose_mut().clear();
        self.files.clear();
    }

    fn has_room(&self) -> bool {
        self.bytes.expose().len() < BATCH_BYTES && self.files.len() < BATCH_FILES
    }

    fn read(&mut self, found: &Found) {
        let looked = match self.look(found) {
            Ok(looked) => looked,
            Err(why) => Looked::Skipped(why),
        };
        self.files.push(looked);
    }

    fn look(&mut self, found: &Found) -> Result<Looked, SkipReason> {
        if found.len > SHORT_BYTES_MAX as u64 {
            return Ok(Looked::Long);
        }
        let (mut file, before) = open(found)?;
        if before.len() > SHORT_BYTES_MAX as u64 {
            return Ok(Looked::Long);
        }
        let begin = self.bytes.expose().len();
        self.append(&mut file, before.len() as usize).map_err(|error| walk::refused(&error))?;
        let bytes = begin..self.bytes.expose().len();
        let after = file.metadata().map_err(|_| SkipReason::Changed)?;
        if !is_same(&before, &after) || bytes.len() as u64 != before.len() {
            return Err(SkipReason::Changed);
        }
        let content = &self.bytes.expose()[bytes.clone()];
        let (sums, head) = (Sums::of(content), &content[..content.len().min(HEAD_BYTES)]);
        Ok(Looked::Short(Short { bytes, sums, media_type: media_type(head), vanished: after.nlink() == 0 }))
    }

    /// Reads a file of `len` bytes, and one byte more if there is one: it says that the file has grown.
    fn append(&mut self, file: &mut File, len: usize) -> io::Result<()> {
        let held = self.bytes.expose();
        let (mut at, end) = (held.len(), held.len() + len + 1);
        if end > held.capacity() {
            // Never grown in place: that would leave a copy behind.
            let room = if end <= BATCH_BYTES { BATCH_BYTES } else { BATCH_BYTES + SHORT_BYTES_MAX + 1 };
            let mut larger = Secret::new(Vec::with_capacity(room));
            larger.expose_mut().extend_from_slice(held);
            self.bytes = larger;
        }
        let bytes = self.bytes.expose_mut();
        bytes.resize(end, 0);
        while at < end {
            match file.read(&mut bytes[at..]) {
                Ok(0) => break,
                Ok(count) => at += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        bytes.truncate(at);
        Ok(())
    }

    fn give<E>(
        &self,
        found: &[Found],
        take: &mut impl FnMut(&Found, &Looked, &[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        found.iter().zip(&self.files).try_for_each(|(found, looked)| {
            let bytes = match looked {
                Looked::Short(short) => &self.bytes.expose()[short.bytes.clone()],
                Looked::Long | Looked::Skipped(_) => &[],
            };
            take(found, looked, bytes)
        })
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn content(len: usize) -> Vec<u8> {
        (0..len).map(|at| (at * len % 251) as u8).collect()
    }

    /// A file's label, and its bytes or why there are none.
    type Seen = (String, Result<Vec<u8>, String>);

    /// What is seen of a file.
    fn seen(found: &Found, looked: &Looked, bytes: &[u8]) -> Seen {
        let found = found.label.clone();
        match looked {
            Looked::Short(short) => {
                assert!(short.sums == Sums::of(bytes) && !short.vanished);
                (found, Ok(bytes.to_vec()))
            }
            Looked::Long => (found, Err("long".to_owned())),
            Looked::Skipped(why) => (found, Err(format!("{why:?}"))),
        }
    }

    /// Files of many lengths, some of which are not there or too long, and what is to be seen of them.
    fn files(dir: &std::path::Path) -> (Vec<Found>, Vec<Seen>) {
        let lens =
            [0, 1, 5000, BATCH_BYTES - 1, BATCH_BYTES, SHORT_BYTES_MAX, SHORT_BYTES_MAX + 1, 7, 900_000];
        let many = std::iter::repeat_n(300, 3 * BATCH_FILES + 1);
        let (mut found, mut expected) = (Vec::new(), Vec::new());
        for (number, len) in lens.into_iter().chain(many).chain(lens).enumerate() {
            let (path, label) = (dir.join(number.to_string()), number.to_string());
            let there = number % 10 != 9;
            if there {
                fs::write(&path, content(len)).unwrap();
            }
            found.push(Found { path, label: label.clone(), len: len as u64 });
            expected.push((
                label,
                match there {
                    _ if len > SHORT_BYTES_MAX => Err("long".to_owned()),
                    true => Ok(content(len)),
                    false => Err("Vanished".to_owned()),
                },
            ));
        }
        (found, expected)
    }

    #[test]
    fn each_is_given_in_order_with_its_bytes_here_and_aside() {
        let dir = tempfile::tempdir().unwrap();
        let (found, expected) = files(dir.path());
        for here in [false, true] {
            let mut given = Vec::new();
            let mut take = |found: &Found, looked: &Looked, bytes: &[u8]| {
                given.push(seen(found, looked, bytes));
                Ok::<(), ()>(())
            };
            if here { each_here(&found, &mut take) } else { each(&found, &mut take) }.unwrap();
            assert_eq!(given.len(), expected.len());
            for (given, expected) in given.iter().zip(&expected) {
                assert!(given == expected, "{} here: {here}", expected.0);
            }
        }
    }

    #[test]
    fn a_file_of_another_length_than_it_was_found_with_is_read_as_it_is() {
        let dir = tempfile::tempdir().unwrap();
        let (path, label) = (dir.path().join("a"), "a".to_owned());
        for (len, expected) in [(10, Ok(content(10))), (SHORT_BYTES_MAX + 1, Err("long".to_owned()))] {
            fs::write(&path, content(len)).unwrap();
            let found = Found { path: path.clone(), label: label.clone(), len: 3 };
            let given = each(&[found], |found, looked, bytes| Err(seen(found, looked, bytes))).unwrap_err();
            assert!(given == (label.clone(), expected));
        }
    }

    /// The system makes up what it holds: it says that it is empty, and gives more.
    #[test]
    fn a_file_that_gives_more_than_it_has_was_changed() {
        let found = Found { path: "/proc/self/status".into(), label: "status".to_owned(), len: 0 };
        let given = each(&[found], |found, looked, bytes| Err(seen(found, looked, bytes))).unwrap_err();
        assert_eq!(given.1, Err("Changed".to_owned()));
    }

    #[test]
    fn it_ends_where_whoever_takes_ends_it() {
        let dir = tempfile::tempdir().unwrap();
        let (found, _) = files(dir.path());
        let mut left = 3;
        let ended = each(&found, |_, _, _| {
            left -= 1;
            if left == 0 { Err("full") } else { Ok(()) }
        });
        assert_eq!(ended, Err("full"));
    }
}
