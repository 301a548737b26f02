//! A pile of shares, as people bring them: some may be of another splitting, and one may have been made up.
//!
//! What is wrong is told by the others. The splitting of which there are the most shares is the one that is meant. In it
//! a share that was made up is told where there are more than are needed: those that fit together give a secret, and it
//! is not one of theirs. Where there are just enough, nobody can tell which of them it is.
//!
//! Shares fit together where the digest that SSKR hides in them says so; a share that was made up passes once in 2³².

use super::secret::Secret;
use super::seed::Seed;
use super::share::{Share, ShareError, combine};

/// Attempts to find shares that fit together: all there are for 16 shares.
const ATTEMPTS_MAX: usize = 20_000;

/// Shares in the order in which they came.
#[derive(Debug, Default)]
pub struct Pile(Vec<Share>);

impl Pile {
    /// Lays a share on the pile, unless this very share is there already.
    pub fn add(&mut self, share: Share) -> Result<(), ShareError> {
        if self.0.contains(&share) {
            return Err(ShareError::Twice { number: share.number() });
        }
        self.0.push(share);
        Ok(())
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// How many more are needed; unknown until there is one.
    pub fn missing(&self) -> Option<usize> {
        let meant = self.meant();
        Some(meant.first()?.1.needed().saturating_sub(numbers(&meant)))
    }

    /// The seed, once there are enough that fit together.
    pub fn seed(&self) -> Result<Seed, ShareError> {
        match self.missing() {
            Some(0) => self.fitting().map(|(_, secret)| Seed::from_bytes(secret)).ok_or(ShareError::DoNotFit),
            missing => Err(ShareError::TooFew { missing: missing.unwrap_or(super::share::NEEDED_MIN) }),
        }
    }

    /// The places, from 0, of the shares that are not of the splitting that is meant, or not genuine where that can be
    /// told; with what is wrong with each.
    pub fn wrong(&self) -> Vec<(usize, ShareError)> {
        let meant = self.meant();
        let Some((_, first)) = meant.first() else { return Vec::new() };
        let other = |share: &Share| ShareError::OtherSet {
            number: share.number(),
            found: share.set(),
            expected: first.set(),
        };
        let others = self.0.iter().enumerate().filter(|(_, share)| !is_with(first, share));
        let mut wrong: Vec<_> = others.map(|(place, share)| (place, other(share))).collect();
        if let Some((fitting, secret)) = self.fitting() {
            let made_up = meant.iter().filter(|(_, share)| !fits(share, &fitting, &secret));
            wrong.extend(
                made_up.map(|(place, share)| (*place, ShareError::NotGenuine { number: share.number() })),
            );
        }
        wrong.sort_by_key(|(place, _)| *place);
        wrong
    }

    /// The shares of the splitting of which there are the most, and of the first of several, with their places.
    fn meant(&self) -> Vec<(usize, &Share)> {
        let mut meant = Vec::new();
        for first in &self.0 {
            let same: Vec<_> = self.0.iter().enumerate().filter(|(_, share)| is_with(first, share)).collect();
            if numbers(&same) > numbers(&meant) {
                meant = same;
            }
        }
        meant
    }

    /// Just as many as are needed, of those that are meant, that fit together; with what they give.
    fn fitting(&self) -> Option<(Vec<&Share>, Secret<[u8; 32]>)> {
        let meant: Vec<&Share> = self.meant().into_iter().map(|(_, share)| share).collect();
        let needed = meant.first()?.needed();
        let mut attempts = ATTEMPTS_MAX;
        choose(&meant, needed, &mut Vec::new(), &mut attempts)
    }
}

/// Looks for shares of different numbers that fit together, in the order in which they lie.
fn choose<'s>(
    from: &[&'s Share],
    needed: usize,
    chosen: &mut Vec<&'s Share>,
    attempts: &mut usize,
) -> Option<(Vec<&'s Share>, Secret<[u8; 32]>)> {
    if chosen.len() == needed {
        *attempts = attempts.checked_sub(1)?;
        return combine(chosen).ok().map(|secret| (chosen.clone(), secret));
    }
    for (at, share) in from.iter().enumerate() {
        if from.len() - at < needed - chosen.len() || *attempts == 0 {
            return None;
        }
        if chosen.iter().all(|held| held.number() != share.number()) {
            chosen.push(share);
            if let Some(found) = choose(&from[at + 1..], needed, chosen, attempts) {
                return Some(found);
            }
            chosen.pop();
        }
    }
    None
}

/// Whether a share gives the same secret as those that fit together, in the place of one of them.
fn fits(share: &Share, fitting: &[&Share], secret: &Secret<[u8; 32]>) -> bool {
    let place = fitting.iter().position(|held| held.number() == share.number()).unwrap_or(0);
    let mut with_it = fitting.to_vec();
    with_it[place] = share;
    combine(&with_it).is_ok_and(|found| found.expose() == secret.expose())
}

fn is_with(one: &Share, other: &Share) -> bool {
    (one.set(), one.needed()) == (other.set(), other.needed())
}

/// How many different numbers there are.
fn numbers(shares: &[(usize, &Share)]) -> usize {
    let mut numbers: Vec<usize> = shares.iter().map(|(_, share)| share.number()).collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers.len()
}

#[cfg(test)]
mod tests {
    use super::super::share::split;
    use super::*;

    fn seed() -> Seed {
        Seed::from_bytes(Secret::new(std::array::from_fn(|at| at as u8)))
    }

    fn same(share: &Share) -> Share {
        Share::parse(share.to_words().expose()).unwrap()
    }

    fn pile(shares: impl IntoIterator<Item = Share>) -> Pile {
        let mut pile = Pile::default();
        shares.into_iter().for_each(|share| pile.add(share).unwrap());
        pile
    }

    fn found(pile: &Pile) -> Result<[u8; 32], ShareError> {
        pile.seed().map(|seed| *seed.expose().expose())
    }

    /// A share that was made up is told wherever it lies, and those that are genuine do.
    #[test]
    fn among_more_than_are_needed_the_one_that_is_made_up_is_named() {
        for (needed, count) in [(2, 3), (3, 5), (3, 4)] {
            let shares = split(&seed(), needed, count).unwrap();
            for at in 0..=needed {
                for value in [5, 20, 36] {
                    let made_up = shares[at].changed(value);
                    let pile = pile(
                        (0..=needed).map(
                            |place| {
                                if place == at { same(&made_up) } else { same(&shares[place]) }
                            },
                        ),
                    );
                    assert_eq!(pile.wrong(), [(at, ShareError::NotGenuine { number: at + 1 })]);
                    assert_eq!(found(&pile).unwrap(), *seed().expose().expose());
                }
            }
        }
    }

    #[test]
    fn among_just_enough_none_can_be_named() {
        let shares = split(&seed(), 3, 5).unwrap();
        let pile = pile([same(&shares[0]), shares[1].changed(9), same(&shares[2])]);
        assert_eq!(
            (found(&pile), pile.wrong(), pile.missing()),
            (Err(ShareError::DoNotFit), vec![], Some(0))
        );
    }

    /// Somebody changed a share and its number stayed: the genuine one beside it counts.
    #[test]
    fn of_two_with_one_number_the_genuine_one_counts() {
        let shares = split(&seed(), 2, 3).unwrap();
        let pile = pile([shares[0].changed(7), same(&shares[1]), same(&shares[0])]);
        assert_eq!(found(&pile).unwrap(), *seed().expose().expose());
        assert_eq!(pile.wrong(), [(0, ShareError::NotGenuine { number: 1 })]);
    }

    /// The first share given was of another vault, and each of the right ones was accused.
    #[test]
    fn what_most_shares_are_of_is_meant_whichever_comes_first() {
        let shares = split(&seed(), 3, 5).unwrap();
        let other = loop {
            let other = split(&seed(), 3, 5).unwrap();
            if other[0].set() != shares[0].set() {
                break other;
            }
        };
        for place in 0..4 {
            let mut mixed: Vec<Share> = shares[..3].iter().map(same).collect();
            mixed.insert(place, same(&other[1]));
            let pile = pile(mixed);
            let (found_set, expected) = (other[1].set(), shares[0].set());
            let named = ShareError::OtherSet { number: 2, found: found_set, expected };
            assert_eq!(pile.wrong(), [(place, named)]);
            assert_eq!(found(&pile).unwrap(), *seed().expose().expose());
        }
    }

    #[test]
    fn the_same_share_twice_is_told_and_too_few_are_counted() {
        let shares = split(&seed(), 3, 5).unwrap();
        let mut pile = pile([same(&shares[0]), same(&shares[4])]);
        assert_eq!(pile.add(same(&shares[4])), Err(ShareError::Twice { number: 5 }));
        assert_eq!((pile.count(), pile.missing()), (2, Some(1)));
        assert_eq!(found(&pile), Err(ShareError::TooFew { missing: 1 }));
        assert_eq!((Pile::default().missing(), Pile::default().wrong()), (None, vec![]));
    }

    /// All 16 of which any 16 are needed, and any 8 of 16 with eight made up: the search ends.
    #[test]
    fn the_search_ends_soon() {
        let shares = split(&seed(), 8, 16).unwrap();
        let mixed = shares.iter().enumerate();
        let pile = pile(mixed.map(|(at, share)| if at < 8 { share.changed(11) } else { same(share) }));
        assert_eq!(found(&pile).unwrap(), *seed().expose().expose());
        assert_eq!(pile.wrong().len(), 8);
    }
}
