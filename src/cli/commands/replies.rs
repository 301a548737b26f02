//! `sanduq replies [BUNDLE]` shows what officers said about what was sent, and what was said from here.

use crate::cli::context::{Context, told};
use crate::cli::post;
use crate::crypto::Digest;
use crate::ui::{Trouble, m};
use crate::vault::ReplyView;
use serde::Serialize;

#[derive(Serialize)]
struct Replies {
    replies: Vec<ReplyView>,
}

/// Runs the verb.
pub fn run(context: &mut Context, bundle: Option<&Digest>) -> Result<(), Trouble> {
    let vault = context.unlock()?;
    let replies = vault.replies(bundle).map_err(told)?;
    let terminal = &context.terminal;
    if terminal.json() {
        terminal.answer(&Replies { replies });
        return Ok(());
    }
    replies.iter().for_each(|reply| post::show(terminal, reply));
    match replies.iter().find(|reply| !reply.written) {
        None if replies.is_empty() => terminal.say(m::REPLIES_NONE),
        None => {}
        Some(_) => {
            terminal.say(m::REPLIES_ANSWER);
            terminal.command("sanduq testify");
            terminal.command("sanduq seal ITEM --to NAME --adds BUNDLE");
        }
    }
    Ok(())
}
