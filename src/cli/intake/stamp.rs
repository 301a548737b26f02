//! `sanduq-intake log stamp`: a time from outside on a head of the log, made on any other machine; and the proofs that
//! carry it.

use crate::cli::intake::told;
use crate::cli::shell;
use crate::cli::terminal::Terminal;
use crate::crypto::Digest;
use crate::intake::{Archive, Reading, StampKept, StampSays};
use crate::ui::{Trouble, m};
use std::path::Path;

/// Writes a head, and says how to have it stamped.
pub fn export(terminal: &Terminal, archive: &Reading, file: &Path) -> Result<(), Trouble> {
    let written = archive.head_to_stamp(file).map_err(told)?;
    if terminal.json() {
        terminal.answer(&written);
        return Ok(());
    }
    terminal.say(m::stamp_exported(written.size));
    terminal.value(file.display());
    terminal.say(m::STAMP_EXPORT_PUBLIC);
    let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let (query, response) = (format!("{name}.tsq"), format!("{name}.tsr"));
    terminal.gap();
    terminal.say(m::STAMP_BY_AUTHORITY);
    terminal.command(&shell::line([
        "openssl", "ts", "-query", "-data", &name, "-sha256", "-cert", "-out", &query,
    ]));
    let header = "Content-Type: application/timestamp-query";
    let body = format!("@{query}");
    let words = ["curl", "--fail", "-H", header, "--data-binary", &body, "-o", &response, "URL"];
    terminal.command(&shell::line(words));
    terminal.say(m::STAMP_BY_CALENDARS);
    terminal.command(&shell::line(["ots", "stamp", &name]));
    terminal.command(&shell::line(["ots", "upgrade", &format!("{name}.ots")]));
    terminal.gap();
    terminal.say(m::STAMP_BACK);
    terminal.command("sanduq-intake log stamp --import FILE");
    Ok(())
}

/// Keeps a stamp.
pub fn import(terminal: &Terminal, root: &Path, file: &Path) -> Result<(), Trouble> {
    let kept = Archive::open(root).and_then(|mut archive| archive.take_stamp(file)).map_err(told)?;
    if terminal.json() {
        terminal.answer(&kept);
        return Ok(());
    }
    terminal.say(if kept.already { m::stamp_known(kept.size) } else { m::stamp_kept(kept.size) });
    terminal.value(&kept.name);
    tell(terminal, &kept);
    Ok(())
}

fn tell(terminal: &Terminal, kept: &StampKept) {
    match &kept.says {
        StampSays::Authority { time, authority, .. } => {
            terminal.say(m::STAMP_CLAIMS);
            terminal.value(time);
            if let Some(authority) = authority {
                terminal.value(authority);
            }
            goes_along(terminal);
        }
        StampSays::Opentimestamps { blocks, calendars } if blocks.is_empty() => {
            terminal.say(m::STAMP_PENDING);
            calendars.iter().for_each(|calendar| terminal.value(calendar));
            terminal.say(m::STAMP_PENDING_NEXT);
            terminal.command("ots upgrade FILE.ots");
        }
        StampSays::Opentimestamps { blocks, .. } => {
            terminal.say(m::STAMP_BLOCKS);
            blocks.iter().for_each(|height| terminal.value(height));
            goes_along(terminal);
        }
    }
}

fn goes_along(terminal: &Terminal) {
    terminal.say(m::STAMP_CHECK);
    terminal.command("sanduq-intake log prove ID --stamped DIR");
}

/// Writes a proof with the stamps on its head.
pub fn prove(terminal: &Terminal, archive: &Reading, id: &Digest, dir: &Path) -> Result<(), Trouble> {
    let proved = archive.prove_stamped(id, dir).map_err(told)?;
    if terminal.json() {
        terminal.answer(&proved);
        return Ok(());
    }
    terminal.say(m::stamp_proved(proved.size));
    terminal.value(proved.proof.display());
    proved.stamps.iter().for_each(|stamp| terminal.value(stamp.display()));
    terminal.say(m::STAMP_PROVED_WHOM);
    let file = proved.proof.display().to_string();
    let stamps: Vec<String> = proved.stamps.iter().map(|stamp| stamp.display().to_string()).collect();
    let named = stamps.iter().flat_map(|stamp| ["--stamp", stamp]);
    let words = ["sanduq-verify", "receipt", "--card", "CARD", &file].into_iter().chain(named);
    terminal.command(&shell::line(words));
    Ok(())
}
