//! The thread on which segments are sealed and written while the next ones are being filled.

use std::io::{self, Write};
use std::sync::mpsc::{Receiver, SendError, SyncSender, sync_channel};
use std::thread::{Builder, JoinHandle};

use zeroize::Zeroizing;

use super::{Sealing, failed_before, new_segment};
use crate::crypto::secret::scrub_stack;

type Segment = Zeroizing<Vec<u8>>;

/// Segments that may wait to be sealed; one is being sealed and one filled beside them.
const WAITING_MAX: usize = 1;

/// Seals on a thread of its own. Dropped, it waits for the thread to end.
#[derive(Debug)]
pub(super) struct Aside<W: Write> {
    /// Gone when no more are to come.
    full: Option<SyncSender<Segment>>,
    empty: Receiver<Segment>,
    thread: Option<JoinHandle<io::Result<Sealing<W>>>>,
}

impl<W: Write + Send + 'static> Aside<W> {
    /// Begins where `sealing` is, or gives it back where no thread can be had.
    pub fn begin(sealing: Sealing<W>) -> Result<Aside<W>, Sealing<W>> {
        let (hand, handed) = sync_channel::<Sealing<W>>(1);
        let (full, waiting) = sync_channel::<Segment>(WAITING_MAX);
        let (emptied, empty) = sync_channel(WAITING_MAX + 2);
        for _ in 0..=WAITING_MAX {
            let _ = emptied.send(new_segment());
        }
        let thread = Builder::new().name("seal".to_owned()).spawn(move || {
            let mut sealing = handed.recv().map_err(|_| failed_before())?;
            let sealed = waiting.iter().try_for_each(|mut segment| {
                sealing.write(&mut segment, false)?;
                let _ = emptied.send(segment);
                Ok(())
            });
            scrub_stack();
            sealed.map(|()| sealing)
        });
        let Ok(thread) = thread else { return Err(sealing) };
        match hand.send(sealing) {
            Ok(()) => Ok(Aside { full: Some(full), empty, thread: Some(thread) }),
            Err(SendError(sealing)) => Err(sealing),
        }
    }

    /// Gives a full segment away and takes an empty one. Fails with what ended the thread, if something did.
    pub fn exchange(self, segment: &mut Segment) -> io::Result<Aside<W>> {
        if let (Ok(empty), Some(full)) = (self.empty.recv(), &self.full)
            && full.send(std::mem::replace(segment, empty)).is_ok()
        {
            return Ok(self);
        }
        Err(self.join().err().unwrap_or_else(failed_before))
    }

    /// Waits until everything is written.
    pub fn join(mut self) -> io::Result<Sealing<W>> {
        self.full = None;
        let thread = self.thread.take().expect("only join and drop take it");
        // A panic over there goes on here.
        thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    }
}

impl<W: Write> Drop for Aside<W> {
    fn drop(&mut self) {
        self.full = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
