//! Watching a folder: what arrives in it, on sticks put in all day, is accepted, and answers are laid beside it.
//!
//! The folder is looked at every few seconds; nothing depends on the file system telling of changes, which FAT on
//! FUSE and network shares do not. A file is taken when it has come to rest. Copying and checking run on a few
//! threads; the ledger is written by one. The archive is open, and locked, only while there is work, so that
//! `accept` and `receipts` can be run beside it.
//!
//! SIGINT and SIGTERM end it: what is being copied is dropped, what was checked is logged and answered.

use std::collections::{BTreeSet, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::task::{JoinSet, spawn_blocking};
use tokio::time::MissedTickBehavior;

use super::IntakeError;
use super::archive::{Archive, Places, Shelf};
use super::batch::{BATCH_BUNDLES_MAX, StagedSource};
use super::carriers::Carriers;
use super::gather::gather;
use super::inbox::Inbox;
use super::letters::LettersLaid;
use super::outcome::{Fate, Outcome};
use super::stage::stage;
use super::sync::{Answered, Arrivals};
use crate::format::time::Time;
use crate::store::StoreError;

/// How many sources are copied and checked at once: disks gain little from more, and memory is bounded by it.
pub const WORKERS: usize = 2;

/// Tells the time whenever it is asked.
pub type Clock = Arc<dyn Fn() -> Time + Send + Sync>;

/// What to watch, and how often to look.
#[derive(Clone)]
pub struct Watch {
    /// The folder.
    pub folder: PathBuf,
    /// The pause between two looks.
    pub every: Duration,
    /// The clock.
    pub clock: Clock,
}

/// What happens while a folder is watched.
#[derive(Debug)]
pub enum WatchEvent {
    /// The fate of a source is settled.
    Settled(Outcome),
    /// Receipts and letters were laid into a folder in which something had arrived.
    Answered {
        /// The folder.
        folder: PathBuf,
        /// What was laid there.
        answered: Answered,
    },
    /// What was taken in could not be answered where it lay; it is when it comes again.
    Unanswered(IntakeError),
    /// Something did not work and is tried again.
    Trouble(IntakeError),
}

/// Watches until a signal ends it.
pub fn watch(root: &Path, watch: &Watch, report: &mut dyn FnMut(WatchEvent)) -> Result<(), IntakeError> {
    // What is wrong with the archive itself is told at once, not at the first bundle.
    match Archive::open(root) {
        Ok(mut archive) => {
            let mut report = |outcome| report(WatchEvent::Settled(outcome));
            archive.take_strays((watch.clock)(), &mut report)?;
            archive.take_whole_sets((watch.clock)(), &AtomicBool::new(false), &mut report)?;
            archive.mark_settled();
        }
        Err(IntakeError::Store(StoreError::Busy { .. })) => {}
        Err(error) => return Err(error),
    }
    let mut builder = tokio::runtime::Builder::new_current_thread();
    // One thread beyond the workers looks, logs and answers.
    let runtime =
        builder.enable_all().max_blocking_threads(WORKERS + 1).build().map_err(IntakeError::Watch)?;
    let desk = Desk { root: root.to_path_buf(), watch: watch.clone(), stop: Arc::default() };
    runtime.block_on(desk.run(report))
}

struct Desk {
    root: PathBuf,
    watch: Watch,
    stop: Arc<AtomicBool>,
}

/// Either signal that ends a program politely.
struct Ends(Signal, Signal);

impl Ends {
    fn listen() -> Result<Ends, IntakeError> {
        let listen = |kind| signal(kind).map_err(IntakeError::Watch);
        Ok(Ends(listen(SignalKind::interrupt())?, listen(SignalKind::terminate())?))
    }

    async fn come(&mut self) {
        tokio::select! {
            _ = self.0.recv() => {}
            _ = self.1.recv() => {}
        }
    }
}

impl Desk {
    async fn run(&self, report: &mut dyn FnMut(WatchEvent)) -> Result<(), IntakeError> {
        let mut ends = Ends::listen()?;
        let mut looks = tokio::time::interval(self.watch.every);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut inbox = Inbox::default();
        let mut standing = HashSet::new();
        loop {
            tokio::select! {
                () = ends.come() => return Ok(()),
                _ = looks.tick() => {}
            }
            let (ready, troubles) = self.look(&mut inbox).await;
            standing = tell_new(troubles, &standing, report);
            for batch in ready.chunks(BATCH_BUNDLES_MAX) {
                self.take(batch, &mut inbox, &mut ends, report).await;
                if self.stop.load(Ordering::Relaxed) {
                    return Ok(());
                }
            }
        }
    }

    /// Looks into the folder; the files that have come to rest, and where it could not look.
    async fn look(&self, inbox: &mut Inbox) -> (Vec<PathBuf>, Vec<IntakeError>) {
        let (folder, archive) = (self.watch.folder.clone(), self.root.clone());
        let gathered = blocking(move || {
            // An archive that lies in the watched folder is not its own inbox.
            let same = |path: &Path| path.canonicalize().ok();
            let but = same(&archive)
                .zip(same(&folder))
                .and_then(|(archive, root)| archive.strip_prefix(root).ok().map(|below| folder.join(below)));
            gather(&folder, but.as_deref())
        });
        let gathered = gathered.await;
        let mut troubles: Vec<IntakeError> = gathered.troubles.into_iter().map(|(_, error)| error).collect();
        let rested = inbox.look(gathered.files);
        if rested.is_empty() {
            return (Vec::new(), troubles);
        }
        let places = Places::of(&self.root);
        let carriers = blocking(move || Carriers::read(&places)).await.unwrap_or_else(|error| {
            troubles.push(error);
            Carriers::default()
        });
        let ours = blocking(move || {
            let ours = rested.into_iter().filter(|file| file.named || carriers.know(&file.path));
            ours.map(|file| file.path).collect()
        });
        (ours.await, troubles)
    }

    /// Accepts a batch and lays out its answers; what may pass is put back into the inbox.
    async fn take(
        &self,
        batch: &[PathBuf],
        inbox: &mut Inbox,
        ends: &mut Ends,
        report: &mut dyn FnMut(WatchEvent),
    ) {
        let root = self.root.clone();
        let opened = blocking(move || {
            let archive = Archive::open(&root)?;
            archive.unsettle()?;
            Ok(archive)
        });
        let archive = match opened.await {
            Ok(archive) => archive,
            Err(error) => {
                batch.iter().for_each(|path| inbox.put_back(path));
                return report(WatchEvent::Trouble(error));
            }
        };
        let staged = self.stage(&archive.places.bundles(), &archive.carriers, batch, ends).await;
        let now = (self.watch.clock)();
        let settled = self.settle(archive, staged, now, ends).await;
        for event in settled {
            match &event {
                WatchEvent::Settled(Outcome { path, fate: Fate::Failed(error) }) if error.may_pass() => {
                    inbox.put_back(path);
                }
                WatchEvent::Trouble(_) => batch.iter().for_each(|path| inbox.put_back(path)),
                _ => {}
            }
            report(event);
        }
    }

    /// Logs what was staged and keeps what is parts. A signal lets a part that is being kept stop.
    async fn settle(
        &self,
        archive: Archive,
        staged: Vec<StagedSource>,
        now: Time,
        ends: &mut Ends,
    ) -> Vec<WatchEvent> {
        let (stop, watched) = (Arc::clone(&self.stop), self.watch.folder.clone());
        let mut settled = spawn_blocking(move || settle(archive, &watched, staged, now, &stop));
        loop {
            tokio::select! {
                () = ends.come() => self.stop.store(true, Ordering::Relaxed),
                done = &mut settled => return done.expect("settling does not panic, and nobody aborts it"),
            }
        }
    }

    /// Copies and checks a batch on the workers. A signal lets those under way stop and the others not begin.
    async fn stage(
        &self,
        shelf: &Shelf,
        carriers: &Carriers,
        batch: &[PathBuf],
        ends: &mut Ends,
    ) -> Vec<StagedSource> {
        let mut coming = batch.iter();
        let mut at_work = JoinSet::new();
        let mut staged = Vec::with_capacity(batch.len());
        loop {
            while at_work.len() < WORKERS
                && !self.stop.load(Ordering::Relaxed)
                && let Some(path) = coming.next()
            {
                let (shelf, carriers) = (shelf.clone(), carriers.clone());
                let (path, stop) = (path.clone(), Arc::clone(&self.stop));
                at_work.spawn_blocking(move || {
                    let staged = stage(&shelf, &carriers, &path, &stop);
                    (path, staged)
                });
            }
            tokio::select! {
                () = ends.come() => self.stop.store(true, Ordering::Relaxed),
                done = at_work.join_next() => match done {
                    Some(done) => staged.push(done.expect("staging does not panic")),
                    None => return staged,
                },
            }
        }
    }
}

/// Tells troubles that did not stand at the last look already; gives those that stand now.
fn tell_new(
    troubles: Vec<IntakeError>,
    standing: &HashSet<String>,
    report: &mut dyn FnMut(WatchEvent),
) -> HashSet<String> {
    let mut now = HashSet::new();
    for error in troubles {
        let text = error.to_string();
        if !standing.contains(&text) {
            report(WatchEvent::Trouble(error));
        }
        now.insert(text);
    }
    now
}

/// Logs what was staged, and lays into each folder that something came from what `sync` lays there.
fn settle(
    mut archive: Archive,
    root: &Path,
    staged: Vec<StagedSource>,
    now: Time,
    stop: &AtomicBool,
) -> Vec<WatchEvent> {
    let mut events = Vec::new();
    // What a batch before this one could not log is not left until somebody looks. Nobody brings it now: it has no answer.
    let strays = archive.take_strays(now, &mut |outcome| events.push(WatchEvent::Settled(outcome)));
    let mut arrivals = Arrivals::default();
    let mut report = |outcome: Outcome| {
        if let Some(folder) = outcome.path.parent() {
            arrivals.note(&outcome, folder);
        }
        events.push(WatchEvent::Settled(outcome));
    };
    match strays.and_then(|()| archive.settle(staged, now, stop, &mut report)) {
        Ok(()) => archive.mark_settled(),
        Err(error) => events.push(WatchEvent::Trouble(error)),
    }
    let sticks: BTreeSet<PathBuf> = arrivals.folders().map(|folder| stick_of(root, folder)).collect();
    for (folder, answered) in archive.answer_all(arrivals) {
        match answered {
            Ok(answered) if answered.is_empty() => {}
            Ok(answered) => events.push(WatchEvent::Answered { folder, answered }),
            Err(error) => events.push(WatchEvent::Unanswered(error)),
        }
    }
    for stick in sticks {
        match archive.lay_letters(&stick) {
            Ok(letters) if letters == LettersLaid::default() => {}
            Ok(letters) => {
                let answered = Answered { letters, ..Answered::default() };
                events.push(WatchEvent::Answered { folder: stick, answered });
            }
            Err(error) => events.push(WatchEvent::Unanswered(error)),
        }
    }
    events
}

/// The stick on which a folder is: what lies in the watched folder itself, for sticks are mounted there.
fn stick_of(root: &Path, folder: &Path) -> PathBuf {
    let below = folder.strip_prefix(root).ok().and_then(|below| below.components().next());
    below.map_or_else(|| folder.to_path_buf(), |stick| root.join(stick))
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    spawn_blocking(work).await.expect("the work does not panic, and nobody aborts it")
}
