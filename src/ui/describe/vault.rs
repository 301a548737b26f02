//! What a vault refuses, as a person reads it.

use super::store::IN_PARTS;
use crate::bundle::disclosure::Refusal;
use crate::crypto::kdf::KdfError;
use crate::crypto::keyslot::KeyslotError;
use crate::crypto::share::ShareError;
use crate::format::strip::StripError;
use crate::store::{Part, StoreError};
use crate::ui::{Day, Describe, Kind, Message, Size, Trouble, m};
use crate::vault::{CardProblem, DerivativeProblem, DisclosureProblem, MediumProblem, VaultError};
use std::io;
use std::path::Path;

impl Describe for VaultError {
    fn trouble(&self) -> Trouble {
        match self {
            VaultError::NoVault { root } => Trouble::new(Kind::Missing, m::ERR_NO_VAULT)
                .value(root.display())
                .hint(m::HINT_NO_VAULT)
                .command("sanduq --vault DIR …")
                .command("sanduq init"),
            VaultError::NotEmpty { root } => Trouble::new(Kind::Failed, m::ERR_NOT_EMPTY)
                .value(root.display())
                .safe(m::SAFE_UNCHANGED)
                .hint(m::HINT_NOT_EMPTY)
                .command("sanduq --vault DIR init"),
            VaultError::Remains { root } => Trouble::new(Kind::Failed, m::ERR_REMAINS)
                .value(root.display())
                .safe(m::SAFE_DAMAGED)
                .hint(m::HINT_REMAINS),
            VaultError::NoPart { part } => {
                Trouble::new(Kind::Missing, m::ERR_NO_PART).value(part).hint(m::HINT_NO_PART)
            }
            VaultError::Unopened => {
                Trouble::new(Kind::Locked, m::ERR_UNOPENED).safe(m::SAFE_VAULT).hint(m::HINT_UNOPENED)
            }
            VaultError::PassphraseInUse => {
                Trouble::new(Kind::Locked, m::ERR_PASSPHRASE_IN_USE).hint(m::HINT_PASSPHRASE_IN_USE)
            }
            VaultError::Disclosure(problem) => disclosure(problem),
            VaultError::Share(error) => error.trouble(),
            VaultError::WordsUnopened => {
                Trouble::new(Kind::Locked, m::ERR_WORDS_UNOPENED).hint(m::HINT_WORDS_UNOPENED)
            }
            VaultError::TooManyPassphrases { most } => {
                Trouble::new(Kind::Declined, m::err_too_many_passphrases(*most))
                    .safe(m::SAFE_UNCHANGED)
                    .hint(m::HINT_TOO_MANY_PASSPHRASES)
                    .command("sanduq passphrase remove")
            }
            VaultError::LastPassphrase => Trouble::new(Kind::Declined, m::ERR_LAST_PASSPHRASE)
                .safe(m::SAFE_UNCHANGED)
                .hint(m::HINT_LAST_PASSPHRASE)
                .command("sanduq passphrase change"),
            VaultError::PassphraseEmpty => {
                Trouble::new(Kind::Locked, m::ERR_PASSPHRASE_EMPTY).hint(m::HINT_PASSPHRASE_EMPTY)
            }
            VaultError::Busy => Trouble::new(Kind::Busy, m::ERR_BUSY).safe(m::SAFE_VAULT).hint(m::HINT_BUSY),
            VaultError::Hashing(KeyslotError::Kdf(KdfError::NotEnoughMemory { needed_kib })) => {
                let needed = Size(u64::from(*needed_kib) * 1024);
                Trouble::new(Kind::Failed, m::err_memory(needed)).safe(m::SAFE_VAULT).hint(m::HINT_MEMORY)
            }
            VaultError::Hashing(error) => Trouble::new(Kind::Failed, m::ERR_DAMAGED)
                .value(error)
                .safe(m::SAFE_DAMAGED)
                .hint(m::HINT_DAMAGED),
            VaultError::UnfitFileSystem { path, file_system } => {
                Trouble::new(Kind::Failed, m::ERR_FILE_SYSTEM)
                    .value(path.display())
                    .value(file_system.name())
                    .safe(m::SAFE_UNCHANGED)
                    .hint(m::HINT_FILE_SYSTEM)
            }
            VaultError::Damaged { what } => Trouble::new(Kind::Failed, m::ERR_DAMAGED)
                .value(what)
                .safe(m::SAFE_DAMAGED)
                .hint(m::HINT_DAMAGED),
            VaultError::DiskFull { path } => Trouble::new(Kind::Failed, m::ERR_DISK_FULL)
                .value(path.display())
                .safe(m::SAFE_VAULT)
                .hint(m::HINT_DISK_FULL),
            VaultError::BackupNotEmpty { dir } => Trouble::new(Kind::Failed, m::ERR_BACKUP_NOT_EMPTY)
                .value(dir.display())
                .safe(m::SAFE_UNCHANGED)
                .hint(m::HINT_BACKUP_NOT_EMPTY),
            VaultError::BackupInside { dir } => Trouble::new(Kind::Failed, m::ERR_BACKUP_INSIDE)
                .value(dir.display())
                .safe(m::SAFE_UNCHANGED)
                .hint(m::HINT_BACKUP_NOT_EMPTY),
            VaultError::Store(error) => store(error),
            VaultError::NoItem { .. }
            | VaultError::Sealed { .. }
            | VaultError::NotOwn { .. }
            | VaultError::NotTestimony { .. }
            | VaultError::Withdrawn { .. }
            | VaultError::FollowsAnother { .. }
            | VaultError::NothingToSeal { .. } => item(self),
            VaultError::NoDraft { id } => Trouble::new(Kind::Missing, m::ERR_NO_DRAFT).value(id),
            VaultError::NothingToForget => {
                Trouble::new(Kind::Declined, m::ERR_NOTHING_TO_FORGET).hint(m::HINT_NOTHING_TO_FORGET)
            }
            VaultError::EmptyTestimony => {
                Trouble::new(Kind::Declined, m::ERR_EMPTY_TESTIMONY).hint(m::HINT_EMPTY_TESTIMONY)
            }
            VaultError::Text { bytes, bytes_max, .. } => {
                let (found, limit) = (Size(*bytes as u64), Size(*bytes_max as u64));
                Trouble::new(Kind::Refused, m::ErrText { found, limit })
                    .safe(m::SAFE_VAULT)
                    .hint(m::HINT_TEXT)
            }
            VaultError::TooLong => {
                Trouble::new(Kind::Refused, m::ERR_TOO_LONG).safe(m::SAFE_VAULT).hint(m::HINT_TOO_LONG)
            }
            VaultError::ItemTooLong { number } => Trouble::new(Kind::Refused, m::err_item_too_long(*number))
                .safe(m::SAFE_VAULT)
                .hint(m::HINT_ITEM_TOO_LONG)
                .command(format!("sanduq edit {number}")),
            VaultError::Evidence(error) => {
                Trouble::new(Kind::Refused, m::ERR_EVIDENCE).value(error).safe(m::SAFE_VAULT)
            }
            VaultError::NotOpened { bundle } => Trouble::new(Kind::Missing, m::ERR_NOT_OPENED)
                .value(bundle)
                .hint(m::HINT_NOT_OPENED)
                .command("sanduq open FILE.bundle"),
            VaultError::ReplyWords => {
                let limit = Size(crate::bundle::reply::WORDS_BYTES_MAX as u64);
                Trouble::new(Kind::Refused, m::err_reply_words(limit)).safe(m::SAFE_NOT_REPLIED)
            }
            VaultError::AnothersCard { name } => Trouble::new(Kind::Refused, m::err_anothers_card(name))
                .safe(m::SAFE_NOT_REPLIED)
                .hint(m::HINT_ANOTHERS_CARD),
            VaultError::SealedPartly { bundles, source } => bundles
                .iter()
                .fold(source.trouble().safe(m::SAFE_SEALED_PARTLY), |trouble, bundle| trouble.value(bundle)),
            VaultError::ProofOfSeveral => Trouble::new(Kind::Refused, m::ERR_PROOF_OF_SEVERAL)
                .safe(m::SAFE_NOTHING_SEALED)
                .hint(m::HINT_PROOF_OF_SEVERAL),
            VaultError::ForSeveral { disguised } => Trouble::new(Kind::Declined, m::ERR_FOR_SEVERAL)
                .safe(m::SAFE_VAULT)
                .hint(m::HINT_FOR_SEVERAL)
                .command(match disguised {
                    true => "sanduq export DIR --to NAME --carrier FILE",
                    false => "sanduq export DIR --to NAME",
                }),
            VaultError::NoContact { name } => Trouble::new(Kind::Missing, m::ERR_NO_CONTACT)
                .value(name)
                .hint(m::HINT_NO_CONTACT)
                .command("sanduq contact list"),
            VaultError::ContactInUse { name } => Trouble::new(Kind::Declined, m::ERR_CONTACT_IN_USE)
                .value(name)
                .hint(m::HINT_CONTACT_IN_USE)
                .command("sanduq forget --delivered"),
            VaultError::ContactName => Trouble::new(Kind::Refused, m::ERR_CONTACT_NAME)
                .hint(m::HINT_CONTACT_NAME)
                .command("--as NAME"),
            VaultError::Card(problem) => card(problem),
            VaultError::Bundle(error) => error.trouble(),
            VaultError::NotAnOfficer { name } => Trouble::new(Kind::Refused, m::ERR_NOT_AN_OFFICER)
                .value(name)
                .safe(m::SAFE_NOTHING_TAKEN)
                .hint(m::HINT_NOT_AN_OFFICER),
            VaultError::Medium { path, problem } => medium(path, problem),
            VaultError::Read { path, source } => unread(path, source),
            VaultError::TooLarge { path, bytes_max } => {
                Trouble::new(Kind::Refused, m::err_too_large(Size(*bytes_max)))
                    .value(path.display())
                    .safe(m::SAFE_VAULT)
                    .hint(m::HINT_TOO_LARGE)
            }
        }
    }
}

/// What is damaged can be tried to be repaired, except the key slots.
fn store(error: &StoreError) -> Trouble {
    match error {
        StoreError::Damaged { part: Part::Slots, .. } => {
            Trouble::new(Kind::Failed, m::ERR_DAMAGED).value(error).safe(m::SAFE_DAMAGED).hint(m::HINT_SLOTS)
        }
        StoreError::Damaged { part: Part::Epoch, .. } => {
            Trouble::new(Kind::Failed, m::ERR_DAMAGED).value(error).safe(m::SAFE_DAMAGED).hint(m::HINT_EPOCH)
        }
        StoreError::Damaged { .. } | StoreError::Index { .. } | StoreError::Row { .. } => {
            error.trouble().command("sanduq backup DIR").command("sanduq repair")
        }
        other => other.trouble(),
    }
}

impl Describe for ShareError {
    fn trouble(&self) -> Trouble {
        let what: Message = match *self {
            ShareError::Split { .. } => {
                return Trouble::new(Kind::Usage, m::ERR_SHARE_SPLIT).hint(m::HINT_SHARE_SPLIT);
            }
            ShareError::NotAWord { place } => m::err_share_word(place),
            ShareError::Checksum => m::ERR_SHARE_APART,
            ShareError::NotAShare => m::ERR_NOT_A_SHARE,
            ShareError::OtherSet { number, .. } => m::err_share_other_set(number),
            ShareError::Twice { number } => m::err_share_twice(number),
            ShareError::TooFew { missing } => m::err_share_few(missing),
            ShareError::NotGenuine { number } => m::err_share_made_up(number),
            ShareError::DoNotFit => {
                return Trouble::new(Kind::Locked, m::ERR_SHARES_UNFIT)
                    .safe(m::SAFE_VAULT)
                    .hint(m::HINT_SHARES_UNFIT);
            }
        };
        Trouble::new(Kind::Locked, what).safe(m::SAFE_VAULT).hint(m::HINT_SHARE)
    }
}

fn item(error: &VaultError) -> Trouble {
    match error {
        VaultError::NoItem { number } => {
            Trouble::new(Kind::Missing, m::err_no_item(*number)).hint(m::HINT_NO_ITEM).command("sanduq list")
        }
        VaultError::Sealed { number } => {
            Trouble::new(Kind::Declined, m::err_sealed(*number)).safe(m::SAFE_UNCHANGED).hint(m::HINT_SEALED)
        }
        VaultError::NotOwn { number } => {
            Trouble::new(Kind::Declined, m::err_not_own(*number)).safe(m::SAFE_UNCHANGED)
        }
        VaultError::Withdrawn { number, by } => Trouble::new(Kind::Declined, m::err_withdrawn(*number))
            .value(by)
            .safe(m::SAFE_UNCHANGED)
            .hint(m::HINT_WITHDRAWN),
        VaultError::FollowsAnother { bundle, to } => Trouble::new(Kind::Declined, m::err_follows_another(to))
            .value(bundle)
            .safe(m::SAFE_UNCHANGED)
            .hint(m::HINT_FOLLOWS_ANOTHER),
        VaultError::NotTestimony { number } => {
            Trouble::new(Kind::Declined, m::err_not_testimony(*number)).safe(m::SAFE_UNCHANGED)
        }
        VaultError::NothingToSeal { to } => {
            Trouble::new(Kind::Declined, m::err_nothing_to_seal(to)).hint(m::HINT_NOTHING_TO_SEAL)
        }
        other => Trouble::new(Kind::Failed, m::ERR_STORE).value(other),
    }
}

fn disclosure(problem: &DisclosureProblem) -> Trouble {
    let trouble = match problem {
        DisclosureProblem::NotReceived { number } => {
            Trouble::new(Kind::Declined, m::err_not_received(*number)).hint(m::HINT_NOT_RECEIVED)
        }
        DisclosureProblem::SeveralBundles { first, other } => {
            let what = m::ErrSeveralBundles { first: *first, other: *other };
            Trouble::new(Kind::Declined, what).hint(m::HINT_SEVERAL_BUNDLES)
        }
        DisclosureProblem::Terms { number, refusal } => {
            let what = match refusal {
                Refusal::Organisation => m::err_terms_organisation(*number),
                Refusal::Court => m::err_terms_court(*number),
                Refusal::NotBefore(day) => {
                    m::ErrTermsNotBefore { number: *number, day: Day(day.as_str()) }.into()
                }
                Refusal::Author => m::ERR_TERMS_AUTHOR,
            };
            Trouble::new(Kind::Declined, what).hint(m::HINT_TERMS)
        }
        DisclosureProblem::Author => Trouble::new(Kind::Declined, m::ERR_TERMS_AUTHOR).hint(m::HINT_TERMS),
        DisclosureProblem::NoUnit { number, unit } => {
            let what = m::ErrNoUnit { number: *number, unit: u64::from(*unit) };
            Trouble::new(Kind::Missing, what).hint(m::HINT_NO_UNIT)
        }
        DisclosureProblem::TermsStay { number } => Trouble::new(Kind::Declined, m::err_terms_stay(*number)),
        DisclosureProblem::NotOnCard { name } => {
            Trouble::new(Kind::Declined, m::ERR_KEYS_NOT_ON_CARD).value(name).hint(m::HINT_KEYS_NOT_ON_CARD)
        }
        DisclosureProblem::Receipt(error) => {
            Trouble::new(Kind::Refused, m::ERR_DISCLOSE_RECEIPT).value(error).hint(m::HINT_DISCLOSE_RECEIPT)
        }
        DisclosureProblem::Stamp(error) => {
            Trouble::new(Kind::Refused, m::ERR_DISCLOSE_STAMP).value(error).hint(m::HINT_DISCLOSE_STAMP)
        }
        DisclosureProblem::OtherStamp { imprint } => Trouble::new(Kind::Refused, m::ERR_DISCLOSE_OTHER_STAMP)
            .value(imprint)
            .hint(m::HINT_DISCLOSE_STAMP),
        DisclosureProblem::StampAlone => {
            Trouble::new(Kind::Declined, m::ERR_DISCLOSE_STAMP_ALONE).hint(m::HINT_DISCLOSE_STAMP)
        }
        DisclosureProblem::TooManyStamps { limit } => {
            Trouble::new(Kind::Declined, m::err_disclose_stamps(*limit))
        }
        DisclosureProblem::Derivative { number, unit, problem } => derivative(*number, *unit, *problem),
    };
    trouble.safe(m::SAFE_NOT_DISCLOSED)
}

fn derivative(number: u64, unit: u32, problem: DerivativeProblem) -> Trouble {
    let place = format!("{number}:{unit:04}");
    let trouble = |kind, what: Message| Trouble::new(kind, what).value(&place);
    let strip = |what| trouble(Kind::Declined, what).hint(m::HINT_STRIP);
    match problem {
        DerivativeProblem::Strip(StripError::Unknown) => strip(m::ERR_STRIP_UNKNOWN),
        DerivativeProblem::Strip(StripError::TooLarge) => strip(m::ERR_STRIP_TOO_LARGE),
        DerivativeProblem::Strip(StripError::Damaged) => strip(m::ERR_STRIP_DAMAGED),
        DerivativeProblem::Strip(StripError::Unusual) => strip(m::ERR_STRIP_UNUSUAL),
        DerivativeProblem::NotAFile => {
            trouble(Kind::Missing, m::ERR_DERIVATIVE_NOT_A_FILE).hint(m::HINT_NO_UNIT)
        }
        DerivativeProblem::Twice => trouble(Kind::Declined, m::ERR_DERIVATIVE_TWICE),
        DerivativeProblem::Same => {
            trouble(Kind::Declined, m::ERR_DERIVATIVE_SAME).hint(m::HINT_DERIVATIVE_SAME)
        }
    }
}

fn card(problem: &CardProblem) -> Trouble {
    match problem {
        CardProblem::Invalid(detail) => {
            Trouble::new(Kind::Refused, m::ERR_CARD).value(detail).safe(m::SAFE_CONTACTS).hint(m::HINT_CARD)
        }
        CardProblem::Expired { valid_until } => Trouble::new(Kind::Refused, m::ERR_CARD_EXPIRED)
            .value(valid_until)
            .safe(m::SAFE_UNCHANGED)
            .hint(m::HINT_CARD_EXPIRED),
        CardProblem::WordsDiffer => {
            Trouble::new(Kind::Refused, m::ERR_CARD_WORDS).safe(m::SAFE_CONTACTS).hint(m::HINT_CARD_WORDS)
        }
        CardProblem::OtherKey { name } => Trouble::new(Kind::Refused, m::err_card_other_key(name))
            .safe(m::SAFE_CONTACTS)
            .hint(m::HINT_CARD_OTHER_KEY)
            .command("--as NAME"),
        CardProblem::LowerSerial { held, found } => {
            Trouble::new(Kind::Refused, m::ErrCardSerial { found: *found, held: *held })
                .safe(m::SAFE_CONTACTS)
                .hint(m::HINT_CARD_SERIAL)
        }
        CardProblem::TwoCardsOfOneSerial { serial, held, found } => {
            Trouble::new(Kind::Refused, m::err_card_twice(*serial))
                .value(held)
                .value(found)
                .safe(m::SAFE_CONTACTS)
                .hint(m::HINT_CARD_TWICE)
        }
    }
}

fn medium(path: &Path, problem: &MediumProblem) -> Trouble {
    let (what, hint) = match problem {
        MediumProblem::NotAFolder => (m::ERR_NOT_A_FOLDER, m::HINT_NOT_A_FOLDER),
        MediumProblem::ReadOnly | MediumProblem::TurnedReadOnly => (m::ERR_READ_ONLY, m::HINT_READ_ONLY),
        MediumProblem::FilledUp | MediumProblem::FilledUpEmpty => (m::ERR_MEDIUM_FILLED, m::HINT_MEDIUM_FULL),
        MediumProblem::FolderThere => (m::ERR_FOLDER_THERE, m::HINT_FOLDER_THERE),
        MediumProblem::Full { needed, free } => {
            (m::ErrMediumFull { needed: Size(*needed), free: Size(*free) }.into(), m::HINT_MEDIUM_FULL)
        }
        MediumProblem::FileTooLarge { len, len_max } => {
            (m::ErrFileTooLarge { len: Size(*len), max: Size(*len_max) }.into(), m::HINT_FILE_TOO_LARGE)
        }
        MediumProblem::TooManyNames { names_max } => (m::err_names_max(*names_max), m::HINT_NAMES_MAX),
        MediumProblem::Occupied => (m::ERR_OCCUPIED, m::HINT_OCCUPIED),
        MediumProblem::ReadsBackDifferently => (m::ERR_READS_BACK, m::HINT_READS_BACK),
        MediumProblem::OneName { files } => (m::err_one_name(*files), m::HINT_ONE_NAME),
    };
    let trouble = Trouble::new(Kind::Failed, what).value(path.display()).safe(m::SAFE_VAULT).hint(hint);
    match problem {
        MediumProblem::FileTooLarge { .. } => trouble.command(IN_PARTS),
        MediumProblem::Occupied => trouble.safe(m::SAFE_OCCUPIED),
        MediumProblem::FilledUpEmpty => trouble.safe(m::SAFE_MEDIUM_EMPTY),
        MediumProblem::FolderThere => trouble.safe(m::SAFE_OCCUPIED),
        MediumProblem::FilledUp | MediumProblem::TurnedReadOnly => trouble.safe(m::SAFE_MEDIUM),
        _ => trouble,
    }
}

fn unread(path: &Path, source: &io::Error) -> Trouble {
    match source.kind() {
        io::ErrorKind::NotFound => {
            Trouble::new(Kind::Missing, m::ERR_NO_FILE).value(path.display()).hint(m::HINT_NO_FILE)
        }
        io::ErrorKind::PermissionDenied => Trouble::new(Kind::Failed, m::ERR_NO_PERMISSION)
            .value(path.display())
            .safe(m::SAFE_VAULT)
            .hint(m::HINT_NO_PERMISSION),
        io::ErrorKind::IsADirectory => Trouble::new(Kind::Failed, m::ERR_IS_A_FOLDER)
            .value(path.display())
            .safe(m::SAFE_VAULT)
            .hint(m::HINT_IS_A_FOLDER),
        _ => Trouble::new(Kind::Failed, m::ERR_READ)
            .value(path.display())
            .value(source)
            .safe(m::SAFE_VAULT)
            .hint(m::HINT_SOURCE_READ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::BundleError;
    use crate::ui::{Language, Words};

    /// She was told that her bundle was damaged, when nothing had been sealed yet.
    #[test]
    fn what_cannot_be_sealed_is_not_called_a_damaged_bundle() {
        let said = |error: VaultError| {
            error.trouble().tell(&Words::new(Language::English), |command| command.to_owned())
        };
        let changed = said(VaultError::Bundle(BundleError::FileChanged { label: "page.jpg".to_owned() }));
        for part in ["page.jpg", "nothing was sealed", "Your vault is as it was.", "add the original again"] {
            assert!(changed.contains(part), "{changed}");
        }
        let long = said(VaultError::ItemTooLong { number: 3 });
        for part in ["Item 3 is too long", "Your vault is as it was.", "sanduq edit 3"] {
            assert!(long.contains(part), "{long}");
        }
        assert!(!changed.contains("damaged") && !long.contains("damaged"));
    }

    #[test]
    fn what_a_stick_cannot_hold_is_said_with_what_will_help() {
        let said = |problem| {
            let trouble = medium(Path::new("/media/stick"), &problem);
            trouble.tell(&Words::new(Language::English), |command| command.to_owned())
        };
        let len_max = u64::from(u32::MAX);
        let large = said(MediumProblem::FileTooLarge { len: 5_000_000_000, len_max });
        for part in ["formatted as FAT", "/media/stick", "Your vault is as it was.", "exFAT or ext4"] {
            assert!(large.contains(part), "{part} in {large}");
        }
        let differs = said(MediumProblem::ReadsBackDifferently);
        assert!(
            differs.contains("/media/stick") && differs.contains("Your vault is as it was."),
            "{differs}"
        );
    }
}
