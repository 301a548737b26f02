//! What was acknowledged: receipts in plain for auditors, and where every delivery stands.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::rows::{Delivery, Draft, Listed, ReplyRow, TakenBundle};
use super::{
    DeliveryState, DeliveryView, ForkView, ItemState, MediumProblem, Vault, VaultError, follow_up, medium,
};
use crate::bundle::Receipt;
use crate::store::files;

/// Hex digits of a bundle's id in the name of its receipt.
const NAME_DIGITS: usize = 16;

/// What `receipt export` wrote.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ReceiptExportOutcome {
    /// The plain receipts written, for auditors.
    #[serde(serialize_with = "crate::format::path::many")]
    pub files: Vec<PathBuf>,
}

/// Where everything stands.
#[derive(Debug, Clone, Serialize)]
pub struct StatusView {
    /// Every delivery, newest first.
    pub deliveries: Vec<DeliveryView>,
    /// Own items that were sealed to no one yet.
    pub unsealed: u64,
    /// Drafts waiting.
    pub drafts: u64,
    /// All items.
    pub items: u64,
    /// Those of them that came from others.
    pub received: u64,
    /// Replies of officers that are kept.
    pub replies: u64,
    /// Logs that signed two histories.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub forks: Vec<ForkView>,
}

impl Vault {
    /// Writes the receipts held, in plain, for auditors, and the heads of a log that signed two of one size. What lies
    /// there already is left as it is.
    pub fn receipt_export(&self, dir: &Path) -> Result<ReceiptExportOutcome, VaultError> {
        let _held = medium::prepare(dir)?;
        let deliveries = self.store.all::<Delivery>()?.into_iter().map(|row| (row.bundle, row.receipt));
        let taken = self.store.all::<TakenBundle>()?.into_iter().map(|row| (row.bundle, row.receipt));
        let mut outcome = ReceiptExportOutcome::default();
        for (bundle, receipt) in deliveries.chain(taken) {
            let Some(receipt) = receipt else { continue };
            let path = dir.join(format!("{}.tlog-proof", &bundle.to_string()[..NAME_DIGITS]));
            if !outcome.files.contains(&path) {
                medium::on(dir, write_once(&path, receipt.as_bytes()))?;
                outcome.files.push(path);
            }
        }
        for (fork, number) in self.forks()?.iter().zip(1..) {
            for (head, side) in [(&fork.one, 'a'), (&fork.other, 'b')] {
                let path = dir.join(format!("two-histories-{number}{side}.checkpoint"));
                medium::on(dir, write_once(&path, head.as_bytes()))?;
                outcome.files.push(path);
            }
        }
        Ok(outcome)
    }

    /// Where everything stands.
    pub fn status(&self) -> Result<StatusView, VaultError> {
        let mut deliveries = self.store.all::<Delivery>()?;
        deliveries.sort_by_key(|delivery| std::cmp::Reverse(delivery.number));
        let (mut items, mut unsealed, mut received) = (0, 0, 0);
        self.store.each_listed(None, u64::MAX, |listed: Listed| {
            items += 1;
            unsealed += u64::from(listed.state() == ItemState::Open);
            received += u64::from(listed.state() == ItemState::Received);
            Ok::<_, VaultError>(())
        })?;
        let mut views = Vec::new();
        for delivery in deliveries {
            let parts = self.parts_view(&delivery.bundle)?;
            views.push(DeliveryView { parts, ..delivery_view(delivery) });
        }
        Ok(StatusView {
            deliveries: views,
            unsealed,
            drafts: self.store.count::<Draft>()?,
            items,
            received,
            replies: self.store.count::<ReplyRow>()?,
            forks: self.forks()?,
        })
    }
}

impl Delivery {
    /// Notes that the bundle arrived.
    pub(super) fn receive(&mut self, receipt: &Receipt) {
        self.state = DeliveryState::Received;
        self.receipt = Some(receipt.print());
    }
}

/// Writes a file, unless the very same lies there.
fn write_once(path: &Path, bytes: &[u8]) -> Result<(), VaultError> {
    match std::fs::read(path) {
        Ok(there) if there == bytes => Ok(()),
        Ok(_) => Err(medium::problem(path, MediumProblem::Occupied)),
        Err(_) => Ok(files::write_new_undated(path, bytes)?),
    }
}

pub(super) fn delivery_view(delivery: Delivery) -> DeliveryView {
    DeliveryView {
        bundle: delivery.bundle.to_string(),
        to: delivery.to,
        state: delivery.state,
        sealed_at: delivery.sealed_at.to_string(),
        items: delivery.items,
        bytes: delivery.len,
        follows: delivery.follows.as_ref().map(follow_up::view),
        parts: None,
    }
}
