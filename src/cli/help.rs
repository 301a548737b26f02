//! Which words explain which verb and which argument of `sanduq`.

use crate::cli::speak::Help;
use crate::ui::{Message, m};

/// The words of `sanduq --help`.
pub const HELP: Help = Help { after: || m::HELP_AFTER, verb, argument };

fn verb(verb: &str) -> Option<Message> {
    Some(match verb {
        "" => m::HELP_SANDUQ,
        "init" => m::HELP_INIT,
        "add" => m::HELP_ADD,
        "testify" => m::HELP_TESTIFY,
        "consent" => m::HELP_CONSENT,
        "edit" => m::HELP_EDIT,
        "remove" => m::HELP_REMOVE,
        "list" => m::HELP_LIST,
        "show" => m::HELP_SHOW,
        "search" => m::HELP_SEARCH,
        "extract" => m::HELP_EXTRACT,
        "recipient" => m::HELP_RECIPIENT,
        "card" => m::HELP_CARD,
        "card sign" => m::HELP_CARD_SIGN,
        "contact" => m::HELP_CONTACT,
        "contact add" => m::HELP_CONTACT_ADD,
        "contact list" => m::HELP_CONTACT_LIST,
        "contact show" => m::HELP_CONTACT_SHOW,
        "contact remove" => m::HELP_CONTACT_REMOVE,
        "seal" => m::HELP_SEAL,
        "withdraw" => m::HELP_WITHDRAW,
        "prove" => m::HELP_PROVE,
        "forget" => m::HELP_FORGET,
        "backup" => m::HELP_BACKUP,
        "repair" => m::HELP_REPAIR,
        "export" => m::HELP_EXPORT,
        "receipt" => m::HELP_RECEIPT,
        "receipt add" => m::HELP_RECEIPT_ADD,
        "receipt export" => m::HELP_RECEIPT_EXPORT,
        "status" => m::HELP_STATUS,
        "open" => m::HELP_OPEN,
        "passphrase" => m::HELP_PASSPHRASE,
        "passphrase change" => m::HELP_PASSPHRASE_CHANGE,
        "passphrase add" => m::HELP_PASSPHRASE_ADD,
        "passphrase remove" => m::HELP_PASSPHRASE_REMOVE,
        "key-file" => m::HELP_KEY_FILE,
        "key-file set" => m::HELP_KEY_FILE_SET,
        "key-file drop" => m::HELP_KEY_FILE_DROP,
        "key" => m::HELP_KEY,
        "key words" => m::HELP_KEY_WORDS,
        "key split" => m::HELP_KEY_SPLIT,
        "recover" => m::HELP_RECOVER,
        "rekey" => m::HELP_REKEY,
        "contributor" => m::HELP_CONTRIBUTOR,
        "contributor remove" => m::HELP_CONTRIBUTOR_REMOVE,
        "panic" => m::HELP_PANIC,
        "shell" => m::HELP_SHELL,
        "tour" => m::HELP_TOUR,
        _ => return None,
    })
}

fn argument(verb: &str, id: &str) -> Option<Message> {
    Some(match (verb, id) {
        (_, "vault") => m::HELP_ARG_VAULT,
        (_, "part") => m::HELP_ARG_PART,
        (_, "passphrase_fd") => m::HELP_ARG_PASSPHRASE_FD,
        (_, "consent") => m::HELP_ARG_CONSENT,
        (_, "key_file") => m::HELP_ARG_KEY_FILE,
        (_, "new_passphrase_fd") => m::HELP_ARG_NEW_PASSPHRASE_FD,
        ("recover", "words_fd") => m::HELP_ARG_WORDS_FD,
        ("recover", "shares") => m::HELP_ARG_SHARES_TYPED,
        ("recover", "shares_from") => m::HELP_ARG_SHARES_FROM,
        ("key split", "shares") => m::HELP_ARG_SHARES,
        ("key split", "threshold") => m::HELP_ARG_SHARES_NEEDED,
        ("key split", "to") => m::HELP_ARG_SHARES_TO,
        ("passphrase remove", "others") => m::HELP_ARG_OTHERS,
        ("passphrase remove", "gone_passphrase_fd") => m::HELP_ARG_GONE_PASSPHRASE_FD,
        ("key-file set", "file") => m::HELP_ARG_KEY_FILE_TO,
        ("contributor remove" | "panic", "yes") => m::HELP_ARG_UNASKED,
        ("init", "name") => m::HELP_ARG_LABEL,
        ("add", "paths") => m::HELP_ARG_PATHS,
        ("testify", "title") => m::HELP_ARG_TITLE,
        ("testify", "file") => m::HELP_ARG_TESTIMONY_FILE,
        ("testify", "direct") => m::HELP_ARG_TESTIFY_DIRECT,
        ("testify", "to") => m::HELP_ARG_CONTACT,
        ("list", "limit") => m::HELP_ARG_LIMIT,
        ("list", "after") => m::HELP_ARG_AFTER,
        (_, "item") => m::HELP_ARG_ITEM,
        ("search", "words") => m::HELP_ARG_SEARCH,
        ("extract", "to") => m::HELP_ARG_EXTRACT_TO,
        ("recipient", "identity_to") => m::HELP_ARG_IDENTITY_TO,
        ("card sign", "draft") => m::HELP_ARG_DRAFT,
        ("card sign", "yes") => m::HELP_ARG_SIGN_YES,
        ("contact add", "card") => m::HELP_ARG_CARD,
        ("contact add", "words") => m::HELP_ARG_WORDS,
        ("contact add", "yes") => m::HELP_ARG_YES,
        ("contact add", "name") => m::HELP_ARG_AS,
        ("contact show" | "contact remove", "name") => m::HELP_ARG_CONTACT,
        ("contact remove", "yes") => m::HELP_ARG_UNASKED,
        ("seal", "items") => m::HELP_ARG_ITEMS,
        ("seal", "all") => m::HELP_ARG_ALL,
        ("seal", "to") => m::HELP_ARG_CONTACT,
        ("seal", "forget") => m::HELP_ARG_SEAL_FORGET,
        ("seal", "direct") => m::HELP_ARG_SEAL_DIRECT,
        ("seal", "adds") => m::HELP_ARG_ADDS,
        ("seal", "corrects") => m::HELP_ARG_CORRECTS,
        ("seal", "proof") => m::HELP_ARG_PROOF,
        ("seal", "proof_fd") => m::HELP_ARG_PROOF_FD,
        ("prove", "bundle") => m::HELP_ARG_PROVE_BUNDLE,
        ("prove", "challenge") => m::HELP_ARG_CHALLENGE,
        ("prove", "say") => m::HELP_ARG_SAY,
        ("prove", "to") => m::HELP_ARG_PROVE_TO,
        ("prove", "phrase_fd") => m::HELP_ARG_PHRASE_FD,
        ("withdraw", "bundle") => m::HELP_ARG_WITHDRAW_BUNDLE,
        ("withdraw", "all") => m::HELP_ARG_WITHDRAW_ALL,
        ("withdraw", "to") => m::HELP_ARG_CONTACT,
        ("withdraw", "message") => m::HELP_ARG_MESSAGE,
        ("withdraw", "direct") => m::HELP_ARG_WITHDRAW_DIRECT,
        ("forget", "items") => m::HELP_ARG_ITEMS,
        ("forget", "delivered") => m::HELP_ARG_DELIVERED,
        ("forget", "outbox") => m::HELP_ARG_OUTBOX,
        ("forget", "traces") => m::HELP_ARG_TRACES,
        ("forget", "yes") => m::HELP_ARG_UNASKED,
        ("backup", "dir") => m::HELP_ARG_BACKUP_DIR,
        ("repair", "yes") => m::HELP_ARG_UNASKED,
        ("export", "dir") => m::HELP_ARG_EXPORT_DIR,
        ("receipt add", "files") => m::HELP_ARG_RECEIPTS,
        ("receipt export", "dir") => m::HELP_ARG_RECEIPT_DIR,
        ("open", "bundle") => m::HELP_ARG_BUNDLE,
        ("open", "with") => m::HELP_ARG_WITH,
        ("open", "pass_on") => m::HELP_ARG_PASS_ON,
        ("shell", "idle") => m::HELP_ARG_IDLE,
        ("tour", "dir") => m::HELP_ARG_TOUR_DIR,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::arguments::Arguments;
    use crate::cli::speak::assert_every_word;

    #[test]
    fn every_verb_and_flag_has_words_in_every_language() {
        assert_every_word::<Arguments>(&HELP);
    }
}
