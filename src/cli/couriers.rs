//! Couriers on the command line: among how many the key is split, where their shares go, and what is said of it.

use crate::bundle::courier_share::FILE_BYTES_MAX;
use crate::cli::ask;
use crate::cli::context::told;
use crate::cli::files;
use crate::cli::number::KOfN;
use crate::cli::terminal::Terminal;
use crate::crypto::Secret;
use crate::ui::{Kind, Message, Trouble, m};
use crate::vault::{HandOut, RefusedShare, ShareFile, ShareRefusal, SharesNeeded, VaultError};
use clap::Args;
use std::path::{Path, PathBuf};

/// The flags by which a bundle's key is split among couriers.
#[derive(Debug, Clone, Default, Args)]
pub struct CourierFlags {
    /// How many shares are needed, and how many there are.
    #[arg(long, value_name = "K/N", requires = "shares_to")]
    split: Option<KOfN>,
    /// Where the shares go: one folder, or one for each courier.
    #[arg(long, value_name = "DIR", num_args = 1.., requires = "split")]
    shares_to: Vec<PathBuf>,
}

impl CourierFlags {
    /// The shares, if there shall be any: before a passphrase is asked for. Nothing is written yet.
    pub fn hand_out(&self) -> Result<Option<HandOut>, Trouble> {
        let Some(KOfN { needed, count }) = self.split else { return Ok(None) };
        if ![1, count].contains(&self.shares_to.len()) {
            return Err(Trouble::new(Kind::Usage, m::err_shares_to(count)).hint(m::HINT_SHARES_TO));
        }
        let impossible = |_| Trouble::new(Kind::Usage, m::ERR_SPLIT).hint(m::HINT_SPLIT);
        HandOut::new(needed, count, self.shares_to.clone()).map(Some).map_err(impossible)
    }

    /// Whether a split was asked for.
    pub fn is_wanted(&self) -> bool {
        self.split.is_some()
    }
}

/// Says beforehand what a split means, and asks for folders that are not there.
pub fn sure(terminal: &Terminal, hand_out: Option<&HandOut>, kept: bool) -> Result<(), Trouble> {
    let Some(hand_out) = hand_out else { return Ok(()) };
    terminal.remark(m::SplitMeans { needed: hand_out.needed(), count: hand_out.count() });
    terminal.remark(if kept { m::SPLIT_KEEP } else { m::SPLIT_KEPT_NOWHERE });
    hand_out.dirs().iter().try_for_each(|dir| ask::folder(terminal, dir))
}

/// The trouble of a sealing that failed, with the shares that lie there of no use.
pub fn failed(error: VaultError, hand_out: Option<&HandOut>) -> Trouble {
    let trouble = told(error);
    let left: Vec<PathBuf> = hand_out.map(HandOut::paths).unwrap_or_default();
    let left: Vec<_> = left.into_iter().filter(|path| path.exists()).collect();
    if left.is_empty() {
        return trouble;
    }
    let trouble = trouble.safe(m::SAFE_SHARES_LEFT).command("sanduq status");
    left.iter().fold(trouble, |trouble, path| trouble.value(path.display()))
}

/// Says where the shares lie and what is to be done with them.
pub fn say(terminal: &Terminal, hand_out: Option<&HandOut>, written: &[PathBuf]) {
    let Some(hand_out) = hand_out.filter(|_| !written.is_empty() && !terminal.json()) else { return };
    terminal.say(m::SplitDone { needed: hand_out.needed(), count: hand_out.count() });
    written.iter().for_each(|path| terminal.value(path.display()));
    terminal.say(m::SPLIT_GIVE);
    if hand_out.dirs().len() == 1 {
        terminal.say(m::SPLIT_TOGETHER);
    }
    terminal.say(m::SPLIT_RECEIPT);
}

/// The files that an officer names.
pub fn read(paths: &[PathBuf]) -> Result<Vec<ShareFile>, Trouble> {
    let read = |path: &PathBuf| {
        Ok(ShareFile { path: path.clone(), bytes: Secret::new(files::read(path, FILE_BYTES_MAX)?) })
    };
    paths.iter().map(read).collect()
}

/// Names the files that are no shares of the bundle.
pub fn name_refused(terminal: &Terminal, refused: &[RefusedShare]) {
    if terminal.json() {
        return;
    }
    for share in refused {
        let told = Trouble::new(Kind::Refused, reason(share.why)).value(share.path.display());
        terminal.trouble(&told.one_of_several());
    }
}

/// What is still needed. A file that is wrong makes another trouble of it than one that is missing.
pub fn needed(view: &SharesNeeded, with: Option<&Path>) -> Trouble {
    let kind = if view.refused.is_empty() { Kind::Declined } else { Kind::Refused };
    let trouble = Trouble::new(kind, m::ErrSharesNeeded { needed: view.needed, count: view.count });
    let trouble = if view.fitting > 0 { trouble.safe(m::shares_fitting(view.fitting)) } else { trouble };
    trouble.hint(m::HINT_COURIERS).command(match with {
        Some(_) => "sanduq open BUNDLE --with FILE --shares FILE…",
        None => "sanduq open BUNDLE --shares FILE…",
    })
}

fn reason(why: ShareRefusal) -> Message {
    match why {
        ShareRefusal::NotAShare => m::SHARE_NONE,
        ShareRefusal::Changed => m::SHARE_CHANGED,
        ShareRefusal::ListChanged => m::SHARE_LIST_CHANGED,
        ShareRefusal::OtherBundle => m::SHARE_OTHER_BUNDLE,
        ShareRefusal::Twice => m::SHARE_AGAIN,
    }
}
