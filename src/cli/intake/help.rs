//! Which words explain which verb and which argument of `sanduq-intake`.

use crate::cli::speak::Help;
use crate::ui::{Message, m};

/// The words of `sanduq-intake --help`.
pub const HELP: Help = Help { after: || m::HELP_INTAKE_AFTER, verb, argument };

fn verb(verb: &str) -> Option<Message> {
    Some(match verb {
        "" => m::HELP_INTAKE,
        "init" => m::HELP_INTAKE_INIT,
        "card" => m::HELP_INTAKE_CARD,
        "accept" => m::HELP_INTAKE_ACCEPT,
        "watch" => m::HELP_INTAKE_WATCH,
        "sync" => m::HELP_INTAKE_SYNC,
        "letters" => m::HELP_INTAKE_LETTERS,
        "letters add" => m::HELP_INTAKE_LETTERS_ADD,
        "letters list" => m::HELP_INTAKE_LETTERS_LIST,
        "letters drop" => m::HELP_INTAKE_LETTERS_DROP,
        "carrier" => m::HELP_INTAKE_CARRIER,
        "carrier new" => m::HELP_INTAKE_CARRIER_NEW,
        "carrier list" => m::HELP_INTAKE_CARRIER_LIST,
        "carrier remove" => m::HELP_INTAKE_CARRIER_REMOVE,
        "receipts" => m::HELP_INTAKE_RECEIPTS,
        "mirror" => m::HELP_INTAKE_MIRROR,
        "mirror audit" => m::HELP_INTAKE_MIRROR_AUDIT,
        "replica" => m::HELP_INTAKE_REPLICA,
        "replica sync" => m::HELP_INTAKE_REPLICA_SYNC,
        "replica answer" => m::HELP_INTAKE_REPLICA_ANSWER,
        "replica export" => m::HELP_INTAKE_REPLICA_EXPORT,
        "replica list" => m::HELP_INTAKE_REPLICA_LIST,
        "list" => m::HELP_INTAKE_LIST,
        "log" => m::HELP_INTAKE_LOG,
        "log checkpoint" => m::HELP_INTAKE_LOG_CHECKPOINT,
        "log prove" => m::HELP_INTAKE_LOG_PROVE,
        "log stamp" => m::HELP_INTAKE_LOG_STAMP,
        "log export" => m::HELP_INTAKE_LOG_EXPORT,
        "log ask" => m::HELP_INTAKE_LOG_ASK,
        "log cosigned" => m::HELP_INTAKE_LOG_COSIGNED,
        _ => return None,
    })
}

fn argument(verb: &str, id: &str) -> Option<Message> {
    Some(match (verb, id) {
        (_, "archive") => m::HELP_ARG_ARCHIVE,
        ("init", "name") => m::HELP_ARG_ORGANISATION,
        ("init", "officers") => m::HELP_ARG_OFFICERS,
        ("init", "threshold") => m::HELP_ARG_THRESHOLD,
        ("accept", "paths") => m::HELP_ARG_ACCEPT_PATHS,
        ("sync", "dir") => m::HELP_ARG_SYNC_DIR,
        ("watch", "folder") => m::HELP_ARG_WATCH_FOLDER,
        ("watch", "every") => m::HELP_ARG_EVERY,
        ("letters add", "files") => m::HELP_ARG_LETTERS,
        ("letters drop", "names") => m::HELP_ARG_LETTER_NAMES,
        ("carrier new", "to") => m::HELP_ARG_CARRIER_TO,
        ("carrier remove", "names") => m::HELP_ARG_CARRIER_NAMES,
        ("mirror", "dir") | ("replica sync", "dir") => m::HELP_ARG_MIRROR_DIR,
        ("mirror audit", "challenge") => m::HELP_ARG_AUDIT_CHALLENGE,
        ("mirror audit", "answer") => m::HELP_ARG_AUDIT_ANSWER,
        ("mirror audit", "sample") => m::HELP_ARG_AUDIT_SAMPLE,
        ("replica answer", "challenge") => m::HELP_ARG_REPLICA_CHALLENGE,
        ("replica answer", "to") => m::HELP_ARG_REPLICA_ANSWER_TO,
        ("replica export", "to") => m::HELP_ARG_RECEIPTS_TO,
        ("replica export", "ids") => m::HELP_ARG_REPLICA_IDS,
        ("receipts", "to") => m::HELP_ARG_RECEIPTS_TO,
        ("card", "witness") => m::HELP_ARG_CARD_WITNESS,
        ("card", "quorum") => m::HELP_ARG_CARD_QUORUM,
        ("log ask", "dir") => m::HELP_ARG_ASK_DIR,
        ("log ask", "from") => m::HELP_ARG_ASK_FROM,
        ("log cosigned", "files") => m::HELP_ARG_COSIGNED,
        ("log prove", "id") => m::HELP_ARG_LOG_ID,
        ("log prove", "stamped") => m::HELP_ARG_LOG_STAMPED,
        ("log stamp", "export") => m::HELP_ARG_STAMP_EXPORT,
        ("log stamp", "import") => m::HELP_ARG_STAMP_IMPORT,
        ("log export", "dir") => m::HELP_ARG_LOG_DIR,
        ("receipts", "again") => m::HELP_ARG_AGAIN,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::intake::arguments::Arguments;
    use crate::cli::speak::assert_every_word;

    #[test]
    fn every_verb_and_flag_has_words_in_every_language() {
        assert_every_word::<Arguments>(&HELP);
    }
}
