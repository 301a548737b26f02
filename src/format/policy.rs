//! When a checkpoint counts: which log signed it and how many witnesses cosigned (c2sp.org/tlog-policy).
//!
//! ```text
//! log example.org/log+3ab1c4d2+AR…
//! witness north north.example/w+5f0e8a11+BN…
//! witness south south.example/w+90cd21b7+BM…
//! group both all north south
//! quorum both
//! ```
//!
//! Of C2SP's syntax one spelling is read: single spaces, no comments, no empty lines, the quorum last. A quorum is
//! `none`, or it takes more than half of all witnesses listed, so that a log cannot show two histories each with a
//! quorum of its own: any two quorums have a witness in common. A witness of the name of a log listed is that log's own
//! further key, asked for as others are, and counts as none of them. A name is defined before it is used and is a member
//! of one group at most.

use std::fmt;

use super::note::{KeyKind, NoteVerifier};
use super::{FormatError, lines};

/// The longest policy: ten post-quantum keys are 18 kB.
pub const POLICY_BYTES_MAX: usize = 32 << 10;

/// The most lines of one kind.
pub const LINES_MAX: usize = 32;

const FORMAT: &str = "log policy";
const NAME_BYTES_MAX: usize = 64;
const URL_BYTES_MAX: usize = 256;

/// Logs, witnesses and the rule that makes some of them enough.
#[derive(Clone, PartialEq, Eq)]
pub struct Policy {
    text: String,
    logs: Vec<NoteVerifier>,
    voters: Vec<Voter>,
    quorum: Option<usize>,
}

/// A name that can stand in a group: a witness, or a group of names before it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Voter {
    name: String,
    role: Role,
    taken: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Role {
    Witness(NoteVerifier),
    Group { needed: usize, members: Vec<usize> },
}

impl Policy {
    /// The policy that asks for no witness and names no log.
    #[must_use]
    pub fn none() -> Self {
        Self { text: "quorum none\n".to_owned(), logs: Vec::new(), voters: Vec::new(), quorum: None }
    }

    /// The policy that these lines spell.
    pub fn parse(bytes: &[u8]) -> Result<Self, FormatError> {
        let lines = lines(FORMAT, bytes, POLICY_BYTES_MAX)?;
        let (last, definitions) = lines.split_last().expect("there is at least one line");
        let mut policy = Self { text: String::new(), logs: Vec::new(), voters: Vec::new(), quorum: None };
        for (line, number) in definitions.iter().zip(1..) {
            policy.define(line, number)?;
        }
        policy.quorum = policy.quorum_of(last, lines.len() as u64)?;
        policy.text = lines.iter().flat_map(|line| [line, "\n"]).collect();
        Ok(policy)
    }

    /// The policy of a log with a further key of its own and these witnesses, each of which may have several keys, all of
    /// them needed: `needed` witnesses are enough, which must be more than half.
    pub fn of(
        log: &NoteVerifier,
        further: &NoteVerifier,
        witnesses: &[Vec<NoteVerifier>],
        needed: usize,
    ) -> Result<Self, FormatError> {
        let mut lines = format!("log {log}\nwitness log {further}\n");
        let mut names = Vec::new();
        for (keys, number) in witnesses.iter().zip(1..) {
            let mut parts = Vec::new();
            for (key, part) in keys.iter().zip(1..) {
                parts.push(format!("w{number}-{part}"));
                lines += &format!("witness w{number}-{part} {key}\n");
            }
            lines += &format!("group w{number} all {}\n", parts.join(" "));
            names.push(format!("w{number}"));
        }
        if names.is_empty() {
            return Self::parse(format!("{lines}quorum log\n").as_bytes());
        }
        lines += &format!("group witnesses {needed} {}\n", names.join(" "));
        Self::parse(format!("{lines}group all all log witnesses\nquorum all\n").as_bytes())
    }

    /// The keys of its witnesses but those of a log listed, by their names.
    #[must_use]
    pub fn others(&self) -> Vec<Vec<NoteVerifier>> {
        let mut others: Vec<Vec<NoteVerifier>> = Vec::new();
        for key in self.witnesses().filter(|key| !self.is_of_a_log(key)) {
            match others.iter_mut().find(|keys| keys[0].name() == key.name()) {
                Some(keys) => keys.push(key.clone()),
                None => others.push(vec![key.clone()]),
            }
        }
        others
    }

    /// The logs it accepts; where there are none, the log is known from elsewhere.
    #[must_use]
    pub fn logs(&self) -> &[NoteVerifier] {
        &self.logs
    }

    /// All witnesses it names.
    pub fn witnesses(&self) -> impl Iterator<Item = &NoteVerifier> {
        self.voters.iter().filter_map(|voter| match &voter.role {
            Role::Witness(key) => Some(key),
            Role::Group { .. } => None,
        })
    }

    /// Whether it asks for any witness at all.
    #[must_use]
    pub fn asks_for_witnesses(&self) -> bool {
        self.quorum.is_some()
    }

    /// Whether the witnesses for which `cosigned` is true are enough.
    pub fn is_met(&self, mut cosigned: impl FnMut(&NoteVerifier) -> bool) -> bool {
        let mut met: Vec<bool> = Vec::with_capacity(self.voters.len());
        for voter in &self.voters {
            let voted = match &voter.role {
                Role::Witness(key) => cosigned(key),
                Role::Group { needed, members } => {
                    members.iter().filter(|place| met[**place]).count() >= *needed
                }
            };
            met.push(voted);
        }
        self.quorum.is_none_or(|place| met[place])
    }

    fn define(&mut self, line: &str, number: u64) -> Result<(), FormatError> {
        let words: Vec<&str> = line.split(' ').collect();
        match words[..] {
            ["log", key] => self.add_log(key, number),
            ["log", key, url] if is_url(url) => self.add_log(key, number),
            ["witness", name, key] => self.add_witness(name, key, number),
            ["witness", name, key, url] if is_url(url) => self.add_witness(name, key, number),
            ["group", name, needed, ref members @ ..] => self.add_group(name, needed, members, number),
            _ => Err(malformed(number, "log, witness or group, and the quorum last")),
        }
    }

    fn add_log(&mut self, key: &str, number: u64) -> Result<(), FormatError> {
        let key = key_of(key, &[KeyKind::Log], number)?;
        if self.logs.iter().any(|known| known.key() == key.key()) {
            return Err(duplicate(key));
        }
        self.logs.push(key);
        bounded(self.logs.len())
    }

    fn add_witness(&mut self, name: &str, key: &str, number: u64) -> Result<(), FormatError> {
        let key = key_of(key, &[KeyKind::Witness, KeyKind::PqWitness], number)?;
        if self.witnesses().any(|known| known.key() == key.key()) {
            return Err(duplicate(key));
        }
        self.add_voter(name, Role::Witness(key), number)
    }

    fn add_group(
        &mut self,
        name: &str,
        needed: &str,
        members: &[&str],
        number: u64,
    ) -> Result<(), FormatError> {
        let mut places = Vec::new();
        for member in members {
            let place = self.place(member).filter(|place| !self.voters[*place].taken);
            let place = place.ok_or(malformed(number, "members defined before and in no other group"))?;
            self.voters[place].taken = true;
            places.push(place);
        }
        let needed = match needed {
            "all" => Some(places.len()),
            "any" => Some(1),
            digits => digits.parse().ok().filter(|count: &usize| count.to_string() == digits),
        };
        let needed = needed.filter(|needed| (1..=places.len()).contains(needed));
        let needed = needed.ok_or(malformed(number, "how many of the members are needed"))?;
        self.add_voter(name, Role::Group { needed, members: places }, number)
    }

    fn add_voter(&mut self, name: &str, role: Role, number: u64) -> Result<(), FormatError> {
        if name == "none" || name.is_empty() || name.len() > NAME_BYTES_MAX || name.contains(char::is_control)
        {
            return Err(malformed(number, "a name other than none"));
        }
        if self.place(name).is_some() {
            return Err(duplicate(name));
        }
        self.voters.push(Voter { name: name.to_owned(), role, taken: false });
        bounded(self.voters.len())
    }

    fn place(&self, name: &str) -> Option<usize> {
        self.voters.iter().position(|voter| voter.name == name)
    }

    fn quorum_of(&self, line: &str, number: u64) -> Result<Option<usize>, FormatError> {
        let name = line.strip_prefix("quorum ").ok_or(malformed(number, "the quorum"))?;
        if name == "none" {
            return Ok(None);
        }
        let place = self.place(name).ok_or(malformed(number, "a quorum defined before"))?;
        let others = self.witnesses().filter(|key| !self.is_of_a_log(key)).count();
        if others > 0 && self.fewest(place) * 2 <= others {
            return Err(malformed(number, "a quorum of more than half of the witnesses"));
        }
        Ok(Some(place))
    }

    /// Whether a witness's key is a further key of a log that is named here: it watches nobody.
    fn is_of_a_log(&self, key: &NoteVerifier) -> bool {
        self.logs.iter().any(|log| log.name() == key.name())
    }

    /// The smallest number of witnesses, beside the log's own further keys, that meets this voter. Groups name only what stands before them and nothing
    /// twice, so this ends and counts no witness twice.
    fn fewest(&self, place: usize) -> usize {
        match &self.voters[place].role {
            Role::Witness(key) => usize::from(!self.is_of_a_log(key)),
            Role::Group { needed, members } => {
                let mut costs: Vec<usize> = members.iter().map(|member| self.fewest(*member)).collect();
                costs.sort_unstable();
                costs[..*needed].iter().sum()
            }
        }
    }
}

fn key_of(text: &str, kinds: &[KeyKind], number: u64) -> Result<NoteVerifier, FormatError> {
    let key: NoteVerifier = text.parse()?;
    if kinds.contains(&key.kind()) { Ok(key) } else { Err(malformed(number, "a key of the right kind")) }
}

fn is_url(url: &str) -> bool {
    (1..=URL_BYTES_MAX).contains(&url.len()) && url.bytes().all(|byte| byte.is_ascii_graphic())
}

fn bounded(count: usize) -> Result<(), FormatError> {
    if count <= 2 * LINES_MAX {
        return Ok(());
    }
    Err(FormatError::TooLarge { format: FORMAT, limit: 2 * LINES_MAX as u64, unit: "lines" })
}

fn malformed(line: u64, expected: &'static str) -> FormatError {
    FormatError::Malformed { format: FORMAT, line, expected }
}

fn duplicate(name: impl fmt::Display) -> FormatError {
    FormatError::Duplicate { format: FORMAT, name: name.to_string() }
}

impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::{CosignerKey, LogSigningKey, Secret};

    fn key(seed: u8, kind: KeyKind) -> NoteVerifier {
        let (name, seed) = (format!("w{seed}.example"), Secret::new([seed; 32]));
        let key = LogSigningKey::from_seed(&seed).verifying_key();
        match kind {
            KeyKind::Log => NoteVerifier::log(&name, key),
            KeyKind::Witness => NoteVerifier::witness(&name, key),
            KeyKind::PqWitness => NoteVerifier::pq_witness(&name, CosignerKey::beside(&seed).verifying_key()),
        }
        .unwrap()
    }

    fn witnesses(count: u8) -> String {
        (1..=count).map(|seed| format!("witness w{seed} {}\n", key(seed, KeyKind::Witness))).collect()
    }

    fn parse(text: &str) -> Result<Policy, FormatError> {
        let policy = Policy::parse(text.as_bytes())?;
        assert_eq!(policy.to_string(), text);
        Ok(policy)
    }

    #[test]
    fn two_of_three_are_enough() {
        let policy = parse(&format!("{}group g 2 w1 w2 w3\nquorum g\n", witnesses(3))).unwrap();
        let met = |cosigners: &[u8]| {
            policy.is_met(|witness| cosigners.iter().any(|seed| key(*seed, KeyKind::Witness) == *witness))
        };
        assert!(met(&[1, 3]) && met(&[1, 2, 3]));
        assert!(!met(&[]) && !met(&[2]) && !met(&[4, 5]));
        assert!(policy.asks_for_witnesses());
    }

    #[test]
    fn a_witness_may_have_a_key_of_each_kind() {
        let [ed25519, pq] = [KeyKind::Witness, KeyKind::PqWitness].map(|kind| key(1, kind));
        let text =
            format!("witness w1 {ed25519}\nwitness w1-pq {pq}\ngroup both all w1 w1-pq\nquorum both\n");
        let policy = parse(&text).unwrap();
        assert!(policy.is_met(|_| true));
        for one in [&ed25519, &pq] {
            assert!(!policy.is_met(|witness| witness == one), "{one}");
        }
    }

    #[test]
    fn groups_of_groups() {
        let groups = "group a 2 w1 w2 w3\ngroup b 1 w4\ngroup c all a b\n";
        let policy = parse(&format!("{}{groups}quorum c\n", witnesses(4))).unwrap();
        let names = |wanted: &'static [&str]| move |key: &NoteVerifier| wanted.contains(&key.name());
        assert!(policy.is_met(names(&["w1.example", "w2.example", "w4.example"])));
        assert!(!policy.is_met(names(&["w1.example", "w2.example", "w3.example"])));
    }

    #[test]
    fn none_asks_for_nobody() {
        let policy = parse("quorum none\n").unwrap();
        assert!(policy.is_met(|_| false) && !policy.asks_for_witnesses());
        assert_eq!(policy, Policy::none());
    }

    /// Story: with the log's own second key among the witnesses, one of two would have been more than half of three.
    #[test]
    fn a_log_s_own_further_key_is_no_witness() {
        let name = "w9.example";
        let (log, further) = (key(9, KeyKind::Log), key(9, KeyKind::PqWitness));
        assert_eq!((log.name(), further.name()), (name, name));
        let lines = format!("log {log}\nwitness log {further}\n{}", witnesses(2));
        let rest = |needed| format!("group w {needed} w1 w2\ngroup all all log w\nquorum all\n");
        assert!(parse(&format!("{lines}{}", rest(2))).is_ok());
        assert!(parse(&format!("{lines}{}", rest(1))).is_err());
        // Where it is not said whose key it is, it is a witness as any other.
        assert!(parse(&format!("witness log {further}\n{}{}", witnesses(2), rest(1))).is_ok());
    }

    #[test]
    fn a_policy_is_made_of_witnesses() {
        let (log, further) = (key(9, KeyKind::Log), key(9, KeyKind::PqWitness));
        let alone = Policy::of(&log, &further, &[], 0).unwrap();
        assert!(alone.is_met(|key| *key == further) && !alone.is_met(|_| false));
        assert_eq!(alone.others(), Vec::<Vec<NoteVerifier>>::new());
        let both = |seed| vec![key(seed, KeyKind::Witness), key(seed, KeyKind::PqWitness)];
        let all = [both(1), both(2), both(3)];
        let policy = Policy::of(&log, &further, &all, 2).unwrap();
        assert_eq!(policy.others(), all);
        let met = |without: &NoteVerifier| policy.is_met(|key| key != without);
        assert!(met(&all[0][0]) && met(&all[2][1]) && !met(&further));
        assert!(!policy.is_met(|key| *key != all[0][0] && *key != all[1][1]));
        assert!(Policy::of(&log, &further, &all, 1).is_err() && Policy::of(&log, &further, &all, 4).is_err());
    }

    #[test]
    fn half_of_the_witnesses_is_not_enough() {
        for (count, rest, good) in [
            (1, "quorum w1\n", true),
            (2, "quorum w1\n", false),
            (2, "group g any w1 w2\nquorum g\n", false),
            (2, "group g all w1 w2\nquorum g\n", true),
            (4, "group g 2 w1 w2 w3 w4\nquorum g\n", false),
            (4, "group g 3 w1 w2 w3 w4\nquorum g\n", true),
            (4, "group a any w1 w2 w3\ngroup b all a w4\nquorum b\n", false),
        ] {
            assert_eq!(parse(&(witnesses(count) + rest)).is_ok(), good, "{count} {rest}");
        }
    }

    #[test]
    fn logs_have_log_keys_and_come_once() {
        let (log, witness) = (key(9, KeyKind::Log), key(9, KeyKind::Witness));
        let policy = parse(&format!("log {log}\nquorum none\n")).unwrap();
        assert_eq!(policy.logs(), std::slice::from_ref(&log));
        assert!(parse(&format!("log {log} https://log.example/\nquorum none\n")).is_ok());
        for bad in [
            format!("log {witness}\nquorum none\n"),
            format!("witness a {log}\nquorum none\n"),
            format!("log {log}\nlog {log}\nquorum none\n"),
            format!("witness a {witness}\nwitness b {witness}\nquorum none\n"),
        ] {
            assert!(parse(&bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn other_spellings_are_refused() {
        let one = witnesses(1);
        for bad in [
            String::new(),
            "quorum none".to_owned(),
            "quorum  none\n".to_owned(),
            " quorum none\n".to_owned(),
            "quorum none\n\n".to_owned(),
            "# comment\nquorum none\n".to_owned(),
            "quorum none\nquorum none\n".to_owned(),
            "quorum w1\n".to_owned(),
            one.clone(),
            format!("{one}quorum w2\n"),
            format!("{one}{one}quorum w1\n"),
            format!("{one}group w1 1 w1\nquorum w1\n"),
            format!("{one}group none 1 w1\nquorum w1\n"),
            format!("{one}group g 01 w1\nquorum g\n"),
            format!("{one}group g 0 w1\nquorum g\n"),
            format!("{one}group g 2 w1\nquorum g\n"),
            format!("{one}group g 1 w1 w1\nquorum g\n"),
            format!("{one}group g 1\nquorum g\n"),
            format!("{one}group g 1 g\nquorum g\n"),
            format!("{one}group g 1 w1\ngroup h 1 w1\nquorum h\n"),
            format!("{}quorum none\n", one.replace("witness w1", "witness none")),
        ] {
            assert!(parse(&bad).is_err(), "{bad}");
        }
    }
}
