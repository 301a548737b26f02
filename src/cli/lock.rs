//! When an open shell is locked: nobody typed for a while, the machine woke, Ctrl-L, Ctrl-Z, or the end is near.
//!
//! Whoever reads from a person says so with [`wait`], and is told to stop: the line editor by the signal of Ctrl-C,
//! which it takes for Ctrl-C itself, all others by [`readable`]; and hands over what was [typed](pressed), where the
//! keys that lock arrive as characters. So a testimony that is being typed is kept as a draft
//! first. That a machine slept shows only once it is awake, in the difference of two of its clocks: while it sleeps,
//! everything lies in its memory. While a command runs nothing stops it here: the clock stands still, Ctrl-Z has to wait, and the other
//! signals end the program as they always do. Signals belong to a whole process, and so does this: outside the shell
//! nothing is [installed](install) and nothing changes.

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fd::AsFd;
use rustix::process::{Signal, getpid, kill_process};
use rustix::time::{ClockId, clock_gettime};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGTSTP};
use signal_hook::{flag, low_level};
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread;
use std::time::Duration;

/// How often the watch looks.
const TICK: Duration = Duration::from_millis(200);
/// Between two looks so much time passes only if this program was stopped.
const AWAY: Duration = Duration::from_secs(30);

/// Ctrl-L, which locks, where it is a character.
pub const LOCK: u8 = 0x0c;
/// Ctrl-Z, which locks and stops, where it is a character.
const SUSPEND: u8 = 0x1a;

/// The watch of this process, once there is a shell.
static WATCH: OnceLock<Watch> = OnceLock::new();

/// Why waiting for a person has to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// Lock, and ask for the passphrase again.
    Lock,
    /// Lock, and stop until the person's other shell goes on with this program.
    Stop,
    /// Lock, and end.
    Leave,
}

/// Counts the time without a key. All times are since some moment that stays the same, with the time slept.
#[derive(Debug)]
struct Idle {
    limit: Duration,
    /// When the last key came.
    key: Duration,
    /// When the watch looked last.
    look: Duration,
    /// How long the machine had slept by then, at most.
    slept: Duration,
    /// There is something to lock.
    open: bool,
    over: bool,
}

impl Idle {
    fn new(limit: Duration, Reading { now, slept: [_, slept] }: Reading) -> Idle {
        Idle { limit, key: now, look: now, slept, open: false, over: false }
    }

    /// The watch looks; only while somebody is waited for the time counts.
    fn look(&mut self, Reading { now, slept: [at_least, at_most] }: Reading, waiting: bool) {
        let slept = at_least > self.slept;
        let away = now.saturating_sub(self.look) >= AWAY;
        let idle = waiting && now.saturating_sub(self.key) >= self.limit;
        self.over |= self.open && (slept || away || idle);
        (self.look, self.slept) = (now, at_most);
    }

    /// A key came, or waiting begins. What is over stays so: nobody wakes a machine and goes on in time.
    fn key(&mut self, now: Duration) {
        self.key = now;
    }
}

/// What the system's clocks say.
#[derive(Debug, Clone, Copy)]
struct Reading {
    /// The time since the machine was started, with the time it slept.
    now: Duration,
    /// How long it slept of that, at least and at most: two clocks are never read at once.
    slept: [Duration; 2],
}

impl Reading {
    fn take() -> Reading {
        let [before, now, after] = [ClockId::Monotonic, ClockId::Boottime, ClockId::Monotonic].map(time);
        Reading { now, slept: [after, before].map(|awake| now.saturating_sub(awake)) }
    }
}

struct Watch {
    state: Mutex<State>,
    /// A command runs: signals end the program.
    busy: Arc<AtomicBool>,
    interrupted: Arc<AtomicBool>,
    stop: Arc<AtomicBool>,
    leave: Arc<AtomicBool>,
}

struct State {
    idle: Idle,
    waiting: bool,
}

/// A person is waited for, as long as this lives.
#[must_use]
pub struct Waiting(Option<&'static Watch>);

/// Begins to watch, for the rest of the process. Nothing is open yet.
pub fn install(limit: Duration) -> io::Result<()> {
    let state = State { idle: Idle::new(limit, Reading::take()), waiting: false };
    let watch = Watch {
        state: Mutex::new(state),
        busy: Arc::new(AtomicBool::new(true)),
        interrupted: Arc::default(),
        stop: Arc::default(),
        leave: Arc::default(),
    };
    watch.hear_signals()?;
    let watch = WATCH.get_or_init(|| watch);
    thread::Builder::new().name("watch".into()).spawn(|| watch.run()).map(drop)
}

/// Says that a person is waited for. The time without a key begins anew.
pub fn wait() -> Waiting {
    let watch = WATCH.get();
    if let Some(watch) = watch {
        let mut state = watch.state();
        state.idle.key(now());
        state.waiting = true;
        watch.interrupted.store(false, Ordering::SeqCst);
        watch.busy.store(false, Ordering::SeqCst);
    }
    Waiting(watch)
}

impl Drop for Waiting {
    fn drop(&mut self) {
        if let Some(watch) = self.0 {
            let mut state = watch.state();
            state.waiting = false;
            watch.busy.store(true, Ordering::SeqCst);
        }
    }
}

/// Says that a key came.
pub fn key() {
    if let Some(watch) = WATCH.get() {
        watch.state().idle.key(now());
    }
}

/// Wants the shell locked at once, and tells whether there is one.
pub fn now_please() -> bool {
    let watch = WATCH.get();
    watch.into_iter().for_each(|watch| watch.state().idle.over = true);
    watch.is_some()
}

/// Wants the shell locked if one of its keys is among these, and tells whether it is. Outside the shell none is.
pub fn pressed(keys: &[u8]) -> bool {
    let Some(watch) = WATCH.get() else { return false };
    let [lock, suspend] = [LOCK, SUSPEND].map(|key| keys.contains(&key));
    watch.state().idle.over |= lock;
    watch.stop.fetch_or(suspend, Ordering::SeqCst);
    lock || suspend
}

/// Whether there is a shell, which can be locked.
pub fn is_installed() -> bool {
    WATCH.get().is_some()
}

/// What is wanted, if anything.
pub fn wanted() -> Option<Wanted> {
    WATCH.get()?.wanted()
}

/// What was wanted has been done: it is locked, or `open` again. While it is locked no time counts.
pub fn done(open: bool) {
    if let Some(watch) = WATCH.get() {
        let mut state = watch.state();
        state.idle.open = open;
        state.idle.over = false;
        watch.stop.store(false, Ordering::SeqCst);
    }
}

/// Stops this program, as Ctrl-Z does, until it is gone on with.
pub fn stop() {
    // Where it cannot stop, it goes on locked.
    let _ = low_level::emulate_default_handler(SIGTSTP);
}

/// Waits until something can be read; `false` if waiting has to end. Outside the shell it does not wait.
pub fn readable(from: impl AsFd) -> io::Result<bool> {
    let Some(watch) = WATCH.get() else { return Ok(true) };
    let tick = Timespec { tv_sec: 0, tv_nsec: i64::from(TICK.subsec_nanos()) };
    loop {
        if watch.wanted().is_some() || watch.interrupted.load(Ordering::SeqCst) {
            return Ok(false);
        }
        match poll(&mut [PollFd::new(&from, PollFlags::IN)], Some(&tick)) {
            Ok(0) | Err(rustix::io::Errno::INTR) => {}
            Ok(_) => return Ok(true),
            Err(error) => return Err(error.into()),
        }
    }
}

impl Watch {
    fn hear_signals(&self) -> io::Result<()> {
        for (signal, heard) in [(SIGINT, &self.interrupted), (SIGTERM, &self.leave), (SIGHUP, &self.leave)] {
            flag::register_conditional_default(signal, Arc::clone(&self.busy))?;
            flag::register(signal, Arc::clone(heard))?;
        }
        flag::register(SIGTSTP, Arc::clone(&self.stop)).map(drop)
    }

    fn run(&self) {
        loop {
            thread::sleep(TICK);
            let mut state = self.state();
            let waiting = state.waiting;
            state.idle.look(Reading::take(), waiting);
            if waiting && self.wanted_of(&state).is_some() {
                // Sent while the state is held: once nobody waits any more, it would end the program.
                let _ = kill_process(getpid(), Signal::INT);
            }
        }
    }

    fn wanted(&self) -> Option<Wanted> {
        self.wanted_of(&self.state())
    }

    fn wanted_of(&self, state: &State) -> Option<Wanted> {
        let is = |flag: &AtomicBool| flag.load(Ordering::SeqCst);
        match () {
            () if is(&self.leave) => Some(Wanted::Leave),
            () if is(&self.stop) => Some(Wanted::Stop),
            () => state.idle.over.then_some(Wanted::Lock),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The time since the machine was started, with the time it slept.
fn now() -> Duration {
    time(ClockId::Boottime)
}

fn time(clock: ClockId) -> Duration {
    Duration::try_from(clock_gettime(clock)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    fn open(limit: Duration) -> Idle {
        Idle { open: true, ..Idle::new(limit, awake(0)) }
    }

    /// A machine that never slept, so many seconds after it was started.
    fn awake(now: u64) -> Reading {
        Reading { now: seconds(now), slept: [seconds(0); 2] }
    }

    fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    /// Looks every ten seconds, from one time to another.
    fn look(idle: &mut Idle, from: u64, to: u64, waiting: bool) {
        (from..=to).step_by(10).for_each(|at| idle.look(awake(at), waiting));
    }

    #[test]
    fn nobody_typed_for_a_minute() {
        let mut idle = open(MINUTE);
        look(&mut idle, 0, 50, true);
        assert!(!idle.over);
        idle.key(seconds(55));
        look(&mut idle, 60, 110, true);
        assert!(!idle.over, "a key came meanwhile");
        look(&mut idle, 120, 120, true);
        assert!(idle.over);
        idle.key(seconds(121));
        assert!(idle.over, "too late");
    }

    #[test]
    fn a_command_that_runs_long_is_no_idleness() {
        let mut idle = open(MINUTE);
        look(&mut idle, 0, 3600, false);
        assert!(!idle.over);
        idle.key(seconds(3605));
        look(&mut idle, 3610, 3660, true);
        assert!(!idle.over, "the clock began anew");
    }

    /// Who was slow to type the passphrase was asked again from its beginning.
    #[test]
    fn what_is_locked_is_not_locked_again() {
        let mut idle = Idle::new(MINUTE, awake(0));
        look(&mut idle, 0, 3600, true);
        assert!(!idle.over);
    }

    #[test]
    fn a_program_that_was_stopped_is_locked_when_it_goes_on() {
        for waiting in [true, false] {
            let mut idle = open(10 * MINUTE);
            idle.look(awake(1), waiting);
            idle.key(seconds(45));
            idle.look(awake(45), waiting);
            assert!(idle.over, "a key does not hide the time before it");
        }
    }

    /// The lid was closed, the laptop was taken from the table, and opened again a few seconds later: what slept less than
    /// half a minute was open still.
    #[test]
    fn a_machine_that_slept_is_locked_when_it_wakes_however_short_that_was() {
        let slept = |now: f64, at_least: f64, at_most: f64| Reading {
            now: Duration::from_secs_f64(now),
            slept: [at_least, at_most].map(Duration::from_secs_f64),
        };
        for waiting in [true, false] {
            let mut idle = open(10 * MINUTE);
            idle.look(awake(1), waiting);
            // The program was kept waiting between two of the three clocks.
            idle.look(slept(2.0, 0.0, 0.7), waiting);
            idle.look(slept(2.2, 0.0, 0.0), waiting);
            assert!(!idle.over, "it never slept");
            idle.look(slept(4.4, 1.999, 2.001), waiting);
            assert!(idle.over, "two seconds of sleep");
            idle.over = false;
            idle.look(slept(4.6, 1.999, 2.001), waiting);
            assert!(!idle.over, "it is not locked twice for one sleep");
        }
    }

    #[test]
    fn the_clocks_of_a_machine_that_is_awake_show_no_sleep() {
        let mut idle = Idle { open: true, ..Idle::new(MINUTE, Reading::take()) };
        for _ in 0..10_000 {
            idle.look(Reading::take(), false);
        }
        assert!(!idle.over);
    }
}
