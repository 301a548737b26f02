//! What the system's clock says: the programs alone read it, and hand the time down.

use sanduq::format::time::Time;
use std::time::{SystemTime, UNIX_EPOCH};

/// The time now; a clock set before 1970 or after 9999 counts as 1970.
pub fn now() -> Time {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let seconds = i64::try_from(since).unwrap_or_default();
    Time::from_unix(seconds).or_else(|_| Time::from_unix(0)).expect("1970 is a time")
}
