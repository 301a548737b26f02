//! `sanduq scan PICTURE… --to DIR`: what QR codes in photographs, scans and screenshots carry, as files again. No vault
//! is opened, and nothing is believed: what comes out is a file that somebody handed over.

use crate::bundle::Kind;
use crate::cli::context::{Context, told};
use crate::cli::progress::Bar;
use crate::cli::shell::quoted;
use crate::cli::terminal::Terminal;
use crate::cli::{ask, files};
use crate::crypto::Digest;
use crate::format::FormatError;
use crate::format::frames::{FILES_MAX, FRAMES_MAX, File, Gathering};
use crate::format::picture::{PICTURE_BYTES_MAX, PictureError};
use crate::format::qr_code;
use crate::store::files as disk;
use crate::ui::{Kind as Sort, Message, Trouble, m};
use crate::vault::{Progress, VaultError};
use serde::Serialize;
use std::fs;
use std::path::{Path, PathBuf};

/// Digits of a file's SHA-256 that its name is made of, as the names of letters are long.
const NAME_DIGITS: usize = 16;

/// Missing codes that are named.
const NAMED_MAX: usize = 20;

/// What was found.
#[derive(Default, Serialize)]
struct Scanned {
    files: Vec<Found>,
    incomplete: Vec<Incomplete>,
    changed: usize,
    others: usize,
    pictures: usize,
    codes: usize,
    unread: Vec<Unread>,
}

#[derive(Serialize)]
struct Found {
    kind: Kind,
    #[serde(serialize_with = "crate::format::path::one")]
    path: PathBuf,
    bytes: usize,
    already: bool,
}

#[derive(Serialize)]
struct Incomplete {
    needed: usize,
    known: usize,
    missing: Vec<usize>,
}

#[derive(Serialize)]
struct Unread {
    #[serde(serialize_with = "crate::format::path::one")]
    path: PathBuf,
    why: Why,
}

#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Why {
    NotAPicture,
    TooLarge,
    Unreadable,
    NoCode,
}

/// Runs the verb.
pub fn run(context: &Context, paths: &[PathBuf], to: &Path) -> Result<(), Trouble> {
    let terminal = &context.terminal;
    let pictures = listed(paths)?;
    let mut scanned = Scanned { pictures: pictures.len(), ..Scanned::default() };
    let gathering = gather(terminal, &pictures, &mut scanned)?;
    let files = gathering.files();
    if files.iter().any(|file| matches!(file, File::Whole(_))) {
        ask::folder(terminal, to)?;
    }
    for file in files {
        match file {
            File::Whole(bytes) => keep(&bytes, to, &mut scanned)?,
            File::Partly { pieces, known, unseen } => {
                scanned.incomplete.push(Incomplete { needed: pieces, known, missing: unseen });
            }
            File::Changed => scanned.changed += 1,
        }
    }
    if terminal.json() {
        terminal.answer(&scanned);
    } else {
        say(terminal, &scanned);
    }
    end(&scanned)
}

/// The pictures that were named, and those in a folder that was: all its files, by their names.
fn listed(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Trouble> {
    let mut listed = Vec::new();
    for path in paths {
        if !path.is_dir() {
            listed.push(path.clone());
            continue;
        }
        let unread = |source| told(VaultError::Read { path: path.clone(), source });
        let entries = fs::read_dir(path).map_err(unread)?.collect::<Result<Vec<_>, _>>().map_err(unread)?;
        let mut inside: Vec<_> =
            entries.into_iter().map(|entry| entry.path()).filter(|path| path.is_file()).collect();
        inside.sort();
        listed.extend(inside);
    }
    Ok(listed)
}

/// Every code of every picture. One that cannot be read is noted, and the others are.
fn gather(terminal: &Terminal, pictures: &[PathBuf], scanned: &mut Scanned) -> Result<Gathering, Trouble> {
    let mut gathering = Gathering::default();
    let mut bar = Bar::new(terminal, m::SCAN_DOING);
    bar.start(pictures.len() as u64);
    for path in pictures {
        bar.advance(1);
        let why = match texts(path)? {
            Ok(texts) if texts.is_empty() => Why::NoCode,
            Ok(texts) => {
                for text in texts {
                    scanned.codes += 1;
                    let ours = gathering.add(&text).map_err(too_many)?;
                    scanned.others += usize::from(!ours);
                }
                continue;
            }
            Err(why) => why,
        };
        scanned.unread.push(Unread { path: path.clone(), why });
    }
    Ok(gathering)
}

fn texts(path: &Path) -> Result<Result<Vec<String>, Why>, Trouble> {
    if path.metadata().is_ok_and(|file| file.len() > PICTURE_BYTES_MAX) {
        return Ok(Err(Why::TooLarge));
    }
    let bytes = files::read(path, PICTURE_BYTES_MAX)?;
    Ok(qr_code::texts(&bytes).map_err(|error| match error {
        PictureError::Unknown => Why::NotAPicture,
        PictureError::TooLarge { .. } => Why::TooLarge,
        PictureError::Unreadable => Why::Unreadable,
    }))
}

fn too_many(_: FormatError) -> Trouble {
    Trouble::new(Sort::Refused, m::ErrScanMany { files: FILES_MAX, codes: FRAMES_MAX })
        .hint(m::HINT_SCAN_MANY)
}

/// Writes a file that is whole, if it is one of ours. Its name is made of its content, so one that is there already is
/// the same.
fn keep(bytes: &[u8], to: &Path, scanned: &mut Scanned) -> Result<(), Trouble> {
    let Some(kind) = Kind::of(bytes) else {
        scanned.changed += 1;
        return Ok(());
    };
    let name = format!("{}.{}", &Digest::of(bytes).to_string()[..NAME_DIGITS], kind.ending());
    let path = to.join(name);
    let already = files::read(&path, bytes.len() as u64).is_ok_and(|there| there == bytes);
    if !already {
        disk::create_dir_all(to).map_err(told)?;
        disk::write_new(&path, bytes).map_err(told)?;
    }
    scanned.files.push(Found { kind, path, bytes: bytes.len(), already });
    Ok(())
}

fn say(terminal: &Terminal, scanned: &Scanned) {
    for found in &scanned.files {
        let (what, next) = said(found);
        terminal.say(what);
        terminal.value(found.path.display());
        terminal.say(m::SCAN_NEXT);
        terminal.value(next);
    }
    for file in &scanned.incomplete {
        let (needed, known) = (file.needed, file.known);
        terminal.say(m::ScanIncomplete { known, needed });
        if !file.missing.is_empty() && file.missing.len() <= NAMED_MAX {
            let numbers: Vec<_> = file.missing.iter().map(usize::to_string).collect();
            terminal.say(m::SCAN_MISSING);
            terminal.value(numbers.join(" "));
        }
    }
    for unread in &scanned.unread {
        terminal.remark(match unread.why {
            Why::NotAPicture => m::SCAN_NOT_A_PICTURE,
            Why::TooLarge => m::SCAN_TOO_LARGE,
            Why::Unreadable => m::SCAN_UNREADABLE,
            Why::NoCode => m::SCAN_NO_CODE,
        });
        terminal.remark_value(unread.path.display());
    }
    if scanned.others > 0 {
        terminal.remark(m::scan_others(scanned.others));
    }
}

/// What it is, and the command that takes it.
fn said(found: &Found) -> (Message, String) {
    let path = quoted(&found.path.to_string_lossy());
    match found.kind {
        Kind::Card => (m::SCAN_CARD, format!("sanduq contact add {path}")),
        Kind::Receipt => (m::SCAN_RECEIPT, format!("sanduq-verify receipt --card CARD {path}")),
        Kind::Letter => (m::SCAN_LETTER, format!("sanduq receipt add {path}")),
        Kind::Bundle => (m::SCAN_BUNDLE, format!("sanduq-intake accept {path}")),
    }
}

fn end(scanned: &Scanned) -> Result<(), Trouble> {
    let refused = |what: Message, hint: Message| Err(Trouble::new(Sort::Refused, what).hint(hint));
    let safe =
        |trouble: Trouble| if scanned.files.is_empty() { trouble } else { trouble.safe(m::SAFE_SCAN_WHOLE) };
    let ended = if scanned.changed > 0 {
        refused(m::ERR_SCAN_CHANGED, m::HINT_SCAN_CHANGED)
    } else if !scanned.incomplete.is_empty() {
        refused(m::ERR_SCAN_INCOMPLETE, m::HINT_SCAN_INCOMPLETE)
    } else if scanned.files.is_empty() {
        refused(m::ERR_SCAN_NONE, m::HINT_SCAN_NONE)
    } else {
        Ok(())
    };
    ended.map_err(safe)
}
