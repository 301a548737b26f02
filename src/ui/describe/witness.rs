//! What a witness refuses or could not do, as an auditor reads it.

use crate::store::StoreError;
use crate::ui::{Describe, Kind, Trouble, m};
use crate::witness::WitnessError;

impl Describe for WitnessError {
    fn trouble(&self) -> Trouble {
        let refused = |what| Trouble::new(Kind::Refused, what).value(self).safe(m::SAFE_NOT_COSIGNED);
        match self {
            WitnessError::NotAWitness { path } => Trouble::new(Kind::Missing, m::ERR_NO_WITNESS)
                .value(path.display())
                .hint(m::HINT_NO_WITNESS)
                .command("sanduq-verify witness --witness DIR …")
                .command("sanduq-verify witness init NAME"),
            WitnessError::NotEmpty { path } => Trouble::new(Kind::Failed, m::ERR_WITNESS_NOT_EMPTY)
                .value(path.display())
                .safe(m::SAFE_UNCHANGED)
                .hint(m::HINT_WITNESS_NOT_EMPTY),
            WitnessError::Name(_) => {
                Trouble::new(Kind::Usage, m::ERR_WITNESS_NAME).value(self).hint(m::HINT_WITNESS_NAME)
            }
            WitnessError::Damaged { path } => Trouble::new(Kind::Failed, m::ERR_WITNESS_DAMAGED)
                .value(path.display())
                .safe(m::SAFE_NOT_COSIGNED)
                .hint(m::HINT_WITNESS_DAMAGED),
            WitnessError::Request(_) => refused(m::ERR_WITNESS_REQUEST).hint(m::HINT_WITNESS_REQUEST),
            WitnessError::Log(_) => refused(m::ERR_WITNESS_LOG).hint(m::HINT_WITNESS_LOG),
            WitnessError::Store(StoreError::Busy { path }) => {
                Trouble::new(Kind::Busy, m::ERR_WITNESS_BUSY).value(path.display()).hint(m::HINT_BUSY)
            }
            WitnessError::Store(error) => error.trouble().safe(m::SAFE_NOT_COSIGNED),
        }
    }
}
