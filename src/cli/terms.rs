//! The terms of consent in words, a sentence for each.

use crate::evidence::consent::{Naming, Reach, Terms};
use crate::ui::{Day as ShownDay, Message, m};

/// The terms in words, without a pseudonym.
pub fn terms(terms: &Terms) -> Vec<Message> {
    let [share, name] = reach_and_name(terms);
    let name = if terms.name == Naming::Pseudonym { m::CONSENT_IS_PSEUDONYM_ALONE } else { name };
    [share, name].into_iter().chain(day_and_contact(terms)).collect()
}

/// How far it may travel, and under which name.
pub fn reach_and_name(terms: &Terms) -> [Message; 2] {
    let share = match terms.share {
        Reach::Organisation => m::CONSENT_IS_ORGANISATION,
        Reach::Court => m::CONSENT_IS_COURT,
        Reach::Public => m::CONSENT_IS_PUBLIC,
    };
    let name = match terms.name {
        Naming::Never => m::CONSENT_IS_UNNAMED,
        Naming::Pseudonym => m::CONSENT_IS_PSEUDONYM,
        Naming::Named => m::CONSENT_IS_NAMED,
    };
    [share, name]
}

/// From when on, and whether its author may be asked.
pub fn day_and_contact(terms: &Terms) -> Vec<Message> {
    let day = terms.not_before.map(|day| m::consent_is_not_before(ShownDay(day.as_str())));
    let contact = if terms.contact { m::CONSENT_IS_CONTACT } else { m::CONSENT_IS_NO_CONTACT };
    day.into_iter().chain([contact]).collect()
}
