//! `sanduq shell [--idle MINUTES]`: unlocks once and takes one command after the other, as they are typed on a command
//! line but without `sanduq`.
//!
//! Between commands the vault stays open, until the shell [locks](crate::cli::lock) it: then its keys are wiped, its
//! lock file is free, the window is emptied, and the passphrase is asked for again. No line is remembered. What
//! concerns another vault or another part is refused: it belongs to a command of its own.

use crate::cli::arguments::{Arguments, Verb};
use crate::cli::context::{Clock, Context};
use crate::cli::editor::{Editor, Typed};
use crate::cli::flags::Global;
use crate::cli::help::HELP;
use crate::cli::lock::{self, Wanted};
use crate::cli::number::Minutes;
use crate::cli::sanduq::act;
use crate::cli::speak::{self, Spoken};
use crate::cli::terminal::Terminal;
use crate::cli::unlocked::Kept;
use crate::cli::{passphrase, screen};
use crate::crypto::memory;
use crate::crypto::secret::scrub_stack;
use crate::ui::{Kind, Trouble, m};
use crate::vault::Vault;
use std::ffi::OsString;
use std::path::PathBuf;

/// What stands before each line.
const PROMPT: &str = "sanduq> ";
/// What people type before a command who forget where they are, or copy one.
const PROGRAM: &str = "sanduq";

/// What comes after a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    Line,
    Lock,
    Stop,
    Leave,
}

/// Runs the verb.
pub fn run(context: &mut Context, idle: Minutes) -> Result<(), Trouble> {
    check(context)?;
    let root = context.root()?;
    let failed = |error: std::io::Error| Trouble::new(Kind::Failed, m::ERR_SHELL_SIGNALS).value(error);
    lock::install(idle.duration()).map_err(failed)?;
    let kept = Kept::default();
    kept.replace(Some(unlock_first(context)?));
    lock::done(true);
    hello(&context.terminal, idle);
    let shell = Shell { root, key_file: context.key_file.clone(), kept, clock: context.clock() };
    shell.serve(context);
    Ok(())
}

/// A shell is for a person at a terminal.
fn check(context: &Context) -> Result<(), Trouble> {
    let typed = matches!(context.passphrase, passphrase::Source::Terminal);
    if context.terminal.can_ask() && typed && !context.terminal.json() {
        return Ok(());
    }
    Err(Trouble::new(Kind::Usage, m::ERR_SHELL_ALONE).hint(m::HINT_SHELL_ALONE))
}

/// Asks for the passphrase; a key that would lock asks anew, since nothing is open yet.
fn unlock_first(context: &mut Context) -> Result<Vault, Trouble> {
    loop {
        lock::done(false);
        match (context.unlock_or_leave(), lock::wanted()) {
            (Err(_), Some(Wanted::Stop)) => lock::stop(),
            (Err(_), Some(Wanted::Lock)) => {}
            (opened, _) => return opened?.ok_or_else(|| Trouble::new(Kind::Declined, m::ERR_DECLINED)),
        }
    }
}

fn hello(terminal: &Terminal, idle: Minutes) {
    terminal.remark(m::shell_hello(idle.0));
    let granted = memory::protection();
    if !granted.unswapped {
        terminal.remark(m::WARN_SWAP);
    }
    if !granted.unseen {
        terminal.remark(m::WARN_SEEN);
    }
}

struct Shell<'a> {
    root: PathBuf,
    key_file: Option<PathBuf>,
    kept: Kept,
    clock: Clock<'a>,
}

impl Shell<'_> {
    /// Takes lines until the person leaves; what it is asked for is told and never ends it.
    fn serve(&self, context: &mut Context) {
        loop {
            let next = match self.line(context) {
                Next::Line => continue,
                next => next,
            };
            self.lock();
            if next == Next::Leave || !self.reopen(context, next) {
                return context.terminal.remark(m::SHELL_LEFT);
            }
        }
    }

    fn line(&self, context: &Context) -> Next {
        self.kept.borrow().iter().for_each(Vault::lock_keys_again);
        // An editor for each line: it forgets what it undid and cut.
        let typed = Editor::prompt().and_then(|mut editor| editor.line(PROMPT, ""));
        let done = match typed {
            _ if lock::wanted().is_some() => Next::Line,
            Ok(Typed::Line(line)) => self.obey(context, &line),
            Ok(Typed::Stop(_)) => Next::Line,
            Ok(Typed::End) | Err(_) => Next::Leave,
        };
        match lock::wanted() {
            Some(Wanted::Leave) => Next::Leave,
            Some(Wanted::Stop) if done != Next::Leave => Next::Stop,
            Some(Wanted::Lock) if done == Next::Line => Next::Lock,
            _ => done,
        }
    }

    fn obey(&self, context: &Context, line: &str) -> Next {
        let words = match shell_words::split(line) {
            Ok(words) => words,
            Err(_) => {
                let trouble = Trouble::new(Kind::Usage, m::ERR_SHELL_QUOTES).hint(m::HINT_SHELL_QUOTES);
                context.terminal.trouble(&trouble);
                return Next::Line;
            }
        };
        let words = words.strip_prefix(&[PROGRAM.to_string()]).unwrap_or(&words);
        match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
            [] => Next::Line,
            ["lock"] => Next::Lock,
            ["exit" | "quit"] => Next::Leave,
            ["help"] => self.help(context),
            _ => self.act(context, words),
        }
    }

    fn help(&self, context: &Context) -> Next {
        self.act(context, &["--help".to_string()]);
        context.terminal.remark(m::SHELL_HELP);
        Next::Line
    }

    fn act(&self, context: &Context, words: &[String]) -> Next {
        let language = context.terminal.words().language();
        let Ok(spoken) = speak::read::<Arguments>(&arguments(language.tag(), words), &HELP) else {
            return Next::Line;
        };
        let Spoken { arguments, lang, terminal } = spoken;
        if let Err(refused) = own_vault(&arguments).and_then(|()| own_terminal(words)) {
            terminal.end(Err(refused));
            return Next::Line;
        }
        let lang = lang.unwrap_or(language);
        // What destroys the part leaves nothing to go on with.
        let ends = matches!(arguments.verb, Verb::Panic { .. } | Verb::Contributor { .. });
        let mut context = Context::in_shell(self.root.clone(), self.kept.clone(), terminal, lang, self.clock);
        context.key_file = self.key_file.clone();
        let result = act(&mut context, arguments.verb);
        // What the disk failed is read anew from it.
        let failed = result.as_ref().is_err_and(|trouble| trouble.kind == Kind::Failed);
        let ends = ends && result.is_ok();
        context.terminal.end(result);
        match (ends, failed) {
            (true, _) => Next::Leave,
            (false, true) => Next::Lock,
            (false, false) => Next::Line,
        }
    }

    /// Drops the vault, and with it every key, what was typed ahead, and what the window shows.
    fn lock(&self) {
        drop(self.kept.take());
        scrub_stack();
        screen::drop_typed();
        screen::wipe();
    }

    /// Asks for the passphrase until it opens; `false` if the person leaves instead.
    fn reopen(&self, context: &mut Context, next: Next) -> bool {
        if next == Next::Stop {
            lock::stop();
        }
        loop {
            lock::done(false);
            context.terminal.tell(m::SHELL_LOCKED);
            let opened = context.unlock_or_leave();
            match (opened, lock::wanted()) {
                (_, Some(Wanted::Leave)) => return false,
                (Err(_), Some(Wanted::Stop)) => lock::stop(),
                (Ok(Some(vault)), _) => {
                    self.kept.replace(Some(vault));
                    lock::done(true);
                    return true;
                }
                (Ok(None), _) => return false,
                (Err(trouble), None)
                    if trouble.kind == Kind::Interrupted || trouble.kind == Kind::Declined =>
                {
                    return false;
                }
                (Err(trouble), None) => context.terminal.trouble(&trouble),
                (Err(_), Some(Wanted::Lock)) => {}
            }
        }
    }
}

/// The words as a command line of the program, in the shell's language unless they say another.
fn arguments(tag: &str, words: &[String]) -> Vec<OsString> {
    let said = words.iter().any(|word| word == "--lang" || word.starts_with("--lang="));
    let language = if said { [].as_slice() } else { &["--lang", tag] };
    [PROGRAM].iter().chain(language).map(OsString::from).chain(words.iter().map(OsString::from)).collect()
}

/// Refuses what would be read from standard input or a descriptor: nobody who types there is heard who wants it locked,
/// and no time without a key counts.
fn own_terminal(words: &[String]) -> Result<(), Trouble> {
    let flag = |word: &str| word.split('=').next().is_some_and(|f| f.starts_with("--") && f.ends_with("-fd"));
    if words.iter().any(|word| word == "-" || flag(word)) {
        return Err(Trouble::new(Kind::Usage, m::ERR_SHELL_STREAM).hint(m::HINT_SHELL_OTHER));
    }
    Ok(())
}

/// Refuses what is not for the vault that is open, and pictures, whose large readers have no business beside its keys.
fn own_vault(arguments: &Arguments) -> Result<(), Trouble> {
    if matches!(arguments.verb, Verb::Qr(_) | Verb::Scan { .. }) {
        return Err(Trouble::new(Kind::Usage, m::ERR_SHELL_PICTURES).hint(m::HINT_SHELL_OTHER));
    }
    let Global { vault, part, passphrase_fd, key_file, .. } = &arguments.global;
    let given = [vault.is_some(), part.is_some(), passphrase_fd.is_some(), key_file.is_some()];
    let another = given.contains(&true);
    let alone = matches!(
        arguments.verb,
        Verb::Init { .. }
            | Verb::Recover { .. }
            | Verb::Repair { .. }
            | Verb::Tour { .. }
            | Verb::Shell { .. }
    );
    if another || alone {
        return Err(Trouble::new(Kind::Usage, m::ERR_SHELL_OTHER).hint(m::HINT_SHELL_OTHER));
    }
    Ok(())
}
