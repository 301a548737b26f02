//! The tour folder's READ-ME.txt: that all of it is made up, the passphrases, and what is what.

use crate::cli::tour::stage::Stage;
use crate::ui::{Message, Trouble, m};

/// Writes it.
pub fn write(stage: &Stage) -> Result<(), Trouble> {
    let words = stage.words();
    let mut lines = vec![words.say(m::READ_ME_HEAD), String::new(), words.say(m::READ_ME_PASSPHRASES)];
    for (person, passphrase) in stage.passphrases() {
        lines.push(format!("  {person}: {}", passphrase.expose()));
    }
    lines.extend([String::new(), words.say(m::READ_ME_WHAT)]);
    for (name, what) in contents() {
        lines.push(format!("  {name}"));
        lines.push(format!("    {}", words.say(what)));
    }
    lines.push(String::new());
    stage.write("READ-ME.txt", lines.join("\n").as_bytes())
}

fn contents() -> [(&'static str, Message); 12] {
    [
        ("officer-1  officer-2  officer-3", m::READ_ME_OFFICERS),
        ("officer-1.txt …", m::READ_ME_LINES),
        ("desk", m::READ_ME_DESK),
        ("card.draft  organisation.card", m::READ_ME_CARD),
        ("testimony.txt  samples", m::READ_ME_SAMPLES),
        ("family", m::READ_ME_FAMILY),
        ("stick", m::READ_ME_STICK),
        ("post", m::READ_ME_POST),
        ("passed-on", m::READ_ME_PASSED_ON),
        ("opened", m::READ_ME_OPENED),
        ("proofs", m::READ_ME_PROOFS),
        ("changed.bundle", m::READ_ME_CHANGED),
    ]
}
