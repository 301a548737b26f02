//! Work on a thread of its own: full buffers go there and come back empty, so that one core hashes, seals or writes while
//! another reads. There are a few buffers and no more, so memory is bounded, and whoever is faster waits.

use std::sync::mpsc::{Receiver, SendError, SyncSender, sync_channel};
use std::thread::{Builder, JoinHandle};

use zeroize::Zeroizing;

use super::secret::scrub_stack;

/// What goes over; it is wiped in the end.
pub(super) type Buffer = Zeroizing<Vec<u8>>;

/// A thread that does the same with each buffer. Dropped, it waits until the thread has ended and dropped all it had.
#[derive(Debug)]
pub(super) struct Aside<S, E> {
    /// Gone when no more are to come.
    full: Option<SyncSender<Buffer>>,
    empty: Receiver<Buffer>,
    thread: Option<JoinHandle<Result<S, E>>>,
}

impl<S: Send + 'static, E: Send + 'static> Aside<S, E> {
    /// Begins with this state, which `step` takes each buffer into until it fails; gives the state back where no thread can
    /// be had. `waiting` buffers of `bytes` may wait; one is worked on and one is being filled beside them.
    pub fn begin(
        name: &str,
        state: S,
        (waiting, bytes): (usize, usize),
        step: fn(&mut S, &mut Vec<u8>) -> Result<(), E>,
    ) -> Result<Aside<S, E>, S> {
        let (hand, handed) = sync_channel::<S>(1);
        let (full, coming) = sync_channel::<Buffer>(waiting);
        // All there are fit in: nobody waits to give one back.
        let (emptied, empty) = sync_channel(waiting + 2);
        for _ in 0..=waiting {
            let _ = emptied.send(buffer(bytes));
        }
        let work = move || {
            let mut state = handed.recv().expect("it is handed over as soon as there is a thread");
            let done = coming.iter().try_for_each(|mut buffer| {
                step(&mut state, &mut buffer)?;
                buffer.clear();
                // Who ended has no use for it.
                let _ = emptied.send(buffer);
                Ok(())
            });
            scrub_stack();
            done.map(|()| state)
        };
        let Ok(thread) = builder(name).spawn(work) else { return Err(state) };
        match hand.send(state) {
            Ok(()) => Ok(Aside { full: Some(full), empty, thread: Some(thread) }),
            Err(SendError(state)) => Err(state),
        }
    }

    /// Gives a full buffer away for an empty one. False if the thread has ended before its time: [`Aside::join`] says why.
    pub fn exchange(&self, buffer: &mut Buffer) -> bool {
        let (Ok(empty), Some(full)) = (self.empty.recv(), &self.full) else { return false };
        full.send(std::mem::replace(buffer, empty)).is_ok()
    }

    /// Waits until all is done; the state, or what ended the thread.
    pub fn join(mut self) -> Result<S, E> {
        self.full = None;
        let thread = self.thread.take().expect("only join and drop take it");
        // A panic over there goes on here.
        thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    }
}

impl<S, E> Drop for Aside<S, E> {
    fn drop(&mut self) {
        self.full = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// An empty buffer that holds so many bytes without growing.
pub(super) fn buffer(bytes: usize) -> Buffer {
    Zeroizing::new(Vec::with_capacity(bytes))
}

fn builder(name: &str) -> Builder {
    let builder = Builder::new().name(name.to_owned());
    #[cfg(test)]
    let builder = if tests::NO_THREADS.get() { builder.stack_size(usize::MAX / 2) } else { builder };
    builder
}

#[cfg(test)]
pub(super) mod tests {
    use std::cell::Cell;
    use std::sync::Arc;

    use super::*;

    thread_local! {
        /// From now on this thread can have no other.
        pub static NO_THREADS: Cell<bool> = const { Cell::new(false) };
    }

    const COUNT: fn(&mut u64, &mut Vec<u8>) -> Result<(), u8> = |sum, buffer| {
        *sum += buffer.len() as u64;
        buffer.first().filter(|byte| **byte == 9).map_or(Ok(()), |byte| Err(*byte))
    };

    fn filled(byte: u8) -> Buffer {
        Zeroizing::new(vec![byte; 10])
    }

    #[test]
    fn what_was_given_is_worked_on_and_comes_back_empty() {
        let aside = Aside::begin("count", 5, (2, 10), COUNT).unwrap();
        for _ in 0..1000 {
            let mut buffer = filled(1);
            assert!(aside.exchange(&mut buffer) && buffer.is_empty());
        }
        assert_eq!(aside.join(), Ok(10_005));
    }

    #[test]
    fn a_step_that_fails_ends_it() {
        let aside = Aside::begin("count", 0, (2, 10), COUNT).unwrap();
        assert!(aside.exchange(&mut filled(9)));
        while aside.exchange(&mut filled(1)) {}
        assert_eq!(aside.join(), Err(9));
    }

    #[test]
    fn where_no_thread_can_be_had_the_state_comes_back() {
        NO_THREADS.set(true);
        assert_eq!(Aside::begin("count", 7, (2, 10), COUNT).err(), Some(7));
    }

    #[test]
    fn when_it_is_dropped_the_thread_has_ended() {
        let state = Arc::new(());
        let step = |_: &mut Arc<()>, _: &mut Vec<u8>| {
            std::thread::sleep(std::time::Duration::from_millis(20));
            Ok::<(), ()>(())
        };
        let aside = Aside::begin("wait", Arc::clone(&state), (2, 10), step).unwrap();
        for _ in 0..3 {
            assert!(aside.exchange(&mut filled(1)));
        }
        drop(aside);
        assert_eq!(Arc::strong_count(&state), 1);
    }
}
