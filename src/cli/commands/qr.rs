//! `sanduq qr FILE [--to PAGE] [--rate N]`: a card, a receipt, a letter or a bundle as QR codes, on a page to print or
//! in the terminal. No vault is opened.
//!
//! Nothing else is drawn: a testimony or a key file on paper would be one for everybody.

use crate::bundle::Kind;
use crate::cli::animation::Animation;
use crate::cli::context::{Context, told};
use crate::cli::files;
use crate::cli::paper_page::{self, Codes};
use crate::cli::terminal::has_screens;
use crate::format::frames::FILE_BYTES_MAX;
use crate::store::files as disk;
use crate::ui::{Kind as Sort, Size, Trouble, m};
use clap::Args;
use serde::Serialize;
use std::path::{Path, PathBuf};

/// What was typed.
#[derive(Debug, Args)]
pub struct Asked {
    /// What to show.
    file: PathBuf,
    /// The page to write.
    #[arg(long, value_name = "PAGE", conflicts_with = "rate")]
    to: Option<PathBuf>,
    /// Codes a second.
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=20))]
    rate: u32,
}

#[derive(Serialize)]
struct Written<'a> {
    kind: Kind,
    #[serde(serialize_with = "crate::format::path::one")]
    page: &'a Path,
    codes: usize,
    needed: usize,
}

/// Runs the verb.
pub fn run(context: &Context, asked: &Asked) -> Result<(), Trouble> {
    let file =
        files::read(&asked.file, FILE_BYTES_MAX as u64).map_err(|trouble| too_long(&asked.file, trouble))?;
    let kind = Kind::of(&file).ok_or_else(|| {
        Trouble::new(Sort::Refused, m::ERR_QR_KIND).value(asked.file.display()).hint(m::HINT_QR_KIND)
    })?;
    match &asked.to {
        Some(page) => write(context, kind, &file, page),
        None => show(context, &file, asked.rate),
    }
}

/// What is longer than the shortest bundle holds documents; that is said, and not only a number.
fn too_long(path: &Path, trouble: Trouble) -> Trouble {
    let long = path.metadata().is_ok_and(|file| file.is_file() && file.len() > FILE_BYTES_MAX as u64);
    if !long {
        return trouble;
    }
    Trouble::new(Sort::Declined, m::ERR_QR_LONG)
        .value(path.display())
        .hint(m::HINT_QR_LONG)
        .command("sanduq export DIR")
}

fn write(context: &Context, kind: Kind, file: &[u8], to: &Path) -> Result<(), Trouble> {
    let terminal = &context.terminal;
    let Some(codes) = Codes::of(file) else {
        let (size, sheets) = (Size(file.len() as u64), paper_page::sheets(file.len()));
        return Err(Trouble::new(Sort::Declined, m::ErrPaperLong { size, sheets })
            .hint(m::HINT_PAPER_LONG)
            .command("sanduq qr FILE")
            .command("sanduq export DIR"));
    };
    let page = paper_page::page(terminal.words(), kind, file, &codes);
    disk::write_new(to, page.as_bytes()).map_err(told)?;
    let (count, needed) = (codes.count(), codes.pieces());
    if terminal.json() {
        terminal.answer(&Written { kind, page: to, codes: count, needed });
        return Ok(());
    }
    terminal.say(if count == 1 { m::PAPER_WRITTEN_ONE } else { m::PaperWritten { count, needed }.into() });
    terminal.value(to.display());
    terminal.say(m::PAPER_WRITTEN_THEN);
    Ok(())
}

fn show(context: &Context, file: &[u8], rate: u32) -> Result<(), Trouble> {
    let terminal = &context.terminal;
    if !terminal.can_ask() || !has_screens() || terminal.json() {
        return Err(Trouble::new(Sort::Declined, m::ERR_QR_TERMINAL)
            .hint(m::HINT_QR_TERMINAL)
            .command("sanduq qr FILE --to PAGE.html"));
    }
    let animation = Animation::of(file)?;
    let (count, seconds) = (animation.count(), animation.count().div_ceil(rate as usize));
    animation.show(terminal, rate)?;
    terminal.remark(if count == 1 { m::QR_SHOWN_ONE } else { m::QrShown { count, seconds }.into() });
    Ok(())
}
