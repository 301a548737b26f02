//! `sanduq`: the program of whoever keeps evidence, and of the officers who receive it.

use crate::cli::arguments::{
    Arguments, CardVerb, ContactVerb, ContributorVerb, CustodyVerb, KeyFileVerb, KeyVerb, PassphraseVerb,
    ReceiptVerb, Verb,
};
pub use crate::cli::context::Clock;
use crate::cli::context::Context;
use crate::cli::passphrase::Source;
use crate::cli::phrase::ProofFlags;
use crate::cli::speak::{self, Common, Spoken};
use crate::cli::terminal::Terminal;
use crate::cli::{commands, help, session, tour, usage};
use crate::crypto::secret::Passphrase;
use crate::ui::Trouble;
use clap::Parser;
use std::ffi::OsString;
use std::process::ExitCode;

/// Runs a command line; `clock` tells the time whenever it is asked.
pub fn run(arguments: Vec<OsString>, clock: Clock<'_>) -> ExitCode {
    let spoken = match speak::read::<Arguments>(&arguments, &help::HELP) {
        Ok(spoken) => spoken,
        Err(code) => return code,
    };
    let Spoken { arguments, lang, terminal } = spoken;
    let mut context = Context::new(&arguments.global, terminal, lang, clock);
    let result = act(&mut context, arguments.verb);
    context.terminal.end(result)
}

/// Runs a command line that the tour shows, and gives the answer that the terminal kept.
pub(super) fn play(
    words: &[&str],
    mut terminal: Terminal,
    passphrase: Passphrase,
    clock: Clock<'_>,
) -> Result<Vec<u8>, Trouble> {
    let arguments = Arguments::try_parse_from(words).map_err(|error| usage::trouble(&error, "sanduq"))?;
    terminal.hush(arguments.global.quiet);
    let lang = Some(terminal.words().language());
    let mut context = Context::new(&arguments.global, terminal, lang, clock);
    context.passphrase = Source::Tour(passphrase);
    act(&mut context, arguments.verb)?;
    Ok(context.terminal.take())
}

impl Common for Arguments {
    fn lang(&self) -> Option<&str> {
        self.global.lang.as_deref()
    }

    fn json(&self) -> bool {
        self.global.json
    }

    fn quiet(&self) -> bool {
        self.global.quiet
    }
}

/// Does what a verb says.
pub(super) fn act(context: &mut Context, verb: Verb) -> Result<(), Trouble> {
    match verb {
        Verb::Init { name } => commands::init::run(context, name),
        Verb::Add { paths, consent } => commands::add::run(context, &paths, consent.as_deref()),
        Verb::Consent { item, consent } => commands::consent::run(context, item, consent.as_deref()),
        Verb::Testify { title, file, to, consent, proof, proof_fd, couriers, .. } => {
            let proof = ProofFlags { proof, proof_fd };
            let direct = commands::testify::Direct { to, proof, couriers };
            commands::testify::run(context, title, file.as_deref(), &direct, consent.as_deref())
        }
        Verb::Edit { item } => commands::edit::run(context, item),
        Verb::Remove { item } => commands::remove::run(context, item),
        Verb::List { limit, after } => commands::list::run(context, limit, after),
        Verb::Show { item } => commands::show::run(context, item),
        Verb::Search { limit, after, words } => commands::search::run(context, &words, limit, after),
        Verb::Extract { item, to } => commands::extract::run(context, item, &to),
        Verb::Recipient { identity_to } => commands::recipient::run(context, identity_to.as_deref()),
        Verb::Card { verb: CardVerb::Sign { draft, yes } } => commands::card::sign(context, &draft, yes),
        Verb::Contact { verb: ContactVerb::Add { card, words, yes, name } } => {
            commands::contact_add::run(context, &card, commands::contact_add::Confirmed { words, yes }, name)
        }
        Verb::Contact { verb: ContactVerb::List } => commands::contact::list(context),
        Verb::Contact { verb: ContactVerb::Remove { name, yes } } => {
            commands::contact::remove(context, &name, yes)
        }
        Verb::Contact { verb: ContactVerb::Show { name } } => commands::contact::show(context, &name),
        Verb::Seal { to, direct: paths, consent, proof, follow_up, couriers, .. } if !paths.is_empty() => {
            let asked = commands::direct::Asked { paths, to, consent, proof, follow_up, couriers };
            commands::direct::run(context, &asked)
        }
        Verb::Seal { items, all, to, forget, proof, follow_up, couriers, .. } => {
            let asked = commands::seal::Asked { items, all, forget, proof, follow_up, couriers };
            commands::seal::run(context, &asked, &to)
        }
        Verb::Withdraw(asked) => commands::withdraw::run(context, &asked),
        Verb::Prove(wanted) => commands::prove::run(context, &wanted),
        Verb::Forget { items, delivered, outbox, traces, yes } => {
            commands::forget::run(context, &commands::forget::Asked { items, delivered, outbox, traces, yes })
        }
        Verb::Backup { dir } => commands::backup::run(context, &dir),
        Verb::Repair { yes } => commands::repair::run(context, yes),
        Verb::Sync(asked) => commands::sync::run(context, &asked),
        Verb::Export(asked) => commands::export::run(context, &asked),
        Verb::Receipt { verb: ReceiptVerb::Add { files } } => commands::receipt::add(context, &files),
        Verb::Receipt { verb: ReceiptVerb::Export { dir } } => commands::receipt::export(context, &dir),
        Verb::Receipt { verb: ReceiptVerb::Check { log } } => commands::receipt::check(context, &log),
        Verb::Reply(asked) => commands::reply::run(context, &asked),
        Verb::Replies { bundle } => commands::replies::run(context, bundle.as_ref()),
        Verb::Qr(asked) => commands::qr::run(context, &asked),
        Verb::Scan { pictures, to } => commands::scan::run(context, &pictures, &to),
        Verb::Status => commands::status::run(context),
        Verb::Open { bundle, with, pass_on, shares } => {
            let asked = commands::open::Asked { bundle, with, pass_on, shares };
            commands::open::run(context, &asked)
        }
        Verb::Disclose(asked) => commands::disclose::run(context, &asked),
        Verb::Custody { verb: CustodyVerb::Hold { items } } => commands::custody::hold(context, &items),
        Verb::Custody { verb: CustodyVerb::Transfer { items, to } } => {
            commands::custody::transfer(context, &items, &to)
        }
        Verb::Events { dir } => commands::events::run(context, dir.as_deref()),
        Verb::Passphrase { verb: PassphraseVerb::Change { new_passphrase_fd } } => {
            commands::passphrase::change(context, new_passphrase_fd)
        }
        Verb::Passphrase { verb: PassphraseVerb::Add { new_passphrase_fd } } => {
            commands::passphrase::add(context, new_passphrase_fd)
        }
        Verb::Passphrase { verb: PassphraseVerb::Remove { others: true, .. } } => {
            commands::passphrase::remove_others(context)
        }
        Verb::Passphrase { verb: PassphraseVerb::Remove { gone_passphrase_fd, .. } } => {
            commands::passphrase::remove(context, gone_passphrase_fd)
        }
        Verb::KeyFile { verb: KeyFileVerb::Set { file } } => commands::key_file::set(context, &file),
        Verb::KeyFile { verb: KeyFileVerb::Drop } => commands::key_file::drop(context),
        Verb::Key { verb: KeyVerb::Words } => commands::key::words(context),
        Verb::Key { verb: KeyVerb::Split { shares, threshold, to } } => {
            commands::key::split(context, shares, threshold, to.as_deref())
        }
        Verb::Recover { words_fd, shares, shares_from, new_passphrase_fd } => {
            let paper = commands::recover::Paper::of(words_fd, shares, shares_from);
            commands::recover::run(context, &paper, new_passphrase_fd)
        }
        Verb::Rekey => commands::rekey::run(context),
        Verb::Contributor { verb: ContributorVerb::Remove { yes } } => {
            commands::contributor::remove(context, yes)
        }
        Verb::Panic { yes } => commands::panic::run(context, yes),
        Verb::Shell { idle } => session::run(context, idle),
        Verb::Tour { dir } => tour::run(context, dir.as_deref()),
    }
}
