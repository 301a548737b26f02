//! Work on a thread of its own: full buffers go there and come back empty, or empty ones and come back full, so that one
//! core hashes, seals or writes while another reads. There are a few buffers and no more, so memory is bounded, and whoever
//! is faster waits.

use std::sync::mpsc::{Receiver, SendError, SyncSender, sync_channel};
use std::thread::{Builder, JoinHandle};

use super::secret::{Secret, scrub_stack};

/// What goes over; it is wiped in the end.
pub(super) type Buffer = Secret<Vec<u8>>;

/// A thread that does the same with each buffer. Dropped, it waits until the thread has ended and dropped all it had.
#[derive(Debug)]
pub(super) struct Aside<S, E> {
    /// Gone when no more are to come.
    there: Option<SyncSender<Buffer>>,
    back: Receiver<Buffer>,
    thread: Option<JoinHandle<Result<S, E>>>,
}

/// What a thread does with a buffer.
pub(super) type Step<S, E> = fn(&mut S, &mut Vec<u8>) -> Result<(), E>;

/// How many buffers there are beside the one that the caller has, and how many bytes each can hold.
pub(super) type Room = (usize, usize);

impl<S: Send + 'static, E: Send + 'static> Aside<S, E> {
    /// Begins with this state, into which `step` takes each buffer until it fails; it leaves the buffer empty. Gives the
    /// state back where no thread can be had.
    pub fn begin(name: &str, state: S, room: Room, step: Step<S, E>) -> Result<Aside<S, E>, S> {
        Aside::spawn(name, state, room, step, false)
    }

    /// As [`Aside::begin`], where `step` fills buffers: it begins at once, before it is asked.
    pub fn ahead(name: &str, state: S, room: Room, step: Step<S, E>) -> Result<Aside<S, E>, S> {
        Aside::spawn(name, state, room, step, true)
    }

    fn spawn(
        name: &str,
        state: S,
        (buffers, bytes): Room,
        step: Step<S, E>,
        ahead: bool,
    ) -> Result<Aside<S, E>, S> {
        let (hand, handed) = sync_channel::<S>(1);
        // All there are fit in: nobody waits to give one away.
        let (there, coming) = sync_channel::<Buffer>(buffers + 1);
        let (done, back) = sync_channel(buffers + 1);
        for _ in 0..buffers {
            let _ = if ahead { &there } else { &done }.send(buffer(bytes));
        }
        let work = move || {
            let mut state = handed.recv().expect("it is handed over as soon as there is a thread");
            let ended = coming.iter().try_for_each(|mut buffer| {
                step(&mut state, buffer.expose_mut())?;
                // Who ended has no use for it.
                let _ = done.send(buffer);
                Ok(())
            });
            scrub_stack();
            ended.map(|()| state)
        };
        let Ok(thread) = builder(name).spawn(work) else { return Err(state) };
        match hand.send(state) {
            Ok(()) => Ok(Aside { there: Some(there), back, thread: Some(thread) }),
            Err(SendError(state)) => Err(state),
        }
    }

    /// Gives a buffer away for the next that comes back. False if the thread has ended before its time: [`Aside::join`]
    /// says why.
    pub fn exchange(&self, buffer: &mut Buffer) -> bool {
        let (Ok(next), Some(there)) = (self.back.recv(), &self.there) else { return false };
        let given = std::mem::replace(buffer, next);
        there.send(given).is_ok()
    }

    /// Waits until all is done; the state, or what ended the thread.
    pub fn join(mut self) -> Result<S, E> {
        self.there = None;
        let thread = self.thread.take().expect("only join and drop take it");
        // A panic over there goes on here.
        thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    }
}

impl<S, E> Drop for Aside<S, E> {
    fn drop(&mut self) {
        self.there = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// An empty buffer that holds so many bytes without growing.
pub(super) fn buffer(bytes: usize) -> Buffer {
    Secret::new(Vec::with_capacity(bytes))
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
        let first = buffer.first().copied();
        buffer.clear();
        first.filter(|byte| *byte == 9).map_or(Ok(()), Err)
    };

    fn filled(byte: u8) -> Buffer {
        Secret::new(vec![byte; 10])
    }

    #[test]
    fn what_was_given_is_worked_on_and_comes_back_empty() {
        let aside = Aside::begin("count", 5, (2, 10), COUNT).unwrap();
        for _ in 0..1000 {
            let mut buffer = filled(1);
            assert!(aside.exchange(&mut buffer) && buffer.expose().is_empty());
        }
        assert_eq!(aside.join(), Ok(10_005));
    }

    #[test]
    fn what_is_asked_for_was_made_before() {
        let count_up = |next: &mut u8, buffer: &mut Vec<u8>| {
            buffer.splice(.., [*next]);
            *next += 1;
            if *next == 8 { Err(*next) } else { Ok(()) }
        };
        let (aside, mut buffer) = (Aside::ahead("count", 0, (2, 1), count_up).unwrap(), buffer(1));
        for expected in 0..5 {
            assert!(aside.exchange(&mut buffer));
            assert_eq!(buffer.expose(), &[expected]);
        }
        while aside.exchange(&mut buffer) {}
        assert_eq!(aside.join(), Err(8));
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
