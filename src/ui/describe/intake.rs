//! What the intake desk refuses or could not do, as the person at the desk reads it.

use crate::intake::IntakeError;
use crate::store::StoreError;
use crate::ui::{Describe, Kind, Message, Size, Trouble, m};
use std::io;

impl Describe for IntakeError {
    fn trouble(&self) -> Trouble {
        match self {
            IntakeError::Store(error) => disk(error),
            IntakeError::NotAnArchive { path } => Trouble::new(Kind::Missing, m::ERR_NO_ARCHIVE)
                .value(path.display())
                .hint(m::HINT_NO_ARCHIVE)
                .command("sanduq-intake --archive DIR …")
                .command("sanduq-intake init --name NAME --officers FILE…"),
            IntakeError::NotEmpty { path } => Trouble::new(Kind::Failed, m::ERR_ARCHIVE_NOT_EMPTY)
                .value(path.display())
                .safe(m::SAFE_UNCHANGED)
                .hint(m::HINT_ARCHIVE_NOT_EMPTY),
            IntakeError::Ledger { .. } | IntakeError::Damaged { .. } | IntakeError::Log(_) => {
                Trouble::new(Kind::Failed, m::ERR_ARCHIVE_DAMAGED)
                    .value(self)
                    .safe(m::SAFE_ARCHIVE_DAMAGED)
                    .hint(m::HINT_ARCHIVE_DAMAGED)
            }
            IntakeError::OtherLog { path } => Trouble::new(Kind::Refused, m::ERR_OTHER_LOG)
                .value(path.display())
                .safe(m::SAFE_UNCHANGED)
                .hint(m::HINT_OTHER_LOG),
            IntakeError::Behind { path, shown, known } => {
                Trouble::new(Kind::Refused, m::ErrLogBehind { shown: *shown, known: *known })
                    .value(path.display())
                    .safe(m::SAFE_UNCHANGED)
                    .hint(m::HINT_LOG_BEHIND)
            }
            IntakeError::WitnessAnswer { path, source } => Trouble::new(Kind::Refused, m::ERR_WITNESS_ANSWER)
                .value(path.display())
                .value(source)
                .safe(m::SAFE_UNCHANGED)
                .hint(m::HINT_WITNESS_ANSWER),
            IntakeError::Events { path, source } => Trouble::new(Kind::Refused, m::ERR_EVENTS)
                .value(path.display())
                .value(source)
                .safe(m::SAFE_UNCHANGED)
                .hint(m::HINT_EVENTS),
            IntakeError::WitnessKeys { path, source } => Trouble::new(Kind::Refused, m::ERR_WITNESS_KEYS)
                .value(path.display())
                .value(source)
                .hint(m::HINT_WITNESS_KEYS)
                .command("sanduq-verify witness keys"),
            IntakeError::Stamp { path, source } => Trouble::new(Kind::Refused, m::ERR_STAMP)
                .value(path.display())
                .value(source)
                .safe(m::SAFE_UNCHANGED)
                .hint(m::HINT_STAMP),
            IntakeError::OtherStamp { path, imprint } => Trouble::new(Kind::Refused, m::ERR_OTHER_STAMP)
                .value(path.display())
                .value(imprint)
                .safe(m::SAFE_UNCHANGED)
                .hint(m::HINT_OTHER_STAMP)
                .command("sanduq-intake log stamp --export FILE"),
            IntakeError::NotStamped { digest } => Trouble::new(Kind::Missing, m::ERR_NOT_STAMPED)
                .value(digest)
                .hint(m::HINT_NOT_STAMPED)
                .command("sanduq-intake log stamp --export FILE"),
            IntakeError::NotLogged { digest } => Trouble::new(Kind::Missing, m::ERR_NOT_LOGGED)
                .value(digest)
                .hint(m::HINT_NOT_LOGGED)
                .command("sanduq-intake log"),
            IntakeError::Newer { .. } => {
                Trouble::new(Kind::Failed, m::ERR_NEWER).value(self).safe(m::SAFE_ARCHIVE).hint(m::HINT_NEWER)
            }
            IntakeError::Source { path, source } => {
                source_trouble(source).value(path.display()).value(source)
            }
            IntakeError::Vanished { path } => {
                Trouble::new(Kind::Missing, m::ERR_NO_FILE).value(path.display()).hint(m::HINT_NO_FILE)
            }
            IntakeError::NotAFile { path } => Trouble::new(Kind::Failed, m::ERR_NOT_A_FILE)
                .value(path.display())
                .safe(m::SAFE_ARCHIVE)
                .hint(m::HINT_NOT_A_FILE),
            IntakeError::NotAFolder { path } => Trouble::new(Kind::Failed, m::ERR_NOT_A_FOLDER)
                .value(path.display())
                .safe(m::SAFE_ARCHIVE)
                .hint(m::HINT_NOT_A_FOLDER),
            IntakeError::FileTooLarge { path, len, len_max } => {
                Trouble::new(Kind::Failed, m::ErrFileTooLarge { len: Size(*len), max: Size(*len_max) })
                    .value(path.display())
                    .safe(m::SAFE_ARCHIVE)
                    .hint(m::HINT_MEDIUM_FAT)
            }
            IntakeError::Holds { .. }
            | IntakeError::Possession { .. }
            | IntakeError::NotItsAnswer { .. }
            | IntakeError::NothingToAsk
            | IntakeError::NoReplica { .. } => self.mirror_trouble(),
            IntakeError::TooDeep { path } => Trouble::new(Kind::Failed, m::ERR_TOO_DEEP)
                .value(path.display())
                .safe(m::SAFE_ARCHIVE)
                .hint(m::HINT_TOO_DEEP),
            IntakeError::TooMany { path, limit } => Trouble::new(Kind::Failed, m::err_too_many_names(*limit))
                .value(path.display())
                .safe(m::SAFE_ARCHIVE)
                .hint(m::HINT_TOO_DEEP),
            IntakeError::NoRoom { path, needed, free } => {
                Trouble::new(Kind::Failed, m::ErrNoRoom { needed: Size(*needed), free: Size(*free) })
                    .value(path.display())
                    .safe(m::SAFE_ARCHIVE)
                    .hint(m::HINT_ARCHIVE_FULL)
            }
            IntakeError::TooManySets { path, limit } => {
                Trouble::new(Kind::Failed, m::err_too_many_sets(*limit))
                    .value(path.display())
                    .safe(m::SAFE_ARCHIVE)
                    .hint(m::HINT_TOO_MANY_SETS)
            }
            IntakeError::Stopped => Trouble::new(Kind::Interrupted, m::ERR_INTERRUPTED).safe(m::SAFE_ARCHIVE),
            IntakeError::Founding(error) => Trouble::new(Kind::Usage, m::ERR_FOUNDING)
                .value(error)
                .safe(m::SAFE_UNCHANGED)
                .hint(m::HINT_FOUNDING),
            IntakeError::Officer { path, .. } => Trouble::new(Kind::Refused, m::ERR_OFFICER)
                .value(path.display())
                .hint(m::HINT_OFFICER)
                .command("sanduq recipient > officer.txt"),
            IntakeError::NotALetter { path } => Trouble::new(Kind::Refused, m::ERR_NOT_A_LETTER)
                .value(path.display())
                .safe(m::SAFE_ARCHIVE)
                .hint(m::HINT_NOT_A_LETTER),
            IntakeError::NoLetter { name } => Trouble::new(Kind::Missing, m::ERR_NO_LETTER)
                .value(name)
                .hint(m::HINT_NO_LETTER)
                .command("sanduq-intake letters list"),
            IntakeError::TooManyCarriers { limit } => {
                Trouble::new(Kind::Failed, m::err_too_many_carriers(*limit))
                    .safe(m::SAFE_ARCHIVE)
                    .hint(m::HINT_TOO_MANY_CARRIERS)
                    .command("sanduq-intake carrier remove NAME")
            }
            IntakeError::NoCarrier { name } => Trouble::new(Kind::Missing, m::ERR_NO_CARRIER)
                .value(name)
                .hint(m::HINT_NO_CARRIER)
                .command("sanduq-intake carrier list"),
            IntakeError::Watch(error) => Trouble::new(Kind::Failed, m::ERR_WATCH).value(error),
            IntakeError::Card(_)
            | IntakeError::ForeignCard { .. }
            | IntakeError::ExpiredCard { .. }
            | IntakeError::ForeignCardKey { .. }
            | IntakeError::OldCard { .. } => self.card_trouble(),
        }
    }
}

impl IntakeError {
    fn mirror_trouble(&self) -> Trouble {
        match self {
            IntakeError::Holds { path, source } => Trouble::new(Kind::Refused, m::ERR_HOLDS)
                .value(path.display())
                .value(source)
                .safe(m::SAFE_HOLDS)
                .hint(m::HINT_HOLDS),
            IntakeError::Possession { path, source } => Trouble::new(Kind::Refused, m::ERR_POSSESSION)
                .value(path.display())
                .value(source)
                .hint(m::HINT_POSSESSION),
            IntakeError::NotItsAnswer { path, source } => Trouble::new(Kind::Refused, m::ERR_NOT_ITS_ANSWER)
                .value(path.display())
                .value(source)
                .hint(m::HINT_NOT_ITS_ANSWER)
                .command("sanduq-intake mirror audit --challenge FILE"),
            IntakeError::NoReplica { id } => Trouble::new(Kind::Missing, m::ERR_NO_REPLICA)
                .value(id)
                .hint(m::HINT_NO_REPLICA)
                .command("sanduq-intake replica list"),
            _ => Trouble::new(Kind::Missing, m::ERR_NOTHING_TO_ASK),
        }
    }

    fn card_trouble(&self) -> Trouble {
        let (what, hint): (Message, Message) = match self {
            IntakeError::ForeignCard { .. } => (m::ERR_CARD_FOREIGN, m::HINT_CARD_FOREIGN),
            IntakeError::ExpiredCard { .. } => (m::ERR_CARD_EXPIRED_HERE, m::HINT_CARD_EXPIRED_HERE),
            IntakeError::ForeignCardKey { .. } => (m::ERR_CARD_KEY_CHANGED, m::HINT_CARD_KEY_CHANGED),
            IntakeError::OldCard { .. } => (m::ERR_CARD_OLD, m::HINT_CARD_OLD),
            _ => (m::ERR_CARD_BROKEN, m::HINT_CARD_BROKEN),
        };
        Trouble::new(Kind::Refused, what).value(self).safe(m::SAFE_ARCHIVE).hint(hint)
    }
}

/// A disk's refusal: what of it is about the archive is told so; the rest as everywhere.
fn disk(error: &StoreError) -> Trouble {
    match error {
        StoreError::NoSpace { path } => Trouble::new(Kind::Failed, m::ERR_ARCHIVE_FULL)
            .value(path.display())
            .safe(m::SAFE_ARCHIVE)
            .hint(m::HINT_ARCHIVE_FULL),
        StoreError::ReadOnly { path } => Trouble::new(Kind::Failed, m::ERR_READ_ONLY)
            .value(path.display())
            .safe(m::SAFE_ARCHIVE)
            .hint(m::HINT_READ_ONLY),
        StoreError::ReadsBack { path } => Trouble::new(Kind::Failed, m::ERR_READS_BACK)
            .value(path.display())
            .safe(m::SAFE_ARCHIVE)
            .hint(m::HINT_READS_BACK),
        StoreError::Busy { path } => {
            Trouble::new(Kind::Busy, m::ERR_ARCHIVE_BUSY).value(path.display()).hint(m::HINT_BUSY)
        }
        StoreError::Io { path, source, .. } => Trouble::new(Kind::Failed, m::ERR_ARCHIVE_DISK)
            .value(path.display())
            .value(source)
            .safe(m::SAFE_ARCHIVE_WHOLE)
            .hint(m::HINT_STORE),
        other => other.trouble(),
    }
}

fn source_trouble(source: &io::Error) -> Trouble {
    if source.kind() == io::ErrorKind::PermissionDenied {
        return Trouble::new(Kind::Failed, m::ERR_NO_PERMISSION)
            .safe(m::SAFE_ARCHIVE)
            .hint(m::HINT_NO_PERMISSION);
    }
    Trouble::new(Kind::Failed, m::ERR_READ).safe(m::SAFE_ARCHIVE).hint(m::HINT_SOURCE_READ)
}
